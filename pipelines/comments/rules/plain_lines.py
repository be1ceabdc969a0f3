"""A thread that no repeated element holds: a single comment, or lines under a heading, "Jan (3 mei
2014)" and what he wrote.

It is looked for between a heading that speaks of comments and the form, or the next heading, after
the article, and in the box of a form for comments; and believed only where the heading's number, or
the form, agrees with what is there.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import accumulate, islice

from lxml.html import Element, HtmlElement

from pipelines.comments.declared import is_own, is_thread_heading, read_count
from pipelines.comments.model import GENERIC, ThreadReading
from pipelines.comments.page import View, counts
from pipelines.comments.record import (
    CommentRecord,
    Fields,
    Template,
    comment_records,
    is_label,
    is_withheld,
    read_fields,
    read_signature,
)
from pipelines.comments.rules.columns import Columns
from pipelines.comments.rules.form_boxes import FormBox, boxes_over_forms
from pipelines.comments.rules.runs import Runs
from pipelines.comments.rules.signed_lines import FINE, comments_under_names, signed_comments
from pipelines.comments.rules.teasers import leads_to_article
from pipelines.document import block_text, siblings

LONGEST = 8000
LEAST_SAID = 4  # letters that any element counts for, so that not all of a large page are met
BEFORE = 100  # letters of the article before the heading of its comments
LONGEST_HEADING = 100
MOST_HEADINGS = 40  # that are looked under: a list of articles has one for each
LEVELS = 4
FORM_WITHIN = 60  # elements after the passage
WORDS = 2
_TITLES = frozenset(
    {
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "b",
        "legend",
        "p",
        "div",
        "span",
        "td",
        "font",
        "center",
    }
)
_LANDMARKS = frozenset({"body", "html", "main"})
_UNSEEN = frozenset({"script", "style"})


@dataclass(frozen=True, slots=True)
class Passage:
    """What is under a heading that speaks of comments: the number that it states, its siblings,
    whether a form follows, the bare text with which it begins.
    """

    count: int | None
    roots: tuple[HtmlElement, ...]
    has_form: bool
    lead: str = ""


def read_passage(view: View, runs: Runs) -> ThreadReading | None:
    """Return the thread that is as one comment, or as plain lines, under its heading or over a form;
    None when none is.
    """
    boxes = (_over_form(box, view) for box in boxes_over_forms(view))
    over = (passage for passage in boxes if passage is not None)
    return read_headed(view, runs) or _read(over, view, runs)


def read_headed(view: View, runs: Runs) -> ThreadReading | None:
    """Return the thread that is as one comment, or as plain lines, under its heading; None when
    none does.
    """
    return _read(_passages(view), view, runs)


def _read(passages: Iterator[Passage], view: View, runs: Runs) -> ThreadReading | None:
    for passage in passages:
        fields = _single(passage, view, runs) or _several(passage, view)
        if fields:
            records = [CommentRecord(passage.roots)] * len(fields)
            return ThreadReading(GENERIC, [passage.roots], records, fields, 0)
    return None


def _passages(view: View) -> Iterator[Passage]:
    known: dict[HtmlElement, bool] = {}
    start = view.index.headlines[0] if view.index.headlines else 0
    titles = (one for one in view.headings if _may_head(*one))
    for element, line in islice(titles, MOST_HEADINGS):
        passage = (
            _counted(element, line, view) if _has_article_before(view, start, element) else None
        )
        if passage is not None and is_own(element, view.document.url, known):
            yield passage


def _over_form(box: FormBox, view: View) -> Passage | None:
    """Return what is over a form, None where that is too much, leads elsewhere or is the article."""
    start = view.index.headlines[0] if view.index.headlines else 0
    if not _has_article_before(view, start, box.roots[0]):
        return None
    size = sum(map(_size, box.roots))
    links = (link for root in box.roots for link in root.iter("a"))
    is_teaser = any(leads_to_article(link, view.document.url) for link in links)
    return None if is_teaser or size > LONGEST else Passage(None, box.roots, has_form=True)


def _size(root: HtmlElement) -> int:
    return len(root.text_content()) + len(root.tail or "")


def _first(boxes: Iterator[HtmlElement]) -> tuple[HtmlElement, ...]:
    """Return *boxes* up to the one that is too much."""
    found, stated = list[HtmlElement](), 0
    for box in boxes:
        found.append(box)
        stated += max(_size(box), LEAST_SAID)
        if stated > LONGEST:
            break
    return tuple(found)


def _may_head(element: HtmlElement, line: str) -> bool:
    return element.tag in _TITLES and len(line) <= LONGEST_HEADING


def _counted(heading: HtmlElement, line: str, view: View) -> Passage | None:
    """Return what stands under a *heading* whose *line* speaks of comments, or counts something over
    a form for comments, which says what its words do not.
    """
    count = read_count(line)
    if count or is_thread_heading(line):
        return _under(heading, count, view)
    count = counts(line)
    passage = _under(heading, count, view) if count else None
    return passage if passage is not None and passage.has_form else None


def _has_article_before(view: View, start: int, heading: HtmlElement) -> bool:
    before = islice(view.index.elements, start, view.index.place[heading])
    sizes = accumulate(
        len((element.text or "").strip()) for element in before if element.tag not in _UNSEEN
    )
    return any(size >= BEFORE for size in sizes)


def _under(heading: HtmlElement, count: int | None, view: View) -> Passage | None:
    """Return what is under *heading*, None where that is nothing, or too much to be what a few
    readers wrote.
    """
    found = _filled_box(heading)
    if found is None:
        return None
    box, roots = found
    size = len(box.tail or "") + sum(map(_size, roots))
    is_passage = bool(roots) and 10 < size <= LONGEST
    if not is_passage or any(next(root.iter("h1"), None) is not None for root in roots):
        return None
    end = view.index.end(roots[-1])
    start = view.index.place[heading]
    has_form = any(start < place < end + FORM_WITHIN for place in view.forms)
    links = (link for root in roots for link in root.iter("a"))
    is_teaser = any(leads_to_article(link, view.document.url) for link in links)
    return None if is_teaser else Passage(count, roots, has_form, (box.tail or "").strip())


def _filled_box(heading: HtmlElement) -> tuple[HtmlElement, tuple[HtmlElement, ...]] | None:
    """Return the box around *heading* that has words after it, at most LEVELS up, and what follows
    that box; the last one looked at where none has.
    """
    box: HtmlElement | None = heading
    roots: tuple[HtmlElement, ...] = ()
    for _level in range(LEVELS):
        if box is None or box.tag in _LANDMARKS:
            return None
        roots = _first(siblings(box)) or _first(siblings(_form_after(box)))
        if any(root.text_content().strip() for root in roots) or (box.tail or "").strip():
            break
        box = box.getparent()
    return None if box is None else (box, roots)


def _form_after(box: HtmlElement) -> HtmlElement:
    """Return the form that follows *box* at once, after which the newest comment comes first; else
    *box* itself.
    """
    following = next(box.itersiblings(), None)
    return (
        following
        if following is not None and next(following.iter("textarea"), None) is not None
        else box
    )


def _single(passage: Passage, view: View, runs: Runs) -> list[Fields]:
    """Return the one comment that the passage is; nothing where it is none, or several."""
    if passage.count not in {1, None} or (passage.count is None and not passage.has_form):
        return []
    record = comment_records(view.index, [passage.roots])[0]
    template = Template(view.index, view.document.url, view.reference)
    field = read_fields(record, template, Columns([record], view.index, runs).label(record))
    if field.author is None or field.date is None or not _says_something(field.text):
        return []
    is_alone = (
        sum(read_signature(line, view.reference) is not None for line in _lines(passage)) <= 1
    )
    is_sure = passage.count == 1 or field.date.precision in FINE
    return [field] if is_alone and is_sure else []


def _says_something(text: str) -> bool:
    return (
        len(text.split()) >= WORDS
        and not is_label(text)
        and (any(map(str.islower, text)) or is_withheld(text))
    )


def _lines(passage: Passage) -> list[str]:
    """Return the lines of a passage, read as one box: bare text between its elements runs on from
    one into the next, and an empty line parts blocks.
    """
    box = Element("div")
    box.text = passage.lead
    box.extend(map(deepcopy, passage.roots))
    return [line.strip() for line in block_text(box).split("\n")]


def _several(passage: Passage, view: View) -> list[Fields]:
    """Return the comments that the passage's signed lines part from each other; nothing where they
    are none.
    """
    lines = _lines(passage)
    fields = signed_comments(lines, view.reference)
    if passage.count and len(fields) != passage.count:  # what only a number can make sure of
        under = comments_under_names(lines, view.reference)
        fields = under if len(under) == passage.count else fields
    if len(fields) < 2:
        return []
    is_fine = all(field.date is not None and field.date.precision in FINE for field in fields)
    is_agreed = passage.has_form or passage.count is None
    is_sure = passage.count == len(fields) or (is_fine and is_agreed)
    return fields if is_sure and all(_says_something(field.text) for field in fields) else []
