"""The one spider for every site: takes pages from the frontier, hands out visits."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.python.failure import Failure

from crawler.extraction import ExtractionPool
from crawler.session import Assignment, Session
from crawler.visiting import Visitor
from pipelines.addresses import BadAddress, canonical
from storage.records import Lease, Visit

PAGES_AT_ONCE = 16


class BadArgument(ValueError):
    """Raised when an argument of the crawl cannot be used; its text says why."""


class ArticlesSpider(Spider):
    """Crawls one site: ``scrapy crawl articles -a site=URL [-a limit=N] [-a since=YYYY-MM-DD]``.

    Requests come from the frontier in the archive, and each answer becomes one Visit; the item pipeline stores it.
    """

    name = "articles"
    session: Session
    visitor: Visitor
    pool: ExtractionPool

    def __init__(self, site: str = "", limit: str | None = None, since: str | None = None, **unknown: Any) -> None:
        super().__init__()
        self.assignment = read_arguments(site, limit, since, **unknown)
        self.site = self.assignment.site

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider with its session on the archive and its extraction pool."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.session = Session.open(crawler.settings, spider.assignment)
        spider.pool = build_from_crawler(load_object(crawler.settings["EXTRACTION_POOL"]), crawler)
        spider.pool.profiles = spider.session.profiles()
        spider.visitor = Visitor(crawler, spider.pool, spider.assignment)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Yield a request for each leased page, as long as there are any."""
        async for lease in self.session.leases(PAGES_AT_ONCE):
            yield Request(
                lease.url,
                callback=self.parse_visit,
                errback=self.note_failure,
                cb_kwargs={"lease": lease},
                meta={"handle_httpstatus_all": True},
                dont_filter=True,
            )

    async def parse_visit(self, response: Response, lease: Lease) -> AsyncIterator[Visit]:
        """Yield the visit that *response* leads to."""
        yield await self.visitor.visit(lease, response)

    async def note_failure(self, failure: Failure) -> AsyncIterator[Visit]:
        """Yield the visit of a page that got no usable answer."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it on every failure
        error = failure.value
        assert error is not None  # noqa: S101  # a failure has a reason
        yield self.visitor.failed(request.cb_kwargs["lease"], request, error)

    def closed(self, reason: str) -> None:
        """End the workers and the run; a run that was shut down is gone on with by the next."""
        self.pool.close()
        self.session.close(finished=reason == "finished")


def read_arguments(site: str = "", limit: str | None = None, since: str | None = None, **unknown: Any) -> Assignment:
    """Return the assignment that the ``-a`` arguments make.

    Raises BadArgument with a sentence that says what to write instead.
    """
    if unknown:
        raise BadArgument(f"There is no argument {', '.join(sorted(unknown))}: use site, limit and since.")
    if not site:
        raise BadArgument("Which site? Say -a site=https://www.example.nl/")
    try:
        address = canonical(site if "://" in site else f"https://{site}")
    except BadAddress as error:
        raise BadArgument(f"The site {site!r} is no address: {error}") from error
    if limit is not None and (not limit.isdigit() or int(limit) < 1):
        raise BadArgument(f"limit={limit} is no number of articles: say limit=10")
    try:
        first_day = date.fromisoformat(since) if since is not None else None
    except ValueError as error:
        raise BadArgument(f"since={since} is no day: say since=2024-01-31") from error
    return Assignment(site=address, limit=int(limit) if limit else None, since=first_day)
