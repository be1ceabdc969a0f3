"""How the groups of one page compare: is one part of a fuller one, does it hold one, does it nest?"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from pipelines.comments.model import ThreadReading
from pipelines.comments.record import Fields
from pipelines.comments.rules.miner import RecordGroup
from pipelines.comments.rules.score import Features, GroupVerdict, judge
from pipelines.document import Index, ThreadProposal

COVERED = 0.8


@dataclass
class ReadGroup:
    """A group with the fields of its sampled records, None for one that states nothing, and all its
    features.
    """

    group: RecordGroup
    fields: Sequence[Fields | None]
    features: Features

    @cached_property
    def verdict(self) -> GroupVerdict:
        """The verdict on it, asked once it is related to the page's other groups."""
        return judge(self.features)

    @cached_property
    def letters(self) -> float:
        """How many letters all its records state."""
        texts = [len(field.text) for field in self.fields if field is not None]
        return sum(texts) * len(self.group.ranges) / len(self.fields)

    @cached_property
    def reach(self) -> tuple[list[int], list[int]]:
        """The runs at which its records begin, and the furthest at which one up to each ends."""
        starts = [first for first, _last in self.group.ranges]
        return starts, list(accumulate((last for _first, last in self.group.ranges), max))

    def covers(self, other: RecordGroup) -> bool:
        """Tell whether most records of *other* are in records of this group."""
        starts, ends = self.reach
        sample = [other.ranges[number] for number in other.sample]
        inside = 0
        for first, last in sample:
            before = bisect_right(starts, first) - 1
            inside += before >= 0 and ends[before] >= last
        return inside > COVERED * len(sample)


def proposals(
    groups: Sequence[ReadGroup], index: Index, chosen: ThreadReading | None
) -> list[ThreadProposal]:
    """Return the ways to read a page's thread that were looked at: *groups*, the one that
    was *chosen* among them, if one was.
    """
    first = chosen.records[0].first if chosen is not None and chosen.records else None
    found = [proposal(one.group, one.verdict.score, one.features, index) for one in groups]
    taken = next((number for number, one in enumerate(found) if first in one.records), None)
    if taken is not None:
        found[taken] = replace(found[taken], is_chosen=True)
    return found


def proposal(group: RecordGroup, score: float, features: Features, index: Index) -> ThreadProposal:
    """Return *group* with its *score* as a way to read a page's thread."""
    records = [index.elements[places[0]] for places in group.records]
    system = group.system or "+".join(sorted(group.by))
    return ThreadProposal(system, score, records, features)


def relate(groups: Sequence[ReadGroup]) -> None:
    """Add to the features of the groups of one page how each compares with the others: is it part
    of a fuller one, does it hold one?
    """
    whole = [one.features["x_complete"] * len(one.group.ranges) for one in groups]
    most, longest = max(whole) or 1, max(one.letters for one in groups) or 1
    records = max(len(one.group.ranges) for one in groups)
    dated = max(map(_dated_over_form, groups))
    for one, complete in zip(groups, whole, strict=True):
        one.features["r_complete"] = complete / most
        one.features["r_words"] = one.letters / longest
        one.features["r_records"] = len(one.group.ranges) / records
        one.features["x_over_form"] *= _dated_over_form(one) == dated  # else the boxes around these
        for other in groups:
            if other is not one:
                _compare(one, other)


def _dated_over_form(one: ReadGroup) -> float:
    """Return how many records of a group are dated, 0 where it is not all that is over a form."""
    return one.features["x_over_form"] * one.features["dated"] * len(one.group.ranges)


def _compare(one: ReadGroup, other: ReadGroup) -> None:
    features, fuller = one.features, other.features["x_complete"]
    n, m = len(one.group.ranges), len(other.group.ranges)
    if other.covers(one.group):
        name = "r_part" if m > n else "r_whole" if m < n else "r_same"
        value = fuller - features["x_complete"] + 0.5 if m == n else fuller
    elif one.covers(other.group):
        name, value = "r_holds", fuller * min(3.0, m / n)
    else:
        return
    features[name] = max(features.get(name, 0.0), value)
    if n == m:  # of the same records in boxes of their own and in boxes that nest, these show more
        more = other.features["nested_share"] - features["nested_share"]
        features["r_nests"] = max(features.get("r_nests", 0.0), more)
