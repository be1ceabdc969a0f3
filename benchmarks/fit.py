"""Fit the weights by which threads are found (``make fit``), from the shared corpus and the gold pages.

    python -m benchmarks.fit            write pipelines/comments/rules/weights.json
    python -m benchmarks.fit --folds    also read every page by weights fitted on other sites

Four decisions are fitted in turn (pipelines/comments/rules/score.py): which groups are worth a reading
("cheap"), which columns hold authors and words ("author", "text"), which group reads best ("rank"),
whether it is a thread ("accept"). Groups are read by weights that were fitted without their site, so
that rank and accept learn from readings as they are on sites never seen. Needs the extra ``fit``.
"""

import argparse
import json
import os
import pickle
import sys
import zlib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
from lxml import html
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.made_pages import NOW as MADE_AT
from benchmarks.made_pages import made_pages
from pipelines.comments.page import View, view_of
from pipelines.comments.record import name_in, zones_of
from pipelines.comments.rules import score
from pipelines.comments.rules.columns import Columns
from pipelines.comments.rules.features import (
    Features,
    ReadGroup,
    Surroundings,
    cheap_features,
    relate,
)
from pipelines.comments.rules.miner import Group, propose
from pipelines.comments.rules.reader import ACCEPTED, ALSO, likely, read_group, read_records
from pipelines.comments.rules.runs import Runs, read_runs
from pipelines.comments.thread import comments_of
from pipelines.document import block_text, open_document
from storage.records import Page

SHARED = Path(__file__).resolve().parents[2] / "shared"
WEIGHTS = Path(__file__).resolve().parents[1] / "pipelines" / "comments" / "rules" / "weights.json"
PAGES = Path(__file__).resolve().parents[1] / "tests" / "pages"
sys.path.append(str(SHARED / "score"))
import score_corpus  # noqa: E402 - the scorers stand beside the material, not in the project
import score_pages  # noqa: E402

FOLDS = 5
MOST_PAGES = 4
OWN = 3.0
MADE = 120
READ = 7  # groups of a page that the fit reads
GOOD, CLEAR = 0.95, 0.8  # of the best group's quality: as good as it, clearly worse
LEARNED_FROM = 3  # groups of a page whose columns are learned from
NAMED = ("own_", "in_", "rank_", "self_", "near_", "above_")
Row = tuple[Features, int, float]


@dataclass(frozen=True)
class Entry:
    """A page with its gold comments, none on one that has none."""

    name: str
    site: str
    url: str
    now: datetime
    body: bytes
    comments: list[dict[str, Any]]
    is_gold: bool = False
    is_made: bool = False

    @property
    def fold(self) -> int:
        return zlib.crc32(self.site.encode()) % FOLDS


@dataclass
class Lesson:
    """What is learned from one page before it is read: of each group what is cheap to know and how
    well it holds the gold comments; of the columns of the best their features and how often they say
    the author, and the words.
    """

    site: str
    fold: int
    groups: list[tuple[Features, float]] = field(default_factory=list)
    columns: list[list[tuple[Features, float, float]]] = field(default_factory=list)
    gold: int = 0


@dataclass
class Reading:
    """How the groups of one page read: features, quality, what the scorer counts."""

    name: str
    site: str
    fold: int
    gold: int
    is_gold: bool
    groups: list[tuple[Features, float, Counter[str]]]
    by: list[set[str]]


def entries() -> Iterator[Entry]:
    """Yield the pages of the corpus, then those with gold: pages, pages2, samples."""
    for row, label, body in score_corpus.pages(SHARED / "corpus", [], []):
        now = datetime.fromisoformat(label["fetched_at"])
        yield Entry(row["id"], row["site"], label["url"], now, body, label["comments"])
    samples = sorted((SHARED / "gold" / "samples").iterdir())
    for folder in (SHARED / "gold" / "pages", SHARED / "gold" / "pages2", *samples):
        for page in score_pages.load(folder, None):
            is_sample = "/" in page["id"]
            site = page["id"].partition("/")[0] if is_sample else page["id"].rpartition("-")[0]
            comments = [
                {"author": None, "date": None, "parent": None, "parent_known": not c.get("orphan")}
                | c
                for c in page["comments"]
            ]
            yield Entry(
                page["id"], site, page["url"], page["now"], page["html"], comments, is_gold=True
            )


