"""The pool of processes in which pages are read, so that neither the event loop nor a hostile page stops the crawl."""

import asyncio
import multiprocessing
import os
from concurrent.futures import Future
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool
from scrapy.settings import BaseSettings

from crawler.reading import Reading, read
from pipelines.profile import Profile
from storage.records import Page


class ExtractionFailed(Exception):
    """Raised when a page killed its worker, or kept it too long, twice."""


class WorkerProcesses:
    """The processes of one crawling process, one a core: however many sites it crawls at once, they share them."""

    def __init__(self, workers: int, pages_per_worker: int) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.reading"])
        self._pool = ProcessPool(max_workers=workers, max_tasks=pages_per_worker, context=context)

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Make as many as the EXTRACTION_* settings say."""
        workers = settings.getint("EXTRACTION_WORKERS") or os.cpu_count() or 1
        return cls(workers, settings.getint("EXTRACTION_PAGES_PER_WORKER"))

    def schedule(self, arguments: list[Any], timeout: float) -> "Future[Reading]":
        """Have a page read within *timeout* seconds."""
        future: Future[Reading] = self._pool.schedule(read, args=arguments, timeout=timeout)
        return future

    def close(self) -> None:
        """End the workers; pages they still read are given up."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        self._pool.join()


class ExtractionPool:
    """Reads the pages of one site in worker processes; a worker that dies or hangs costs one retry of its page.

    *profiles* are those of the site, set before the first page is read.
    """

    def __init__(self, processes: WorkerProcesses, timeout: float) -> None:
        self.profiles: tuple[Profile, ...] = ()
        self._processes = processes
        self._timeout = timeout

    async def read(self, page: Page, kind: str, depth: int) -> Reading:
        """Return what *page* holds.

        Raises ExtractionFailed when two workers died of it or ran out of time.
        """
        why = ""
        for _attempt in range(2):
            arguments = [page, kind, depth, *([self.profiles] if self.profiles else [])]
            try:
                return await asyncio.wrap_future(self._processes.schedule(arguments, self._timeout))
            except ProcessExpired as death:
                why = f"The worker that read it died (exit code {death.exitcode})."
            except TimeoutError:
                why = f"Reading it took longer than {self._timeout:g} seconds."
        raise ExtractionFailed(why)
