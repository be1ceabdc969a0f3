"""One pass over a page's tree: its elements in document order, and by the names that they bear."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lxml.html import HtmlElement

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Index:
    """Elements in document order, by class attribute as written, by folded id ("comment-12" is
    "comment-#"), and by schema.org type.

    *place* is an element's number in *elements*: a subtree is a slice.
    """

    elements: Sequence[HtmlElement]
    place: dict[HtmlElement, int]
    classes: dict[str, list[HtmlElement]]
    by_id: dict[str, list[HtmlElement]]
    by_type: dict[str, list[HtmlElement]]

    @cached_property
    def headlines(self) -> list[int]:
        """The places of the page's headlines, its h1 elements."""
        return [self.place[headline] for headline in self.elements[0].iter("h1")]

    def holds_headline(self, element: HtmlElement) -> bool:
        """Return whether a headline is inside *element*."""
        following = bisect_right(self.headlines, self.place[element])
        return following < len(self.headlines) and self.headlines[following] < self.end(element)

    @cached_property
    def class_words(self) -> str:
        """All class attributes in lower case, each on a line."""
        return "\n".join(self.classes).lower()

    def by_class(self, tokens: Set[str]) -> dict[str, list[HtmlElement]]:
        """Return the elements that bear each of *tokens*, lower-cased and with digits folded, in
        document order.
        """
        found: dict[str, list[HtmlElement]] = {}
        mixed: set[str] = set()
        for names, elements in self.classes.items():
            if _tokens(names).isdisjoint(tokens):
                continue
            for token in _tokens(names) & tokens:
                if token in found:
                    mixed.add(token)
                found[token] = found.get(token, []) + elements
        for token in mixed:
            found[token].sort(key=self.place.__getitem__)
        return found

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
    classes: dict[str, list[HtmlElement]] = defaultdict(list)
    ids: dict[str, list[HtmlElement]] = defaultdict(list)
    types: dict[str, list[HtmlElement]] = defaultdict(list)
    for element in elements:
        named = element.keys()
        if not named:
            continue
        if "class" in named and (names := element.get("class")):
            classes[names].append(element)
        if "id" in named and (identity := element.get("id")):
            ids[_folded(identity)].append(element)
        if "itemtype" in named and (kind := element.get("itemtype")):
            types[kind.rstrip("/").rpartition("/")[2].lower()].append(element)
    place = dict(zip(elements, range(len(elements)), strict=True))
    return Index(elements, place, classes, ids, types)


@lru_cache(maxsize=1024)
def without_numbers(text: str) -> str:
    """Return *text* with a # for each number in it: what is left is alike where only numbers
    differ.
    """
    return _DIGITS.sub("#", text)


def _folded(identity: str) -> str:
    return without_numbers(identity.lower().strip())


@lru_cache(maxsize=1024)
def _tokens(names: str) -> frozenset[str]:
    return frozenset(without_numbers(name) for name in names.lower().split())
