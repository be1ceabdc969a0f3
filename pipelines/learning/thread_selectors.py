"""Selectors of a thread's records and of a field in each of them, voted for by threads that were
read.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from lxml.html import HtmlElement

from pipelines.document import select
from pipelines.learning.alignment import key_of
from pipelines.learning.lessons import Lesson
from pipelines.learning.selectors import own_selectors, selectors
from storage.records import Comment

Records = list[tuple[Lesson, list[HtmlElement]]]  # of each lesson, in the order of its comments
MOST_TRIED = 12


def record_selectors(taught: Sequence[Lesson]) -> list[str]:
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


def field_selector(
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
    # Of equals the one with fewest other words, the innermost (a text's outermost: it may have
    # several paragraphs), one with a name. One tenth may be missed, which the comparison of whole
    # threads then settles.
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


def skipped_selectors(records: Records) -> tuple[str, ...]:
    """Return selectors of what a record has beside its text, where the text has no element of
    its own.
    """
    found: dict[str, None] = {}
    for lesson, elements in records:
        among = set(elements)
        for record, comment in zip(elements, lesson.thread.comments, strict=True):
            found.update(dict.fromkeys(_beside(record, among, key_of(comment.text))))
    return tuple(found)


def _beside(box: HtmlElement, among: set[HtmlElement], words: str) -> Iterator[str]:
    """Yield selectors of the elements in *box* that are no part of *words*."""
    for child in box:
        if child in among:
            continue
        key = key_of(child.text_content())
        if key and key in words:
            continue
        if any(inner in among for inner in child.iter("*")) or words in key:
            yield from _beside(child, among, words)
        else:
            yield (own_selectors(child)[:1] or [str(child.tag)])[0]
