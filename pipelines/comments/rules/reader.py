"""One way of reading a page's records, from their elements to their fields."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from lxml.html import HtmlElement

from pipelines.comments.model import GENERIC, ThreadReading
from pipelines.comments.page import View
from pipelines.comments.record import (
    PENDING,
    Fields,
    Roots,
    Template,
    Zone,
    is_pingback,
    read_fields,
    revealed,
    zones_of,
)
from pipelines.comments.rules.columns import author_slot, date_slot, text_slot
from pipelines.comments.rules.features import are_teasers, recur
from pipelines.comments.rules.systems import PINGBACK, Markup, find_elements, records_of
from pipelines.document import Index

GOOD_SHARE = 0.6
SAMPLE = 30
_COMMENT_PAGE = re.compile(r"/comment-page-\d+/?$|/$|\?.*$")
_DIGITS = re.compile(r"\d+")
_EXCERPT = re.compile(
    r"^\[(?:…|\.\.\.|&#8230;)\].*\[(?:…|\.\.\.|&#8230;)\]$", re.DOTALL
)  # what WordPress makes of a pingback


def best_reading(view: View) -> ThreadReading | None:
    """Return the reading of the known markup that yields most; of equals the one named first in the
    table.
    """
    best: ThreadReading | None = None
    known: dict[HtmlElement, bool] = {}
    for markup, elements in find_elements(view.index):
        if best is not None and len(elements) <= len(best.records):
            continue
        records = records_of(markup, elements, known)
        if len(records) <= (len(best.records) if best else 0) or (
            best and _are_the_same(records, best, view.index)
        ):
            continue
        reading = _read_known(markup, records, view)
        if reading is not None and (best is None or len(reading.fields) > len(best.fields)):
            best = reading
    return best


def _are_the_same(records: Sequence[Roots], reading: ThreadReading, index: Index) -> bool:
    """Tell whether *records* are those of *reading* once more: the boxes in them or around them, at
    most two of each.
    """
    if len(records) > 2 * len(reading.records):
        return False
    ranges = [(index.place[roots[0]], index.end(roots[-1])) for roots in reading.records]
    starts = [start for start, _end in ranges]
    furthest = list(accumulate((end for _start, end in ranges), max))
    for roots in records:
        place = index.place[roots[0]]
        before = bisect_right(starts, place) - 1
        holds = before + 1 < len(starts) and starts[before + 1] < index.end(roots[0])
        if not holds and (before < 0 or place >= furthest[before]):
            return False
    return True


def _read_known(markup: Markup, records: Sequence[Roots], view: View) -> ThreadReading | None:
    if markup.least <= 2:
        records = [roots for roots in records if not view.index.holds_headline(roots[0])]
    reading = None if recur(records, view.recurring) else read_records(markup.system, records, view)
    if reading is None:
        return None
    if lead_to_several_pages(reading.fields):
        return None
    if markup.least > 1 and _are_teasers(reading, view):
        return None
    certain = sum(field.author is not None and field.date is not None for field in reading.fields)
    if markup.least > 1 and (
        len(reading.fields) < markup.least or certain < GOOD_SHARE * len(reading.fields)
    ):
        return None
    return reading


def _are_teasers(reading: ThreadReading, view: View) -> bool:
    """Tell whether records are a listing's: many systems number a page's articles as others number
    a topic's posts.
    """
    zones = reading.zones[:SAMPLE]
    authors = [field.author for field in reading.fields[:SAMPLE]]
    return are_teasers([zone.roots for zone in zones], authors, view.document.url)


def read_records(system: str, records: Sequence[Roots], view: View) -> ThreadReading | None:
    """Return the reading of *records*, pingbacks and what awaits moderation left out; None when too
    few of them say who or when.
    """
    index = view.index
    pingbacks = (
        {roots for roots in records if _is_pingback(roots[0])}
        if _has(index, "pingback", "trackback")
        else set()
    )
    zones = zones_of(index, records)
    judged = [zone for zone in zones if zone.roots not in pingbacks]
    if _has(index, "awaiting"):
        judged = [zone for zone in judged if not _is_pending(zone)]
    template = Template(index, view.document.url, view.reference)
    if system == GENERIC:
        slots = author_slot(judged, view), date_slot(judged, view.reference)
        template = replace(template, author_slot=slots[0], date_slot=slots[1])
        template = replace(template, text_slot=text_slot(judged, template))
    read = [_read(zone, template) for zone in judged]
    read = [
        (zone, field)
        for zone, field in read
        if field.text or field.status == "withheld" or (field.author and field.date)
    ]
    kept = [
        (zone, field)
        for zone, field in read
        if not _EXCERPT.match(field.text) and not is_pingback(field.text)
    ]
    attributed = sum(field.author is not None or field.date is not None for _zone, field in kept)
    if not kept or len(read) < GOOD_SHARE * len(judged) or attributed < GOOD_SHARE * len(kept):
        return None
    return ThreadReading(
        system,
        records,
        [zone for zone, _f in kept],
        [field for _z, field in kept],
        len(pingbacks) + len(read) - len(kept),
    )


def _read(zone: Zone, template: Template) -> tuple[Zone, Fields]:
    """Return *zone* and what it says; where it shows nobody and nothing, what it hides."""
    shown = read_fields(zone, template)
    if not zone.unseen or shown.text or shown.author or shown.date:
        return zone, shown
    zone = revealed(zone)
    return zone, read_fields(zone, template)


def lead_to_several_pages(fields: Sequence[Fields]) -> bool:
    """Tell whether the permalinks of records lead to many pages, as those of a site's latest
    comments do.
    """
    pages = Counter(field.url.partition("#")[0] for field in fields if field.url)
    if len(pages) < 2 or pages.total() < 3:
        return False
    paths: Counter[str] = Counter()
    for page, times in pages.items():
        paths[_DIGITS.sub("#", _COMMENT_PAGE.sub("", page))] += times
    return max(paths.values()) < GOOD_SHARE * paths.total()


def _has(index: Index, *pieces: str) -> bool:
    return any(piece in index.class_words for piece in pieces)


def _is_pingback(element: HtmlElement) -> bool:
    """Tell whether a record, or the list item around it or the box in it, is classed as a pingback."""
    around = (element, element.getparent(), next(element.iterchildren("div", "article"), None))
    return any(PINGBACK.search(box.get("class") or "") for box in around if box is not None)


def _is_pending(zone: Zone) -> bool:
    return any(
        element.tag in {"em", "p", "div", "span"}
        and "awaiting" in (element.get("class") or "")
        and PENDING.search(element.text_content()[:300])
        for element in zone.elements
        if len(element.attrib)
    )
