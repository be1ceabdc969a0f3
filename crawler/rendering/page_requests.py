"""What a drawn page asks for: fetched by the crawl, within its rules, and captured as its answers
are; the browser gets what came.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.downloader import THREAD, Stop, failed_fetch, fetch_of, location, stop_for
from crawler.rendering.blocking import why_blocked
from storage.records import Fetch, posted_address
from storage.urls import same_site

if TYPE_CHECKING:
    from playwright.async_api import Request as PageRequest
    from playwright.async_api import Route

REDIRECTS = 5
AT_ONCE = 4  # so many requests of a page wait for their turn: the rest can still be called off
LARGEST_POST = 65_536
KEPT_BYTES = 32_000_000
_KEPT_KINDS = frozenset({"script", "stylesheet"})
# Ours, the connection's, or about a browser that is not the one who asks.
_NOT_SENT = frozenset({
    "user-agent", "accept-encoding", "host", "connection", "content-length", "cookie",
    "upgrade-insecure-requests",
})  # fmt: skip
_NOT_GIVEN = frozenset({
    b"content-encoding", b"content-length", b"transfer-encoding", b"connection", b"keep-alive",
})  # fmt: skip


class GivenAnswer(NamedTuple):
    """An answer as the browser gets it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, response: Response) -> GivenAnswer:
        """Return *response*, which is unpacked."""
        headers = {
            name.decode("latin-1"): _joined(name, values)
            for name, values in response.headers.items()
            if name.lower() not in _NOT_GIVEN
        }
        return cls(response.status, headers, response.body)

    async def give(self, route: Route) -> None:
        """Answer *route* with it."""
        await route.fulfill(status=self.status, headers=dict(self.headers), body=self.body)


def _joined(name: bytes, values: Sequence[bytes]) -> str:
    """Return a header's values as Playwright takes them: only cookies are lines of their own."""
    return ("\n" if name.lower() == b"set-cookie" else ", ").join(
        value.decode("latin-1").replace("\n", " ") for value in values
    )


class KeptAnswers:
    """Scripts and style sheets that a run fetched: its pages share them, so each is asked for
    once.
    """

    def __init__(self) -> None:
        self._answers: dict[str, GivenAnswer] = {}
        self._bytes = 0

    def find(self, url: str) -> GivenAnswer | None:
        """Return what *url* answered, None where it is not kept."""
        return self._answers.get(url)

    def keep(self, url: str, answer: GivenAnswer) -> None:
        """Keep what *url* answered, as far as there is room."""
        if answer.status == 200 and self._bytes + len(answer.body) <= KEPT_BYTES:
            self._answers[url] = answer
            self._bytes += len(answer.body)


@dataclass(frozen=True, slots=True)
class AskedSite:
    """How a page's requests are sent, whether the run is ending, which site is its own, whether
    *others* are asked as well, and what is kept of earlier pages.
    """

    download: Callable[[Request], Awaitable[Response]]
    is_ending: Callable[[], bool]
    url: str
    others: bool
    kept: KeptAnswers = field(default_factory=KeptAnswers)


