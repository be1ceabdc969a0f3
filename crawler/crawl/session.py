"""One run on one site: a site lock, a frontier and an archive, and what came of the run."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version

from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.archive import archive_address, open_archive
from crawler.crawl.arguments import CrawlArguments
from crawler.crawl.floors import Bounds
from crawler.crawl.frontier import LeaseBounds, RunFrontier
from crawler.crawl.lock import LockedSite, SiteFence
from crawler.crawl.run_archive import PageBounds, RunArchive
from crawler.crawl.stats import RunStats
from crawler.crawl.verdict import FAILED, PAST_RUNS, Judged, Judgement, judge
from crawler.discovery import trapped
from crawler.extraction import KnownSite, SiteTemplates, Teachable
from crawler.politeness import is_open
from storage.crawl import ArchiveWriter, LeaseLost, Origin, frontier, runs, sites
from storage.database import ArchiveUnavailable, Patience, retried
from storage.records import Candidate, Fetch, Lease, Visit
from storage.warc import WarcWriter

logger = logging.getLogger(__name__)


def open_session(
    settings: BaseSettings, arguments: CrawlArguments, locked: LockedSite
) -> "Session":
    """Open the archive that *settings* name and begin a run on the site that is locked.

    Raises ArchiveUnavailable with one sentence when folder or database cannot be written.
    """
    patience = settings.getfloat("DATABASE_PATIENCE")

    def begin() -> Session:
        archive, folder = open_archive(settings)
        software = f"knipsel/{version('knipsel')}"
        warc = WarcWriter(folder / "warc", software=software, operator=settings["KNIPSEL_CONTACT"])
        writer = ArchiveWriter(archive, warc, patience)
        fence = SiteFence(locked, writer)
        run_archive = RunArchive(archive, writer, fence, PageBounds.of(settings))
        run_frontier = RunFrontier(fence, RunStats(), _lease_bounds(settings, arguments))
        try:
            return Session(run_archive, run_frontier, arguments, settings)
        except BaseException:
            run_archive.close()
            raise

    return retried(begin, Patience(patience))


def _lease_bounds(settings: BaseSettings, arguments: CrawlArguments) -> LeaseBounds:
    return LeaseBounds(
        arguments.limit, settings.getint("LEASE_SECONDS"), settings.getint("TRAP_PATIENCE")
    )


class Session:
    """Leases the pages of a site, keeps their visits, and ends with a verdict."""

    def __init__(
        self,
        archive: RunArchive,
        run_frontier: RunFrontier,
        arguments: CrawlArguments,
        settings: BaseSettings,
    ) -> None:
        self.arguments = arguments
        self.lock = archive.fence
        self.site = archive.fence.site
        self.stats = run_frontier.stats
        self.verdict = Judged(FAILED, ("The run did not come to its end.",))
        self._archive = archive
        self._settings = settings
        self._frontier = run_frontier
        self._closed = False
        self._heart: asyncio.Task[None] | None = None
        archive.begin(arguments, partial(run_frontier.begin, refresh=arguments.refresh))

    @property
    def run_id(self) -> int:
        """The key of the run."""
        return self._archive.run_id

    @property
    def in_flight(self) -> int:
        """How many pages are leased and not stored yet."""
        return len(self._frontier.in_flight)

    def templates(self, pool: Teachable) -> SiteTemplates:
        """Return what is known and will be learned of the site's templates; *pool* reads by it.
        Raises BadProfile.
        """
        modules = tuple(self._settings.getlist("PROFILE_MODULES"))
        known = KnownSite(self.site.site_id, self.site.name, modules)
        found = SiteTemplates(pool, self.lock, known, self.stats.note_change)
        with self._archive.read() as connection:
            found.begin(connection, archive_address(self._settings)[1])
        return found

    async def leases(self, room: Callable[[], int]) -> AsyncIterator[Lease]:
        """Yield pages to visit until the frontier is empty and nothing in flight can add to it, or
        the run is to end.

        *room* is how many pages may be in flight; near the limit that is as many as articles are
        still wanted.
        """
        self._heart = asyncio.ensure_future(self.lock.beat(self._end_on))
        try:
            while not self._must_end():
                batch = await self._frontier.lease(room())
                for lease in batch:
                    if self._frontier.is_trap(lease):
                        await self.keep(trapped(lease))
                    else:
                        yield lease
                if not batch and not await self._frontier.wait():
                    return
        except ArchiveUnavailable as error:
            self._end_on(error)

    def _must_end(self) -> bool:
        if not is_open(self.site.hours, datetime.now(UTC)):
            self.halt(
                f"The hours in which this site may be fetched ({self.site.hours}) are over;"
                " the next run goes on."
            )
        return bool(self.stats.problem or self.stats.halt)

    def halt(self, sentence: str) -> None:
        """Have the run end early, with what is stored, for a reason that is not ours."""
        self._frontier.halt(sentence)

    def fail(self, problem: str) -> None:
        """Have the run end early, with what is stored, for a problem of ours."""
        self._frontier.fail(problem)

    async def keep(self, visit: Visit) -> None:
        """Store *visit* whole; its page is no longer in flight, whatever comes of it.

        An archive that takes no more is the run's problem: it is stated once and the run ends with
        what is stored.
        """
        try:
            visit, saved = await self._archive.save(visit, has_lists=self._frontier.has_lists)
            self.stats.note(visit, saved)
            self._frontier.note(visit, saved)
        except LeaseLost as error:
            logger.warning("%s What this run fetched of it is not stored.", error)
        except ArchiveUnavailable as error:
            self._end_on(error)
        except Exception as error:
            self.stats.problem = str(error)
            raise
        finally:
            self._frontier.release(visit.page_id)

    def _end_on(self, error: ArchiveUnavailable) -> None:
        self._frontier.fail(str(error))

    async def count_waiting(self) -> int:
        """Return how many pages of the site wait for this run, those in flight included."""
        return await self._archive.count_waiting()

    async def find_origin(self, origin: str) -> Origin:
        """Return what the archive knows of *origin*."""
        return await self._archive.find_origin(origin)

    async def keep_origin(
        self, origin: Origin, fetches: tuple[Fetch, ...], candidates: tuple[Candidate, ...] = ()
    ) -> None:
        """Store what is known of an origin, the requests that led to it, and the sitemaps that its
        robots.txt names.
        """
        await self._archive.keep_origin(origin, fetches, candidates)
        self.stats.note_requests(len(fetches))

    async def keep_requests(self, fetches: tuple[Fetch, ...]) -> None:
        """Store requests that belong to no page of the frontier."""
        await self._archive.keep_requests(fetches)
        self.stats.note_requests(len(fetches))

    def hurry(self) -> None:
        """Wait no longer for a database that is away: the process is to end."""
        self._archive.hurry()

    def close(self) -> None:
        """Give back what is still leased, write the verdict, free the site and close the
        archive.
        """
        if self._closed:
            return
        self._closed = True
        if self._heart is not None:
            self._heart.cancel()
        try:
            self._archive.write(self._end_run)
        except ArchiveUnavailable as error:
            self.stats.problem = self.stats.problem or str(error)
            self.verdict = Judged(FAILED, (self.stats.problem,))
        finally:
            self._archive.close()

    def _end_run(self, connection: Connection) -> None:
        counters, site_id = self.stats.counters, self.site.site_id
        self.stats.compare_links()
        frontier.put_back(connection, site_id, self.lock.lock.worker)
        counters.known_articles = runs.count_articles(connection, site_id)
        past = runs.past_counters(connection, site_id, PAST_RUNS)
        ended = Judgement(self.stats.problem, self.stats.halt)
        self.verdict = judge(counters, past, ended, Bounds.of(self._settings))
        row = {**counters.as_row(), "deeds": list(self.verdict.deeds)}
        ending = runs.Ending(row, self.verdict.verdict, self.verdict.reasons)
        runs.end_run(connection, self.run_id, ending, datetime.now(UTC))
        sites.unlock_site(connection, self.lock.lock)
