"""An element as plain text: blocks apart, line breaks kept, nothing glued, nothing invisible."""

import re
from collections.abc import Container

from lxml import etree
from lxml.html import HtmlElement

SKIPPED = frozenset(
    "script style noscript template button form select textarea input svg iframe object embed video audio canvas nav head".split()
)
LINES = frozenset("li tr dt dd option".split())
BLOCKS = LINES | frozenset(
    "p div ul ol dl blockquote h1 h2 h3 h4 h5 h6 table thead tbody section article aside header footer figure figcaption main pre hr address fieldset details summary center".split()
)
_HIDDEN = re.compile(
    r"(?:^|\s)(?:screen-reader-text|sr-only|visually-hidden|visuallyhidden|d-none|hidden|says|wp-block-file__button)(?:\s|$)"
)
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f\xa0\u2007\u202f]+")
_EMOJI = re.compile(r"smil|emoji", re.IGNORECASE)


def block_text(root: HtmlElement, skip: Container[HtmlElement] = frozenset()) -> str:
    """Return the text of *root*: paragraphs parted by a blank line, list items and rows by a line break.

    Elements of *skip* and invisible ones are left out. Takes time linear in the size of the tree, whatever its depth.
    """
    page = _Page()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    skipping: HtmlElement | None = None
    for event, element in walk:
        if event in {"comment", "pi"}:
            page.add(element.tail if element is not root and skipping is None else None)
        elif event == "start":
            if skipping is None and (element in skip or is_invisible(element)):
                skipping = element
                page.enter(element)
                walk.skip_subtree()
            elif skipping is None:
                page.enter(element)
                page.add(element.text)
        elif skipping is None or element is skipping:
            skipping = None
            page.leave(element)
            page.add(element.tail if element is not root else None)
    return page.text()


def is_invisible(element: HtmlElement) -> bool:
    """Tell whether a browser shows nothing of *element*, or only a control."""
    if element.tag in SKIPPED:
        return True
    if not element.keys():
        return False
    if element.get("hidden") is not None:
        return True
    names, style = element.get("class"), element.get("style")
    return bool(names and _HIDDEN.search(names)) or bool(style and _NO_DISPLAY.search(style))


class _Page:
    """Collects text into blocks."""

    def __init__(self) -> None:
        self._blocks: list[tuple[str, str]] = []
        self._pieces: list[str] = []
        self._apart = "\n\n"

    def add(self, text: str | None) -> None:
        if text:
            self._pieces.append(" " if text.isspace() else _SPACES.sub(" ", text))

    def enter(self, element: HtmlElement) -> None:
        if element.tag in BLOCKS:
            self._end_block("\n" if element.tag in LINES else "\n\n")
        elif element.tag == "br":
            self._pieces.append("\n")
        elif element.tag == "img" and _EMOJI.search(f"{element.get('class', '')} {element.get('src', '')}"):
            self.add(element.get("alt"))
        elif element.tag in {"td", "th"}:
            self._pieces.append(" ")

    def leave(self, element: HtmlElement) -> None:
        if element.tag in BLOCKS:
            self._end_block("\n" if element.tag in LINES else "\n\n")

    def _end_block(self, apart: str) -> None:
        block = "".join(self._pieces).strip()
        self._pieces.clear()
        if block:
            lines = [line.strip() for line in _SPACES_IN_LINE.sub(" ", block).split("\n")]
            block = "\n".join(lines)
        if block:
            self._blocks.append((self._apart, block))
            self._apart = apart
        elif apart == "\n\n":
            self._apart = apart

    def text(self) -> str:
        self._end_block("")
        return "".join(apart + block for apart, block in self._blocks).strip()


_SPACES_IN_LINE = re.compile(r" {2,}")
