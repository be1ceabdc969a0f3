"""Draws the pages of one run on one site, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.downloader import Stop
from crawler.rendering.browser import Chromium, find_browser
from crawler.rendering.drawn_page import DrawnPage, RenderBounds
from crawler.rendering.page_requests import AskedSite, PageRequests
from storage.records import Fetch

_QUIET = frozenset({"unneeded", "refused"})


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as it was drawn: *document* is its final form, None where it has none; *fetches* are
    what its scripts asked for.

    *met* are words for what it did that was not given, and for the bound that ended it, which is
    *ending*: None where it was drawn to its end. *stop* is why the whole visit ends, if it does.
    """

    document: bytes | None
    rendered_at: datetime
    fetches: tuple[Fetch, ...]
    met: tuple[str, ...]
    ending: str | None
    stop: Stop | None


def open_renderer(crawler: Crawler, site: str, pause: Callable[[], float]) -> Renderer:
    """Return what draws the pages of *site* in the run of *crawler*, by its settings; *pause* is
    the seconds between two requests. Raises BrowserMissing.
    """
    settings = crawler.settings
    chromium = Chromium(find_browser(settings["KNIPSEL_BROWSER"]), settings["USER_AGENT"])
    bounds = RenderBounds(
        settings.getfloat("RENDER_SECONDS"),
        settings.getfloat("RENDER_LONGEST_SECONDS"),
        settings.getint("RENDER_PRESSES"),
        settings.getint("RENDER_REQUESTS"),
        settings.getint("RENDER_MAXSIZE"),
    )
    asked = AskedSite(
        partial(_download, crawler),
        lambda: getattr(crawler.spider, "stopping", False),
        site,
        settings["KNIPSEL_THREADS"] == "all",
    )
    return Renderer(chromium, asked, bounds, pause)


async def _download(crawler: Crawler, request: Request) -> Response:
    engine = crawler.engine
    assert engine is not None  # noqa: S101  # a page is drawn inside a running engine
    return await engine.download_async(request)


class Renderer:
    """Draws pages in *chromium*, whose requests are sent as *site* says; *pause* is the seconds
    between two of them.
    """

    def __init__(
        self, chromium: Chromium, site: AskedSite, bounds: RenderBounds, pause: Callable[[], float]
    ) -> None:
        self._chromium = chromium
        self._site = site
        self._bounds = bounds
        self._pause = pause
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Start the browser. Raises BrowserMissing."""
        await self._chromium.start()

    async def close(self) -> None:
        """End the browser."""
        await self._chromium.close()

    async def render(self, response: Response) -> Rendered:
        """Return the page that *response* holds as a browser draws it; its own document is not
        asked for again.

        Raises BrowserMissing where the browser cannot be started.
        """
        async with self._turn:
            requests = PageRequests(self._site, response, self._bounds.requests, self._bounds.size)
            page = DrawnPage(requests, self._bounds)
            document = await self._drawn(page, response.url)
            await requests.close()
        words = dict.fromkeys((page.ending, *requests.met))
        return Rendered(
            document=document,
            rendered_at=datetime.now(UTC),
            fetches=tuple(requests.fetches),
            met=tuple(word for word in words if word and word not in _QUIET),
            ending=page.ending,
            stop=requests.stop,
        )

    async def _drawn(self, page: DrawnPage, url: str) -> bytes | None:
        from playwright.async_api import Error  # noqa: PLC0415  # loaded where pages are drawn

        try:
            async with self._chromium.context() as context:
                return await page.draw(context, url, self._chromium.memory, self._pause)
        except Error:  # the browser died, or has no room for a page
            page.ending = "failed"
            return None
