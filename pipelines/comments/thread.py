"""A page's thread: its comments, how many it declares, why some are missing, where the rest stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.comments.counts import declared_count, find_widget, gap_reason
from pipelines.comments.fields import Fields, read_fields
from pipelines.comments.index import index_tree
from pipelines.comments.markups import FORUMS, PINGBACK, Markup, find_groups
from pipelines.comments.pagination import comment_pages
from pipelines.comments.replies import Parent, find_parents
from pipelines.comments.structured import json_ld_comments
from pipelines.comments.zone import Zone, zone_of
from pipelines.document import Document
from storage.records import Comment

_AREA = re.compile(
    r"(?:comments?|reacties?|reactions|respond|reageren|commentaar|commentaren|discussie|disqus_thread|responses|replies)"
    r"|(?:comments?|reacties?|reactie)[-_](?:area|section|list|lijst|wrapper|container|block|form|respond|formulier|blok|sectie|title)"
    r"|(?:post|article|entry|wp-block|artikel)[-_]comments?|comment-?list|commentlist|comment-respond|comment-?form|reactieformulier"
    r"|wp-block-(?:comments|post-comments(?:-form)?)|fb-comments",
    re.IGNORECASE,
)
_EXCERPT = re.compile(r"^\[(?:…|\.\.\.)\].*\[(?:…|\.\.\.)\]$", re.DOTALL)  # what WordPress makes of a pingback
_PENDING = re.compile(r"wacht op (?:goedkeuring|moderatie)|awaiting moderation", re.IGNORECASE)
_NO_AREA_TAGS = frozenset({"html", "body", "article", "main", "a", "span", "li", "head", "link", "script", "h1"})
GOOD_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments of one page. *elements* are the subtrees that hold them, their form and navigation: no part of the article.

    *is_topic* says that this is a forum's topic, whose opening post is its first comment.
    """

    comments: tuple[Comment, ...] = ()
    declared: int | None = None
    pingbacks: int = 0
    gap_reason: str | None = None
    order: str | None = None
    system: str | None = None
    method: str | None = None
    page_urls: tuple[str, ...] = ()
    elements: tuple[HtmlElement, ...] = ()
    is_topic: bool = False


@dataclass(frozen=True, slots=True)
class _Reading:
    """One markup's reading of the page."""

    system: str
    zones: tuple[Zone, ...]
    fields: tuple[Fields, ...]
    pingbacks: int


def read_thread(document: Document) -> Thread:
    """Return the thread on the page of *document*; an empty one where there are no comments."""
    reading = _best_reading(document)
    comments = _comments(reading) if reading else ()
    stated = json_ld_comments(document.json_ld, document.fetched_at)
    if len(stated) > len(comments):
        comments = stated
    areas = _areas(document.tree, reading)
    declared = declared_count(areas, document.tree, document.json_ld)
    widget = find_widget(document.tree) if not comments else None
    pages = comment_pages(document.tree, areas, document.url)
    pingbacks = reading.pingbacks if reading else 0
    reason = gap_reason(declared, len(comments), pingbacks, paged=bool(pages), widget=widget is not None)
    return Thread(
        comments=comments,
        declared=declared,
        pingbacks=pingbacks,
        gap_reason=reason,
        order=_order(comments),
        system=reading.system if reading else widget,
        method=comments[0].method if comments else None,
        page_urls=pages,
        elements=areas,
        is_topic=reading is not None and reading.system in FORUMS,
    )


def _best_reading(document: Document) -> _Reading | None:
    """Return the reading of the known markup that yields most; of equals the one named first in the table."""
    best: _Reading | None = None
    for markup, elements in find_groups(index_tree(document.tree)):
        reading = _read_group(markup, elements, document)
        if reading is not None and (best is None or len(reading.fields) > len(best.fields)):
            best = reading
    return best


