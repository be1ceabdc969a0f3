"""Who wrote a record and when: by the names of its elements first, then by its shape."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipelines.block_text import block_text
from pipelines.comments.names import NO_RANK, Names, names_of
from pipelines.comments.wording import MEMBERSHIP, OTHER_DATE, is_label, name_in
from pipelines.dates import DutchDate, parse_date

LONGEST_SHORT_NAME = 50
LONGEST_DATE = 100
DIGITS_OF_A_DATE = 6  # an attribute with fewer is a clock or a relative text, and what the reader sees says more

MAY_BE_DATE = re.compile(
    r"\d|gister|vandaag|today|yesterday|\bago\b|geleden|zojuist|zonet|just now|heute|gestern|\bhier\b|ayer|\b(?:een|an?|half)\b.{0,10}\b(?:uur|dag|week|maand|jaar|hour|day|month|year)",
    re.IGNORECASE,
)
_STRINGS = etree.XPath(".//text()", smart_strings=False)  # a line break between two words is no letter
_PRIVATE = re.compile(r"^(?:mailto|tel|javascript|skype|whatsapp):|gravatar\.com|/avatar|[?&=][^&=]*@|%40", re.IGNORECASE)
_MEMBER = re.compile(r"profile|profiel|member|user|/u/|/gebruiker|auteur|author|/people/|blogger\.com", re.IGNORECASE)
_NAME_TAGS = frozenset({"cite", "strong", "b", "h2", "h3", "h4", "h5", "h6", "dt"})
_DATE_ATTRIBUTES = frozenset({"datetime", "data-time", "data-date", "data-timestamp", "data-utime", "date"})
_DECLARED = ("data-author", "data-username", "data-author-name")
_TITLED = frozenset({"abbr", "time", "a", "span", "small"})


@dataclass(frozen=True, slots=True)
class Head:
    """What stands around a record's words: elements, and what the names of each say."""

    elements: Sequence[HtmlElement]
    names: Sequence[Names]


@dataclass(frozen=True, slots=True)
class Dated:
    """A record's date and the element that says it; all None when it shows none. *source* is "attribute" or "text"."""

    element: HtmlElement | None = None
    date: DutchDate | None = None
    source: str | None = None


def find_date(head: Head, now: datetime) -> Dated:
    """Return the date in *head*: an attribute of a time element or a dated element first, then the first short text that is one."""
    named = [e for e, said in zip(head.elements, head.names, strict=True) if said.is_date]
    for element in head.elements:
        for name in _DATE_ATTRIBUTES.intersection(element.keys()):
            date = _stated(element.get(name), now)
            if date is not None and not (element not in named and _is_profile(element)):
                return Dated(element, _as_shown(date, element), "attribute")
    for element in (*named, *(e for e in head.elements if e.tag in _TITLED)):
        date = _stated(element.get("title") or element.get("content"), now)
        if date is not None and not (element not in named and _is_profile(element)):
            return Dated(element, _as_shown(date, element), "attribute")
    taken = set(named)
    # A record's own element comes last: what it says is the words, too.
    others = (element for element in (*head.elements[1:], *head.elements[:1]) if element not in taken)
    for element in (*named, *others):
        date = shown_date(element, now)
        if date is not None and not _is_profile(element):
            return _innermost_date(element, date, now)
    return Dated()


def shown_date(element: HtmlElement, now: datetime) -> DutchDate | None:
    """Return the date that the short text of *element* is; None when it is none, or tells of an edit or a membership."""
    return _date_in(short_text(element), now)


@lru_cache(maxsize=4096)
def _date_in(text: str, now: datetime) -> DutchDate | None:
    if not 2 < len(text) <= LONGEST_DATE or not MAY_BE_DATE.search(text) or _is_of_something_else(text):
        return None
    return parse_date(text, reference=now)


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


def _stated(value: str | None, now: datetime) -> DutchDate | None:
    if not value or len(value) > LONGEST_DATE or sum(map(str.isdigit, value)) < DIGITS_OF_A_DATE:
        return None
    return parse_date(value, reference=now)


def _as_shown(date: DutchDate, element: HtmlElement) -> DutchDate:
    """Return *date* with the text that the reader sees as its raw text."""
    shown = " ".join(element.text_content().split())
    return DutchDate(date.moment, date.precision, shown[:LONGEST_DATE] or date.raw)


def _innermost_date(element: HtmlElement, date: DutchDate, now: datetime) -> Dated:
    """Return the smallest element inside *element* that says the same date, so that a name beside it is not lost."""
    current, found = element, True
    while found:
        found = False
        for child in current:
            said = shown_date(child, now) if isinstance(child.tag, str) else None
            if said is not None and said.moment == date.moment:
                current, date, found = child, said, True
                break
    return Dated(current, date, "text")


