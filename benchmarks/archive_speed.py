"""Time what people do with a large archive: the cookbook's queries, searches, a long thread, exports against a plain SELECT loop.

python benchmarks/make_archive.py sqlite:////tmp/big/archive.db --articles 1000000
python benchmarks/archive_speed.py sqlite:////tmp/big/archive.db
"""

import argparse
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from storage.archive import Archive
from storage.exports.dataset import export
from storage.exports.request import ExportRequest
from storage.pseudonyms import Pseudonyms
from storage.search import Query, search

COOKBOOK = Path(__file__).parent.parent / "docs" / "sql.md"
QUESTION = re.compile(r"^([^\n`][^\n]*)\n\n```sql\n(.*?)```", re.DOTALL | re.MULTILINE)
SEARCHES = ("passie marketing", "marketing", "gemeente -trein", '"nieuwe trein"', "de markt", "school OR winkel")
THREAD = "SELECT author, date_created, text, depth FROM comment_thread WHERE article_url = :url ORDER BY position"
PLAIN = (
    "SELECT id, url, headline, article_body, article_section, in_language, date_published, comments_declared, comments_captured "
    "FROM articles ORDER BY id"
)


def known(archive: Archive) -> dict[str, str]:
    """Return what stands in for the cookbook's examples in this archive: an address, a site, a reader, a keyword."""
    first = archive.select("SELECT url FROM articles ORDER BY id LIMIT 1")[1][0]["url"]
    changed = archive.select("SELECT a.url FROM article_versions v JOIN articles a ON a.id = v.article_id LIMIT 1")[1][0]["url"]
    site = archive.select("SELECT name FROM sites ORDER BY id LIMIT 1")[1][0]["name"]
    keyword = archive.select("SELECT keyword FROM keywords ORDER BY id LIMIT 1")[1][0]["keyword"]
    return {
        "https://vakblad.example/passie/": first, "https://dorpskrant.example/markt/": changed, "vakblad.example": site,
        "'Truus'": "'Bram90'", "'Wil'": "'Bram90'", "'marketing'": f"'{keyword}'",
    }  # fmt: skip


def took(work: Callable[[], Any], times: int) -> list[float]:
    """Return the seconds that each of *times* runs of *work* took, in order of length."""
    spans = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        spans.append(time.perf_counter() - began)
    return sorted(spans)


def time_queries(archive: Archive, times: int) -> None:
    """Print how long each question of the cookbook takes."""
    examples = known(archive)
    print(f"\n{'cookbook, seconds':86}  {'median':>7} {'worst':>7}")
    quick: list[float] = []
    for question, query in QUESTION.findall(COOKBOOK.read_text(encoding="utf-8")):
        asked = query.replace(":", r"\:")
        for example, own in examples.items():
            asked = asked.replace(example.replace(":", r"\:"), own.replace(":", r"\:"))
        scans = "(*" in question
        spans = took(lambda asked=asked: archive.select(asked), 1 if scans else times)
        quick += [] if scans else spans
        print(f"{question[:86]:86}  {statistics.median(spans):7.3f} {spans[-1]:7.3f}", flush=True)
    quick.sort()
    print(f"p95 of all but the scans: {quick[int(len(quick) * 0.95)]:.3f} s")


def time_searches(archive: Archive, times: int) -> None:
    """Print how long the first page of each search takes, and a thread of 5,000 comments."""
    print(f"\n{'first page of a search, milliseconds':86}  {'median':>7} {'worst':>7}")

    def run(words: str, within: str) -> int:
        with archive.read() as connection:
            return len(search(connection, Query(words=words, within=within)))

    for within in ("articles", "comments"):
        for words in SEARCHES:
            spans = took(lambda words=words, within=within: run(words, within), times)
            print(f"{within + ': ' + words:86}  {statistics.median(spans) * 1000:7.0f} {spans[-1] * 1000:7.0f}", flush=True)
    url = archive.select("SELECT url FROM articles ORDER BY id LIMIT 1")[1][0]["url"]
    spans = took(lambda: archive.select(THREAD, url=url), times)
    print(f"{'a thread of 5,000 comments':86}  {statistics.median(spans) * 1000:7.0f} {spans[-1] * 1000:7.0f}")


def export_alone(database: str, dataset: str, form: str) -> None:
    """Export in this process and print rows, seconds and the memory it took at most; *form* "plain" only reads."""
    archive = Archive.open(database)
    began = time.perf_counter()
    if form == "plain":
        with archive.read() as connection:
            cursor = connection.execute(text(PLAIN).execution_options(stream_results=True, max_row_buffer=2000))
            rows = sum(1 for _row in cursor)
    else:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            request = ExportRequest(dataset=dataset, form=form)
            rows = export(archive, request, Pseudonyms(b"benchmark"), Path(folder) / f"out.{form}")["rows"]
    seconds = time.perf_counter() - began
    print(rows, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def time_exports(database: str) -> None:
    """Print rates and memory of exports, each in a process of its own, against a loop over a plain SELECT."""
    print(f"\n{'export':30} {'rows':>9} {'rows/s':>9} {'of plain':>9} {'memory MB':>9}")
    plain = 0.0
    for dataset, form in (
        ("articles", "plain"), ("articles", "parquet"), ("articles", "jsonl"), ("articles", "csv"),
        ("comments", "parquet"), ("threads", "parquet"),
    ):  # fmt: skip
        command = [sys.executable, __file__, database, "--alone", dataset, form]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # our own script
        rows, seconds, memory = (float(part) for part in done.stdout.split())
        plain = plain or rows / seconds
        print(
            f"{dataset + ' ' + form:30} {rows:9.0f} {rows / seconds:9.0f} {rows / seconds / plain:9.2f} {memory:9.0f}", flush=True
        )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", choices=("queries", "searches", "exports"))
    parser.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        export_alone(asked.database, *asked.alone)
        return
    archive = Archive.open(asked.database)
    counts = archive.select("SELECT (SELECT COUNT(*) FROM articles) AS articles, (SELECT COUNT(*) FROM comments) AS comments")[1][
        0
    ]
    print(f"{archive.dialect}: {counts['articles']} articles, {counts['comments']} comments")
    if asked.only in {None, "queries"}:
        time_queries(archive, asked.times)
    if asked.only in {None, "searches"}:
        time_searches(archive, asked.times)
    archive.close()
    if asked.only in {None, "exports"}:
        time_exports(asked.database)


if __name__ == "__main__":
    main()
