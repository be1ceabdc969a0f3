"""Proposals: groups of elements, or of runs of siblings, that may be the records of a thread.

A proposal is no verdict: whoever makes it, the group is read and weighed as all others are.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipelines.comments.declared import is_thread_heading, read_count
from pipelines.comments.record import FLAGS, Roots
from pipelines.comments.rules.runs import Runs
from pipelines.comments.rules.systems import find_elements, records_of
from pipelines.document import Index

MOST = 20_000
SAMPLE = 24
LARGEST = 1500  # elements of the smallest record
LEAST_DATED, LEAST_NAMED, LEAST_WORDS = 0.4, 0.5, 2
FEWEST_CHILDREN = 3
ONE_EACH = 0.6
HIGHEST, DISTINCT = 12, 0.9  # levels above a date, and the share of boxes that stay apart
STATED = "schema.org"  # a type that several systems state
WITHIN = 0.9  # of the records of a second level that stand in one of the first
COUNTED, UNDER = "counted", 12  # elements after a heading among which its list stands
ALONE = ("dt", "h")  # tags that may begin a single record which goes on in its siblings

_NO_RECORD = frozenset({"br", "a", "body", "html", "hr", "img", "input", "label"})

Places = tuple[int, ...]
Range = tuple[int, int]


@dataclass(slots=True)
class Group:
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
        return sum(sums[last] - sums[first] for first, last in self.own[number])

    @property
    def sample(self) -> Sequence[int]:
        """The numbers of at most SAMPLE records, evenly spread, the last among them."""
        return spread(len(self.ranges), SAMPLE)

    def roots(self, index: Index) -> list[Roots]:
        """Return the elements of the records."""
        return [tuple(index.elements[place] for place in places) for places in self.records]


def join_levels(outer: Group, inner: Group) -> Group | None:
    """Return the records of two groups as one, where those of *inner* stand in those of *outer* as
    the comments on an answer do; None where they do not, or are these themselves.
    """
    known = set(outer.ranges)
    added = [number for number, one in enumerate(inner.ranges) if one not in known]
    starts = [first for first, _last in outer.ranges]
    inside = 0
    holders: Counter[int] = Counter()
    for number in added:
        first, last = inner.ranges[number]
        above: int | None = bisect_right(starts, first) - 1
        while above is not None and above >= 0 and outer.ranges[above][1] < last:
            above = outer.up[above]
        if above is not None and above >= 0:
            inside += 1
            holders[above] += 1
    if any(_contains(inner.ranges[number], outer, starts) for number in added):
        return None  # the boxes around answers, not a level of their own
    if not added or inside < WITHIN * len(added) or len(added) < len(inner.ranges):
        return None
    if sum(times == 1 for times in holders.values()) > ONE_EACH * len(outer.ranges):
        return None  # a part of each record, not a level of its own
    pairs = [*zip(outer.ranges, outer.records, strict=True)]
    pairs += [*zip(inner.ranges, inner.records, strict=True)]
    pairs.sort(key=lambda pair: (pair[0][0], -pair[0][1]))
    group = Group([roots for _r, roots in pairs], [one for one, _r in pairs], {"levels"})
    group.system = outer.system
    group.settle()
    return group


def _contains(one: Range, group: Group, starts: Sequence[int]) -> bool:
    """Tell whether a record of *group* begins and ends in the range *one*."""
    number = bisect_left(starts, one[0])
    return number < len(starts) and group.ranges[number][1] <= one[1]


def spread(number: int, most: int) -> Sequence[int]:
    """Return at most *most* of the numbers below *number*, evenly spread, the last among them."""
    if number <= most:
        return range(number)
    return [place * (number - 1) // (most - 1) for place in range(most)]


def propose(index: Index, runs: Runs) -> list[Group]:
    """Return the groups of records on the page that hold words, and dates or names."""
    found: dict[tuple[Range, ...], Group] = {}
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
    for spanned in _spans(runs):
        yield "span", None, spanned
    for counted in _counted(runs):
        yield COUNTED, None, [(place,) for place in counted]
    for units in _around_dates(runs):
        yield "date", None, [(place,) for place in units]
        for spanned in _spans_at(runs, units):
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
    record = FLAGS["record"]
    return {
        "class": [p for p in by_token.values() if len(p) > 1 or runs.kinds[p[0]] & record],
        "id": [p for p in by_id.values() if len(p) > 1 or runs.kinds[p[0]] & record],
        "sibling": [p for p in by_sibling.values() if len(p) > 1],
        "path": [p for p in by_path.values() if len(p) > 1],
    }


def _group(runs: Runs, by: str, records: Iterable[Places]) -> Group | None:
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
    group = Group([found[one] for one in ranges], ranges, {by})
    if min(_size(runs, group.records[number]) for number in group.sample) > LARGEST:
        return None
    sample = [ranges[number] for number in group.sample]
    dated = sum(runs.has("dates", *one) for one in sample)
    named = sum(runs.has("named", *one) for one in sample)
    words = runs.marks["words"]
    said = sum(words[last] - words[first] for first, last in sample)
    is_signed = by == COUNTED or dated >= LEAST_DATED * len(sample) or named >= LEAST_NAMED * len(sample)
    return group if is_signed and said >= LEAST_WORDS * len(sample) else None


def _size(runs: Runs, roots: Places) -> int:
    """Return how many elements a record has."""
    return runs.end[roots[-1]] - roots[0]


def _spans(runs: Runs) -> Iterator[list[Places]]:
    """Yield records that are runs of siblings: from one of a look to the next of that look."""
    children: dict[int, list[int]] = defaultdict(list)
    for place, up in enumerate(runs.parent):
        is_shown = runs.last[place] > runs.first[place] or runs.tag[place] == "hr"
        if up >= 0 and is_shown and not _is_heading(runs, place):
            children[up].append(place)
    for up, kids in children.items():
        if len(kids) >= FEWEST_CHILDREN and runs.has("dates", runs.first[up], runs.last[up]):
            for heads in _heads(runs, kids):
                yield _spans_from(kids, heads)


def _is_heading(runs: Runs, place: int) -> bool:
    """Tell whether an element says but "Reacties" or "3 reacties", which is no part of a record."""
    if runs.last[place] - runs.first[place] != 1:
        return False
    text = runs.text[runs.first[place]]
    return read_count(text) is not None or is_thread_heading(text)


def _counted(runs: Runs) -> Iterator[list[int]]:
    """Yield what stands under a heading "3 reacties" three times: records that may bear no other mark
    than a name.
    """
    sums = runs.marks["counts"]
    for run in (run for run in range(len(runs.text)) if sums[run + 1] > sums[run]):
        number, owner = read_count(runs.text[run]), runs.owner[run]
        if number is None or number < 2:
            continue
        for box in (runs.parent[owner], *range(owner + 1, min(owner + UNDER, len(runs.tag)))):
            alike: dict[str, list[int]] = defaultdict(list)
            place = box + 1
            while box >= 0 and place < runs.end[box]:
                if runs.first[place] > run:
                    alike[runs.tag[place]].append(place)
                place = runs.end[place]
            yield from (places for places in alike.values() if len(places) == number)


def _around_dates(runs: Runs) -> Iterator[list[int]]:
    """Yield the largest boxes around dates in equal surroundings that still hold one each."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    dates = runs.marks["dates"]
    for run, owner in enumerate(runs.owner):
        if dates[run + 1] > dates[run]:
            up = runs.parent[owner]
            around = (owner, up, runs.parent[up] if up >= 0 else -1)
            alike[tuple(runs.tag[place] if place >= 0 else "" for place in around)].append(owner)
    for places in alike.values():
        if len(places) > 1:
            yield _units(runs, list(dict.fromkeys(places)))


