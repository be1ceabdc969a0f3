"""Where a profile's rules find the fields of each record of a thread: author, text, date, links,
number and parent.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from pipelines.comments.model import ThreadRules
from pipelines.comments.record import by_depth, name_in, without_circles
from pipelines.dates import DutchDate, parse_date, plausible
from pipelines.document import Document, Segment, media_text, select, text_segments

LEAST_DIGITS = 6  # of a date in an attribute
_NUMBER = re.compile(r"\d+")


class Unfit(Exception):
    """Raised when a page's thread is not as the rules state; its text states what is missing.

    *is_miss* states that the rules found nothing where they should have; else the page is only a
    case for a closer look.
    """

    def __init__(self, detail: str, *, is_miss: bool = False) -> None:
        super().__init__(detail)
        self.is_miss = is_miss


@dataclass(frozen=True, slots=True)
class RecordFields:
    """The fields of a thread's records: elements by record, addresses of their links, and by place
    in the thread the site's number and the place of the parent.
    """

    places: Mapping[HtmlElement, int]
    authors: Mapping[HtmlElement, HtmlElement]
    texts: Mapping[HtmlElement, HtmlElement]
    dates: Mapping[HtmlElement, dict[str, Any]]
    links: Mapping[HtmlElement, Sequence[str]]
    numbers: Sequence[str | None]
    parents: Sequence[int | None]

    def name_of(self, record: HtmlElement) -> str | None:
        """Return the author's name of *record*, None where it has none."""
        element = self.authors.get(record)
        return None if element is None else name_in(element.text_content())

    def blocks_of(self, record: HtmlElement, rules: ThreadRules) -> list[Segment]:
        """Return the text of *record*: of its text's element or, where records have none, of all of
        it that is not to be skipped.
        """
        text, skip = self._place_of(record, rules)
        return [] if text is None else text_segments(text, skip)

    def shown_in(self, record: HtmlElement, rules: ThreadRules, base: str) -> str:
        """Return the addresses of what *record* shows where its text has no words."""
        text, skip = self._place_of(record, rules)
        if text is None:
            return ""
        return media_text(text, base, skip, is_content=text is not record)

    def _place_of(
        self, record: HtmlElement, rules: ThreadRules
    ) -> tuple[HtmlElement | None, set[HtmlElement]]:
        """Return the element in which the text of *record* is, and what is to be skipped there."""
        text = self.texts.get(record) if rules.text is not None else record
        if text is None:
            return None, set()
        places = record.iter("*") if text is record else ()
        nested = {one for one in places if one in self.places and one is not record}
        return text, nested | _chosen(text, rules.skip)

    def permalink_of(self, record: HtmlElement, number: str | None) -> str | None:
        """Return the address of the link in *record* whose fragment holds its number."""
        if not number:
            return None
        hrefs = self.links.get(record, ())
        return next((href for href in hrefs if number in href.partition("#")[2]), None)


def find_fields(
    records: Sequence[HtmlElement], rules: ThreadRules, document: Document
) -> RecordFields:
    """Return the fields of at least one of *records*. Raises Unfit where a record has no date, or
    its text goes on outside the element where it should be.
    """
    places = {record: place for place, record in enumerate(records)}
    within = _common_box(records)
    authors = _first_in(within, rules.author, places) if rules.author else {}
    texts = _texts(within, rules.text, places) if rules.text else {}
    dates = _dates(within, rules, places, document.fetched_at)
    links = _permalinks(within, places, texts)
    numbers = [_number(record, rules) for record in records]
    links_to = _first_in(within, rules.parent, places) if rules.parent else {}
    depths = [_depth(record, rules.depth) for record in records] if rules.depth else ()
    above = _above(depths) if depths else list(_parents(records, numbers, links_to))
    parents = without_circles(above)
    return RecordFields(places, authors, texts, dates, links, numbers, parents)


def _parents(
    records: Sequence[HtmlElement],
    numbers: Sequence[str | None],
    links: Mapping[HtmlElement, HtmlElement],
) -> Iterator[int | None]:
    """Yield each record's parent: the one that its link "in reactie op" names where the template
    has such links, else the record around it.
    """
    places = {record: place for place, record in enumerate(records)}
    known = {number: place for place, number in enumerate(numbers) if number}
    for record in records:
        if links:
            yield _linked_parent(links.get(record), known)
        else:
            owner = _owner(record, places)
            yield None if owner is None else places[owner]


def _above(depths: Sequence[int | None]) -> list[int | None]:
    return [None if parent is None else parent.position for parent in by_depth(depths)]


def _depth(record: HtmlElement, word: str) -> int | None:
    """Return the number behind *word* in a class of *record*."""
    ends = (n[len(word) :] for n in (record.get("class") or "").split() if n.startswith(word))
    return next((int(end) for end in ends if end.isdecimal()), None)


