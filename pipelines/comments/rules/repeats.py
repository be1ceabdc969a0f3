"""Comments that a page shows twice: in a tab for each order, or the best of them over all."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import replace

from lxml.html import HtmlElement

from pipelines.comments.model import ThreadReading
from pipelines.comments.record import CommentRecord, Fields
from pipelines.comments.rules.signed_lines import FINE

LEAST = 2  # records of a list that has what another repeats: a box around each record is no list


def without_repeats(reading: ThreadReading) -> ThreadReading:
    """Return *reading* without the lists of which each comment is in another list as well. Who
    posts the same words twice in one list has said them twice.
    """
    lists = _lists(reading.records)
    if len(lists) < LEAST or max(map(len, lists)) < LEAST:
        return reading
    keys = [{_key(reading.fields[number], len(one)) for number in one} for one in lists]
    holders: dict[Hashable, list[int]] = defaultdict(list)
    for place, own in enumerate(keys):
        for key in own if len(lists[place]) >= LEAST else ():
            holders[key].append(place)
    kept = [
        number
        for place, one in enumerate(lists)
        if not _is_repeated(place, keys, holders)
        for number in one
    ]
    records = [reading.records[number] for number in kept]
    return replace(reading, records=records, fields=[reading.fields[number] for number in kept])


def _is_repeated(
    place: int, keys: Sequence[Set[Hashable]], holders: Mapping[Hashable, Sequence[int]]
) -> bool:
    """Tell whether another list has all that the list at *place* has: the first of equals stays.
    *holders* are the lists that have a comment.
    """
    own = keys[place]
    return None not in own and any(
        own <= keys[at] and (len(own) < len(keys[at]) or at < place)
        for at in holders.get(next(iter(own)), ())
        if at != place
    )


def _lists(records: Sequence[CommentRecord]) -> list[list[int]]:
    """Return the numbers of *records* by the box that they are in, answers with what they answer;
    nothing where a box goes on after another.
    """
    boxes: list[HtmlElement | None] = []
    found: list[list[int]] = []
    for number, record in enumerate(records):
        if not boxes or boxes[-1] not in {*record.first.iterancestors()}:
            boxes.append(record.first.getparent())
            found.append([])
        found[-1].append(number)
    return found if len(set(boxes)) == len(boxes) else []


def _key(field: Fields, number: int) -> Hashable:
    """Return what only one comment has: who wrote it, when and what, or its number; None where
    these are not told, or for one that is alone in its list, of a *number*, not to the minute.
    """
    is_told = field.date is not None and (number >= LEAST or field.date.precision in FINE)
    if not (field.text and field.author and (is_told or field.source_id)):
        return None
    moment = field.date.moment if field.date is not None else field.source_id
    return (field.author, field.text, moment)
