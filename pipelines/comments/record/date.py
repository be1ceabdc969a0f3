"""When a record was written: by the attributes and names of its elements first, then by what they
state.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from pipelines.comments.record.roles import Names, names_of
from pipelines.comments.record.signature import LONGEST, name_alone, read_signature
from pipelines.comments.record.vocabulary import MEMBERSHIP, OTHER_DATE, name_by
from pipelines.dates import DutchDate, Reference, read_date, shows_utc, states_utc
from storage.local_time import PAGE_CLOCK

LONGEST_DATE = 100
_WITH_CLOCK = frozenset({"minute", "second"})
LONGEST_ALONE = 45
DIGITS_OF_A_DATE = (
    6  # an attribute with fewer is a clock or a relative text, and what the reader sees states more
)

MAY_BE_DATE = re.compile(
    r"\d|gister|vandaag|today|yesterday|\bago\b|geleden|zojuist|zonet|just now|heute|gestern|\bhier\b|ayer|\b(?:een|an?|half)\b.{0,10}\b(?:uur|dag|week|maand|jaar|hour|day|month|year)",
    re.IGNORECASE,
)
LEAST_TOLD = 7  # spaces in a sentence that speaks of a time, and is no line that states one
_RELATIVE = re.compile(
    r"geleden|\bago\b|\bvor \d|il y a|\bhace\b|gister|vandaag|yesterday|today", re.IGNORECASE
)
_AFTER_SENTENCES = " \"'’”»)🙂😀😉"
_STRINGS = etree.XPath(
    ".//text()", smart_strings=False
)  # a line break between two words is no letter
MOST_LETTERS = 1000  # of a small element
# So many texts, joined by spaces, are longer than that: seen without reading them all.
_HAS_MANY = etree.XPath(f"boolean(descendant::text()[{MOST_LETTERS // 2 + 1}])")
# The most precise first.
_ATTRIBUTES = ("datetime", "data-time", "data-timestamp", "data-utime", "data-date", "date")
_TITLED = frozenset({"abbr", "time", "a", "span", "small"})
_BREAKS = ("br", "p", "div", "li", "td", "dd", "hr", "blockquote")


class Head(NamedTuple):
    """What is around a record's words: elements, and what the names of each state."""

    elements: Sequence[HtmlElement]
    names: Sequence[Names]


class Dated(NamedTuple):
    """A record's date and the element that states it; all None when it shows none. *source* is
    "attribute" or "text".
    """

    element: HtmlElement | None = None
    date: DutchDate | None = None
    source: str | None = None


# Whether the date that an element states is another than its record's.
_Apart = Callable[[HtmlElement], bool]


def find_date(head: Head, reference: Reference) -> Dated:
    """Return the date in *head*: an attribute of a time element or a dated element first, then the
    first short line that is one; where there is none, that beside a name in a member's box.
    """
    found = _find(head, reference, _is_profile)
    if found.date is None and any(names.is_profile for names in head.names):
        return _find(head, reference, partial(_is_labelled, reference=reference))
    return found


def _find(head: Head, reference: Reference, is_apart: _Apart) -> Dated:
    named = [e for e, worded in zip(head.elements, head.names, strict=True) if worded.is_date]

    def is_another(element: HtmlElement) -> bool:
        return _is_joining(element) if element in named else is_apart(element)

    for element, value in chain(_timed(head.elements), _titled(head.elements, named)):
        date = _stated(value, reference)
        if date is not None and not is_another(element):
            return Dated(element, _as_shown(date, element, reference), "attribute")
    return _shown(head, named, reference, is_another)


def _timed(elements: Sequence[HtmlElement]) -> Iterator[tuple[HtmlElement, str | None]]:
    """Yield the attributes that state a moment, with their elements."""
    for element in elements:
        attributes = element.keys()
        for name in _ATTRIBUTES if attributes else ():
            if name in attributes:
                yield element, element.get(name)


def _titled(
    elements: Sequence[HtmlElement], named: Sequence[HtmlElement]
) -> Iterator[tuple[HtmlElement, str | None]]:
    """Yield the titles of elements that may be about a date, with their elements."""
    for element in (*named, *(e for e in elements if e.tag in _TITLED)):
        yield element, element.get("title") or element.get("content")


def _shown(
    head: Head, named: Sequence[HtmlElement], reference: Reference, is_another: _Apart
) -> Dated:
    """Return the date in the first short line that is one, in the *named* elements first."""
    taken = set(named)
    # A record's own element comes last: what it states is the words, too.
    others = [e for e in (*head.elements[1:], *head.elements[:1]) if e not in taken]
    for element in chain(named, _lines_first(others, reference)):
        date = shown_date(element, reference)
        if date is not None and not is_another(element):
            return _innermost_date(element, date, reference)
    found = (_in_a_line(one, reference) for one in others if len(one))
    return next((line for line in found if line is not None), Dated())


def _lines_first(elements: Iterable[HtmlElement], reference: Reference) -> Iterator[HtmlElement]:
    """Yield those of *elements* that show a date: the lines, then what is a date in several."""
    parted = []
    for element in elements:
        if shown_date(element, reference) is None:
            continue
        if is_line(element):
            yield element
        else:
            parted.append(element)
    yield from (element for element in parted if _is_date_alone(element, reference))


def _in_a_line(element: HtmlElement, reference: Reference) -> Dated | None:
    """Return the date that is a line of its own, behind a break, in a small element with others."""
    breaks = list(element.iterchildren("br"))
    if not breaks or not 0 < len(short_text(element)) <= LONGEST or _is_profile(element):
        return None
    for line in map(_line_behind, breaks):
        is_dated = sum(map(str.isdigit, line)) >= DIGITS_OF_A_DATE and len(line) <= LONGEST_DATE
        date = read_date(line, reference) if is_dated else None
        if date is not None and not _is_of_something_else(line):
            return Dated(None, date, "text")  # the element may hold the author's line, too
    return None


