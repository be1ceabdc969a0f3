"""A page's thread: its comments, how many it declares, why some are missing, where the rest is."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lxml.html import HtmlElement

from pipelines.comments.declared import declared_count
from pipelines.comments.model import (
    Thread,
    ThreadCount,
    ThreadReading,
    gap_reason,
    order_of,
)
from pipelines.comments.page import CLOSED, CLOSED_WORDS, view_of
from pipelines.comments.pagination import comment_pages, is_later_page
from pipelines.comments.record import (
    CommentRecord,
    Fields,
    Parent,
    find_parents,
    short_text,
    thread_areas,
)
from pipelines.comments.rules import (
    count_pingbacks,
    find_reading,
    find_widget,
    may_have_widget,
    read_passage,
    read_runs,
    without_repeats,
)
from pipelines.comments.scripted import find_threads, name_of
from pipelines.comments.stated import json_ld_comments, state_comments
from pipelines.comments.topic import is_topic
from pipelines.dates import plausible
from pipelines.document import Document, Index, index_tree, links_in, text_segments
from pipelines.page_kind import is_topic_list
from storage.contacts import without_addresses
from storage.records import Comment, Link, ThreadSource

TAIL = 3000  # notes of a closed or shortened thread are before and after it, never in its midst

# Sign -> words of which one must be there for its pattern to be worth a search, and the pattern.
_SIGNS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "top_level",
        ("antwoorden", "replies", "reacties"),
        re.compile(
            r"(?:toon|bekijk|laad|lees|view|show|load|see)\s+(?:alle |all |nog |the )?(?:\d+\s+)?(?:meer |more )?(?:antwoorden|replies|vervolgreacties|sub-?reacties|onderliggende reacties)",
            re.IGNORECASE,
        ),
    ),
    (
        "withheld",
        ("verborgen", "verwijderd", "gemodereerd", "getoond", "hidden", "removed", "deleted"),
        re.compile(
            r"(?<!\d)\d+\s+(?:reacties?|comments?|berichten|opmerkingen)\s+(?:(?:is|zijn|werd(?:en)?|are|were|have been)\s+)?(?:\w+\s+){0,3}(?:verborgen|verwijderd|gemodereerd|niet getoond|hidden|removed|deleted)",
            re.IGNORECASE,
        ),
    ),
    ("closed", CLOSED_WORDS, CLOSED),
)


def read_signs(areas: Sequence[HtmlElement]) -> frozenset[str]:
    """Return which of "top_level", "withheld" and "closed" the words around a thread show."""
    text = " ".join(" ".join(area.text_content().split()) for area in areas)
    text = text if len(text) <= 2 * TAIL else f"{text[:TAIL]} {text[-TAIL:]}"
    lowered = text.lower()
    return frozenset(
        reason
        for reason, words, pattern in _SIGNS
        if any(map(lowered.__contains__, words)) and pattern.search(text)
    )


def read_thread(document: Document, recurring: frozenset[str] = frozenset()) -> Thread:
    """Return the thread on the page of *document*; an empty one where there are no comments.

    Records that state what other pages state as well are none: *recurring* are fingerprints
    (pipelines.document) of what is on these.
    """
    if is_topic_list(document.tree, document.url):
        return Thread()
    view = view_of(document, recurring)
    index, runs = view.index, read_runs(view.index)
    stated = json_ld_comments(document) or state_comments(document)
    reading, rows = find_reading(view, runs)
    if reading is None and not stated:
        reading = read_passage(view, runs)
    comments, system = _comments_and_system(reading, stated, document)
    roots = [root for record in reading.records for root in record.roots] if reading else []
    areas = thread_areas(index, roots)
    declared = declared_count(areas, view, _within(reading, index))
    widget, sources = (None, ()) if comments else _drawn_by(document, index)
    pages = comment_pages(document.tree, areas, document.url)
    pingbacks = reading.pingbacks if reading else count_pingbacks(index)
    count = ThreadCount.of(comments, declared, pingbacks)
    return Thread(
        comments=comments,
        declared=declared,
        pingbacks=count.pingbacks,
        gap_reason=gap_reason(count, _signs(count, areas, pages, widget)),
        order=order_of(comments),
        system=system or widget,
        method=comments[0].method if comments else None,
        page_urls=pages,
        sources=sources,
        elements=areas,
        is_topic=reading is not None and is_topic(reading, system, view),
        opens=not is_later_page(document.url),
        titles=rows,
    )


def with_system(thread: Thread, document: Document) -> Thread:
    """Return *thread* and, where it has no comments, the system that draws them on the page, and
    what its script asks: what a profile reads has one as well.
    """
    if thread.comments or not may_have_widget(document.page.body):
        return thread
    system, sources = _drawn_by(document, index_tree(document.tree))
    if system is None:
        return thread
    reason = gap_reason(ThreadCount(thread.declared, 0), frozenset({"widget"}))
    return replace(thread, system=system, gap_reason=reason, sources=sources)


def _drawn_by(document: Document, index: Index) -> tuple[str | None, tuple[ThreadSource, ...]]:
    """Return the system whose script draws the page's thread, if one does, and what it asks."""
    sources = find_threads(document)
    return name_of(document, find_widget(index), sources), sources


