"""Proposals: groups of elements, or of runs of siblings, that may be the records of a thread.

A proposal is no verdict: whoever makes it, the group is read and weighed as all others are.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from pipelines.comments.record import FLAGS, Roots
from pipelines.comments.rules.runs import Runs
from pipelines.comments.rules.spans import (
    Places,
    around_dates,
    counted,
    sibling_spans,
    spans_at,
    terms,
)
from pipelines.comments.rules.systems import find_elements, records_of
from pipelines.document import Index

MOST = 20_000
SAMPLE = 12
LARGEST = 1500  # elements of the smallest record
LEAST_DATED, LEAST_NAMED, LEAST_WORDS = 0.4, 0.5, 2
ONE_EACH = 0.6
DATED = 0.8  # of the records of a first level
STATED = "schema.org"  # a type that several systems state
STRAY = 0.1  # of the records of two levels, those that are not as levels are
COUNTED = "counted"
QUOTE = "blockquote"

_NO_RECORD = frozenset({"br", "a", "body", "html", "hr", "img", "input", "label"})

Range = tuple[int, int]


@dataclass(slots=True)
class RecordGroup:
    """Records that may be a thread: each the places of its roots, which are siblings, and its range
    of runs.

    *own* are the ranges of each without the records nested in it, *up* the record it is nested in.
    *by* names who proposed the group, *system* is the known system whose records these are.
    """

    records: list[Places]
    ranges: list[Range]
    by: set[str]
    system: str | None = None
    own: list[list[Range]] = field(default_factory=list)
    up: list[int | None] = field(default_factory=list)

    def settle(self) -> None:
        """Work out *own* and *up*. Takes linear time."""
        stack: list[int] = []
        for number, (first, last) in enumerate(self.ranges):
            while stack and self.ranges[stack[-1]][1] <= first:
                stack.pop()
            is_inside = bool(stack) and self.ranges[stack[-1]][1] >= last
            self.up.append(stack[-1] if is_inside else None)
            self.own.append([(first, last)])
            if is_inside:
                above = self.own[stack[-1]]
                begin, end = above.pop()
                above += [(begin, first), (last, end)]
            stack.append(number)

    def total(self, sums: Sequence[int], number: int) -> int:
        """Return what the prefix sums *sums* count in the record of *number* itself."""
        return _count(sums, self.own[number])

    @property
    def sample(self) -> Sequence[int]:
        """The numbers of at most SAMPLE records, evenly spread, the last among them."""
        return spread(len(self.ranges), SAMPLE)

    def roots(self, index: Index) -> list[Roots]:
        """Return the elements of the records."""
        return [tuple(index.elements[place] for place in places) for places in self.records]


def _count(sums: Sequence[int], ranges: Iterable[Range]) -> int:
    """Return what the prefix sums *sums* count in *ranges*."""
    return sum(sums[last] - sums[first] for first, last in ranges)


def join_levels(outer: RecordGroup, inner: RecordGroup, runs: Runs) -> RecordGroup | None:
    """Return the records of two groups as one, where those of *inner* are in those of *outer* as
    the comments on an answer do; None where they do not, or are these themselves.
    """
    if runs.tag[inner.records[0][0]] == QUOTE:
        return None  # what a record repeats of another
    known, starts = set(outer.ranges), [first for first, _last in outer.ranges]
    if any(one in known or _contains(one, outer, starts) for one in inner.ranges):
        return None  # these themselves, or the boxes around answers
    holders = Counter(_holder(one, outer, starts) for one in inner.ranges)
    if holders[None] > STRAY * len(inner.ranges):
        return None
    if sum(times == 1 for times in holders.values()) > ONE_EACH * len(outer.ranges):
        return None  # a part of each record, not a level of its own
    pairs = [*zip(outer.ranges, outer.records, strict=True)]
    pairs += [*zip(inner.ranges, inner.records, strict=True)]
    pairs.sort(key=lambda pair: (pair[0][0], -pair[0][1]))
    roots, ranges = [roots for _r, roots in pairs], [one for one, _r in pairs]
    group = RecordGroup(roots, ranges, {"levels"}, outer.system)
    group.settle()
    above = [number for number, one in enumerate(ranges) if one in known]
    dates = runs.marks["dates"]
    dated = sum(group.total(dates, number) > 0 for number in above)
    # Else boxes around a thread, or around parts of its records: what one says of itself stands
    # before its answers, not between them.
    between = sum(_count(dates, group.own[number][1:-1]) > 0 for number in above)
    return group if dated >= DATED * len(above) and between <= STRAY * len(above) else None


def _holder(one: Range, group: RecordGroup, starts: Sequence[int]) -> int | None:
    """Return the number of the record of *group* that holds the range *one*."""
    number: int | None = bisect_right(starts, one[0]) - 1
    while number is not None and number >= 0 and group.ranges[number][1] < one[1]:
        number = group.up[number]
    return None if number is None or number < 0 else number


def _contains(one: Range, group: RecordGroup, starts: Sequence[int]) -> bool:
    """Tell whether a record of *group* begins and ends in the range *one*."""
    number = bisect_left(starts, one[0])
    return number < len(starts) and group.ranges[number][1] <= one[1]


def spread(number: int, most: int) -> Sequence[int]:
    """Return at most *most* of the numbers below *number*, evenly spread, the last among them."""
    if number <= most:
        return range(number)
    return [place * (number - 1) // (most - 1) for place in range(most)]


def propose(index: Index, runs: Runs) -> list[RecordGroup]:
    """Return the groups of records on the page that hold words, and dates or names."""
    found: dict[tuple[Range, ...], RecordGroup] = {}
    for by, system, records in _proposals(index, runs):
        group = _group(runs, by, records)
        if group is None:
            continue
        known = found.setdefault(tuple(group.ranges), group)
        known.by |= group.by
        if known.system in (None, STATED):
            known.system = system or known.system
    for group in found.values():
        group.settle()
    return list(found.values())


def _proposals(index: Index, runs: Runs) -> Iterator[tuple[str, str | None, Iterable[Places]]]:
    for markup, elements in find_elements(index):
        records = records_of(markup, elements)
        places = [tuple(index.place[root] for root in roots) for roots in records]
        yield "system", markup.system, places
    for by, table in _alike(runs).items():
        for alike in table:
            yield by, None, [(place,) for place in alike]
    for spanned in chain(sibling_spans(runs), terms(runs)):
        yield "span", None, spanned
    for listed in counted(runs):
        yield COUNTED, None, [(place,) for place in listed]
    for units in around_dates(runs):
        yield "date", None, [(place,) for place in units]
        for spanned in spans_at(runs, units):
            yield "span", None, spanned


def _alike(runs: Runs) -> dict[str, list[list[int]]]:
    """Return the places of elements that share a class token, an id but for its number, a parent
    and look, a path, with names or by tags alone.
    """
    by_token: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_id: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_sibling: dict[tuple[int, int | str], list[int]] = defaultdict(list)
    by_path: dict[tuple[str, int], list[int]] = defaultdict(list)
    for place, tag in enumerate(runs.tag):
        if runs.last[place] == runs.first[place] or tag in _NO_RECORD:
            continue
        for token in runs.tokens[place]:
            by_token[tag, token].append(place)
        identity = runs.identity[place]
        if identity is not None:
            by_id[tag, identity].append(place)
        by_sibling[runs.parent[place], runs.step[place]].append(place)
        by_path["steps", runs.path[place]].append(place)
        # "even" and "odd" part what is alike: once more by tags alone.
        by_sibling[runs.parent[place], tag].append(place)
        by_path["tags", runs.tags[place]].append(place)
    named = {"class": by_token.values(), "id": by_id.values()}
    found = {by: [p for p in table if _may_be(p, runs)] for by, table in named.items()}
    bare = {"sibling": by_sibling.values(), "path": by_path.values()}
    return found | {by: [p for p in table if len(p) > 1] for by, table in bare.items()}


def _may_be(places: Sequence[int], runs: Runs) -> bool:
    """Tell whether what shares a name can be a thread: several, or one whose name states so."""
    return len(places) > 1 or bool(runs.kinds[places[0]] & FLAGS["record"])


def _group(runs: Runs, by: str, records: Iterable[Places]) -> RecordGroup | None:
    """Return the group of *records*, each range of runs once; None where they hold no words, or
    neither dates nor names.
    """
    found: dict[Range, Places] = {}
    for roots in records:
        first, last = runs.first[roots[0]], runs.last[roots[-1]]
        if last > first:
            found.setdefault((first, last), roots)
    if not 0 < len(found) <= MOST:
        return None
    ranges = sorted(found, key=lambda one: (one[0], -one[1]))
    group = RecordGroup([found[one] for one in ranges], ranges, {by})
    if min(_size(runs, group.records[number]) for number in group.sample) > LARGEST:
        return None
    sample = [ranges[number] for number in group.sample]
    words, dates, names = (runs.marks[name] for name in ("words", "dates", "named"))
    dated = sum([dates[last] > dates[first] for first, last in sample])
    named = sum([names[last] > names[first] for first, last in sample])
    stated = sum(words[last] - words[first] for first, last in sample)
    is_signed = (
        by == COUNTED or dated >= LEAST_DATED * len(sample) or named >= LEAST_NAMED * len(sample)
    )
    return group if is_signed and stated >= LEAST_WORDS * len(sample) else None


def _size(runs: Runs, roots: Places) -> int:
    """Return how many elements a record has."""
    return runs.end[roots[-1]] - roots[0]
