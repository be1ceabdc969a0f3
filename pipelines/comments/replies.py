"""Replies: which comment answers which, by the strongest evidence that the page gives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.comments.fields import source_id
from pipelines.comments.zone import Zone

_PARENT_ATTRIBUTES = (
    "data-parent-id",
    "data-parent-comment-id",
    "data-parentid",
    "data-parent",
    "data-reply-to",
    "data-in-reply-to",
)
_TARGET = re.compile(r"#(?:li-|div-)?(?:comment|reactie|reaction|c|r|post|p|bericht|message)?[-_]?(\d+)$", re.IGNORECASE)
_REPLY_WORDS = re.compile(r"in reactie op|in antwoord op|in reply to|als reactie op|antwoord op|reactie op|@|↩|↳", re.IGNORECASE)
_REPLY_CLASS = re.compile(r"(?:^|[-_])(?:op|reply-?to|replyto|parent|in-reply-to|antwoord-?op)(?:$|[-_\s])", re.IGNORECASE)
_REPLY_LISTS = re.compile(
    r"(?:^|[-_\s])(?:children|replies|nested|subcomments|sub-comments|antwoorden|thread-children|reacties-op)(?:$|[-_\s])",
    re.IGNORECASE,
)
_DEPTH = re.compile(r"(?:^|\s)(?:[\w-]*(?:depth|level|niveau|indent|diepte))[-_]?(\d+)(?:\s|$)", re.IGNORECASE)
_DEPTH_ATTRIBUTES = ("data-depth", "data-level", "data-niveau", "aria-level")
_MENTION = re.compile(r"^@\s?([\w .'’-]{2,40}?)(?:[,:]|\s{2,}|\n|$)")
_MARGIN = re.compile(r"margin-left\s*:\s*(\d+)(px|em|rem|%)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parent:
    """A comment's parent: its place in the thread, or the site's own id where it stands on another page."""

    position: int | None
    source_id: str | None
    how: str


def find_parents(zones: Sequence[Zone], authors: Sequence[str | None], texts: Sequence[str]) -> list[Parent | None]:
    """Return the parent of each record; a parent always stands before its reply or is named by it, never in a circle."""
    places = {zone.record: position for position, zone in enumerate(zones)}
    ids = [source_id(zone.record) for zone in zones]
    by_id = {identity: position for position, identity in reversed(list(enumerate(ids))) if identity}
    depths = [_depth(zone.record) for zone in zones]
    parents: list[Parent | None] = []
    for position, zone in enumerate(zones):
        parent = (
            _by_attribute(zone, by_id)
            or _by_nesting(zone, places)
            or _by_link(zone, by_id, ids[position])
            or _by_reply_list(zone, places)
        )
        parents.append(parent)
    if not any(parents):
        parents = [_by_depth(position, depths) for position in range(len(zones))]
    if not any(parents):
        parents = [_by_mention(position, authors, texts) for position in range(len(zones))]
    return _without_circles(parents)


def _by_attribute(zone: Zone, by_id: dict[str, int]) -> Parent | None:
    for name in _PARENT_ATTRIBUTES:
        value = re.search(r"\d+", zone.record.get(name) or "")
        if value and value[0] != "0":
            return Parent(by_id.get(value[0]), value[0], "attribute")
    return None


def _by_nesting(zone: Zone, places: dict[HtmlElement, int]) -> Parent | None:
    for ancestor in zone.record.iterancestors():
        if ancestor in places:
            return Parent(places[ancestor], source_id(ancestor), "nesting")
    return None


def _by_link(zone: Zone, by_id: dict[str, int], own: str | None) -> Parent | None:
    """Return the parent that a link such as "In reactie op Jan" points to."""
    for link in zone.elements:
        href = link.get("href") if link.tag == "a" else None
        target = _TARGET.search(href) if href else None
        if target is None or target[1] == own or "replytocom" in (href or ""):
            continue
        box = link.getparent()
        around = " ".join(part or "" for part in (box.text if box is not None else "", link.text_content()))[-120:]
        if _REPLY_WORDS.search(around) or _REPLY_CLASS.search(link.get("class") or ""):
            return Parent(by_id.get(target[1]), target[1], "link")
    return None


def _by_reply_list(zone: Zone, places: dict[HtmlElement, int]) -> Parent | None:
    """Return the record that stands right before the list of replies that holds this one."""
    for level, ancestor in enumerate(zone.record.iterancestors()):
        if level > 3:
            return None
        if not _REPLY_LISTS.search(ancestor.get("class") or ""):
            continue
        before = ancestor.getprevious()
        while before is not None and not isinstance(before.tag, str):
            before = before.getprevious()
        if before is None:
            return None
        record = before if before in places else next((inner for inner in before.iter("*") if inner in places), None)
        return None if record is None else Parent(places[record], source_id(record), "nesting")
    return None


def _depth(record: HtmlElement) -> int | None:
    for name in _DEPTH_ATTRIBUTES:
        value = record.get(name)
        if value and value.isdigit():
            return int(value)
    match = _DEPTH.search(record.get("class") or "")
    if match:
        return int(match[1])
    margin = _MARGIN.search(record.get("style") or "")
    return int(margin[1]) if margin else None


def _by_depth(position: int, depths: Sequence[int | None]) -> Parent | None:
    """Return the last record before *position* that is less deep."""
    depth = depths[position]
    if depth is None:
        return None
    for before in range(position - 1, -1, -1):
        other = depths[before]
        if other is not None and other < depth:
            return Parent(before, None, "depth")
    return None


def _by_mention(position: int, authors: Sequence[str | None], texts: Sequence[str]) -> Parent | None:
    """Return the last comment of the one who is addressed with "@Naam": a guess, and marked as one."""
    match = _MENTION.match(texts[position])
    if match is None:
        return None
    wanted = match[1].strip().lower()
    for before in range(position - 1, -1, -1):
        if (authors[before] or "").lower() == wanted:
            return Parent(before, None, "guess")
    return None


def _without_circles(parents: list[Parent | None]) -> list[Parent | None]:
    for position in range(len(parents)):
        met = {position}
        parent = parents[position]
        while parent is not None and parent.position is not None:
            if parent.position in met:
                parents[position] = None
                break
            met.add(parent.position)
            parent = parents[parent.position]
    return parents
