"""One run a site: who this process is, whether another still lives, and how a site's lock is taken
and kept.
"""

import asyncio
import os
import socket
import time
from collections.abc import Callable, Container
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.archive import open_archive
from crawler.crawl.arguments import BadArgument, CrawlArguments
from crawler.politeness import is_open
from storage.crawl import ArchiveWriter, Site, SiteLock, sites
from storage.database import Archive, ArchiveUnavailable
from storage.records import Fetch
from storage.warc import WarcPlace

POLL_SECONDS = 2.0


class SiteBusy(Exception):
    """Raised when another run is on the site; its text names it."""


@dataclass(frozen=True, slots=True)
class LockedSite:
    """A site whose lock this process took for *seconds* at a moment of the clock that goes on while
    the machine sleeps.
    """

    site: Site
    lock: SiteLock
    seconds: float
    since: float

    @property
    def heartbeat_seconds(self) -> float:
        """How often the lock is made to last longer."""
        return self.seconds / 6

    @property
    def sending_seconds(self) -> float:
        """How long after a heartbeat requests may still go out: the rest of the lock is the pause
        before another's first.
        """
        return self.seconds * 2 / 3


def clock() -> float:
    """Return seconds of a clock that no one sets and that goes on while the machine sleeps."""
    return (
        time.clock_gettime(time.CLOCK_BOOTTIME)
        if hasattr(time, "CLOCK_BOOTTIME")
        else time.monotonic()
    )


def worker_name() -> str:
    """Return this process's name: where it runs, process id and start, so that a later process of
    the same id is another.
    """
    return f"{_place()}:{os.getpid()}:{_start_of(os.getpid())}"


def _place() -> str:
    """Return host, boot and the namespace in which process ids count: containers and machines may
    share a host name.
    """
    boot = _read(Path("/proc/sys/kernel/random/boot_id"))[:8]
    space = Path("/proc/self/ns/pid")
    return (
        f"{socket.gethostname()}/{boot}/"
        f"{space.readlink().name.strip('pid:[]') if space.is_symlink() else ''}"
    )


