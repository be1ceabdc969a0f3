"""Time what people do with a large archive: the cookbook's queries, searches, a long thread,
exports against a plain SELECT loop.

Each time is given by the clock and in CPU seconds, for machines that others use too.

python benchmarks/make_archive.py sqlite:////tmp/big/archive.db --articles 1000000
python benchmarks/archive_speed.py sqlite:////tmp/big/archive.db
"""

import argparse
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import text
from stopwatch import Stopwatch

from storage.database import Archive
from storage.exports import (
    ExportRequest,
    export,
    parquet,  # noqa: F401  # loaded before the clock runs
)
from storage.privacy import Pseudonyms
from storage.search import Query, search

COOKBOOK = Path(__file__).parent.parent / "docs" / "sql.md"
QUESTION = re.compile(r"^([^\n`][^\n]*)\n\n```sql\n(.*?)```", re.DOTALL | re.MULTILINE)
SEARCHES = (
    "passie marketing",
    "marketing",
    "gemeente -trein",
    '"nieuwe trein"',
    "de markt",
    "school OR winkel",
)
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


HEAD = f"{'median':>9}{'worst':>9}{'CPU':>9}"


def time_queries(archive: Archive, times: int) -> None:
    """Print how long each question of the cookbook takes."""
    examples = known(archive)
    print(f"\n{'cookbook, milliseconds':86}{HEAD}")
    quick: list[float] = []
    for question, query in QUESTION.findall(COOKBOOK.read_text(encoding="utf-8")):
        asked = query.replace(":", r"\:")
        for example, own in examples.items():
            asked = asked.replace(example.replace(":", r"\:"), own.replace(":", r"\:"))
        scans = "(*" in question
        spans = Spans(archive, lambda asked=asked: archive.select(asked), 1 if scans else times)
        quick += [] if scans else spans.clock
        print(f"{question[:86]:86}{spans}", flush=True)
    quick.sort()
    print(f"p95 of all but the scans: {quick[int(len(quick) * 0.95)]:.3f} s")


def time_searches(archive: Archive, times: int) -> None:
    """Print how long the first page of each search takes, and a thread of 5,000 comments."""
    print(f"\n{'first page of a search, milliseconds':86}{HEAD}")

    def run(words: str, within: str) -> int:
        with archive.read() as connection:
            return len(search(connection, Query(words=words, within=within)))

    for within in ("articles", "comments"):
        for words in SEARCHES:
            spans = Spans(archive, lambda words=words, within=within: run(words, within), times)
            print(f"{within + ': ' + words:86}{spans}", flush=True)
    url = archive.select("SELECT url FROM articles ORDER BY id LIMIT 1")[1][0]["url"]
    print(
        f"{'a thread of 5,000 comments':86}"
        f"{Spans(archive, lambda: archive.select(THREAD, url=url), times)}"
    )


def export_alone(database: str, dataset: str, form: str, most: int) -> None:
    """Export in this process and print rows, seconds and the memory it took at most; *form* "plain"
    only reads.
    """
    archive = Archive.open(database)
    watch = Stopwatch(archive)
    if form == "plain":
        with archive.read() as connection:
            plain = text(PLAIN).execution_options(stream_results=True, max_row_buffer=2000)
            rows = sum(1 for _row in connection.execute(plain, {"most": most}))
    else:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            owner = "article_id" if dataset == "comments" else "id"
            request = ExportRequest(dataset=dataset, form=form, where=f"{owner} <= {most}")
            rows = export(archive, request, Pseudonyms(b"benchmark"), Path(folder) / f"out.{form}")[
                "rows"
            ]
    print(rows, *watch.lap(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def time_exports(database: str, most: int) -> None:
    """Print rates and memory of exports, each in a process of its own, against a loop over a plain
    SELECT.
    """
    heads = ("rows", "rows/s", "of plain", "CPU us/row", "of plain", "MB")
    print(f"\n{'export':20}" + "".join(f"{head:>12}" for head in heads))
    plain = (0.0, 0.0)
    for dataset, form in EXPORTS:
        command = [
            sys.executable,
            __file__,
            database,
            "--alone",
            dataset,
            form,
            "--articles",
            str(most),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # our own script
        rows, clock, cpu, memory = (float(part) for part in done.stdout.split())
        plain = plain if any(plain) else (rows / clock, cpu / rows)
        shares = (
            f"{rows / clock / plain[0]:12.2f}{cpu / rows * 1e6:12.1f}{cpu / rows / plain[1]:12.2f}"
        )
        print(
            f"{dataset + ' ' + form:20}{rows:12.0f}{rows / clock:12.0f}{shares}{memory:12.0f}",
            flush=True,
        )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", choices=("queries", "searches", "exports"))
    parser.add_argument("--articles", type=int, default=1_000_000, help="export so many of them")
    parser.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        export_alone(asked.database, *asked.alone, asked.articles)
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
        time_exports(asked.database, asked.articles)


if __name__ == "__main__":
    main()
