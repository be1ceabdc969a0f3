"""A visit: from one leased page and its first answer to everything that is to be stored of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from scrapy import Request
from scrapy.http import Response

from crawler.crawl.drawing import draw
from crawler.crawl.parts import ask_sources, gather_pages
from crawler.crawl.requisites import Requisites
from crawler.crawl.trail import Trail, VisitSetting
from crawler.downloader import Stop, failed_fetch, stop_for
from crawler.extraction import ExtractionFailed, PageReading, SiteTemplates
from pipelines import comments, content
from storage.local_time import is_after, is_before, local_value
from storage.records import Article, Candidate, Lease, Visit
from storage.urls import canonical, is_comment_page, variant_key

# characters: shorter than this, what a paywall shows is the wall and no part of the article
LEAST_TEASER = 200
MOST_PARTS = 100_000  # further pages of articles that a run remembers, which are none themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitBounds:
    """What of a site a run wants: at most *pages* further pages an article, of articles published
    from *since* to *until* (days in Amsterdam).
    """

    pages: int
    since: date | None = None
    until: date | None = None


# A spider's own word on a page that was read (crawler.spiders).
Parse = Callable[[Response, PageReading], Awaitable[PageReading]]


class Visitor:
    """Visits pages: follows each to its final answer and gathers the article's other parts.

    What was read of an article's own page teaches *templates*.
    """

    def __init__(
        self,
        setting: VisitSetting,
        templates: SiteTemplates,
        bounds: VisitBounds,
        requisites: Requisites | None = None,
    ) -> None:
        """With *requisites* what an article's page loads is kept, too."""
        self._setting = setting
        self._templates = templates
        self._bounds = bounds
        self._parts: dict[str, str] = {}  # of articles: the first page of each by its key
        self._requisites = requisites

    async def visit(self, lease: Lease, response: Response, parse: Parse) -> Visit:
        """Return all that came of *lease*, whose first answer is *response*; what the final one
        holds is as *parse* has it. Never raises: what goes wrong is an outcome.
        """
        trail = Trail(lease, self._setting)
        try:
            return await self._visit(trail, response, parse)
        except Stop as stop:
            return self._lost(trail, stop)
        except ExtractionFailed as error:
            return self._lost(trail, Stop.because("extraction_failed", str(error)))
        except Exception as error:  # the boundary: a page that breaks our code is put aside
            detail = f"{type(error).__name__}: {error}"
            return self._lost(trail, Stop.because("internal_error", detail[:500]))

    def failed(self, lease: Lease, request: Request, error: BaseException) -> Visit:
        """Return the visit of a page whose first request got no usable answer."""
        trail, stop = Trail(lease, self._setting), stop_for(error)
        if stop.state != "put_back":
            trail.fetches.append(failed_fetch(error, request))
        return self._lost(trail, stop)

    def _lost(self, trail: Trail, stop: Stop) -> Visit:
        lease = trail.lease
        self._templates.note_lost(lease.url)
        return Visit(
            page_id=lease.page_id,
            token=lease.token,
            url=lease.url,
            state=stop.state,
            outcome=stop.outcome,
            detail=stop.detail,
            fetches=tuple(trail.fetches),
            retry_after_seconds=stop.retry_after_seconds,
            drawn=trail.drawn,
        )

    async def _visit(self, trail: Trail, response: Response, parse: Parse) -> Visit:
        response, reading = await trail.follow(response)
        if reading.article is not None:
            response, reading = await self._prefer_canonical(response, reading, trail)
        response, reading = await draw(response, reading, trail)
        reading = await parse(response, reading)
        url = canonical(response.url)
        if reading.article is None:
            await self._templates.note(trail.page(response), reading)
            return _without_article(trail, url, reading)
        first = content.first_page(reading.article) or self._parts.get(variant_key(url))
        if first is not None:
            return _kept(trail, url, _further_page(reading, first, trail.lease, url), "refused")
        article = await self._gather(response, reading, trail)
        reading = self._within_bounds(replace(reading, article=article))
        if self._requisites is not None and reading.article is not None:
            await self._requisites.fetch_for(trail.page(response))
        return _kept(trail, url, reading, "refused" if reading.outcome == "paywall" else "done")

    async def _prefer_canonical(
        self, response: Response, reading: PageReading, trail: Trail
    ) -> tuple[Response, PageReading]:
        """Return answer and reading of the address that the article has for its own, if the same
        article is there.
        """
        assert reading.article is not None  # noqa: S101  # the caller asks for articles only
        named = trail.address_within(content.own_address(reading.article))
        if named is None or not _is_other_page(named, canonical(response.url)):
            return response, reading
        try:
            other_response, other = await trail.open(named)
        except Stop as stop:
            if stop.state == "put_back":
                raise
            return response, reading
        if other.article is None or other.article.headline != reading.article.headline:
            return response, reading
        return other_response, other

    async def _gather(self, response: Response, reading: PageReading, trail: Trail) -> Article:
        """Return the article with its further pages and what its comment source states; its own
        page and that source teach the site's template.
        """
        assert reading.article is not None  # noqa: S101  # the caller asks for articles only
        page = trail.page(response)
        article, parts = await gather_pages(reading.article, trail, self._bounds.pages)
        if len(self._parts) < MOST_PARTS:
            self._parts |= dict.fromkeys(map(variant_key, parts), article.url)
        is_short = comments.is_wanted(article)
        is_asked = is_short or self._templates.may_ask(reading.article)
        if article.comment_threads:
            trail.forget_validators()
        stated = await ask_sources(article, trail, self._bounds.pages) if is_asked else None
        await self._templates.note(page, reading, comments.lessons_of(stated))
        return comments.join_thread(article, stated) if is_short and stated else article

    def _within_bounds(self, reading: PageReading) -> PageReading:
        """Return *reading*, without its article when only a paywall shows or the run wants other
        days.
        """
        article = reading.article
        assert article is not None  # noqa: S101  # the caller asks for articles only
        if article.access != "full" and len(article.article_body) < LEAST_TEASER:
            detail = "A paywall stands where the article should."
            return replace(reading, article=None, outcome="paywall", detail=detail)
        for outcome, detail in self._days_missed(article):
            return replace(reading, article=None, outcome=outcome, detail=detail)
        return reading

    def _days_missed(self, article: Article) -> Iterator[tuple[str, str]]:
        if article.date_published is None:
            return
        published = local_value(article.date_published, article.date_published_precision)
        since, until = self._bounds.since, self._bounds.until
        if since is not None and is_before(published, since):
            yield "before_since", f"Published on {published[:10]}, before {since}."
        if until is not None and is_after(published, until):
            yield "after_until", f"Published on {published[:10]}, after {until}."


