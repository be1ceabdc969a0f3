"""The pool of processes in which pages are read, so that neither the event loop nor a hostile page
stops the crawl.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from multiprocessing import forkserver
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool
from scrapy.settings import BaseSettings

from crawler.cli import JSON, log_in_json
from crawler.extraction.page_reading import LearnedPages, PageReading
from pipelines import learning, profiles
from storage.records import Page


class ExtractionFailed(Exception):
    """Raised when a page killed its worker, or kept it too long, twice."""


class WorkerProcesses:
    """The processes of one crawling process, one a core: however many sites it crawls at once, they
    share them.
    """

    def __init__(self, workers: int, pages_per_worker: int, log_level: str | None = None) -> None:
        """*log_level*: they log in JSON lines from that level on."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.extraction.worker", "crawler.extraction.preload"])
        forkserver.ensure_running()  # it loads the readers while the crawl asks for its first page
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=pages_per_worker,
            initializer=log_in_json if log_level else None,
            initargs=[log_level] if log_level else [],
            context=context,
        )

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Make as many as the EXTRACTION_* settings have it."""
        workers = settings.getint("EXTRACTION_WORKERS") or os.cpu_count() or 1
        log_level = settings["LOG_LEVEL"] if settings["KNIPSEL_LOG_FORMAT"] == JSON else None
        return cls(workers, settings.getint("EXTRACTION_PAGES_PER_WORKER"), log_level)

    def schedule(
        self, function: Callable[..., Any], arguments: Sequence[Any], timeout: float
    ) -> Future[Any]:
        """Have *function* called with *arguments*, for *timeout* seconds at most."""
        future: Future[Any] = self._pool.schedule(function, args=arguments, timeout=timeout)
        return future

    def close(self) -> None:
        """End the workers; pages they still read are given up."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        self._pool.join()


class ExtractionPool:
    """Reads the pages of one site in worker processes; a worker that dies or hangs costs one retry
    of its page.

    *profiles* are those of the site by which pages are read from then on.
    """

    def __init__(self, processes: WorkerProcesses, timeout: float) -> None:
        self.profiles: tuple[profiles.Profile, ...] = ()
        self._processes = processes
        self._timeout = timeout

    async def read(self, page: Page, kind: str, depth: int) -> PageReading:
        """Return what *page* holds.

        Raises ExtractionFailed when two workers died of it or ran out of time.
        """
        known = self.profiles
        reading: PageReading = await self._work(
            "read", page, kind, depth, *([known] if known else [])
        )
        # Meanwhile a template may have been learned, or closed: what the page told of those before
        # says nothing of these.
        return reading if self.profiles is known else replace(reading, observed=None)

    async def requisites(self, page: Page) -> tuple[str, ...]:
        """Return the addresses of the style sheets and pictures that *page*, in HTML or CSS, loads.

        Raises ExtractionFailed as read does.
        """
        found: tuple[str, ...] = await self._work("read_requisites", page)
        return found

    async def learn(
        self, site: str, pages: Sequence[Page], stated: Mapping[str, learning.StatedEvidence]
    ) -> LearnedPages:
        """Return what *pages* of *site*, of which feeds state what is *stated*, teach beside the
        profiles that hold.

        Raises ExtractionFailed as read does.
        """
        known = [profile for profile in self.profiles if profile.valid_until is None]
        learned: LearnedPages = await self._work("learn_pages", site, pages, known, stated)
        return learned

    async def _work(self, name: str, *arguments: Any) -> Any:
        why = ""
        for _attempt in range(2):
            try:
                return await asyncio.wrap_future(
                    self._processes.schedule(in_worker, (name, *arguments), self._timeout)
                )
            except ProcessExpired as death:
                why = f"The worker that read it died (exit code {death.exitcode})."
            except TimeoutError:
                why = f"Reading it took longer than {self._timeout:g} seconds."
        raise ExtractionFailed(why)


def in_worker(name: str, *arguments: Any) -> Any:
    """Return what the function *name* of the worker's room answers; only a worker loads it."""
    from crawler.extraction import worker  # noqa: PLC0415  # all readers, with all their patterns

    return getattr(worker, name)(*arguments)
