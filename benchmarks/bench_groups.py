"""The figures of benchmarks.bench_all, group by group: of each less is better."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import (
    archive_speed,
    cluster,
    comment_cost,
    crawl_cost,
    crawl_speed,
    growth,
    paired,
    reading_room,
    reextract_cost,
    second_run,
    startup,
    storing_cost,
)
from benchmarks.bench_ground import ARTICLES, IN_POSTGRES, PAGES, STORED, Ground
from storage.database import Archive, default_database

EVERY = 24  # pages of the public sets
PAGE = 1_000_000  # letters of the made pages
FAMILIES = ("nested blocks", "wide paragraphs", "links", "flat comments", "page state")
COMMANDS = (("--help",), ("export", "--help"), ("sites",))
CRAWLED = ("zaanseverhalen", "noemiandrea")
FOUND_AGAIN = ("ericalekkerwater", "zaanseverhalen")
LAGGING = "vlaamserap"
TIMES = 5  # each search
REREAD = 300  # pages
CLUSTER_PAGES = 30  # of each of 20 files
IN_BOTH = (("articles", "parquet"), ("articles", "jsonl"))

Figures = Iterator[tuple[str, float]]


def unknown_site(ground: Ground) -> Figures:
    """Yield what pages of sites never seen cost, of trafilatura with metadata."""
    for name, pairs in paired.unknown(ground.shared, EVERY):
        yield from ((f"{name}, {what}", value) for what, value in paired.figures(pairs).items())


def known_template(ground: Ground) -> Figures:
    """Yield what pages cost by a learned profile, of trafilatura with metadata."""
    for site, pairs in paired.known(ground.shared):
        yield f"{site}, median ratio", paired.figures(pairs)["median ratio"]


def reader(ground: Ground) -> Figures:
    """Yield what a reader holds in the end, and what its first page in a language pays."""
    # In a process of its own: what this one has loaded its readers would load too.
    command = [sys.executable, "-m", "benchmarks.readers", str(ground.shared)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    for line in done.stdout.splitlines():
        name, _colon, value = line.rpartition(": ")
        yield name, float(value)


def comments(_ground: Ground) -> Figures:
    """Yield the seconds of threads of growing length."""
    for length, known, unknown in comment_cost.threads():
        yield f"{length}, known markup, s", known
        yield f"{length}, unknown markup, s", unknown


def large_pages(_ground: Ground) -> Figures:
    """Yield the seconds of pages of one kind of thing, and the exponent by which they grow."""
    for name in FAMILIES:
        costs, exponent = growth.growth(growth.FAMILIES[name], PAGE)
        yield f"{name}, s", costs[-1]
        yield f"{name}, exponent of growth", exponent


def starting(_ground: Ground) -> Figures:
    """Yield the CPU seconds of commands, and of a crawl until its first request."""
    with tempfile.TemporaryDirectory() as name:
        for words in COMMANDS:
            yield f"{' '.join(words)}, s", startup.whole(words, Path(name))
        yield "crawl, first request, s", startup.until_first_request(Path(name))


def crawling(ground: Ground) -> Figures:
    """Yield what crawls cost of a bare one and the extraction, and how late the event loop is."""
    for name in CRAWLED:
        with ground.site(name) as url:
            cost = crawl_cost.cost_of(url)
        yield f"{name}, CPU of bare crawl and extraction", cost.ratio
        yield f"{name}, the same after both starts", cost.ratio_after_start
        yield f"{name}, CPU until the first article, s", cost.first_article
    with ground.site(LAGGING) as url:
        lag = crawl_speed.crawl(url, "crawler.extraction.pool.ExtractionPool", PAGES)
    yield f"{LAGGING}, event loop's lag, p99, ms", lag["lag_p99_ms"]
    yield f"{LAGGING}, memory of the crawling process, MB", lag["memory_end_mb"]


def second_night(ground: Ground) -> Figures:
    """Yield how many requests a second run makes, of the first one's."""
    for name in FOUND_AGAIN:
        with ground.site(name) as url:
            first, second, changed = second_run.two_runs(url, ground.folder())
        yield f"{name}, % of the first run's requests", 100 * second / first
        yield f"{name}, tables that it changed", changed


