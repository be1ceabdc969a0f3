"""A record's own words: its text without byline, buttons, signature and edit note."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from pipelines.block_text import block_text
from pipelines.comments.byline import MAY_BE_DATE, short_text
from pipelines.comments.names import NO_RANK, names_of
from pipelines.comments.wording import EDIT_NOTE, OTHER_DATE, is_button, is_introduction, is_label, name_in
from pipelines.comments.zone import Zone
from pipelines.dates import DutchDate, parse_date

LONGEST_LINE = 70

_ANSWERS = re.compile(
    r"^\W*(?:in reactie op|in antwoord op|in reply to|als reactie op|antwoord op|reactie op|als antwoord auf|en réponse à|replying to)\s*:?\s.{2,70}$",
    re.IGNORECASE,
)
_SIGNATURE_LINE = re.compile(r"^[_‗—-]{8,}$")
_LEADING_COLON = re.compile(r"^(?:zegt|schreef|says)?\s*:\s*", re.IGNORECASE)
_BEFORE_DATE = re.compile(
    r"^(.{2,60}?)\s*(?:[,|•·–—@(-]\s*|\bop\s+|\bon\s+)?\s*(?:\d|(?:ma|di|wo|do|vr|za|zo)\w*\s+\d)", re.DOTALL
)
_INLINE = frozenset({"a", "em", "strong", "b", "i", "u", "del", "sup", "sub", "code"})
_OUTER = frozenset({"header", "footer", "cite", "dt", "thead"})


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a record's head: the elements that name author and date, the author's name, the moment of fetching."""

    author_element: HtmlElement | None
    date_element: HtmlElement | None
    author: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Words:
    """A record's text, and the date and author that only a line of it told."""

    text: str
    date: DutchDate | None = None
    author: str | None = None


def read_words(zone: Zone, body: HtmlElement | None, around: Around) -> Words:
    """Return the words of the record in *zone*: those in *body* where its element is known, else what its byline leaves."""
    plain = _plain_paragraphs(body) if body is not None else None
    if plain is not None:
        return Words(_tidy(plain))
    skip = set(zone.nested)
    for element, said in zip(zone.elements, zone.names, strict=True):
        if said.is_furniture or element.tag in {"header", "footer", "dt"} or _is_reply_link(element):
            skip.add(element)
    if body is not None:
        skip.discard(body)
        return Words(_tidy(_blocks(block_text(body, skip))))
    skip.difference_update(zone.roots)
    skip |= {element for element in (around.author_element, around.date_element) if element is not None}
    skip |= set(_headers(zone, around))
    if len(zone.roots) == 1:
        skip.discard(zone.record)
    blocks = [block for root in zone.roots for block in _blocks(block_text(root, skip))]
    blocks = [block for block in blocks if not is_label(block)]
    if blocks:
        blocks[0] = _LEADING_COLON.sub("", blocks[0])
    date, author, blocks = _told_by_a_line(blocks, around)
    return Words(_tidy(blocks), date, author)


def _plain_paragraphs(body: HtmlElement) -> list[str] | None:
    """Return the paragraphs of a *body* that holds nothing but paragraphs of words and line breaks, None when it holds more.

    Most comments are so, and are read many times faster than by a walk over all that may be in them.
    """
    blocks: list[str] = []
    if body.text and not body.text.isspace():
        return None
    for paragraph in body:
        if paragraph.tag != "p" or paragraph.keys() or (paragraph.tail and not paragraph.tail.isspace()):
            return None
        block = _plain_paragraph(paragraph)
        if block is None:
            return None
        if block:
            blocks.append(block)
    return blocks or None


def _plain_paragraph(paragraph: HtmlElement) -> str | None:
    """Return the text of a paragraph that holds but words, links and line breaks, None when it holds more."""
    if all(child.tag == "br" for child in paragraph):
        pieces = [paragraph.text or "", *(child.tail or "" for child in paragraph)]
        return "\n".join(" ".join(piece.split()) for piece in pieces).strip()
    if all(inner.tag in _INLINE and inner.get("class") is None for inner in paragraph.iterdescendants()):
        return " ".join(paragraph.text_content().split())
    return None


def _blocks(text: str) -> list[str]:
    return [block.strip() for block in text.split("\n\n")]


def _tidy(blocks: list[str]) -> str:
    """Return *blocks* joined, without the buttons at their ends, a signature under a line, a note of an edit."""
    for place, block in enumerate(blocks):
        if place and _SIGNATURE_LINE.match(block.split("\n")[0]):
            blocks = blocks[:place]
            break
    while len(blocks) > 1 and (is_button(blocks[-1]) or EDIT_NOTE.match(blocks[-1])):
        blocks = blocks[:-1]
    while len(blocks) > 1 and (is_button(blocks[0]) or _ANSWERS.match(blocks[0])):
        blocks = blocks[1:]
    return "\n\n".join(block for block in blocks if block).strip()


def _is_reply_link(element: HtmlElement) -> bool:
    if element.tag != "a":
        return False
    href = element.get("href") or ""
    return "replytocom=" in href or href.endswith("#respond")


def _headers(zone: Zone, around: Around) -> Iterator[HtmlElement]:
    """Yield the boxes that hold nothing but the byline: those classed so around author or date."""
    for element in (around.author_element, around.date_element):
        for parent in element.iterancestors() if element is not None and element not in zone.roots else ():
            if parent in zone.roots:
                break
            said = names_of(parent)
            is_named = said.author != NO_RANK or said.is_date or said.is_meta
            if parent.tag in _OUTER or (is_named and len(parent.text_content()) < 200) or _is_byline(parent, around):
                yield parent


def _is_byline(box: HtmlElement, around: Around) -> bool:
    """Tell whether *box* says nothing beside author and date but labels."""
    text = short_text(box)
    if not text or len(text) > 160:
        return False
    for known in (around.author, short_text(around.date_element) if around.date_element is not None else None):
        text = text.replace(known, " ", 1) if known else text
    text = text.strip(" \t,:;|•·–—»«›-()")
    return not text or is_label(text) or is_introduction(text)


def _told_by_a_line(blocks: list[str], around: Around) -> tuple[DutchDate | None, str | None, list[str]]:
    """Return date and author that stand as plain text in a line at either end of *blocks*, and the blocks without that line."""
    if around.date_element is not None or not blocks:
        return None, None, blocks
    for place, number in ((0, 0), (0, 1), (1, 0), (-1, -1)):
        if not -1 <= place < len(blocks) or number >= len(held := blocks[place].split("\n")):
            continue
        line = held[number].strip()
        date = None
        if len(line) <= LONGEST_LINE and MAY_BE_DATE.search(line) and not OTHER_DATE.match(line):
            date = parse_date(line, reference=around.now)
        if date is not None:
            rest = [text for n, text in enumerate(held) if n != number % len(held)]
            left = list(blocks)
            left[place] = "\n".join(rest).strip()
            before = _BEFORE_DATE.match(line)
            author = around.author or (name_in(before[1]) if before else None)
            return date, author, [block for block in left if block]
    return None, None, blocks
