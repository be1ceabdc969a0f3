"""The pace at which one site is asked: our own pause or the site's, whichever is longer; slower
when it asks for rest.

It is kept in Scrapy's download slot, of which a site has one, whatever hosts and schemes it answers
on.
"""

import logging
from collections.abc import Callable
from time import monotonic
from urllib.parse import urlsplit

from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.downloader import is_public, is_same_machine

logger = logging.getLogger(__name__)

SLOWEST_SECONDS = 60.0
FIRST_STEP_SECONDS = 0.5
GOOD_ANSWERS = 50
# A visit may be in flight for so long when the run is told to stop; what waits longer in the slot
# is given back.
PATIENCE_SECONDS = 20.0
MOST_AT_ONCE = 16
# Scrapy 2.18 varies a delay by half of it or not at all; there ours is not varied.
HAS_JITTER = "jitter" in Slot.__annotations__


def _usual_slot(key: str, settings: BaseSettings) -> dict[str, float]:
    """Return how a site is asked of which the settings say nothing: our own machine by several
    connections without a pause, since nobody is there to be polite to.
    """
    if is_public(urlsplit(f"//{key}").hostname or ""):
        return {}
    return {"concurrency": settings.getint("LOOPBACK_CONCURRENCY"), "delay": 0, "jitter": 0}


class Pace:
    """Holds a site's pause between two requests at *floor* seconds or more; answers that ask for
    rest double it.
    """

    def __init__(self, crawler: Crawler, key: str, like: str | None = None) -> None:
        settings = crawler.settings
        slot = settings.getdict("DOWNLOAD_SLOTS").get(like or key) or _usual_slot(
            like or key, settings
        )
        self.key = key
        self._crawler = crawler
        self._jitter = float(slot.get("jitter", settings.getfloat("DOWNLOAD_DELAY_JITTER")))
        self._concurrency = int(
            slot.get("concurrency", settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        )
        self._own = float(slot.get("delay", settings.getfloat("DOWNLOAD_DELAY")))
        self.floor = self.seconds = self._own
        self._good = 0
        self._began = monotonic()
        self._others: dict[str, Pace] = {}

    def of(self, key: str) -> "Pace":
        """Return the pace of a host that is asked beside the site, such as that of its threads: its
        own, and begun when it is first asked for; on the site's own machine it is like the site's.
        """
        if key == self.key:
            return self
        if key not in self._others:
            hosts = (urlsplit(f"//{name}").hostname or "" for name in (key, self.key))
            like = self.key if is_same_machine(*hosts) else None
            self._others[key] = Pace(self._crawler, key, like)
        return self._others[key]

    def first_pause(self) -> float:
        """Return how many seconds are left until a first request may go out: who held the site
        before may have asked just now.
        """
        return max(0.0, self._began + self.seconds - monotonic())

    def note_answer(self, key: str) -> None:
        """An answer came from *key*, or failed to come: the pause begins now, so that none is
        shorter where the site sees it.
        """
        if key in self._others:
            self._others[key].note_answer(key)
            return
        slot = self._slot
        if slot is not None and self.seconds:
            slot.lastseen = max(slot.lastseen, monotonic())

    def apply(self) -> None:
        """Write the pace into the slot, now and whenever Scrapy makes it anew (it forgets slots
        after a minute's rest).
        """
        concurrency = self._concurrency if self.seconds == self._own else 1
        # Scrapy varies a delay up and down; ours only ever gets longer by it.
        delay = self.seconds / (1 - self._jitter) if HAS_JITTER else self.seconds
        varied = {"jitter": self._jitter} if HAS_JITTER else {"randomize_delay": False}
        wanted = {"concurrency": concurrency, "delay": delay, **varied}
        self._downloader.per_slot_settings[self.key] = wanted
        slot = self._slot
        for name, value in wanted.items() if slot is not None else ():
            setattr(slot, name, value)

    def keep_at_least(self, seconds: float) -> None:
        """Never ask faster than once in *seconds* again."""
        self.floor = max(self.floor, seconds)
        self.seconds = max(self.seconds, self.floor)
        self.apply()

    def slow_down(self, rest_seconds: float | None) -> None:
        """The site asked for fewer requests: double the pause, and rest as long as it asks for."""
        self._good = 0
        self.seconds = min(
            max(2 * self.seconds, FIRST_STEP_SECONDS), max(SLOWEST_SECONDS, self.floor)
        )
        self.apply()
        slot = self._slot
        if slot is not None and rest_seconds:
            slot.lastseen = max(slot.lastseen, monotonic() + rest_seconds - self.seconds)
        logger.info("%s asks for fewer requests: now one in %.1f s.", self.key, self.seconds)

    def note_good(self) -> None:
        """A good answer: after fifty in a row the pause is halved again, down to where it began."""
        self._good += 1
        if self.seconds > self.floor and self._good >= GOOD_ANSWERS:
            self._good = 0
            self.seconds = max(self.floor, self.seconds / 2)
            self.apply()

    def room(self) -> int:
        """Return how many pages may be in flight so that all are asked for within twenty
        seconds.
        """
        return (
            MOST_AT_ONCE
            if self.seconds == 0
            else max(1, min(MOST_AT_ONCE, int(PATIENCE_SECONDS / self.seconds)))
        )

    def drop_waiting(self, error: Callable[[], Exception]) -> None:
        """Fail the requests that wait in the slot and have not been sent."""
        slot = self._slot
        while slot is not None and slot.queue:
            _request, waiting = slot.queue.popleft()
            waiting.errback(error())
        for other in self._others.values():
            other.drop_waiting(error)

    @property
    def _downloader(self) -> Downloader:
        engine = self._crawler.engine
        assert engine is not None  # noqa: S101  # a pace is kept inside a running engine
        return engine.downloader

    @property
    def _slot(self) -> Slot | None:
        return self._downloader.slots.get(self.key)
