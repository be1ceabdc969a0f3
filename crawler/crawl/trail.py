"""The requests of one visit, one after the other: redirects followed, answers read, fetches
kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.cookies import CookieJar
from scrapy.http.request import NO_CALLBACK

from crawler.downloader import (
    THREAD,
    Stop,
    check_status,
    failed_fetch,
    fetch_of,
    header,
    location,
    stop_for,
)
from crawler.extraction import PageReading
from crawler.rendering import BrowserMissing, Rendered, Renderer
from pipelines.page_kind import is_consent_address
from pipelines.tdm import Reservation, strongest
from storage.records import Fetch, Lease, Page, ThreadSource
from storage.urls import BadAddress, canonical, same_site

LONGEST_COOKIES = 4096  # bytes of a Cookie header; a longer one is not sent


class PageReader(Protocol):
    """Reads pages, as the extraction pool does."""

    async def read(self, page: Page, kind: str, depth: int) -> PageReading:
        """Return what *page*, a page or a list of this *kind*, holds. Raises ExtractionFailed."""


@dataclass(frozen=True, slots=True)
class VisitSetting:
    """What all visits of a run share: the crawler that downloads, the pool that reads, the
    site's address, how many redirects are followed for one page, whose *threads* are asked
    for: "off", "same-host" (those on the site's own host) or "all", and the browser that draws its
    articles, if one does.
    """

    crawler: Crawler
    reader: PageReader
    site: str
    redirects: int
    threads: str = "all"
    renderer: Renderer | None = None


class Trail:
    """What one visit asked for and got; *fetches* holds every request, in order, *drawn* words for
    what was met when a browser drew the page, None where none did.

    Whatever ends a visit early is raised as Stop, with the page's next state. Cookies that a
    redirect sets are sent along on this visit, for sites that show nothing without; no other visit
    knows them.
    """

    def __init__(self, lease: Lease, setting: VisitSetting) -> None:
        self.lease = lease
        self.fetches: list[Fetch] = []
        self.drawn: tuple[str, ...] | None = None
        self._setting = setting
        self._cookies = CookieJar()

    async def open(self, url: str, kind: str | None = None) -> tuple[Response, PageReading]:
        """Ask for *url*, follow its redirects, and return the answer with what it holds.

        *kind* is the lease's when it is not given. Raises Stop or ExtractionFailed.
        """
        response = await self._arrive(await self._download(url))
        return response, await self._read(response, kind or self.lease.kind)

    async def follow(self, response: Response) -> tuple[Response, PageReading]:
        """Return the final answer to which *response* leads and what it holds; a page that sends
        its reader on at once is followed as a redirect is. Raises Stop or ExtractionFailed.
        """
        for _hop in range(self._setting.redirects):
            response = await self._arrive(response)
            reading = await self._read(response, self.lease.kind)
            if reading.redirect is None:
                return response, reading
            response = await self._download(self._allowed(reading.redirect))
        raise Stop.because("redirect_loop", "The page sends its reader on without end.")

    async def render(self, response: Response) -> Rendered | None:
        """Return the page of *response* as a browser draws it, what it asked for kept; None where
        the site's pages are not drawn. Raises Stop.
        """
        renderer = self._setting.renderer
        if renderer is None or self.lease.kind != "page":
            return None
        try:
            rendered = await renderer.render(response)
        except BrowserMissing as error:
            raise Stop.because("no_browser", str(error)) from error
        self.fetches += rendered.fetches
        self.drawn = rendered.met
        self.forget_validators()
        if rendered.stop is not None:
            raise rendered.stop
        return rendered

    async def read(self, page: Page) -> PageReading:
        """Return what *page*, which the visit made of an answer, holds. Raises ExtractionFailed."""
        return await self._setting.reader.read(page, self.lease.kind, self.lease.depth)

    async def ask(self, source: ThreadSource) -> PageReading:
        """Return what a source of comments answers. Raises Stop or ExtractionFailed.

        Nothing of a visit goes with the question: no cookie, and redirects only within its host.
        The answer's fetch is kept under what was asked.
        """
        response = await self._send(_question(source, source.url))
        response = await self._followed(response, partial(_within_source, source))
        fetch = replace(fetch_of(response, _request(response)), url=source.address)
        try:
            check_status(response)
            page = replace(self.page(response, fetch.fetched_at), source=source)
            return await self._setting.reader.read(page, "thread", self.lease.depth)
        finally:
            self.fetches.append(fetch)

    def may_ask(self, source: ThreadSource) -> bool:
        """Return whether the run asks *source*, on the site or on the thread's own host."""
        is_own = self.address_within(source.url) is not None
        if not source.is_scripted:
            return is_own
        return self._setting.threads == "all" or (self._setting.threads == "same-host" and is_own)

    def forget_validators(self) -> None:
        """Have the page fetched whole at the next visit, too: what its script asks for changes
        without it.
        """
        self.fetches = [replace(one, etag=None, last_modified=None) for one in self.fetches]

    def page(self, response: Response, fetched_at: datetime | None = None) -> Page:
        """Return the page that an answer holds, fetched when the last request was."""
        return Page(
            url=response.url,
            body=response.body,
            fetched_at=fetched_at or self.fetches[-1].fetched_at,
            content_type=header(response, "Content-Type"),
            status=response.status,
            feed_published=self.lease.feed_published,
        )

    def address_within(self, url: str | None) -> str | None:
        """Return *url* in canonical form when it is an address of the site, else None."""
        try:
            address = canonical(url or "")
        except BadAddress:
            return None
        return address if same_site(address, self._setting.site) else None

    async def _arrive(self, response: Response) -> Response:
        """Follow redirects within the site to the page itself."""
        response = await self._followed(response, self._within_site)
        try:
            check_status(response)
        except Stop:
            self.fetches.append(fetch_of(response, _request(response)))
            raise
        return response

    async def _followed(
        self, response: Response, request_to: Callable[[Response, str], Request]
    ) -> Response:
        """Return the answer to which the redirects from *response* lead; *request_to* makes the
        request for the address to which an answer redirects, or raises Stop where it may not lead.
        """
        seen = {(response.url, self._cookie_names())}
        while (named := location(response)) is not None:
            self.fetches.append(fetch_of(response, _request(response)))
            request = request_to(response, named)
            # The same address with a new cookie is a new step.
            step = request.url, self._cookie_names()
            if step in seen or len(seen) > self._setting.redirects:
                detail = f"The redirects go round in a circle or on for ever, at {request.url}."
                raise Stop.because("redirect_loop", detail)
            seen.add(step)
            response = await self._send(request)
        return response

    def _within_site(self, response: Response, named: str) -> Request:
        target = self._allowed(named)
        self._cookies.extract_cookies(response, _request(response))
        return self._page_request(target)

    def _cookie_names(self) -> frozenset[str]:
        return frozenset(cookie.name for cookie in self._cookies)

    def _allowed(self, target: str) -> str:
        """Return *target* without its fragment; raise Stop where a redirect may not lead."""
        if is_consent_address(target):
            raise Stop.because("consent", f"The site asks for consent first, at {target}")
        try:
            canonical(target)
        except BadAddress as error:
            detail = f"The redirect leads to no address: {error}"
            raise Stop.because("bad_address", detail) from error
        if not same_site(target, self._setting.site):
            raise Stop.because("redirect_offsite", f"The page redirects to another site: {target}")
        return target.partition("#")[0]

    async def _download(self, url: str) -> Response:
        return await self._send(self._page_request(url))

    def _page_request(self, url: str) -> Request:
        request = Request(url, callback=NO_CALLBACK, dont_filter=True)
        self._cookies.add_cookie_header(request)
        if len(request.headers.get("Cookie") or b"") > LONGEST_COOKIES:
            del request.headers["Cookie"]
        return request

    async def _send(self, request: Request) -> Response:
        engine = self._setting.crawler.engine
        assert engine is not None  # noqa: S101  # a visit happens inside a running engine
        try:
            return await engine.download_async(request)
        except Exception as error:
            stop = stop_for(error)
            if stop.state != "put_back":  # what was not sent is no fetch
                self.fetches.append(failed_fetch(error, request))
            raise stop from error

    async def _read(self, response: Response, kind: str) -> PageReading:
        fetch = fetch_of(response, _request(response))
        page = self.page(response, fetch.fetched_at)
        try:
            reading = await self._setting.reader.read(page, kind, self.lease.depth)
        except Exception:
            self.fetches.append(fetch)
            raise
        self.fetches.append(_with_page_signals(fetch, reading))
        return reading


def _within_source(source: ThreadSource, _response: Response, named: str) -> Request:
    """Return the question at *named*, to which the host of *source* redirects. Raises Stop."""
    target = named.partition("#")[0]
    if source.payload is not None or not same_site(target, source.url):
        raise Stop.because("redirect_offsite", f"The comments are elsewhere: {target}")
    return _question(source, target)


def _question(source: ThreadSource, url: str) -> Request:
    posted = source.payload
    return Request(
        url,
        method="GET" if posted is None else "POST",
        body=None if posted is None else posted.encode(),
        headers={} if posted is None else {"Content-Type": "application/json"},
        callback=NO_CALLBACK,
        dont_filter=True,
        meta={THREAD: True} if source.is_scripted else {},
    )


def _with_page_signals(fetch: Fetch, reading: PageReading) -> Fetch:
    """Return *fetch* with what the page itself states: its charset, its reservation of text and
    data mining, its robots tokens.
    """
    tokens = ", ".join(tag for tag in (fetch.robots_tag, reading.robots_tag) if tag) or None
    fetch = replace(fetch, charset=reading.charset, robots_tag=tokens)
    stated = strongest(reading.reservation, _reservation_of(fetch))
    if stated is None:
        return fetch
    return replace(
        fetch,
        tdm_reservation=stated.reserved,
        tdm_policy=stated.policy,
        tdm_source=stated.source,
    )


def _reservation_of(fetch: Fetch) -> Reservation | None:
    if not fetch.tdm_reservation:
        return None
    return Reservation(fetch.tdm_reservation, fetch.tdm_policy, fetch.tdm_source or "")


def _request(response: Response) -> Request:
    assert response.request is not None  # noqa: S101  # Scrapy sets it on every answer
    return response.request