def _comments_and_system(
    reading: ThreadReading | None, stated: tuple[Comment, ...], document: Document
) -> tuple[tuple[Comment, ...], str | None]:
    """Return the comments of the reading, or those that are stated where they are more, and the
    system that they come from.
    """
    once = without_repeats(reading) if reading else None
    comments = comments_of(once, document.fetched_at, document.url) if once else ()
    if len(stated) > len(comments):
        return stated, stated[0].method
    return comments, reading.system if reading else None


def _signs(
    count: ThreadCount, areas: Sequence[HtmlElement], pages: Sequence[str], widget: str | None
) -> frozenset[str]:
    """Return what the page shows of why comments are missing, as ``gap_reason`` takes it."""
    known = count.captured + count.withheld + count.pingbacks
    is_short = count.declared is not None and known < count.declared
    signs = read_signs(areas) if is_short else frozenset()
    return signs | ({"pagination"} if pages else set()) | ({"widget"} if widget else set())


def _within(reading: ThreadReading | None, index: Index) -> range:
    """Return the places from the first to the last record."""
    if reading is None:
        return range(0)
    last = max(
        index.end(root)
        for record in (reading.records[0], reading.records[-1])
        for root in record.roots
    )
    return range(index.place[reading.records[0].first], last)


def comments_of(reading: ThreadReading, now: datetime, base: str) -> tuple[Comment, ...]:
    """Return the comments of *reading*; links are counted from the address *base*."""
    parents = find_parents(reading.records, reading.fields)
    counted = Counter(field.source_id for field in reading.fields)
    comments = [
        replace(_comment(field, parent, reading, now), links=_links(record, field.text, base))
        for record, field, parent in zip(reading.records, reading.fields, parents, strict=True)
    ]
    # A number that several records bear is the article's, or the floor's of a page: it names none
    # of them.
    return tuple(
        replace(c, source_id=None) if c.source_id and counted[c.source_id] > 1 else c
        for c in comments
    )


def _links(record: CommentRecord, text: str, base: str) -> tuple[Link, ...]:
    """Return the links in the *text* of *record*, whose byline may have others."""
    words = (short_text(element) for element in record.elements if element.tag == "a")
    if not any(word and without_addresses(word) in text for word in words):
        return ()
    blocks = (one for root in record.roots for one in text_segments(root, record.nested))
    return links_in(text, blocks, base)


def _comment(
    field: Fields, parent: Parent | None, reading: ThreadReading, now: datetime
) -> Comment:
    date = field.date if field.date is not None and plausible(field.date.moment, now) else None
    return Comment(
        text=field.text,
        author=field.author,
        author_url=field.author_url,
        author_is_staff=field.is_staff,
        date_created=date.moment if date else None,
        date_created_raw=field.date.raw if field.date else None,
        date_created_precision=date.precision if date else None,
        date_created_source=field.date_source if date else None,
        source_id=field.source_id,
        url=field.url,
        parent_position=parent.position if parent else None,
        parent_source_id=parent.source_id if parent else None,
        parent_how=parent.how if parent else None,
        upvotes=field.upvotes,
        downvotes=field.downvotes,
        status=field.status,
        method=reading.system,
    )
