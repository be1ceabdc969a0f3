"""What one run reads and writes in the archive, each write behind the check of the site lock."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Self

from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.crawl.arguments import CrawlArguments
from crawler.crawl.lock import SiteFence
from crawler.crawl.schedule import next_visit
from crawler.discovery import start_candidates
from storage.crawl import (
    ArchiveWriter,
    Listing,
    Origin,
    VisitContext,
    VisitSaved,
    add_candidates,
    frontier,
    health,
    keep_visit,
    origins,
    runs,
    save_fetches,
    sites,
)
from storage.database import Archive
from storage.privacy import Tombstones
from storage.records import Candidate, Fetch, Visit
from storage.warc import WarcPlace

DATE_OUTCOMES = ("before_since", "after_until")


@dataclass(frozen=True, slots=True)
class PageBounds:
    """At most *cap* pages a site; a page that fails is tried *attempts* times, the first time again
    after so many seconds.
    """

    cap: int
    attempts: int
    retry_after_seconds: float

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """Return the bounds that *settings* state."""
        return cls(
            settings.getint("PAGES_PER_SITE"),
            settings.getint("ATTEMPTS_PER_PAGE"),
            settings.getfloat("RETRY_AFTER_SECONDS"),
        )


@cache
def _extractor_version() -> str:
    """Return the version of this package, for which all of its description is read: once a run, not
    once a visit.
    """
    return version("knipsel")


def visit_context(
    run_id: int, site_id: int, bounds: PageBounds, *, has_lists: bool
) -> VisitContext:
    """Return what storing a visit of a run needs to know, at this moment."""
    return VisitContext(
        run_id=run_id,
        site_id=site_id,
        seen_at=datetime.now(UTC),
        extractor_version=_extractor_version(),
        cap=bounds.cap,
        max_attempts=bounds.attempts,
        retry_after_seconds=bounds.retry_after_seconds,
        schedule=next_visit,
        site_has_lists=has_lists,
    )


class RunArchive:
    """The archive as a run on the site of *fence* uses it; *writer* is its only way to write."""

    def __init__(
        self, archive: Archive, writer: ArchiveWriter, fence: SiteFence, bounds: PageBounds
    ) -> None:
        self.fence = fence
        self.run_id = 0
        self._archive = archive
        self._writer = writer
        self._bounds = bounds
        self._tombstones = Tombstones(b"", frozenset())

    def begin(
        self,
        arguments: CrawlArguments,
        prepare: Callable[[Connection, datetime], None],
    ) -> None:
        """Begin the run in one transaction, in which *prepare* makes the frontier ready."""
        now, site = datetime.now(UTC), self.fence.site
        with self._archive.begin() as connection:
            sites.check_lock(connection, self.fence.lock)
            self._tombstones = Tombstones.load(connection)
            prepare(connection, now)
            if arguments.since is None and arguments.until is None:
                frontier.queue_outcomes(connection, site.site_id, DATE_OUTCOMES)
            add_candidates(connection, start_candidates(site.url), self._listing(now))
            self.run_id = runs.begin_run(connection, site.site_id, arguments.as_row(), now)

    def read(self) -> AbstractContextManager[Connection]:
        """Return a connection that only reads."""
        return self._archive.read()

    async def save(self, visit: Visit, *, has_lists: bool) -> tuple[Visit, VisitSaved]:
        """Store *visit* without what was erased; return it so, and what became of it.

        *has_lists* is whether the site names its pages in sitemaps or feeds. Raises LeaseLost or
        ArchiveUnavailable.
        """
        context, visit = self._context(has_lists=has_lists), self._tombstones.withhold(visit)

        def operation(connection: Connection, places: tuple[WarcPlace | None, ...]) -> VisitSaved:
            return keep_visit(connection, visit, context, places)

        return visit, await self.fence.run_with_fetches(operation, visit.fetches)

    async def count_waiting(self) -> int:
        """Return how many pages of the site wait for this run, those in flight included."""
        site_id = self.fence.site.site_id
        return await self.fence.run(lambda connection: health.count_waiting(connection, site_id))

    async def find_origin(self, origin: str) -> Origin:
        """Return what the archive knows of *origin* (scheme, host, port)."""
        return await self.fence.run(lambda connection: origins.find_origin(connection, origin))

    async def keep_origin(
        self, origin: Origin, fetches: tuple[Fetch, ...], candidates: tuple[Candidate, ...]
    ) -> None:
        """Store what is known of an origin, the requests that led to it, and the sitemaps that its
        robots.txt names.
        """
        context = self._context(has_lists=False)

        def operation(connection: Connection, places: tuple[WarcPlace | None, ...]) -> None:
            save_fetches(connection, None, fetches, context, places)
            origins.save_origin(connection, origin)
            add_candidates(connection, candidates, self._listing(context.seen_at))

        await self.fence.run_with_fetches(operation, fetches)

    async def keep_requests(self, fetches: tuple[Fetch, ...]) -> None:
        """Store requests that belong to no page of the frontier."""
        context = self._context(has_lists=False)

        def operation(connection: Connection, places: tuple[WarcPlace | None, ...]) -> None:
            save_fetches(connection, None, fetches, context, places)

        await self.fence.run_with_fetches(operation, fetches)

    def write(self, operation: Callable[[Connection], None]) -> None:
        """Run *operation* behind the check of the lock and wait for it. Raises
        ArchiveUnavailable.
        """
        self._writer.submit(self.fence.fenced(operation)).result()

    def hurry(self) -> None:
        """Wait no longer for a database that is away: the process is to end."""
        self._writer.hurry()

    def close(self) -> None:
        """Finish what is waiting, close the WARC file and the archive."""
        self._writer.close()
        self._archive.close()

    def _listing(self, now: datetime) -> Listing:
        return Listing(site_id=self.fence.site.site_id, now=now, cap=self._bounds.cap)

    def _context(self, *, has_lists: bool) -> VisitContext:
        return visit_context(
            self.run_id, self.fence.site.site_id, self._bounds, has_lists=has_lists
        )
