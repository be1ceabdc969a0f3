"""Learning where a template's comments are: from threads that were read the generic way to rules
that read the same.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lxml.html import HtmlElement

from pipelines.comments import (
    Thread,
    ThreadRules,
    Unfit,
    date_of,
    heading_words,
    name_in,
    read_count,
    read_thread_by,
)
from pipelines.document import select
from pipelines.learning.alignment import LONGEST_DATE, NUMBERED, holds_name, key_of, number_in
from pipelines.learning.lessons import Lesson
from pipelines.learning.selectors import own_selectors, selectors
from pipelines.learning.thread_selectors import (
    Records,
    field_selector,
    record_selectors,
    skipped_selectors,
)
from storage.records import Comment

LEAST_HEARD = 2
LONGEST_BYLINE = 120
_DIGITS = re.compile(r"\d+")
_ENDING = re.compile(r"(\D+)\d{1,2}$")
_COMPARED = ("author", "author_url", "author_is_staff", "date_created", "date_created_precision", "text", "source_id",
             "url", "parent_position", "status", "upvotes", "downvotes")  # fmt: skip


def usual_gap(records: Records) -> str | None:
    """Return why pages show fewer comments than they declare, where all that do have one reason."""
    reasons = {
        lesson.thread.gap_reason
        for lesson, found in records
        if (lesson.thread.declared or 0) > len(found)
    }
    return reasons.pop() if len(reasons) == 1 else None


def number_attribute(records: Records) -> str | None:
    """Return the attribute that holds the site's number of every record, None where none does."""
    for name in NUMBERED:
        if all(number_in(record, name) == comment.source_id for lesson, found in records
               for record, comment in zip(found, lesson.thread.comments, strict=True)):  # fmt: skip
            return name
    return None


def staff_class(records: Records) -> str | None:
    """Return the class that only records of the site's own people have, None where there is none."""
    tokens: Counter[str] = Counter()
    others: set[str] = set()
    for lesson, found in records:
        for record, comment in zip(found, lesson.thread.comments, strict=True):
            names = (record.get("class") or "").split()
            if comment.author_is_staff:
                tokens.update(names)
            else:
                others.update(names)
    telling = sorted(
        (token for token in tokens if token not in others),
        key=lambda token: ("author" not in token, token),
    )
    return telling[0] if telling else None


def learn_thread(lessons: Sequence[Lesson]) -> ThreadRules | None:
    """Return rules that read the comments of all *lessons* as they were read, None where there are
    no such rules.
    """
    taught = [
        lesson for lesson in lessons if lesson.thread.comments and not lesson.thread.page_urls
    ]
    if not taught:
        return None
    for css in record_selectors(taught):
        records = [(lesson, select(lesson.document.tree, css)) for lesson in taught]
        rules = _rules(css, records, lessons)
        if rules is not None and all(reads_alike(lesson, rules) for lesson in taught):
            return rules
    return None


def reads_alike(lesson: Lesson, rules: ThreadRules) -> bool:
    """Tell whether *rules* read the thread of a lesson as it was read; a page that they leave to
    the generic way is no objection.
    """
    try:
        found = read_thread_by(lesson.document, rules)
    except Unfit:
        return lesson.thread.declared not in {None, len(lesson.thread.comments)}
    return same_threads(found, lesson.thread)


def same_threads(one: Thread, other: Thread) -> bool:
    """Tell whether two readings of a thread state the same of every comment, and declare the same
    number.
    """
    if len(one.comments) != len(other.comments) or (one.declared, one.gap_reason) != (
        other.declared,
        other.gap_reason,
    ):
        return False
    pairs = list(zip(one.comments, other.comments, strict=True))
    # Without a site's own id the date's text is part of what a comment is known by in the archive.
    if any(a.source_id is None and a.date_created_raw != b.date_created_raw for a, b in pairs):
        return False
    return all(getattr(a, name) == getattr(b, name) for a, b in pairs for name in _COMPARED)