def _units(runs: Runs, marked: list[int]) -> list[int]:
    """Return the largest boxes around *marked* that are still one for each: as many levels up as
    leave nearly all apart.
    """
    levels = [marked]
    met = dict.fromkeys(marked, 0)
    for level in range(1, HIGHEST):
        distinct = list(dict.fromkeys(runs.parent[place] for place in levels[-1]))
        if len(distinct) < max(2, DISTINCT * len(levels[-1])):
            break
        if any(place < 0 or runs.tag[place] in {"body", "html"} for place in distinct):
            break
        around = [met[place] for place in distinct if place in met]
        if around:
            return levels[min(around)]  # a record's list of replies leads back to the record itself
        levels.append(distinct)
        met.update(dict.fromkeys(distinct, level))
    return levels[-1]


def _spans_at(runs: Runs, units: Sequence[int]) -> Iterator[list[Places]]:
    """Yield the records that begin, or end, at *units* where these are siblings."""
    up = runs.parent[units[0]]
    if len(units) < 2 or any(runs.parent[place] != up for place in units):
        return
    heads = set(units)
    place = up + 1
    kids = []
    while place < runs.end[up]:
        kids.append(place)
        place = runs.end[place]
    numbers = [number for number, kid in enumerate(kids) if kid in heads]
    yield _spans_from(kids, numbers)
    ends = [number + 1 for number in numbers]
    begins = [max(0, numbers[0] - (ends[1] - ends[0]) + 1), *ends[:-1]]
    yield [tuple(kids[begin:end]) for begin, end in zip(begins, ends, strict=True)]


def _heads(runs: Runs, kids: Sequence[int]) -> Iterator[list[int]]:
    """Yield the numbers of those *kids* that look alike and may each begin a record."""
    alike: dict[tuple[int, Places], list[int]] = defaultdict(list)
    for number, kid in enumerate(kids):
        alike[runs.step[kid], ()].append(number)
        inner = tuple(runs.step[kid + 1 : min(runs.end[kid], kid + 3)])
        if inner and not runs.tokens[kid]:
            alike[runs.step[kid], inner].append(number)
    for heads in alike.values():
        if len(heads) > 1:
            if max(after - before for before, after in pairwise(heads)) > 1:
                yield heads
        elif runs.tag[kids[heads[0]]].startswith(ALONE):
            yield heads


def _spans_from(kids: Sequence[int], heads: Sequence[int]) -> list[Places]:
    """Return the records that begin at *heads*; the last is as long as most are."""
    gaps = sorted(after - before for before, after in pairwise(heads))
    usual = gaps[len(gaps) // 2] if gaps else 2
    ends = [*heads[1:], min(heads[-1] + usual, len(kids))]
    return [tuple(kids[begin:end]) for begin, end in zip(heads, ends, strict=True)]
