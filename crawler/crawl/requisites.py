"""What an article's page loads beside itself: its style sheets and pictures, kept in the WARC file
so that the page can be shown as it looked.

They are asked for as pages are: within robots.txt and opt-outs, never at private addresses, at the
pace of their host.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.downloader import THREAD, failed_fetch, fetch_of, header, location, stop_for
from crawler.extraction import ExtractionFailed
from pipelines.document import STYLES
from storage.records import Fetch, Page
from storage.urls import is_address, same_site

DEEPEST_IMPORT = 3  # a style sheet that another imports, and so on
MOST_HOPS = 5
WANTED = (STYLES, "image/")

Keep = Callable[[tuple[Fetch, ...]], Awaitable[None]]


class RequisiteReader(Protocol):
    """Finds requisites, as the extraction pool does."""

    async def requisites(self, page: Page) -> tuple[str, ...]:
        """Return the addresses that *page* loads. Raises ExtractionFailed."""


class Requisites:
    """Asks for requisites, each address once in a run and until *most_bytes* came in; what was
    fetched is handed to *keep*.
    """

    def __init__(
        self, crawler: Crawler, reader: RequisiteReader, site: str, most_bytes: int, keep: Keep
    ) -> None:
        self._crawler = crawler
        self._reader = reader
        self._site = site
        self._left = most_bytes
        self._keep = keep
        self._asked: set[str] = set()

    async def fetch_for(self, page: Page) -> None:
        """Fetch what *page* loads. Never raises for what a site answers: a requisite that cannot be
        had is a fetch with its reason.
        """
        waiting = deque([(page, 0)])
        while waiting and self._left > 0:
            page, depth = waiting.popleft()
            for url in await self._named(page):
                if self._left <= 0 or url in self._asked:
                    continue
                self._asked.add(url)
                answer = await self._fetch(url)
                if answer is None:
                    return
                if _type_of(answer) == STYLES and depth < DEEPEST_IMPORT:
                    waiting.append((answer, depth + 1))

    async def _named(self, page: Page) -> tuple[str, ...]:
        try:
            return await self._reader.requisites(page)
        except ExtractionFailed:
            return ()

    async def _fetch(self, url: str) -> Page | None:
        """Return what is at *url*, after redirects, empty where nothing could be had; None when the
        site may be sent nothing more.
        """
        for _hop in range(MOST_HOPS):
            is_own = same_site(url, self._site)
            meta = {} if is_own else {THREAD: True}
            request = Request(url, callback=NO_CALLBACK, dont_filter=True, meta=meta)
            try:
                response = await self._download(request)
                target = location(response)
            except Exception as error:
                was_sent = stop_for(error).state != "put_back"
                if was_sent:
                    await self._keep((failed_fetch(error, request),))
                return None if is_own and not was_sent else _nothing(url)
            self._left -= len(response.body)
            answer = _page_of(response, request)
            await self._keep((_kept(response, request, answer),))
            if target is None:
                return answer
            url = target.partition("#")[0]
            if url in self._asked or not is_address(url):
                break
            self._asked.add(url)
        return _nothing(url)

    async def _download(self, request: Request) -> Response:
        engine = self._crawler.engine
        assert engine is not None  # noqa: S101  # a visit happens inside a running engine
        return await engine.download_async(request)


def _page_of(response: Response, request: Request) -> Page:
    return Page(
        url=response.url,
        body=response.body,
        fetched_at=fetch_of(response, request).fetched_at,
        content_type=header(response, "Content-Type"),
        status=response.status,
    )


def _kept(response: Response, request: Request, answer: Page) -> Fetch:
    """Return the fetch, with its capture where it is a style sheet or a picture: what else a
    picture's address answers may be a page about anybody.
    """
    fetch = fetch_of(response, request)
    is_wanted = answer.status == 200 and _type_of(answer).startswith(WANTED)
    return fetch if is_wanted or location(response) else replace(fetch, exchange=None)


def _type_of(page: Page) -> str:
    return (page.content_type or "").partition(";")[0].strip().lower()


def _nothing(url: str) -> Page:
    return Page(url=url, body=b"", fetched_at=datetime.now(UTC))
