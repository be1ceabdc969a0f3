"""A page's thread as its second source has it, as far as the page shows it: comments that were
missed, authors that were taken wrongly.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lxml.html import HtmlElement

from pipelines.comments import STAFF, Thread, absolute, author_url, date_said, matches
from pipelines.content import find_container
from pipelines.document import Document, block_text
from pipelines.learning.alignment import (
    LEAST_LINE,
    LONGEST_DATE,
    NUMBERED,
    RecordPlace,
    common_box,
    find_places,
    key_of,
    number_in,
    says_name,
)
from storage.records import Comment

MOST_BESIDE, MOST_AROUND_THREAD = (
    300,
    1000,
)  # letters beside the records in a box that may, and that cannot, be the article's
MOST_TOLD = 500  # comments of one page's source
MOST_MIXED = 40  # letters around a short text: a name, a rank, a date
_TOLERANCE = {
    "second": timedelta(minutes=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(hours=36),
    "month": timedelta(days=31), "year": timedelta(days=366),
}  # fmt: skip
_DIGITS = re.compile(r"\d+")
_BUILT = frozenset(
    {"attribute", "nesting", "link"}
)  # how a page itself shows a parent; all else is a guess


@dataclass(frozen=True, slots=True)
class _Entry:
    """One comment of the page: as it was *mined* there, *number* among those, as its source *told*
    it, each None where it was not.
    """

    mined: Comment | None
    told: Comment | None
    number: int | None = None
    place: RecordPlace | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says: as told, as mined."""
        return tuple(comment.text for comment in (self.told, self.mined) if comment is not None)


def taught_thread(document: Document, thread: Thread, told: Sequence[Comment]) -> Thread:
    """Return the *thread* that was mined as the comments *told* by the page's own source have it;
    as it was where the page shows nothing else.

    The source may know more comments than the page shows, or fewer: what only the source has stays
    out, what only the page has stays.
    """
    if not told or thread.page_urls or thread.is_topic:
        return thread
    entries = _entries(document, thread, told[:MOST_TOLD])
    area = _area(document, thread, [entry.place.record for entry in entries if entry.place])
    comments = _comments(document, entries)
    if area is None or comments is None or comments == thread.comments:
        return thread
    is_whole = thread.declared is None or len(comments) >= thread.declared
    return replace(
        thread, comments=comments, elements=area, gap_reason=None if is_whole else thread.gap_reason
    )


def _entries(document: Document, thread: Thread, told: Sequence[Comment]) -> list[_Entry]:
    """Return the comments that the page shows, in its order; only those that were mined where one
    of them cannot be placed on it.
    """
    number_at = {place: number for number, place in matches(thread.comments, told).items()}
    known = [
        _Entry(c, told[number_at[n]] if n in number_at else None, n)
        for n, c in enumerate(thread.comments)
    ]
    other = [
        _Entry(None, comment)
        for number, comment in enumerate(told)
        if number not in set(number_at.values())
    ]
    places = find_places(document, [entry.texts for entry in (*known, *other)], thread.elements)
    placed = [
        replace(entry, place=places.get(number)) for number, entry in enumerate((*known, *other))
    ]
    added = [entry for entry in placed[len(known) :] if entry.place is not None]
    keys = [key_of(entry.texts[0]) for entry in added]
    kept = [
        entry
        for entry in placed[: len(known)]
        if entry.told is not None or not _is_mixed(key_of(entry.texts[0]), keys)
    ]
    if not added or any(entry.place is None for entry in kept):
        return placed[: len(known)]
    order = {element: place for place, element in enumerate(document.tree.iter())}
    return sorted([*kept, *added], key=lambda entry: order[entry.place.text] if entry.place else 0)


def _is_mixed(said: str, keys: Sequence[str]) -> bool:
    """Tell whether what was mined, and no source tells, is one of the texts that are told with
    other words around it.
    """
    return any(
        key in said and (len(key) >= LEAST_LINE or len(said) <= len(key) + MOST_MIXED)
        for key in keys
    )


def _area(
    document: Document, thread: Thread, records: Sequence[HtmlElement]
) -> tuple[HtmlElement, ...] | None:
    """Return the elements that hold the thread; None where its records stand around the article,
    which no thread does.
    """
    known = set(thread.elements)
    if all(known & {record, *record.iterancestors()} for record in records):
        return thread.elements
    box = common_box(records)
    if box is None or box.tag == "body" or next(box.iter("h1"), None) is not None:
        return None
    if _holds_article(document, box, records, known):
        return None
    within = set(box.iter())
    return (*(element for element in thread.elements if element not in within), box)


def _holds_article(
    document: Document, box: HtmlElement, records: Sequence[HtmlElement], threaded: set[HtmlElement]
) -> bool:
    """Tell whether a *box* around records has more words beside them than a thread's heading, form
    and links.
    """
    among = set(records)
    outer = [
        record
        for record in among
        if not any(ancestor in among for ancestor in record.iterancestors())
    ]
    beside = len(key_of(box.text_content())) - sum(
        len(key_of(record.text_content())) for record in outer
    )
    container = find_container(document.tree, threaded)
    is_container = container is not None and any(
        element is box for element in (container, *container.iterancestors())
    )
    return beside > (MOST_BESIDE if is_container else MOST_AROUND_THREAD)


