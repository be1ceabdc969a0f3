"""The fields of one record: who wrote it, when, what, under which id."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.comments.record.author import Byline, absolute, author_url, find_author
from pipelines.comments.record.body import Stretches, find_body, quotes
from pipelines.comments.record.date import (
    Dated,
    Head,
    find_date,
    is_line,
    short_text,
    shown_date,
)
from pipelines.comments.record.record import CommentRecord, Labelled, Slot, in_slot
from pipelines.comments.record.roles import names_of
from pipelines.comments.record.source_id import linked_id, source_id
from pipelines.comments.record.text import KnownHead, Words, read_words, shown_instead
from pipelines.comments.record.vocabulary import (
    has_staff_mark,
    is_staff_mark,
    is_withheld,
)
from pipelines.dates import DutchDate, Reference
from pipelines.document import Index
from storage.contacts import without_addresses
from storage.numbers import whole_number

_COUNT = re.compile(r"^\W*?([+-]?\s?\d{1,6})(?!\s*[.,:/%-]\s*\d)(?:\s+\w+){0,3}\W*$")
_ATTRIBUTES = (
    ("data-upvotes", 1),
    ("data-likes", 1),
    ("data-score", 1),
    ("data-votes", 1),
    ("data-downvotes", -1),
    ("data-dislikes", -1),
)


def read_votes(record: CommentRecord) -> tuple[int | None, int | None]:
    """Return the votes for and against the record in *record*, each None where it shows none.

    A score, which is a difference, counts as votes for when positive and as votes against when
    negative.
    """
    found: dict[int, int] = {}
    for name, side in _ATTRIBUTES:
        value = record.first.get(name)
        number = whole_number((value or "").removeprefix("-"))
        if number is not None:
            found.setdefault(side, number)
    for element, side in _counters(record):
        count = _count(element)
        if count is not None:
            found.setdefault(-1 if count < 0 else side, abs(count))
    return found.get(1), found.get(-1)


def _counters(record: CommentRecord) -> Iterator[tuple[HtmlElement, int]]:
    for element, stated in zip(record.elements, record.names, strict=True):
        if stated.vote:
            yield element, stated.vote
    for hidden in record.unseen:
        for element in hidden.iter("*") if len(hidden) < 20 else ():
            side = names_of(element).vote
            if side:
                yield element, side


def _count(element: HtmlElement) -> int | None:
    match = _COUNT.match(short_text(element))
    if match is None:
        return None
    stated = match[1].replace(" ", "")
    number = whole_number(stated.lstrip("+-−"))
    return -number if number and stated[0] in "-−" else number


_GONE = re.compile(
    r"(?:^|[\s_-])(?:deleted|removed|verwijderd|withheld|banned|is-hidden)(?:$|[\s_-])",
    re.IGNORECASE,
)
LEAST_TITLE = 8  # letters
_RE = re.compile(r"^(?:(?:re|antw|aw|betreft)\s*:\s*)+", re.IGNORECASE)


class Fields(NamedTuple):
    """What one record states, before it is placed in the thread."""

    author: str | None
    author_url: str | None
    is_staff: bool
    date: DutchDate | None
    date_source: str | None
    text: str
    status: str
    source_id: str | None
    url: str | None
    upvotes: int | None
    downvotes: int | None


@dataclass(frozen=True, slots=True)
class Template:
    """What the records of one page have in common: its index and address, what its dates are read
    against, the place of the dates, what the page is about.
    """

    index: Index
    base: str
    reference: Reference
    date_slot: Slot | None = None
    subject: str = ""


NOTHING = Labelled()


def read_fields(record: CommentRecord, template: Template, labelled: Labelled = NOTHING) -> Fields:
    """Return the fields of the record in *record*."""
    body = find_body(record, labelled, template.index, _in_date_slot(record.elements, template))
    known, head, dated = read_byline(record, body, template, labelled)
    if body is not None and known.author is None and dated.date is None:
        body = None  # what bears the name of a text holds the byline as well
        known, head, dated = read_byline(record, body, template, labelled)
    words = read_words(record, body, known)
    named, date = known.author or words.author, dated.date or words.date
    is_gone = _is_gone(named, words.text, head)
    author = None if is_gone else named
    number = source_id(record.first) or linked_id(dated.element, head.elements)
    upvotes, downvotes = read_votes(record)
    return Fields(
        author=without_addresses(author) if author else None,
        author_url=author_url(known.author_element, template.base),
        is_staff=_is_staff(record, head, known.author_element, author),
        date=date,
        date_source=dated.source or ("text" if date else None),
        text=_shown_text(record, body, words, head, template),
        status=_status(record, words.text, is_gone=is_gone),
        source_id=number,
        url=_permalink(head, number, template.base),
        upvotes=upvotes,
        downvotes=downvotes,
    )


def _shown_text(
    record: CommentRecord, body: HtmlElement | None, words: Words, head: Head, template: Template
) -> str:
    """Return the text of a record: its *words*, else the addresses of what it shows."""
    text = words.text or shown_instead(record, body, head, template.base)
    return without_addresses(_without_subject(text, template.subject))


def _status(record: CommentRecord, text: str, *, is_gone: bool) -> str:
    return "withheld" if is_gone or _is_withheld(record, text) else "visible"


def _is_gone(named: str | None, text: str, head: Head) -> bool:
    """Return whether a record states in the place of its writer's name that it was taken away:
    "Commentaar verwijderd", "[verwijderd]".
    """
    if named is not None:
        return is_withheld(named)
    return not text and any(is_withheld(short_text(element)) for element in head.elements)


def _without_subject(text: str, subject: str) -> str:
    """Return the words of a post without the topic's title, which many forums repeat over each."""
    first, _gap, rest = text.partition("\n\n")
    return rest if rest and _is_subject(first, subject) else text


