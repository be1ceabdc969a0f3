"""When a record was written: by the attributes and names of its elements first, then by what they
state.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from pipelines.comments.record.roles import Names, names_of
from pipelines.comments.record.vocabulary import MEMBERSHIP, OTHER_DATE, is_label, name_by, name_in
from pipelines.dates import MONTHS, WEEKDAYS, DutchDate, Reference, any_of, read_date

LONGEST = 130
LONGEST_NAME = 50
MOST_WORDS = 6

_WEEKDAY = rf"(?:\b(?:{any_of(WEEKDAYS)}|\w{{2,10}}dag)\b\.?,?\s+)?"
_MONTH = rf"(?:{any_of(MONTHS)})\b\.?"
_CLOCK = r"(?:\d{1,2}\s?[:.hu]\s?\d\d(?::\d\d)?(?:\s*(?:uur|uhr|u|h|[ap]\.?m\.?)(?!\w))?)"
_DAY = (
    rf"(?:{_WEEKDAY}\d{{1,2}}(?:\s?(?:e|ste|de|st|nd|rd|th)\b)?\.?[\s-](?:de\s)?(?:[^\W\d_]{{3,12}}\.?,?[\s-]+(?:de\s)?(?:19|20)\d\d|{_MONTH}(?:,?\s*['’]?\d\d\b(?![:.]))?)"
    rf"|{_WEEKDAY}{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d"
    rf"|{_WEEKDAY}\d{{1,2}}([-/.])\d{{1,2}}\1(?:(?:19|20)\d\d|\d\d)|(?:19|20)\d\d-\d\d-\d\d|(?<!\d )\b\d\d \d\d \d\d(?= - \d\d:\d\d)"
    r"|\b(?:(?:minder dan |ongeveer |about )?(?:\d{1,3}|een|één|an?|half|anderhalf)\s+\w{1,9}(?:(?:,| en| and)? \d{1,2} \w{1,9})?\s+(?:geleden|ago)|eergisteren|gisteren|vandaag|yesterday|today|zojuist|zonet|just now)\b)"
)
_DATED = re.compile(
    rf"(?:{_CLOCK}(?:\s*[,|·•@–-])?\s*(?:op\s+|on\s+)?)?{_DAY}(?:(?:\s*[,;|·•@–(-]\s*|\s+)?(?:t\s?|om\s+|at\s+|@\s*|à\s+|um\s+)?{_CLOCK}\)?)?",
    re.IGNORECASE,
)
_JOINTS = " \t\r\n,;:|/·•@–—()[]{}-"
_NO_NAME_END = frozenset("!?…:")
_ABOUT_DATES = re.compile(
    r"(?:datum|date|op|on|le|am|il|el|geplaatst|gepost|gereageerd|posted|added|toegevoegd|ingezonden|verstuurd|tijd|time|bewerkt|edited|updated|uur|am|pm|[ecmp][ds]t|gmt|utc|bst|ce?s?t|met|mest|hkt)(?:\s+(?:op|om|on|at|le))?",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    "van der den de het ten ter te in 't op uit von zu du la le di da dos el al bin ibn of en and".split()
)


class Signature(NamedTuple):
    """The name and the date in a line; *is_stated* states that words such as "door" or "schreef"
    make the name one.
    """

    author: str | None
    date: DutchDate
    is_stated: bool


@lru_cache(maxsize=4096)
def read_signature(line: str, reference: Reference) -> Signature | None:
    """Return who signed with *line* and when; None where it states more than that, or holds no
    date.
    """
    if not 5 < len(line) <= LONGEST or OTHER_DATE.match(line) or MEMBERSHIP.search(line):
        return None
    match = max(_DATED.finditer(line), key=lambda found: len(found[0]), default=None)
    date = read_date(match[0].strip(_JOINTS), reference) if match else None
    if match is None or date is None:
        return None
    before, after = line[: match.start()], line[match.end() :]
    side = before if _is_empty(after) else after if _is_empty(before) else None
    return None if side is None else _signed(side, _whole(date, line))


def _signed(side: str, date: DutchDate) -> Signature | None:
    """Return the signature of which *side* is all that is beside the *date*."""
    if _is_empty(side):
        return Signature(None, date, is_stated=False)
    stated = name_by(side)
    name = name_alone(stated or side)
    return None if name is None else Signature(name, date, is_stated=stated is not None)


def _whole(date: DutchDate, line: str) -> DutchDate:
    return DutchDate(date.moment, date.precision, line.strip())


def _is_empty(text: str) -> bool:
    """Return whether *text* names nobody: nothing, or but the words that are around dates and
    names.
    """
    plain = text.strip(_JOINTS)
    return (
        not plain
        or is_label(plain)
        or _ABOUT_DATES.fullmatch(plain) is not None
        or name_in(plain) is None
    )


def name_alone(text: str) -> str | None:
    """Return the name that is all of *text*, None where it is more like a sentence."""
    name = name_in(text.strip(_JOINTS))
    if name is not None and name.count("(") > name.count(")"):
        name += ")"
    if name is None or len(name) > LONGEST_NAME or not name[0].isalnum():
        return None
    return name if any(map(str.isalpha, name)) and not _is_sentence(name) else None


def _is_sentence(name: str) -> bool:
    """Return whether what may be a *name* ends or runs on as a sentence does."""
    words = [word for word in name.split() if word.casefold() not in _PARTICLES]
    if not words or name[-1] in _NO_NAME_END or len(words) > MOST_WORDS:
        return True
    if name[-1] == "." and len(words[-1].strip(".")) > 2:
        return True
    return len(words) > 2 and sum(word[0].islower() for word in words) > 1


LONGEST_DATE = 100
LONGEST_ALONE = 45
DIGITS_OF_A_DATE = (
    6  # an attribute with fewer is a clock or a relative text, and what the reader sees states more
)

MAY_BE_DATE = re.compile(
    r"\d|gister|vandaag|today|yesterday|\bago\b|geleden|zojuist|zonet|just now|heute|gestern|\bhier\b|ayer|\b(?:een|an?|half)\b.{0,10}\b(?:uur|dag|week|maand|jaar|hour|day|month|year)",
    re.IGNORECASE,
)
_STRINGS = etree.XPath(
    ".//text()", smart_strings=False
)  # a line break between two words is no letter
MOST_LETTERS = 1000  # of a small element
# So many texts, joined by spaces, are longer than that: seen without reading them all.
_HAS_MANY = etree.XPath(f"boolean(descendant::text()[{MOST_LETTERS // 2 + 1}])")
# The most precise first.
_ATTRIBUTES = ("datetime", "data-time", "data-timestamp", "data-utime", "data-date", "date")
_TITLED = frozenset({"abbr", "time", "a", "span", "small"})
_BREAKS = ("br", "p", "div", "li", "td", "dd", "hr", "blockquote")


class Head(NamedTuple):
    """What is around a record's words: elements, and what the names of each state."""

    elements: Sequence[HtmlElement]
    names: Sequence[Names]


