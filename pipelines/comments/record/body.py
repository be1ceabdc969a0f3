"""Which element of a record holds its words, and which hold what it quotes from others."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.comments.record.record import CommentRecord, Labelled
from pipelines.comments.record.roles import NO_RANK
from pipelines.document import Index

SURE = 0.9  # of where the words are
WORTH = (1.0, 0.6, 0.4)  # of a name of each rank, against the share of the most that one states
LABELLED = 0.6  # of a column that looks like that of the words
RUNNING = 5  # spaces
_TEXT_ID = re.compile(
    r"(?:post_message|msg|pid|comment-body|dsq-comment-message|post_text|postbody|reactietekst)[_-]?\d+$",
    re.IGNORECASE,
)


class _Box(NamedTuple):
    """An element that may hold the words: its places, what its name or its column is worth."""

    element: HtmlElement
    start: int
    end: int
    worth: float

    def holds(self, places: Sequence[int]) -> bool:
        """Return whether one of *places* is inside the element."""
        return any(self.start < place < self.end for place in places)

    def is_or_holds(self, places: Sequence[int]) -> bool:
        """Return whether one of *places* is the element itself, or inside it."""
        return self.start in places or self.holds(places)


def find_body(
    record: CommentRecord, labelled: Labelled, index: Index, date: HtmlElement | None
) -> HtmlElement | None:
    """Return the element that holds the words of *record* and nothing of its byline: of
    those named so, or *labelled* so, the one that states most; None where there is none. *date* is
    the element in which the page's other records have theirs.
    """
    worth = _worth(record, labelled)
    if not worth:
        return None
    quoted = quotes(record, index)
    authors, dates = _bylines(record, index, Stretches(quoted))
    authors += [index.place[element] for element in labelled.authors[:1]]
    dates += [index.place[date]] if date is not None else []
    # What is called a button and holds the byline is a box around the record's head, or all of it.
    named = _buttons(record, labelled, index)
    buttons = [one for one in named if not any(p in one for p in authors)]
    boxes = [_Box(e, index.place[e], index.end(e), value) for e, value in worth.items()]
    apart = Stretches((*quoted, *buttons))
    boxes = [box for box in boxes if box.start not in apart]
    best = _heaviest(boxes, record, index, (*authors, *dates))
    if best is None:
        return _undated(boxes, authors, dates)
    is_sure = best.worth >= WORTH[0] or best.element in labelled.words
    return best.element if is_sure or _is_place(best, record, index, quoted + named) else None


def _undated(
    boxes: Sequence[_Box], authors: Sequence[int], dates: Sequence[int]
) -> HtmlElement | None:
    """Return the smallest of *boxes* without a date. A reader who is addressed by a link is inside
    the words; the author is outside them.
    """
    undated = [box for box in boxes if not box.is_or_holds(dates)]
    box = min(undated, key=lambda box: box.end - box.start, default=None)
    if box is None or all(box.start < place < box.end for place in authors):
        return None
    return box.element


def _heaviest(
    boxes: Sequence[_Box], record: CommentRecord, index: Index, byline: Sequence[int]
) -> _Box | None:
    """Return that of *boxes* without nested records and without *byline* which is worth most with
    how much it contains.
    """
    nested = [index.place[root] for root in record.nested]
    alone = [box for box in boxes if not box.holds(nested) and not box.is_or_holds(byline)]
    sizes = [len(box.element.text_content().strip()) for box in alone]
    most = max(sizes, default=0)
    rated = [
        (box.worth + size / most, -number)
        for number, (box, size) in enumerate(zip(alone, sizes, strict=True))
        if size
    ]
    return alone[-max(rated)[1]] if rated else None


def _is_place(box: _Box, record: CommentRecord, index: Index, apart: Sequence[range]) -> bool:
    """Return whether *box* holds more running text than is around it in *record*, what is *apart*
    left out: one that is but named so may be a link's preview under the words.
    """
    ranges = [range(box.start, box.end), *apart]
    own, starts = Stretches(ranges), {one.start for one in ranges}
    around = 0
    for element in record.elements:
        place = index.place[element]
        is_outside = place not in own
        around += _running(element.text) if is_outside else 0
        if (is_outside or place in starts) and element not in record.roots:
            around += _running(element.tail)
    return around < len(box.element.text_content().strip())


def _running(text: str | None) -> int:
    """Return how many letters of *text* are running text: a name, a label, a button is none."""
    words = " ".join((text or "").split())
    return len(words) if words.count(" ") >= RUNNING else 0


def _worth(record: CommentRecord, labelled: Labelled) -> dict[HtmlElement, float]:
    """Return the elements that may hold the words, in document order, with what speaks for each."""
    own = record.elements[0]
    worth = {
        element: WORTH[stated.text]
        for element, stated in zip(record.elements, record.names, strict=True)
        if stated.text != NO_RANK and element is not own
    }
    if WORTH[0] not in worth.values():
        by_id = (e for e in record.elements if (name := e.get("id")) and _TEXT_ID.match(name))
        worth |= {element: WORTH[0] for element in by_id if element is not own}
    for element, sure in labelled.words.items():
        if element not in record.roots:
            worth[element] = worth.get(element, 0.0) + LABELLED * sure
    return worth


def quotes(record: CommentRecord, index: Index) -> list[range]:
    """Return the places of what *record* quotes from others: its author and its date are not there."""
    return [
        range(index.place[element] + 1, index.end(element))
        for element, stated in zip(record.elements, record.names, strict=True)
        if (stated.is_quote or (element.tag == "blockquote" and stated.text == NO_RANK))
        and element not in record.roots
    ]


def _buttons(record: CommentRecord, labelled: Labelled, index: Index) -> list[range]:
    """Return the places of what is named as buttons are and is not where the page surely has the
    words: a "read-more" may be the box that its button opens.
    """
    return [
        range(index.place[element], index.end(element))
        for element, stated in zip(record.elements, record.names, strict=True)
        if stated.is_furniture
        and element not in record.roots
        and labelled.words.get(element, 0.0) < SURE
    ]


def _bylines(
    record: CommentRecord, index: Index, quoted: "Stretches"
) -> tuple[list[int], list[int]]:
    """Return the places of what states by its name or its tag that it is an author, or a date."""
    authors: list[int] = []
    dates: list[int] = []
    for element, stated in zip(record.elements, record.names, strict=True):
        is_date = stated.is_date or element.tag == "time"
        if not (is_date or stated.author <= 1) or index.place[element] in quoted:
            continue
        (dates if is_date else authors).append(index.place[element])
    return authors, dates


class Stretches:
    """Stretches of places, asked whether a place is in one of them: each question takes the time of
    a search, however many there are.
    """

    def __init__(self, ranges: Iterable[range]) -> None:
        ordered = sorted(ranges, key=lambda one: one.start)
        self._starts = [one.start for one in ordered]
        self._furthest = list(accumulate((one.stop for one in ordered), max))

    def __contains__(self, place: int) -> bool:
        before = bisect_right(self._starts, place)
        return before > 0 and place < self._furthest[before - 1]
