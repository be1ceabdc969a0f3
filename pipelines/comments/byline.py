"""Who wrote a record and when: by the names of its elements first, then by its shape."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from pipelines.block_text import block_text
from pipelines.comments.zone import Zone, tokens
from pipelines.dates import DutchDate, parse_date

LONGEST_NAME = 80
LONGEST_SHORT_NAME = 50
LONGEST_DATE = 100
DIGITS_OF_A_DATE = 6  # an attribute with fewer is a clock or a relative text, and what the reader sees says more

# Class tokens (and itemprop values) that name a field, best first.
_AUTHOR = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:fn|author-name|comment[-_]?author[-_]?(?:name|link)|wp-block-comment-author-name|wpd-comment-author|creator|dsq-author-user-\d+|username(?:-coloured)?)$",
        r"^(?:author|auteur|commenter|comment(?:er)?[-_]?name|user-?name|nick(?:name)?|userlink|poster|reactie[-_]+(?:naam|lid|auteur))$",
        r"(?:^|[-_])(?:author|auteur|naam|name|user(?:name)?|nickname|poster|schrijver|afzender|lid)(?:$|[-_])",
        r"^(?:vcard|comment-meta-author|comment-author)$",
    )
)
_DATE = re.compile(
    r"(?:^|[-_])(?:date|datum|time|tijd(?:stip)?|published|timestamp|when|ago|moment)(?:$|[-_])|^(?:date|datum|published|postdate)|datecreated|datepublished",
    re.IGNORECASE,
)
_OTHER_DATE = re.compile(
    r"^\W*(?:joined|member since|registered|registratie|geregistreerd|lid sinds|lid geworden|laatst online|last (?:seen|online|visit|edited)|laatst (?:bewerkt|gewijzigd|aangepast)|bewerkt|edited|updated|gewijzigd)\b",
    re.IGNORECASE,
)
_PROFILE = re.compile(r"profile|userinfo|user-info|user_?details|joined|signature|handtekening|edited|bewerkt", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:(?:beantwoord(?:en)?|reageer(?: op dit bericht)?|reageren|antwoord(?:en)?|reply|citeer|quote|rapporteer|meld(?: misbruik)?|"
    r"permalink|link|bewerk(?:en)?|edit|delete|verwijder(?:en)?|deel|like|vind ik leuk|says|zegt|op|om|#?\d+|\(\d+\))[\s:.|•·-]*)+$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"[\s,]*\b(?:zegt|schreef|schrijft|reageerde|zei|says|said|wrote|sagt|schrieb|dijo|a dit|dit|écrit)\b(?:\s+(?:op|on|het volgende)\b.*)?\s*:?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_BY = re.compile(
    r"^\s*(?:(?:geplaatst|geschreven|ingezonden|gepost|reactie|posted|written|post)\s*)?(?:door|van|by)\s*:?\s+", re.IGNORECASE
)
_ADDRESS_FIRST = re.compile(r"^https?://\S+\s+(?=\S)")
_PRIVATE = re.compile(r"^mailto:|gravatar\.com|/avatar", re.IGNORECASE)
_NAME_TAGS = frozenset({"cite", "strong", "b", "h3", "h4", "h5", "h6", "dt"})


@dataclass(frozen=True, slots=True)
class Dated:
    """A record's date and the element that says it; all None when it shows none. *source* is "attribute" or "text"."""

    element: HtmlElement | None = None
    date: DutchDate | None = None
    source: str | None = None


def is_author(element: HtmlElement) -> bool:
    """Tell whether a name of *element* says that it holds the author."""
    return any(pattern.search(name) for pattern in _AUTHOR[:2] for name in tokens(element))


def is_date(element: HtmlElement) -> bool:
    """Tell whether a name of *element* says that it holds a date."""
    return any(_DATE.search(name) for name in tokens(element))


def is_label(text: str) -> bool:
    """Tell whether *text* is but a button's: "Beantwoorden", "#12"."""
    return bool(_LABEL.match(text))


def find_date(head: Sequence[HtmlElement], now: datetime) -> Dated:
    """Return the date in *head*: an attribute of a time element or a dated element first, then the first short text that is one."""
    for element in head:
        for name in ("datetime", "data-time", "data-date", "data-timestamp"):
            date = _stated(element.get(name), now)
            if date is not None:
                return Dated(element, _as_shown(date, element), "attribute")
    named = [element for element in head if is_date(element)]
    for element in named:
        date = _stated(element.get("title") or element.get("content"), now)
        if date is not None:
            return Dated(element, date, "attribute")
    taken = set(named)
    for element in (*named, *(element for element in head if element not in taken and not _is_profile(element))):
        text = " ".join(element.text_content().split()) if len(element) < 12 else ""
        if 2 < len(text) <= LONGEST_DATE and not _OTHER_DATE.match(text):
            date = parse_date(text, reference=now)
            if date is not None:
                return Dated(_innermost_date(element, date, now), date, "text")
    return Dated()


