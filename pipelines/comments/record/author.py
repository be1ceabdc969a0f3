"""Who wrote a record: by the names of its elements first, then by its shape, then by the line that
signs it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from pipelines.comments.record.date import (
    LONGEST_DATE,
    Dated,
    Head,
    is_line,
    short_text,
)
from pipelines.comments.record.roles import NO_RANK, names_of
from pipelines.comments.record.signature import Signature, read_signature, signed_in
from pipelines.comments.record.vocabulary import is_label, is_mark, name_in
from pipelines.dates import Reference
from pipelines.document import block_text, has_more

LONGEST_SHORT_NAME = 50
LONGEST_ADDRESS = 500
MOST_BESIDE = 60  # elements in a box with a name, as a member's rank, stars and figures
LEVELS = 3  # of boxes around a date that may hold its author

_PRIVATE = re.compile(
    r"^(?:mailto|tel|javascript|skype|whatsapp):|gravatar\.com|/avatar|[?&=][^&=]*@|%40",
    re.IGNORECASE,
)
_MEMBER = re.compile(
    r"profile|profiel|member|user|/u/|/gebruiker|/leden/|/lid/|/lezers?/|auteur|author|/people/|blogger\.com",
    re.IGNORECASE,
)
_SIGNING = (
    "door",
    "by",
    "van",
    "von",
    "par ",
    "por ",
    "schre",
    "zegt",
    "says",
    "wrote",
    "said",
    "reage",
    "plaatst",
    "sagt",
)
_NAME_TAGS = frozenset({"cite", "strong", "b", "h2", "h3", "h4", "h5", "h6", "dt"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_DECLARED = ("data-author", "data-username", "data-author-name")


class Byline(NamedTuple):
    """What is known of a record before its author: its date, its elements, where the page's other
    records have their authors.
    """

    dated: Dated
    roots: Sequence[HtmlElement]
    columned: Sequence[HtmlElement]
    reference: Reference

    @property
    def record(self) -> HtmlElement | None:
        """The element that is the whole record, None where it consists of several."""
        return self.roots[0] if len(self.roots) == 1 else None


def find_author(head: Head, byline: Byline) -> tuple[HtmlElement | None, str | None]:
    """Return the element that names the author of a record, and the name; None for what is not
    there.
    """
    declared = next((value for name in _DECLARED if (value := byline.roots[0].get(name))), None)
    element, name = _named(head, byline)
    return element, declared or name


def _named(head: Head, byline: Byline) -> tuple[HtmlElement | None, str | None]:
    for element in (*byline.columned, *_ranked(head, byline.record)):
        is_other = element is byline.record or _is_title(element, byline)
        if not is_other and (name := _name(element, byline.dated.element)):
            return element, name
    box, stated = _stated_signature(byline)
    if stated is not None:
        return box, stated
    shaped, name = _by_shape(head, byline)
    if name:
        return shaped, name
    box, signed = _signature(byline)
    return (box, signed.author) if signed is not None else _beside_date(byline)


def _is_title(element: HtmlElement, byline: Byline) -> bool:
    """Return whether *element* is a heading that nothing names an author's, where words such as
    "door" state who that is: a comment's title.
    """
    if element.tag not in _HEADINGS or any(map(_names_author, element.iter("*"))):
        return False
    return _stated_signature(byline)[1] is not None


def _by_shape(head: Head, byline: Byline) -> tuple[HtmlElement | None, str | None]:
    """Return the element that is set as names are, bold or linked, else a meta element, with the
    name in it.
    """
    for element in head.elements:
        if element is byline.record or not _is_set_as_name(element) or _holds_many(element):
            continue
        name = _name(element, byline.dated.element)
        if name and len(name) <= LONGEST_SHORT_NAME:
            return element, name
    metas = (
        element for element in head.elements if element.tag == "meta" and element.get("content")
    )
    stated = next((meta for meta in metas if meta.get("itemprop") in {"name", "author"}), None)
    return stated, None if stated is None else stated.get("content")


def _holds_many(element: HtmlElement) -> bool:
    """Return whether *element* holds more elements than stand beside a name."""
    return has_more(element.iterdescendants(), MOST_BESIDE)


def _is_set_as_name(element: HtmlElement) -> bool:
    return element.tag in _NAME_TAGS or element.get("rel") == "nofollow" or is_member_link(element)


def _may_be_signed(byline: Byline) -> bool:
    """Return cheaply whether words such as "door" can be around a record's date."""
    box = byline.dated.element
    around = (
        box
        if box is None or box is byline.record or box.getparent() is byline.record
        else box.getparent()
    )
    return around is not None and any(map(short_text(around).lower().__contains__, _SIGNING))


def _stated_signature(byline: Byline) -> tuple[HtmlElement | None, str | None]:
    """Return the line around a record's date in which words such as "door" name its author."""
    box, signed = _signature(byline) if _may_be_signed(byline) else (None, None)
    return (box, signed.author) if signed is not None and signed.is_stated else (None, None)


def _signature(byline: Byline) -> tuple[HtmlElement | None, Signature | None]:
    """Return the line around a record's date that names its author too, and what it states."""
    box = byline.dated.element
    for _level in range(LEVELS):
        if box is None or box is byline.record or not is_line(box):
            break
        signed = read_signature(short_text(box), byline.reference)
        if signed is not None and signed.author is not None:
            return box, signed
        box = box.getparent() if box not in byline.roots else None
    return None, None


