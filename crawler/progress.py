"""What a crawl shows while it runs: a live line on a terminal, a plain line now and then elsewhere."""

import asyncio
import logging
import time
from contextlib import suppress
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler

from crawler.spiders.articles import ArticlesSpider

logger = logging.getLogger(__name__)

LIVE_SECONDS = 0.25
PLAIN_SECONDS = 15.0


class Progress:
    """Tells pages, articles, comments, queue, speed and outcomes of a running crawl."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension; it starts and stops with the spider."""
        progress = cls(Console(stderr=True))
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def spider_opened(self, spider: ArticlesSpider) -> None:
        """Start telling."""
        self._started = time.monotonic()
        show = self._show_live if self._console.is_terminal else self._show_plain
        self._task = asyncio.ensure_future(show(spider))

    async def spider_closed(self, spider: ArticlesSpider) -> None:
        """Tell a last time and stop."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        logger.info("%s", self.line(spider))

    def line(self, spider: ArticlesSpider) -> str:
        """Return the state of the crawl in one line."""
        tally = spider.session.tally
        seconds = max(time.monotonic() - self._started, 0.001)
        outcomes = ", ".join(f"{name} {count}" for name, count in tally.outcomes.most_common(5))
        return (
            f"{tally.pages} pages, {tally.articles} articles, {tally.comments} comments, "
            f"{len(spider.session.in_flight)} in flight, {tally.pages / seconds:.1f} pages/s ({outcomes})"
        )

    async def _show_live(self, spider: ArticlesSpider) -> None:
        with Live(console=self._console, refresh_per_second=4, transient=True) as live:
            while True:
                live.update(Text(self.line(spider), no_wrap=True, overflow="ellipsis"))
                await asyncio.sleep(LIVE_SECONDS)

    async def _show_plain(self, spider: ArticlesSpider) -> None:
        while True:
            await asyncio.sleep(PLAIN_SECONDS)
            logger.info("%s", self.line(spider))
