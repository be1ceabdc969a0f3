"""One pass over a page's tree: elements by class token and by id with its digits folded, each with its place in the document."""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Index:
    """Elements in document order, by class token, by folded id ("comment-12" is "comment-#"), and by schema.org type."""

    place: dict[HtmlElement, int]
    by_class: dict[str, list[HtmlElement]]
    by_id: dict[str, list[HtmlElement]]
    by_type: dict[str, list[HtmlElement]]
    by_tag: dict[str, list[HtmlElement]]


def index_tree(tree: HtmlElement) -> Index:
    """Return the index of *tree*; class tokens and ids are lower-cased, digits folded."""
    index = Index({}, {}, {}, {}, {})
    for place, element in enumerate(tree.iter("*")):
        index.place[element] = place
        tag = str(element.tag)
        if "-" in tag:
            index.by_tag.setdefault(tag, []).append(element)
        names = element.get("class")
        if names:
            for token in set(names.lower().split()):
                index.by_class.setdefault(_DIGITS.sub("#", token), []).append(element)
        identity = element.get("id")
        if identity:
            index.by_id.setdefault(_DIGITS.sub("#", identity.lower().strip()), []).append(element)
        kind = element.get("itemtype")
        if kind:
            index.by_type.setdefault(kind.rstrip("/").rpartition("/")[2].lower(), []).append(element)
    return index
