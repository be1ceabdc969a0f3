"""The fields of one record: who wrote it, when, what, under which id."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipelines.block_text import block_text, is_invisible
from pipelines.dates import DutchDate, parse_date

LONGEST_NAME = 80
LONGEST_DATE = 100
DIGITS_OF_A_DATE = 6  # an attribute with fewer is a clock or a relative text, and what the reader sees says more

# Class tokens (and itemprop values) that name a field, best first.
_AUTHOR = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:fn|author-name|comment[-_]?author[-_]?(?:name|link)|wp-block-comment-author-name|wpd-comment-author|creator)$",
        r"^(?:author|auteur|commenter|comment(?:er)?[-_]?name|user-?name|nick(?:name)?|userlink|poster|reactie[-_]+(?:naam|lid|auteur))$",
        r"(?:^|[-_])(?:author|auteur|naam|name|user(?:name)?|nickname|poster|schrijver|afzender|lid)(?:$|[-_])",
        r"^(?:vcard|comment-meta-author|comment-author)$",
    )
)
_DATE = re.compile(
    r"(?:^|[-_])(?:date|datum|time|tijd(?:stip)?|published|timestamp|when|ago|moment)(?:$|[-_])|^(?:date|datum|published|postdate)|datecreated|datepublished",
    re.IGNORECASE,
)
_META = re.compile(r"meta|header|kop$|info|byline|details|head$", re.IGNORECASE)
_TEXT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:comment-content|wp-block-comment-content|comment[-_]?text|wpd-comment-text|wc-comment-text|commenttext|dsq-comment-text)$",
        r"(?:^|[-_])(?:tekst|text|bericht|inhoud|messagetext|commentbody)$|reactiecontent|^ipstype_richtext$",
        r"(?:^|[-_])(?:content|body|message|bbwrapper|post_?body|entry)$",
    )
)
_NO_TEXT = re.compile(
    r"(?:^|[-_\s])(?:reply|replies|beantwoord|reageer|answer|acties?|actions?|buttons?|tools?|knoppen|share|like|vote|votes?|rating|"
    r"avatar|gravatar|signature|handtekening|edited|bewerkt|lastedited|footer|voet|permalink|report|meld|moderation|badge|says|"
    r"awaiting-moderation|edit-link|comment-edit|usericon|rank|rang|postprofile|userinfo|in-reply-to|reactie__op)(?:$|[-_\s])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:(?:beantwoord(?:en)?|reageer(?: op dit bericht)?|reageren|antwoord(?:en)?|reply|citeer|quote|rapporteer|meld(?: misbruik)?|"
    r"permalink|link|bewerk(?:en)?|edit|delete|verwijder(?:en)?|deel|like|vind ik leuk|says|zegt|op|om|#?\d+|\(\d+\))[\s:.|•·-]*)+$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"[\s,]*\b(?:zegt|schreef|schrijft|reageerde|zei|says|said|wrote|sagt|dijo|a dit|dit)\b(?:\s+(?:op|on|het volgende)\b.*)?\s*:?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_BY = re.compile(
    r"^\s*(?:(?:geplaatst|geschreven|ingezonden|gepost|reactie|posted|written)\s+)?(?:door|van|by)\s*:?\s+", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+")
_WITHHELD = re.compile(
    r"^\W*(?:(?:deze|dit|this)\s+)?(?:reactie|bericht|comment|post)?\s*(?:is|werd|was|has been)?\s*"
    r"(?:verwijderd|gemodereerd|removed|deleted|verborgen)\b.{0,60}$",
    re.IGNORECASE | re.DOTALL,
)
_STAFF = re.compile(
    r"(?:^|\s)(?:bypostauthor|is-author|by-author|comment-by-author|redactie|staff|moderator-post)(?:\s|$)", re.IGNORECASE
)
_PRIVATE = re.compile(r"^mailto:|gravatar\.com|/avatar", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fields:
    """What one record says, before it is placed in the thread."""

    author: str | None
    author_url: str | None
    is_staff: bool
    date: DutchDate | None
    date_source: str | None
    text: str
    status: str
    source_id: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Zone:
    """A record's own elements: its subtree without the records nested in it."""

    record: HtmlElement
    elements: tuple[HtmlElement, ...]
    nested: Set[HtmlElement]


