"""A record's own words: its text without byline, buttons, signature and edit note."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.comments.record.date import is_line, name_alone, read_signature, short_text
from pipelines.comments.record.record import Zone
from pipelines.comments.record.roles import NO_RANK, names_of
from pipelines.comments.record.vocabulary import (
    EDIT_NOTE,
    EDIT_NOTE_AT_END,
    MEMBERSHIP,
    is_button,
    is_introduction,
    is_label,
    is_mark,
    name_by,
    name_in,
)
from pipelines.dates import DutchDate, Reference, read_date
from pipelines.document import block_text

FIRST, LAST = 4, 2  # lines at either end of a record that may tell of it
LONGEST = 60

_LABELLED = re.compile(
    r"^\W*(?:(?P<author>naam|name|auteur|author|afzender|van|door|from|by)|(?P<date>datum|date|geplaatst(?: op)?|posted(?: on)?|tijd|verstuurd|toegevoegd)"
    r"|(?P<other>e-?mail(?:adres)?|website|homepage|url|woonplaats|plaats|locatie|leeftijd|ip(?:-adres)?))\s*:\s*(?P<said>.*)$",
    re.IGNORECASE,
)
WORDS_LABEL = re.compile(
    r"^\W{0,3}(?:reactie|bericht|commentaar|message|comment|kommentar|commentaire)\s*:\s+",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"^\W*(?:(?:berichten|posts|messages|reacties|punten|karma|reputatie|topics|beiträge)\s*:?\s*[\d.,]+|(?:locatie|woonplaats|location|rang|rank|status)\s*:\s*.{0,40})\W*$",
    re.IGNORECASE,
)


class Told(NamedTuple):
    """The words of a record, in blocks, and the author and the date that only its lines told."""

    blocks: list[str]
    author: str | None = None
    date: DutchDate | None = None


def told_by_lines(
    blocks: Sequence[str], author: str | None, reference: Reference, *, is_dated: bool
) -> Told:
    """Return what the lines of *blocks* tell of a record whose *author* is known or not, and whose
    date *is_dated* or not.
    """
    held = [block.split("\n") for block in blocks]
    places = [(block, number) for block, lines in enumerate(held) for number in range(len(lines))]
    ends = [*places[:FIRST], *(place for place in places[-LAST:] if place not in places[:FIRST])]
    date: DutchDate | None = None
    gone: set[tuple[int, int]] = set()
    for place in ends:
        found = _read(held[place[0]][place[1]].strip(), reference)
        if found is None or not _tells_more(found, author, is_dated=is_dated or date is not None):
            continue
        gone.add(place)
        if found.date is not None and found.author is None and author is None:
            beside = next(
                (near for near in _beside(place, held) if near in ends and near not in gone), None
            )
            author = name_alone(held[beside[0]][beside[1]]) if beside is not None else None
            gone |= {beside} if beside is not None and author is not None else set()
        author, date = author or found.author, date or (None if is_dated else found.date)
    left = [
        "\n".join(line for number, line in enumerate(lines) if (block, number) not in gone)
        for block, lines in enumerate(held)
    ]
    return Told([block.strip() for block in left], author, date)


def _beside(place: tuple[int, int], held: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Yield the places of the lines right before and right after that at *place* in its block."""
    block, number = place
    yield from ((block, near) for near in (number - 1, number + 1) if 0 <= near < len(held[block]))


class _Line(NamedTuple):
    author: str | None = None
    date: DutchDate | None = None


def _tells_more(found: _Line, author: str | None, *, is_dated: bool) -> bool:
    """Tell whether a line tells what is not known yet: a second date, or a second name, is part of
    the words.
    """
    if found.date is not None:
        return not is_dated or found.author not in (None, author)
    return found.author is None or author is None


def _read(line: str, reference: Reference) -> _Line | None:
    """Return what *line* tells of its record, None where it is part of the words."""
    if not line or len(line) > 2 * LONGEST:
        return None
    if _PROFILE.match(line) or (len(line) <= LONGEST and MEMBERSHIP.match(line)):
        return _Line()
    labelled = _LABELLED.match(line)
    if labelled:
        said = labelled["said"].strip()
        if labelled["author"]:
            name = name_in(said)
            return _Line(author=name) if name and len(said) <= LONGEST else None
        return (
            _Line(date=read_date(said, reference))
            if labelled["date"]
            else _Line()
            if len(said) <= LONGEST
            else None
        )
    signed = read_signature(line, reference)
    if signed is not None:
        return _Line(signed.author, signed.date)
    name = name_by(line) if len(line) <= LONGEST else None
    return _Line(author=name) if name and len(name.split()) <= 4 else None


LONGEST_LABEL = 40

_ANSWERS = re.compile(
    r"^\W*(?:in reactie op|in antwoord op|in reply to|als reactie op|antwoord op|reactie op|als antwoord auf|en réponse à|replying to)\s*:?\s.{2,70}$",
    re.IGNORECASE,
)
_SIGNATURE_LINE = re.compile(r"^[_‗—-]{8,}$")
_LEADING_COLON = re.compile(r"^(?:zegt|schreef|says)?\s*:\s*", re.IGNORECASE)
_INLINE = frozenset({"a", "em", "strong", "b", "i", "u", "del", "sup", "sub", "code"})
_APART = frozenset({"header", "footer", "dt"})
_OUTER = frozenset({"header", "footer", "cite", "dt", "thead"})


