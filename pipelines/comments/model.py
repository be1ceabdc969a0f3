"""What the reader of threads works with: a reading of records, the rules of a template, the thread
of a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.comments.record import Fields, Roots, Zone
from storage.records import Comment


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments of one page. *elements* are the subtrees that hold them, their form and
    navigation: no part of the article.

    *is_topic* says that this is a forum's topic; where it *opens* on this page, its opening post is
    the first comment.
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
    opens: bool = True


GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class ThreadReading:
    """The *records* of a page as one system's, zones and fields of those that are comments, and how
    many pingbacks stand among them.
    """

    system: str
    records: Sequence[Roots]
    zones: Sequence[Zone]
    fields: Sequence[Fields]
    pingbacks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRules:
    """Where the comments stand: each *record*, and in it *author*, *date* and *text*, the last
    without *skip*.

    *area* are the boxes of the whole thread and its form, *count* the heading that says how many
    there are, *number* the attribute of a record with the site's own id in it, *staff* the class of
    a record that the site's own people wrote, *parent* the link that names what is answered, *gap*
    why fewer are shown than declared where that is usual; without *parent* a reply stands inside
    what it answers.
    """

    record: str
    author: str | None = None
    date: str | None = None
    text: str | None = None
    skip: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    count: str | None = None
    parent: str | None = None
    number: str | None = None
    staff: str | None = None
    gap: str | None = None
    system: str | None = None


def order_of(comments: Sequence[Comment]) -> str | None:
    dates = [
        comment.date_created
        for comment in comments
        if comment.parent_position is None and comment.date_created
    ]
    if len(dates) < 2 or dates[0] == dates[-1]:
        return None
    return "oldest" if dates[0] < dates[-1] else "newest"
