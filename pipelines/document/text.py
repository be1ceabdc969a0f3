"""An element as plain text: blocks apart, line breaks kept, nothing glued, nothing invisible."""

import re
from collections.abc import Container
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

SKIPPED = frozenset(
    "script style noscript template button form select textarea input svg iframe object embed video audio canvas nav head".split()
)
LINES = frozenset("li tr dt dd option".split())
BLOCKS = LINES | frozenset(
    "p div ul ol dl blockquote h1 h2 h3 h4 h5 h6 table thead tbody section article aside header footer figure figcaption main pre hr address fieldset details summary center".split()
)
_CELLS = frozenset({"td", "th"})
_HIDDEN = re.compile(
    r"(?:^|\s)(?:screen-reader-text|sr-only|visually-hidden|visuallyhidden|d-none|hidden|says|wp-block-file__button)(?:\s|$)"
)
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPACES = re.compile(r"[\t\r\n\f\xa0\u2007\u202f]+")
_SPACES_IN_LINE = re.compile(r" {2,}")
_EMOJI = re.compile(r"smil|emoji", re.IGNORECASE)


def block_text(root: HtmlElement, skip: Container[HtmlElement] = frozenset()) -> str:
    """Return the text of *root*: paragraphs parted by a blank line, list items and rows by a line
    break.

    Elements of *skip* and invisible ones are left out. Takes time linear in the size of the tree,
    whatever its depth.
    """
    page = _Page()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            page.enter(element)
            if element in skip or is_invisible(element):
                walk.skip_subtree()
            elif text := element.text:
                page.add(text)
            continue
        if event == "end" and element.tag in BLOCKS:
            page.end_block(element.tag)
        if element is not root and (tail := element.tail):
            page.add(tail)
    return page.text()


def is_invisible(element: HtmlElement) -> bool:
    """Tell whether a browser shows nothing of *element*, or only a control."""
    if element.tag in SKIPPED:
        return True
    named = element.keys()
    if not named:
        return False
    if "hidden" in named:
        return True
    return ("class" in named or "style" in named) and _hides(
        element.get("class"), element.get("style")
    )


@lru_cache(maxsize=8192)  # the pages of a site share their names
def _hides(names: str | None, style: str | None) -> bool:
    return bool(names and _HIDDEN.search(names)) or bool(style and _NO_DISPLAY.search(style))


class _Page:
    """Collects text into blocks."""

    def __init__(self) -> None:
        self._blocks: list[tuple[str, str]] = []
        self._pieces: list[str] = []
        self._apart = "\n\n"

    def add(self, text: str) -> None:
        self._pieces.append(" " if text.isspace() else _SPACES.sub(" ", text))

    def enter(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self.end_block(tag)
        elif tag == "br":
            self._pieces.append("\n")
        elif tag in _CELLS:
            self._pieces.append(" ")
        elif (
            tag == "img"
            and (said := element.get("alt"))
            and _EMOJI.search(f"{element.get('class')} {element.get('src')}")
        ):
            self.add(said)

    def end_block(self, tag: str) -> None:
        """Part what stands before from what stands behind: a block of *tag* begins here or ends."""
        apart = "\n" if tag in LINES else "\n\n"
        if self._flush() or apart == "\n\n":
            self._apart = apart

    def _flush(self) -> bool:
        """Make the pieces a block; tell whether they say anything."""
        if not self._pieces:
            return False
        block = "".join(self._pieces).strip()
        self._pieces.clear()
        if not block:
            return False
        if "  " in block or "\n" in block:
            block = "\n".join(line.strip() for line in _SPACES_IN_LINE.sub(" ", block).split("\n"))
        self._blocks.append((self._apart, block))
        return True

    def text(self) -> str:
        self._flush()
        return "".join(apart + block for apart, block in self._blocks).strip()