def _rules(css: str, records: Records, lessons: Sequence[Lesson]) -> ThreadRules | None:
    text = field_selector(
        records,
        lambda element, comment: key_of(element.text_content()) == key_of(comment.text),
        lambda c: c.text,
        is_text=True,
    )
    skip = () if text is not None else skipped_selectors(records)
    named = any(comment.author for lesson, _found in records for comment in lesson.thread.comments)
    author = field_selector(
        records,
        lambda element, comment: _says_name(element, comment.author or ""),
        lambda comment: comment.author,
    )
    dated = any(
        comment.date_created for lesson, _found in records for comment in lesson.thread.comments
    )
    now = records[0][0].document.fetched_at
    date = field_selector(
        records,
        lambda element, comment: _says_date(element, comment, now),
        lambda comment: comment.date_created_raw,
    )
    if (named and author is None) or (dated and date is None):
        return None
    rules = ThreadRules(
        record=css,
        text=text,
        skip=skip,
        author=author,
        date=date,
        area=_areas(lessons),
        count=_count(records),
        parent=_parent(records),
        depth=_depth_word(records),
        number=number_attribute(records),
        staff=staff_class(records),
        gap=usual_gap(records),
        system=records[0][0].thread.system,
    )
    return rules if _holds(rules.area, records) else replace(rules, area=(*rules.area, css))


def _holds(areas: Sequence[str], records: Records) -> bool:
    """Tell whether all records are in the boxes that *areas* choose."""
    for lesson, found in records:
        boxes = {box for css in areas for box in select(lesson.document.tree, css)}
        if not all(boxes & {record, *record.iterancestors()} for record in found):
            return False
    return True


def _says_date(element: HtmlElement, comment: Comment, now: datetime) -> bool:
    if len(element) > 6 or len(element.text_content()) > LONGEST_DATE:
        return False
    date = date_of(element, now)
    return bool(date) and (date.get("date_created"), date.get("date_created_precision")) == (
        comment.date_created, comment.date_created_precision
    )  # fmt: skip


def _says_name(element: HtmlElement, name: str) -> bool:
    words = element.text_content()
    return holds_name(element, name) or (len(words) <= LONGEST_BYLINE and name_in(words) == name)


def _areas(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    """Return selectors of the boxes that hold the threads, their forms and their navigation,
    wherever one has a name.
    """
    found: dict[str, None] = {}
    for lesson in lessons:
        bodies = {lesson.body, *lesson.body.iterancestors()}
        for area in lesson.thread.elements:
            names = [
                css
                for css in own_selectors(area)
                if not bodies & set(select(lesson.document.tree, css))
            ]
            found.update(dict.fromkeys(names[:1]))
    return tuple(found)


def _count(records: Records) -> str | None:
    """Return the selector of the heading that declares the number of comments on every page."""
    ballot: Counter[str] = Counter()
    pages = [lesson for lesson, _found in records if lesson.thread.declared is not None]
    for lesson in pages:
        votes: set[str] = set()
        for element in lesson.document.tree.iter(
            "h1", "h2", "h3", "h4", "h5", "legend", "span", "p", "a", "div"
        ):
            if len(element) < 8 and read_count(heading_words(element)) == lesson.thread.declared:
                votes |= {
                    css
                    for css in selectors(element)
                    if select(lesson.document.tree, css)[0] is element
                }
        ballot.update(votes)
    fitting = [(-len(css), css) for css, votes in ballot.items() if votes == len(pages)]
    return max(fitting)[1] if fitting else None


def _parent(records: Records) -> str | None:
    """Return the selector of the link that names a reply's parent, where replies have one."""
    replies = [
        c for lesson, _found in records for c in lesson.thread.comments if c.parent_how == "link"
    ]
    if not replies:
        return None
    return field_selector(
        records,
        lambda element, comment: (
            element.tag == "a"
            and _DIGITS.findall(element.get("href") or "")[-1:] == [comment.parent_source_id]
        ),
        lambda comment: comment.parent_source_id if comment.parent_how == "link" else None,
    )


def _depth_word(records: Records) -> str | None:
    """Return the word of the class in which a number states each record's depth, where replies are
    known by that.
    """
    threads = [lesson.thread.comments for lesson, _found in records]
    if not any(comment.parent_how == "depth" for comments in threads for comment in comments):
        return None
    words = [
        {match[1] for name in (record.get("class") or "").split() if (match := _ENDING.match(name))}
        for _lesson, found in records
        for record in found
    ]
    return min(set.intersection(*words), default=None)
