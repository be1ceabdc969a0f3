"""Crawl one stored site twice, extraction in the pool and inline, and compare speed, event-loop lag
and memory.

    python benchmarks/crawl_speed.py SITE_URL [--limit N]

SITE_URL is a site served on loopback. Prints one table; figures are of this machine, only their
ratios say something.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.extraction import LearnedPages, PageReading, WorkerProcesses, learn_pages, read
from pipelines.learning import StatedEvidence
from pipelines.profiles import Profile
from storage.records import Page

INTERVAL = 0.005
REPORT = "KNIPSEL_LAG_REPORT"


class InlinePool:
    """Reads pages in the event loop's own thread: what the process pool is compared with."""

    def __init__(self, _processes: WorkerProcesses, _timeout: float) -> None:
        self.profiles: tuple[Profile, ...] = ()

    async def read(self, page: Page, kind: str, depth: int) -> PageReading:
        """Return what *page* holds, and let nothing else happen meanwhile."""
        return read(page, kind, depth, self.profiles)

    async def learn(
        self, site: str, pages: Sequence[Page], stated: Mapping[str, StatedEvidence]
    ) -> LearnedPages:
        """Return what *pages* teach, in the event loop too."""
        return learn_pages(site, pages, self.profiles, stated)


class LoopLag:
    """A Scrapy extension that measures how late the event loop wakes up, and the process's
    memory.
    """

    def __init__(self) -> None:
        self._lags: list[float] = []
        self._memory: list[int] = []
        self._task: asyncio.Task[None] | None = None
        self._started = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Start and stop with the spider."""
        lag = cls()
        crawler.signals.connect(lag.spider_opened, signals.spider_opened)
        crawler.signals.connect(lag.spider_closed, signals.spider_closed)
        return lag

    def spider_opened(self) -> None:
        """Begin to measure."""
        self._started = time.monotonic()
        self._task = asyncio.ensure_future(self._measure())

    async def _measure(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(INTERVAL)
            self._lags.append(time.monotonic() - before - INTERVAL)
            if len(self._lags) % 100 == 0:
                self._memory.append(_resident_kilobytes())

    def spider_closed(self, spider: Any) -> None:
        """Write the figures where the benchmark looks for them."""
        if self._task is not None:
            self._task.cancel()
        seconds = time.monotonic() - self._started
        cuts = statistics.quantiles(self._lags, n=100)
        half = len(self._memory) // 2
        figures = {
            "pages": spider.session.stats.pages,
            "articles": spider.session.stats.articles,
            "pages_per_second": spider.session.stats.pages / seconds,
            "lag_p50_ms": 1000 * cuts[49],
            "lag_p99_ms": 1000 * cuts[98],
            "lag_max_ms": 1000 * max(self._lags),
            "memory_half_mb": statistics.median(self._memory[half - 5 : half + 5] or [0]) / 1024,
            "memory_end_mb": statistics.median(self._memory[-10:] or [0]) / 1024,
            "memory_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        Path(os.environ[REPORT]).write_text(json.dumps(figures), encoding="utf-8")


def _resident_kilobytes() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("no VmRSS in /proc/self/status")


def crawl(site: str, pool: str, limit: int | None) -> dict[str, float]:
    """Crawl *site* into a throw-away archive and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "figures.json"
        settings = {
            "KNIPSEL_ARCHIVE": folder,
            "KNIPSEL_CONTACT": "benchmark@example.org",
            "EXTRACTION_POOL": pool,
            "LOG_LEVEL": "ERROR",
            "EXTENSIONS": json.dumps({"benchmarks.crawl_speed.LoopLag": 0}),
        }
        command = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"site={site}"]
        command += ["-a", f"limit={limit}"] if limit else []
        for name, value in settings.items():
            command += ["-s", f"{name}={value}"]
        environment = {
            **os.environ,
            REPORT: str(report),
            "PYTHONPATH": str(Path(__file__).parent.parent),
        }
        # Not checked: a run that found a part of the site unread says so by its code too.
        subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)
        figures: dict[str, float] = json.loads(report.read_text(encoding="utf-8"))
        return figures


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("site")
    arguments.add_argument("--limit", type=int)
    options = arguments.parse_args()
    pool = crawl(options.site, "crawler.extraction.pool.ExtractionPool", options.limit)
    inline = crawl(options.site, "benchmarks.crawl_speed.InlinePool", options.limit)
    print(f"{'':<20}{'pool':>12}{'inline':>12}")
    for name, value in pool.items():
        print(f"{name:<20}{value:>12.1f}{inline[name]:>12.1f}")
    print(f"{'speed ratio':<20}{pool['pages_per_second'] / inline['pages_per_second']:>12.2f}")


if __name__ == "__main__":
    main()
