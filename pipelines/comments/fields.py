"""The fields of one record: who wrote it, when, what, under which id."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from lxml.html import HtmlElement

from pipelines.block_text import block_text
from pipelines.comments.byline import author_url, find_author, find_date, is_author, is_date, is_label
from pipelines.comments.zone import Zone, tokens
from pipelines.dates import DutchDate

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
    r"avatar|gravatar|signature|handtekening|edited|bewerkt|last-?edit(?:ed)?|footer|voet|permalink|report|meld|moderation|badge|says|"
    r"awaiting-moderation|edit-link|comment-edit|usericon|rank|rang|postprofile|userinfo|in-reply-to|reactie__op)(?:$|[-_\s])",
    re.IGNORECASE,
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


def read_fields(zone: Zone, base: str, now: datetime) -> Fields:
    """Return the fields of the record in *zone*; *now* is the moment from which "gisteren" counts."""
    body = _find_text(zone)
    head = [element for element in zone.elements if body is None or not _inside(element, body)]
    dated = find_date(head, now)
    author_element, author = find_author(zone, head, dated)
    text = _read_text(zone, body, author_element, dated.element)
    withheld = bool(_WITHHELD.match(text)) or (not text and author is not None and dated.date is not None)
    return Fields(
        author=author,
        author_url=author_url(author_element, base),
        is_staff=bool(_STAFF.search(zone.record.get("class") or "")),
        date=dated.date,
        date_source=dated.source,
        text=text,
        status="withheld" if withheld else "visible",
        source_id=source_id(zone.record),
        url=_permalink(zone, head, base),
    )


def _inside(element: HtmlElement, ancestor: HtmlElement) -> bool:
    return element is ancestor or any(parent is ancestor for parent in element.iterancestors())


def _find_text(zone: Zone) -> HtmlElement | None:
    """Return the element that holds the record's words, the outermost of the best class; None when no class tells."""
    for pattern in _TEXT:
        for element in zone.elements[1:]:
            names = tokens(element)
            if any(pattern.search(name) for name in names) and not any(_NO_TEXT.search(name) for name in names):
                holds_author = any(is_author(inner) for inner in element.iter("*") if inner is not element)
                if not (holds_author and pattern is not _TEXT[0]):
                    return element
    return None


def _read_text(zone: Zone, body: HtmlElement | None, author: HtmlElement | None, date: HtmlElement | None) -> str:
    skip = set(zone.nested)
    if body is None:
        skip |= {element for element in (author, date) if element is not None}
        skip |= set(_headers(zone, author, date))
    root = body if body is not None else zone.record
    skip |= {element for element in (zone.elements if root is zone.record else root.iter("*")) if _is_furniture(element, root)}
    said = block_text(root, skip).split("\n\n")
    blocks = [block for block in said if not is_label(block.strip())]
    if body is not None and not blocks:
        blocks = said  # a comment may be one word that is a button's elsewhere
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
            names = tokens(parent)
            short = len(parent.text_content()) < 200
            if parent.tag in {"header", "footer", "cite", "dt"} or (
                short and (is_author(parent) or is_date(parent) or any(_META.search(name) for name in names))
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


def _permalink(zone: Zone, head: Sequence[HtmlElement], base: str) -> str | None:
    number = source_id(zone.record)
    for element in head:
        href = element.get("href") if element.tag == "a" else None
        if href and number and "#" in href and number in href.partition("#")[2] and "replytocom" not in href:
            return urljoin(base, href)[:2000]
    return None
