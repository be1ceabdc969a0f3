"""The one spider for every site: takes pages from the frontier, hands out visits."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.misc import load_object
from twisted.python.failure import Failure

from crawler.crawl import (
    CrawlArguments,
    LockedSite,
    Requisites,
    Session,
    VisitBounds,
    Visitor,
    VisitSetting,
    open_session,
    requisites_asked,
    threads_asked,
    validators,
)
from crawler.downloader import SentAway
from crawler.extraction import ExtractionPool, SiteTemplates, WorkerProcesses
from crawler.politeness import Pace
from crawler.rendering import BrowserMissing, Renderer, open_renderer
from storage.records import Lease, Visit


class ArticlesSpider(Spider):
    """Crawls one site whose lock the crawl command took; docs/running.md lists the arguments that a
    user gives.

    Requests come from the frontier in the archive, and each answer becomes one Visit; the item
    pipeline stores it.
    """

    name = "articles"
    session: Session
    visitor: Visitor
    pool: ExtractionPool
    templates: SiteTemplates
    pace: Pace
    renderer: Renderer | None = None

    def __init__(
        self, arguments: CrawlArguments, locked: LockedSite, processes: WorkerProcesses
    ) -> None:
        super().__init__()
        self.arguments = arguments
        self.locked = locked
        self.processes = processes
        self.site = locked.site.url
        self.stopping = False
        self.asked_to_stop = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider with its session on the archive and its extraction pool."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.session = open_session(crawler.settings, spider.arguments, spider.locked)
        spider.pool = load_object(crawler.settings["EXTRACTION_POOL"])(
            spider.processes, crawler.settings.getfloat("EXTRACTION_TIMEOUT")
        )
        spider.templates = spider.session.templates(spider.pool)
        redirects = crawler.settings.getint("REDIRECTS_PER_PAGE")
        threads = threads_asked(crawler.settings)
        if spider.locked.site.render:
            spider.renderer = open_renderer(crawler, spider.site, lambda: spider.pace.seconds)
        setting = VisitSetting(
            crawler, spider.pool, spider.site, redirects, threads, spider.renderer
        )
        bounds = VisitBounds(
            pages=crawler.settings.getint("PAGES_PER_ARTICLE"),
            since=spider.arguments.since,
            until=spider.arguments.until,
        )
        spider.visitor = Visitor(setting, spider.templates, bounds, spider.requisites())
        return spider

    def requisites(self) -> Requisites | None:
        """Return what keeps style sheets and pictures, None where nobody asked for them."""
        if not requisites_asked(self.settings):
            return None
        most = self.settings.getint("REQUISITES_BYTES")
        return Requisites(self.crawler, self.pool, self.site, most, self.session.keep_requests)

    async def start(self) -> AsyncIterator[Any]:
        """Yield a request for each leased page, as long as there are any."""
        if self.renderer is not None and not await self._can_draw(self.renderer):
            return
        async for lease in self.session.leases(self._room):
            is_drawn = self.renderer is not None and lease.kind == "page"
            yield Request(
                lease.url,
                callback=self.parse_visit,
                errback=self.note_failure,
                cb_kwargs={"lease": lease},
                headers={} if is_drawn else validators(lease, datetime.now(UTC)),
                meta={"handle_httpstatus_all": True},
                dont_filter=True,
            )
        await self.templates.finish_learning()

    async def _can_draw(self, renderer: Renderer) -> bool:
        """Return whether the browser starts; where it does not, the run ends."""
        try:
            await renderer.start()
        except BrowserMissing as reason:
            self.session.fail(str(reason))
            return False
        return True

    def _room(self) -> int:
        """Return how many pages may be in flight: where they are drawn one after the other, one
        more than the browser has.
        """
        return self.pace.room() if self.renderer is None else 2

    async def parse_visit(self, response: Response, lease: Lease) -> AsyncIterator[Visit]:
        """Yield the visit that *response* leads to."""
        yield await self.visitor.visit(lease, response)

    async def note_failure(self, failure: Failure) -> AsyncIterator[Visit]:
        """Yield the visit of a page that got no usable answer."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it on every failure
        error = failure.value
        assert error is not None  # noqa: S101  # a failure has a reason
        yield self.visitor.failed(request.cb_kwargs["lease"], request, error)

    def halt(self, sentence: str) -> None:
        """Send nothing more and have the run end: what was not sent yet goes back to the
        frontier.
        """
        self.session.halt(sentence)
        self.stopping = True
        self.pace.drop_waiting(lambda: SentAway("Nothing may be sent to the site for now."))

    def stop(self) -> None:
        """End because the user, or the machine, asked for it."""
        self.asked_to_stop = True
        self.session.hurry()
        self.halt("The run was told to stop; the next one goes on.")

    def check_lock(self) -> None:
        """Raise SentAway unless this run certainly holds its site: a process that was stopped for
        long may have lost it.
        """
        if not self.session.lock.may_send:
            raise SentAway("The run was silent for so long that another may be on the site.")

    def finish(self) -> None:
        """End the run and free the site; more than once is as once."""
        self.session.close()

    async def closed(self, reason: str) -> None:  # noqa: ARG002  # Scrapy's signature
        """End with the spider."""
        if self.renderer is not None:
            await self.renderer.close()
        self.finish()
