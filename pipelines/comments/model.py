"""What the reader of threads works with: a reading of records, the rules of a template, the thread
of a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.comments.record import CommentRecord, Fields, Roots
from storage.records import Comment, ThreadSource


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments of one page. *elements* are the subtrees that hold them, their form and
    navigation: no part of the article.

    *sources* are what a script of the page asks for comments that the page does not hold.
    *is_topic* says that this is a forum's topic; where it *opens* on this page, its opening post is
    the first comment. *titles* are the rows of a list of other pages' titles, each with its author
    or its day, which is no thread.
    """

    comments: tuple[Comment, ...] = ()
    declared: int | None = None
    pingbacks: int = 0
    gap_reason: str | None = None
    order: str | None = None
    system: str | None = None
    method: str | None = None
    page_urls: tuple[str, ...] = ()
    sources: tuple[ThreadSource, ...] = ()
    elements: tuple[HtmlElement, ...] = ()
    is_topic: bool = False
    opens: bool = True
    titles: tuple[HtmlElement, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadCount:
    """How many comments a page declares (None: it does not state), how many of those that were read
    it shows, how many pingbacks are among them, and how many that it withholds.
    """

    declared: int | None
    captured: int
    pingbacks: int = 0
    withheld: int = 0

    @classmethod
    def of(cls, comments: Sequence[Comment], declared: int | None, pingbacks: int) -> "ThreadCount":
        """Return what is counted of *comments*."""
        withheld = sum(comment.status == "withheld" for comment in comments)
        return cls(declared, len(comments) - withheld, pingbacks, withheld)


def gap_reason(capture: ThreadCount, signs: frozenset[str] = frozenset()) -> str | None:
    """Return why a page shows another number of comments than it declares, None where it shows as
    many or declares none.

    *signs* are what the page shows of it: "widget", "pagination", "top_level", "withheld",
    "closed". The answer is one of these, or "pingbacks", "surplus" where more were read than are
    declared, or "unknown" where fewer were and nothing shows why.
    """
    declared, captured = capture.declared, capture.captured
    if "widget" in signs and captured + capture.withheld == 0 and declared != 0:
        return "widget"
    if "pagination" in signs:
        return "pagination"
    if declared is None or captured == declared:
        return None
    if captured > declared:
        return "surplus"
    return _why_short(capture, signs)


def _why_short(capture: ThreadCount, signs: frozenset[str]) -> str:
    """Return why fewer comments were read than are declared."""
    known = capture.captured + capture.withheld
    if known >= (capture.declared or 0):
        return "withheld"
    if capture.pingbacks and known + capture.pingbacks >= (capture.declared or 0):
        return "pingbacks"
    if "closed" in signs and capture.captured:
        signs = signs - {"closed"}  # a closed thread still shows what was written
    reasons = ("top_level", "withheld", "closed", "widget")
    return next((reason for reason in reasons if reason in signs), "unknown")


GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class ThreadReading:
    """The *roots* of a page's records as one system's, records and fields of those that are
    comments, and how many pingbacks are among them.
    """

    system: str
    roots: Sequence[Roots]
    records: Sequence[CommentRecord]
    fields: Sequence[Fields]
    pingbacks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRules:
    """Where the comments are: each *record*, and in it *author*, *date* and *text*, the last
    without *skip*.

    *area* are the boxes of the whole thread and its form, *count* the heading that states how many
    there are, *number* the attribute of a record with the site's own id in it, *staff* the class of
    a record that the site's own people wrote, *parent* the link that names what is answered, *depth*
    the word of the class in which a number states how deep a record is ("level-"), *gap* why fewer
    are shown than declared where that is usual; without *parent* and *depth* a reply is inside what
    it answers.
    """

    record: str
    author: str | None = None
    date: str | None = None
    text: str | None = None
    skip: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    count: str | None = None
    parent: str | None = None
    depth: str | None = None
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
