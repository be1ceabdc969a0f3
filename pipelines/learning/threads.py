"""Learning where a template's comments stand: from threads that were read the generic way to rules
that read the same.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from lxml.html import HtmlElement

from pipelines.comments import Thread, ThreadRules, Unfit, date_said, read_count, read_thread_by
from pipelines.document import select
from pipelines.learning.alignment import LONGEST_DATE, NUMBERED, key_of, number_in, says_name
from pipelines.learning.lessons import Lesson
from pipelines.learning.selectors import own_selectors, selectors
from storage.records import Comment

Records = list[tuple[Lesson, list[HtmlElement]]]


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


LEAST_HEARD = 2


MOST_TRIED = 12
_DIGITS = re.compile(r"\d+")
_COMPARED = ("author", "author_url", "author_is_staff", "date_created", "date_created_precision", "text", "source_id",
             "url", "parent_position", "status", "upvotes", "downvotes")  # fmt: skip


def learn_thread(lessons: Sequence[Lesson]) -> ThreadRules | None:
    """Return rules that read the comments of all *lessons* as they were read, None where there are
    no such rules.
    """
    taught = [
        lesson for lesson in lessons if lesson.thread.comments and not lesson.thread.page_urls
    ]
    if not taught:
        return None
    for css in _record_selectors(taught):
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
    """Tell whether two readings of a thread say the same of every comment, and declare the same
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


def _record_selectors(taught: Sequence[Lesson]) -> list[str]:
    """Return the selectors that find as many elements as there are comments on every page, the
    outermost records first.
    """
    lesson = max(taught, key=lambda one: len(one.thread.comments))
    texts = _text_elements(lesson)
    ballot: Counter[str] = Counter()
    depth: dict[str, int] = {}
    for element in texts.values():
        for level, ancestor in enumerate(element.iterancestors()):
            if level > 10:
                break
            for css in [*own_selectors(ancestor), *_by_id_prefix(ancestor)]:
                ballot[css] += 1
                depth[css] = max(depth.get(css, 0), level)
    fitting = [
        css
        for css, votes in ballot.items()
        if votes >= 0.5 * len(texts)
        and all(len(select(one.document.tree, css)) == len(one.thread.comments) for one in taught)
    ]
    return sorted(fitting, key=lambda css: (-depth[css], len(css)))[:MOST_TRIED]


def _by_id_prefix(element: HtmlElement) -> Iterator[str]:
    identity = element.get("id") or ""
    prefix = identity.rstrip("0123456789")
    if prefix != identity and prefix.replace("-", "").replace("_", "").isalpha():
        yield f"{element.tag!s}[id^='{prefix}']"


def _text_elements(lesson: Lesson) -> dict[int, HtmlElement]:
    """Return by place the outermost element of each comment that holds its text and nothing else."""
    wanted: dict[str, list[int]] = {}
    for place, comment in enumerate(lesson.thread.comments):
        wanted.setdefault(key_of(comment.text), []).append(place)
    found: dict[int, HtmlElement] = {}
    covered: set[HtmlElement] = set()
    for area in lesson.thread.elements:
        for element in area.iter("*"):
            if element.getparent() in covered:
                covered.add(element)
                continue
            places = wanted.get(key_of(element.text_content()))
            if places:
                found[places.pop(0)] = element
                covered.add(element)
    return found


def _rules(css: str, records: Records, lessons: Sequence[Lesson]) -> ThreadRules | None:
    text = _field(
        records,
        lambda element, comment: key_of(element.text_content()) == key_of(comment.text),
        lambda c: c.text,
        is_text=True,
    )
    skip = () if text is not None else _skips(records)
    named = any(comment.author for lesson, _found in records for comment in lesson.thread.comments)
    author = _field(
        records,
        lambda element, comment: says_name(element, comment.author or ""),
        lambda comment: comment.author,
    )
    dated = any(
        comment.date_created for lesson, _found in records for comment in lesson.thread.comments
    )
    now = records[0][0].document.fetched_at
    date = _field(
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
        number=number_attribute(records),
        staff=staff_class(records),
        gap=usual_gap(records),
        system=records[0][0].thread.system,
    )
    return rules if _holds(rules.area, records) else replace(rules, area=(*rules.area, css))


