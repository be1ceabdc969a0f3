"""What the extensions need to know of a run: how far it is, and how it is ended."""

import asyncio
from typing import Protocol

from crawler.crawl import CrawlArguments, RunStats
from storage.crawl import Site


class WatchedSession(Protocol):
    """A run's work on the archive, as it is seen from outside."""

    site: Site
    stats: RunStats
    arguments: CrawlArguments

    @property
    def in_flight(self) -> int:
        """How many pages are leased and not stored yet."""

    async def count_waiting(self) -> int:
        """Return how many pages wait for this run. Raises ArchiveUnavailable."""


class WatchedRun(Protocol):
    """A run on one site that can be stopped; *began* is set when it has its session."""

    began: asyncio.Event

    @property
    def session(self) -> WatchedSession:
        """The run's work on the archive."""

    def stop(self) -> None:
        """Send nothing more; what is in flight is stored."""

    def finish(self) -> None:
        """End the run and free the site."""