class Dated(NamedTuple):
    """A record's date and the element that states it; all None when it shows none. *source* is
    "attribute" or "text".
    """

    element: HtmlElement | None = None
    date: DutchDate | None = None
    source: str | None = None


def find_date(head: Head, reference: Reference) -> Dated:
    """Return the date in *head*: an attribute of a time element or a dated element first, then the
    first short line that is one.
    """
    named = [e for e, worded in zip(head.elements, head.names, strict=True) if worded.is_date]
    for element, value in chain(_timed(head.elements), _titled(head.elements, named)):
        date = _stated(value, reference)
        if date is not None and (element in named or not _is_profile(element)):
            return Dated(element, _as_shown(date, element), "attribute")
    return _shown(head, named, reference)


def _timed(elements: Sequence[HtmlElement]) -> Iterator[tuple[HtmlElement, str | None]]:
    """Yield the attributes that state a moment, with their elements."""
    for element in elements:
        attributes = element.keys()
        for name in _ATTRIBUTES if attributes else ():
            if name in attributes:
                yield element, element.get(name)


def _titled(
    elements: Sequence[HtmlElement], named: Sequence[HtmlElement]
) -> Iterator[tuple[HtmlElement, str | None]]:
    """Yield the titles of elements that may be about a date, with their elements."""
    for element in (*named, *(e for e in elements if e.tag in _TITLED)):
        yield element, element.get("title") or element.get("content")


