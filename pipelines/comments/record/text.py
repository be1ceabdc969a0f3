"""A record's own words: its text without byline, buttons, signature and edit note."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.comments.record.date import Head, is_line, short_text
from pipelines.comments.record.lines import LineFacts, facts_of_lines
from pipelines.comments.record.record import CommentRecord
from pipelines.comments.record.roles import NO_RANK, names_of
from pipelines.comments.record.vocabulary import (
    EDIT_NOTE,
    EDIT_NOTE_AT_END,
    is_button,
    is_introduction,
    is_label,
    is_mark,
    name_in,
)
from pipelines.dates import DutchDate, Reference
from pipelines.document import block_text, media_text

LONGEST_LABEL = 40
LEAST_SENTENCE = 3  # spaces

WORDS_LABEL = re.compile(
    r"^\W{0,3}(?:reactie|bericht|commentaar|message|comment|kommentar|commentaire)\s*:\s+",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"^\W*(?:in reactie op|in antwoord op|in reply to|als reactie op|antwoord op|reactie op|als antwoord op|als antwort auf|en réponse à|replying to)\s*:?\s"
    r"(?!(?:het|de|een|dit|dat|deze|die|uw|jouw|je|mijn|the|your|this|that)\s(?!(?:reactie|bericht|comment|antwoord|post|opmerking)\b)(?-i:[a-z]))"
    r"(.{2,70})$",
    re.IGNORECASE,
)
_SIGNATURE_LINE = re.compile(r"^[_‗—-]{8,}$")
_LEADING_COLON = re.compile(  # of ":-)" and ":D" it is no lead
    r"^(?:zegt|schreef|says)?\s*:(?:\s+|$|(?=\w{2}))", re.IGNORECASE
)
_INLINE = frozenset({"a", "em", "strong", "b", "i", "u", "del", "sup", "sub", "code"})
_APART = frozenset({"header", "footer", "dt"})
_OUTER = frozenset({"header", "footer", "cite", "dt", "thead"})


class KnownHead(NamedTuple):
    """What is known of a record's head: the elements that name author and date, the author's name,
    what dates are read against, the marks beside them.
    """

    author_element: HtmlElement | None
    date_element: HtmlElement | None
    author: str | None
    reference: Reference
    marks: Sequence[HtmlElement] = ()

    @property
    def is_whole(self) -> bool:
        """Whether both the author and the date are known."""
        return self.author is not None and self.date_element is not None


class Words(NamedTuple):
    """A record's text, and the date and author that only a line of it states."""

    text: str
    date: DutchDate | None = None
    author: str | None = None


def read_words(record: CommentRecord, body: HtmlElement | None, known: KnownHead) -> Words:
    """Return the words of *record*: those in *body* where its element is known, else
    what its byline leaves.
    """
    plain = _plain_paragraphs(body) if body is not None else None
    if plain is not None and known.is_whole:
        return Words(_tidy(plain))
    skip = _without_words(record)
    if body is None:
        found = _facts(record, skip, known)
        return Words(_tidy(found.blocks), found.date, found.author)
    skip.discard(body)
    words = _tidy(plain if plain is not None else _blocks(block_text(body, skip)))
    if known.is_whole:
        return Words(words)
    found = _facts(record, skip | {body}, known)
    return Words(words, found.date, found.author)


def shown_instead(record: CommentRecord, body: HtmlElement | None, head: Head, base: str) -> str:
    """Return the addresses of the clips, pictures and links that *record* shows in the place of
    words: in *body*, else anywhere but in its *head*'s byline and its buttons.
    """
    found = media_text(body, base, record.nested) if body is not None else ""
    if found:
        return found
    named = zip(head.elements, head.names, strict=True)
    byline = {e for e, n in named if n.author != NO_RANK or n.is_date or n.is_meta}
    skip = (_without_words(record) | byline).difference(record.roots)
    shown = (media_text(root, base, skip, is_content=False) for root in record.roots)
    return "\n".join(filter(None, shown))


def _without_words(record: CommentRecord) -> set[HtmlElement]:
    """Return the elements that hold no words of the record in *record*: other records, buttons."""
    return set(record.nested) | {
        element
        for element, names in zip(record.elements, record.names, strict=True)
        if names.is_furniture or element.tag in _APART or _is_reply_link(element)
    }


def _facts(record: CommentRecord, skip: set[HtmlElement], known: KnownHead) -> LineFacts:
    """Return what the lines of the record state that are not in *skip*."""
    skip = skip.difference(record.roots)
    author = known.author_element
    if author is not None and (is_line(author) or known.date_element is not None):
        skip.add(author)  # a name over a date in one box is read from its lines
    if known.date_element is not None:
        skip.add(known.date_element)
    skip |= set(known.marks)
    skip |= set(_headers(record, known))
    if len(record.roots) == 1:
        skip.discard(record.first)
    parts = [part for root in record.roots for part in _parts(root)]
    blocks = [block for part in parts for block in _blocks(block_text(part, skip))]
    blocks = [block for block in blocks if not is_label(block)]
    if blocks:
        blocks[0] = _LEADING_COLON.sub("", blocks[0])
    return facts_of_lines(
        blocks, known.author, known.reference, is_dated=known.date_element is not None
    )