def _start_of(process: int) -> str:
    fields = _read(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def is_gone(worker: str) -> bool:
    """Return whether *worker* was a process of this machine that runs no more; of others only the
    lock's end shows.
    """
    place, _, process = worker.partition(":")
    number, _, start = process.partition(":")
    return (
        place == _place() and Path("/proc/self").exists() and _start_of(int(number or 0)) != start
    )


def take_lock(
    archive: Archive,
    site_id: int,
    if_running: str,
    seconds: float,
    sleep: Callable[[float], None] = time.sleep,
) -> LockedSite:
    """Lock a site for *seconds*; a lock whose holder is dead, or silent for as long as it had it,
    is taken over.

    Raises SiteBusy when another run is on the site, unless *if_running* is "wait": then it waits
    for that run's end.
    """
    while True:
        since = clock()
        with archive.begin() as connection:
            site = sites.site_by_key(connection, site_id)
            if site.locked_by is not None and is_gone(site.locked_by):
                sites.break_lock(connection, site_id, site.locked_by)
            lock = sites.lock_site(
                connection, site_id, worker_name(), sites.moment_of(connection), seconds
            )
        if lock is not None:
            return LockedSite(site, lock, seconds, since)
        if if_running != "wait":
            raise SiteBusy(
                f"Another run is on {site.name} ({site.locked_by}); say -a "
                "if_running=wait to wait for its end."
            )
        sleep(POLL_SECONDS)


def lock_named(settings: BaseSettings, arguments: CrawlArguments) -> LockedSite:
    """Lock the site that *arguments* name, registered where it is new.

    Raises SiteBusy as take_lock does, ArchiveUnavailable, and BadArgument where they name none.
    """
    if not arguments.site:
        raise BadArgument("Which site? Say -a site=https://www.example.nl/")
    archive, _folder = open_archive(settings)
    try:
        with archive.begin() as connection:
            site_id = sites.register_site(connection, arguments.site)
        seconds = settings.getfloat("SITE_LOCK_SECONDS")
        return take_lock(archive, site_id, arguments.if_running, seconds)
    finally:
        archive.close()


def take_next(archive: Archive, crawled: Container[int], seconds: float) -> LockedSite | None:
    """Lock the site that is due for longest, none of *crawled*; None when no other is due that
    nobody else holds.
    """
    return _take_next(archive, crawled, seconds) or (
        _take_next(archive, crawled, seconds) if _break_locks_of_the_dead(archive) else None
    )


def _take_next(archive: Archive, crawled: Container[int], seconds: float) -> LockedSite | None:
    since = clock()
    with archive.begin() as connection:
        now = sites.moment_of(connection)
        closed = [hours for hours in sites.known_hours(connection) if not is_open(hours, now)]
        for site in sites.due_sites(connection, now, closed):
            if site.site_id in crawled:
                continue
            lock = sites.lock_site(connection, site.site_id, worker_name(), now, seconds)
            if lock is not None:
                return LockedSite(site, lock, seconds, since)
    return None


def _break_locks_of_the_dead(archive: Archive) -> bool:
    with archive.begin() as connection:
        dead = [
            site
            for site in sites.locked_sites(connection)
            if site.locked_by and is_gone(site.locked_by)
        ]
        for site in dead:
            sites.break_lock(connection, site.site_id, site.locked_by or "")
    return bool(dead)


Result = TypeVar("Result")


class SiteFence:
    """Runs operations on the archive as long as this run has its site lock; later each fails with
    SiteLost.
    """

    def __init__(self, locked: LockedSite, writer: ArchiveWriter) -> None:
        self.site = locked.site
        self.lock = locked.lock
        self._locked = locked
        self._writer = writer
        self._since = locked.since

    @property
    def may_send(self) -> bool:
        """Return whether a request may go out: the lock, as far as this process knows, is not near
        its end.
        """
        return clock() - self._since < self._locked.sending_seconds

    async def run(self, operation: Callable[[Connection], Result]) -> Result:
        """Return what *operation* answers. Raises ArchiveUnavailable, as SiteLost when another run
        holds the site by now.
        """
        return await asyncio.wrap_future(self._writer.submit(self.fenced(operation)))

    async def run_with_fetches(
        self,
        operation: Callable[[Connection, tuple[WarcPlace | None, ...]], Result],
        fetches: tuple[Fetch, ...],
    ) -> Result:
        """Keep the exchanges of *fetches*, then run *operation* with the place of each. Raises as
        ``run`` does.
        """

        def fenced(connection: Connection, places: tuple[WarcPlace | None, ...]) -> Result:
            sites.check_lock(connection, self.lock)
            return operation(connection, places)

        return await asyncio.wrap_future(self._writer.submit_with_fetches(fenced, fetches))

    def fenced(self, operation: Callable[[Connection], Result]) -> Callable[[Connection], Result]:
        """Return *operation* with the check of the lock before it, in the same transaction."""

        def fenced(connection: Connection) -> Result:
            sites.check_lock(connection, self.lock)
            return operation(connection)

        return fenced

    async def extend(self) -> None:
        """Make the lock last longer. Raises as ``run`` does."""
        asked, seconds = clock(), self._locked.seconds
        await self.run(
            lambda connection: sites.extend_lock(
                connection, self.lock, sites.moment_of(connection), seconds
            )
        )
        self._since = asked

    async def beat(self, on_lost: Callable[[ArchiveUnavailable], None]) -> None:
        """Keep the lock alive until it is lost; then *on_lost* is called."""
        while True:
            await asyncio.sleep(self._locked.heartbeat_seconds)
            try:
                await self.extend()
            except ArchiveUnavailable as error:
                on_lost(error)
                return
