"""The columns of a group: what stands in the same place of each record, and how much each place
looks like that of the authors, or of the words.

A column is a path of steps from the record down to an element. What is known of it is said in named
features, whose weights are fitted (see score.py); a name or a class is one of them among others.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log1p

from lxml.html import HtmlElement

from pipelines.comments.record import (
    FLAGS,
    Head,
    Labelled,
    Slot,
    Zone,
    find_date,
    is_label,
    is_mark,
    is_member_link,
    name_in,
    names_of,
    slot_of,
)
from pipelines.comments.rules.runs import Runs
from pipelines.comments.rules.score import Features, chance, weights
from pipelines.dates import Reference
from pipelines.document import Index

LEAST_COVER = 0.15
LONGEST_CELL, LONGEST_NAME = 200, 80
FEW = 4  # runs of a cell whose text is read
AROUND = 4  # boxes around a column whose names count

SURE = 0.5
SAMPLE = 12
DATED = 0.8
LEVEL = 0.1  # of the records
_DIGITS = re.compile(r"\d+")
_NAME = re.compile(r"[^\W\d_][\w.'’@&-]*(?:\s+[\w.'’&()-]+){0,4}")
_BY = re.compile(
    r"\b(?:by|door|von|par|por|da|van|from|author|auteur|autor|name|naam|posted|geplaatst|submitted|comment|reactie|écrit|enviado)\W*$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"^\W*(?:says|said|wrote|writes|commented|replied|zegt|schreef|schrijft|zei|reageerde|antwoordde|sagt|sagte|schrieb|schreibt|meint|dit|a dit|a écrit|dice|dijo|escribió|disse|ha detto|scrive|skrev)\b",
    re.IGNORECASE,
)
_TAGS = frozenset(
    "a b strong cite span time small em i p li td dt dd abbr h2 h3 h4 h5 blockquote div footer header font".split()
)
# What stands in running text itself: one paragraph of several is not the place of the words.
_PROSE = frozenset(
    "p ul ol li a b strong em i span small h1 h2 h3 h4 h5 h6 img font pre code q".split()
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One element of a column: where it stands among its record's runs (0 to 1), the share of the
    record's words that it says, its text where that is short.
    """

    element: HtmlElement
    place: int
    order: float
    share: float
    text: str
    words: int
    dates: int


class Columns:
    """The cells of sampled records by column, the first of each record first."""

    def __init__(self, zones: Sequence[Zone], index: Index, runs: Runs) -> None:
        self.index, self.runs = index, runs
        self.size = len(zones)
        self.steps = self._root_steps(zones)
        self.keys: dict[tuple[int, int], int] = {}
        self.table: dict[int, dict[int, list[Cell]]] = defaultdict(lambda: defaultdict(list))
        for number, zone in enumerate(zones):
            for key, cell in self._cells(zone):
                self.table[key][number].append(cell)
        self._label()

    def _root_steps(self, zones: Sequence[Zone]) -> frozenset[int]:
        """Return the steps of the roots of records of each level, where the thread has several."""
        counted = Counter(self.runs.step[self.index.place[zone.record]] for zone in zones)
        return frozenset(step for step, times in counted.items() if times >= LEVEL * len(zones))

    def _label(self) -> None:
        """Decide which columns hold the authors, the likeliest first, and which the words."""
        by_author, by_text = weights("author"), weights("text")
        features = self.features()
        names = {key: chance(by_author, f) for key, f in features.items()}
        self.authors = sorted((k for k, p in names.items() if p > SURE), key=lambda k: -names[k])
        texts = {key: chance(by_text, f) for key, f in features.items() if self._is_box(key)}
        self.texts = {key: sure for key, sure in texts.items() if sure > SURE}

    def _is_box(self, key: int) -> bool:
        return str(next(iter(self.table[key].values()))[0].element.tag) not in _PROSE

    def label(self, zone: Zone) -> Labelled:
        """Return which elements of *zone* stand in the columns of the authors and of the words."""
        found: dict[int, HtmlElement] = {}
        for key, element, place in self._keyed(zone):
            is_full = self.runs.last[place] > self.runs.first[place]
            if is_full and (key in self.texts or key in self.authors):
                found.setdefault(key, element)
        words = max((k for k in self.texts if k in found), key=self.texts.__getitem__, default=None)
        authors = [found[key] for key in self.authors if key in found]
        if words is None:
            return Labelled(authors)
        return Labelled(authors, found[words], self.texts[words])

    def features(self) -> dict[int, Features]:
        """Return the features of each column that enough records have."""
        least = LEAST_COVER * self.size
        return {
            key: _features(self.runs, rows, self.size)
            for key, rows in self.table.items()
            if len(rows) >= least
        }

    def _keyed(self, zone: Zone) -> Iterator[tuple[int, HtmlElement, int]]:
        """Yield the elements of *zone*, each with its column and its place."""
        of: dict[int, int] = {}
        roots = {self.index.place[root] for root in zone.roots}
        for element in zone.elements:
            place = self.index.place[element]
            above, step = of.get(self.runs.parent[place], -1), self.runs.step[place]
            if place in roots:
                above, step = -1, step if len(roots) > 1 or step in self.steps else -1
            key = of[place] = self.keys.setdefault((above, step), len(self.keys))
            yield key, element, place

    def _cells(self, zone: Zone) -> Iterator[tuple[int, Cell]]:
        runs = self.runs
        places = [self.index.place[root] for root in zone.roots]
        begin, stop = runs.first[places[0]], runs.last[places[-1]]
        holes = _Holes(sorted(self.index.place[root] for root in zone.nested), runs)
        total = max(1, holes.count("words", begin, stop))
        reach = max(1, stop - begin - holes.runs(begin, stop))
        for key, element, place in self._keyed(zone):
            first, last = runs.first[place], runs.last[place]
            said = holes.count("words", first, last) if last > first else 0
            if not said:
                continue
            is_short = last - first <= FEW and not holes.runs(first, last)
            text = " ".join(runs.text[first:last]) if is_short else ""
            yield (
                key,
                Cell(
                    element=element,
                    place=place,
                    order=(first - begin - holes.runs(begin, first)) / reach,
                    share=said / total,
                    text=text if len(text) <= LONGEST_CELL else "",
                    words=said,
                    dates=holes.count("dates", first, last),
                ),
            )


