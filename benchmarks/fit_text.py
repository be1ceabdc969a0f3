"""Fit the weights by which the blocks of a page are kept as its article's text, and score them on
sites left out.

    python benchmarks/fit_text.py SHARED_FOLDER [--write] [--cache FILE]

Reads the pages with a gold text in SHARED_FOLDER/bench and SHARED_FOLDER/gold. A block is right
where most of its words stand in the gold, or one of its pieces does. Prints the scores of five
folds, each of which leaves out whole sites; --write puts the weights fitted on all of them into
pipelines/content/text_weights.json. Needs the extra "fit".
"""

import argparse
import gzip
import hashlib
import json
import pickle
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from sklearn.linear_model import LogisticRegression

from pipelines.comments import read_thread
from pipelines.content import (
    Evidence,
    choose_places,
    furniture_of,
    gather,
    propose,
    setting_of,
    suspects,
)
from pipelines.document import Unreadable, open_document, text_segments
from pipelines.metadata import read_headline
from storage.records import Page

TABLE = Path(__file__).parent.parent / "pipelines" / "content" / "text_weights.json"
FOLDS = 5
STRENGTH = 0.03
THRESHOLD = 0.52
# Dutch article sites are what the product is for; of recipes the gold is loose.
WORTH = {"gold/pages": 8.0, "gold/pages2": 8.0, "recipes": 8.0}
WORTH_OF_SAMPLES = 2.0
_WORDS = re.compile(r"\w+")


@dataclass
class Sample:
    """One page: its blocks with their evidence, and which of them are right."""

    part: str
    site: str
    gold: dict[str, Any]
    segments: list[tuple[str, str, int, str]]  # text, what parts it, number of its holder, tag
    evidence: list[Evidence]
    spare: str
    right: Any = None
    weight: Any = None


def samples(shared: Path) -> Iterator[Sample]:
    """Yield all pages with a gold text."""
    sys.path.insert(0, str(shared / "score"))
    import score_bench  # noqa: PLC0415  # stands in SHARED_FOLDER
    import score_pages  # noqa: PLC0415

    for name, rows in score_bench.load(
        shared / "bench", ["articles181", "readability", "trafeval"], 1
    ):
        for _ident, url, file, gold in rows:
            page = Page(
                url=url, body=gzip.decompress(file.read_bytes()), fetched_at=score_bench.NOW
            )
            yield from _sample(name, page, gold)
    sampled = sorted(path.name for path in (shared / "gold" / "samples").iterdir())
    for folder in ("gold/pages", "gold/pages2", *(f"gold/samples/{name}" for name in sampled)):
        for one in score_pages.load(shared / folder, None):
            if one["body"]:
                page = Page(url=one["url"], body=one["html"], fetched_at=one["now"])
                part = folder if one["body_kind"] == "article" else "recipes"
                yield from _sample(
                    part.replace("gold/samples/", "sample "), page, {"body": one["body"]}
                )


def _sample(part: str, page: Page, gold: dict[str, Any]) -> Iterator[Sample]:
    try:
        document = open_document(page)
    except Unreadable:
        return
    document.hold()
    try:
        thread = read_thread(document, frozenset())
    except ValueError:
        return  # a date beyond the calendar
    skip = frozenset() if thread.is_topic else frozenset(thread.elements)
    headline = read_headline(document, skip)
    segments = text_segments(document.tree, skip)
    proposals = propose(document, skip)
    furniture = furniture_of(document, proposals, list(suspects(document.tree)))
    evidence = gather(segments, proposals, furniture, headline)
    holders: dict[Any, int] = {}
    kept = [
        (s.text, s.apart, holders.setdefault(setting_of(s), len(holders)), str(s.element.tag))
        for s in segments
    ]
    if kept:
        site = urlsplit(page.url).netloc.removeprefix("www.")
        yield judge(Sample(part, site, gold, kept, evidence, proposals.trafilatura.text))


def judge(sample: Sample) -> Sample:
    """Return *sample* with which of its blocks are right, and how much each counts."""
    marks = [
        _by_pieces(t, sample.gold) if "with" in sample.gold else _by_words(t, sample)
        for t, *_ in sample.segments
    ]
    sample.right = np.array([right for right, _ in marks], float)
    weight = np.array([weight for _, weight in marks], float)
    whole = weight.sum()
    sample.weight = weight * (
        _worth(sample.part) * min(whole, 150.0) ** 0.5 / whole if whole else 0.0
    )
    return sample


def _worth(part: str) -> float:
    return WORTH.get(part, WORTH_OF_SAMPLES if part.startswith("sample") else 1.0)


def _by_pieces(text: str, gold: dict[str, Any]) -> tuple[bool, float]:
    flat = " ".join(text.split())
    hits = [
        any(_overlap(flat, " ".join(piece.split())) for piece in gold[key])
        for key in ("with", "without")
    ]
    return hits == [True, False], 2.0 if hits[0] != hits[1] else 0.0


def _overlap(text: str, piece: str) -> bool:
    return piece in text or (len(text) > 20 and text in piece)


