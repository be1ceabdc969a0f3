"""Politeness: robots.txt as RFC 9309 has it, pauses, opt-outs, and the hosts that must never be
reached.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.downloader import (  # fmt: skip
    FIRST_BYTES,
    THREAD,
    Forbidden,
    HostResting,
    OptedOut,
    PrivateAddress,
    RobotsUnavailable,
    SentAway,
    Stop,
    failed_fetch,
    fetch_of,
    is_public,
    is_same_machine,
    location,
    retry_after,
)
from crawler.politeness.optout import FILE_NAME, OptOut
from crawler.politeness.robots import LONGEST, Robots, robots_text
from crawler.politeness.run import PoliteRun
from crawler.politeness.throttle import Pace
from pipelines.tdm import RULES, WELL_KNOWN, read_rules
from storage.crawl import Origin
from storage.outcomes import LONGEST_REST_SECONDS, RUN_REST_SECONDS, outcome_of
from storage.records import Candidate, Fetch
from storage.urls import BadAddress, canonical, same_site, site_of

logger = logging.getLogger(__name__)

ROBOTS_REDIRECTS = 5  # RFC 9309, 2.3.1.2: at least five consecutive redirects are followed
ROBOTS_LAST = timedelta(hours=24)  # 2.4: not longer than 24 hours
OWN = "knipsel_own"  # marks our requests for robots.txt and tdmrep.json


@dataclass(frozen=True, slots=True)
class _Known:
    robots: Robots
    origin: Origin

    @property
    def is_stale(self) -> bool:
        at = self.origin.robots_at
        return at is None or abs(datetime.now(UTC) - at) >= ROBOTS_LAST  # or the clock was ahead


def _lies_ahead(until: datetime) -> bool:
    """Return whether a rest that ends at *until* goes on; no rest is longer than a week, so one
    that ends later was noted by a clock that was ahead.
    """
    return 0 < (until - datetime.now(UTC)).total_seconds() <= LONGEST_REST_SECONDS


class Politeness:
    """Lets a request pass only where robots.txt, opt-out list and the guard against private hosts
    allow it; keeps the pace.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._delay_limit = crawler.settings.getfloat("ROBOTS_DELAY_LIMIT")
        self._optout = OptOut(Path(crawler.settings["KNIPSEL_ARCHIVE"]) / FILE_NAME)
        self._known: dict[str, asyncio.Task[_Known]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for *crawler*; its spider has the pace."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise what forbids *request*: SentAway, PrivateAddress, OptedOut, Forbidden or
        RobotsUnavailable.
        """
        if self._spider.stopping:
            raise SentAway("The run is ending.")
        self._check_private(request)
        if self._optout.covers(request.url):
            raise OptedOut("The opt-out list covers this address.")
        pace = self._pace_of(request)
        request.meta["download_slot"] = pace.key
        pace.apply()
        if OWN in request.meta:
            await asyncio.sleep(pace.first_pause())
            return
        known = await self._known_of(_origin(request.url))
        request.meta[RULES] = known.origin.tdm_rules
        if known.robots.closed:
            sentence = "robots.txt gives no answer, so nothing may be fetched until it does."
            self._close(request.url, sentence)
            raise RobotsUnavailable("robots.txt gives no answer.")
        if not known.robots.allows(request.url, self._crawler.settings["USER_AGENT"]):
            raise Forbidden("robots.txt forbids this address.")
        await asyncio.sleep(pace.first_pause())

    def _check_private(self, request: Request) -> None:
        """Raise PrivateAddress for a private host that the user did not name; a thread may stand on
        another port of the one that he did.
        """
        parts, site = urlsplit(request.url), urlsplit(self._spider.site)
        is_named = parts.netloc.lower() == site.netloc or (
            THREAD in request.meta and is_same_machine(parts.hostname or "", site.hostname or "")
        )
        if not is_public(parts.hostname or "") and not is_named:
            raise PrivateAddress(
                f"{request.url} is on a loopback or private host that is not the site."
            )

    def _pace_of(self, request: Request) -> Pace:
        """Return the pace of the host that is asked: a thread's host of its own has its own."""
        pace = self._spider.pace
        return pace.of(site_of(request.url)) if THREAD in request.meta else pace

    def _close(self, url: str, sentence: str) -> None:
        """End the run where it is the site that may not be asked; another's host costs its thread
        only. Raises HostResting.
        """
        if self._is_others(url):
            raise HostResting(sentence)
        self._spider.halt(sentence)

    def _is_others(self, url: str) -> bool:
        """Return whether *url* is on a host that is asked for the site's threads only."""
        return not same_site(url, self._spider.site)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Slow down when the answer asks for it; a long rest ends the run, and the next one keeps
        to it.
        """
        pace = self._pace_of(request)
        if not outcome_of(response.status).asks_for_rest or OWN in request.meta:
            pace.note_good()
            return response
        rest = retry_after(response)
        pace.slow_down(rest)
        if rest is not None and rest > RUN_REST_SECONDS:
            await self._rest(response, rest)
        return response

    async def _rest(self, response: Response, seconds: float) -> None:
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        origin = _origin(response.url)
        known = await self._known_of(origin)
        await self._spider.memory.keep_origin(replace(known.origin, closed_until=until), ())
        if self._is_others(origin):
            del self._known[origin]  # the next request of it learns that it is to be left alone
            return
        self._spider.halt(
            f"The site asks to be left alone for {seconds:.0f} s (status {response.status});"
            " the next run goes on after that."
        )

    @property
    def _spider(self) -> PoliteRun:
        return cast("PoliteRun", self._crawler.spider)

    async def _known_of(self, origin: str) -> _Known:
        task = self._known.get(origin)
        if task is None or (
            task.done() and (task.exception() is not None or task.result().is_stale)
        ):
            task = self._known[origin] = asyncio.ensure_future(self._learn(origin))
        return await asyncio.shield(task)

    async def _learn(self, origin: str) -> _Known:
        """Return the rules of *origin*: from the archive when they are younger than a day, else
        from the site.
        """
        stored = await self._spider.memory.find_origin(origin)
        if stored.closed_until is not None and _lies_ahead(stored.closed_until):
            self._close(
                origin,
                f"The site asked to be left alone until {stored.closed_until:%Y-%m-%d %H:%M} UTC.",
            )
            raise SentAway("The site asked to be left alone for a while.")
        url = f"{origin}/robots.txt"
        body = (stored.robots_body or "").encode()
        known = _Known(Robots.from_answer(stored.robots_status, body, url), stored)
        if known.is_stale or known.robots.closed:
            known = await self._ask_origin(origin)
        asked = known.robots.crawl_delay(self._crawler.settings["USER_AGENT"])
        if asked is not None:
            self._keep_to(origin, asked)
        return known

    def _keep_to(self, origin: str, asked: float) -> None:
        kept = min(asked, self._delay_limit)
        if kept < asked:
            logger.warning(
                "robots.txt of %s asks for %g s between requests; kept at %g s.",
                origin,
                asked,
                kept,
            )
        key = site_of(origin) if self._is_others(origin) else self._spider.pace.key
        self._spider.pace.of(key).keep_at_least(kept)

    async def _ask_origin(self, origin: str) -> _Known:
        trail: list[Fetch] = []
        status, body = await self._ask(f"{origin}/robots.txt", trail)
        robots = Robots.from_answer(status, body, f"{origin}/robots.txt")
        found = Origin(
            origin=origin,
            robots_status=status,
            robots_body=robots_text(body),
            robots_at=datetime.now(UTC),
        )
        if robots.allows(origin + WELL_KNOWN, self._crawler.settings["USER_AGENT"]):
            answer, rules = await self._ask(origin + WELL_KNOWN, trail)
            found = replace(
                found,
                tdm_rules=read_rules(rules) if answer == 200 else (),
                tdm_at=datetime.now(UTC),
            )
        await self._spider.memory.keep_origin(
            found, tuple(trail), tuple(self._sitemaps(robots, origin))
        )
        return _Known(robots, found)

    async def _ask(self, url: str, trail: list[Fetch]) -> tuple[int | None, bytes]:
        """Return status and first bytes of one of a site's own files, after redirects; no status
        when it could not be had.

        A redirect without end, or to where nothing may be asked, leads to no file (RFC 9309,
        2.3.1.2).
        """
        engine = self._crawler.engine
        assert engine is not None  # noqa: S101  # a middleware runs inside an engine
        marks = {THREAD: True} if self._is_others(url) else {}
        for hop in range(ROBOTS_REDIRECTS + 1):
            request = Request(
                url,
                callback=NO_CALLBACK,
                dont_filter=True,
                meta={OWN: True, FIRST_BYTES: LONGEST, "download_maxsize": 0, **marks},
                priority=1000,
            )
            try:
                response: Response = await engine.download_async(request)
            except SentAway:
                raise  # it was not asked, so nothing is known of it
            except (PrivateAddress, OptedOut) as error:
                trail.append(failed_fetch(error, request))
                return (404 if hop else None), b""
            except Exception as error:  # whatever went wrong, RFC 9309 calls it unreachable
                trail.append(failed_fetch(error, request))
                return None, b""
            trail.append(fetch_of(response, request))
            try:
                target = location(response)
                if target is None:
                    return response.status, response.body
                canonical(target)  # an address on the web; asked as the site writes it
                url = target
            except (Stop, BadAddress):
                return 404, b""
        return 404, b""

    def _sitemaps(self, robots: Robots, origin: str) -> list[Candidate]:
        found = []
        for address in robots.sitemaps:
            try:
                url = canonical(address, origin)
            except BadAddress as error:
                logger.warning(
                    "robots.txt of %s names a sitemap that is no address: %s", origin, error
                )
                continue
            if same_site(url, self._spider.site):
                robots_url = f"{origin}/robots.txt"
                found.append(
                    Candidate(
                        url=url, kind="sitemap", found_how="robots", found_on=robots_url, priority=1
                    )
                )
        return found


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