def _linked_parent(link: HtmlElement | None, known: Mapping[str, int]) -> int | None:
    """Return the place of the record whose number ends the address of *link*."""
    href = (link.get("href") or "") if link is not None else ""
    found = _NUMBER.findall(href.rpartition("#")[2])
    return known.get(found[-1]) if found else None


def _common_box(records: Sequence[HtmlElement]) -> HtmlElement:
    """Return the smallest element around all *records*."""
    last = {*records[-1].iterancestors()}
    return next(ancestor for ancestor in records[0].iterancestors() if ancestor in last)


def _owner(element: HtmlElement, places: Mapping[HtmlElement, int]) -> HtmlElement | None:
    return next((ancestor for ancestor in element.iterancestors() if ancestor in places), None)


def _dates(
    box: HtmlElement, rules: ThreadRules, places: Mapping[HtmlElement, int], now: datetime
) -> dict[HtmlElement, dict[str, Any]]:
    """Return the fields of each record's date: of the first element of its place that states one.
    Raises Unfit for a record without.
    """
    if rules.date is None:
        return {record: {} for record in places}
    found: dict[HtmlElement, dict[str, Any]] = {}
    for element in select(box, rules.date):
        record = _owner(element, places)
        if record is not None and record not in found and (stated := date_of(element, now)):
            found[record] = stated
    if len(found) < len(places):
        raise Unfit("A comment has no date where it should stand.", is_miss=not found)
    return found


def _texts(
    box: HtmlElement, css: str, places: Mapping[HtmlElement, int]
) -> dict[HtmlElement, HtmlElement]:
    """Return the element of each record's text. Raises Unfit where another of its kind is beside
    it: the text may go on there.
    """
    found: dict[HtmlElement, HtmlElement] = {}
    for element in select(box, css):
        record = _owner(element, places)
        if record is not None and found.setdefault(record, element) is not element:
            first = found[record]
            if (
                element.getparent() is first.getparent()
                and element.tag == first.tag
                and element.text_content().strip()
            ):
                raise Unfit("A comment has more text than the element in which it should stand.")
    return found


def _first_in(
    box: HtmlElement, css: str, places: Mapping[HtmlElement, int]
) -> dict[HtmlElement, HtmlElement]:
    """Return for each record the first of its own elements that *css* chooses; a nested record's
    belong to that one.
    """
    found: dict[HtmlElement, HtmlElement] = {}
    for element in select(box, css):
        record = _owner(element, places)
        if record is not None:
            found.setdefault(record, element)
    return found


def _permalinks(
    box: HtmlElement, places: Mapping[HtmlElement, int], texts: Mapping[HtmlElement, HtmlElement]
) -> dict[HtmlElement, list[str]]:
    words = set(texts.values())
    found: dict[HtmlElement, list[str]] = {}
    for link in select(box, "a[href*='#']"):
        href = link.get("href") or ""
        if (
            not href[-1].isdigit()
            or "replytocom" in href
            or any(ancestor in words for ancestor in link.iterancestors())
        ):
            continue
        record = _owner(link, places)
        if record is not None:
            found.setdefault(record, []).append(href)
    return found


def _number(record: HtmlElement, rules: ThreadRules) -> str | None:
    numbers = _NUMBER.findall(record.get(rules.number) or "") if rules.number else []
    return str(numbers[0]) if numbers else None


def _chosen(root: HtmlElement, selectors: Sequence[str]) -> set[HtmlElement]:
    return {element for css in selectors for element in select(root, css)}


def date_of(element: HtmlElement | None, now: datetime) -> dict[str, Any]:
    """Return the fields of the date that *element* states: its attribute where it has one, with the
    text that the reader sees.

    Of a date that cannot be, such as one to come, only the text is kept.
    """
    if element is None:
        return {}
    shown = " ".join(element.text_content().split())[:100]
    date, source = _stated_date(element, now), "attribute"
    if date is None:
        date, source = parse_date(shown, reference=now), "text"
    if date is None:
        return {}
    raw = (shown or date.raw) if source == "attribute" else date.raw
    if not plausible(date.moment, now):
        return {"date_created_raw": raw}
    return {
        "date_created": date.moment,
        "date_created_precision": date.precision,
        "date_created_raw": raw,
        "date_created_source": source,
    }


def _stated_date(element: HtmlElement, now: datetime) -> DutchDate | None:
    for name in ("datetime", "data-time", "title", "content"):
        stated = element.get(name)
        if stated and sum(map(str.isdigit, stated)) >= LEAST_DIGITS:
            date = parse_date(stated, reference=now)
            if date is not None:
                return date
    return None