class _Holes:
    """The records nested in a record, whose runs are not its own; each question takes the time of a
    search.
    """

    def __init__(self, places: Sequence[int], runs: Runs) -> None:
        spans = [(runs.first[place], runs.last[place]) for place in places]
        self._marks = runs.marks
        self._starts = [first for first, _last in spans]
        self._sums = {
            name: list(accumulate((sums[last] - sums[first] for first, last in spans), initial=0))
            for name in ("words", "dates")
            for sums in (runs.marks[name],)
        }
        self._runs = list(accumulate((last - first for first, last in spans), initial=0))

    def runs(self, first: int, last: int) -> int:
        """Return how many runs from *first* up to *last* are those of nested records."""
        begin, end = bisect_left(self._starts, first), bisect_left(self._starts, last)
        return self._runs[end] - self._runs[begin]

    def count(self, name: str, first: int, last: int) -> int:
        """Return how many marks of *name* from *first* up to *last* are the record's own."""
        begin, end = bisect_left(self._starts, first), bisect_left(self._starts, last)
        sums, nested = self._marks[name], self._sums[name]
        return sums[last] - sums[first] - (nested[end] - nested[begin])


def _count(sums: Sequence[int], first: int, last: int) -> int:
    return sums[last] - sums[first]


def _features(runs: Runs, rows: Mapping[int, list[Cell]], size: int) -> Features:
    cells = [found[0] for found in rows.values()]
    m = len(cells)
    features: Features = {
        "bias": 1.0,
        "cover": m / size,
        "all": float(m == size),
        "single": float(size == 1),
        "many": min(3.0, sum(map(len, rows.values())) / m) - 1,
        "share": sum(cell.share for found in rows.values() for cell in found) / m,
        "first_share": sum(cell.share for cell in cells) / m,
        "words": log1p(sum(cell.words for cell in cells) / m),
        "short": sum(cell.words <= 4 for cell in cells) / m,
        "one": sum(cell.words == 1 for cell in cells) / m,
        "dated": sum(cell.dates > 0 for cell in cells) / m,
        "dates_many": sum(cell.dates > 1 for cell in cells) / m,
        "dated_short": sum(cell.dates > 0 and cell.words < 12 for cell in cells) / m,
        "place": sum(cell.order for cell in cells) / m,
        "first": sum(cell.order == 0 for cell in cells) / m,
    }
    features |= _said(cells) | _beside(cells, runs) | _linked(cells, runs) | _named(cells[0], runs)
    return features


def _said(cells: Sequence[Cell]) -> Features:
    """Return what the texts of a column say of it."""
    m = len(cells)
    texts = [cell.text for cell in cells if cell.text]
    names = [name_in(text) or "" if len(text) <= LONGEST_NAME else "" for text in texts]
    counted = Counter(_DIGITS.sub("#", text.lower()) for text in texts)
    return {
        "long": 1 - len(texts) / m,
        "distinct": (len(counted) + m - len(texts)) / m,
        "constant": counted.most_common(1)[0][1] / m if texts and m > 1 else 0.0,
        "name": sum(len(name) <= 40 and _NAME.fullmatch(name) is not None for name in names) / m,
        "no_name": 1 - sum(map(bool, names)) / m,
        "names": len({name for name in names if name}) / m,
        "capital": sum(name[:1].isupper() for name in names) / m,
        "label": sum(is_label(text) or is_mark(text) for text in texts) / m,
        "stop": sum(text[-1] in ".!?" and text.count(" ") > 2 for text in texts) / m,
        "colon": sum(text[-1] == ":" for text in texts) / m,
        "digits": sum(any(map(str.isdigit, text)) for text in texts) / m,
        "only_digits": sum(not any(map(str.isalpha, text)) for text in texts) / m,
    }