def _read_group(markup: Markup, elements: Sequence[HtmlElement], document: Document) -> _Reading | None:
    pingbacks = {element for element in elements if _is_pingback(element)}
    records = [
        element
        for element in elements
        if element not in pingbacks and not _is_pending(element) and (markup.least > 2 or element.find(".//h1") is None)
    ]
    among = set(elements)
    zones = [zone_of(record, among) for record in records]
    fields = [read_fields(zone, document.url, document.fetched_at) for zone in zones]
    read = [(zone, field) for zone, field in zip(zones, fields, strict=True) if field.text or field.status == "withheld"]
    kept = [(zone, field) for zone, field in read if not _EXCERPT.match(field.text)]
    attributed = sum(field.author is not None or field.date is not None for _zone, field in kept)
    if not kept or len(read) < GOOD_SHARE * len(records) or attributed < GOOD_SHARE * len(kept):
        return None
    certain = sum(field.author is not None and field.date is not None for _zone, field in kept)
    if markup.least > 1 and (len(kept) < markup.least or certain < GOOD_SHARE * len(kept)):
        return None
    return _Reading(
        markup.system,
        tuple(zone for zone, _f in kept),
        tuple(field for _z, field in kept),
        len(pingbacks) + len(read) - len(kept),
    )


def _is_pingback(element: HtmlElement) -> bool:
    """Tell whether a record, or the list item around it or the box in it, is classed as a pingback."""
    around = (element, element.getparent(), next(element.iterchildren("div", "article"), None))
    return any(box is not None and PINGBACK.search(box.get("class") or "") for box in around)


def _is_pending(element: HtmlElement) -> bool:
    return any("awaiting" in (e.get("class") or "") and _PENDING.search(e.text_content()[:300]) for e in element.iter("em", "p"))


def _comments(reading: _Reading) -> tuple[Comment, ...]:
    authors = [field.author for field in reading.fields]
    parents = find_parents(reading.zones, authors, [field.text for field in reading.fields])
    return tuple(_comment(field, parent, reading.system) for field, parent in zip(reading.fields, parents, strict=True))


def _comment(field: Fields, parent: Parent | None, method: str) -> Comment:
    return Comment(
        text=field.text,
        author=field.author,
        author_url=field.author_url,
        author_is_staff=field.is_staff,
        date_created=field.date.moment if field.date else None,
        date_created_raw=field.date.raw if field.date else None,
        date_created_precision=field.date.precision if field.date else None,
        date_created_source=field.date_source,
        source_id=field.source_id,
        url=field.url,
        parent_position=parent.position if parent else None,
        parent_source_id=parent.source_id if parent else None,
        parent_how=parent.how if parent else None,
        status=field.status,
        method=method,
    )


def _areas(tree: HtmlElement, reading: _Reading | None) -> tuple[HtmlElement, ...]:
    """Return the outermost elements that hold the thread, its form and its navigation, but never the article."""
    found = [element for element in tree.iter("*") if _is_area(element)]
    if reading is not None:
        found.append(_common_ancestor([zone.record for zone in reading.zones]))
    chosen = {element for element in found if not _holds_article(element)}
    if reading is not None:
        chosen |= {zone.record for zone in reading.zones}
    return tuple(
        element
        for element in sorted(chosen, key=lambda one: sum(1 for _ in one.iterancestors()))
        if not any(ancestor in chosen for ancestor in element.iterancestors())
    )


def _is_area(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in _NO_AREA_TAGS:
        return False
    names = [*(element.get("class") or "").split(), element.get("id") or ""]
    return any(name and _AREA.fullmatch(name) for name in names)


def _holds_article(element: HtmlElement) -> bool:
    if element.tag in {"html", "body", "main"} or (element.tag == "article" and element.find(".//h1") is not None):
        return True
    return element.find(".//h1") is not None


def _common_ancestor(records: Sequence[HtmlElement]) -> HtmlElement:
    first = records[0]
    chain = [first, *first.iterancestors()]
    shared = set(chain)
    for record in records[1:]:
        shared &= {record, *record.iterancestors()}
    common: HtmlElement = next(element for element in chain if element in shared)
    return common


def _order(comments: Sequence[Comment]) -> str | None:
    dates = [comment.date_created for comment in comments if comment.parent_position is None and comment.date_created]
    if len(dates) < 2 or dates[0] == dates[-1]:
        return None
    return "oldest" if dates[0] < dates[-1] else "newest"