def _own_pages() -> Iterator[Entry]:
    """Yield the pages of tests/pages, each its own site, as they are and with names that say nothing."""
    for folder in sorted(path.parent for path in PAGES.glob("*/*/expected.json")):
        case = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        if "comments" not in case["expected"]:
            continue
        comments = [
            {"author": None, "date": None, "parent": None, "parent_known": True} | comment
            for comment in case["expected"]["comments"]
        ]
        now = datetime.fromisoformat(case["page"]["fetched_at"])
        body = (folder / "page.html").read_bytes()
        site = f"own-{folder.parent.name}-{folder.name}"
        for name, page in ((site, body), (site + "-nameless", _without_names(body))):
            yield Entry(name, site, case["page"]["url"], now, page, comments, is_gold=True)


def _made() -> Iterator[Entry]:
    for page in made_pages(MADE):
        body = page.html.encode()
        yield Entry(page.name, page.name, page.url, MADE_AT, body, page.comments, is_made=True)


def _without_names(body: bytes) -> bytes:
    """Return a page whose classes and ids say nothing any more."""
    tree = html.document_fromstring(body.decode("utf-8", "replace"))
    for element in tree.iter("*"):
        for name in list(element.attrib):
            if name in {"class", "id"}:
                words = [f"x{zlib.crc32(word.encode()):08x}" for word in element.get(name).split()]
                element.set(name, " ".join(words))
            elif name in {"rel", "itemprop"} or name.startswith("data-"):
                del element.attrib[name]
    return html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>")


def _few(pages: Iterable[Entry]) -> list[Entry]:
    """Return at most MOST_PAGES of each site: they are of one template."""
    by_site: dict[str, list[Entry]] = defaultdict(list)
    for page in pages:
        by_site[page.site].append(page)
    return [page for held in by_site.values() for page in _spread(held)]


