"""How a group of records is read, whoever proposed it: its columns labelled together, each record
by one reader; what is no comment of the page is left out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

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
from pipelines.comments.rules.columns import Columns, date_slot
from pipelines.comments.rules.features import PageEvidence, read_features
from pipelines.comments.rules.miner import RecordGroup, spread
from pipelines.comments.rules.relations import ReadGroup
from pipelines.comments.rules.runs import Runs
from pipelines.comments.rules.score import (
    Features,
)
from pipelines.comments.rules.systems import PINGBACK
from pipelines.comments.rules.teasers import is_forum
from pipelines.document import Document, Index, without_numbers

REPEATED, REPEATED_SHARE = 3, 0.5  # records that begin or end with a refrain
REFRAINS, LONGEST_REFRAIN = 8, 80  # lines at either end, letters of each
OUTER = 3  # boxes around a record that may be named for pingbacks
HEADINGS = ("h1", "h2", "h3", "h4")
LEAST_TITLE = 12  # letters: a shorter heading may stand in a title by chance
GOOD_SHARE = 0.6
SAMPLE = 24
_ENTRIES = frozenset({"li", "p", "div", "dd", "article", "section"})  # may be a record
_ADDRESSES = re.compile(r"(?:https?://\S+\s?)+")
_EXCERPT = re.compile(
    r"^\[(?:…|\.\.\.|&#8230;)\].*\[(?:…|\.\.\.|&#8230;)\]$", re.DOTALL
)  # what WordPress makes of a pingback


def read_group(group: RecordGroup, page: PageEvidence, cheap: Features) -> ReadGroup:
    """Return *group* with a sample of its records read."""
    view = page.view
    zones = zones_of(view.index, group.roots(view.index), group.sample)
    template, columns = _template(zones, view, page.runs)
    fields = _without_refrains([_spoken(_read(zone, template, columns)[1]) for zone in zones])
    read = [field if field.text or field.author or field.date else None for field in fields]
    return ReadGroup(group, read, cheap | read_features(group, read, page))


def _spoken(field: Fields) -> Fields:
    """Return *field* with its words only: what a record merely shows speaks for no thread."""
    return field._replace(text="") if _ADDRESSES.fullmatch(field.text) else field


def _template(zones: Sequence[Zone], view: View, runs: Runs) -> tuple[Template, Columns]:
    template = Template(view.index, view.document.url, view.reference, subject=view.subject)
    slot = date_slot(zones, view.reference)
    return replace(template, date_slot=slot), Columns(zones, view.index, runs)


def read_records(group: RecordGroup, view: View, runs: Runs) -> ThreadReading | None:
    """Return the reading of the records of *group*, pingbacks and what awaits moderation left out;
    None when too few of them say who or when, or anything at all.
    """
    records = group.roots(view.index)
    if not is_forum(view.index, view.document.url):  # there the first post bears the title
        records = _beside_article(records, view.document)
    zones = list(_judged(zones_of(view.index, records), view.index))
    template, columns = _template([zones[i] for i in spread(len(zones), SAMPLE)], view, runs)
    shown = [_read(zone, template, columns) for zone in zones]
    fields = _without_refrains([field for _zone, field in shown])
    read = [
        (zone, field)
        for (zone, _field), field in zip(shown, fields, strict=True)
        if _spoken(field).text or field.status == "withheld" or (field.author and field.date)
    ]
    read = read[1:] if _begins_with_stray(read) else read  # it is no pingback
    kept = _without_pingbacks(read)
    if not _makes_sense([field for _zone, field in kept]) or len(read) < GOOD_SHARE * len(zones):
        return None
    pingbacks = len(records) - len(zones) + len(read) - len(kept)
    pingbacks += _apart(group, view.index)
    return ThreadReading(
        group.system or GENERIC,
        records,
        [zone for zone, _f in kept],
        [field for _z, field in kept],
        pingbacks,
    )


def _without_pingbacks(read: Sequence[tuple[Zone, Fields]]) -> list[tuple[Zone, Fields]]:
    return [
        (zone, field)
        for zone, field in read
        if not _EXCERPT.match(field.text) and not is_pingback(field.text)
    ]


def _begins_with_stray(read: Sequence[tuple[Zone, Fields]]) -> bool:
    """Tell whether the first of several records stands in another box than all others, and is the
    only one without an author: a box of the page that looks like them.
    """
    if len(read) <= REPEATED or read[0][1].author is not None:
        return False
    boxes = {zone.record.getparent() for zone, _field in read[1:]}
    are_signed = all(field.author is not None for _zone, field in read[1:])
    return are_signed and len(boxes) == 1 and read[0][0].record.getparent() not in boxes


def _beside_article(records: Sequence[Roots], document: Document) -> list[Roots]:
    """Return *records* without the one under the page's own title: an article that is marked up as
    its comments are.
    """
    title = " ".join((document.title or "").split())
    others = [roots for roots in records if not _bears(roots, title)]
    return others if len(others) == len(records) - 1 else list(records)


def _bears(roots: Roots, title: str) -> bool:
    headings = (" ".join(heading.text_content().split()) for heading in roots[0].iter(*HEADINGS))
    return any(len(heading) >= LEAST_TITLE and heading in title for heading in headings)


def _apart(group: RecordGroup, index: Index) -> int:
    """Return how many pingbacks stand outside of the records of *group*."""
    named = index.by_class({"pingback", "trackback"})
    places = {index.place[e] for elements in named.values() for e in elements if e.tag == "li"}
    return len(places - {place for roots in group.records for place in roots})


def count_pingbacks(index: Index) -> int:
    """Return how many pingbacks stand on a page on which no thread was found."""
    marked = index.by_class({"pingback", "trackback"})
    found = {e for elements in marked.values() for e in elements if e.tag in _ENTRIES}
    if not found:
        boxes = (e for e in index.elements if e.tag in _ENTRIES and e.find("a") is not None)
        found = {e for e in boxes if is_pingback((e.text or "").strip())}
    return sum(not any(box in found for box in e.iterancestors()) for e in found)


def _makes_sense(fields: Sequence[Fields]) -> bool:
    """Tell whether most records say who or when, and most of those that are shown say something."""
    attributed = sum(field.author is not None or field.date is not None for field in fields)
    said = sum(bool(field.text) for field in fields)
    is_said = said > GOOD_SHARE * len(fields) or said >= len(fields) - 1
    return bool(fields) and attributed >= GOOD_SHARE * len(fields) and is_said


def _judged(zones: Sequence[Zone], index: Index) -> Iterator[Zone]:
    """Yield those of *zones* that are no pingbacks and await no moderation."""
    has_pingbacks = _has(index, "ping", "trackback")
    has_pending = _has(index, "awaiting")
    for zone in zones:
        if has_pingbacks and _is_pingback(zone.record):
            continue
        if not (has_pending and _is_pending(zone)):
            yield zone


def _read(zone: Zone, template: Template, columns: Columns) -> tuple[Zone, Fields]:
    """Return *zone* and what it says; where it shows nobody and nothing, what it hides."""
    shown = read_fields(zone, template, columns.label(zone))
    if not zone.unseen or shown.text or shown.author or shown.date:
        return zone, shown
    zone = revealed(zone)
    hidden = read_fields(zone, template, columns.label(zone))
    return zone, hidden if hidden.text else hidden._replace(status="withheld")


def _has(index: Index, *pieces: str) -> bool:
    return any(piece in index.class_words for piece in pieces)


def _is_pingback(element: HtmlElement) -> bool:
    """Tell whether a record, the item, the list or the box around it, or the box in it, is named a
    pingback.
    """
    around = [element, *islice(element.iterancestors(), OUTER)]
    around += islice(element.iterchildren("div", "article"), 1)
    names = (name for box in around for name in (box.get("class"), box.get("id")) if name)
    return any(map(PINGBACK.search, names))


def _is_pending(zone: Zone) -> bool:
    return any(
        element.tag in {"em", "p", "div", "span"}
        and "awaiting" in (element.get("class") or "")
        and PENDING.search(element.text_content()[:300])
        for element in zone.elements
        if len(element.attrib)
    )


def _without_refrains(fields: Sequence[Fields]) -> list[Fields]:
    """Return *fields* with the lines taken from the ends of their texts that most of them have
    there: labels, buttons, dates in a form that is not known, which are the template's and not the
    readers' words. Numbers may differ; a text is never emptied.
    """
    texts = [field.text for field in fields]
    for end in (0, -1):
        for _time in range(REFRAINS):
            refrains = _refrains(texts, end)
            if not refrains:
                break
            texts = [_without(text, end, refrains) for text in texts]
    return [
        field if text == field.text else field._replace(text=text)
        for field, text in zip(fields, texts, strict=True)
    ]


def _refrains(texts: Sequence[str], end: int) -> set[str]:
    """Return the lines, numbers masked, that most of *texts* have at their *end*, 0 or -1."""
    lines = [text.strip().split("\n") for text in texts if text]
    counted = Counter(_masked(one[end]) for one in lines if len(one) > 1)
    least = max(REPEATED, REPEATED_SHARE * len(lines))
    return {line for line, times in counted.items() if line and times >= least}


def _without(text: str, end: int, refrains: set[str]) -> str:
    lines = text.strip().split("\n")
    if len(lines) < 2 or _masked(lines[end]) not in refrains:
        return text
    return "\n".join(lines[1:] if end == 0 else lines[:-1]).strip()


def _masked(line: str) -> str:
    if line.rstrip().endswith((".", "!", "?", "…")):
        return ""  # a sentence is a reader's
    return without_numbers(line.strip().casefold()) if len(line) <= LONGEST_REFRAIN else ""
