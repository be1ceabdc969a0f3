"""Knipsel's figures among Scrapy's own, for Spidermon, dashboards and whoever reads
``crawler.stats``: docs/scrapy.md has the table.
"""

from collections.abc import Iterator
from typing import Any, Protocol, Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.crawl import RunStats, Session

COUNTED = (
    "pages", "fetched", "requests", "unchanged", "gone",
    "articles", "articles_read", "articles_new", "articles_changed", "known_articles",
    "comments", "comments_new", "declared", "captured", "dated", "authored", "commented",
)  # fmt: skip


class FiguredRun(Protocol):
    """A run whose figures are shown."""

    session: Session

    def finish(self) -> None:
        """End the run."""


class Figures:
    """Writes a run's figures into the stats after each page, and the verdict at the end."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension on the signals of *crawler*."""
        figures = cls(crawler)
        for signal in (signals.item_scraped, signals.item_dropped):
            crawler.signals.connect(figures.show, signal)
        crawler.signals.connect(figures.spider_closed, signals.spider_closed)
        return figures

    def show(self, spider: FiguredRun) -> None:
        """Write what the run counted so far."""
        if hasattr(spider, "session"):
            self._write(figures_of(spider.session.stats))

    def spider_closed(self, spider: FiguredRun) -> None:
        """End the run, and write its last figures with the verdict."""
        if not hasattr(spider, "session"):
            return
        spider.finish()
        self.show(spider)
        session = spider.session
        ended = {
            "knipsel/run": session.run_id,
            "knipsel/site": session.site.name,
            "knipsel/verdict": session.verdict.verdict,
            "knipsel/reasons": list(session.verdict.reasons),
        }
        self._write(ended.items())

    def _write(self, figures: Any) -> None:
        stats = self._crawler.stats
        assert stats is not None  # noqa: S101  # a crawler that runs has them
        for name, value in figures:
            stats.set_value(name, value)


def figures_of(stats: RunStats) -> Iterator[tuple[str, int]]:
    """Yield each figure of a run under the name that it has in ``crawler.stats``."""
    for name in COUNTED:
        yield f"knipsel/{name}", getattr(stats.counters, name)
    for kind in ("outcomes", "faults", "mended"):
        for name, count in getattr(stats.counters, kind).items():
            yield f"knipsel/{kind}/{name}", count
