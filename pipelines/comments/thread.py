"""A page's thread: its comments, how many it declares, why some are missing, where the rest stands."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lxml.html import HtmlElement

from pipelines.comments.area import thread_areas
from pipelines.comments.counts import declared_count
from pipelines.comments.fields import Fields
from pipelines.comments.gaps import Capture, gap_reason, read_signs
from pipelines.comments.index import Index
from pipelines.comments.markups import FORUMS
from pipelines.comments.miner import mine
from pipelines.comments.pagination import comment_pages
from pipelines.comments.passage import read_passage
from pipelines.comments.reading import GENERIC, Reading, best_reading
from pipelines.comments.replies import Parent, find_parents
from pipelines.comments.state import state_comments
from pipelines.comments.structured import json_ld_comments
from pipelines.comments.teasers import is_forum
from pipelines.comments.view import View, view_of
from pipelines.comments.widgets import find_widget
from pipelines.dates import plausible
from pipelines.document import Document
from pipelines.listings import is_topic_list
from storage.records import Comment

PROSE, ARTICLE = 100, 600  # letters of a paragraph, and of an article


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments of one page. *elements* are the subtrees that hold them, their form and navigation: no part of the article.

    *is_topic* says that this is a forum's topic, whose opening post is its first comment.
    """

    comments: tuple[Comment, ...] = ()
    declared: int | None = None
    pingbacks: int = 0
    gap_reason: str | None = None
    order: str | None = None
    system: str | None = None
    method: str | None = None
    page_urls: tuple[str, ...] = ()
    elements: tuple[HtmlElement, ...] = ()
    is_topic: bool = False


def read_thread(document: Document, recurring: frozenset[str] = frozenset()) -> Thread:
    """Return the thread on the page of *document*; an empty one where there are no comments.

    Records that say what other pages say as well are none: *recurring* are fingerprints (pipelines.fingerprints) of what stands on these.
    """
    if is_topic_list(document.tree, document.url):
        return Thread()
    view = view_of(document, recurring)
    index = view.index
    reading = best_reading(view)
    stated = json_ld_comments(document.json_ld, document.fetched_at) or state_comments(document)
    if reading is None and not stated:
        reading = mine(view) or read_passage(view)
    comments = _comments(reading, document.fetched_at) if reading else ()
    system = reading.system if reading else None
    if len(stated) > len(comments):
        comments, system = stated, stated[0].method
    areas = thread_areas(index, [root for zone in reading.zones for root in zone.roots] if reading else [])
    declared = declared_count(areas, view, _within(reading, index))
    widget = find_widget(index) if not comments else None
    pages = comment_pages(document.tree, areas, document.url)
    is_short = declared is not None and len(comments) + (reading.pingbacks if reading else 0) < declared
    signs = (
        (read_signs(areas) if is_short else frozenset())
        | ({"pagination"} if pages else set())
        | ({"widget"} if widget else set())
    )
    capture = Capture(declared, len(comments), reading.pingbacks if reading else 0)
    return Thread(
        comments=comments,
        declared=declared,
        pingbacks=capture.pingbacks,
        gap_reason=gap_reason(capture, signs),
        order=_order(comments),
        system=system or widget,
        method=comments[0].method if comments else None,
        page_urls=pages,
        elements=areas,
        is_topic=reading is not None and _is_topic(reading, system, view),
    )


def _within(reading: Reading | None, index: Index) -> range:
    """Return the places from the first to the last record."""
    if reading is None:
        return range(0)
    last = max(index.end(root) for zone in (reading.zones[0], reading.zones[-1]) for root in zone.roots)
    return range(index.place[reading.zones[0].record], last)


def _is_topic(reading: Reading, system: str | None, view: View) -> bool:
    """Tell whether the thread is a forum's topic. Nucleus, too, calls its comments as Vanilla calls the posts of its lists."""
    is_other = system == "vanilla" and not view.index.by_class({"messagelist"})
    is_forums = system in FORUMS and not is_other
    return (is_forums or _owns_page(reading, view)) and not _follows_article(reading, view)


def _follows_article(reading: Reading, view: View) -> bool:
    """Tell whether paragraphs stand between the headline and the first record: some sites number their comments as forums number posts."""
    end = view.index.place[reading.zones[0].record]
    start = next((place for place in view.index.headlines if place < end), 0)
    before = view.index.elements[start:end]
    prose = (len(said) for element in before if element.tag == "p" and len(said := element.text_content()) >= PROSE)
    return sum(prose) >= ARTICLE


def _owns_page(reading: Reading, view: View) -> bool:
    """Tell whether the records that the miner found are the page: a topic of a forum that is not known by name."""
    if reading.system != GENERIC or not is_forum(view.index, view.document.url):
        return False
    said = sum(len(field.text) for field in reading.fields)
    return said > 0.5 * view.length


def _comments(reading: Reading, now: datetime) -> tuple[Comment, ...]:
    parents = find_parents(reading.zones, reading.fields)
    counted = Counter(field.source_id for field in reading.fields)
    comments = [_comment(field, parent, reading, now) for field, parent in zip(reading.fields, parents, strict=True)]
    # A number that several records bear is the article's, or the floor's of a page: it names none of them.
    return tuple(replace(c, source_id=None) if c.source_id and counted[c.source_id] > 1 else c for c in comments)


def _comment(field: Fields, parent: Parent | None, reading: Reading, now: datetime) -> Comment:
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


def _order(comments: Sequence[Comment]) -> str | None:
    dates = [comment.date_created for comment in comments if comment.parent_position is None and comment.date_created]
    if len(dates) < 2 or dates[0] == dates[-1]:
        return None
    return "oldest" if dates[0] < dates[-1] else "newest"
