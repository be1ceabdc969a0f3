"""One run on one site: what is leased, what is in flight, what came of it."""

import asyncio
import logging
import os
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Self, TypeVar

from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.discovery import start_candidates
from storage import frontier, runs, sites
from storage.archive import Archive, ArchiveUnavailable, default_database
from storage.records import Candidate, Fetch, Lease, Visit
from storage.tombstones import Tombstones
from storage.visits import VisitContext, VisitSaved, save_fetches, save_visit
from storage.warc import WarcPlace, WarcWriter
from storage.writer import ArchiveWriter

logger = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 120.0

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What the user asked of a run: a site, at most *limit* articles, none published before *since*."""

    site: str
    limit: int | None = None
    since: date | None = None


@dataclass(slots=True)
class Tally:
    """What a run has done so far; *problem* is the sentence that ended it, if one did."""

    pages: int = 0
    fetched: int = 0
    articles: int = 0
    comments: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    problem: str | None = None

    def add(self, visit: Visit) -> None:
        """Count a visit that is stored."""
        self.pages += 1
        self.fetched += any(fetch.outcome == "ok" for fetch in visit.fetches)
        self.outcomes[visit.outcome] += 1
        if visit.article is not None:
            self.articles += 1
            self.comments += len(visit.article.comments)

    def verdict(self) -> tuple[str, tuple[str, ...]]:
        """Return "ok" or "failed", with the reasons in words."""
        if self.problem:
            return "failed", (self.problem,)
        if not self.fetched:
            outcome = self.outcomes.most_common(1)[0][0] if self.outcomes else "nothing to visit"
            return "failed", (f"Nothing could be fetched from the site ({outcome}).",)
        return "ok", ()


class Session:
    """The hold of one run on the archive: leases pages, keeps visits, ends with a verdict."""

    def __init__(self, archive: Archive, writer: ArchiveWriter, assignment: Assignment, settings: BaseSettings) -> None:
        self.assignment = assignment
        self.tally = Tally()
        self.in_flight: dict[int, Lease] = {}
        self._archive = archive
        self._writer = writer
        self._settings = settings
        self._worker = f"{socket.gethostname()}:{os.getpid()}"
        self._changed = asyncio.Event()
        self.site_id, self.run_id = self._begin()

    @classmethod
    def open(cls, settings: BaseSettings, assignment: Assignment) -> Self:
        """Open the archive that *settings* name and begin a run.

        Raises ArchiveUnavailable with one sentence when folder or database cannot be written.
        """
        archive, folder = open_archive(settings)
        warc = WarcWriter(folder / "warc", software=f"knipsel/{version('knipsel')}", operator=settings["KNIPSEL_CONTACT"])
        return cls(archive, ArchiveWriter(archive, warc), assignment, settings)

    def _begin(self) -> tuple[int, int]:
        now, asked = datetime.now(UTC), self.assignment
        arguments = {"site": asked.site, "limit": asked.limit, "since": str(asked.since) if asked.since else None}
        with self._archive.begin() as connection:
            site_id = sites.register_site(connection, asked.site)
            self._tombstones = Tombstones.load(connection)
            for worker in frontier.lease_holders(connection, site_id):
                if _is_gone(worker):
                    frontier.put_back(connection, worker)
            previous = runs.last_run(connection, site_id)
            # A run that was cut off is gone on with; after one that ended, every page is due for another look.
            if previous is not None and previous.ended_at is not None:
                frontier.requeue_site(connection, site_id)
            frontier.add_candidates(connection, site_id, start_candidates(asked.site), now, cap=self._cap)
            return site_id, runs.begin_run(connection, site_id, arguments, now)

    @property
    def _cap(self) -> int:
        return self._settings.getint("PAGES_PER_SITE")

    async def leases(self, at_once: int) -> AsyncIterator[Lease]:
        """Yield pages to visit until the frontier is empty and nothing in flight can add to it, or the limit is reached.

        At most *at_once* pages are in flight; near the limit as many as articles are still wanted.
        """
        while not self.tally.problem:
            room = self._room(at_once)
            try:
                batch = await self._lease(room) if room > 0 else ()
            except ArchiveUnavailable as error:
                self._end_on(error)
                return
            for lease in batch:
                self.in_flight[lease.page_id] = lease
                yield lease
            if not batch and not await self._wait():
                return

    def _room(self, at_once: int) -> int:
        limit = self.assignment.limit
        wanted = at_once if limit is None else min(at_once, limit - self.tally.articles)
        return wanted - len(self.in_flight)

    async def _lease(self, count: int) -> tuple[Lease, ...]:
        order = frontier.LeaseOrder(
            worker=self._worker,
            count=count,
            now=datetime.now(UTC),
            lease_seconds=self._settings.getint("LEASE_SECONDS"),
        )
        return await self._run(lambda connection: frontier.lease(connection, self.site_id, order))

    async def _wait(self) -> bool:
        """Wait until a visit is stored or a page in back-off is due; False when there is nothing to wait for."""
        if self.in_flight:
            self._changed.clear()
            await self._changed.wait()
            return True
        if self._room(1) <= 0:
            return False
        due = await self._run(lambda connection: frontier.next_due(connection, self.site_id))
        pause = (due - datetime.now(UTC)).total_seconds() if due else LONGEST_WAIT_SECONDS + 1
        if pause > LONGEST_WAIT_SECONDS:
            return False
        await asyncio.sleep(max(pause, 0.05))
        return True

    async def keep(self, visit: Visit) -> None:
        """Store *visit* whole; its page is no longer in flight, whatever comes of it.

        An archive that takes no more is the run's problem: it is said once and the run ends with what is stored.
        """
        context = self._context()
        visit = self._tombstones.withhold(visit)

        def operation(connection: Connection, places: tuple[WarcPlace | None, ...]) -> VisitSaved:
            return save_visit(connection, visit, context, places)

        try:
            await asyncio.wrap_future(self._writer.submit_with_fetches(operation, visit.fetches))
            self.tally.add(visit)
        except ArchiveUnavailable as error:
            self._end_on(error)
        except Exception as error:
            self.tally.problem = str(error)
            raise
        finally:
            self.in_flight.pop(visit.page_id, None)
            self._changed.set()

    def _end_on(self, error: ArchiveUnavailable) -> None:
        if not self.tally.problem:
            logger.error("%s The run ends here; what is stored stays.", error)
        self.tally.problem = self.tally.problem or str(error)

    async def keep_robots(self, fetches: tuple[Fetch, ...], candidates: tuple[Candidate, ...]) -> None:
        """Store the fetch of a robots.txt and the sitemaps that it names."""
        context = self._context()

        def operation(connection: Connection, places: tuple[WarcPlace | None, ...]) -> None:
            save_fetches(connection, None, fetches, context, places)
            frontier.add_candidates(connection, context.site_id, candidates, context.seen_at, cap=context.cap)

        await asyncio.wrap_future(self._writer.submit_with_fetches(operation, fetches))

    def _context(self) -> VisitContext:
        return VisitContext(
            run_id=self.run_id,
            site_id=self.site_id,
            seen_at=datetime.now(UTC),
            extractor_version=version("knipsel"),
            cap=self._cap,
            max_attempts=self._settings.getint("ATTEMPTS_PER_PAGE"),
            retry_after_seconds=self._settings.getfloat("RETRY_AFTER_SECONDS"),
        )

    async def _run(self, operation: Callable[[Connection], Result]) -> Result:
        return await asyncio.wrap_future(self._writer.submit(operation))

    def close(self, *, finished: bool) -> None:
        """Give back what is still leased, write the verdict of a *finished* run and close the archive."""
        try:
            self._writer.submit(lambda connection: frontier.put_back(connection, self._worker)).result()
            if finished:
                self._writer.submit(self._end_run).result()
        except ArchiveUnavailable as error:
            self.tally.problem = self.tally.problem or str(error)
        finally:
            self._writer.close()
            self._archive.close()

    def _end_run(self, connection: Connection) -> None:
        counters = {"pages": self.tally.pages, "fetched": self.tally.fetched, "outcomes": dict(self.tally.outcomes)}
        verdict, reasons = self.tally.verdict()
        runs.end_run(connection, self.run_id, runs.Ending(counters, verdict, reasons), datetime.now(UTC))


def _is_gone(worker: str) -> bool:
    """Tell whether *worker* was a process of this machine that runs no more; of other machines only the lease's end tells."""
    host, _, process = worker.rpartition(":")
    return host == socket.gethostname() and not Path(f"/proc/{process}").exists() and Path("/proc/self").exists()


def open_archive(settings: BaseSettings) -> tuple[Archive, Path]:
    """Return the archive that *settings* name, and its folder."""
    folder = Path(settings["KNIPSEL_ARCHIVE"])
    return Archive.open(settings["KNIPSEL_DATABASE"] or default_database(folder)), folder