def _is_other_page(named: str, url: str) -> bool:
    """Return whether the canonical address *named* is another page than *url*, and a first page."""
    is_same = variant_key(named) == variant_key(url)
    is_first = content.page_number(named, (url,)) <= 1
    return not is_same and not is_comment_page(named) and is_first


def _further_page(reading: PageReading, first: str, lease: Lease, url: str) -> PageReading:
    """Return the reading of a later page of the article at *first*: it leads there."""
    leading = Candidate(url=canonical(first), found_on=url, depth=lease.depth)
    return PageReading(
        outcome="article_page",
        detail=f"This is a further page of the article at {first}.",
        charset=reading.charset,
        candidates=(*reading.candidates, leading),
    )


def _without_article(trail: Trail, url: str, reading: PageReading) -> Visit:
    """Return the visit of a list, or of a page that is no article. A list that leads to something
    else says nothing of the page there; one that is broken off is fetched whole next time.
    """
    lease = trail.lease
    if lease.kind == "page":
        return _kept(trail, url, reading, "refused")
    if reading.unread:
        trail.forget_validators()
    return _kept(trail, url if reading.outcome == lease.kind else lease.url, reading, "done")


def _kept(trail: Trail, url: str, reading: PageReading, state: str) -> Visit:
    return Visit(
        page_id=trail.lease.page_id,
        token=trail.lease.token,
        url=url,
        state=state,
        outcome=reading.outcome,
        detail=reading.detail,
        fetches=tuple(trail.fetches),
        article=reading.article,
        candidates=reading.candidates,
        unread=reading.unread,
        drawn=trail.drawn,
    )
