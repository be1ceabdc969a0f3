"""An element as plain text: blocks apart, line breaks kept, nothing glued, nothing invisible."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from pipelines.document.visible import is_invisible

LINES = frozenset("li tr dt dd option".split())
BLOCKS = LINES | frozenset(
    "p div ul ol dl blockquote h1 h2 h3 h4 h5 h6 table thead tbody tfoot section article aside header footer figure figcaption"
    " main pre hr address fieldset details summary center body html menu dir hgroup caption legend noframes frameset".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big blink br cite code col colgroup data del dfn em font i img ins kbd label map mark marquee nobr"
    " output picture q rp rt ruby s samp small source span strike strong sub sup td th time tt u var wbr link meta area param"
    " track progress meter title base object video audio canvas svg iframe form input button select textarea nav template".split()
)
_CELLS = frozenset({"td", "th"})
_SPACES = re.compile(r"[\t\r\n\f\xa0\u2007\u202f]+")
_SPACES_IN_LINE = re.compile(r" {2,}")
_EMOJI = re.compile(r"smil|emoji", re.IGNORECASE)
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)\b", re.IGNORECASE)
_VERBATIM_STYLE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_SENTENCE_ENDS = ".!?:;…”’\"')»"


@dataclass(slots=True)
class Segment:
    """A block of text: what is before it (*apart*: blank line, line break or space), the block
    element that it is in, how many of its characters are links, and the *pieces* of which it is
    made, each with the element in which it is.
    """

    text: str
    apart: str
    element: HtmlElement
    linked: int
    pieces: Sequence[tuple[str, HtmlElement]] = ()


def block_text(root: HtmlElement, skip: Container[HtmlElement] = frozenset()) -> str:
    """Return the text of *root*: paragraphs parted by a blank line, list items and rows by a line
    break.

    Elements of *skip* and invisible ones are left out. Takes time linear in the size of the tree,
    whatever its depth.
    """
    return join_segments(text_segments(root, skip))


def join_segments(segments: Sequence[Segment]) -> str:
    """Return the text of *segments*."""
    return "".join(segment.apart + segment.text for segment in segments).strip("\n ")


def text_segments(root: HtmlElement, skip: Container[HtmlElement] = frozenset()) -> list[Segment]:
    """Return the blocks of text in *root*, in document order, without elements of *skip* and
    invisible ones.
    """
    page = _Page(root)
    around: list[HtmlElement] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            page.enter(element)
            if element in skip or is_invisible(element):
                walk.skip_subtree()
            elif text := element.text:
                page.add(text, element)
            around.append(element)
            continue
        if event == "end":
            page.leave(around.pop())
        if around and (tail := element.tail):
            page.add(tail, around[-1])
    return page.segments()


class _Page:
    """Collects text into blocks."""

    def __init__(self, root: HtmlElement) -> None:
        self._segments: list[Segment] = []
        self._pieces: list[tuple[str, HtmlElement]] = []
        self._apart = "\n\n"
        self._owners = [root]
        self._owner: HtmlElement | None = None
        self._links = self._linked = 0
        self._verbatim: list[HtmlElement] = []  # the elements around that keep their lines
        self._seam = False

    def add(self, text: str, source: HtmlElement) -> None:
        """Add *text*, which is in the element *source*."""
        if text.isspace():
            self._pieces.append((text if self._verbatim else " ", source))
            return
        if self._owner is None:
            self._owner = self._owners[-1]
        if self._links:
            self._linked += len(" ".join(text.split()))
        if self._seam and _is_glued(self._pieces[-1][0] if self._pieces else "", text):
            self._pieces.append((" ", self._owners[-1]))
        self._seam = False
        self._pieces.append((text if self._verbatim else _SPACES.sub(" ", text), source))

    def enter(self, element: HtmlElement) -> None:
        tag, style = str(element.tag), element.get("style")
        if tag in BLOCKS or _is_block(element, style):
            self._end_block(tag)
            self._owners.append(element)
        elif tag == "br":
            self._break_line()
        elif tag in _CELLS:
            self._end_cell()
            self._owners.append(element)
        elif (
            tag == "img"
            and (words := element.get("alt"))
            and _EMOJI.search(f"{element.get('class')} {element.get('src')}")
        ):
            self.add(words, self._owners[-1])
        else:
            before = element.getprevious()
            self._seam = before is not None and not before.tail
        self._links += tag == "a"
        if _is_verbatim(tag, style):
            self._verbatim.append(element)

    def leave(self, element: HtmlElement) -> None:
        tag = str(element.tag)
        if self._owners[-1] is element:
            self._end_cell() if tag in _CELLS else self._end_block(tag)
            if len(self._owners) > 1:
                self._owners.pop()
        self._links -= tag == "a"
        if self._verbatim and self._verbatim[-1] is element:
            self._verbatim.pop()

    def _break_line(self) -> None:
        """Begin a new line; two in a row part blocks as an element does."""
        pieces = (piece for piece, _source in reversed(self._pieces))
        last = next((piece for piece in pieces if not piece.isspace() or "\n" in piece), "")
        if last == "\n" and not self._verbatim:
            self._end_block("br")
        else:
            self._pieces.append(("\n", self._owners[-1]))

    def _end_cell(self) -> None:
        """Part a cell from the one before it in its row by a space."""
        if self._flush():
            self._apart = " "

    def _end_block(self, tag: str) -> None:
        """Part what is before from what is behind: a block of *tag* begins here or ends."""
        apart = "\n" if tag in LINES else "\n\n"
        if self._flush() or apart == "\n\n" or self._apart == " ":
            self._apart = apart

    def _flush(self) -> bool:
        """Make the pieces a block; tell whether they have words."""
        if not self._pieces:
            return False
        pieces, self._pieces = self._pieces, []
        owner, linked = self._owner, self._linked
        self._owner, self._linked = None, 0
        if owner is None:
            return False
        block = "".join([piece for piece, _source in pieces])
        text = _tidy(block, is_verbatim=bool(self._verbatim))
        self._segments.append(Segment(text, self._apart, owner, linked, pieces))
        return True

    def segments(self) -> list[Segment]:
        self._flush()
        return self._segments


def _tidy(block: str, *, is_verbatim: bool) -> str:
    if is_verbatim:
        return "\n".join(line.rstrip() for line in block.strip("\r\n").split("\n")).rstrip()
    block = block.strip()
    if "  " in block or "\n" in block:
        return "\n".join(line.strip() for line in _SPACES_IN_LINE.sub(" ", block).split("\n"))
    return block


def _is_glued(before: str, after: str) -> bool:
    """Return whether the texts of two neighbouring elements would become one word: only CSS parts
    them.
    """
    last, first = before[-1:], after[:1]
    if last == " " or not first.isupper():
        return False
    return last in _SENTENCE_ENDS or last.islower() or last.isdigit()


def _is_block(element: HtmlElement, style: str | None) -> bool:
    """Return whether an element is a block by its *style*, or one that HTML does not know and that
    is alone.
    """
    if style is not None and _styles_block(style):
        return True
    if element.tag in _INLINE:
        return False
    before, parent = element.getprevious(), element.getparent()
    above = parent.text if parent is not None else None
    beside = (element.tail, above if before is None else before.tail)
    return not any(text and not text.isspace() for text in beside)


def _is_verbatim(tag: str, style: str | None) -> bool:
    return tag == "pre" or (style is not None and _keeps_lines(style))


@lru_cache(maxsize=1024)
def _styles_block(style: str) -> bool:
    return bool(_BLOCK_STYLE.search(style))


@lru_cache(maxsize=1024)
def _keeps_lines(style: str) -> bool:
    return bool(_VERBATIM_STYLE.search(style))