def _spread(pages: Sequence[Entry]) -> Sequence[Entry]:
    step = max(1, -(-len(pages) // MOST_PAGES))
    return pages[::step]


def _open(entry: Entry) -> tuple[View, Runs]:
    page = Page(url=entry.url, body=entry.body, fetched_at=entry.now, content_type="text/html")
    document = open_document(page)
    document.hold()
    view = view_of(document)
    return view, read_runs(view.index)


# -- what is learned before reading


def learn(entry: Entry) -> Lesson:
    """Return what is learned from the groups and columns of a page."""
    view, runs = _open(entry)
    page = Surroundings(view, runs)
    lesson = Lesson(entry.site, entry.fold, gold=len(entry.comments))
    located = _located(runs, entry.comments)
    held = [(group, _held(group, located)) for group in propose(view.index, runs)]
    qualities = [_quality_held(group, found, entry.comments) for group, found in held]
    for (group, _found), quality in zip(held, qualities, strict=True):
        lesson.groups.append((cheap_features(group, page), quality))
    best = max(qualities, default=0.0)
    order = sorted(range(len(held)), key=lambda number: -qualities[number])[:LEARNED_FROM]
    for number in order:
        if qualities[number] >= max(0.6, 0.9 * best):
            group, found = held[number]
            lesson.columns.append(_columns(group, found, view, runs, entry.comments))
    return lesson


def _located(runs: Runs, gold: Sequence[Mapping[str, Any]]) -> list[tuple[int, int] | None]:
    """Return the first and the last run of each gold comment's words, None where they are not found."""
    said: list[str] = []
    of: list[int] = []
    for run, text in enumerate(runs.text):
        found = score_pages.words(text)
        said += found
        of += [run] * len(found)
    where: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(said):
        where[word].append(place)
    used: set[int] = set()
    located: list[tuple[int, int] | None] = []
    after = 0
    for comment in gold:
        want = score_pages.words(comment["text"])
        who = score_pages.words(comment["author"])
        best: tuple[Any, int] | None = None
        head = want[:5]
        for place in where.get(want[0], ()) if want else ():
            if said[place : place + len(head)] != head or place in used:
                continue
            share = (Counter(said[place : place + len(want)]) & Counter(want)).total() / len(want)
            near = said[max(0, place - 30) : place + len(want) + 30]
            rank = (
                share > 0.9,
                share > 0.7,
                len(want) > 8 or set(who) <= set(near),
                place >= after,
            )
            if share > 0.5 and (best is None or rank > best[0]):
                best = rank, place
        if best is None:
            located.append(None)
            continue
        used.add(best[1])
        after = max(after, best[1])
        last = min(len(of) - 1, best[1] + max(0, int(0.8 * len(want)) - 1))
        located.append((of[best[1]], of[last]))
    return located


def _held(group: Group, located: Sequence[tuple[int, int] | None]) -> dict[int, int]:
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
    group: Group, found: Mapping[int, int], gold: Sequence[Mapping[str, Any]]
) -> float:
    if not gold:
        return 0.0
    return 2 * len(found) / (len(group.ranges) + len(gold))


def _columns(
    group: Group,
    found: Mapping[int, int],
    view: View,
    runs: Runs,
    gold: Sequence[Mapping[str, Any]],
) -> list[tuple[Features, float, float]]:
    sample = list(group.sample)
    zones = zones_of(view.index, group.roots(view.index), sample)
    columns = Columns(zones, view.index, runs)
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
                said = (name_in(cell.text) or "", cell.text)
                names.append(bool(cell.text) and plain in map(score_pages.plain, said))
            want = score_pages.words(comment["text"])
            if want:
                text = block_text(cell.element, zones[number].nested)
                texts.append(score_pages.similarity(score_pages.words(text), want) >= 0.9)
        rows.append((features, _share(names), _share(texts)))
    return rows


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


# -- the tables


def _bare(features: Features) -> Features:
    """Return *features* without what names say: names are to be evidence, never what all hangs on."""
    return {name: value for name, value in features.items() if not name.startswith(NAMED)}


def _with_bare(rows: list[Row]) -> list[Row]:
    return [*rows, *((_bare(features), label, 0.5 * weight) for features, label, weight in rows)]


def logistic(rows: Sequence[Row], c: float) -> dict[str, float]:
    """Return fitted weights by feature."""
    vectorizer = DictVectorizer()
    x = vectorizer.fit_transform([{k: v for k, v in f.items() if v} for f, _l, _w in rows])
    y = np.array([label for _f, label, _w in rows])
    w = np.array([weight for *_r, weight in rows])
    model = LogisticRegression(C=c, max_iter=500, fit_intercept=False)
    model.fit(x, y, sample_weight=w * len(w) / w.sum())
    names = vectorizer.get_feature_names_out()
    pairs = zip(names, model.coef_[0], strict=True)
    return {str(name): round(float(value), 3) for name, value in pairs if abs(value) >= 0.02}


def forest(rows: Sequence[Row], trees: int = 160, depth: int = 3) -> dict[str, Any]:
    """Return a small fitted forest as nested lists (score.grown)."""
    rate = 0.1
    vectorizer = DictVectorizer(sparse=False)
    x = vectorizer.fit_transform([features for features, _l, _w in rows])
    y = np.array([label for _f, label, _w in rows])
    w = np.array([weight for *_r, weight in rows])
    model = GradientBoostingClassifier(
        n_estimators=trees, max_depth=depth, learning_rate=rate, subsample=0.7,
        max_features=0.4, min_samples_leaf=8, random_state=0,
    )  # fmt: skip
    model.fit(x, y, sample_weight=w * len(w) / w.sum())
    names = vectorizer.get_feature_names_out()
    prior = float(np.average(y, weights=w))

    def node(tree: Any, number: int) -> Any:
        if tree.children_left[number] < 0:
            return round(float(tree.value[number][0][0]) * rate, 4)
        below = node(tree, tree.children_left[number])
        above = node(tree, tree.children_right[number])
        name, limit = str(names[tree.feature[number]]), round(float(tree.threshold[number]), 4)
        return [name, limit, below, above]

    grown = [node(tree.tree_, 0) for (tree,) in model.estimators_]
    return {"start": round(float(np.log(prior / (1 - prior))), 4), "trees": grown}


def _weights_of(pages: Iterable[Any]) -> dict[str, float]:
    """Return what a page of each site weighs: sites count, and their pages a little; the project's
    own pages, which say how a thread is to be read, count most.
    """
    counted = Counter(page.site for page in pages)
    return {
        site: number**-0.5 * (OWN if site.startswith("own-") else 1)
        for site, number in counted.items()
    }


def cheap_rows(lessons: Sequence[Lesson]) -> list[Row]:
    weighs = _weights_of(lessons)
    rows: list[Row] = []
    for lesson in lessons:
        best = max((quality for _f, quality in lesson.groups), default=0.0)
        if lesson.gold and best < 0.5:
            continue
        good = [f for f, q in lesson.groups if lesson.gold and q >= GOOD * best]
        bad = [f for f, q in lesson.groups if q < 0.6 * best or not lesson.gold]
        weight = weighs[lesson.site]
        rows += [(features, 1, weight / len(good)) for features in good]
        rows += [(features, 0, 1.5 * weight / len(bad)) for features in bad]
    return _with_bare(rows)


def column_rows(lessons: Sequence[Lesson], which: int) -> list[Row]:
    """Return rows of columns; *which* is 1 for the authors, 2 for the words."""
    weighs = _weights_of(lessons)
    rows: list[Row] = []
    for lesson in lessons:
        for columns in lesson.columns:
            able = [c for c in columns if which == 1 or not _is_prose(c[0])]
            good = [c[0] for c in able if c[which] > 0.6]
            bad = [c[0] for c in able if c[which] <= 0.3]
            if good and bad:
                weight = weighs[lesson.site] / len(lesson.columns)
                rows += [(features, 1, weight / len(good)) for features in good]
                rows += [(features, 0, 1.5 * weight / len(bad)) for features in bad]
    return _with_bare(rows)


def _is_prose(features: Features) -> bool:
    return any(features.get("tag_" + tag) for tag in ("p", "li", "a", "b", "strong", "em", "i", "span", "small", "h2", "h3", "h4", "h5", "font"))  # fmt: skip


def first_tables(lessons: Sequence[Lesson]) -> dict[str, Any]:
    """Return the tables that are fitted before pages are read."""
    return {
        "cheap": logistic(cheap_rows(lessons), 0.3),
        "author": logistic(column_rows(lessons, 1), 1.0),
        "text": logistic(column_rows(lessons, 2), 1.0),
    }


# -- reading by tables


def read(tables: Mapping[str, Any], entry: Entry) -> Reading:
    """Return how the groups of a page read by *tables*."""
    score.use(tables)
    view, runs = _open(entry)
    page = Surroundings(view, runs)
    groups = likely(propose(view.index, runs), page, READ)
    reads = [read_group(group, page, features) for group, features in groups]
    if reads:
        relate(reads)
    found, by = [], []
    for one in reads:
        counts: Counter[str] = Counter(got=len(one.group.ranges), gold=len(entry.comments), pages=1)
        if entry.comments and _may_hold(one, entry.comments):
            reading = read_records(one.group, view, runs)
            got = comments_of(reading, entry.now) if reading is not None else ()
            said = [
                {"author": c.author, "text": c.text, "date": c.date_created,
                 "parent": c.parent_position}
                for c in got
            ]  # fmt: skip
            counts, _pairs = score_corpus.judge({"comments": entry.comments}, said)
        found.append((one.features, _quality(counts), counts))
        by.append(one.group.by)
    return Reading(
        entry.name, entry.site, entry.fold, len(entry.comments), entry.is_gold, found, by
    )


def _may_hold(one: ReadGroup, gold: Sequence[Mapping[str, Any]]) -> bool:
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


def rank_rows(readings: Sequence[Reading]) -> list[Row]:
    """Return rows of groups, and of the differences between the best group of a page and others."""
    weighs = _weights_of(readings)
    rows: list[Row] = []
    for page in readings:
        best = max((quality for _f, quality, _c in page.groups), default=0.0)
        if page.gold and best < 0.5:
            continue
        weight = weighs[page.site]
        good = [score.crossed(f) for f, q, _c in page.groups if page.gold and q >= 0.98 * best]
        bad = [
            (score.crossed(f), q) for f, q, _c in page.groups if not page.gold or q < 0.98 * best
        ]
        rows += [(f, 1, 0.3 * weight / len(good)) for f in good]
        clear = [f for f, q in bad if not page.gold or q < CLEAR * best]
        rows += [(f, 0, 0.3 * weight / max(3, len(clear))) for f in clear]
        for one in good:
            for other, quality in bad:
                keys = one.keys() | other.keys()
                difference = {k: one.get(k, 0.0) - other.get(k, 0.0) for k in keys}
                share = weight * (best - quality) / (len(good) * len(bad))
                rows.append((difference, 1, share))
                rows.append(({k: -v for k, v in difference.items()}, 0, share))
    return rows


def accept_rows(readings: Sequence[Reading], rank: Mapping[str, float]) -> list[Row]:
    """Return rows of groups that are a thread, or are none; those that rank first count most."""
    weighs = _weights_of(readings)
    rows: list[Row] = []
    for page in readings:
        if not page.groups:
            continue
        best = max(quality for _f, quality, _c in page.groups)
        if page.gold and best < 0.5:
            continue
        order = sorted(page.groups, key=lambda g: -score.total(rank, score.crossed(g[0])))
        weight = weighs[page.site]
        for number, (features, quality, _counts) in enumerate(order):
            share = weight if number == 0 else weight / (2 * len(order))
            if page.gold and quality >= 0.9 * best:
                rows.append((score.crossed(features), 1, share))
            elif not page.gold or quality < 0.5 * best:
                rows.append((score.crossed(features), 0, share * (1 if page.gold else 1.5)))
    return rows


def last_tables(readings: Sequence[Reading]) -> dict[str, Any]:
    """Return the tables that are fitted on how groups read."""
    rank = logistic(rank_rows(readings), 0.1)
    return {"rank": rank, "accept": forest(accept_rows(readings, rank))}


def choose(page: Reading, tables: Mapping[str, Any]) -> Counter[str]:
    """Return what the scorer counts of the group that *tables* choose on a page."""
    none = Counter(got=0, gold=page.gold, pages=1, hit=0)
    if not page.groups:
        return none
    groups = [(score.crossed(f), counts) for f, _q, counts in page.groups]
    rated = [
        (score.total(tables["rank"], features), score.grown(tables["accept"], features), counts)
        for features, counts in groups
    ]
    _rank, accepted, counts = max(rated, key=lambda one: one[0] + ALSO * one[1])
    return counts if accepted >= ACCEPTED else none


def left_out(readings: Sequence[Reading]) -> list[tuple[Reading, Counter[str]]]:
    """Return each page with what is counted of it by tables fitted without its fold."""
    chosen = []
    for fold in range(FOLDS):
        tables = last_tables([page for page in readings if page.fold != fold])
        chosen += [(page, choose(page, tables)) for page in readings if page.fold == fold]
    return [one for one in chosen if not one[0].site.startswith("made-")]


def summary(chosen: Sequence[tuple[Reading, Counter[str]]]) -> dict[str, float]:
    """Return the macro figures over sites of the corpus, or of the gold pages."""
    sites: dict[str, Counter[str]] = defaultdict(Counter)
    noisy = clean = 0
    for page, counts in chosen:
        if page.gold:
            sites[page.site].update(counts)
        else:
            clean += 1
            noisy += counts["got"] > 0
    f1 = {s: 2 * c["hit"] / max(1, c["got"] + c["gold"]) for s, c in sites.items()}
    out = {"macro_f1": sum(f1.values()) / max(1, len(f1)), "sites": len(f1)}
    out |= {"sites_at_0": sum(v == 0 for v in f1.values()), "noisy": noisy, "clean": clean}
    for name in ("author", "day", "parent"):
        values = [c[name] / c[name + "_n"] for c in sites.values() if c[name + "_n"]]
        out[name] = sum(values) / max(1, len(values))
    return out


def read_all(processes: int) -> tuple[list[Lesson], list[Reading]]:
    """Return what is learned from all pages, and how each reads by weights fitted without its site."""
    pages = [*_few(entries()), *_own_pages(), *_made()]
    readings: list[Reading] = []
    with Pool(processes, os.setsid) as pool:
        lessons = pool.map(learn, pages, 8)
        for fold in range(FOLDS):
            tables = first_tables([one for one in lessons if one.fold != fold])
            held = [page for page in pages if page.fold == fold]
            readings += pool.map(partial(read, tables), held, 8)
    return lessons, readings


def main() -> None:
    """Fit, print what the tables reach on sites left out, write them."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--keep", type=Path, help="a file to keep the readings in, for trials")
    arguments.add_argument("--kept", type=Path, help="such a file: nothing is read again")
    arguments.add_argument("--processes", type=int, default=2)
    options = arguments.parse_args()
    if options.kept:
        lessons, readings = pickle.loads(options.kept.read_bytes())  # noqa: S301 - our own
    else:
        lessons, readings = read_all(options.processes)
    if options.keep:
        options.keep.write_bytes(pickle.dumps((lessons, readings)))
    tables = first_tables(lessons) | last_tables(readings)
    WEIGHTS.write_text(json.dumps(tables, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    chosen = left_out(readings)
    for name, is_gold in (("corpus", False), ("gold", True)):
        part = [one for one in chosen if one[0].is_gold == is_gold]
        print(name, {key: round(value, 4) for key, value in summary(part).items()})


if __name__ == "__main__":
    main()