def _comments(document: Document, entries: Sequence[_Entry]) -> tuple[Comment, ...] | None:
    """Return the comments of *entries*; None where the page does not show who wrote one that only
    the source has.
    """
    made = [comment for entry in entries if (comment := _comment(document, entry)) is not None]
    if len(made) < len(entries):
        return None
    by_id = {
        entry.told.source_id: place
        for place, entry in enumerate(entries)
        if entry.told and entry.told.source_id
    }
    by_number = {
        entry.number: place for place, entry in enumerate(entries) if entry.number is not None
    }
    parents = [_parent(entry, entries, by_id, by_number) for entry in entries]
    return tuple(replace(comment, **parent) for comment, parent in zip(made, parents, strict=True))


def _comment(document: Document, entry: _Entry) -> Comment | None:
    mined, told, place = entry.mined, entry.told, entry.place
    if told is None or place is None:
        return mined
    author = _author(document, entry, place)
    if author is None:
        return mined
    marks = _marks(document, told, place)
    found = Comment(text=told.text, **marks) if mined is None else mined
    found = replace(found, source_id=found.source_id or marks["source_id"])
    text = block_text(place.text) if place.is_whole else found.text
    dated = _date(document, entry, place)
    return replace(
        found, text=found.text if key_of(text) == key_of(found.text) else text, **author, **dated
    )


def _author(document: Document, entry: _Entry, place: RecordPlace) -> dict[str, Any] | None:
    """Return the fields of the author whom the source tells; none to change where he was mined;
    None where the page does not show him.
    """
    name = entry.told.author if entry.told is not None else None
    if entry.mined is not None and (name is None or entry.mined.author == name):
        return {}
    shown = next((element for element in place.beside() if name and says_name(element, name)), None)
    return (
        None if shown is None else {"author": name, "author_url": author_url(shown, document.url)}
    )


def _date(document: Document, entry: _Entry, place: RecordPlace) -> dict[str, Any]:
    """Return the fields of the date that the source tells, as exactly as the page shows it; none to
    change where it shows no such.
    """
    moment = entry.told.date_created if entry.told is not None else None
    mined = entry.mined
    if moment is None or (
        mined is not None and _agrees(mined.date_created, mined.date_created_precision, moment)
    ):
        return {}
    lines = [
        element
        for element in place.beside()
        if len(element) <= 6 and len(element.text_content()) <= LONGEST_DATE
    ]
    read = [
        (date_said(element, document.fetched_at), len(element.text_content())) for element in lines
    ]
    fitting = [
        (said, size)
        for said, size in read
        if _agrees(said.get("date_created"), said.get("date_created_precision"), moment)
    ]
    # A line around a comment may name a day as well: the most exact says when it was written, and
    # of equals the shortest.
    best = min(
        fitting,
        key=lambda pair: (_TOLERANCE[pair[0]["date_created_precision"]], pair[1]),
        default=({}, 0),
    )
    return best[0]


def _agrees(shown: datetime | None, precision: str | None, told: datetime) -> bool:
    """Tell whether a date of that *precision* can be the moment *told*."""
    return shown is not None and abs(shown - told) <= _TOLERANCE.get(precision or "", timedelta(0))


def _marks(document: Document, told: Comment, place: RecordPlace) -> dict[str, Any]:
    """Return what a record that was not mined bears: the site's number, its own address, the mark
    of the site's people.
    """
    boxes = [place.text, *place.text.iterancestors()]
    boxes = boxes[: boxes.index(place.record) + 1]
    number = next(
        (
            told.source_id
            for box in boxes
            for name in NUMBERED
            if told.source_id and number_in(box, name) == told.source_id
        ),
        None,
    )
    hrefs = (element.get("href") or "" for element in place.beside() if element.tag == "a")
    link = next(
        (
            href
            for href in hrefs
            if number and number in href.partition("#")[2] and "replytocom" not in href
        ),
        None,
    )
    return {
        "source_id": number,
        "url": absolute(document.url, link) if link else None,
        "author_is_staff": any(STAFF in (box.get("class") or "").split() for box in boxes),
    }


def _parent(
    entry: _Entry, entries: Sequence[_Entry], by_id: Mapping[str, int], by_number: Mapping[int, int]
) -> dict[str, Any]:
    """Return the fields of a comment's parent: that which the source tells where the page shows it,
    by its build or a link.
    """
    mined, told, place = entry.mined, entry.told, entry.place
    position = (
        by_id.get(told.parent_source_id) if told is not None and told.parent_source_id else None
    )
    if told is not None and place is not None and position is not None:
        how = _shown_as_parent(entries[position], place, told.parent_source_id)
        if how is not None:
            return {
                "parent_position": position,
                "parent_source_id": told.parent_source_id,
                "parent_how": how,
            }
    is_guess = mined is not None and mined.parent_how is not None and mined.parent_how not in _BUILT
    if mined is None or (
        is_guess and told is not None and told.parent_source_id is None and told.method == "wp-json"
    ):
        return {"parent_position": None, "parent_source_id": None, "parent_how": None}
    return {
        "parent_position": None
        if mined.parent_position is None
        else by_number.get(mined.parent_position)
    }


def _shown_as_parent(parent: _Entry, place: RecordPlace, number: str | None) -> str | None:
    if parent.place is None or parent.place is place:
        return None
    around = next(
        (element for element in place.record.iterancestors() if element in place.others), None
    )
    if around is parent.place.record:
        return "nesting"
    hrefs = [
        (element.get("href") or "").rpartition("#")[2]
        for element in place.beside()
        if element.tag == "a"
    ]
    return "link" if any(_DIGITS.findall(href)[-1:] == [number] for href in hrefs) else None
