"""The pool of processes in which pages are read, so that neither the event loop nor a hostile page stops the crawl."""

import asyncio
import multiprocessing
import os
from concurrent.futures import Future
from typing import Self

from pebble import ProcessExpired, ProcessPool
from scrapy.crawler import Crawler

from crawler.reading import Reading, read
from pipelines.profile import Profile
from storage.records import Page


class ExtractionFailed(Exception):
    """Raised when a page killed its worker, or kept it too long, twice."""


class ExtractionPool:
    """Reads pages in worker processes, one a core; a worker that dies or hangs costs one retry of its page.

    *profiles* are those of the site, set before the first page is read.
    """

    def __init__(self, workers: int, timeout: float, pages_per_worker: int) -> None:
        self.profiles: tuple[Profile, ...] = ()
        self._timeout = timeout
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.reading"])
        self._pool = ProcessPool(max_workers=workers, max_tasks=pages_per_worker, context=context)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the pool from the EXTRACTION_* settings."""
        settings = crawler.settings
        return cls(
            workers=settings.getint("EXTRACTION_WORKERS") or os.cpu_count() or 1,
            timeout=settings.getfloat("EXTRACTION_TIMEOUT"),
            pages_per_worker=settings.getint("EXTRACTION_PAGES_PER_WORKER"),
        )

    async def read(self, page: Page, kind: str, depth: int) -> Reading:
        """Return what *page* holds.

        Raises ExtractionFailed when two workers died of it or ran out of time.
        """
        why = ""
        for _attempt in range(2):
            arguments = [page, kind, depth, *([self.profiles] if self.profiles else [])]
            future: Future[Reading] = self._pool.schedule(read, args=arguments, timeout=self._timeout)
            try:
                return await asyncio.wrap_future(future)
            except ProcessExpired as death:
                why = f"The worker that read it died (exit code {death.exitcode})."
            except TimeoutError:
                why = f"Reading it took longer than {self._timeout:g} seconds."
        raise ExtractionFailed(why)

    def close(self) -> None:
        """End the workers; pages they still read are given up."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        self._pool.join()