def _by_words(text: str, sample: Sample) -> tuple[bool, float]:
    runs = sample.gold.setdefault("_runs", {})
    words = _WORDS.findall(text.lower())
    size = min(len(words), 4)
    if not words:
        return False, 0.0
    if size not in runs:
        wanted = _WORDS.findall(sample.gold["body"].lower())
        runs[size] = {
            tuple(wanted[place : place + size]) for place in range(len(wanted) - size + 1)
        }
    found = {tuple(words[place : place + size]) for place in range(len(words) - size + 1)}
    right = len(found & runs[size]) > 0.5 * len(found)
    return right, min(len(words), 60) ** 0.5 * (0.3 if len(words) <= 2 else 1.0)


@dataclass
class Weights:
    """A fitted table."""

    names: list[str]
    values: Any
    bias: float

    def scores(self, sample: Sample) -> Any:
        """Return the probability of each block of *sample*."""
        return 1 / (1 + np.exp(-(matrix(sample, self.names) @ self.values + self.bias)))


def matrix(sample: Sample, names: list[str]) -> Any:
    """Return the evidence of *sample* as rows of numbers."""
    return np.array([[one[name] for name in names] for one in sample.evidence])


def fit(pages: Sequence[Sample]) -> Weights:
    """Return weights fitted on *pages*."""
    names = sorted(pages[0].evidence[0])
    rows = np.concatenate([matrix(page, names) for page in pages])
    right, weight = (
        np.concatenate([getattr(page, key) for page in pages]) for key in ("right", "weight")
    )
    counts = weight > 0
    rows, right, weight = rows[counts], right[counts], weight[counts] / weight[counts].mean()
    mean, spread = rows.mean(0), rows.std(0) + 1e-6
    model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(
        (rows - mean) / spread, right, sample_weight=weight
    )
    values = model.coef_[0] / spread
    return Weights(names, values, float(model.intercept_[0] - values @ mean))


def fold_of(site: str) -> int:
    """Return the fold that leaves *site* out."""
    return int(hashlib.sha256(site.encode()).hexdigest(), 16) % FOLDS


def text_by(weights: Weights, sample: Sample, threshold: float) -> str:
    """Return the text that is kept of *sample*."""
    holders = [holder for _t, _a, holder, _tag in sample.segments]
    tags = [tag for *_, tag in sample.segments]
    places = choose_places(list(weights.scores(sample)), sample.evidence, holders, tags, threshold)
    kept = "".join(sample.segments[place][1] + sample.segments[place][0] for place in places)
    return kept.strip() or sample.spare


def scores(pages: Sequence[Sample], texts: Sequence[str]) -> dict[str, float]:
    """Return the F1 of each part of the pages, as the scorers in SHARED_FOLDER reckon it; of
    recipes the recall.
    """
    import score_bench  # noqa: PLC0415  # stands in SHARED_FOLDER
    import score_pages  # noqa: PLC0415

    found: dict[str, float] = {}
    for part in dict.fromkeys(page.part for page in pages):
        mine = [
            (page.gold, text) for page, text in zip(pages, texts, strict=True) if page.part == part
        ]
        if part in {"articles181", "trafeval", "readability"}:
            rows = [
                dict(zip(("counts", "f1"), score_bench.body(part, gold, text), strict=True))
                for gold, text in mine
            ]
            found[part] = score_bench.body_total(part, rows)[0]
        elif part == "recipes":
            found[part] = statistics.mean(_recall(gold["body"], text) for gold, text in mine)
        else:
            words = [
                (score_pages.words(gold["body"]), score_pages.words(text)) for gold, text in mine
            ]
            found[part] = statistics.mean(score_pages.similarity(*pair) for pair in words)
    return found


def _recall(gold: str, text: str) -> float:
    wanted, got = (Counter(_WORDS.findall(one.lower())) for one in (gold, text))
    return (wanted & got).total() / max(1, wanted.total())


def left_out(pages: Sequence[Sample], threshold: float) -> dict[str, float]:
    """Return the scores of *pages*, each read by weights fitted without its site."""
    tables = [fit([page for page in pages if fold_of(page.site) != fold]) for fold in range(FOLDS)]
    return scores(pages, [text_by(tables[fold_of(page.site)], page, threshold) for page in pages])


def main() -> None:
    """Print the scores; write the table where asked to."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("shared", type=Path)
    arguments.add_argument("--write", action="store_true")
    arguments.add_argument(
        "--cache", type=Path, help="where the pages' evidence is kept between runs"
    )
    options = arguments.parse_args()
    if options.cache and options.cache.exists():
        sys.path.insert(0, str(options.shared / "score"))
        pages = pickle.loads(options.cache.read_bytes())  # noqa: S301  # our own file
    else:
        pages = list(samples(options.shared))
        if options.cache:
            options.cache.write_bytes(pickle.dumps(pages))
    show("sites left out", left_out(pages, THRESHOLD))
    table = fit(pages)
    show("fitted on all", scores(pages, [text_by(table, page, THRESHOLD) for page in pages]))
    if options.write:
        write(table)


def write(table: Weights) -> None:
    """Put the table where the product reads it."""
    weights = {
        name: round(float(value), 3) for name, value in zip(table.names, table.values, strict=True)
    }
    written = {"threshold": THRESHOLD, "bias": round(table.bias, 3), "weights": weights}
    TABLE.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


def show(title: str, found: dict[str, float]) -> None:
    """Print one line of scores."""
    print(f"{title}: " + ", ".join(f"{part} {score:.4f}" for part, score in found.items()))


if __name__ == "__main__":
    main()