def _beside_date(byline: Byline) -> tuple[HtmlElement | None, str | None]:
    """Return the box around the date that states but a name beside it, and the name."""
    for box in _around_date(byline):
        if len(short_text(box)) > LONGEST_DATE + LONGEST_SHORT_NAME or _holds_many(box):
            break
        name = _name(box, byline.dated.element)
        if name and len(name) <= LONGEST_SHORT_NAME:
            return box, name
    return None, None


def _around_date(byline: Byline) -> Iterator[HtmlElement]:
    """Yield the boxes around a record's date that hold more than another, from the inside out."""
    inner, roots = byline.dated.element, byline.roots
    while inner is not None and inner not in roots:
        inner = inner.getparent()
        if inner is None or inner is byline.record:
            return
        if len(inner) > 1 or (inner.text or "").strip() or (inner[0].tail or "").strip():
            yield inner


def _ranked(head: Head, record: HtmlElement | None) -> list[HtmlElement]:
    """Return the elements of *head* whose names state that they hold the author, the surest first."""
    ranked = [
        (shown.author, place, element)
        for place, (element, shown) in enumerate(zip(head.elements, head.names, strict=True))
        if shown.author != NO_RANK and element is not record
    ]
    ranked.sort(key=lambda one: one[:2])
    return [element for _rank, _place, element in ranked]


def _name(element: HtmlElement, date_element: HtmlElement | None) -> str | None:
    """Return the name in *element*, without the words around it; None when it holds none."""
    if element is date_element:
        return signed_in(element)
    if not len(element):
        return name_in(element.text or "")
    dated = {date_element} if date_element is not None else set()
    marks = {inner for inner in element.iterdescendants() if inner.text and is_mark(inner.text)}
    text = block_text(_narrowed(element), marks | dated) or block_text(element, dated)
    lines = [line for line in text.split("\n") if line.strip()]
    names = (line for line in lines if not is_label(line.strip()))
    return name_in(next(names, lines[0])) if lines else None


def _beside_number(element: HtmlElement) -> HtmlElement | None:
    """Return the one child of *element* with letters in it, where another holds but a number."""
    texts = [(child, short_text(child)) for child in element]
    worded = [child for child, text in texts if any(map(str.isalpha, text))]
    return worded[0] if len(worded) == 1 and len(texts) > 1 else None


def _narrowed(element: HtmlElement) -> HtmlElement:
    """Return the member's link in *element* where all else in it is a number, as a reputation
    beside a name, or a byline.
    """
    first = next(element.iterchildren("a", "b", "strong"), None)
    if first is not None and _is_name_before_date(first, element):
        return first
    named = (one for one in element.iterdescendants("*") if _names_author(one))
    inner = next(named, None)
    if inner is None:
        inner = _beside_number(element)
    if inner is None or not inner.text_content().strip():
        return element
    rest = element.text_content().replace(inner.text_content(), "", 1)
    is_sure = names_of(inner).author <= 1
    return inner if is_sure or not any(map(str.isalpha, rest)) else element


def _is_name_before_date(first: HtmlElement, box: HtmlElement) -> bool:
    """Return whether *first*, which *box* begins with, is a name, and in one box with it the date."""
    name = first.text_content().strip() if not (box.text or "").strip() else ""
    rest = box.text_content().replace(name, "", 1)
    return bool(name) and any(map(str.isdigit, rest)) and not any(map(str.isdigit, name))


def _names_author(element: HtmlElement) -> bool:
    return names_of(element).author <= 1 or is_member_link(element)


def is_member_link(element: HtmlElement) -> bool:
    """Return whether *element* links to a member's own page on the site."""
    return element.tag == "a" and _leads_to_member((element.get("href") or "")[:LONGEST_ADDRESS])


@lru_cache(maxsize=1024)  # each link of a page is asked several times
def _leads_to_member(href: str) -> bool:
    return bool(_MEMBER.search(href))


def author_url(element: HtmlElement | None, base: str) -> str | None:
    """Return the author's own page that *element* links to; never a mail or avatar address."""
    if element is None:
        return None
    links = [element, *element.iterancestors("a")][:2] if element.tag != "a" else [element]
    for link in (*links, *element.iter("a")):
        href = link.get("href") if link.tag == "a" else None
        if href and not _PRIVATE.search(href):
            address = absolute(base, href)
            return (
                None
                if address is None or "#comment" in address or "#respond" in address
                else address
            )
    return None


def absolute(base: str, href: str) -> str | None:
    """Return *href* as a web address, None where it is none: "http://[een naam]" is what some
    readers leave as their site.
    """
    if href.startswith("#"):
        return base.partition("#")[0] + href
    if href.startswith("/") and not href.startswith("//"):
        return _origin(base) + href[:2000]
    if href.startswith(("http://", "https://")) and "[" not in href:
        return href[:2000]
    try:
        parts = urlsplit(href if href.startswith(("http://", "https://")) else urljoin(base, href))
    except ValueError:
        return None
    return parts.geturl()[:2000] if parts.scheme in {"http", "https"} else None


@lru_cache(maxsize=64)
def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"