def _parts(root: HtmlElement) -> list[HtmlElement]:
    """Return the cells of a table's row, which may be a record; else *root* itself."""
    return list(root.iterchildren("td", "th")) if root.tag == "tr" else [root]


def _plain_paragraphs(body: HtmlElement) -> list[str] | None:
    """Return the paragraphs of a *body* that holds nothing but paragraphs of words and line breaks,
    None when it holds more.

    Most comments are so, and are read many times faster than by a walk over all that may be in
    them.
    """
    blocks: list[str] = []
    if body.text and not body.text.isspace():
        return None
    for paragraph in body:
        if (
            paragraph.tag != "p"
            or paragraph.keys()
            or (paragraph.tail and not paragraph.tail.isspace())
        ):
            return None
        block = _plain_paragraph(paragraph)
        if block is None:
            return None
        if block:
            blocks.append(block)
    return blocks or None


def _plain_paragraph(paragraph: HtmlElement) -> str | None:
    """Return the text of a paragraph that holds but words, links and line breaks, None when it
    holds more.
    """
    if all(child.tag == "br" for child in paragraph):
        pieces = [paragraph.text or "", *(child.tail or "" for child in paragraph)]
        return "\n".join(" ".join(piece.split()) for piece in pieces).strip()
    if all(
        inner.tag in _INLINE and inner.get("class") is None for inner in paragraph.iterdescendants()
    ):
        return " ".join(paragraph.text_content().split())
    return None


def _blocks(text: str) -> list[str]:
    return [block.strip() for block in text.split("\n\n")]


def _tidy(blocks: list[str]) -> str:
    """Return *blocks* joined, without the buttons at their ends, a signature under a line, a note
    of an edit.
    """
    if not blocks:
        return ""
    blocks = _without_signature(blocks)
    while len(blocks) > 1 and (is_button(blocks[-1]) or EDIT_NOTE.match(blocks[-1])):
        blocks = blocks[:-1]
    blocks = [WORDS_LABEL.sub("", blocks[0]), *blocks[1:]]
    blocks = [*blocks[:-1], _without_edit_note(blocks[-1])]
    while len(blocks) > 1 and _is_before_words(blocks[0]):
        blocks = blocks[1:]
    return "\n\n".join(block for block in blocks if block).strip()


def _without_signature(blocks: list[str]) -> list[str]:
    for place, block in enumerate(blocks):
        if place and _SIGNATURE_LINE.match(block.split("\n")[0]):
            return blocks[:place]
    return blocks


def _is_before_words(block: str) -> bool:
    """Return whether *block* is a button, "In reactie op Jan" or "zegt:", which a record may begin
    with.
    """
    is_around = is_button(block) or is_introduction(block) or is_mark(block)
    answered = _ANSWERS.match(block)
    return is_around or (answered is not None and not _is_sentence(answered[1]))


def _is_sentence(answered: str) -> bool:
    """Return whether what is *answered* is told of in a sentence, where a site names somebody."""
    words = answered.rstrip()
    return words.count(" ") >= LEAST_SENTENCE and words.endswith((".", "!", "?", "…"))


def _without_edit_note(block: str) -> str:
    """Return *block* without the note of an edit that ends it."""
    lines = (
        EDIT_NOTE_AT_END.sub("", block) if block.rstrip().endswith(("]", ")")) else block
    ).split("\n")
    return (
        "\n".join(lines[:-1]) if len(lines) > 1 and EDIT_NOTE.match(lines[-1]) else "\n".join(lines)
    )


def _is_reply_link(element: HtmlElement) -> bool:
    href = (element.get("href") or "") if element.tag == "a" else ""
    return "replytocom=" in href or href.endswith("#respond")


def _headers(record: CommentRecord, known: KnownHead) -> Iterator[HtmlElement]:
    """Yield the boxes that hold nothing but the byline: those classed so around author or date."""
    for element in (known.author_element, known.date_element):
        if element is None or element in record.roots:
            continue
        inner = takewhile(lambda box: box not in record.roots, element.iterancestors())
        yield from (box for box in inner if _is_head_box(box, known))


def _is_head_box(box: HtmlElement, known: KnownHead) -> bool:
    names = names_of(box)
    is_named = names.author != NO_RANK or names.is_date or names.is_meta
    is_small = is_named and len(box.text_content()) < 200
    return box.tag in _OUTER or is_small or _is_byline(box, known)


def _is_byline(box: HtmlElement, known: KnownHead) -> bool:
    """Return whether *box* holds nothing beside author and date but labels."""
    text = short_text(box)
    if not text or len(text) > 160:
        return False
    date = short_text(known.date_element) if known.date_element is not None else None
    for part in (known.author, date):
        text = text.replace(part, " ", 1) if part else text
    text = " ".join(text.split()).strip(" ,:;|•·–—»«›-()")
    is_labels = not text or is_label(text) or is_introduction(text)
    return is_labels or (len(text) <= LONGEST_LABEL and name_in(text) is None)
