"""Where the lines of a text are on their page, and which marks are around their words."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.document.text import Segment
from storage.contacts import without_addresses

_HEADINGS = {"h1": "h2"} | {tag: tag for tag in ("h2", "h3", "h4", "h5", "h6")}
_TABLES = {tag: tag for tag in ("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th")}
_LISTS = {tag: tag for tag in ("ul", "ol", "dl")}
_ITEMS = {tag: tag for tag in ("li", "dt", "dd")}
BLOCKS = (
    _HEADINGS
    | _TABLES
    | _LISTS
    | _ITEMS
    | {"p": "p", "pre": "pre", "blockquote": "blockquote", "figcaption": "p"}
)
INLINE = {"a": "a", "b": "strong", "strong": "strong", "i": "em", "em": "em"} | {
    tag: tag for tag in ("code", "del", "ins", "mark", "q", "s", "sub", "sup")
}
HOLDERS = frozenset({*_HEADINGS, *_ITEMS, "p", "pre", "figcaption", "caption", "td", "th"})
_WHOLE = frozenset({*_LISTS, "blockquote", "table", "thead", "tbody", "tfoot", "tr"})


class Mark(NamedTuple):
    """A tag that is open around some words; *key* tells it from others of its kind."""

    key: object
    tag: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class TextRun:
    """Some words in one element of a block."""

    text: str
    source: HtmlElement
    block: Segment


Line = list[TextRun]


class LineSearch(NamedTuple):
    """How the lines of a text are looked for: as a part of so many next ones, too, and what of the
    page's words a text shows.
    """

    near: int = 0
    shown: Callable[[str], str] = str


READERS = LineSearch(5, without_addresses)


def lines_of(segments: Iterable[Segment]) -> list[Line]:
    """Return the lines of some blocks, as join_segments parts them."""
    lines: list[Line] = []
    for segment in segments:
        if segment.apart != " " or not lines:
            lines.append([])
        for piece, source in segment.pieces:
            first, *others = piece.split("\n")
            lines[-1].append(TextRun(first, source, segment))
            lines += ([TextRun(other, source, segment)] for other in others)
    return lines


def _key(words: str) -> str:
    return "".join(words.split())


def placed_lines(
    text: str,
    lines: list[Line],
    way: LineSearch = LineSearch(),  # noqa: B008  # it is frozen
) -> Iterator[tuple[int, str, Line]]:
    """Yield the number of its paragraph, the words and the runs of each line of *text*, in order;
    no runs where it is nowhere on the page, nor part of one of the next lines.
    """
    keys = [_key(way.shown("".join(run.text for run in line))) for line in lines]
    places: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, []).append(place)
    after = paragraph = 0
    for words in text.split("\n"):
        key = _key(words)
        if not key:
            paragraph += 1
            continue
        known = places.get(key, [])
        at = bisect_left(known, after)
        near = range(after, min(after + way.near, len(keys)))
        following = (
            known[at]
            if at < len(known)
            else next((place for place in near if key in keys[place]), None)
        )
        if following is not None:
            after = following + 1
        yield paragraph, words, lines[following] if following is not None else []


class MarkTree:
    """The marks around words, up to the element that holds all of a text."""

    def __init__(self, sources: Sequence[HtmlElement]) -> None:
        self._top = _holder_of_all(sources)
        self._known: dict[HtmlElement, tuple[tuple[Mark, ...], tuple[Mark, ...]]] = {}

    def around(self, element: HtmlElement) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
        """Return the marks of blocks and those within a line around words in *element*, the
        outermost first.
        """
        chain: list[HtmlElement] = []
        at: HtmlElement | None = element
        while at is not None and at is not self._top and at not in self._known:
            chain.append(at)
            at = at.getparent()
        blocks, inline = ((), ()) if at is None or at is self._top else self._known[at]
        for one in reversed(chain):
            tag = str(one.tag)
            if tag in BLOCKS:
                blocks = (*blocks, Mark(one, BLOCKS[tag]))
            elif tag in INLINE:
                inline = (*inline, Mark(one, INLINE[tag], one.get("href")))
            self._known[one] = blocks, inline
        return blocks, inline


def _holder_of_all(sources: Sequence[HtmlElement]) -> HtmlElement | None:
    """Return the innermost element around all *sources* that is no part of the text's structure:
    what is around it is the page's layout.
    """
    if not sources:
        return None
    chain = [sources[0], *sources[0].iterancestors()]
    known = {element: place for place, element in enumerate(chain)}
    lowest = 0
    for source in dict.fromkeys(sources):
        path = [source]
        while path[-1] not in known and (parent := path[-1].getparent()) is not None:
            path.append(parent)
        lowest = max(lowest, known[path[-1]])
        known |= dict.fromkeys(path, known[path[-1]])
    return next(_outwards(chain[lowest:], is_line=chain[lowest] in sources), None)


def _outwards(chain: Sequence[HtmlElement], *, is_line: bool) -> Iterator[HtmlElement]:
    """Yield the elements of *chain* from the first on that is no mark, and no block around a line."""
    outside = False
    for element in chain:
        tag = str(element.tag)
        is_own = tag in INLINE or tag in _WHOLE or (is_line and tag in HOLDERS)
        is_line = is_line and tag in INLINE
        outside = outside or not is_own
        if outside:
            yield element