def find_author(
    head: Head, dated: Dated, roots: Sequence[HtmlElement], slotted: HtmlElement | None = None
) -> tuple[HtmlElement | None, str | None]:
    """Return the element that names the author of a record, and the name; None for what is not there.

    *roots* are the record's elements: one that is alone is never the author's. *slotted* stands where the other records of the page have
    their authors.
    """
    record = roots[0] if len(roots) == 1 else None
    declared = next((value for name in _DECLARED if (value := roots[0].get(name))), None)
    for element in (*_ranked(head, record), *(() if slotted is None else (slotted,))):
        name = _name(element, dated.element)
        if name:
            return element, declared or name
    for element in head.elements:
        if element.tag in _NAME_TAGS or element.get("rel") == "nofollow" or is_member_link(element):
            name = _name(element, dated.element)
            if name and len(name) <= LONGEST_SHORT_NAME and element is not record:
                return element, declared or name
    for element in head.elements:
        if element.tag == "meta" and element.get("itemprop") in {"name", "author"} and element.get("content"):
            return element, declared or element.get("content")
    return _beside_date(dated, roots, declared)


def _beside_date(dated: Dated, roots: Sequence[HtmlElement], declared: str | None) -> tuple[HtmlElement | None, str | None]:
    """Return the box around the date that says but a name beside it, and the name."""
    box = dated.element.getparent() if dated.element is not None and dated.element not in roots and declared is None else None
    while box is not None and not (len(roots) == 1 and box is roots[0]):
        if len(short_text(box)) > LONGEST_DATE + LONGEST_SHORT_NAME:
            break
        name = _name(box, dated.element)
        if name and len(name) <= LONGEST_SHORT_NAME:
            return box, name
        box = box.getparent() if box not in roots else None
    return None, declared


def _ranked(head: Head, record: HtmlElement | None) -> list[HtmlElement]:
    """Return the elements of *head* whose names say that they hold the author, the surest first."""
    ranked = [
        (said.author, place, element)
        for place, (element, said) in enumerate(zip(head.elements, head.names, strict=True))
        if said.author != NO_RANK and element is not record
    ]
    ranked.sort(key=lambda one: one[:2])
    return [element for _rank, _place, element in ranked]


def _name(element: HtmlElement, date_element: HtmlElement | None) -> str | None:
    """Return the name in *element*, without the words around it; None when it holds none."""
    if not len(element):
        return name_in(element.text or "") if element is not date_element else None
    if element is date_element:
        return None
    text = block_text(_narrowed(element), {date_element} if date_element is not None else set())
    lines = [line for line in text.split("\n") if line.strip() and not is_label(line.strip())]
    return name_in(lines[0]) if lines else None


def _narrowed(element: HtmlElement) -> HtmlElement:
    """Return the member's link in *element* where all else in it is a number, as a reputation beside a name, or a byline."""
    inner = [one for one in element.iter("*") if one is not element and (names_of(one).author <= 1 or is_member_link(one))]
    if not inner:
        return element
    rest = element.text_content().replace(inner[0].text_content(), "", 1)
    sure = names_of(inner[0]).author <= 1
    return inner[0] if inner[0].text_content().strip() and (sure or not any(map(str.isalpha, rest))) else element


def is_member_link(element: HtmlElement) -> bool:
    """Tell whether *element* links to a member's own page on the site."""
    return element.tag == "a" and bool(_MEMBER.search(element.get("href") or ""))


def author_url(element: HtmlElement | None, base: str) -> str | None:
    """Return the author's own page that *element* links to; never a mail or avatar address."""
    if element is None:
        return None
    links = [element, *element.iterancestors("a")][:2] if element.tag != "a" else [element]
    for link in (*links, *element.iter("a")):
        href = link.get("href") if link.tag == "a" else None
        if href and not _PRIVATE.search(href):
            address = absolute(base, href)
            return None if address is None or "#comment" in address or "#respond" in address else address
    return None


def absolute(base: str, href: str) -> str | None:
    """Return *href* as a web address, None where it is none: "http://[een naam]" is what some readers leave as their site."""
    if href.startswith("#"):
        return base.partition("#")[0] + href
    if href.startswith("/") and not href.startswith("//"):
        return _origin(base) + href[:2000]
    try:
        parts = urlsplit(href if href.startswith(("http://", "https://")) else urljoin(base, href))
    except ValueError:
        return None
    return parts.geturl()[:2000] if parts.scheme in {"http", "https"} else None


@lru_cache(maxsize=64)
def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"
