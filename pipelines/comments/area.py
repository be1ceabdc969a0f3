"""The subtrees that hold a thread, its form and its navigation: no part of the article."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from lxml.html import HtmlElement

from pipelines.comments.index import Index

_AREA = re.compile(
    r"(?:comments?|reacties?|reactions|respond|reageren|commentaar|commentaren|discussie|disqus_thread|responses|replies|comments-?app)"
    r"|(?:comments?|reacties?|reactie)[-_](?:area|section|list|lijst|wrapper|container|block|form|respond|formulier|blok|sectie|title|template|thread)"
    r"|(?:post|article|entry|wp-block|artikel|node)[-_]comments?|comment-?list|commentlist|reactielijst|comment-respond|comment-?form|reactieformulier"
    r"|wp-block-(?:comments|post-comments(?:-form)?)|fb-comments|wpdcom|wpd-thread-list|comments-list|kmt-wrap|idc-container",
    re.IGNORECASE,
)
_NO_AREA_TAGS = frozenset({"html", "body", "article", "main", "a", "span", "li", "head", "link", "script", "h1", "ins"})


def thread_areas(index: Index, records: Sequence[HtmlElement]) -> tuple[HtmlElement, ...]:
    """Return the outermost elements that hold the thread of *records*, its form and its navigation, but never the article."""
    found = [element for element in _named(index) if element.tag not in _NO_AREA_TAGS]
    if records:
        found.append(_common_ancestor(records))
    chosen = {element for element in found if not _holds_article(element, index)}
    chosen.update(records)
    outermost: list[HtmlElement] = []
    end = -1
    for place in sorted(index.place[element] for element in chosen):
        if place >= end:
            outermost.append(index.elements[place])
            end = index.end(index.elements[place])
    return tuple(outermost)


def _named(index: Index) -> Iterable[HtmlElement]:
    for names, elements in index.classes.items():
        if _is_area(names):
            yield from elements
    for identity, elements in index.by_id.items():
        if _is_area(identity):
            yield from elements


@lru_cache(maxsize=4096)
def _is_area(names: str) -> bool:
    return any(_AREA.fullmatch(name) for name in names.split())


def _holds_article(element: HtmlElement, index: Index) -> bool:
    return element.tag in {"html", "body", "main"} or index.holds_headline(element)


def _common_ancestor(records: Sequence[HtmlElement]) -> HtmlElement:
    """Return the innermost element that holds all of *records*: what its first and its last, and all between, share."""
    chain = [records[0], *records[0].iterancestors()]
    level = 0
    depth = {element: place for place, element in enumerate(chain)}
    for record in records[1:]:
        step: HtmlElement | None = record
        while step is not None and step not in depth:
            step = step.getparent()
        if step is not None:
            level = max(level, depth[step])
    return chain[level]
