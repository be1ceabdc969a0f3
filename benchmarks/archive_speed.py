"""Time what people do with a large archive: the cookbook's queries, searches, a long thread,
exports against a plain SELECT loop.

Each time is given by the clock and in CPU seconds, for machines that others use too.

python benchmarks/make_archive.py sqlite:////tmp/big/archive.db --articles 1000000
python benchmarks/archive_speed.py sqlite:////tmp/big/archive.db
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import text

from benchmarks.process_group import ProcessGroup
from benchmarks.stopwatch import Stopwatch
from storage.database import Archive
from storage.exports import (
    ExportRequest,
    Way,
    export,
    parquet,  # noqa: F401  # loaded before the clock runs
)
from storage.privacy import Pseudonyms
from storage.search import Query, search

COOKBOOK = Path(__file__).parent.parent / "docs" / "sql.md"
QUESTION = re.compile(r"^([^\n`][^\n]*)\n\n```sql\n(.*?)```", re.DOTALL | re.MULTILINE)
COMMON_PHRASE = '"de het"'
SEARCHES = (
    "passie marketing",
    "marketing",
    "gemeente -trein",
    '"nieuwe trein"',
    COMMON_PHRASE,
    "de markt",
    "school OR winkel",
)
LONG_THREAD = "a thread of 5,000 comments"
THREAD = (
    "SELECT author, date_created, text, depth FROM comment_thread WHERE "
    "article_url = :url ORDER BY position"
)
PLAIN = (
    "SELECT id, url, headline, article_body, article_section, in_language, "
    "date_published, comments_declared, comments_captured "
    "FROM articles WHERE id <= :most ORDER BY id"
)
EXPORTS = (
    ("articles", "plain"), ("articles", "parquet"), ("articles", "jsonl"), ("articles", "csv"),
    ("comments", "parquet"), ("threads", "parquet"), ("threads", "jsonl"),
)  # fmt: skip


def known(archive: Archive) -> dict[str, str]:
    """Return what stands in for the cookbook's examples in this archive: an address, a site, a
    reader, a keyword.
    """
    first = archive.select("SELECT url FROM articles ORDER BY id LIMIT 1")[1][0]["url"]
    changed = archive.select(
        "SELECT a.url FROM article_versions v JOIN articles a ON a.id = v.article_id LIMIT 1"
    )[1][0]["url"]
    site = archive.select("SELECT name FROM sites ORDER BY id LIMIT 1")[1][0]["name"]
    keyword = archive.select("SELECT keyword FROM keywords ORDER BY id LIMIT 1")[1][0]["keyword"]
    return {
        "https://vakblad.example/passie/": first, "https://dorpskrant.example/markt/": changed,
        "vakblad.example": site,
        "'Truus'": "'Bram90'", "'Wil'": "'Bram90'", "'marketing'": f"'{keyword}'",
    }  # fmt: skip


class Spans:
    """What some runs of the same work took, by the clock and of CPU."""

    def __init__(self, archive: Archive, work: Callable[[], Any], times: int) -> None:
        watch, laps = Stopwatch(archive), []
        for _ in range(times):
            work()
            laps.append(watch.lap())
        self.clock, self.cpu = (sorted(spans) for spans in zip(*laps, strict=True))

    def __str__(self) -> str:
        """Return median and worst by the clock, and the median of CPU, in milliseconds."""
        return "".join(
            f"{span * 1000:9.0f}" for span in (median(self.clock), self.clock[-1], median(self.cpu))
        )


class Exported(NamedTuple):
    """What an export took: seconds by the clock, of CPU in all its processes but the server's, and
    the most megabytes that they held.
    """

    rows: float
    clock: float
    cpu: float
    memory: float


HEAD = f"{'median':>9}{'worst':>9}{'CPU':>9}"


def queries(archive: Archive, times: int) -> Iterator[tuple[str, bool, Spans]]:
    """Yield each question of the cookbook, whether it reads a whole table, and what it takes."""
    examples = known(archive)
    for question, query in QUESTION.findall(COOKBOOK.read_text(encoding="utf-8")):
        asked = query.replace(":", r"\:")
        for example, own in examples.items():
            asked = asked.replace(example.replace(":", r"\:"), own.replace(":", r"\:"))
        scans = "(*" in question
        spans = Spans(archive, lambda asked=asked: archive.select(asked), 1 if scans else times)
        yield question, scans, spans


def time_queries(archive: Archive, times: int) -> None:
    """Print how long each question of the cookbook takes."""
    print(f"\n{'cookbook, milliseconds':86}{HEAD}")
    quick: list[float] = []
    for question, scans, spans in queries(archive, times):
        quick += [] if scans else spans.clock
        print(f"{question[:86]:86}{spans}", flush=True)
    print(f"p95 of all but the scans: {p95(quick):.3f} s")


def p95(seconds: Sequence[float]) -> float:
    """Return what nineteen of twenty stay below."""
    return sorted(seconds)[int(len(seconds) * 0.95)]


def searches(archive: Archive, times: int) -> Iterator[tuple[str, Spans]]:
    """Yield each search with how long its first page takes, and a thread of 5,000 comments."""

    def run(words: str, within: str) -> int:
        with archive.read() as connection:
            return len(search(connection, Query(words=words, within=within)))

    for within in ("articles", "comments"):
        for words in SEARCHES:
            work = partial(run, words, within)
            yield f"{within}: {words}", Spans(archive, work, times)
    url = archive.select("SELECT url FROM articles ORDER BY id LIMIT 1")[1][0]["url"]
    yield LONG_THREAD, Spans(archive, lambda: archive.select(THREAD, url=url), times)


def time_searches(archive: Archive, times: int) -> None:
    """Print how long each search takes, and the long thread."""
    print(f"\n{'first page of a search, milliseconds':86}{HEAD}")
    for name, spans in searches(archive, times):
        print(f"{name:86}{spans}", flush=True)


def export_alone(database: str, dataset: str, form: str, most: int, processes: int) -> None:
    """Export in this process and those that it starts, and print rows and seconds; *form* "plain"
    only reads.
    """
    archive = Archive.open(database)
    began = time.perf_counter()
    if form == "plain":
        with archive.read() as connection:
            plain = text(PLAIN).execution_options(stream_results=True, max_row_buffer=2000)
            rows = sum(1 for _row in connection.execute(plain, {"most": most}))
    else:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            owner = "article_id" if dataset == "comments" else "id"
            request = ExportRequest(dataset=dataset, form=form, where=f"{owner} <= {most}")
            target, way = Path(folder) / f"out.{form}", Way(processes=processes)
            rows = export(archive, request, Pseudonyms(b"benchmark"), target, way)["rows"]
    print(rows, time.perf_counter() - began)


def exports(
    database: str,
    most: int,
    chosen: Sequence[tuple[str, str]] = EXPORTS,
    processes: int = os.cpu_count() or 1,
) -> Iterator[tuple[str, str, Exported]]:
    """Yield what each export takes, first a loop over a plain SELECT."""
    for dataset, form in chosen:
        command = [sys.executable, "-m", "benchmarks.archive_speed", database]
        command += ["--alone", dataset, form, "--articles", str(most)]
        group = ProcessGroup([*command, "--processes", str(processes)])
        rows, clock = map(float, group.run().split())
        yield dataset, form, Exported(rows, clock, group.cpu, group.megabytes)


def time_exports(database: str, most: int, processes: int) -> None:
    """Print rates and memory of exports against the plain SELECT."""
    heads = ("rows", "rows/s", "of plain", "CPU us/row", "of plain", "MB")
    print(f"\n{'export':20}" + "".join(f"{head:>12}" for head in heads))
    plain: Exported | None = None
    for dataset, form, one in exports(database, most, processes=processes):
        plain = plain or one
        rate, cpu = one.rows / one.clock, one.cpu / one.rows
        shares = (
            f"{rate / (plain.rows / plain.clock):12.2f}{cpu * 1e6:12.1f}"
            f"{cpu / (plain.cpu / plain.rows):12.2f}"
        )
        print(
            f"{dataset + ' ' + form:20}{one.rows:12.0f}{rate:12.0f}{shares}{one.memory:12.0f}",
            flush=True,
        )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", choices=("queries", "searches", "exports"))
    parser.add_argument("--articles", type=int, default=1_000_000, help="export so many of them")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="for exports")
    parser.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        export_alone(asked.database, *asked.alone, asked.articles, asked.processes)
        return
    archive = Archive.open(asked.database)
    counts = archive.select(
        "SELECT (SELECT COUNT(*) FROM articles) AS articles, (SELECT COUNT(*) FROM "
        "comments) AS comments"
    )[1][0]
    print(f"{archive.dialect}: {counts['articles']} articles, {counts['comments']} comments")
    if asked.only in {None, "queries"}:
        time_queries(archive, asked.times)
    if asked.only in {None, "searches"}:
        time_searches(archive, asked.times)
    archive.close()
    if asked.only in {None, "exports"}:
        time_exports(asked.database, asked.articles, asked.processes)


if __name__ == "__main__":
    main()