class PageRequests:
    """Answers the requests of one page, whose own document is *document*, up to *most* requests and
    *most_bytes* bytes.

    *met* counts in words what was not given, *fetches* holds what was asked for, *is_full* says
    that a bound was reached.
    """

    def __init__(self, site: AskedSite, document: Response, most: int, most_bytes: int) -> None:
        self.met: Counter[str] = Counter()
        self.fetches: list[Fetch] = []
        self.in_flight = 0
        self.sent = 0
        self.is_full = False
        self._site = site
        self._document: Response | None = document
        self._most = most
        self._room = most_bytes
        self._refused: set[str] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._is_over = False
        self._stop: Stop | None = None

    @property
    def stop(self) -> Stop | None:
        """Why the whole visit ends, None where it goes on."""
        if self._stop is None and self._site.is_ending():
            self._stop = Stop.because("sent_away")
        return self._stop

    async def close(self) -> None:
        """Send nothing more, and wait for what was sent: its answer is kept, whoever asked."""
        self._is_over = True
        while self.in_flight:
            await asyncio.sleep(0.05)

    async def answer(self, route: Route) -> None:
        """Give the browser what it asks for, or the word that it gets nothing."""
        from playwright.async_api import Error  # noqa: PLC0415  # loaded where pages are drawn

        with suppress(Error):  # the page that asked may be gone by now
            if route.request.is_navigation_request():
                await self._answer_navigation(route)
                return
            given = await self._waited(route.request)
            if given is None:
                await route.abort("blockedbyclient")
            else:
                await given.give(route)

    async def _waited(self, request: PageRequest) -> GivenAnswer | None:
        self.in_flight += 1
        try:
            async with self._turns:
                return await self._given(request)
        except Stop:  # a redirect leads to no address
            return None
        finally:
            self.in_flight -= 1

    async def _answer_navigation(self, route: Route) -> None:
        """Give the page its own document, once; wherever else it, a frame or a new window leads is
        not gone to.
        """
        document, self._document = self._document, None
        if document is None:
            self.met["unneeded" if _is_in_frame(route.request) else "navigation"] += 1
            await route.abort("aborted")
            return
        await GivenAnswer.of(document).give(route)

    async def _given(self, request: PageRequest) -> GivenAnswer | None:
        """Return what is given for *request*, None where it is not asked for or gets no answer."""
        url = request.url.partition("#")[0]
        why = self._why_refused(request, url)
        if why is not None:
            self.met[why] += 1
            return None
        is_kept = request.resource_type in _KEPT_KINDS
        given = self._site.kept.find(url) if is_kept else None
        if given is not None:
            return given
        given = await self._fetched(await self._asked(request, url))
        if given is not None and is_kept:
            self._site.kept.keep(url, given)
        return given

    def _why_refused(self, request: PageRequest, url: str) -> str | None:
        """Return in a word why *request* is not sent, None where it is."""
        why = why_blocked(url, request.resource_type, request.method)
        if why is not None:
            return why
        if not self._site.others and not same_site(url, self._site.url):
            return "elsewhere"
        if len(request.post_data_buffer or b"") > LARGEST_POST:
            return "upload"
        return "refused" if url in self._refused else None

    async def _asked(self, request: PageRequest, url: str) -> Request:
        """Return the crawl's request for what the page wants, with the cookies that its site set on
        this page.
        """
        headers = {
            name: value
            for name, value in request.headers.items()
            if name not in _NOT_SENT and not name.startswith("sec-")
        }
        if same_site(url, self._site.url):
            context = request.frame.page.context
            cookies = [f"{one['name']}={one['value']}" for one in await context.cookies(url)]
            headers |= {"cookie": "; ".join(cookies)} if cookies else {}
        return Request(
            url,
            method=request.method,
            headers=headers,
            body=request.post_data_buffer or b"",
            callback=NO_CALLBACK,
            dont_filter=True,
            meta={THREAD: True},
        )

    async def _fetched(self, request: Request) -> GivenAnswer | None:
        """Return the final answer to *request*, its fetch and those of its redirects kept."""
        for _hop in range(REDIRECTS):
            response = await self._sent(request)
            if response is None:
                return None
            fetch = fetch_of(response, request)
            posted = request.body.decode("utf-8", "replace")
            address = posted_address(request.url, posted) if posted else request.url
            self.fetches.append(replace(fetch, url=address))
            named = location(response)
            if named is None:
                return GivenAnswer.of(response)
            request = _following(request, response.status, named.partition("#")[0])
        return None

    async def _sent(self, request: Request) -> Response | None:
        if self._is_over or self.sent >= self._most or self._room <= 0:
            self.is_full = not self._is_over
            return None
        self.sent += 1
        try:
            response = await self._site.download(request)
        except Exception as error:  # whatever it is, it has an outcome
            self._lost(error, request)
            return None
        self._room -= len(response.body)
        return response

    def _lost(self, error: Exception, request: Request) -> None:
        stop = stop_for(error)
        if stop.state == "put_back":  # the visit is to end: what was not sent is no fetch
            self._stop = stop
            return
        self._refused.add(request.url)
        self.met[stop.outcome] += 1
        self.fetches.append(failed_fetch(error, request))


def _is_in_frame(request: PageRequest) -> bool:
    try:
        return request.frame.parent_frame is not None
    except Exception:  # Playwright's word for a new window that has no page yet
        return False


def _following(request: Request, status: int, url: str) -> Request:
    """Return the request to which a redirect leads: what was posted goes along only where its
    status says so (RFC 9110, 15.4).
    """
    if status in {307, 308}:
        return request.replace(url=url)
    headers = {
        name: values
        for name, values in request.headers.items()
        if name.lower() not in {b"content-type", b"cookie"}
    }
    return request.replace(url=url, method="GET", body=b"", headers=headers)
