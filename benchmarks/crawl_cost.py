"""What a crawl costs beyond fetching and reading: its CPU time against that of a bare Scrapy crawl
and of the extraction of the same pages, and its CPU time until the first article is stored.

    python -m benchmarks.crawl_cost SITE_URL

SITE_URL is a site served on loopback whose pages link to each other. All processes of a crawl
count, its start and what it learns included, so that a site of many pages says more; the last
ratio leaves out both starts, Scrapy's until its first page.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from benchmarks.paired import FETCHED, read, seconds
from benchmarks.startup import environment, typed
from storage.records import Page

STEP = 0.05
BARE = Path(__file__).with_name("bare_crawl.py")


class CrawlCost(NamedTuple):
    """CPU seconds of a crawl and of what it is compared with; two are until a first page."""

    crawl: float
    first_article: float
    bare: float
    first_page: float
    extraction: float
    pages: int

    @property
    def ratio(self) -> float:
        """What the crawl costs of a bare one and of the extraction."""
        return self.crawl / (self.bare + self.extraction)

    @property
    def ratio_after_start(self) -> float:
        """The same of what comes after both starts."""
        theirs = self.bare - self.first_page + self.extraction
        return (self.crawl - self.first_article) / theirs


def cpu_of(command: Sequence[str], folder: str, until: Callable[[], bool]) -> tuple[float, float]:
    """Return the CPU seconds of *command* with all its processes, at its end and when *until* first
    held.
    """
    process = subprocess.Popen(
        command, cwd=folder, start_new_session=True,
        env={**environment(), "KNIPSEL_ARCHIVE": folder},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    spent: dict[int, float] = {}
    reached = 0.0
    while process.poll() is None:
        spent.update(_session(process.pid))
        if not reached and until():
            reached = sum(spent.values())
        time.sleep(STEP)
    return sum(spent.values()), reached


def _session(leader: int) -> dict[int, float]:
    """Return the CPU seconds of each process of a session that runs."""
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = file.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        if int(told[3]) == leader:
            ticks = int(told[11]) + int(told[12])
            found[int(file.parent.name)] = ticks / os.sysconf("SC_CLK_TCK")
    return found


def has_article(folder: str) -> bool:
    """Return whether the archive in *folder* has an article."""
    try:
        address = f"file:{Path(folder, 'archive.db')}?mode=ro"  # it is the crawl that makes it
        with closing(sqlite3.connect(address, uri=True)) as connection:
            return bool(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.Error:
        return False  # it is being made


def cost_of(site: str) -> CrawlCost:
    """Return what a crawl of *site* costs, a bare one and the extraction."""
    with tempfile.TemporaryDirectory() as folder:
        command = typed(["crawl", site, "--quiet"])
        whole, first = cpu_of(command, folder, lambda: has_article(folder))
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(BARE), site, folder]
        bare, opened = cpu_of(command, folder, lambda: any(Path(folder).glob("*.page")))
        pages = [_page(file) for file in sorted(Path(folder).glob("*.page"))]
    read(pages[0], ())  # what is loaded on first use is the crawl's start
    extraction = sum(seconds(lambda page=page: read(page, ())) for page in pages)
    return CrawlCost(whole, first, bare, opened, extraction, len(pages))


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("site")
    cost = cost_of(arguments.parse_args().site)
    print(
        "| crawl, s | bare Scrapy, s | extraction, s | pages | ratio | first article, s | "
        "ratio after that |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    print(
        f"| {cost.crawl:.1f} | {cost.bare:.1f} | {cost.extraction:.1f} | {cost.pages} | "
        f"{cost.ratio:.2f} | {cost.first_article:.1f} | {cost.ratio_after_start:.2f} |"
    )


def _page(file: Path) -> Page:
    url, _line, body = file.read_bytes().partition(b"\n")
    return Page(url=url.decode(), body=body, fetched_at=FETCHED, content_type="text/html")


if __name__ == "__main__":
    main()
