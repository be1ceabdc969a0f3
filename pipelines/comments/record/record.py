"""A record's own elements: its subtrees without the records nested in them and without what no
reader sees.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.comments.record.date import short_text
from pipelines.comments.record.roles import NONE, Names, names_of
from pipelines.document import SKIPPED, Index

Roots = tuple[HtmlElement, ...]

_WRITTEN_IN = ("textarea", "select")
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CommentRecord:
    """One record, whose roots are siblings: its own visible elements in document order, and what
    the names of each state.

    *nested* are the records inside it, *unseen* what its page hides.
    """

    roots: Roots
    elements: list[HtmlElement] = field(default_factory=list)
    names: list[Names] = field(default_factory=list)
    nested: set[HtmlElement] = field(default_factory=set)
    unseen: list[HtmlElement] = field(default_factory=list)

    @property
    def first(self) -> HtmlElement:
        """The record's first element."""
        return self.roots[0]


class Labelled(NamedTuple):
    """The elements of a record that are where its page has the authors, the likeliest first, those
    that are where it has the words, each with how sure that is (0 to 1), and those beside a line
    that signs: ranks, towns and titles, where names might be.
    """

    authors: Sequence[HtmlElement] = ()
    words: Mapping[HtmlElement, float] = MappingProxyType({})
    marks: Sequence[HtmlElement] = ()


def comment_records(
    index: Index, every: Sequence[Roots], chosen: Sequence[int] | None = None
) -> list[CommentRecord]:
    """Return the records of *every* one's roots, in document order, or those whose numbers are
    *chosen*. Takes linear time.
    """
    starts = [index.place[root] for roots in every for root in roots]
    ends = {place: index.end(index.elements[place]) for place in starts}
    wanted = every if chosen is None else [every[number] for number in chosen]
    records = [CommentRecord(roots) for roots in wanted]
    for record in records:
        for root in record.roots:
            record.elements.append(root)
            record.names.append(names_of(root))
            for inner, gap in _gaps(index.place[root], starts, ends):
                if inner is not None:
                    record.nested.add(index.elements[inner])
                _see(index, gap, record)
    return records


def revealed(record: CommentRecord) -> CommentRecord:
    """Return *record* with what its page hides as its elements: a box that is shown on a click, or
    the head of what was taken away.
    """
    hidden = [inner for box in record.unseen if box.tag not in SKIPPED for inner in box.iter("*")]
    elements = [*record.elements, *hidden]
    return CommentRecord(
        record.roots, elements, [names_of(element) for element in elements], record.nested
    )


def _gaps(
    start: int, starts: Sequence[int], ends: dict[int, int]
) -> Iterator[tuple[int | None, range]]:
    """Yield the stretches of the record at *start* and, with each, the nested record that follows
    it.
    """
    place, stop = start + 1, ends[start]
    following = bisect_left(starts, place)
    while place < stop:
        inner = starts[following] if following < len(starts) else stop
        if inner >= stop:
            yield None, range(place, stop)
            return
        yield inner, range(place, inner)
        place = ends[inner]
        following = bisect_left(starts, place, following)


def _see(index: Index, places: range, record: CommentRecord) -> None:
    every, place = index.elements, places.start
    while place < places.stop:
        element = every[place]
        named = element.keys()
        stated = names_of(element) if "class" in named or "itemprop" in named else NONE
        if (
            (element.tag in SKIPPED and not _holds_words(element))
            or stated.is_hidden
            or (named and _is_unshown(element, named))
        ):
            record.unseen.append(element)
            place = index.end(element)
            continue
        record.elements.append(element)
        record.names.append(stated)
        place += 1


def _holds_words(element: HtmlElement) -> bool:
    """Return whether *element* is a form that nothing is written in: some templates wrap each
    comment in one.
    """
    return element.tag == "form" and next(element.iter(*_WRITTEN_IN), None) is None


def _is_unshown(element: HtmlElement, named: Sequence[str]) -> bool:
    """Return whether the attributes of *element*, those *named*, hide it."""
    return "hidden" in named or (
        "style" in named and bool(_NO_DISPLAY.search(element.get("style") or ""))
    )


Slot = tuple[str, ...]


def slot_of(element: HtmlElement) -> Slot:
    """Return what the place of *element* in its template looks like: its tag and class, and those
    around it.
    """
    parent = element.getparent()
    around = (
        (parent.tag, (parent.get("class") or "").partition(" ")[0])
        if parent is not None
        else ("", "")
    )
    return (
        str(element.tag),
        (element.get("class") or "").partition(" ")[0],
        str(around[0]),
        around[1],
    )


def in_slot(elements: Sequence[HtmlElement], slot: Slot) -> HtmlElement | None:
    """Return the first of *elements* in *slot* that states something."""
    return next(
        (e for e in elements if e.tag == slot[0] and slot_of(e) == slot and short_text(e)), None
    )
