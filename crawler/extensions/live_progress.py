"""What a crawl shows while it runs: pages done of all that are known to wait, and what they came
to.
"""

import asyncio
import logging
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.cli import Lines, Meter, show_progress
from crawler.extensions.run import WatchedRun
from storage.database import ArchiveUnavailable

logger = logging.getLogger(__name__)

SHOWN_EVERY_SECONDS = 0.25
COUNTED_EVERY = 4  # looks: counting what waits is a question to the archive


class CrawlProgress:
    """Shows how far a crawl is; what waits grows while pages name others, so the end moves until
    all lists are read.
    """

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension; it starts and stops with the spider."""
        progress = cls()
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def spider_opened(self, spider: WatchedRun) -> None:
        """Start showing."""
        self._task = asyncio.ensure_future(self._show(spider))

    async def spider_closed(self, spider: WatchedRun) -> None:  # noqa: ARG002  # Scrapy's signature
        """Show a last time and stop."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _show(self, spider: WatchedRun) -> None:
        await spider.began.wait()
        with ExitStack() as stack:
            meter = stack.enter_context(_meter_for(spider))
            stack.callback(lambda: _show_counts(meter, spider, 0))
            looks = waiting = 0
            while True:
                if looks % COUNTED_EVERY == 0:
                    waiting = await _count_waiting(spider) + spider.session.stats.pages
                looks += 1
                _show_counts(meter, spider, waiting)
                await asyncio.sleep(SHOWN_EVERY_SECONDS)


def _meter_for(spider: WatchedRun) -> AbstractContextManager[Meter]:
    """Return the bar of the one site that is crawled; of several at once each writes lines, which
    show its name.
    """
    if spider.session.arguments.site is not None:
        return show_progress(write=logger.info)
    return closing(Lines(lambda line: logger.info("%s: %s", spider.session.site.name, line)))


async def _count_waiting(spider: WatchedRun) -> int:
    try:
        return await spider.session.count_waiting()
    except ArchiveUnavailable:
        return 0  # the run itself says so and ends


def _show_counts(meter: Meter, spider: WatchedRun, known: int) -> None:
    stats, limit = spider.session.stats, spider.session.arguments.limit
    outcomes = ", ".join(f"{name} {count}" for name, count in stats.outcomes.most_common(5))
    more = f"{stats.articles:,} articles, {stats.comments:,} comments ({outcomes})"
    if limit is None:
        meter.show("pages", stats.pages, max(known, stats.pages), more)
    else:
        meter.show(
            "articles",
            stats.articles,
            limit,
            f"{stats.pages:,} pages, {stats.comments:,} comments ({outcomes})",
        )