class Around(NamedTuple):
    """What is known of a record's head: the elements that name author and date, the author's name,
    what dates are
    read against."""

    author_element: HtmlElement | None
    date_element: HtmlElement | None
    author: str | None
    reference: Reference

    @property
    def is_whole(self) -> bool:
        """Whether both the author and the date are known."""
        return self.author is not None and self.date_element is not None


class Words(NamedTuple):
    """A record's text, and the date and author that only a line of it told."""

    text: str
    date: DutchDate | None = None
    author: str | None = None


def read_words(zone: Zone, body: HtmlElement | None, around: Around) -> Words:
    """Return the words of the record in *zone*: those in *body* where its element is known, else
    what its byline leaves.
    """
    plain = _plain_paragraphs(body) if body is not None else None
    if plain is not None and around.is_whole:
        return Words(_tidy(plain))
    skip = set(zone.nested)
    for element, said in zip(zone.elements, zone.names, strict=True):
        if (
            said.is_furniture
            or element.tag in _APART
            or (element.tag == "a" and _is_reply_link(element))
        ):
            skip.add(element)
    if body is not None:
        skip.discard(body)
        words = _tidy(plain if plain is not None else _blocks(block_text(body, skip)))
        told = None if around.is_whole else _told(zone, skip | {body}, around)
        return Words(words) if told is None else Words(words, told.date, told.author)
    told = _told(zone, skip, around)
    return Words(_tidy(told.blocks), told.date, told.author)


def _told(zone: Zone, skip: set[HtmlElement], around: Around) -> Told:
    """Return what the lines of the record tell that are not in *skip*."""
    skip = skip.difference(zone.roots)
    author = around.author_element
    if author is not None and (is_line(author) or around.date_element is not None):
        skip.add(author)  # a name over a date in one box is told by its lines
    if around.date_element is not None:
        skip.add(around.date_element)
    skip |= set(_headers(zone, around))
    if len(zone.roots) == 1:
        skip.discard(zone.record)
    blocks = [block for root in zone.roots for block in _blocks(block_text(root, skip))]
    blocks = [block for block in blocks if not is_label(block)]
    if blocks:
        blocks[0] = _LEADING_COLON.sub("", blocks[0])
    return told_by_lines(
        blocks, around.author, around.reference, is_dated=around.date_element is not None
    )


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
    for place, block in enumerate(blocks):
        if place and _SIGNATURE_LINE.match(block.split("\n")[0]):
            blocks = blocks[:place]
            break
    while len(blocks) > 1 and (is_button(blocks[-1]) or EDIT_NOTE.match(blocks[-1])):
        blocks = blocks[:-1]
    blocks = [WORDS_LABEL.sub("", blocks[0]), *blocks[1:]] if blocks else blocks
    blocks = [*blocks[:-1], _without_edit_note(blocks[-1])] if blocks else blocks
    while len(blocks) > 1 and _is_before_words(blocks[0]):
        blocks = blocks[1:]
    return "\n\n".join(block for block in blocks if block).strip()


def _is_before_words(block: str) -> bool:
    """Tell whether *block* is a button, "In reactie op Jan" or "zegt:", which a record may begin with."""
    is_around = is_button(block) or is_introduction(block) or is_mark(block)
    return is_around or bool(_ANSWERS.match(block))


def _without_edit_note(block: str) -> str:
    """Return *block* without the note of an edit that ends it."""
    lines = (
        EDIT_NOTE_AT_END.sub("", block) if block.rstrip().endswith(("]", ")")) else block
    ).split("\n")
    return (
        "\n".join(lines[:-1]) if len(lines) > 1 and EDIT_NOTE.match(lines[-1]) else "\n".join(lines)
    )


def _is_reply_link(link: HtmlElement) -> bool:
    href = link.get("href") or ""
    return "replytocom=" in href or href.endswith("#respond")


def _headers(zone: Zone, around: Around) -> Iterator[HtmlElement]:
    """Yield the boxes that hold nothing but the byline: those classed so around author or date."""
    for element in (around.author_element, around.date_element):
        for parent in (
            element.iterancestors() if element is not None and element not in zone.roots else ()
        ):
            if parent in zone.roots:
                break
            said = names_of(parent)
            is_named = said.author != NO_RANK or said.is_date or said.is_meta
            if (
                parent.tag in _OUTER
                or (is_named and len(parent.text_content()) < 200)
                or _is_byline(parent, around)
            ):
                yield parent


def _is_byline(box: HtmlElement, around: Around) -> bool:
    """Tell whether *box* says nothing beside author and date but labels."""
    text = short_text(box)
    if not text or len(text) > 160:
        return False
    for known in (
        around.author,
        short_text(around.date_element) if around.date_element is not None else None,
    ):
        text = text.replace(known, " ", 1) if known else text
    text = " ".join(text.split()).strip(" ,:;|•·–—»«›-()")
    return (
        not text
        or is_label(text)
        or is_introduction(text)
        or (len(text) <= LONGEST_LABEL and name_in(text) is None)
    )
