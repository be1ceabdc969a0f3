"""A page's thread as its second source has it, as far as the page shows it: comments that were
missed, authors that were taken wrongly.
"""

from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from pipelines.comments import Thread, matches
from pipelines.content import find_container
from pipelines.document import Document, block_text, find_holder
from pipelines.learning.alignment import LEAST_LINE, common_box, find_places, key_of
from pipelines.learning.corrected_fields import (
    ThreadEntry,
    author_fields,
    date_fields,
    parent_fields,
    record_fields,
)
from storage.records import Comment

MOST_BESIDE, MOST_AROUND_THREAD = (
    300,
    1000,
)  # letters beside the records in a box that may, and that cannot, be the article's
MOST_STATED = 500  # comments of one page's source
MOST_MIXED = 40  # letters around a short text: a name, a rank, a date


def taught_thread(document: Document, thread: Thread, stated: Sequence[Comment]) -> Thread:
    """Return the *thread* that was mined as the comments *stated* by the page's own source have it;
    as it was where the page shows nothing else.

    The source may know more comments than the page shows, or fewer: what only the source has stays
    out, what only the page has stays.
    """
    if not stated or thread.page_urls or thread.is_topic:
        return thread
    entries = _entries(document, thread, stated[:MOST_STATED])
    area = _area(document, thread, [entry.place.record for entry in entries if entry.place])
    comments = _comments(document, entries)
    if area is None or comments is None or comments == thread.comments:
        return thread
    is_whole = thread.declared is None or len(comments) >= thread.declared
    return replace(
        thread, comments=comments, elements=area, gap_reason=None if is_whole else thread.gap_reason
    )


def _entries(document: Document, thread: Thread, stated: Sequence[Comment]) -> list[ThreadEntry]:
    """Return the comments that the page shows, in its order; only those that were mined where one
    of them cannot be placed on it.
    """
    number_at = {place: number for number, place in matches(thread.comments, stated).items()}
    known = [
        ThreadEntry(c, stated[number_at[n]] if n in number_at else None, n)
        for n, c in enumerate(thread.comments)
    ]
    other = [
        ThreadEntry(None, comment)
        for number, comment in enumerate(stated)
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
        if entry.stated is not None or not _is_mixed(key_of(entry.texts[0]), keys)
    ]
    if not added or any(entry.place is None for entry in kept):
        return placed[: len(known)]
    order = {element: place for place, element in enumerate(document.tree.iter())}
    return sorted([*kept, *added], key=lambda entry: order[entry.place.text] if entry.place else 0)


def _is_mixed(words: str, keys: Sequence[str]) -> bool:
    """Tell whether what was mined, and no source states, is one of the texts that are stated with
    other words around it.
    """
    return any(
        key in words and (len(key) >= LEAST_LINE or len(words) <= len(key) + MOST_MIXED)
        for key in keys
    )


def _area(
    document: Document, thread: Thread, records: Sequence[HtmlElement]
) -> tuple[HtmlElement, ...] | None:
    """Return the elements that hold the thread; None where its records are around the article,
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
    holder = find_holder(document.tree, threaded)
    container = find_container(document.tree, threaded, holder)
    is_container = container is not None and any(
        element is box for element in (container, *container.iterancestors())
    )
    return beside > (MOST_BESIDE if is_container else MOST_AROUND_THREAD)


def _comments(document: Document, entries: Sequence[ThreadEntry]) -> tuple[Comment, ...] | None:
    """Return the comments of *entries*; None where the page does not show who wrote one that only
    the source has.
    """
    made = [comment for entry in entries if (comment := _comment(document, entry)) is not None]
    if len(made) < len(entries):
        return None
    by_id = {
        entry.stated.source_id: place
        for place, entry in enumerate(entries)
        if entry.stated and entry.stated.source_id
    }
    by_number = {
        entry.number: place for place, entry in enumerate(entries) if entry.number is not None
    }
    parents = [parent_fields(entry, entries, by_id, by_number) for entry in entries]
    return tuple(replace(comment, **parent) for comment, parent in zip(made, parents, strict=True))


def _comment(document: Document, entry: ThreadEntry) -> Comment | None:
    mined, stated, place = entry.mined, entry.stated, entry.place
    if stated is None or place is None:
        return mined
    author = author_fields(document, entry, place)
    if author is None:
        return mined
    marks = record_fields(document, stated, place)
    found = Comment(text=stated.text, **marks) if mined is None else mined
    found = replace(found, source_id=found.source_id or marks["source_id"])
    text = block_text(place.text) if place.is_whole else found.text
    dated = date_fields(document, entry, place)
    return replace(
        found, text=found.text if key_of(text) == key_of(found.text) else text, **author, **dated
    )