def _is_subject(text: str, subject: str) -> bool:
    title = _RE.sub("", text).strip().casefold()
    titles = subject.split("\n")  # which may bear a label: "Onderwerp: De brug"
    return len(title) >= LEAST_TITLE and any(
        s.startswith(title) or s.endswith(title) for s in titles
    )


def _is_staff(
    record: CommentRecord, head: Head, author: HtmlElement | None, name: str | None
) -> bool:
    """Return whether a class of the record, or a word in its *head*, states that its *author* is
    one of the site's own people.
    """
    if any(names.is_staff for names in (record.names[0], *head.names)):
        return True
    if name is not None and is_staff_mark(name):
        return True
    if any(is_staff_mark(e.text or "") for e in head.elements if e is not author):
        return True
    return author is not None and has_staff_mark(short_text(author))


def read_byline(
    record: CommentRecord,
    body: HtmlElement | None,
    template: Template,
    labelled: Labelled = NOTHING,
) -> tuple[KnownHead, Head, Dated]:
    """Return what is around *body*, the words of *record*: who wrote them and when."""
    head = _head(record, template.index, body)
    dated = _slotted_date(head, template) or find_date(head, template.reference)
    outside = set(head.elements) if labelled.authors else frozenset()
    authors = [
        element
        for element in labelled.authors
        if element in outside and not _is_subject(short_text(element), template.subject)
    ]
    element, author = find_author(head, Byline(dated, record.roots, authors, template.reference))
    marks = [mark for mark in labelled.marks if author and is_line(mark)]
    return KnownHead(element, dated.element, author, template.reference, marks), head, dated


def _slotted_date(head: Head, template: Template) -> Dated | None:
    """Return the date that is where the page's other records have theirs, which spares a search
    for it; None where none does.
    """
    element = _in_date_slot(head.elements, template)
    date = shown_date(element, template.reference) if element is not None else None
    return None if date is None else Dated(element, date, "text")


def _in_date_slot(elements: Sequence[HtmlElement], template: Template) -> HtmlElement | None:
    """Return the one of *elements* that is where the page's records have their dates."""
    return in_slot(elements, template.date_slot) if template.date_slot is not None else None


def _head(record: CommentRecord, index: Index, body: HtmlElement | None) -> Head:
    """Return what is before and after *body* in *record*, what it quotes left out."""
    place, first, quoted = index.place, record.first, Stretches(quotes(record, index))
    start, end = (index.place[body], index.end(body)) if body is not None else (0, 0)
    above = body.iterancestors() if body is not None else ()
    around = set(takewhile(lambda box: box is not first, above))
    outside = [
        n
        for n, element in enumerate(record.elements)
        if not (start <= place[element] < end or element in around) and place[element] not in quoted
    ]
    return Head([record.elements[n] for n in outside], [record.names[n] for n in outside])


def _is_withheld(record: CommentRecord, text: str) -> bool:
    """Return whether a record, or a class of it, shows that its words were taken away; one whose
    words were not found states nothing of the kind.
    """
    if is_withheld(text):
        return True
    return len(text) < 200 and bool(_GONE.search(record.first.get("class") or ""))


def _permalink(head: Head, number: str | None, base: str) -> str | None:
    if number is None:
        return None
    for element in head.elements:
        href = element.get("href") if element.tag == "a" else None
        if href and number in href.partition("#")[2] and "replytocom" not in href:
            return absolute(base, href)
    return None
