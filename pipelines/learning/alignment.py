"""Where on a page comments are whose words are known from elsewhere: the element of each text,
and the record around it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from pipelines.content import find_furniture
from pipelines.dates import MOMENT_TOLERANCE, DutchDate, agrees, parse_date
from pipelines.document import SKIPPED, Document, block_text
from pipelines.learning.likeness import word_f1
from storage.records import Article

NUMBERED = (
    "data-comment-id",
    "data-commentid",
    "data-reaction-id",
    "data-id",
    "id",
)  # attributes with a comment's number
LONGEST_DATE = 200
LONGEST_AROUND_NAME = 12
LEAST_LINE = 20  # characters of a first line that can be taken for a text of several paragraphs
MOST_LEVELS = 4  # of boxes around a text that is alone on its page
MOST_AROUND = 300  # characters in them beside it
_ELSEWHERE = frozenset({"navigation", "sidebar", "footer", "share", "related", "latest_comments"})


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where one comment is: the element of its text, which *is_whole* or only its first line,
    and the *record* around it.

    *others* are the records of other comments inside that one.
    """

    text: HtmlElement
    is_whole: bool
    record: HtmlElement
    others: frozenset[HtmlElement]

    def beside(self) -> Iterator[HtmlElement]:
        """Yield the elements of the record that are neither its text nor another comment's."""
        pending = [self.record]
        while pending:
            element = pending.pop()
            yield element
            pending += [
                child
                for child in reversed(element)
                if child is not self.text and child not in self.others
            ]


def holds_name(element: HtmlElement, name: str) -> bool:
    """Tell whether *element* states a *name* and hardly anything else."""
    words = " ".join(element.text_content().split())
    return words.startswith(name) and len(words) <= len(name) + LONGEST_AROUND_NAME


def number_in(element: HtmlElement, attribute: str) -> str | None:
    """Return the first number in an *attribute* of an element."""
    value = element.get(attribute) or ""
    digits = "".join(letter if letter.isdigit() else " " for letter in value).split()
    return digits[0] if digits else None


def key_of(text: str) -> str:
    """Return what a text is recognised by: its letters without the spaces."""
    return "".join(text.split())


def find_places(
    document: Document, texts: Sequence[Sequence[str]], threaded: Sequence[HtmlElement]
) -> dict[int, RecordPlace]:
    """Return by its number the place of each comment that the page shows, in the order of the page;
    *texts* are the ways to put what it states.

    What is in the site's own parts is no place, unless that is the thread itself, in the
    elements *threaded*.
    """
    outside = {
        element for element, reason in find_furniture(document.tree).items() if reason in _ELSEWHERE
    } - set(threaded)
    whole: dict[int, HtmlElement] = {}
    for way in range(max(map(len, texts), default=0)):
        words = [
            ways[way] if number not in whole and way < len(ways) else ""
            for number, ways in enumerate(texts)
        ]
        whole |= _find(document.tree, words, outside)
    lines = [
        ways[0].partition("\n")[0] if number not in whole and ways else ""
        for number, ways in enumerate(texts)
    ]
    first = _find(
        document.tree, [line if len(line) >= LEAST_LINE else "" for line in lines], outside
    )
    order = {element: place for place, element in enumerate(document.tree.iter())}
    found = sorted((whole | first).items(), key=lambda pair: order[pair[1]])
    records = _records([element for _number, element in found])
    taken = frozenset(records)
    return {
        number: RecordPlace(element, number in whole, record, taken - {record})
        for (number, element), record in zip(found, records, strict=True)
    }


def _find(
    tree: HtmlElement, texts: Sequence[str], outside: set[HtmlElement]
) -> dict[int, HtmlElement]:
    """Return by its number the outermost element that states a text and nothing else; of equal
    texts each in its turn.
    """
    wanted: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        if text:
            wanted.setdefault(key_of(text), []).append(number)
    longest = 2 * max((len(key) for key in wanted), default=0) + 200
    found: dict[int, HtmlElement] = {}
    pending = list(tree.iter("body"))[:1]
    while pending and wanted:
        element = pending.pop()
        words = element.text_content()
        numbers = wanted.get(key_of(words)) if len(words) <= longest or len(element) == 0 else None
        if numbers:
            found[numbers.pop(0)] = element
        else:
            pending += [child for child in reversed(element) if _may_hold(child, outside)]
    return found


def _may_hold(element: HtmlElement, outside: set[HtmlElement]) -> bool:
    return element.tag not in SKIPPED and element not in outside


