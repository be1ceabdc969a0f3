"""A run that is stopped (SIGTERM, Ctrl-C) sends nothing more, stores what is in flight, and is
out within 30 seconds.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.extensions.run import WatchedRun
from crawler.politeness import PATIENCE_SECONDS

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.2


class Stopping:
    """Watches the engine, which Scrapy stops on the first signal; what is still in flight after
    twenty seconds is given up.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension; it starts and stops with the spider."""
        stopping = cls(crawler)
        crawler.signals.connect(stopping.spider_opened, signals.spider_opened)
        crawler.signals.connect(stopping.spider_closed, signals.spider_closed)
        return stopping

    def spider_opened(self, spider: WatchedRun) -> None:
        """Begin to watch."""
        self._task = asyncio.ensure_future(self._watch(spider))

    async def spider_closed(self) -> None:
        """The run came to its end."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _watch(self, spider: WatchedRun) -> None:
        engine = self._crawler.engine
        assert engine is not None  # noqa: S101  # a spider is opened by an engine
        await spider.began.wait()
        while not engine.running:
            await asyncio.sleep(POLL_SECONDS)
        while engine.running:
            await asyncio.sleep(POLL_SECONDS)
        spider.stop()
        await asyncio.sleep(PATIENCE_SECONDS)
        logger.warning(
            "%d pages are still in flight; they go back to the frontier.",
            spider.session.in_flight,
        )
        spider.finish()
        from twisted.internet import reactor  # noqa: PLC0415  # importing it installs it, and Scrapy chooses which

        reactor.stop()