def zone_of(record: HtmlElement, records: Set[HtmlElement]) -> Zone:
    """Return the zone of *record* among all *records*; lists that hold only nested records are left out with them."""
    own: list[HtmlElement] = []
    nested: set[HtmlElement] = set()
    walk = etree.iterwalk(record, events=("start",))
    for _event, element in walk:
        if element is not record and element in records:
            nested.add(element)
            walk.skip_subtree()
        elif isinstance(element.tag, str) and (element is record or not is_invisible(element)):
            own.append(element)
        else:
            walk.skip_subtree()
    return Zone(record, tuple(own), nested)


def read_fields(zone: Zone, base: str, now: datetime) -> Fields:
    """Return the fields of the record in *zone*; *now* is the moment from which "gisteren" counts."""
    body = _find_text(zone)
    head = [element for element in zone.elements if body is None or not _inside(element, body)]
    date_element, date, source = _find_date(head, now)
    author_element, author = _find_author(zone, head, date_element)
    text = _read_text(zone, body, author_element, date_element)
    withheld = bool(_WITHHELD.match(text)) or (not text and author is not None and date is not None)
    return Fields(
        author=author,
        author_url=_author_url(author_element, base),
        is_staff=bool(_STAFF.search(zone.record.get("class") or "")),
        date=date,
        date_source=source,
        text="" if withheld else text,
        status="withheld" if withheld else "visible",
        source_id=source_id(zone.record),
        url=_permalink(zone, head, base),
    )


def _tokens(element: HtmlElement) -> list[str]:
    return [*(element.get("class") or "").split(), *(element.get("itemprop") or "").split()]


def _inside(element: HtmlElement, ancestor: HtmlElement) -> bool:
    return element is ancestor or any(parent is ancestor for parent in element.iterancestors())


def _find_text(zone: Zone) -> HtmlElement | None:
    """Return the element that holds the record's words, the outermost of the best class; None when no class tells."""
    for pattern in _TEXT:
        for element in zone.elements[1:]:
            names = _tokens(element)
            if any(pattern.search(name) for name in names) and not any(_NO_TEXT.search(name) for name in names):
                holds_author = any(_is_author(inner) for inner in element.iter("*") if inner is not element)
                if not (holds_author and pattern is not _TEXT[0]):
                    return element
    return None


def _is_author(element: HtmlElement) -> bool:
    return any(pattern.search(name) for pattern in _AUTHOR[:2] for name in _tokens(element))


def _find_date(head: list[HtmlElement], now: datetime) -> tuple[HtmlElement | None, DutchDate | None, str | None]:
    """Return the record's date: an attribute of a time element or a dated element first, then the first short text that is one."""
    for element in head:
        for name in ("datetime", "data-time", "data-date", "data-timestamp"):
            value = element.get(name)
            if value and sum(map(str.isdigit, value)) >= DIGITS_OF_A_DATE:
                date = parse_date(value, reference=now)
                if date is not None:
                    return element, _as_shown(date, element), "attribute"
    named = [element for element in head if any(_DATE.search(name) for name in _tokens(element))]
    for element in named:
        value = element.get("title") or element.get("content") or ""
        date = parse_date(value, reference=now) if sum(map(str.isdigit, value)) >= DIGITS_OF_A_DATE else None
        if date is not None:
            return element, date, "attribute"
    for element in (*named, *(element for element in head if element not in named)):
        text = " ".join(element.text_content().split()) if len(element) < 12 else ""
        if 2 < len(text) <= LONGEST_DATE:
            date = parse_date(text, reference=now)
            if date is not None:
                return _innermost_date(element, date, now), date, "text"
    return None, None, None


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


def _find_author(zone: Zone, head: list[HtmlElement], date_element: HtmlElement | None) -> tuple[HtmlElement | None, str | None]:
    declared = zone.record.get("data-author") or zone.record.get("data-username")
    for pattern in _AUTHOR:
        for element in head:
            if element is not zone.record and any(pattern.search(name) for name in _tokens(element)):
                name = _name(element, date_element)
                if name:
                    return element, declared or name
    for element in head:
        if element.tag in {"cite", "strong", "b", "h3", "h4", "h5", "h6", "dt"} or element.get("rel") == "nofollow":
            name = _name(element, date_element)
            if name and len(name) <= 50 and not _LABEL.match(name):
                return element, declared or name
    for element in head:
        if element.tag == "meta" and element.get("itemprop") in {"name", "author"} and element.get("content"):
            return element, element.get("content")
    return None, declared


