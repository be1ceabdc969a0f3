"""One pass over a page's tree: its elements in document order, and by the names that they bear."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Index:
    """Elements in document order, by class token, by folded id ("comment-12" is "comment-#"), by schema.org type and by tag of their own.

    *place* is an element's number in *elements*: a subtree is a slice. *classes* holds the elements of each class attribute as written.
    """

    elements: Sequence[HtmlElement]
    place: dict[HtmlElement, int]
    classes: dict[str, list[HtmlElement]]
    by_class: dict[str, list[HtmlElement]]
    by_id: dict[str, list[HtmlElement]]
    by_type: dict[str, list[HtmlElement]]
    by_tag: dict[str, list[HtmlElement]]

    def end(self, element: HtmlElement) -> int:
        """Return the place right after the last element inside *element*."""
        current: HtmlElement | None = element
        while current is not None:
            following = current.getnext()
            while following is not None:
                place = self.place.get(following)
                if place is not None:
                    return place
                following = following.getnext()
            current = current.getparent()
        return len(self.elements)


def index_tree(tree: HtmlElement) -> Index:
    """Return the index of *tree*; class tokens and ids are lower-cased, digits folded."""
    elements = list(tree.iter("*"))
    classes: dict[str, list[HtmlElement]] = {}
    ids: dict[str, list[HtmlElement]] = {}
    types: dict[str, list[HtmlElement]] = {}
    tags: dict[str, list[HtmlElement]] = {}
    for element in elements:
        named = element.keys()
        if named:
            if "class" in named and (names := element.get("class")):
                classes.setdefault(names, []).append(element)
            if "id" in named and (identity := element.get("id")):
                ids.setdefault(_folded(identity), []).append(element)
            if "itemtype" in named and (kind := element.get("itemtype")):
                types.setdefault(kind.rstrip("/").rpartition("/")[2].lower(), []).append(element)
        tag = str(element.tag)
        if "-" in tag:
            tags.setdefault(tag, []).append(element)
    place = dict(zip(elements, range(len(elements)), strict=True))
    return Index(elements, place, classes, _by_token(classes, place), ids, types, tags)


@lru_cache(maxsize=8192)
def _folded(identity: str) -> str:
    return _DIGITS.sub("#", identity.lower().strip())


@lru_cache(maxsize=8192)
def _tokens(names: str) -> frozenset[str]:
    return frozenset(_DIGITS.sub("#", name) for name in names.lower().split())


def _by_token(classes: dict[str, list[HtmlElement]], place: dict[HtmlElement, int]) -> dict[str, list[HtmlElement]]:
    found: dict[str, list[HtmlElement]] = {}
    mixed: set[str] = set()
    for names, elements in classes.items():
        for token in _tokens(names):
            if token in found:
                mixed.add(token)
                found[token] += elements
            else:
                found[token] = list(elements)
    for token in mixed:
        found[token].sort(key=place.__getitem__)
    return found
