"""Proposals that no shared name makes: runs of siblings, boxes around dates, what a heading counts."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from pipelines.comments.declared import is_thread_heading, read_count
from pipelines.comments.rules.runs import Runs

FEWEST_CHILDREN = 3
UNDER = 12  # elements after a heading among which its list is
ALONE = ("dt", "h")  # tags that may begin a single record which goes on in its siblings
HIGHEST, DISTINCT = 12, 0.9  # levels above a date, and the share of boxes that stay apart

MOST_NUMBERS = 300  # of comments that a page may state

Places = tuple[int, ...]
_Children = dict[str, tuple[list[int], list[int]]]


def sibling_spans(runs: Runs) -> Iterator[list[Places]]:
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


def terms(runs: Runs) -> Iterator[list[Places]]:
    """Yield the terms of definition lists, each with what follows it, whatever lists they stand in:
    an answer's list stands in what it answers.
    """
    alike: dict[int, list[Places]] = defaultdict(list)
    for place, tag in enumerate(runs.tag):
        if tag != "dt":
            continue
        roots, after = [place], runs.end[place]
        while after < runs.end[runs.parent[place]] and runs.tag[after] == "dd":
            roots.append(after)
            after = runs.end[after]
        if len(roots) > 1:
            alike[runs.step[place]].append(tuple(roots))
    yield from alike.values()


def _is_heading(runs: Runs, place: int) -> bool:
    """Tell whether an element states but "Reacties" or "3 reacties", which is no part of a record."""
    if runs.last[place] - runs.first[place] != 1:
        return False
    text = runs.text[runs.first[place]]
    return read_count(text) is not None or is_thread_heading(text)


def counted(runs: Runs) -> Iterator[list[int]]:
    """Yield what is under a heading "3 reacties" three times: records that may bear no other
    mark than a name.
    """
    tables: dict[int, _Children] = {}
    for run, number in islice(_numbers(runs), MOST_NUMBERS):
        owner = runs.owner[run]
        for box in (runs.parent[owner], *range(owner + 1, min(owner + UNDER, len(runs.tag)))):
            if box >= 0 and box not in tables:
                tables[box] = _children(runs, box)
            for firsts, places in tables[box].values() if box >= 0 else ():
                begin = bisect_right(firsts, run)
                if len(places) - begin == number:
                    yield places[begin:]


def _numbers(runs: Runs) -> Iterator[tuple[int, int]]:
    """Yield each run that counts several comments, with that number."""
    sums = runs.marks["counts"]
    for run in (run for run in range(len(runs.text)) if sums[run + 1] > sums[run]):
        number = read_count(runs.text[run])
        if number is not None and number > 1:
            yield run, number


def _children(runs: Runs, box: int) -> _Children:
    """Return the first runs and the places of the children of *box*, by tag."""
    found: _Children = defaultdict(lambda: ([], []))
    place = box + 1
    while place < runs.end[box]:
        firsts, places = found[runs.tag[place]]
        firsts.append(runs.first[place])
        places.append(place)
        place = runs.end[place]
    return found


def around_dates(runs: Runs) -> Iterator[list[int]]:
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


def spans_at(runs: Runs, units: Sequence[int]) -> Iterator[list[Places]]:
    """Yield the records that begin, or end, at *units* where these are siblings."""
    up = runs.parent[units[0]]
    if len(units) < 2 or any(runs.parent[place] != up for place in units):
        return
    heads = set(units)
    place = up + 1
    kids = []
    while place < runs.end[up]:
        if not _is_heading(runs, place):
            kids.append(place)
        place = runs.end[place]
    numbers = [number for number, kid in enumerate(kids) if kid in heads]
    if len(numbers) < 2:
        return
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
