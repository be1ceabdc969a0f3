"""The tables of weights, fitted on what pages taught: sums of features, and one small forest."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.fit_readings import Lesson, Reading
from pipelines.comments import fitting

OWN = 3.0  # what a page of the project's own weighs
GOOD, CLEAR = 0.95, 0.8  # of the best group's quality: as good as it, clearly worse
PROSE = "p li a b strong em i span small h2 h3 h4 h5 font".split()
NAMED = ("own_", "in_", "rank_", "self_", "near_", "above_")
Row = tuple[fitting.Features, int, float]


def _bare(features: fitting.Features) -> fitting.Features:
    """Return *features* without what names say: these are evidence, never what all hangs on."""
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


def forest(rows: Sequence[Row], trees: int, rate: float) -> dict[str, Any]:
    """Return a small fitted forest as nested lists (what ``grown`` of score.py reads)."""
    vectorizer = DictVectorizer(sparse=False)
    x = vectorizer.fit_transform([features for features, _l, _w in rows])
    y = np.array([label for _f, label, _w in rows])
    w = np.array([weight for *_r, weight in rows])
    model = GradientBoostingClassifier(
        n_estimators=trees, max_depth=3, learning_rate=rate, subsample=0.7,
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
    return rows


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


def _is_prose(features: fitting.Features) -> bool:
    return any(features.get("tag_" + tag) for tag in PROSE)


def first_tables(lessons: Sequence[Lesson]) -> dict[str, Any]:
    """Return the tables that are fitted before pages are read."""
    return {
        "cheap": forest(cheap_rows(lessons), trees=60, rate=0.25),
        "author": logistic(column_rows(lessons, 1), 1.0),
        "text": logistic(column_rows(lessons, 2), 1.0),
    }


def _pairs(
    one: fitting.Features,
    bad: Sequence[tuple[fitting.Features, float]],
    best: float,
    weight: float,
) -> Iterator[Row]:
    """Yield the differences between a good group and the worse of its page."""
    for other, quality in bad:
        keys = one.keys() | other.keys()
        difference = {k: one.get(k, 0.0) - other.get(k, 0.0) for k in keys}
        share = weight * (best - quality) / len(bad)
        yield difference, 1, share
        yield {k: -v for k, v in difference.items()}, 0, share


def rank_rows(readings: Sequence[Reading]) -> list[Row]:
    """Return rows of groups, and of the differences between the best group of a page and others."""
    weighs = _weights_of(readings)
    rows: list[Row] = []
    for page in readings:
        best = max((quality for _f, quality, _c in page.groups), default=0.0)
        if page.gold and best < 0.5:
            continue
        weight = weighs[page.site]
        good = [fitting.crossed(f) for f, q, _c in page.groups if page.gold and q >= 0.98 * best]
        bad = [
            (fitting.crossed(f), q) for f, q, _c in page.groups if not page.gold or q < 0.98 * best
        ]
        rows += [(f, 1, 0.3 * weight / len(good)) for f in good]
        clear = [f for f, q in bad if not page.gold or q < CLEAR * best]
        rows += [(f, 0, 0.3 * weight / max(3, len(clear))) for f in clear]
        for one in good:
            rows += _pairs(one, bad, best, weight / len(good))
    return rows


def _label(quality: float, best: float, gold: int) -> int | None:
    """Return 1 for a group that is the thread, 0 for one that is none, None for neither."""
    if gold and quality >= 0.9 * best:
        return 1
    return 0 if not gold or quality < 0.5 * best else None


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
        order = sorted(page.groups, key=lambda g: -fitting.total(rank, fitting.crossed(g[0])))
        weight = weighs[page.site]
        for number, (features, quality, _counts) in enumerate(order):
            label = _label(quality, best, page.gold)
            share = weight if number == 0 else weight / (2 * len(order))
            if label is not None:
                share *= 1 if page.gold else 1.5
                rows.append((fitting.crossed(features), label, share))
    return rows


def last_tables(readings: Sequence[Reading]) -> dict[str, Any]:
    """Return the tables that are fitted on how groups read."""
    rank = logistic(rank_rows(readings), 0.1)
    return {"rank": rank, "accept": forest(accept_rows(readings, rank), trees=320, rate=0.05)}
