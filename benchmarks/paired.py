"""What reading a page costs against trafilatura on the same page, of a site never seen and of one
whose profile was learned.

    python -m benchmarks.paired SHARED_FOLDER [--every 20]

Each page of a sample is read in turns by ``pipelines.article.extract`` and by
``trafilatura.bare_extraction(with_metadata=True)``, in one process, parsing and decoding included;
the least CPU time of each counts, and the ratio of the two. The samples are of SHARED_FOLDER/bench
and SHARED_FOLDER/corpus, and the sites of benchmarks.samples, five pages of each as lessons.
"""

import argparse
import csv
import gc
import gzip
import statistics
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import trafilatura

from benchmarks.samples import samples
from pipelines.article import NotAnArticle, extract
from pipelines.document import open_document
from pipelines.learning import learn
from pipelines.profiles import Profile
from storage.records import Page

FETCHED = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
SETS = ("articles181", "trafeval", "corpus")
TURNS = 2
LESSONS, MOST = 5, 12


class Pair(NamedTuple):
    """The CPU seconds of one page."""

    own: float
    theirs: float

    @property
    def ratio(self) -> float:
        """How many times as long the product takes."""
        return self.own / self.theirs


def sample(shared: Path, every: int) -> dict[str, list[Page]]:
    """Return each *every*-th page of the sets."""
    found: dict[str, list[Page]] = {name: [] for name in SETS}
    for name, pages in (("", shared / "bench"), ("corpus", shared / "corpus")):
        with (pages / "index.tsv").open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            for number, row in enumerate(rows):
                if number % every == 0 and (name or row["set"]) in found:
                    found[name or row["set"]].append(page_of(pages / "html", row))
    return found


def page_of(folder: Path, row: dict[str, str]) -> Page:
    """Return the page of a row of a set's index."""
    file = folder / row.get("set", "") / f"{row['id']}.html.gz"
    return Page(
        url=row["url"],
        body=gzip.decompress(file.read_bytes()),
        fetched_at=FETCHED,
        content_type="text/html",
    )


def pair(page: Page, profiles: Sequence[Profile] = ()) -> Pair:
    """Return what *page* costs, the least of some turns."""
    own, theirs = [], []
    for _turn in range(TURNS):
        own.append(seconds(lambda: read(page, profiles)))
        theirs.append(seconds(lambda: _ask(page)))
    return Pair(min(own), min(theirs))


def seconds(step: Callable[[], object]) -> float:
    """Return the CPU seconds of *step*."""
    start = time.process_time()
    step()
    return time.process_time() - start


def read(page: Page, profiles: Sequence[Profile]) -> None:
    """Read *page*, which may be no article."""
    try:
        extract(page, profiles)
    except NotAnArticle:
        return


def _ask(page: Page) -> None:
    trafilatura.bare_extraction(page.body.decode("utf-8", "replace"), with_metadata=True)


def unknown(shared: Path, every: int) -> Iterator[tuple[str, list[Pair]]]:
    """Yield each set with what its sampled pages cost."""
    for name, pages in sample(shared, every).items():
        if not pages:
            continue
        _warm_up(pages[0])
        yield name, [pair(page) for page in pages]


def known(shared: Path) -> Iterator[tuple[str, list[Pair]]]:
    """Yield the sites for which a profile is learned with what their other pages cost by it."""
    for site, pages in samples(shared):
        profiles = learn(site, [open_document(one.page) for one in pages[:LESSONS]])
        others = pages[LESSONS : LESSONS + MOST]
        if profiles and others:
            _warm_up(others[0].page, profiles)
            yield site, [pair(one.page, profiles) for one in others]


def _warm_up(page: Page, profiles: Sequence[Profile] = ()) -> None:
    """Read a page uncounted: what is loaded on first use is nobody's cost."""
    read(page, profiles)
    _ask(page)
    gc.collect()
    gc.freeze()


def figures(pairs: Sequence[Pair]) -> dict[str, float]:
    """Return the median ratio, that which nineteen of twenty pages stay below, and the seconds of
    the slowest page.
    """
    ratios = sorted(one.ratio for one in pairs)
    return {
        "median ratio": statistics.median(ratios),
        "p95 of ratios": ratios[int(0.95 * (len(ratios) - 1))],
        "slowest page, s": max(one.own for one in pairs),
    }


def main() -> None:
    """Print a line for each set and each site."""
    warnings.simplefilter("ignore")
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("shared", type=Path)
    arguments.add_argument("--every", type=int, default=20)
    asked = arguments.parse_args()
    print("| pages | number | median ratio | p95 | slowest, s |\n| --- | --- | --- | --- | --- |")
    for rows in (unknown(asked.shared, asked.every), known(asked.shared)):
        for name, pairs in rows:
            median, high, slowest = figures(pairs).values()
            print(f"| {name} | {len(pairs)} | {median:.2f} | {high:.2f} | {slowest:.2f} |")


if __name__ == "__main__":
    main()
