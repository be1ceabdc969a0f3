"""What storing costs in a large archive beside an empty one: the same articles go into both, in
turns, as a crawl stores them.

python benchmarks/make_archive.py sqlite:////tmp/big/copy.db --articles 1000000
python benchmarks/storing_cost.py sqlite:////tmp/big/empty.db sqlite:////tmp/big/copy.db

Both archives are written to.
"""

import argparse
import statistics
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from benchmarks.made_articles import Writer
from benchmarks.make_archive import SEEN, begin
from benchmarks.stopwatch import Stopwatch
from storage.crawl import Listing, VisitContext, add_candidates, save_visit
from storage.database import Archive, pages
from storage.records import Article, Candidate, Fetch, Visit

A_TRANSACTION = 50
FIRST = 2_000_000  # no archive that is made has an article of this number


class Costs(NamedTuple):
    """The milliseconds that storing one article took, by the clock and of CPU."""

    median: float
    mean: float
    cpu_median: float
    cpu_mean: float


class Side:
    """One of the two archives, with the pages of what is stored into it."""

    def __init__(self, url: str, made: Sequence[Article]) -> None:
        self._archive = Archive.open(url)
        self._context = VisitContext(
            run_id=begin(self._archive), site_id=1, seen_at=SEEN, extractor_version="1", cap=10**9,
            max_attempts=3,
            retry_after_seconds=5,
        )  # fmt: skip
        with self._archive.begin() as connection:
            listing = Listing(site_id=1, now=SEEN, cap=10**9)
            add_candidates(connection, [Candidate(url=article.url) for article in made], listing)
            known = select(pages.c.url, pages.c.id).where(
                pages.c.url.in_([article.url for article in made])
            )
            self._pages = {row.url: row.id for row in connection.execute(known)}
        self._watch = Stopwatch(self._archive)
        self.spans: list[tuple[float, float]] = []

    def store(self, made: Sequence[Article]) -> None:
        """Store articles with their comments in one transaction and keep what it took."""
        self._watch.lap()
        with self._archive.begin() as connection:
            for article in made:
                fetch = Fetch(url=article.url, fetched_at=SEEN, outcome="ok", status=200)
                visit = Visit(
                    page_id=self._pages[article.url], url=article.url, state="done",
                    outcome="article", article=article,
                    fetches=(fetch,),
                )  # fmt: skip
                save_visit(connection, visit, self._context, (None,))
        self.spans.append(self._watch.lap())

    def end(self) -> Costs:
        """Close the archive and return what storing one article took."""
        self._archive.close()
        spans = [
            span
            for column in zip(*self.spans, strict=True)
            for span in (statistics.median(column), statistics.mean(column))
        ]
        return Costs(*(span / A_TRANSACTION * 1000 for span in spans))


def store_in_turns(urls: tuple[str, str], first: int, number: int) -> tuple[Costs, Costs]:
    """Store *number* articles, made from *first* on, into both archives and return what it took."""
    writer = Writer()
    made = [writer.article(first + one) for one in range(number)]
    empty, full = (Side(url, made) for url in urls)
    for start in range(0, len(made), A_TRANSACTION):
        turn = made[start : start + A_TRANSACTION]
        for side in (empty, full) if start // A_TRANSACTION % 2 else (full, empty):
            side.store(turn)
    return empty.end(), full.end()


def main() -> None:
    """Store into both in turns, and print what one article took in each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("empty")
    parser.add_argument("full")
    parser.add_argument("--articles", type=int, default=2000)
    asked = parser.parse_args()
    empty, full = store_in_turns((asked.empty, asked.full), FIRST, asked.articles)
    print(
        f"{'an article with its comments':30}"
        + "".join(f"{name:>14}" for name in ("median ms", "mean ms", "median CPU", "mean CPU"))
    )
    ratios = tuple(large / small for small, large in zip(empty, full, strict=True))
    for name, figures in (
        ("empty archive", empty),
        ("large archive", full),
        ("ratio", ratios),
    ):
        print(f"{name:30}" + "".join(f"{figure:14.2f}" for figure in figures))


if __name__ == "__main__":
    main()
