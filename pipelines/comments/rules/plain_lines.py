"""A thread that no repeated element holds: a single comment, or lines under a heading, "Jan (3 mei
2014)" and what he said.

It is looked for between a heading that speaks of comments and the form, or the next heading, after
the article; and believed only where the heading's number, or the form, agrees with what stands
there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from lxml.html import HtmlElement

from pipelines.comments.declared import is_own, is_thread_heading, read_count
from pipelines.comments.model import GENERIC, ThreadReading
from pipelines.comments.page import View, counts
from pipelines.comments.record import (
    Fields,
    Signature,
    Template,
    Zone,
    is_label,
    is_withheld,
    read_fields,
    read_signature,
    zones_of,
)
from pipelines.comments.rules.columns import Columns
from pipelines.comments.rules.runs import Runs
from pipelines.comments.rules.teasers import leads_to_article
from pipelines.document import block_text, siblings
from storage.contacts import without_addresses

LONGEST = 8000
BEFORE = 100  # letters of the article before the heading of its comments
LONGEST_HEADING = 100
MOST_HEADINGS = 40  # that are looked under: a list of articles has one for each
LEVELS = 4
FORM_WITHIN = 60  # elements after the passage
WORDS = 2
_TITLES = frozenset(
    {
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "b",
        "legend",
        "p",
        "div",
        "span",
        "td",
        "font",
        "center",
    }
)
_LANDMARKS = frozenset({"body", "html", "main"})
_UNSEEN = frozenset({"script", "style"})
_FINE = frozenset({"minute", "second"})


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands under a heading that speaks of comments: the number that it states, its siblings,
    whether a form follows.
    """

    count: int | None
    roots: tuple[HtmlElement, ...]
    has_form: bool


def read_passage(view: View, runs: Runs) -> ThreadReading | None:
    """Return the thread that stands as one comment, or as plain lines, under its heading; None when
    none does.
    """
    for passage in _passages(view):
        fields = _single(passage, view, runs) or _several(passage, view)
        if fields:
            zones = [Zone(passage.roots)] * len(fields)
            return ThreadReading(GENERIC, [passage.roots], zones, fields, 0)
    return None


def _passages(view: View) -> Iterator[Passage]:
    known: dict[HtmlElement, bool] = {}
    start = view.index.headlines[0] if view.index.headlines else 0
    titles = (one for one in view.headings if _may_head(*one))
    for element, line in islice(titles, MOST_HEADINGS):
        passage = (
            _counted(element, line, view) if _has_article_before(view, start, element) else None
        )
        if passage is not None and is_own(element, view.document.url, known):
            yield passage


def _may_head(element: HtmlElement, line: str) -> bool:
    return element.tag in _TITLES and len(line) <= LONGEST_HEADING


def _counted(heading: HtmlElement, line: str, view: View) -> Passage | None:
    """Return what stands under a *heading* whose *line* speaks of comments, or counts something over
    a form for comments, which says what its words do not.
    """
    count = read_count(line)
    if count or is_thread_heading(line):
        return _under(heading, count, view)
    count = counts(line)
    passage = _under(heading, count, view) if count else None
    return passage if passage is not None and passage.has_form else None


def _has_article_before(view: View, start: int, heading: HtmlElement) -> bool:
    before = islice(view.index.elements, start, view.index.place[heading])
    sizes = accumulate(
        len((element.text or "").strip()) for element in before if element.tag not in _UNSEEN
    )
    return any(size >= BEFORE for size in sizes)


def _under(heading: HtmlElement, count: int | None, view: View) -> Passage | None:
    """Return what stands under *heading*, None where that is nothing, or too much to be what a few
    readers said.
    """
    box: HtmlElement | None = heading
    roots: tuple[HtmlElement, ...] = ()
    for _level in range(LEVELS):
        if box is None or box.tag in _LANDMARKS:
            return None
        roots = tuple(siblings(box)) or tuple(siblings(_form_after(box)))
        if any(root.text_content().strip() for root in roots) or (box.tail or "").strip():
            break
        box = box.getparent()
    said = sum(len(root.text_content()) for root in roots)
    if (
        box is None
        or not 10 < said <= LONGEST
        or any(next(root.iter("h1"), None) is not None for root in roots)
    ):
        return None
    end = view.index.end(roots[-1] if roots else box)
    start = view.index.place[heading]
    has_form = any(start < place < end + FORM_WITHIN for place in view.forms)
    is_teaser = any(
        leads_to_article(link, view.document.url) for root in roots for link in root.iter("a")
    )
    return None if is_teaser else Passage(count, roots, has_form)


def _form_after(box: HtmlElement) -> HtmlElement:
    """Return the form that follows *box* at once, after which the newest comment comes first; else
    *box* itself.
    """
    following = next(box.itersiblings(), None)
    return (
        following
        if following is not None and next(following.iter("textarea"), None) is not None
        else box
    )


def _single(passage: Passage, view: View, runs: Runs) -> list[Fields]:
    """Return the one comment that the passage is; nothing where it is none, or several."""
    if passage.count not in {1, None} or (passage.count is None and not passage.has_form):
        return []
    zone = zones_of(view.index, [passage.roots])[0]
    template = Template(view.index, view.document.url, view.reference)
    field = read_fields(zone, template, Columns([zone], view.index, runs).label(zone))
    if field.author is None or field.date is None or not _says_something(field.text):
        return []
    is_alone = (
        sum(read_signature(line, view.reference) is not None for line in _lines(passage.roots)) <= 1
    )
    is_sure = passage.count == 1 or field.date.precision in _FINE
    return [field] if is_alone and is_sure else []


def _says_something(text: str) -> bool:
    return (
        len(text.split()) >= WORDS
        and not is_label(text)
        and (any(map(str.islower, text)) or is_withheld(text))
    )


def _lines(roots: Sequence[HtmlElement]) -> list[str]:
    return [line.strip() for root in roots for line in block_text(root).split("\n")]


def _several(passage: Passage, view: View) -> list[Fields]:
    """Return the comments that the passage's signed lines part from each other; nothing where they
    are none.
    """
    lines = _lines(passage.roots)
    signed = [
        (place, found)
        for place, line in enumerate(lines)
        if (found := read_signature(line, view.reference)) is not None
    ]
    signed = [(place, found) for place, found in signed if found.author is not None]
    if len(signed) < 2:
        return []
    starts = [place for place, _found in signed]
    is_before = not any(lines[: starts[0]])
    ends = [*starts[1:], len(lines)] if is_before else starts
    begins = (
        [start + 1 for start in starts] if is_before else [0, *(start + 1 for start in starts[:-1])]
    )
    fields = [
        _field("\n".join(lines[begin:end]), found)
        for begin, end, (_p, found) in zip(begins, ends, signed, strict=True)
    ]
    fine = all(found.date.precision in _FINE for _place, found in signed)
    is_sure = (
        passage.count == len(fields)
        or (passage.has_form and fine)
        or (passage.count is None and fine)
    )
    return fields if is_sure and all(_says_something(field.text) for field in fields) else []


def _field(text: str, signed: Signature) -> Fields:
    words = "\n\n".join(part.strip() for part in text.strip().split("\n\n") if part.strip())
    return Fields(
        author=without_addresses(signed.author or ""),
        author_url=None,
        is_staff=False,
        date=signed.date,
        date_source="text",
        text=without_addresses(words),
        status="withheld" if is_withheld(words) else "visible",
        source_id=None,
        url=None,
        upvotes=None,
        downvotes=None,
    )