def _records(texts: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Return the largest element around each of *texts*, which are in the order of the page, that
    begins with none of the others.
    """
    if len(texts) == 1:
        return [_around_one(texts[0])]
    first_in: dict[HtmlElement, int] = {}
    held: dict[HtmlElement, int] = {}
    for place, text in enumerate(texts):
        for element in (text, *text.iterancestors()):
            first_in.setdefault(element, place)
            held[element] = held.get(element, 0) + 1
    return [_climb(text, place, first_in, held, len(texts)) for place, text in enumerate(texts)]


def _climb(
    text: HtmlElement,
    place: int,
    first_in: Mapping[HtmlElement, int],
    held: Mapping[HtmlElement, int],
    count: int,
) -> HtmlElement:
    record = text
    for ancestor in text.iterancestors():
        if first_in[ancestor] != place or held[ancestor] == count:
            break
        record = ancestor
    return record


def _around_one(text: HtmlElement) -> HtmlElement:
    record, most = text, len(text.text_content()) + MOST_AROUND
    for level, ancestor in enumerate(text.iterancestors()):
        is_more = (
            ancestor.tag == "body"
            or next(ancestor.iter("h1", "form", "textarea"), None) is not None
        )
        if level == MOST_LEVELS or is_more or len(ancestor.text_content()) > most:
            break
        record = ancestor
    return record


def common_box(elements: Iterable[HtmlElement]) -> HtmlElement | None:
    """Return the smallest element around all *elements*, None where there are none."""
    shared: list[HtmlElement] | None = None
    for element in elements:
        chain = [element, *element.iterancestors()]
        among = set(chain)
        shared = chain if shared is None else [one for one in shared if one in among]
    return shared[0] if shared else None


LONGEST_LINE = 80
_TAGS = (
    "time",
    "span",
    "p",
    "div",
    "a",
    "small",
    "em",
    "i",
    "b",
    "strong",
    "li",
    "td",
    "dd",
    "abbr",
)


def stated_date(
    document: Document, article: Article, stated: datetime | None, outside: set[HtmlElement]
) -> dict[str, Any]:
    """Return the fields of the date that the page shows where *stated* is its moment; none where it
    was read so, or shows no such.

    What is in the elements *outside* is no date of the article.
    """
    precision = article.date_published_precision
    # Two clocks may differ by minutes, and the more exact date stays; another day is another date.
    if stated is None or agrees(
        article.date_published, "day" if precision in MOMENT_TOLERANCE else precision, stated
    ):
        return {}
    shown = next(
        (
            _stated(element, document.fetched_at)
            for element in shown_dates(document, stated, outside)
        ),
        None,
    )
    if shown is None:
        return {}
    return {
        "date_published": shown.moment,
        "date_published_raw": shown.raw,
        "date_published_precision": shown.precision,
        "date_published_source": "selector",
    }


def shown_dates(
    document: Document, stated: datetime, outside: set[HtmlElement]
) -> Iterator[HtmlElement]:
    """Yield the elements that state the day or the moment *stated*, and hardly anything else."""
    for element in document.tree.iter(*_TAGS):
        if len(element) > 3 or len(element.text_content()) > LONGEST_LINE:
            continue
        date = _stated(element, document.fetched_at)
        is_day = date is not None and (
            date.precision == "day" or date.precision in MOMENT_TOLERANCE
        )
        if date is None or not is_day or not agrees(date.moment, date.precision, stated):
            continue
        if not any(
            a in outside or a.tag in {"nav", "aside", "footer"}
            for a in (element, *element.iterancestors())
        ):
            yield element


def _stated(element: HtmlElement, now: datetime) -> DutchDate | None:
    """Return the date that an element states, in the order in which a selector's words are taken."""
    ways = (
        element.get("datetime"),
        " ".join(element.text_content().split()),
        element.get("content"),
    )
    return next(
        (date for raw in ways if raw and (date := parse_date(raw, reference=now)) is not None), None
    )


LEAST_LIKENESS = 0.9


def find_likest(tree: HtmlElement, wanted: str, threaded: set[HtmlElement]) -> HtmlElement | None:
    """Return the smallest element whose words are most like those of the text *wanted*; None when
    none is like it.
    """
    length = len(wanted)
    best, likeness = None, LEAST_LIKENESS
    for element in tree.iter("div", "section", "article", "main", "td"):
        if (
            element in threaded
            or not 0.8 * length <= len(element.text_content()) <= 4 * length + 400
        ):
            continue
        found = word_f1(block_text(element, threaded), wanted)
        if found >= likeness:
            best, likeness = element, found
    return best
