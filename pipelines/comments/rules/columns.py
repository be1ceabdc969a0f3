"""The columns of a group: what is in the same place of each record, and how much each place looks
like that of the authors, or of the words.

A column is a path of steps from the record down to an element. What is known of it is stated in
named features, whose weights are fitted (see score.py); a name or a class is one of them among
others.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, islice

from lxml.html import HtmlElement

from pipelines.comments.record import (
    NO_RANK,
    CommentRecord,
    Head,
    Labelled,
    Slot,
    find_date,
    is_member_link,
    names_of,
    signed_in,
    slot_of,
)
from pipelines.comments.rules.column_features import Cell, column_features, place_of_words
from pipelines.comments.rules.runs import Runs
from pipelines.comments.rules.score import Features, chance, weights
from pipelines.dates import Reference
from pipelines.document import Index

LEAST_COVER = 0.15
MOST_INITIALS = 3
MOST_DRAWN = 4  # columns that are compared with others
LONGEST_CELL = 200
FEW = 4  # runs of a cell whose text is read

SURE, LIKELY, LIKELY_NAME = (
    0.5,
    0.15,
    0.35,
)  # chance of a column, and of the best where none is sure
DATED = 0.8
LEVEL = 0.1  # of the records
# What is in running text itself: one paragraph of several is not the place of the words.
_PROSE = frozenset(
    "p ul ol li a b strong em i span small h1 h2 h3 h4 h5 h6 img font pre code q".split()
)


class Columns:
    """The cells of sampled records by column, the first of each record first."""

    def __init__(self, records: Sequence[CommentRecord], index: Index, runs: Runs) -> None:
        self.index, self.runs = index, runs
        self.size = len(records)
        self.steps = self._root_steps(records)
        self.keys: dict[tuple[int, int], int] = {}
        self.running: list[int] = []  # words of each record
        self.table: dict[int, dict[int, list[Cell]]] = defaultdict(lambda: defaultdict(list))
        for number, record in enumerate(records):
            for key, cell in self._cells(record):
                self.table[key][number].append(cell)
        self._label()

    def _root_steps(self, records: Sequence[CommentRecord]) -> frozenset[int]:
        """Return the steps of the roots of records of each level, where the thread has several."""
        counted = Counter(self.runs.step[self.index.place[record.first]] for record in records)
        return frozenset(step for step, times in counted.items() if times >= LEVEL * len(records))

    def _label(self) -> None:
        """Decide which columns hold the authors, the likeliest first, and which the words."""
        by_author, by_text = weights("author"), weights("text")
        features = self.features()
        names = {key: chance(by_author, f) for key, f in features.items()}
        initials = dict(self._initials(features))
        for drawn, full in initials.items():
            names[full] = max(names[full], names.pop(drawn))
        likely = sorted(names, key=lambda key: -names[key])
        sure = [key for key in likely if names[key] > SURE]
        apart = [key for key in sure if not features[key]["dated"]]
        signed = next((key for key in likely if self._signs(key, apart)), None)
        self.marks = [*initials, *(apart if signed is not None else [])]
        self.authors = sure if signed is None else [signed, *apart]
        self.authors = self.authors or [key for key in likely[:1] if names[key] > LIKELY_NAME]
        texts = {key: chance(by_text, f) for key, f in features.items() if self._is_box(key, f)}
        least = min(SURE, max(texts.values(), default=SURE))
        likely_texts = {key: sure for key, sure in texts.items() if sure >= max(least, LIKELY)}
        self.texts = place_of_words(self.table, likely_texts, self.running)

    def _initials(self, features: Mapping[int, Features]) -> Iterator[tuple[int, int]]:
        """Yield each column that shows but the initials of names in another, where pictures of the
        authors would be, and that other.
        """
        drawn = list(islice(filter(self._is_drawn, features), MOST_DRAWN))
        likely = (key for key, f in features.items() if f["name"] >= DATED and not f["dated"])
        named = {key: self._first_texts(key) for key in likely} if drawn else {}
        for key in drawn:
            shown = self._first_texts(key).items()
            for other, names in named.items():
                if all(are_initials(text, names.get(number, "")) for number, text in shown):
                    yield key, other
                    break

    def _is_drawn(self, key: int) -> bool:
        """Tell whether a column shows but different letters, and is not named for authors."""
        cells = [row[0] for row in self.table[key].values()]
        shown = [cell.text for cell in cells if cell.text]
        is_varied = all(map(are_letters, shown)) and len(set(shown)) > 1
        return is_varied and names_of(cells[0].element).author == NO_RANK

    def _first_texts(self, key: int) -> dict[int, str]:
        """Return the text of each record's first cell in a column, where that is short."""
        return {number: row[0].text for number, row in self.table[key].items() if row[0].text}

    def _signs(self, key: int, apart: Sequence[int]) -> bool:
        """Tell whether a column is but a name and a date in most records, and of more names than
        each column of likely authors *apart* from dates: these are then ranks, towns or subjects,
        none named for an author. A town or a device beside the date signs nothing.
        """
        names = [signed_in(cell.element) for cell in self._usual(key) if cell.dates]
        signed = [name for name in names if name is not None]
        most = len(set(signed))
        is_varied = most > 1 and len(signed) >= DATED * self.size
        return is_varied and all(self._is_mark(one, most) for one in apart)

    def _is_mark(self, key: int, most: int) -> bool:
        """Tell whether a column is in most records, is not named for authors and has fewer texts
        than *most*.
        """
        cells = self._usual(key)
        if not cells or len({cell.text for cell in cells}) >= most:
            return False
        first = cells[0].element
        return names_of(first).author == NO_RANK and not is_member_link(first)

    def _usual(self, key: int) -> list[Cell]:
        """Return the first cell of each record in a column that most have, none of another."""
        rows = self.table[key]
        return [row[0] for row in rows.values()] if len(rows) >= DATED * self.size else []

    def _is_box(self, key: int, features: Features) -> bool:
        """Tell whether a column can be the place of words: no part of running text, no stars."""
        tag = next(iter(self.table[key].values()))[0].element.tag
        return tag not in _PROSE and features["only_digits"] <= SURE

    def label(self, record: CommentRecord) -> Labelled:
        """Return which elements of *record* are in the columns of the authors and of the words."""
        found: dict[int, HtmlElement] = {}
        for key, element, place in self._keyed(record):
            is_full = self.runs.last[place] > self.runs.first[place]
            if is_full and (key in self.texts or key in self.authors or key in self.marks):
                found.setdefault(key, element)
        authors = [found[key] for key in self.authors if key in found]
        words = {found[key]: sure for key, sure in self.texts.items() if key in found}
        return Labelled(authors, words, [found[key] for key in self.marks if key in found])

    def features(self) -> dict[int, Features]:
        """Return the features of each column that enough records have."""
        least = LEAST_COVER * self.size
        return {
            key: column_features(self.runs, rows, self.size)
            for key, rows in self.table.items()
            if len(rows) >= least
        }

    def _keyed(self, record: CommentRecord) -> Iterator[tuple[int, HtmlElement, int]]:
        """Yield the elements of *record*, each with its column and its place."""
        of: dict[int, int] = {}
        roots = {self.index.place[root] for root in record.roots}
        for element in record.elements:
            place = self.index.place[element]
            above, step = of.get(self.runs.parent[place], -1), self.runs.step[place]
            if place in roots:
                above, step = -1, step if len(roots) > 1 or step in self.steps else -1
            key = of[place] = self.keys.setdefault((above, step), len(self.keys))
            yield key, element, place

    def _cells(self, record: CommentRecord) -> Iterator[tuple[int, Cell]]:
        runs = self.runs
        places = [self.index.place[root] for root in record.roots]
        begin, stop = runs.first[places[0]], runs.last[places[-1]]
        holes = _Holes(sorted(self.index.place[root] for root in record.nested), runs)
        total = max(1, holes.count("words", begin, stop))
        self.running.append(holes.count("running", begin, stop))
        reach = max(1, stop - begin - holes.runs(begin, stop))
        for key, element, place in self._keyed(record):
            first, last = runs.first[place], runs.last[place]
            stated = holes.count("words", first, last) if last > first else 0
            if not stated:
                continue
            is_short = last - first <= FEW and not holes.runs(first, last)
            text = " ".join(runs.text[first:last]) if is_short else ""
            yield (
                key,
                Cell(
                    element=element,
                    place=place,
                    order=(first - begin - holes.runs(begin, first)) / reach,
                    share=stated / total,
                    text=text if len(text) <= LONGEST_CELL else "",
                    words=stated,
                    running=holes.count("running", first, last),
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
            for name in ("words", "running", "dates")
            for sums in (runs.marks[name],)
        }
        self._runs = list(accumulate((last - first for first, last in spans), initial=0))

    def runs(self, first: int, last: int) -> int:
        """Return how many runs from *first* up to *last* are those of nested records."""
        if not self._starts:
            return 0
        begin, end = bisect_left(self._starts, first), bisect_left(self._starts, last)
        return self._runs[end] - self._runs[begin]

    def count(self, name: str, first: int, last: int) -> int:
        """Return how many marks of *name* from *first* up to *last* are the record's own."""
        sums, nested = self._marks[name], self._sums[name]
        if not self._starts:
            return sums[last] - sums[first]
        begin, end = bisect_left(self._starts, first), bisect_left(self._starts, last)
        return sums[last] - sums[first] - (nested[end] - nested[begin])


def are_letters(text: str) -> bool:
    """Return whether *text* can be drawn initials: one letter, or up to three capitals, with stops
    or spaces between.
    """
    letters = _bare(text)
    return letters.isalpha() and (
        len(letters) == 1 or (letters.isupper() and len(letters) <= MOST_INITIALS)
    )


def are_initials(text: str, name: str) -> bool:
    """Return whether the letters of *text* are those with which a longer *name* begins, or with
    which its first word and, in their order, others begin.
    """
    letters, words = _bare(text).casefold(), name.casefold().split()
    whole = "".join(words)
    if not letters or len(letters) >= len(whole):
        return False
    first = iter(word[0] for word in words)
    return whole.startswith(letters) or (
        whole[0] == letters[0] and all(letter in first for letter in letters)
    )


def _bare(text: str) -> str:
    return text.replace(".", "").replace(" ", "")


def date_slot(records: Sequence[CommentRecord], reference: Reference) -> Slot | None:
    """Return the place of the dates in *records*, None where most records do not show theirs in one
    place.
    """
    found = (find_date(Head(record.elements, record.names), reference) for record in records)
    slots = Counter(
        slot_of(dated.element)
        for dated in found
        if dated.element is not None and dated.source == "text"
    )
    slot, times = slots.most_common(1)[0] if slots else (None, 0)
    return slot if times >= DATED * len(records) else None
