"""The frontier of one site as one run sees it: what it leases, what is in flight, what is
awaited.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from crawler.crawl.lock import SiteFence
from crawler.crawl.stats import RunStats
from crawler.discovery import TrapWatch
from storage.crawl import LISTS, VisitSaved, frontier
from storage.records import Lease, Visit

logger = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 120.0
MOST_UNLISTED = 200


@dataclass(frozen=True, slots=True)
class LeaseBounds:
    """At most *limit* articles (None: all); a lease lasts so many seconds; so many visits in a row
    of one shape of address may bring nothing.
    """

    limit: int | None
    lease_seconds: int
    trap_patience: int


class RunFrontier:
    """Leases the pages of the site that *fence* guards; *stats* has how the run goes."""

    def __init__(self, fence: SiteFence, stats: RunStats, bounds: LeaseBounds) -> None:
        self.in_flight: dict[int, Lease] = {}
        self.has_lists = False
        self._fence = fence
        self.stats = stats
        self._bounds = bounds
        self._changed = asyncio.Event()
        self._traps = TrapWatch(bounds.trap_patience)
        self._missing: dict[str, int] = {}

    def begin(self, connection: Connection, now: datetime, *, refresh: bool) -> None:
        """Take over what an earlier run left, and queue what is due, or with *refresh* all."""
        site_id = self._fence.site.site_id
        frontier.put_back(connection, site_id)  # the lock is ours: whoever leased them is gone
        self.has_lists = frontier.has_lists(connection, site_id)
        if refresh:
            frontier.queue_all(connection, site_id)
        else:
            frontier.queue_due(connection, site_id, now)

    async def lease(self, at_once: int) -> tuple[Lease, ...]:
        """Return pages to visit, none while *at_once* are in flight or the limit would be passed.

        Raises ArchiveUnavailable.
        """
        count = self._room(at_once)
        if count <= 0:
            return ()
        if not self._fence.may_send:
            await self._fence.extend()
        order = frontier.LeaseOrder(
            worker=self._fence.lock.worker,
            count=count,
            now=datetime.now(UTC),
            lease_seconds=self._bounds.lease_seconds,
        )
        site_id = self._fence.site.site_id
        leases = await self._fence.run(
            lambda connection: frontier.lease(connection, site_id, order)
        )
        self.in_flight |= {lease.page_id: lease for lease in leases}
        return leases

    def is_trap(self, lease: Lease) -> bool:
        """Return whether a page's address is of a series that brings nothing."""
        return self._traps.is_trap(lease.url)

    async def wait(self) -> bool:
        """Wait until there may be pages to lease; False when nothing in flight, in back-off or
        unlisted can bring any. Raises ArchiveUnavailable.
        """
        return await self._wait() or await self._queue_missing()

    def note(self, visit: Visit, saved: VisitSaved) -> None:
        """Take in what a stored visit found."""
        self.has_lists = self.has_lists or saved.outcome in LISTS
        for candidate in visit.candidates if saved.outcome == "sitemap" else ():
            self._missing.pop(candidate.url, None)
        self._missing |= saved.missing
        self._traps.note(visit.url, is_article=visit.article is not None, found=saved.added.new)

    def release(self, page_id: int) -> None:
        """A page is in flight no more."""
        self.in_flight.pop(page_id, None)
        self._changed.set()

    def halt(self, sentence: str) -> None:
        """Have the run end early, with what is stored, for a reason that is not ours."""
        if not self.stats.halt:
            logger.warning("%s", sentence)
            self.stats.halt = sentence
        self._changed.set()

    def fail(self, problem: str) -> None:
        """Have the run end with what is stored, for a problem of ours."""
        if not self.stats.problem:
            logger.error("%s The run ends here; what is stored stays.", problem)
            self.stats.problem = problem
        self._changed.set()

    def _room(self, at_once: int) -> int:
        limit = self._bounds.limit
        wanted = (
            at_once if limit is None else min(at_once, limit - self.stats.counters.articles_read)
        )
        return wanted - len(self.in_flight)

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
        site_id = self._fence.site.site_id
        due = await self._fence.run(lambda connection: frontier.next_retry(connection, site_id))
        if due is None:
            return False
        pause = (due - datetime.now(UTC)).total_seconds()
        if pause <= LONGEST_WAIT_SECONDS:
            await asyncio.sleep(max(pause, 0.05))
            return True
        if not self.stats.pages:
            self.halt(f"Every page that is due waits, the first until {due:%Y-%m-%d %H:%M} UTC.")
        return False

    async def _queue_missing(self) -> bool:
        """Queue the pages that lists named before and that none of them names now: are they gone?
        False when there are none.
        """
        keys, self._missing = list(self._missing.values())[:MOST_UNLISTED], {}
        if not keys or self._room(1) <= 0:
            return False
        queued = await self._fence.run(lambda connection: frontier.queue_unlisted(connection, keys))
        return queued > 0
