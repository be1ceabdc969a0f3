"""What the readers of a page considered on the way to its article. No reading depends on it: it is
what ``knipsel inspect`` shows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True)
class FieldCandidate:
    """One possible value of a field, with where it comes from.

    *raw* is the text as the page has it, *source* one word or two ("json-ld", "meta
    article:published_time", "byline"), *element* where it is, None where it is in no
    element. *against* states why it was not taken, None where nothing but its place in the order
    speaks against it.
    """

    value: Any
    raw: str
    source: str
    element: HtmlElement | None = None
    against: str | None = None


@dataclass(frozen=True, slots=True)
class ThreadProposal:
    """One way to read a page's thread: by the rules called *system*, from *records* (the first
    element of each), with the *score* that decides and what it is made of; *is_chosen* where the
    thread was read so.
    """

    system: str
    score: float
    records: Sequence[HtmlElement]
    features: Mapping[str, float] = field(default_factory=dict)
    is_chosen: bool = False


@dataclass(slots=True)
class Trace:
    """Collected while a page is read: candidates by field and proposals for the thread, the best
    first in each; the elements that hold the thread, and the blocks that were cut from the text,
    each with the reason.

    A field that is read twice keeps what was noted last.
    """

    candidates: dict[str, tuple[FieldCandidate, ...]] = field(default_factory=dict)
    proposals: tuple[ThreadProposal, ...] = ()
    thread: tuple[HtmlElement, ...] = ()
    cut: dict[HtmlElement, str] = field(default_factory=dict)

    def note_field(self, name: str, found: Iterable[FieldCandidate]) -> None:
        """Keep the candidates of the field *name*, the chosen one first."""
        self.candidates[name] = tuple(found)

    def note_area(self, elements: Iterable[HtmlElement]) -> None:
        """Keep the elements that hold the thread."""
        self.thread = tuple(elements)

    def note_thread(self, proposals: Iterable[ThreadProposal]) -> None:
        """Keep the proposals for the thread, the likeliest first."""
        self.proposals = tuple(proposals)

    def note_cut(self, cut: Mapping[HtmlElement, str]) -> None:
        """Keep the blocks that were cut from the text, each with the reason."""
        self.cut = dict(cut)
