"""What the fit learns from pages: their groups and columns, and how their groups read."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.fit_pages import Entry, score_corpus, score_pages
from pipelines.comments import View, comments_of, fitting, view_of
from pipelines.document import block_text, open_document
from storage.records import Page

# More groups than a page's reader tries: what they are teaches what is no thread.
READ = fitting.Reach(most=7, least=0.002, far=0.01)
SIGNS = ("by_system", "count", "form_after", "form_before", "form_in")
MOST = 0.5  # of an article's pieces
LEARNED_FROM = 3  # groups of a page whose columns are learned from


@dataclass
class Lesson:
    """What is learned from one page before it is read: of each group what is cheap to know and how
    well it holds the gold comments; of the columns of the best their features and how often they
    say the author, and the words.
    """

    site: str
    fold: int
    groups: list[tuple[fitting.Features, float]] = field(default_factory=list)
    columns: list[list[tuple[fitting.Features, float, float]]] = field(default_factory=list)
    gold: int = 0


@dataclass
class Reading:
    """How the groups of one page read: features, quality, what the scorer counts."""

    name: str
    site: str
    fold: int
    gold: int
    of: str
    groups: list[tuple[fitting.Features, float, Counter[str]]]
    by: list[set[str]]


def _open(entry: Entry) -> tuple[View, fitting.Runs]:
    page = Page(url=entry.url, body=entry.body, fetched_at=entry.now, content_type="text/html")
    document = open_document(page)
    document.hold()
    view = view_of(document)
    return view, fitting.read_runs(view.index)


def learn(entry: Entry) -> Lesson:
    """Return what is learned from the groups and columns of a page."""
    lesson = Lesson(entry.site, entry.fold, gold=len(entry.comments))
    view, runs = _open(entry)
    page = fitting.PageEvidence(view, runs)
    if entry.pieces:
        lesson.groups = _of_article(page)
        return lesson
    located = _located(runs, entry.comments)
    held = [(group, _held(group, located)) for group in fitting.propose(view.index, runs)]
    qualities = [_quality_held(group, found, entry.comments) for group, found in held]
    for (group, _found), quality in zip(held, qualities, strict=True):
        lesson.groups.append((fitting.cheap_features(group, page), quality))
    best = max(qualities, default=0.0)
    order = sorted(range(len(held)), key=lambda number: -qualities[number])[:LEARNED_FROM]
    for number in order:
        if qualities[number] >= max(0.6, 0.9 * best):
            group, found = held[number]
            lesson.columns.append(_columns(group, found, view, runs, entry.comments))
    return lesson


def _of_article(page: fitting.PageEvidence) -> list[tuple[fitting.Features, float]]:
    """Return the groups of an article's page, each no thread; none where a form, a heading or a
    known system is on the page, which may have one.
    """
    groups = fitting.propose(page.view.index, page.runs)
    known = [fitting.cheap_features(group, page) for group in groups]
    if any(features[name] for features in known for name in SIGNS):
        return []
    return [(features, 0.0) for features in known]


def _located(runs: fitting.Runs, gold: Sequence[Mapping[str, Any]]) -> list[tuple[int, int] | None]:
    """Return the first and the last run of each gold comment's words, None where not found."""
    page = _Words(runs)
    return [page.find(comment) for comment in gold]


class _Words:
    """The words of a page, and the runs that they stand in."""

    def __init__(self, runs: fitting.Runs) -> None:
        found = [(run, score_pages.words(text)) for run, text in enumerate(runs.text)]
        self.said = [word for _run, words in found for word in words]
        self.of = [run for run, words in found for _word in words]
        self.where: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self.said):
            self.where[word].append(place)
        self.used: set[int] = set()
        self.after = 0

    def find(self, comment: Mapping[str, Any]) -> tuple[int, int] | None:
        """Return where the words of a comment stand: behind the last one, near its author."""
        want = score_pages.words(comment["text"])
        who = set(score_pages.words(comment["author"]))
        rated = [(self._rate(place, want, who), -place) for place in self._begins(want)]
        rated = [one for one in rated if one[0][0] > 0.5]
        if not rated:
            return None
        place = -max((round(rate[0]), rate[1], rate[2], negative) for rate, negative in rated)[3]
        self.used.add(place)
        self.after = max(self.after, place)
        last = min(len(self.of) - 1, place + max(0, int(0.8 * len(want)) - 1))
        return self.of[place], self.of[last]

    def _begins(self, want: Sequence[str]) -> list[int]:
        head = list(want[:5])
        places = self.where.get(want[0], []) if want else []
        return [p for p in places if self.said[p : p + len(head)] == head and p not in self.used]

    def _rate(self, place: int, want: Sequence[str], who: set[str]) -> tuple[float, bool, bool]:
        there = Counter(self.said[place : place + len(want)])
        near = self.said[max(0, place - 30) : place + len(want) + 30]
        share = (there & Counter(want)).total() / len(want)
        return share, len(want) > 8 or who <= set(near), place >= self.after