def _holds(areas: Sequence[str], records: Records) -> bool:
    """Tell whether all records stand in the boxes that *areas* choose."""
    for lesson, found in records:
        boxes = {box for css in areas for box in select(lesson.document.tree, css)}
        if not all(boxes & {record, *record.iterancestors()} for record in found):
            return False
    return True


def _says_date(element: HtmlElement, comment: Comment, now: datetime) -> bool:
    if len(element) > 6 or len(element.text_content()) > LONGEST_DATE:
        return False
    said = date_said(element, now)
    return bool(said) and (said.get("date_created"), said.get("date_created_precision")) == (
        comment.date_created, comment.date_created_precision
    )  # fmt: skip


def _skips(records: Records) -> tuple[str, ...]:
    """Return selectors of what stands in a record beside its text, where the text has no element of
    its own.
    """
    found: dict[str, None] = {}
    for lesson, elements in records:
        among = set(elements)
        for record, comment in zip(elements, lesson.thread.comments, strict=True):
            found.update(dict.fromkeys(_beside(record, among, key_of(comment.text))))
    return tuple(found)


def _beside(box: HtmlElement, among: set[HtmlElement], said: str) -> Iterator[str]:
    """Yield selectors of the elements in *box* that are no part of what is *said*."""
    for child in box:
        if child in among:
            continue
        key = key_of(child.text_content())
        if key and key in said:
            continue
        if any(inner in among for inner in child.iter("*")) or said in key:
            yield from _beside(child, among, said)
        else:
            yield (own_selectors(child)[:1] or [str(child.tag)])[0]


def _field(
    records: Records,
    holds: Callable[[HtmlElement, Comment], bool],
    value: Callable[[Comment], str | None],
    *,
    is_text: bool = False,
) -> str | None:
    """Return the selector whose first own match in every record holds the field, as far as there is
    one.
    """
    ballot: Counter[str] = Counter()
    length: Counter[str] = Counter()
    inner: Counter[str] = Counter()
    asked = 0
    for lesson, found in records:
        among = set(found)
        for record, comment in zip(found, lesson.thread.comments, strict=True):
            if not value(comment):
                continue
            asked += 1
            votes: set[str] = set()
            for element in _own(record, among):
                if holds(element, comment):
                    found_by = {
                        css for css in selectors(element) if _first(record, css, among) is element
                    }
                    length.update(
                        dict.fromkeys(found_by - votes, len(key_of(element.text_content())))
                    )
                    inner.update(dict.fromkeys(found_by - votes, sum(1 for _ in element.iter("*"))))
                    votes |= found_by
            ballot.update(votes)
    # Of equals the one that says least else, the innermost (a text's outermost: it may have several
    # paragraphs), one with a name.
    # One tenth may be missed, which the comparison of whole threads then settles.
    fitting = [
        (
            count,
            -length[css],
            inner[css] if is_text else -inner[css],
            any(mark in css.rpartition(" ")[2] for mark in ".#["),
            -len(css),
            css,
        )
        for css, count in ballot.items()
        if count >= 0.9 * asked
    ]
    return max(fitting)[-1] if fitting else None


def _own(record: HtmlElement, among: set[HtmlElement]) -> Iterator[HtmlElement]:
    pending = list(reversed(record))
    while pending:
        element = pending.pop()
        if element in among:
            continue
        yield element
        pending += reversed(element)


def _first(record: HtmlElement, css: str, among: set[HtmlElement]) -> HtmlElement | None:
    for element in select(record, css):
        owner = next(ancestor for ancestor in element.iterancestors() if ancestor in among)
        if owner is record:
            return element
    return None


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
            if len(element) < 8 and read_count(element.text_content()) == lesson.thread.declared:
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
    return _field(
        records,
        lambda element, comment: (
            element.tag == "a"
            and _DIGITS.findall(element.get("href") or "")[-1:] == [comment.parent_source_id]
        ),
        lambda comment: comment.parent_source_id if comment.parent_how == "link" else None,
    )
