"""Pingbacks: links from other sites that a page shows, and counts, among its comments."""

import re
from itertools import islice

from lxml.html import HtmlElement

from pipelines.comments.record import is_pingback
from pipelines.comments.rules.miner import RecordGroup
from pipelines.comments.rules.systems import PINGBACK
from pipelines.document import Index

OUTER = 3  # boxes around a record that may be named for pingbacks
_CLASSES = frozenset({"pingback", "trackback"})
_ENTRIES = frozenset({"li", "p", "div", "dd", "article", "section"})  # may be a record
_EXCERPT = re.compile(
    r"^\[(?:…|\.\.\.|&#8230;)\].*\[(?:…|\.\.\.|&#8230;)\]$", re.DOTALL
)  # what WordPress makes of a pingback


def is_pingback_text(text: str) -> bool:
    """Tell whether a record's *text* is a pingback's: its label, or an excerpt of another page."""
    return bool(_EXCERPT.match(text)) or is_pingback(text)


def is_named_pingback(element: HtmlElement) -> bool:
    """Tell whether a record, the item, the list or the box around it, or the box in it, is named a
    pingback.
    """
    around = [element, *islice(element.iterancestors(), OUTER)]
    around += islice(element.iterchildren("div", "article"), 1)
    names = (name for box in around for name in (box.get("class"), box.get("id")) if name)
    return any(map(PINGBACK.search, names))


def pingbacks_beside(group: RecordGroup, index: Index) -> int:
    """Return how many pingbacks are outside of the records of *group*."""
    named = index.by_class(_CLASSES)
    places = {index.place[e] for elements in named.values() for e in elements if e.tag == "li"}
    return len(places - {place for roots in group.records for place in roots})


def count_pingbacks(index: Index) -> int:
    """Return how many pingbacks are on a page on which no thread was found."""
    marked = index.by_class(_CLASSES)
    found = {e for elements in marked.values() for e in elements if e.tag in _ENTRIES}
    if not found:
        boxes = (e for e in index.elements if e.tag in _ENTRIES and e.find("a") is not None)
        found = {e for e in boxes if is_pingback((e.text or "").strip())}
    return sum(not any(box in found for box in e.iterancestors()) for e in found)