def _is_profile(element: HtmlElement) -> bool:
    """Tell whether *element* stands in a forum member's profile, or tells of an edit."""
    return any(_PROFILE.search(box.get("class") or "") for box in (element, *_near(element)))


def _near(element: HtmlElement) -> Iterator[HtmlElement]:
    for level, ancestor in enumerate(element.iterancestors()):
        if level == 2:
            return
        yield ancestor


def _stated(value: str | None, now: datetime) -> DutchDate | None:
    if not value or sum(map(str.isdigit, value)) < DIGITS_OF_A_DATE:
        return None
    return parse_date(value, reference=now)


def _as_shown(date: DutchDate, element: HtmlElement) -> DutchDate:
    """Return *date* with the text that the reader sees as its raw text."""
    shown = " ".join(element.text_content().split())
    return DutchDate(date.moment, date.precision, shown[:LONGEST_DATE] or date.raw)


def _innermost_date(element: HtmlElement, date: DutchDate, now: datetime) -> HtmlElement:
    """Return the smallest element inside *element* that says the same date, so that a name beside it is not lost."""
    current, found = element, True
    while found:
        found = False
        for child in current:
            said = parse_date(" ".join(child.text_content().split()), reference=now) if isinstance(child.tag, str) else None
            if said is not None and said.moment == date.moment:
                current, found = child, True
                break
    return current


def find_author(zone: Zone, head: Sequence[HtmlElement], dated: Dated) -> tuple[HtmlElement | None, str | None]:
    """Return the element that names the author of the record in *zone*, and the name; None for what is not there."""
    declared = zone.record.get("data-author") or zone.record.get("data-username")
    for pattern in _AUTHOR:
        for element in head:
            if element is not zone.record and any(pattern.search(name) for name in (*tokens(element), element.get("id") or "")):
                name = _name(element, dated.element)
                if name:
                    return element, declared or name
    for element in head:
        if element.tag in _NAME_TAGS or element.get("rel") == "nofollow":
            name = _name(element, dated.element)
            if name and len(name) <= LONGEST_SHORT_NAME and not _holds(element, dated.element):
                return element, declared or name
    for element in head:
        if element.tag == "meta" and element.get("itemprop") in {"name", "author"} and element.get("content"):
            return element, element.get("content")
    return None, declared


def _holds(element: HtmlElement, inner: HtmlElement | None) -> bool:
    return inner is not None and (inner is element or any(parent is element for parent in inner.iterancestors()))


def _name(element: HtmlElement, date_element: HtmlElement | None) -> str | None:
    """Return the name in *element*, without the words around it; None when it holds none."""
    skip = {date_element} if date_element is not None and date_element is not element else set()
    text = " ".join(block_text(_narrowed(element), skip).split("\n")[0].split())
    text = _ADDRESS_FIRST.sub("", _BY.sub("", _SAYS.sub("", text))).strip(" :,|•·–—»-")
    if not text or len(text) > LONGEST_NAME or _LABEL.match(text):
        return None
    return text


def _narrowed(element: HtmlElement) -> HtmlElement:
    """Return the member's link in *element* where all else in it is a number, as a reputation beside a name, or a byline."""
    inner = [one for one in element.iter("*") if one is not element and (is_author(one) or _is_member_link(one))]
    if not inner:
        return element
    rest = element.text_content().replace(inner[0].text_content(), "", 1)
    return inner[0] if inner[0].text_content().strip() and (is_author(inner[0]) or not any(map(str.isalpha, rest))) else element


def _is_member_link(element: HtmlElement) -> bool:
    return element.tag == "a" and bool(re.search(r"profile|member|user|/u/", element.get("href") or ""))


def author_url(element: HtmlElement | None, base: str) -> str | None:
    """Return the author's own page that *element* links to; never a mail or avatar address."""
    if element is None:
        return None
    links = [element, *element.iterancestors("a")][:2] if element.tag != "a" else [element]
    for link in (*links, *element.iter("a")):
        href = link.get("href") if link.tag == "a" else None
        if href and not _PRIVATE.search(href) and urlsplit(urljoin(base, href)).scheme in {"http", "https"}:
            address = urljoin(base, href)
            return None if "#comment" in address else address[:2000]
    return None
