"""When a record was written: by the attributes and names of its elements first, then by what they say."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from pipelines.comments.moments import Reference, read_date
from pipelines.comments.names import Names, names_of
from pipelines.comments.signature import read_signature
from pipelines.comments.wording import MEMBERSHIP, OTHER_DATE
from pipelines.dates import DutchDate

LONGEST_DATE = 100
LONGEST_ALONE = 45
DIGITS_OF_A_DATE = 6  # an attribute with fewer is a clock or a relative text, and what the reader sees says more

MAY_BE_DATE = re.compile(
    r"\d|gister|vandaag|today|yesterday|\bago\b|geleden|zojuist|zonet|just now|heute|gestern|\bhier\b|ayer|\b(?:een|an?|half)\b.{0,10}\b(?:uur|dag|week|maand|jaar|hour|day|month|year)",
    re.IGNORECASE,
)
_STRINGS = etree.XPath(".//text()", smart_strings=False)  # a line break between two words is no letter
_ATTRIBUTES = frozenset({"datetime", "data-time", "data-date", "data-timestamp", "data-utime", "date"})
_TITLED = frozenset({"abbr", "time", "a", "span", "small"})
_BREAKS = ("br", "p", "div", "li", "td", "dd", "hr", "blockquote")


class Head(NamedTuple):
    """What stands around a record's words: elements, and what the names of each say."""

    elements: Sequence[HtmlElement]
    names: Sequence[Names]


class Dated(NamedTuple):
    """A record's date and the element that says it; all None when it shows none. *source* is "attribute" or "text"."""

    element: HtmlElement | None = None
    date: DutchDate | None = None
    source: str | None = None


def find_date(head: Head, reference: Reference) -> Dated:
    """Return the date in *head*: an attribute of a time element or a dated element first, then the first short line that is one."""
    named = [e for e, said in zip(head.elements, head.names, strict=True) if said.is_date]
    for element in head.elements:
        attributes = element.keys()
        if not attributes or _ATTRIBUTES.isdisjoint(attributes):
            continue
        for name in _ATTRIBUTES.intersection(attributes):
            date = _stated(element.get(name), reference)
            if date is not None and not (element not in named and _is_profile(element)):
                return Dated(element, _as_shown(date, element), "attribute")
    for element in (*named, *(e for e in head.elements if e.tag in _TITLED)):
        value = element.get("title") or element.get("content")
        date = _stated(value, reference) if value else None
        if date is not None and not (element not in named and _is_profile(element)):
            return Dated(element, _as_shown(date, element), "attribute")
    taken = set(named)
    # A record's own element comes last: what it says is the words, too.
    others = [element for element in (*head.elements[1:], *head.elements[:1]) if element not in taken]
    lines = (other for other in others if is_line(other))
    parted = (other for other in others if not is_line(other) and _is_date_alone(other, reference))
    for element in chain(named, lines, parted):
        date = shown_date(element, reference)
        if date is not None and not (names_of(element).is_profile if element in taken else _is_profile(element)):
            return _innermost_date(element, date, reference)
    return Dated()


def is_line(element: HtmlElement) -> bool:
    """Tell whether what *element* says is one line: a name, a date and words in one box are parted by its breaks."""
    return not len(element) or all(inner is element for inner in element.iter(*_BREAKS))


def _is_date_alone(element: HtmlElement, reference: Reference) -> bool:
    """Tell whether *element* says nothing but a date, be it in two lines."""
    text = short_text(element)
    signed = read_signature(text, reference) if len(text) <= LONGEST_ALONE else None
    return signed is not None and signed.author is None


def shown_date(element: HtmlElement, reference: Reference) -> DutchDate | None:
    """Return the date that the short text of *element* is; None when it is none, or tells of an edit or a membership."""
    return _date_in(short_text(element), reference)


@lru_cache(maxsize=4096)
def _date_in(text: str, reference: Reference) -> DutchDate | None:
    if not 2 < len(text) <= LONGEST_DATE or not MAY_BE_DATE.search(text) or _is_of_something_else(text):
        return None
    return read_date(text, reference)


@lru_cache(maxsize=4096)
def _is_of_something_else(text: str) -> bool:
    return bool(OTHER_DATE.match(text) or MEMBERSHIP.search(text))


def short_text(element: HtmlElement) -> str:
    """Return the text of a small element with single spaces, nothing of a large one."""
    if len(element) > 12:
        return ""
    text = " ".join(_STRINGS(element)) if len(element) else element.text or ""
    return " ".join(text.split()) if len(text) < 1000 else ""


def _is_profile(element: HtmlElement) -> bool:
    """Tell whether *element* stands in a forum member's profile, or tells of an edit."""
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
    """Return the smallest element inside *element* that says the same date, so that a name beside it is not lost."""
    current, found = element, True
    while found:
        found = False
        for child in current:
            said = shown_date(child, reference)
            if said is not None and said.moment == date.moment:
                current, date, found = child, said, True
                break
    return Dated(current, date, "text")
