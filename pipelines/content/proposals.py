"""Where the article's text may be: what its names, its mass, trafilatura and JSON-LD propose.
The only room that knows trafilatura.
"""

import copy
import html
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from itertools import islice

import trafilatura
from lxml.html import HtmlElement, document_fromstring, fragment_fromstring

from pipelines.content.container import find_container
from pipelines.document import Document, block_text, find_holder, has_more, stated_text

ESCALATION_SHARE = 0.25
LEAST_PAGE = 60
LEAST_STATED = 200
SHINGLE = 5
# Trafilatura's last resort compares each paragraph with all others: of a page with many it is asked
# the fast way, with more not at all. It looks for each box at all links in it: a page with more
# elements, or more boxes around its links, than any article has would take it longer than all else
# that reads a page.
MOST_ASKED_SLOWLY, MOST_PARAGRAPHS = 2_000, 12_000
MOST_ELEMENTS, MOST_AROUND_LINKS = 40_000, 100_000
# What parts two paragraphs for it, and the boxes that trafilatura makes such of.
_PARTING = tuple(
    "p h1 h2 h3 h4 h5 h6 li dd dt td th blockquote pre div center caption legend fieldset form option"
    " textarea table thead tfoot tr ul dl details summary section article".split()
)
_WORDS = re.compile(r"\w+")
_MARKUP = re.compile(r"<[^<>]{1,500}>")
_SHORT = "<p>De brug gaat open</p>"
_UNSHOWN = frozenset({"script", "style"})


class Said:
    """A text that somebody proposes, asked how much of a block is in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_long = len(text) > LEAST_STATED
        self._lines = {tuple(_WORDS.findall(line.lower())) for line in text.split("\n")}
        words = _WORDS.findall(text.lower())
        self._runs = {
            tuple(words[place : place + SHINGLE]) for place in range(len(words) - SHINGLE + 1)
        }

    def share(self, block: str) -> float:
        """Return which share of *block* is part of the text; of a few words only whole lines count."""
        if not self._lines or not self.text:
            return 0.0
        words = _WORDS.findall(block.lower())
        if len(words) < SHINGLE:
            return float(bool(words) and tuple(words) in self._lines)
        runs = [tuple(words[place : place + SHINGLE]) for place in range(len(words) - SHINGLE + 1)]
        return sum(run in self._runs for run in runs) / len(runs)


@dataclass(frozen=True, slots=True)
class Proposals:
    """The element that is named for the text, the one that holds most paragraphs, trafilatura's
    answer, and ``articleBody``.
    """

    container: HtmlElement | None
    holder: HtmlElement | None
    trafilatura: Said
    stated: Said
    method: str = "trafilatura"
    _inside: dict[HtmlElement | None, tuple[bool, bool]] = field(default_factory=dict, repr=False)

    def inside(self, element: HtmlElement) -> tuple[bool, bool]:
        """Tell whether *element* is in the container, and in the holder."""
        chain: list[HtmlElement] = []
        at: HtmlElement | None = element
        while at is not None and at not in self._inside:
            chain.append(at)
            at = at.getparent()
        known = self._inside.get(at, (False, False))
        for one in reversed(chain):
            known = self._inside[one] = (
                known[0] or one is self.container,
                known[1] or one is self.holder,
            )
        return known


def propose(document: Document, skip: Set[HtmlElement]) -> Proposals:
    """Return what is proposed as the text of the article on the page, outside of *skip*."""
    answer, method = ask_trafilatura(document.tree, skip)
    holder = find_holder(document.tree, skip)
    return Proposals(
        container=find_container(document.tree, skip, holder),
        holder=holder,
        trafilatura=Said(answer),
        stated=Said(_MARKUP.sub(" ", stated_text(_stated(document)) or "")),
        method=method,
    )


def _stated(document: Document) -> str:
    bodies = (thing.get("articleBody") for thing in document.json_ld)
    return max((body for body in bodies if isinstance(body, str)), key=len, default="")


def stated_paragraphs(document: Document) -> str:
    """Return the page's ``articleBody`` as plain text, whether it is that or HTML."""
    stated = html.unescape(_stated(document))
    if _MARKUP.search(stated):
        return block_text(fragment_fromstring(stated, create_parent="div"))
    lines = (" ".join(line.split()) for line in stated.split("\n"))
    return "\n\n".join(line for line in lines if line)


def ask_trafilatura(tree: HtmlElement, skip: Set[HtmlElement]) -> tuple[str, str]:
    """Return trafilatura's text of the page without *skip*, and how it was asked: its slow way only
    where the fast one finds little, and not at all where the page would take it too long.
    """
    pruned = _without(tree, skip)
    paragraphs = sum(1 for _one in islice(_paragraphs(pruned), MOST_PARAGRAPHS + 1))
    if paragraphs > MOST_PARAGRAPHS or _is_beyond(pruned):
        return "", "trafilatura"
    whole = len(" ".join(pruned.text_content().split()))
    text = _extracted(pruned, fast=True)  # which uses it up
    is_enough = len(text) >= ESCALATION_SHARE * whole or whole < LEAST_PAGE
    if is_enough or paragraphs > MOST_ASKED_SLOWLY:
        return text, "trafilatura-fast"
    return _extracted(_without(tree, skip), fast=False) or text, "trafilatura"


def _is_beyond(tree: HtmlElement) -> bool:
    around = (box for link in tree.iter("a") for box in link.iterancestors())
    return has_more(tree.iter(), MOST_ELEMENTS) or has_more(around, MOST_AROUND_LINKS)


def load_trafilatura() -> None:
    """Load what trafilatura's slow way compares with, the common words of a hundred languages
    (0.1 s, 33 MB): else the first short page of each process would.
    """
    _extracted(document_fromstring(_SHORT), fast=False)


def _paragraphs(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield where a paragraph of *tree* may begin: in a box or behind one, and at an empty line
    between two br.
    """
    for element in tree.iter(*_PARTING, "br"):
        is_followed = bool((element.tail or "").strip())
        if element.tag == "br":
            if not is_followed:
                yield element
            continue
        if is_followed:
            yield element
        if (element.text or "").strip() or (len(element) and element[0].tag not in _PARTING):
            yield element


def _extracted(tree: HtmlElement, *, fast: bool) -> str:
    try:
        found = trafilatura.bare_extraction(
            tree,
            fast=fast,
            include_comments=False,
            include_tables=True,
            deduplicate=False,
            with_metadata=False,
        )
    except (RecursionError, ValueError, AttributeError, TypeError):
        return ""  # trafilatura gave the page up; the other proposals still have their turn
    text = getattr(found, "text", None) or ""
    return "\n\n".join(line.lstrip("- ").strip() for line in text.split("\n") if line.strip())


def _without(tree: HtmlElement, skip: Set[HtmlElement]) -> HtmlElement:
    """Return a copy of *tree* without the elements of *skip* and its scripts, which may quote what
    was skipped.
    """
    places = [
        place
        for place, element in enumerate(tree.iter())
        if element in skip or element.tag in _UNSHOWN
    ]
    pruned: HtmlElement = copy.deepcopy(tree)
    elements = list(pruned.iter())
    for place in places:
        element = elements[place]
        if element.getparent() is not None:
            element.drop_tree()
    return pruned
