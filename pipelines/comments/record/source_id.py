"""The site's own id of a comment, as its markup or an address shows it."""

import re
from collections.abc import Iterable
from itertools import islice

from lxml.html import HtmlElement

from pipelines.comments.record.vocabulary import is_label

SHORTEST_HASH = 14
MOST_ANCHORS = 41  # elements at a record's head that may be its anchor
_ATTRIBUTES = ("data-comment-id", "data-commentid", "data-reaction-id", "data-comment", "data-id", "data-post-id", "data-pid", "data-node-id", "data-questionid", "data-answerid", "data-fullname", "id", "class")  # fmt: skip
_RANKS = {name: rank for rank, name in enumerate(_ATTRIBUTES)}
_NUMBERED = re.compile(r"(?:comment|reactie|post)[-_]\d+")
_INNER = re.compile(
    r"(?:div-|li-)?(?:comment|reactie|reaction|c|p|post|msg|pid)[-_]?(?:\d+|[0-9a-f]{14,})(?:[-_]?anchor)?",
    re.IGNORECASE,
)
_NUMBERED_AT_END = re.compile(r"^[a-z_: -]*\d+(?:[_:-]\d+)*(?:[_-]?[a-z]+)?$", re.IGNORECASE)
_FRAGMENT = re.compile(
    r"#(?:li-|div-)?(?:comment|reactie|reaction|c|r|post|p|bericht|message|msg|entry|findComment)?[-_]?(\d+|[0-9a-f]{14,})$",
    re.IGNORECASE,
)
# A letter before digits alone ("c123...") is no part of a hash, though one could begin so.
_LONG = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{20,27}"
    r"|(?<![0-9a-z])(?![a-f]\d+(?![0-9a-f]))(?=[0-9a-f]*\d)[0-9a-f]{14,}",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")


def source_id(record: HtmlElement) -> str | None:
    """Return the site's own id of *record*: its number or hash, from an attribute, a numbered class
    or an anchor at its head.
    """
    for name in sorted(_RANKS.keys() & record.keys(), key=_RANKS.__getitem__):
        value = record.get(name) or ""
        if name == "class":
            value = " ".join(token for token in value.split() if _NUMBERED.fullmatch(token))
        if _NUMBERED_AT_END.search(value) or _LONG.search(value):
            return id_in(value)
    return _anchored(record)


def linked_id(dated: HtmlElement | None, head: Iterable[HtmlElement]) -> str | None:
    """Return the id in the address that a comment's date, or a mark such as "#12" in its *head*,
    links to; None when it links to none.
    """
    for link in (dated, *dated.iterancestors("a"), *dated.iter("a")) if dated is not None else ():
        found = _fragment(link)
        if found:
            return found
    for link in head:
        found = _fragment(link)
        if found and (not (text := link.text_content().strip()) or is_label(text)):
            return found
    return None


def _fragment(link: HtmlElement) -> str | None:
    href = link.get("href") if link.tag == "a" else None
    found = _FRAGMENT.search(href) if href and "reply" not in href else None
    return found[1] if found else None


def id_in(value: str) -> str | None:
    """Return the id in *value*: a UUID or hash whole, else the first number; None when there is
    none.
    """
    found = (_LONG.search(value) if len(value) >= SHORTEST_HASH else None) or _NUMBER.search(value)
    return found[0] if found else None


def _anchored(record: HtmlElement) -> str | None:
    for element in islice(record.iter("*"), MOST_ANCHORS):
        name = element.get("id") or (element.get("name") if element.tag == "a" else None)
        if name and _INNER.fullmatch(name):
            return id_in(name)
    before = record.getprevious()
    if before is None or before.tag != "a":
        return None
    name = before.get("id") or before.get("name") or ""
    return id_in(name) if _INNER.fullmatch(name) else None
