"""A record's own elements: its subtree without the records nested in it."""

from collections.abc import Set
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from pipelines.block_text import is_invisible


@dataclass(frozen=True, slots=True)
class Zone:
    """One record: its element, its own visible elements in document order, and the records nested in it."""

    record: HtmlElement
    elements: tuple[HtmlElement, ...]
    nested: Set[HtmlElement]


def zone_of(record: HtmlElement, records: Set[HtmlElement]) -> Zone:
    """Return the zone of *record* among all *records*; what is invisible in it is left out."""
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


def tokens(element: HtmlElement) -> list[str]:
    """Return the names that an element bears: its class tokens and the values of its itemprop."""
    return [*(element.get("class") or "").split(), *(element.get("itemprop") or "").split()]
