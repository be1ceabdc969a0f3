"""What politeness needs to know of a run: its site, its pace, and where it remembers what hosts
stated.
"""

from typing import Protocol

from crawler.politeness.throttle import Pace
from storage.crawl import Origin
from storage.records import Candidate, Fetch


class OriginMemory(Protocol):
    """Remembers what a host's robots.txt and reservations state."""

    async def find_origin(self, origin: str) -> Origin:
        """Return what is known of *origin* (scheme, host, port)."""

    async def keep_origin(
        self,
        origin: Origin,
        fetches: tuple[Fetch, ...],
        candidates: tuple[Candidate, ...] = (),
    ) -> None:
        """Store what *origin* states, the fetches that led to it, and the sitemaps it named."""


class ForgetfulMemory:
    """The memory of a spider that only tries a page: every host is asked anew."""

    async def find_origin(self, origin: str) -> Origin:
        """Return *origin* as one of which nothing is known."""
        return Origin(origin=origin)

    async def keep_origin(
        self,
        origin: Origin,
        fetches: tuple[Fetch, ...],
        candidates: tuple[Candidate, ...] = (),
    ) -> None:
        """Forget what *origin* states."""


class PoliteRun(Protocol):
    """A run on one site that can be slowed down and halted."""

    site: str
    pace: Pace
    stopping: bool

    @property
    def memory(self) -> OriginMemory:
        """Where the run remembers hosts."""

    def halt(self, sentence: str) -> None:
        """Send nothing more and end the run; *sentence* states why."""