def _held(group: fitting.RecordGroup, located: Sequence[tuple[int, int] | None]) -> dict[int, int]:
    """Return which gold comment each record holds, where it holds one."""
    starts = [first for first, _last in group.ranges]
    held: dict[int, list[int]] = defaultdict(list)
    for number, span in enumerate(located):
        if span is None:
            continue
        record: int | None = bisect_right(starts, span[0]) - 1
        while record is not None and record >= 0 and group.ranges[record][1] <= span[0]:
            record = group.up[record]
        if record is not None and record >= 0 and span[1] < group.ranges[record][1]:
            held[record].append(number)
    return {record: numbers[0] for record, numbers in held.items() if len(numbers) == 1}


def _quality_held(
    group: fitting.RecordGroup, found: Mapping[int, int], gold: Sequence[Mapping[str, Any]]
) -> float:
    if not gold:
        return 0.0
    return 2 * len(found) / (len(group.ranges) + len(gold))


def _columns(
    group: fitting.RecordGroup,
    found: Mapping[int, int],
    view: View,
    runs: fitting.Runs,
    gold: Sequence[Mapping[str, Any]],
) -> list[tuple[fitting.Features, float, float]]:
    sample = list(group.sample)
    zones = fitting.comment_records(view.index, group.roots(view.index), sample)
    columns = fitting.Columns(zones, view.index, runs)
    rows = []
    for key, features in columns.features().items():
        names: list[bool] = []
        texts: list[bool] = []
        for number, cells in columns.table[key].items():
            comment = gold[found[sample[number]]] if sample[number] in found else None
            if comment is None:
                continue
            cell = cells[0]
            if comment["author"]:
                plain = score_pages.plain(comment["author"])
                said = (fitting.name_in(cell.text) or "", cell.text)
                names.append(bool(cell.text) and plain in map(score_pages.plain, said))
            want = score_pages.words(comment["text"])
            if want:
                text = block_text(cell.element, zones[number].nested)
                texts.append(score_pages.similarity(score_pages.words(text), want) >= 0.9)
        rows.append((features, _share(names), _share(texts)))
    return rows


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def read(tables: Mapping[str, Any], entry: Entry) -> Reading:
    """Return how the groups of a page read by *tables*."""
    fitting.use(tables)
    view, runs = _open(entry)
    page = fitting.PageEvidence(view, runs)
    proposed = fitting.weighed(fitting.propose(view.index, runs), page)
    groups = fitting.likely(proposed, page, READ)
    reads = [fitting.read_group(group, page, features) for group, features in groups]
    if reads:
        fitting.relate(reads)
    if entry.pieces:
        reads = [one for one in reads if _says_article(one, view, entry.pieces)]
    found, by = [], []
    for one in reads:
        counts: Counter[str] = Counter(got=len(one.group.ranges), gold=len(entry.comments), pages=1)
        if entry.comments and _may_hold(one, entry.comments):
            reading = fitting.read_records(one.group, view, runs)
            got = comments_of(reading, entry.now, view.document.url) if reading is not None else ()
            said = [
                {"author": c.author, "text": c.text, "date": c.date_created,
                 "parent": c.parent_position}
                for c in got
            ]  # fmt: skip
            counts, _pairs = score_corpus.judge({"comments": entry.comments}, said)
        found.append((one.features, _quality(counts), counts))
        by.append(one.group.by)
    return Reading(entry.name, entry.site, entry.fold, len(entry.comments), entry.of, found, by)


def _says_article(one: fitting.ReadGroup, view: View, pieces: Sequence[str]) -> bool:
    """Tell whether a group holds most *pieces* of the page's article: it is no thread."""
    roots = one.group.roots(view.index)
    said = score_pages.plain(" ".join(root.text_content() for record in roots for root in record))
    return sum(score_pages.plain(piece) in said for piece in pieces) > MOST * len(pieces)


def _may_hold(one: fitting.ReadGroup, gold: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether some of what a group says is what the gold comments say."""
    said = " ".join(score_pages.plain(comment["text"]) for comment in gold)
    begins = [score_pages.plain(field.text)[:30] for field in one.fields if field is not None]
    return sum(bool(begin) and begin in said for begin in begins) > 0.2 * len(one.fields)


def _quality(counts: Counter[str]) -> float:
    f1 = 2 * counts["hit"] / max(1, counts["got"] + counts["gold"])
    shares = {
        name: counts[name] / counts[name + "_n"] if counts[name + "_n"] else 1.0
        for name in ("author", "day", "parent")
    }
    return f1 * (0.7 + 0.1 * shares["author"] + 0.1 * shares["day"] + 0.1 * shares["parent"])