def _line_behind(br: HtmlElement) -> str:
    """Return the line behind a break, nothing of one that has its label before: "Lid sinds:"."""
    before = br.getprevious()
    box = br.getparent()
    over = (box.text if before is None and box is not None else None) or ""
    if before is not None:
        over = (before.tail or "").strip() or short_text(before)
    return "" if over.rstrip().endswith(":") else " ".join((br.tail or "").split())


def is_line(element: HtmlElement) -> bool:
    """Return whether what *element* states is one line: a name, a date and words in one box are
    parted by its breaks.
    """
    return not len(element) or all(inner is element for inner in element.iter(*_BREAKS))


def _is_date_alone(element: HtmlElement, reference: Reference) -> bool:
    """Return whether *element* states nothing but a date, be it in two lines."""
    text = short_text(element)
    signed = read_signature(text, reference) if len(text) <= LONGEST_ALONE else None
    return signed is not None and signed.author is None


def shown_date(element: HtmlElement, reference: Reference) -> DutchDate | None:
    """Return the date that the short text of *element* is; None when it is none, or speaks of an
    edit or a membership.
    """
    return _date_in(short_text(element), reference)


@lru_cache(maxsize=1024)
def _date_in(text: str, reference: Reference) -> DutchDate | None:
    if (
        not 2 < len(text) <= LONGEST_DATE
        or not MAY_BE_DATE.search(text)
        or _is_of_something_else(text)
        or _is_told(text)
    ):
        return None
    return read_date(text, reference)


def _is_told(text: str) -> bool:
    """Return whether *text* tells of a time in its words: "Wij zijn 6 jaar geleden al begonnen, en
    hebben geen spijt."
    """
    is_sentence = text.rstrip(_AFTER_SENTENCES).endswith((".", "!", "?", "…"))
    return is_sentence and text.count(" ") >= LEAST_TOLD and bool(_RELATIVE.search(text))


@lru_cache(maxsize=1024)
def _is_of_something_else(text: str) -> bool:
    return bool(OTHER_DATE.match(text) or MEMBERSHIP.search(text))


def short_text(element: HtmlElement) -> str:
    """Return the text of a small element with single spaces, nothing of a large one."""
    if len(element) > 12 or (len(element) and _HAS_MANY(element)):
        return ""
    text = " ".join(_STRINGS(element)) if len(element) else element.text or ""
    return " ".join(text.split()) if len(text) < MOST_LETTERS else ""


def _is_joining(element: HtmlElement) -> bool:
    """Return whether the date in *element*, which is named as one, has another label in its own
    line ("Joined: ...").
    """
    before = element.getprevious()
    label = short_text(before) if before is not None else ""
    return names_of(element).is_profile or _is_of_something_else(label)


def _is_profile(element: HtmlElement) -> bool:
    """Return whether *element* is in a forum member's profile, or speaks of an edit."""
    if _is_of_something_else(short_text(element)):
        return True
    return any(names_of(box).is_profile for box in (element, *_near(element)))


def _is_labelled(element: HtmlElement, reference: Reference) -> bool:
    """Return whether *element* speaks of an edit, or is in a member's box with more than a name."""
    if names_of(element).is_profile or _is_of_something_else(short_text(element)):
        return True
    around = [box for box in _near(element) if names_of(box).is_profile]
    return any(not _is_byline(box, element, reference) for box in around)


def _is_byline(box: HtmlElement, dated: HtmlElement, reference: Reference) -> bool:
    """Return whether *box* states but a name beside the date that is all of *dated*: what a profile
    states has labels and figures.
    """
    beside = short_text(box).replace(short_text(dated), "", 1)
    words = beside.split()
    labels = (" ".join(words[place:]) for place in range(len(words)))
    if ":" in beside or any(word[0].isdigit() for word in words):
        return False
    if len(beside) > LONGEST or any(map(_is_of_something_else, labels)):
        return False
    is_date = dated.tag == "time" or _is_date_alone(dated, reference)
    return is_date and name_alone(name_by(beside) or beside) is not None


def _near(element: HtmlElement) -> Iterator[HtmlElement]:
    for level, ancestor in enumerate(element.iterancestors()):
        if level == 2:
            return
        yield ancestor


def _stated(value: str | None, reference: Reference) -> DutchDate | None:
    if not value or len(value) > LONGEST_DATE or sum(map(str.isdigit, value)) < DIGITS_OF_A_DATE:
        return None
    return read_date(value, reference)


def _as_shown(date: DutchDate, element: HtmlElement, reference: Reference) -> DutchDate:
    """Return *date* by the clock that the reader sees, with the text that he sees as its raw text."""
    shown = " ".join(element.text_content().split())
    seen = shown_date(element, reference) if states_utc(date.moment, date.raw) else None
    has_clock = seen is not None and seen.precision in _WITH_CLOCK
    is_utc = seen is not None and has_clock and shows_utc(date.moment, seen.moment)
    moment = date.moment.astimezone(PAGE_CLOCK) if is_utc else date.moment
    return DutchDate(moment, date.precision, shown[:LONGEST_DATE] or date.raw)


def _innermost_date(element: HtmlElement, date: DutchDate, reference: Reference) -> Dated:
    """Return the smallest element inside *element* that states the same date, so that a name beside
    it is not lost.
    """
    current, found = element, True
    while found:
        found = False
        for child in current:
            worded = shown_date(child, reference)
            if worded is not None and worded.moment == date.moment:
                current, date, found = child, worded, True
                break
    return Dated(current, date, "text")
