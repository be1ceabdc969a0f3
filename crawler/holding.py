"""A run's hold of its site: every write begins with the lock, the lock is kept alive, and nothing is sent near its end."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from crawler.locks import Held, clock
from storage import sites
from storage.archive import ArchiveUnavailable
from storage.records import Fetch
from storage.warc import WarcPlace
from storage.writer import ArchiveWriter

Result = TypeVar("Result")


class Hold:
    """Runs operations on the archive as long as this run holds its site; afterwards each fails with SiteLost."""

    def __init__(self, held: Held, writer: ArchiveWriter) -> None:
        self.site = held.site
        self.lock = held.lock
        self._held = held
        self._writer = writer
        self._since = held.since

    @property
    def may_send(self) -> bool:
        """Tell whether a request may go out: the lock, as far as this process knows, is not near its end."""
        return clock() - self._since < self._held.sending_seconds

    async def run(self, operation: Callable[[Connection], Result]) -> Result:
        """Return what *operation* answers. Raises ArchiveUnavailable, as SiteLost when another run holds the site by now."""
        return await asyncio.wrap_future(self._writer.submit(self.fenced(operation)))

    async def run_with_fetches(
        self, operation: Callable[[Connection, tuple[WarcPlace | None, ...]], Result], fetches: tuple[Fetch, ...]
    ) -> Result:
        """Keep the exchanges of *fetches*, then run *operation* with the place of each. Raises as ``run`` does."""

        def fenced(connection: Connection, places: tuple[WarcPlace | None, ...]) -> Result:
            sites.hold(connection, self.lock)
            return operation(connection, places)

        return await asyncio.wrap_future(self._writer.submit_with_fetches(fenced, fetches))

    def fenced(self, operation: Callable[[Connection], Result]) -> Callable[[Connection], Result]:
        """Return *operation* with the check of the lock before it, in the same transaction."""

        def fenced(connection: Connection) -> Result:
            sites.hold(connection, self.lock)
            return operation(connection)

        return fenced

    async def extend(self) -> None:
        """Hold the site for longer. Raises as ``run`` does."""
        asked, seconds = clock(), self._held.seconds
        await self.run(lambda connection: sites.extend_lock(connection, self.lock, sites.moment_of(connection), seconds))
        self._since = asked

    async def beat(self, on_lost: Callable[[ArchiveUnavailable], None]) -> None:
        """Keep the lock alive until it is lost, which *on_lost* is told."""
        while True:
            await asyncio.sleep(self._held.heartbeat_seconds)
            try:
                await self.extend()
            except ArchiveUnavailable as error:
                on_lost(error)
                return