def _name(element: HtmlElement, date_element: HtmlElement | None) -> str | None:
    """Return the name in *element*, without the words around it; None when it holds none."""
    skip = {date_element} if date_element is not None and date_element is not element else set()
    text = " ".join(block_text(element, skip).split("\n")[0].split())
    text = _BY.sub("", _SAYS.sub("", text)).strip(" :,|•·–—-")
    if not text or len(text) > LONGEST_NAME or _LABEL.match(text):
        return None
    return text


def _author_url(element: HtmlElement | None, base: str) -> str | None:
    if element is None:
        return None
    links = [element, *element.iterancestors("a")][:2] if element.tag != "a" else [element]
    for link in (*links, *element.iter("a")):
        href = link.get("href") if link.tag == "a" else None
        if href and not _PRIVATE.search(href) and urlsplit(urljoin(base, href)).scheme in {"http", "https"}:
            address = urljoin(base, href)
            return None if "#comment" in address else address[:2000]
    return None


def _read_text(zone: Zone, body: HtmlElement | None, author: HtmlElement | None, date: HtmlElement | None) -> str:
    skip = set(zone.nested)
    if body is None:
        skip |= {element for element in (author, date) if element is not None}
        skip |= set(_headers(zone, author, date))
    root = body if body is not None else zone.record
    skip |= {element for element in (zone.elements if root is zone.record else root.iter("*")) if _is_furniture(element, root)}
    blocks = [block for block in block_text(root, skip).split("\n\n") if not _LABEL.match(block.strip())]
    if body is None and blocks:
        blocks[0] = re.sub(r"^(?:zegt|schreef|says)?\s*:\s*", "", blocks[0], flags=re.IGNORECASE)
    return "\n\n".join(block for block in blocks if block).strip()


def _headers(zone: Zone, author: HtmlElement | None, date: HtmlElement | None) -> Iterator[HtmlElement]:
    """Yield the boxes that hold nothing but the byline: those classed so around author or date."""
    for element in (author, date):
        if element is None:
            continue
        for parent in element.iterancestors():
            if parent is zone.record:
                break
            names = _tokens(parent)
            short = len(parent.text_content()) < 200
            if parent.tag in {"header", "footer", "cite", "dt"} or (
                short and any(_META.search(n) or _DATE.search(n) or _is_author(parent) for n in names)
            ):
                yield parent


def _is_furniture(element: HtmlElement, root: HtmlElement) -> bool:
    if element is root:
        return False
    if element.tag in {"header", "dt"} or (element.tag == "footer"):
        return True
    names = element.get("class")
    if names and any(_NO_TEXT.search(name) for name in names.split()):
        return True
    if element.tag == "a":
        return "replytocom=" in (element.get("href") or "") or (element.get("href") or "").endswith("#respond")
    return False


def source_id(record: HtmlElement) -> str | None:
    """Return the site's own id of a record: its number, from an id, a data attribute or a numbered class."""
    for name in ("data-comment-id", "data-commentid", "data-reaction-id", "data-id", "data-post-id", "id", "class"):
        value = record.get(name) or ""
        if name == "class":
            value = " ".join(token for token in value.split() if re.fullmatch(r"(?:comment|reactie|post)[-_]\d+", token))
        numbers = _NUMBER.findall(value)
        if numbers:
            return str(numbers[0])
    inner = next(
        (e for e in record.iter("*") if re.fullmatch(r"(?:div-)?(?:comment|reactie|c)[-_]?\d+", e.get("id") or "")),
        None,
    )
    return None if inner is None else str(_NUMBER.findall(inner.get("id") or "")[0])


def _permalink(zone: Zone, head: list[HtmlElement], base: str) -> str | None:
    number = source_id(zone.record)
    for element in head:
        href = element.get("href") if element.tag == "a" else None
        if href and number and "#" in href and number in href.partition("#")[2] and "replytocom" not in href:
            return urljoin(base, href)[:2000]
    return None