def _shown(head: Head, named: Sequence[HtmlElement], reference: Reference) -> Dated:
    """Return the date in the first short line that is one, in the *named* elements first."""
    taken = set(named)
    # A record's own element comes last: what it states is the words, too.
    others = [e for e in (*head.elements[1:], *head.elements[:1]) if e not in taken]
    lines = (other for other in others if is_line(other))
    parted = (other for other in others if not is_line(other) and _is_date_alone(other, reference))
    for element in chain(named, lines, parted):
        date = shown_date(element, reference)
        if date is None:
            continue
        is_profile = names_of(element).is_profile if element in taken else _is_profile(element)
        if not is_profile:
            return _innermost_date(element, date, reference)
    return Dated()


def is_line(element: HtmlElement) -> bool:
    """Return whether what *element* states is one line: a name, a date and words in one box are
    parted by its breaks.
    """
    return not len(element) or all(inner is element for inner in element.iter(*_BREAKS))


def _is_date_alone(element: HtmlElement, reference: Reference) -> bool:
    """Return whether *element* states nothing but a date, be it in two lines."""
    text = short_text(element)
    signed = read_signature(text, reference) if len(text) <= LONGEST_ALONE else None
    return signed is not None and signed.author is None


def shown_date(element: HtmlElement, reference: Reference) -> DutchDate | None:
    """Return the date that the short text of *element* is; None when it is none, or speaks of an
    edit or a membership.
    """
    return _date_in(short_text(element), reference)


@lru_cache(maxsize=4096)
def _date_in(text: str, reference: Reference) -> DutchDate | None:
    if (
        not 2 < len(text) <= LONGEST_DATE
        or not MAY_BE_DATE.search(text)
        or _is_of_something_else(text)
    ):
        return None
    return read_date(text, reference)


@lru_cache(maxsize=4096)
def _is_of_something_else(text: str) -> bool:
    return bool(OTHER_DATE.match(text) or MEMBERSHIP.search(text))


def short_text(element: HtmlElement) -> str:
    """Return the text of a small element with single spaces, nothing of a large one."""
    if len(element) > 12 or (len(element) and _HAS_MANY(element)):
        return ""
    text = " ".join(_STRINGS(element)) if len(element) else element.text or ""
    return " ".join(text.split()) if len(text) < MOST_LETTERS else ""


def _is_profile(element: HtmlElement) -> bool:
    """Return whether *element* is in a forum member's profile, or speaks of an edit."""
    if _is_of_something_else(short_text(element)):
        return True
    return any(names_of(box).is_profile for box in (element, *_near(element)))


def _near(element: HtmlElement) -> Iterator[HtmlElement]:
    for level, ancestor in enumerate(element.iterancestors()):
        if level == 2:
            return
        yield ancestor


def _stated(value: str | None, reference: Reference) -> DutchDate | None:
    if not value or len(value) > LONGEST_DATE or sum(map(str.isdigit, value)) < DIGITS_OF_A_DATE:
        return None
    return read_date(value, reference)


def _as_shown(date: DutchDate, element: HtmlElement) -> DutchDate:
    """Return *date* with the text that the reader sees as its raw text."""
    shown = " ".join(element.text_content().split())
    return DutchDate(date.moment, date.precision, shown[:LONGEST_DATE] or date.raw)


def _innermost_date(element: HtmlElement, date: DutchDate, reference: Reference) -> Dated:
    """Return the smallest element inside *element* that states the same date, so that a name beside
    it is not lost.
    """
    current, found = element, True
    while found:
        found = False
        for child in current:
            worded = shown_date(child, reference)
            if worded is not None and worded.moment == date.moment:
                current, date, found = child, worded, True
                break
    return Dated(current, date, "text")
