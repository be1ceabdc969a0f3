"""Fit the weights by which threads are found (``make fit``).

    python -m benchmarks.fit            write pipelines/comments/rules/weights.json
    python -m benchmarks.fit --keep F   also keep how each page reads by weights of other sites

Four decisions are fitted in turn (pipelines/comments/rules/score.py): which groups are worth a
reading ("cheap"), which columns hold authors and words ("author", "text"), which group reads best
("rank"), whether it is a thread ("accept"). Groups are read by weights that were fitted without
their site, so that rank and accept learn from readings as they are on sites never seen. Needs the
extra ``fit``.
"""

import argparse
import json
import os
import pickle
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from benchmarks.fit_pages import FOLDS, ROOT, all_pages
from benchmarks.fit_readings import Lesson, Reading, learn, read
from benchmarks.fit_tables import first_tables, last_tables
from pipelines.comments import fitting

WEIGHTS = ROOT / "pipelines" / "comments" / "rules" / "weights.json"


def choose(page: Reading, tables: Mapping[str, Any]) -> Counter[str]:
    """Return what the scorer counts of the group that *tables* choose on a page."""
    none = Counter(got=0, gold=page.gold, pages=1, hit=0)
    fitting.use(tables)
    judged = [(fitting.judge(features), counts) for features, _quality, counts in page.groups]
    threads = [(one.is_clear, one.rank, counts) for one, counts in judged if one.is_thread]
    return max(threads, key=lambda one: one[:2])[2] if threads else none


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
    """Return what is learned from all pages, and how each reads by weights of other sites."""
    pages = all_pages()
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
    for name in ("corpus", "gold", "articles", "forums"):
        part = [one for one in chosen if one[0].of == name]
        print(name, {key: round(value, 4) for key, value in summary(part).items()})


if __name__ == "__main__":
    main()
