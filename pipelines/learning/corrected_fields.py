"""The fields of a comment as its second source states them, as far as the page shows them: author,
date, number, address, parent.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipelines.comments import STAFF, absolute, author_url, date_of
from pipelines.document import Document
from pipelines.learning.alignment import (
    LONGEST_DATE,
    NUMBERED,
    RecordPlace,
    holds_name,
    number_in,
)
from storage.records import Comment

_TOLERANCE = {
    "second": timedelta(minutes=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(hours=36),
    "month": timedelta(days=31), "year": timedelta(days=366),
}  # fmt: skip
_DIGITS = re.compile(r"\d+")
_BUILT = frozenset(
    {"attribute", "nesting", "link"}
)  # how a page itself shows a parent; all else is a guess


@dataclass(frozen=True, slots=True)
class ThreadEntry:
    """One comment of the page: as it was *mined* there, *number* among those, as its source
    *stated* it, each None where it was not.
    """

    mined: Comment | None
    stated: Comment | None
    number: int | None = None
    place: RecordPlace | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Its texts: as stated, as mined."""
        return tuple(comment.text for comment in (self.stated, self.mined) if comment is not None)


def author_fields(
    document: Document, entry: ThreadEntry, place: RecordPlace
) -> dict[str, Any] | None:
    """Return the fields of the author whom the source states; none to change where he was mined;
    None where the page does not show him.
    """
    name = entry.stated.author if entry.stated is not None else None
    if entry.mined is not None and (name is None or entry.mined.author == name):
        return {}
    shown = next(
        (element for element in place.beside() if name and holds_name(element, name)), None
    )
    return (
        None if shown is None else {"author": name, "author_url": author_url(shown, document.url)}
    )


def date_fields(document: Document, entry: ThreadEntry, place: RecordPlace) -> dict[str, Any]:
    """Return the fields of the date that the source states, as exactly as the page shows it; none
    to change where it shows no such.
    """
    moment = entry.stated.date_created if entry.stated is not None else None
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
        (date_of(element, document.fetched_at), len(element.text_content())) for element in lines
    ]
    fitting = [
        (fields, size)
        for fields, size in read
        if _agrees(fields.get("date_created"), fields.get("date_created_precision"), moment)
    ]
    # A line around a comment may name a day as well: the most exact states when it was written, and
    # of equals the shortest.
    best = min(
        fitting,
        key=lambda pair: (_TOLERANCE[pair[0]["date_created_precision"]], pair[1]),
        default=({}, 0),
    )
    return best[0]


def _agrees(shown: datetime | None, precision: str | None, stated: datetime) -> bool:
    """Tell whether a date of that *precision* can be the moment *stated*."""
    return shown is not None and abs(shown - stated) <= _TOLERANCE.get(
        precision or "", timedelta(0)
    )


def record_fields(document: Document, stated: Comment, place: RecordPlace) -> dict[str, Any]:
    """Return what a record that was not mined bears: the site's number, its own address, the mark
    of the site's people.
    """
    boxes = [place.text, *place.text.iterancestors()]
    boxes = boxes[: boxes.index(place.record) + 1]
    number = next(
        (
            stated.source_id
            for box in boxes
            for name in NUMBERED
            if stated.source_id and number_in(box, name) == stated.source_id
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


def parent_fields(
    entry: ThreadEntry,
    entries: Sequence[ThreadEntry],
    by_id: Mapping[str, int],
    by_number: Mapping[int, int],
) -> dict[str, Any]:
    """Return the fields of a comment's parent: the one that the source states where the page shows
    it, by its build or a link.
    """
    stated = _stated_parent(entry, entries, by_id)
    if stated is not None:
        return stated
    if entry.mined is None or _is_refuted(entry.mined, entry.stated):
        return {"parent_position": None, "parent_source_id": None, "parent_how": None}
    position = entry.mined.parent_position
    return {"parent_position": None if position is None else by_number.get(position)}


def _stated_parent(
    entry: ThreadEntry, entries: Sequence[ThreadEntry], by_id: Mapping[str, int]
) -> dict[str, Any] | None:
    """Return the fields of the parent that the source states, None where it states none or the page
    does not show it.
    """
    number = entry.stated.parent_source_id if entry.stated is not None else None
    position = by_id.get(number) if number else None
    if entry.place is None or position is None:
        return None
    how = _shown_as_parent(entries[position], entry.place, number)
    if how is None:
        return None
    return {"parent_position": position, "parent_source_id": number, "parent_how": how}


def _is_refuted(mined: Comment, stated: Comment | None) -> bool:
    """Tell whether the parent that was mined is a guess, and the source states that there is none."""
    is_guess = mined.parent_how is not None and mined.parent_how not in _BUILT
    has_none = stated is not None and stated.parent_source_id is None and stated.method == "wp-json"
    return is_guess and has_none


def _shown_as_parent(parent: ThreadEntry, place: RecordPlace, number: str | None) -> str | None:
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
