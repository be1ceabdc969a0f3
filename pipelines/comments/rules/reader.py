"""How a thread is found: groups of records are proposed, the likeliest are read by one reader, and one
fitted score says which of them is the thread, if any is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

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
from pipelines.comments.rules.features import PageEvidence, cheap_features, read_features
from pipelines.comments.rules.miner import COUNTED, RecordGroup, join_levels, propose, spread
from pipelines.comments.rules.plain_lines import read_passage
from pipelines.comments.rules.refrains import without_refrains
from pipelines.comments.rules.relations import ReadGroup, relate
from pipelines.comments.rules.runs import Runs
from pipelines.comments.rules.score import (
    Features,
    chance,
    crossed,
    grown,
    is_plain,
    total,
    weights,
)
from pipelines.comments.rules.systems import PINGBACK
from pipelines.comments.rules.teasers import is_forum
from pipelines.document import Document, Index

TRIED = 6  # groups of a page that are read
HOPELESS = 0.001  # chance by what is cheap to know below which a group is not read
FULLEST, HALF = 2, 0.5  # likely groups with most records, read whatever their rank
COUNTS = 2  # groups that a heading counts, read whatever they show
PAIRED, LEVELS = 4, 2  # groups of which two may be one thread's levels, and pairs that are read
ACCEPTED = -0.5  # the least that a thread scores
FULLER = (
    1.3  # times as many records, of a group that holds those of another: one more is a stray box
)
NEARLY = 0.9  # as many whole records as the best group has
CLEAR = 3.0  # the least at which plain lines are not asked first
ALSO = 0.5  # what that score weighs where groups are ranked
HEADINGS = ("h1", "h2", "h3", "h4")
LEAST_TITLE = 12  # letters: a shorter heading may stand in a title by chance
GOOD_SHARE = 0.6
SAMPLE = 24
_EXCERPT = re.compile(
    r"^\[(?:…|\.\.\.|&#8230;)\].*\[(?:…|\.\.\.|&#8230;)\]$", re.DOTALL
)  # what WordPress makes of a pingback


def find_reading(view: View, runs: Runs) -> ThreadReading | None:
    """Return the reading of the group of records on the page that is its thread, None where none
    is.
    """
    groups = ranked(view, runs)
    able = [one for one in groups if _is_thread(one)]
    if not able:
        return None
    lines = (
        read_passage(view, runs)
        if not is_plain(able[0].features) and _accepted(able[0]) < CLEAR
        else None
    )
    is_told = lines is not None and len(lines.fields) > 1  # which asks more than the weights do
    return lines if is_told else _first(able, view, runs)


def _first(groups: Sequence[ReadGroup], view: View, runs: Runs) -> ThreadReading | None:
    """Return the reading of the first of *groups* that makes sense."""
    readings = (read_records(one.group, view, runs) for one in groups)
    return next((reading for reading in readings if reading is not None), None)


def _is_thread(one: ReadGroup) -> bool:
    return is_plain(one.features) or _accepted(one) >= ACCEPTED


def _accepted(one: ReadGroup) -> float:
    return grown(weights("accept"), crossed(one.features))


def ranked(view: View, runs: Runs) -> list[ReadGroup]:
    """Return the likeliest groups of the page, each with a sample of its records read, the one that
    reads best first.
    """
    page = PageEvidence(view, runs)
    groups = likely(propose(view.index, runs), page)
    read = [read_group(group, page, features) for group, features in groups]
    read = [one for one in read if not one.features["x_recur"]]
    if read:
        relate(read)
    table = weights("rank")
    order = sorted(
        read, key=lambda one: -total(table, crossed(one.features)) - ALSO * _accepted(one)
    )
    first = _fuller(order[0], order) if order else None
    return sorted(order, key=lambda one: one is not first)


def _fuller(best: ReadGroup, others: Sequence[ReadGroup]) -> ReadGroup:
    """Return which of *others* holds the records of *best* and their answers, or on a forum its
    opening post, too, or has the same records in boxes that nest, which tell who answers whom;
    *best* itself where none has.
    """
    is_forum = bool(best.features["forum"] or best.features["forum_body"])
    first = best.group.ranges[0]
    able = [one for one in others if _is_as_whole(one, best)]
    able = [one for one in able if is_forum or one.group.ranges[0] >= first]  # else an article's
    answered = [one for one in able if _has_answers(one, best, others)]
    best = max(answered, key=lambda one: len(one.group.ranges), default=best)
    opened = [one for one in able if _has_opening(one, best)]
    best = opened[0] if opened else best
    nests = [
        one
        for one in able
        if len(one.group.ranges) == len(best.group.ranges)
        and one.features["nested_share"] > best.features["nested_share"]
        and one.covers(best.group)
    ]
    return nests[0] if nests else best


def _has_answers(one: ReadGroup, best: ReadGroup, others: Sequence[ReadGroup]) -> bool:
    """Tell whether a group holds the records of *best* and clearly more, and is clearly a thread or
    these are one of *others* by themselves.
    """
    ranges, all_ranges = set(best.group.ranges), set(one.group.ranges)
    if len(all_ranges) < FULLER * len(ranges) or not ranges < all_ranges:
        return False
    more = all_ranges - ranges
    is_sum = any(set(other.group.ranges) == more and _is_thread(other) for other in others)
    return is_sum or is_plain(one.features) or _accepted(one) >= CLEAR


def _has_opening(one: ReadGroup, best: ReadGroup) -> bool:
    """Tell whether a group holds the records of *best* and one whole post before them."""
    ranges, others = best.group.ranges, one.group.ranges
    is_before = len(others) == len(ranges) + 1 and others[0][1] <= ranges[0][0]
    return is_before and not one.features["x_first_bare"] and one.covers(best.group)


def _is_as_whole(one: ReadGroup, best: ReadGroup) -> bool:
    """Tell whether a group reads nearly as well as the *best*, and can be a thread."""
    least = NEARLY * best.features["x_complete"]
    return one.features["x_complete"] >= least and _accepted(one) >= ACCEPTED


def likely(
    groups: Sequence[RecordGroup], page: PageEvidence, most: int = TRIED
) -> list[tuple[RecordGroup, Features]]:
    """Return at most *most* of *groups* with what is cheap to know of them, the likeliest first."""
    table = weights("cheap")
    known = [(group, cheap_features(group, page)) for group in groups]
    chances = [chance(table, features) for _group, features in known]
    order = sorted(range(len(known)), key=lambda number: -chances[number])[:most]
    chosen = [number for number in order if chances[number] >= HOPELESS]
    fuller = [number for number in range(len(known)) if chances[number] >= HALF]
    fuller.sort(key=lambda number: -known[number][1]["dated"] * len(groups[number].ranges))
    listed = [number for number, group in enumerate(groups) if group.by == {COUNTED}]
    chosen = list(dict.fromkeys([*chosen, *fuller[:FULLEST], *listed[:COUNTS]]))
    return _with_levels([known[number] for number in chosen], page)


def _with_levels(
    chosen: list[tuple[RecordGroup, Features]], page: PageEvidence
) -> list[tuple[RecordGroup, Features]]:
    """Return *chosen* with the pairs of its first that are two levels of one thread."""
    first = [group for group, _features in chosen[:PAIRED]]
    joined = [
        join_levels(outer, inner, page.runs)
        for outer in first
        for inner in first
        if outer is not inner
    ]
    levels = [group for group in joined if group is not None][:LEVELS]
    return chosen + [(group, cheap_features(group, page)) for group in levels]


def read_group(group: RecordGroup, page: PageEvidence, cheap: Features) -> ReadGroup:
    """Return *group* with a sample of its records read."""
    view = page.view
    zones = zones_of(view.index, group.roots(view.index), group.sample)
    template, columns = _template(zones, view, page.runs)
    fields = without_refrains([_read(zone, template, columns)[1] for zone in zones])
    read = [field if field.text or field.author or field.date else None for field in fields]
    return ReadGroup(group, read, cheap | read_features(group, read, page))


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
    fields = without_refrains([field for _zone, field in shown])
    read = [
        (zone, field)
        for (zone, _field), field in zip(shown, fields, strict=True)
        if field.text or field.status == "withheld" or (field.author and field.date)
    ]
    kept = [
        (zone, field)
        for zone, field in read
        if not _EXCERPT.match(field.text) and not is_pingback(field.text)
    ]
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


def _makes_sense(fields: Sequence[Fields]) -> bool:
    """Tell whether most records say who or when, and most of those that are shown say something."""
    attributed = sum(field.author is not None or field.date is not None for field in fields)
    said = sum(bool(field.text) for field in fields)
    is_said = said > GOOD_SHARE * len(fields) or said >= len(fields) - 1
    return bool(fields) and attributed >= GOOD_SHARE * len(fields) and is_said


def _judged(zones: Sequence[Zone], index: Index) -> Iterator[Zone]:
    """Yield those of *zones* that are no pingbacks and await no moderation."""
    has_pingbacks = _has(index, "pingback", "trackback")
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
    return zone, read_fields(zone, template, columns.label(zone))


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
