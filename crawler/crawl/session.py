"""One run on one site: what is leased, what is in flight, what came of it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from importlib.metadata import version

from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.archive import archive_address, open_archive
from crawler.crawl.arguments import Assignment
from crawler.crawl.floors import Bounds
from crawler.crawl.lock import Held, Hold
from crawler.crawl.schedule import next_visit
from crawler.crawl.stats import RunStats
from crawler.crawl.verdict import FAILED, PAST_RUNS, Judged, Judgement, judge
from crawler.discovery import TrapWatch, start_candidates, trapped
from crawler.extraction import KnownSite, SiteTemplates, Teachable
from crawler.politeness import is_open
from storage.crawl import (
    LISTS,
    ArchiveWriter,
    LeaseLost,
    Listing,
    Origin,
    VisitContext,
    VisitSaved,
    add_candidates,
    frontier,
    origins,
    runs,
    save_fetches,
    save_visit,
    sites,
)
from storage.database import Archive, ArchiveUnavailable, Patience, retried
from storage.privacy import Tombstones
from storage.records import Candidate, Fetch, Lease, Visit
from storage.warc import WarcPlace, WarcWriter

logger = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 120.0
MOST_UNLISTED = 200


class Session:
    """The hold of one run on the archive: leases pages, keeps visits, ends with a verdict."""

    def __init__(
        self,
        archive: Archive,
        writer: ArchiveWriter,
        orders: tuple[Assignment, Held],
        settings: BaseSettings,
    ) -> None:
        self.assignment, held = orders
        self.site = held.site
        self.tally = RunStats()
        self.verdict = Judged(FAILED, ("The run did not come to its end.",))
        self.in_flight: dict[int, Lease] = {}
        self._archive = archive
        self._writer = writer
        self._settings = settings
        self._changed = asyncio.Event()
        self._traps = TrapWatch(settings.getint("TRAP_PATIENCE"))
        self._missing: dict[str, int] = {}
        self._has_lists = False
        self._closed = False
        self._heart: asyncio.Task[None] | None = None
        self.hold = Hold(held, writer)
        self.run_id = self._begin()

    @classmethod
    def open(cls, settings: BaseSettings, assignment: Assignment, held: Held) -> "Session":
        """Open the archive that *settings* name and begin a run on the site that is held.

        Raises ArchiveUnavailable with one sentence when folder or database cannot be written.
        """
        patience = settings.getfloat("DATABASE_PATIENCE")

        def begin() -> "Session":
            archive, folder = open_archive(settings)
            warc = WarcWriter(
                folder / "warc",
                software=f"knipsel/{version('knipsel')}",
                operator=settings["KNIPSEL_CONTACT"],
            )
            writer = ArchiveWriter(archive, warc, patience)
            try:
                return cls(archive, writer, (assignment, held), settings)
            except BaseException:
                writer.close()
                archive.close()
                raise

        return retried(begin, Patience(patience))

    def _begin(self) -> int:
        now, site_id = datetime.now(UTC), self.site.site_id
        with self._archive.begin() as connection:
            sites.hold(connection, self.hold.lock)
            self._tombstones = Tombstones.load(connection)
            frontier.put_back(connection, site_id)  # the lock is ours: whoever leased them is gone
            self._has_lists = frontier.has_lists(connection, site_id)
            if self.assignment.refresh:
                frontier.queue_all(connection, site_id)
            else:
                frontier.queue_due(connection, site_id, now)
            if self.assignment.since is None and self.assignment.until is None:
                frontier.queue_outcomes(connection, site_id, ("before_since", "after_until"))
            add_candidates(connection, start_candidates(self.site.url), self._listing(now))
            return runs.begin_run(connection, site_id, self.assignment.as_row(), now)

    def templates(self, pool: Teachable) -> SiteTemplates:
        """Return what is known and will be learned of the site's templates; *pool* reads by it.
        Raises BadProfile.
        """
        known = KnownSite(
            self.site.site_id, self.site.name, tuple(self._settings.getlist("PROFILE_MODULES"))
        )
        found = SiteTemplates(pool, self.hold, known, self.tally.note_change)
        with self._archive.read() as connection:
            found.begin(connection, archive_address(self._settings)[1])
        return found

    def _listing(self, now: datetime) -> Listing:
        return Listing(
            site_id=self.site.site_id, now=now, cap=self._settings.getint("PAGES_PER_SITE")
        )

    async def leases(self, room: Callable[[], int]) -> AsyncIterator[Lease]:
        """Yield pages to visit until the frontier is empty and nothing in flight can add to it, or
        the run is to end.

        *room* tells how many pages may be in flight; near the limit that is as many as articles are
        still wanted.
        """
        self._heart = asyncio.ensure_future(self.hold.beat(self._end_on))
        try:
            while not self._must_end():
                count = self._room(room())
                batch = await self._lease(count) if count > 0 else ()
                for lease in batch:
                    self.in_flight[lease.page_id] = lease
                    if self._traps.is_trap(lease.url):
                        await self.keep(trapped(lease))
                    else:
                        yield lease
                if not batch and not await self._wait() and not await self._queue_missing():
                    return
        except ArchiveUnavailable as error:
            self._end_on(error)

    def _must_end(self) -> bool:
        if not is_open(self.site.hours, datetime.now(UTC)):
            self.halt(
                f"The hours in which this site may be fetched ({self.site.hours}) are over; the next run goes on."
            )
        return bool(self.tally.problem or self.tally.halt)

    def halt(self, sentence: str) -> None:
        """Have the run end early, with what is stored, for a reason that is not ours."""
        if not self.tally.halt:
            logger.warning("%s", sentence)
            self.tally.halt = sentence
        self._changed.set()

    def _room(self, at_once: int) -> int:
        limit = self.assignment.limit
        wanted = at_once if limit is None else min(at_once, limit - self.tally.articles)
        return wanted - len(self.in_flight)

    async def _lease(self, count: int) -> tuple[Lease, ...]:
        if not self.hold.may_send:
            await self.hold.extend()
        order = frontier.LeaseOrder(
            worker=self.hold.lock.worker,
            count=count,
            now=datetime.now(UTC),
            lease_seconds=self._settings.getint("LEASE_SECONDS"),
        )
        return await self.hold.run(
            lambda connection: frontier.lease(connection, self.site.site_id, order)
        )

    async def _wait(self) -> bool:
        """Wait until a visit is stored or a page in back-off is due; False when there is nothing to
        wait for.
        """
        if self.in_flight:
            self._changed.clear()
            await self._changed.wait()
            return True
        if self._room(1) <= 0:
            return False
        due = await self.hold.run(
            lambda connection: frontier.next_retry(connection, self.site.site_id)
        )
        pause = (due - datetime.now(UTC)).total_seconds() if due else LONGEST_WAIT_SECONDS + 1
        if pause > LONGEST_WAIT_SECONDS:
            if due and not self.tally.pages:
                self.halt(
                    f"Every page that is due waits, the first until {due:%Y-%m-%d %H:%M} UTC."
                )
            return False
        await asyncio.sleep(max(pause, 0.05))
        return True

    async def _queue_missing(self) -> bool:
        """Queue the pages that lists named before and that none of them names now: are they gone?
        False when there are none.
        """
        keys, self._missing = list(self._missing.values())[:MOST_UNLISTED], {}
        if not keys or self._room(1) <= 0:
            return False
        return await self.hold.run(lambda connection: frontier.queue_unlisted(connection, keys)) > 0

    async def keep(self, visit: Visit) -> None:
        """Store *visit* whole; its page is no longer in flight, whatever comes of it.

        An archive that takes no more is the run's problem: it is said once and the run ends with
        what is stored.
        """
        context = self._context()
        visit = self._tombstones.withhold(visit)

        def operation(connection: Connection, places: tuple[WarcPlace | None, ...]) -> VisitSaved:
            return save_visit(connection, visit, context, places)

        try:
            saved = await self.hold.run_with_fetches(operation, visit.fetches)
            self._note(visit, saved)
        except LeaseLost as error:
            logger.warning("%s What this run fetched of it is not stored.", error)
        except ArchiveUnavailable as error:
            self._end_on(error)
        except Exception as error:
            self.tally.problem = str(error)
            raise
        finally:
            self.in_flight.pop(visit.page_id, None)
            self._changed.set()

    def _note(self, visit: Visit, saved: VisitSaved) -> None:
        self.tally.note(visit, saved)
        self._has_lists = self._has_lists or saved.outcome in LISTS
        for candidate in visit.candidates if saved.outcome == "sitemap" else ():
            self._missing.pop(candidate.url, None)
        self._missing |= saved.missing
        self._traps.note(visit.url, is_article=visit.article is not None, found=saved.added.new)

    def _end_on(self, error: ArchiveUnavailable) -> None:
        if not self.tally.problem:
            logger.error("%s The run ends here; what is stored stays.", error)
            self.tally.problem = str(error)
        self._changed.set()

    async def count_waiting(self) -> int:
        """Return how many pages of the site wait for this run, those in flight included."""
        return await self.hold.run(
            lambda connection: sites.count_waiting(connection, self.site.site_id)
        )

    async def find_origin(self, origin: str) -> Origin:
        """Return what the archive knows of *origin*."""
        return await self.hold.run(lambda connection: origins.find_origin(connection, origin))

    async def keep_origin(
        self, origin: Origin, fetches: tuple[Fetch, ...], candidates: tuple[Candidate, ...] = ()
    ) -> None:
        """Store what is known of an origin, the requests that told it, and the sitemaps that its
        robots.txt names.
        """
        context = self._context()

        def operation(connection: Connection, places: tuple[WarcPlace | None, ...]) -> None:
            save_fetches(connection, None, fetches, context, places)
            origins.save_origin(connection, origin)
            add_candidates(connection, candidates, self._listing(context.seen_at))

        await self.hold.run_with_fetches(operation, fetches)
        self.tally.note_requests(len(fetches))

    def _context(self) -> VisitContext:
        return VisitContext(
            run_id=self.run_id,
            site_id=self.site.site_id,
            seen_at=datetime.now(UTC),
            extractor_version=version("knipsel"),
            cap=self._settings.getint("PAGES_PER_SITE"),
            max_attempts=self._settings.getint("ATTEMPTS_PER_PAGE"),
            retry_after_seconds=self._settings.getfloat("RETRY_AFTER_SECONDS"),
            schedule=next_visit,
            site_has_lists=self._has_lists,
        )

    def hurry(self) -> None:
        """Wait no longer for a database that is away: the process is told to end."""
        self._writer.hurry()

    def close(self) -> None:
        """Give back what is still leased, write the verdict, free the site and close the archive."""
        if self._closed:
            return
        self._closed = True
        if self._heart is not None:
            self._heart.cancel()
        try:
            self._writer.submit(self.hold.fenced(self._end_run)).result()
        except ArchiveUnavailable as error:
            self.tally.problem = self.tally.problem or str(error)
            self.verdict = Judged(FAILED, (self.tally.problem,))
        finally:
            self._writer.close()
            self._archive.close()

    def _end_run(self, connection: Connection) -> None:
        counters, site_id = self.tally.counters, self.site.site_id
        frontier.put_back(connection, site_id, self.hold.lock.worker)
        counters.known_articles = runs.count_articles(connection, site_id)
        past = runs.past_counters(connection, site_id, PAST_RUNS)
        ended = Judgement(self.tally.problem, self.tally.halt)
        self.verdict = judge(counters, past, ended, Bounds.of(self._settings))
        row = {**counters.as_row(), "deeds": list(self.verdict.deeds)}
        ending = runs.Ending(row, self.verdict.verdict, self.verdict.reasons)
        runs.end_run(connection, self.run_id, ending, datetime.now(UTC))
        sites.unlock_site(connection, self.hold.lock)