def archive_in_sqlite(ground: Ground) -> Figures:
    """Yield what questions, the reading room's pages and exports take."""
    yield from _answers(default_database(ground.made))
    for path, took, _busy in reading_room.visits(ground.made):
        if path in {"/", reading_room.PHRASE}:
            yield f"reading room: {path}, ms", median(took)
    yield from _exports(default_database(ground.made), ARTICLES, archive_speed.EXPORTS)


def archive_in_postgres(ground: Ground) -> Figures:
    """Yield what questions and exports take."""
    yield from _answers(ground.made_in_postgres)
    yield from _exports(ground.made_in_postgres, IN_POSTGRES, IN_BOTH)


def _answers(database: str) -> Figures:
    archive, every = Archive.open(database), []
    for name, spans in archive_speed.searches(archive, TIMES):
        if name == archive_speed.LONG_THREAD or archive_speed.COMMON_PHRASE in name:
            yield f"{name}, ms", 1000 * median(spans.clock)
        else:
            every += spans.clock
    yield "searches, p95, ms", 1000 * archive_speed.p95(every)
    quick = [
        second
        for _question, scans, spans in archive_speed.queries(archive, TIMES)
        for second in spans.clock
        if not scans
    ]
    yield "cookbook, p95, ms", 1000 * archive_speed.p95(quick)
    archive.close()


def _exports(database: str, most: int, chosen: tuple[tuple[str, str], ...]) -> Figures:
    for dataset, form, one in archive_speed.exports(database, most, chosen):
        if form != "plain":
            yield f"export: {dataset} to {form}, µs each", 1e6 * one.clock / one.rows
            yield f"export: {dataset} to {form}, MB", one.memory


def storing_in_sqlite(ground: Ground) -> Figures:
    """Yield what storing costs in a large archive, of what it costs in an empty one."""
    return _storing(ground, "sqlite", default_database(ground.made))


def storing_in_postgres(ground: Ground) -> Figures:
    """Yield the same of PostgreSQL."""
    return _storing(ground, "postgresql", ground.made_in_postgres)


def _storing(ground: Ground, kind: str, full: str) -> Figures:
    pair = (ground.empty(kind), full)
    small, large = storing_cost.store_in_turns(pair, next(ground.unstored), STORED)
    yield "large archive of an empty one, by the clock", large.median / small.median
    yield "large archive of an empty one, CPU", large.cpu_median / small.cpu_median
    yield "an article in the empty one, CPU, ms", small.cpu_median


def bulk(ground: Ground) -> Figures:
    """Yield what a worker that reads an archive again costs, of trafilatura alone."""
    pages, own, alone = reextract_cost.costs(ground.crawled, REREAD, reextract_cost.Clock())
    assert pages == REREAD
    yield "a worker's CPU of trafilatura's", own / alone


def bulk_on_a_cluster(ground: Ground) -> Figures:
    """Yield the time of two Dask workers, of one's."""
    took = cluster.seconds(ground.empty("postgresql"), CLUSTER_PAGES)
    yield "two workers' time of one's", took[2] / took[1]


class Group(NamedTuple):
    """Figures that are measured together, and whether on PostgreSQL."""

    measure: Callable[[Ground], Figures]
    in_postgres: bool = False


GROUPS = {
    "unknown site": Group(unknown_site),
    "known template": Group(known_template),
    "comments": Group(comments),
    "large page": Group(large_pages),
    "start": Group(starting),
    "reader": Group(reader),
    "crawl": Group(crawling),
    "second night": Group(second_night),
    f"SQLite, {ARTICLES} articles": Group(archive_in_sqlite),
    "storing in SQLite": Group(storing_in_sqlite),
    "bulk": Group(bulk),
    f"PostgreSQL, {IN_POSTGRES} articles": Group(archive_in_postgres, in_postgres=True),
    "storing in PostgreSQL": Group(storing_in_postgres, in_postgres=True),
    "Dask": Group(bulk_on_a_cluster, in_postgres=True),
}
