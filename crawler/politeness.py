"""Politeness: robots.txt as RFC 9309 has it, pauses, and the hosts that must never be reached."""

import asyncio
import logging
from typing import Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.answers import REDIRECTS, Forbidden, RobotsUnavailable, failed_fetch, fetch_of, header
from crawler.capture import PrivateAddress, is_public
from crawler.robots import Robots
from crawler.spiders.articles import ArticlesSpider
from pipelines.addresses import BadAddress, canonical, same_site
from storage.records import Candidate, Fetch

logger = logging.getLogger(__name__)

ROBOTS_REDIRECTS = 5  # RFC 9309, 2.3.1.2: at least five consecutive redirects are followed


class Politeness:
    """Lets a request pass only where robots.txt and the guard against private hosts allow it; keeps to Crawl-delay."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._delay_limit = crawler.settings.getfloat("ROBOTS_DELAY_LIMIT")
        self._robots: dict[str, asyncio.Task[Robots]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for *crawler*."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise PrivateAddress, Forbidden or RobotsUnavailable where *request* may not go out."""
        parts = urlsplit(request.url)
        if not is_public(parts.hostname or "") and parts.netloc.lower() != urlsplit(self._spider.site).netloc:
            raise PrivateAddress(f"{request.url} is on a loopback or private host that is not the site.")
        if request.meta.get("robots_txt"):
            return
        robots = await self._robots_of(f"{parts.scheme}://{parts.netloc}")
        if robots.closed:
            raise RobotsUnavailable("robots.txt gives no answer.")
        if not robots.allows(request.url, self._crawler.settings["USER_AGENT"]):
            raise Forbidden("robots.txt forbids this address.")

    @property
    def _spider(self) -> ArticlesSpider:
        spider = self._crawler.spider
        assert isinstance(spider, ArticlesSpider)  # noqa: S101  # the project has one spider
        return spider

    async def _robots_of(self, origin: str) -> Robots:
        if origin not in self._robots:
            self._robots[origin] = asyncio.ensure_future(self._fetch_robots(origin))
        return await asyncio.shield(self._robots[origin])

    async def _fetch_robots(self, origin: str) -> Robots:
        trail: list[Fetch] = []
        robots = await self._ask(f"{origin}/robots.txt", trail)
        self._slow_down(origin, robots)
        candidates = tuple(self._sitemaps(robots, origin))
        await self._spider.session.keep_robots(tuple(trail), candidates)
        return robots

    async def _ask(self, url: str, trail: list[Fetch]) -> Robots:
        engine = self._crawler.engine
        assert engine is not None  # noqa: S101  # a middleware runs inside an engine
        for _hop in range(ROBOTS_REDIRECTS + 1):
            request = Request(url, callback=NO_CALLBACK, dont_filter=True, meta={"robots_txt": True}, priority=1000)
            try:
                response: Response = await engine.download_async(request)
            except Exception as error:  # whatever went wrong, RFC 9309 calls it unreachable
                trail.append(failed_fetch(error, request))
                return Robots.from_answer(None, b"", url)
            trail.append(fetch_of(response, request))
            location = header(response, "Location")
            if response.status not in REDIRECTS or not location:
                return Robots.from_answer(response.status, response.body, url)
            url = urljoin(url, location)
        return Robots.from_answer(404, b"", url)

    def _slow_down(self, origin: str, robots: Robots) -> None:
        asked = robots.crawl_delay(self._crawler.settings["USER_AGENT"])
        engine = self._crawler.engine
        slot = engine.downloader.slots.get(urlsplit(origin).hostname or "") if engine else None
        if slot is None or asked is None or asked <= slot.delay:
            return
        slot.delay = min(asked, self._delay_limit)
        slot.concurrency = 1
        logger.info("robots.txt of %s asks for %g s between requests; kept at %g s.", origin, asked, slot.delay)

    def _sitemaps(self, robots: Robots, origin: str) -> list[Candidate]:
        found = []
        for address in robots.sitemaps:
            try:
                url = canonical(address, origin)
            except BadAddress as error:
                logger.warning("robots.txt of %s names a sitemap that is no address: %s", origin, error)
                continue
            if same_site(url, self._spider.site):
                found.append(Candidate(url=url, kind="sitemap", found_how="robots", found_on=f"{origin}/robots.txt", priority=1))
        return found