def _beside(cells: Sequence[Cell], runs: Runs) -> Features:
    """Return what stands beside a column."""
    m = len(cells)
    spans = [(runs.first[cell.place], runs.last[cell.place]) for cell in cells]
    before = [runs.text[first - 1] if first else "" for first, _last in spans]
    after = [runs.text[last] if last < len(runs.text) else "" for _first, last in spans]
    return {
        "by_before": sum(len(text) < 30 and bool(_BY.search(text)) for text in before) / m,
        "says_after": sum(bool(_SAYS.match(text)) for text in after) / m,
        "date_after": sum(runs.has("dates", last, last + 1) for _first, last in spans) / m,
        "date_near": sum(runs.has("dates", first - 3, last + 3) for first, last in spans) / m,
        "replies": sum(runs.has("replies", first, last) for first, last in spans) / m,
    }


def _linked(cells: Sequence[Cell], runs: Runs) -> Features:
    """Return where the links of a column lead."""
    m = len(cells)
    spans = [(runs.first[cell.place], runs.last[cell.place]) for cell in cells]
    linked = sum(_count(runs.marks["linked"], first, last) for first, last in spans)
    words = sum(_count(runs.marks["words"], first, last) for first, last in spans)
    links = [link for cell in cells if (link := _link_of(cell.element)) is not None]
    targets = [link.get("href") or "" for link in links]
    return {
        "linked": linked / max(1, words),
        "link": len(links) / m,
        "link_member": sum(map(is_member_link, links)) / m,
        "link_hash": sum("#" in target for target in targets) / m,
        "link_out": sum(t.startswith("http") and "#" not in t for t in targets) / m,
        "link_varies": len(set(targets)) / m,
        "nofollow": sum("nofollow" in (link.get("rel") or "") for link in links) / m,
        "leaf": sum(not len(cell.element) for cell in cells) / m,
        "alone": sum(_is_alone(cell.place, runs) for cell in cells) / m,
    }


def _link_of(element: HtmlElement) -> HtmlElement | None:
    if element.tag == "a":
        return element
    around = element.getparent()
    return next(element.iter("a"), around if around is not None and around.tag == "a" else None)


def _is_alone(place: int, runs: Runs) -> bool:
    """Tell whether the element at *place* says all that its parent says."""
    up = runs.parent[place]
    return up >= 0 and (runs.first[place], runs.last[place]) == (runs.first[up], runs.last[up])


def _named(cell: Cell, runs: Runs) -> Features:
    """Return what the names of a column's elements, and of those around them, speak of."""
    said = names_of(cell.element)
    features: Features = {f"rank_author_{said.author}": 1.0, f"rank_text_{said.text}": 1.0}
    for name in ("is_date", "is_meta", "is_furniture", "is_profile", "is_hidden", "is_quote"):
        features["own_" + name] = float(getattr(said, name))
    own, above, up = runs.kinds[cell.place], 0, runs.parent[cell.place]
    box = cell.element.getparent()
    for _level in range(AROUND):
        if box is None or up <= 0:
            break
        above |= runs.kinds[up]
        around = names_of(box)
        for name in ("is_furniture", "is_profile", "is_quote"):
            features["in_" + name] = max(features.get("in_" + name, 0.0), getattr(around, name))
        features["in_quote"] = max(features.get("in_quote", 0.0), box.tag == "blockquote")
        box, up = box.getparent(), runs.parent[up]
    for kind, flag in FLAGS.items():
        features["own_" + kind] = float(bool(own & flag))
        features["in_" + kind] = float(bool(above & flag))
    features["plain"] = float(own == 0)
    if cell.element.tag in _TAGS:
        features[f"tag_{cell.element.tag}"] = 1.0
    return features


def date_slot(zones: Sequence[Zone], reference: Reference) -> Slot | None:
    """Return the place of the dates in *zones*, None where most records do not show theirs in one
    place.
    """
    sample = zones[:SAMPLE]
    found = (find_date(Head(zone.elements, zone.names), reference) for zone in sample)
    slots = Counter(
        slot_of(dated.element)
        for dated in found
        if dated.element is not None and dated.source == "text"
    )
    slot, times = slots.most_common(1)[0] if slots else (None, 0)
    return slot if times >= DATED * len(sample) else None
