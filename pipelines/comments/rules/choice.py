"""Which group of records is a page's thread: groups are proposed, the likeliest are read by one
reader, and fitted scores state which of them reads best and whether it is a thread at all.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.comments.model import ThreadReading
from pipelines.comments.page import View
from pipelines.comments.rules.features import PageEvidence, cheap_features, is_over_form
from pipelines.comments.rules.miner import COUNTED, RecordGroup, join_levels, propose
from pipelines.comments.rules.plain_lines import read_headed
from pipelines.comments.rules.reader import read_group, read_records
from pipelines.comments.rules.relations import ReadGroup, proposal, proposals, relate
from pipelines.comments.rules.runs import Runs
from pipelines.comments.rules.score import ACCEPTED, Features, grown, probability, weights
from pipelines.document import siblings

COUNTS = 2  # groups that a heading counts, read whatever they show
OVER_FORM = 2  # groups that are all there is over a form for comments, read whatever their rank
PAIRED, LEVELS = 4, 2  # groups of which two may be one thread's levels, and pairs that are read
FULLER = 1.3  # times as many records, of a group that holds those of another: one more is stray
AUTHORS = 1.5  # times as many different authors, in the boxes around records
NEARLY = 0.9  # as many whole records as the best group has
SHOWN = 3  # groups, where none is read


class Reach(NamedTuple):
    """How many of a page's groups are read at *most*; each needs the *least* chance by what is cheap
    to know of it, and the share *far* of the likeliest's.
    """

    most: int
    least: float
    far: float


REACH = Reach(most=6, least=0.02, far=0.05)


class Weighed(NamedTuple):
    """A group with what is cheap to know of it, and the score that this gives it."""

    group: RecordGroup
    features: Features
    score: float

    @property
    def chance(self) -> float:
        """The score as a probability."""
        return probability(self.score)


def find_reading(view: View, runs: Runs) -> tuple[ThreadReading | None, tuple[HtmlElement, ...]]:
    """Return the reading of the group of records on the page that is its thread, None where none
    is; and the rows of its fullest list of titles, which is none.
    """
    page = PageEvidence(view, runs)
    proposed = weighed(propose(view.index, runs), page)
    read = _read_groups(proposed, page)
    lists = [one for one in read if one.features["x_titles"]]
    groups = _ranked([one for one in read if not one.features["x_titles"]])
    reading = _read_likeliest(groups, view, runs)
    shown = proposals(groups, view.index, reading) or [
        proposal(one.group, one.score, one.features, view.index) for one in proposed[:SHOWN]
    ]
    view.document.trace.note_thread(shown)
    fullest = max(lists, key=lambda one: len(one.group.records), default=None)
    return reading, _rows(fullest, view)


def _rows(titles: ReadGroup | None, view: View) -> tuple[HtmlElement, ...]:
    places = [] if titles is None else [record[0] for record in titles.group.records]
    return tuple(view.index.elements[place] for place in places)


def _read_likeliest(groups: Sequence[ReadGroup], view: View, runs: Runs) -> ThreadReading | None:
    """Return the reading of the first of *groups* that is a thread."""
    able = [one for one in groups if one.verdict.is_thread]
    if not able:
        return None
    reading = _first(able, view, runs)
    lines = None if able[0].verdict.is_clear else read_headed(view, runs)
    is_stated = lines is not None and len(lines.fields) > 1  # which asks more than the weights do
    if lines is None or not is_stated or _is_in_boxes(reading, lines, view, runs):
        return reading
    return lines


def _is_in_boxes(
    reading: ThreadReading | None, lines: ThreadReading, view: View, runs: Runs
) -> bool:
    """Tell whether *reading* has what signed *lines* sign each in a box of its own, with no words
    between, which shows where each begins and ends; not where what is behind the last looks the same,
    and may go on with it.
    """
    if reading is None or _moments(reading) != _moments(lines):
        return False
    places = [[view.index.place[root] for root in record.roots] for record in reading.records]
    ends = accumulate((runs.last[roots[-1]] for roots in places), max)
    are_next = all(
        runs.first[roots[0]] <= end for roots, end in zip(places[1:], ends, strict=False)
    )
    last = reading.records[-1].first
    after = next(siblings(last), None)
    goes_on = after is not None and (after.tag, after.get("class")) == (last.tag, last.get("class"))
    return are_next and not goes_on and all(len(roots) == 1 for roots in places)


def _moments(reading: ThreadReading) -> list[datetime | None]:
    return [None if field.date is None else field.date.moment for field in reading.fields]


def _first(groups: Sequence[ReadGroup], view: View, runs: Runs) -> ThreadReading | None:
    """Return the reading of the first of *groups* that makes sense."""
    readings = (read_records(one.group, view, runs) for one in groups)
    return next((reading for reading in readings if reading is not None), None)


def _read_groups(groups: Sequence[Weighed], page: PageEvidence) -> list[ReadGroup]:
    """Return the likeliest of *groups*, each with a sample of its records read."""
    read = [read_group(group, page, features) for group, features in likely(groups, page)]
    return [one for one in read if not one.features["x_recur"]]


def _ranked(read: list[ReadGroup]) -> list[ReadGroup]:
    """Return the groups that were *read*, the one that reads best first."""
    if read:
        relate(read)
    order = sorted(read, key=lambda one: (not one.verdict.is_clear, -one.verdict.rank))
    first = _extended(order[0], order) if order else None
    return sorted(order, key=lambda one: one is not first)


def _extended(best: ReadGroup, others: Sequence[ReadGroup]) -> ReadGroup:
    """Return which of *others* holds the records of *best* and their answers, or on a forum its
    opening post, too, or is the boxes around them in which their authors stand, or has the same
    records in boxes that nest, which tell who answers whom; *best* itself where none has.
    """
    is_forum = bool(best.features["forum_body"])
    first = best.group.ranges[0]
    able = [one for one in others if _is_as_whole(one, best)]
    able = [one for one in able if is_forum or one.group.ranges[0] >= first]  # else an article's
    answered = [one for one in able if _has_answers(one, best, others)]
    best = max(answered, key=lambda one: len(one.group.ranges), default=best)
    opened = [one for one in able if _has_opening(one, best)]
    best = opened[0] if opened else best
    around = [one for one in able if _is_around(one, best)]
    best = around[0] if around else best
    nests = [one for one in able if _nests_more(one, best)]
    return nests[0] if nests else best


def _is_around(one: ReadGroup, best: ReadGroup) -> bool:
    """Tell whether the records of a group are the boxes around those of *best*, each around one, and
    show more different authors: those of *best* were titles or labels.
    """
    ranges, others = best.group.ranges, one.group.ranges
    if len(ranges) != len(others) or not one.covers(best.group):
        return False
    return one.features["x_authors"] > AUTHORS * best.features["x_authors"]


def _nests_more(one: ReadGroup, best: ReadGroup) -> bool:
    """Tell whether a group has the records of *best* in boxes more of which nest."""
    is_same = len(one.group.ranges) == len(best.group.ranges) and one.covers(best.group)
    return is_same and one.features["nested_share"] > best.features["nested_share"]


def _has_answers(one: ReadGroup, best: ReadGroup, others: Sequence[ReadGroup]) -> bool:
    """Tell whether a group holds the records of *best* and clearly more, and is plainly a thread
    or these are another level, which is one by itself.
    """
    ranges, all_ranges = set(best.group.ranges), set(one.group.ranges)
    if len(all_ranges) < FULLER * len(ranges) or not ranges < all_ranges:
        return False
    more = all_ranges - ranges
    are_levels = "levels" in one.group.by and any(
        set(other.group.ranges) == more and other.verdict.is_thread for other in others
    )
    return are_levels or one.verdict.is_plain


def _has_opening(one: ReadGroup, best: ReadGroup) -> bool:
    """Tell whether a group holds the records of *best* and one whole post before them."""
    ranges, others = best.group.ranges, one.group.ranges
    is_before = len(others) == len(ranges) + 1 and others[0][1] <= ranges[0][0]
    return is_before and not one.features["x_first_bare"] and one.covers(best.group)


def _is_as_whole(one: ReadGroup, best: ReadGroup) -> bool:
    """Tell whether a group reads nearly as well as the *best*, and can be a thread."""
    least = NEARLY * best.features["x_complete"]
    return one.features["x_complete"] >= least and one.verdict.score >= ACCEPTED


def weighed(groups: Sequence[RecordGroup], page: PageEvidence) -> list[Weighed]:
    """Return *groups*, the likeliest first, each with what is cheap to know of it."""
    table = weights("cheap")
    known = [(group, cheap_features(group, page)) for group in groups]
    found = [Weighed(group, features, grown(table, features)) for group, features in known]
    return sorted(found, key=lambda one: -one.score)


def likely(
    groups: Sequence[Weighed], page: PageEvidence, reach: Reach = REACH
) -> list[tuple[RecordGroup, Features]]:
    """Return those of *groups* that are within *reach*, with what is cheap to know of them, the
    likeliest first.
    """
    least = max(reach.least, reach.far * max((one.chance for one in groups), default=0.0))
    chosen = [one for one in groups[: reach.most] if one.chance >= least]
    listed = [one for one in groups if one.group.by == {COUNTED}]
    over = [one for one in groups if is_over_form(one.group, page)]
    over.sort(key=lambda one: -one.features["dated"] * len(one.group.ranges))
    once = {id(one): one for one in (*chosen, *listed[:COUNTS], *over[:OVER_FORM])}
    return _with_levels([(one.group, one.features) for one in once.values()], page)


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
