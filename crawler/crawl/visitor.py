"""A visit: from one leased page and its first answer to everything that is to be stored of it."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.crawl.arguments import Assignment
from crawler.downloader import (
    Stop,
    check_status,
    failed_fetch,
    fetch_of,
    header,
    location,
    stop_for,
)
from crawler.extraction import ExtractionFailed, ExtractionPool, PageReading, SiteTemplates
from pipelines.comments import is_wanted, join_source, next_address
from pipelines.content import merge, page_number
from pipelines.page_kind import is_consent_address
from pipelines.tdm import Reservation, strongest
from storage.records import Article, Candidate, Comment, Fetch, Lease, Page, Visit
from storage.urls import BadAddress, canonical, is_comment_page, same_site, variant_key

Ask = Callable[[str], Awaitable[PageReading]]


async def ask_source(article: Article, site: str, most: int, ask: Ask) -> tuple[Comment, ...]:
    """Return what the comment source of *article* at *site* tells, asked for in at most *most*
    requests.

    *ask* fetches and reads one address. A source that does not answer tells nothing: its fetch is
    kept and the gap stays.
    """
    found: list[Comment] = []
    address = next((url for url in article.comment_sources if same_site(url, site)), None)
    for _request in range(most):
        if address is None:
            break
        try:
            reading = await ask(address)
        except ExtractionFailed:
            break
        except Stop as stop:
            if stop.state == "put_back":
                raise  # the run is ending: a later one can have the whole
            break
        found += reading.comments
        address = next_address(address, len(reading.comments))
    return tuple(found)


# characters: shorter than this, what a paywall shows is the wall and no part of the article
LEAST_TEASER = 200


class Visitor:
    """Visits pages: follows redirects within the site, has the page read, gathers its comment pages
    and further pages.

    What was read of an article's own page teaches *templates*.
    """

    def __init__(
        self,
        crawler: Crawler,
        pool: ExtractionPool,
        templates: SiteTemplates,
        assignment: Assignment,
        site: str,
    ) -> None:
        self._crawler = crawler
        self._pool = pool
        self._templates = templates
        self._assignment = assignment
        self._site = site
        self._redirects = crawler.settings.getint("REDIRECTS_PER_PAGE")
        self._pages = crawler.settings.getint("PAGES_PER_ARTICLE")

    async def visit(self, lease: Lease, response: Response) -> Visit:
        """Return all that came of *lease*, whose first answer is *response*. Never raises: what
        goes wrong is an outcome.
        """
        trail: list[Fetch] = []
        try:
            return await self._visit(lease, response, trail)
        except Stop as stop:
            return self._lost(lease, stop, trail)
        except ExtractionFailed as error:
            return self._lost(lease, Stop("failed", "extraction_failed", str(error)), trail)
        except (
            Exception
        ) as error:  # the boundary: a page that breaks our code is put aside, with its reason
            detail = f"{type(error).__name__}: {error}"[:500]
            return self._lost(lease, Stop("failed", "internal_error", detail), trail)

    def failed(self, lease: Lease, request: Request, error: BaseException) -> Visit:
        """Return the visit of a page whose first request got no usable answer."""
        stop = stop_for(error)
        return self._lost(
            lease, stop, [] if stop.state == "put_back" else [failed_fetch(error, request)]
        )

    def _lost(self, lease: Lease, stop: Stop, trail: list[Fetch]) -> Visit:
        self._templates.note_lost(lease.url)
        return _stopped(lease, stop, trail)

    async def _visit(self, lease: Lease, response: Response, trail: list[Fetch]) -> Visit:
        response, reading = await self._arrive_and_read(response, lease, trail)
        if reading.article is not None:
            response, reading = await self._prefer_canonical(response, reading, lease, trail)
        url = canonical(response.url)
        if reading.article is None:
            await self._templates.note(_page(response, lease, trail[-1].fetched_at), reading)
            state = "done" if lease.kind != "page" else "refused"
            return _kept(lease, url, trail, reading, state)
        first = _first_page(reading.article)
        if first is not None:
            detail = f"This is a further page of the article at {first}."
            candidates = (
                *reading.candidates,
                Candidate(url=canonical(first), found_on=url, depth=lease.depth),
            )
            part = PageReading(
                outcome="article_page",
                detail=detail,
                charset=reading.charset,
                candidates=candidates,
            )
            return _kept(lease, url, trail, part, "refused")
        page = _page(response, lease, trail[-1].fetched_at)
        article = await self._gather(reading.article, lease, trail)
        is_short = is_wanted(article)
        is_asked = is_short or self._templates.may_ask(reading.article)
        told = (
            await ask_source(
                article, self._site, self._pages, lambda url: self._ask(url, lease, trail)
            )
            if is_asked
            else ()
        )
        await self._templates.note(page, reading, told)
        article = join_source(article, told) if is_short and told else article
        return self._article_visit(lease, url, trail, replace(reading, article=article))

    async def _arrive_and_read(
        self, response: Response, lease: Lease, trail: list[Fetch]
    ) -> tuple[Response, PageReading]:
        """Return the final answer and what it holds; a page that sends its reader on at once is
        followed as a redirect is.
        """
        for _hop in range(self._redirects):
            response = await self._arrive(response, trail)
            reading = await self._read(response, lease, trail)
            if reading.redirect is None:
                return response, reading
            response = await self._download(self._allowed(reading.redirect), trail)
        raise Stop("refused", "redirect_loop", "The page sends its reader on without end.")

    async def _arrive(self, response: Response, trail: list[Fetch]) -> Response:
        """Follow redirects within the site to the page itself."""
        seen = {response.url}
        while (named := location(response)) is not None:
            target = self._allowed(named)
            trail.append(fetch_of(response, _request(response)))
            if target in seen or len(seen) > self._redirects:
                raise Stop(
                    "refused",
                    "redirect_loop",
                    f"The redirects go round in a circle or on for ever, at {target}.",
                )
            seen.add(target)
            response = await self._download(target, trail)
        try:
            check_status(response)
        except Stop:
            trail.append(fetch_of(response, _request(response)))
            raise
        return response

    def _allowed(self, location: str) -> str:
        """Return *location* without its fragment; raise Stop where a redirect may not lead."""
        if is_consent_address(location):
            raise Stop("refused", "consent", f"The site asks for consent first, at {location}")
        try:
            canonical(location)
        except BadAddress as error:
            raise Stop(
                "refused", "bad_address", f"The redirect leads to no address: {error}"
            ) from error
        if not same_site(location, self._site):
            raise Stop(
                "refused", "redirect_offsite", f"The page redirects to another site: {location}"
            )
        return location.partition("#")[0]

    async def _download(self, url: str, trail: list[Fetch]) -> Response:
        request = Request(url, callback=NO_CALLBACK, dont_filter=True)
        assert self._crawler.engine is not None  # noqa: S101  # a visit happens inside a running engine
        try:
            return await self._crawler.engine.download_async(request)
        except Exception as error:
            stop = stop_for(error)
            if stop.state != "put_back":  # what was not sent is no fetch
                trail.append(failed_fetch(error, request))
            raise stop from error

    async def _read(self, response: Response, lease: Lease, trail: list[Fetch]) -> PageReading:
        fetch = fetch_of(response, _request(response))
        try:
            reading = await self._pool.read(
                _page(response, lease, fetch.fetched_at), lease.kind, lease.depth
            )
        except Exception:
            trail.append(fetch)
            raise
        trail.append(_with_page_signals(fetch, reading))
        return reading

    async def _prefer_canonical(
        self, response: Response, reading: PageReading, lease: Lease, trail: list[Fetch]
    ) -> tuple[Response, PageReading]:
        """Return answer and reading of the address that the article calls its own, if the same
        article stands there.
        """
        assert reading.article is not None  # noqa: S101  # the caller asks for articles only
        url, named = canonical(response.url), self._own_address(reading.article.canonical_url)
        if (
            named is None
            or variant_key(named) == variant_key(url)
            or is_comment_page(named)
            or page_number(named) > 1
        ):
            return response, reading
        try:
            other_response = await self._arrive(await self._download(named, trail), trail)
            other = await self._read(other_response, lease, trail)
        except Stop as stop:
            if stop.state == "put_back":
                raise
            return response, reading
        if other.article is None or other.article.headline != reading.article.headline:
            return response, reading
        return other_response, other

    def _own_address(self, url: str | None) -> str | None:
        try:
            address = canonical(url or "")
        except BadAddress:
            return None
        return address if same_site(address, self._site) else None

    async def _gather(self, first: Article, lease: Lease, trail: list[Fetch]) -> Article:
        """Return *first* together with the further pages of its thread and its text."""
        parts: list[Article] = []
        seen = {canonical(first.url), variant_key(first.url)}
        waiting = deque((*first.body_pages, *first.comment_pages))
        while waiting and len(parts) < self._pages:
            url = self._own_address(waiting.popleft())
            if url is None or url in seen:
                continue
            seen.add(url)
            part = await self._read_part(url, lease, trail)
            if part is not None:
                parts.append(part)
                waiting.extend((*part.body_pages, *part.comment_pages))
        return merge(first, parts) if parts else first

    async def _read_part(self, url: str, lease: Lease, trail: list[Fetch]) -> Article | None:
        """Return a further page of the article; None when it cannot be had, which its fetch and the
        count then tell.
        """
        try:
            response = await self._arrive(await self._download(url, trail), trail)
            return (await self._read(response, lease, trail)).article
        except ExtractionFailed:
            return None
        except Stop as stop:
            if stop.state == "put_back":
                raise  # half a thread is not stored when a later run can have the whole
            return None

    async def _ask(self, url: str, lease: Lease, trail: list[Fetch]) -> PageReading:
        """Return what a source of comments answers; raise Stop when it does not."""
        response = await self._arrive(await self._download(url, trail), trail)
        return await self._read(response, replace(lease, kind="thread"), trail)

    def _article_visit(
        self, lease: Lease, url: str, trail: list[Fetch], reading: PageReading
    ) -> Visit:
        article = reading.article
        assert article is not None  # noqa: S101  # the caller asks for articles only
        if article.access != "full" and len(article.article_body) < LEAST_TEASER:
            detail = "A paywall stands where the article should."
            return _kept(
                lease,
                url,
                trail,
                replace(reading, article=None, outcome="paywall", detail=detail),
                "refused",
            )
        since, until = self._assignment.since, self._assignment.until
        published = article.date_published.date() if article.date_published else None
        for outcome, excluded, words in (
            ("before_since", since and published and published < since, f"before {since}"),
            ("after_until", until and published and published > until, f"after {until}"),
        ):
            if excluded:
                detail = f"Published on {published}, {words}."
                return _kept(
                    lease,
                    url,
                    trail,
                    replace(reading, article=None, outcome=outcome, detail=detail),
                    "done",
                )
        return _kept(lease, url, trail, reading, "done")


def _with_page_signals(fetch: Fetch, reading: PageReading) -> Fetch:
    """Return *fetch* with what the page itself says: its charset, its word on mining, its robots
    tokens.
    """
    header = (
        Reservation(fetch.tdm_reservation, fetch.tdm_policy, fetch.tdm_source or "")
        if fetch.tdm_reservation
        else None
    )
    tokens = ", ".join(tag for tag in (fetch.robots_tag, reading.robots_tag) if tag) or None
    said = strongest(reading.reservation, header)
    fetch = replace(fetch, charset=reading.charset, robots_tag=tokens)
    return (
        replace(
            fetch, tdm_reservation=said.reserved, tdm_policy=said.policy, tdm_source=said.source
        )
        if said
        else fetch
    )


def _first_page(article: Article) -> str | None:
    """Return the address of the article's first page where *article* is a later one of it, else
    None.
    """
    if page_number(article.url) == 1:
        return None
    return next((url for url in article.body_pages if page_number(url) == 1), None)


def _page(response: Response, lease: Lease, fetched_at: datetime) -> Page:
    return Page(
        url=response.url,
        body=response.body,
        fetched_at=fetched_at,
        content_type=header(response, "Content-Type"),
        status=response.status,
        feed_published=lease.feed_published,
    )


def _request(response: Response) -> Request:
    assert response.request is not None  # noqa: S101  # Scrapy sets it on every answer
    return response.request


def _kept(lease: Lease, url: str, trail: list[Fetch], reading: PageReading, state: str) -> Visit:
    return Visit(
        page_id=lease.page_id,
        token=lease.token,
        url=url,
        state=state,
        outcome=reading.outcome,
        detail=reading.detail,
        fetches=tuple(trail),
        article=reading.article,
        candidates=reading.candidates,
        unread=reading.unread,
    )


def _stopped(lease: Lease, stop: Stop, trail: list[Fetch]) -> Visit:
    return Visit(
        page_id=lease.page_id,
        token=lease.token,
        url=lease.url,
        state=stop.state,
        outcome=stop.outcome,
        detail=stop.detail,
        fetches=tuple(trail),
        retry_after_seconds=stop.retry_after_seconds,
    )
