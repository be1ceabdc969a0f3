"""The spider of which every crawl of Knipsel's is one: it takes pages from the frontier and hands
out visits.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.spiders import Rule
from scrapy.utils.misc import load_object
from twisted.python.failure import Failure

from crawler.cli import Refused, set_contact
from crawler.crawl import (
    ARGUMENTS,
    CrawlArguments,
    LockedSite,
    Requisites,
    Session,
    VisitBounds,
    Visitor,
    VisitSetting,
    lock_named,
    open_session,
    read_arguments,
    requisites_asked,
    threads_asked,
    validators,
)
from crawler.downloader import SentAway
from crawler.extraction import ExtractionPool, SiteTemplates, WorkerProcesses
from crawler.politeness import ForgetfulMemory, OriginMemory, Pace
from crawler.rendering import BrowserMissing, Renderer, open_renderer
from crawler.spiders.page_parse import BadRule, PageParse, check_rules, read_page
from crawler.spiders.wiring import wire
from storage.records import Article, Lease, Visit
from storage.urls import site_of


@dataclass(frozen=True, slots=True)
class GivenRun:
    """What the crawl command has ready for a spider: what was asked for, the site's lock, and the
    processes that several sites share.
    """

    arguments: CrawlArguments
    locked: LockedSite
    processes: WorkerProcesses


class KnipselSpider(Spider):
    """Crawls *site* into the archive: politely, its pages leased from the frontier, each request
    and answer captured. A subclass with a name and a site is a spider (docs/scrapy.md).

    *rules* are Scrapy's: with them an address is followed only when a rule's link extractor allows
    it, and a rule's callback parses its pages. Without a *run* the spider locks its site itself,
    when it starts; one that is given another start, as ``scrapy parse`` and ``check`` do, has no
    run and stores nothing.
    """

    site: str = ""
    rules: Sequence[Rule] = ()
    session: Session
    visitor: Visitor
    pool: ExtractionPool
    templates: SiteTemplates
    pace: Pace
    renderer: Renderer | None = None

    def __init__(
        self, name: str | None = None, *, run: GivenRun | None = None, **arguments: Any
    ) -> None:
        asked = {key: arguments.pop(key) for key in ARGUMENTS if key in arguments}
        super().__init__(name, **arguments)
        own = {"site": self.site, **asked}
        self.arguments = run.arguments if run is not None else read_arguments(own)
        self.site = run.locked.site.url if run is not None else (self.arguments.site or "")
        self.began = asyncio.Event()
        self.stopping = False
        self.asked_to_stop = False
        self._run = run

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Add what a crawl of Knipsel's is made of to the components of the user's settings.

        Raises UsageError where the settings name nobody whom a site can reach, and for a rule that
        cannot be followed.
        """
        super().update_settings(settings)
        wire(settings)
        try:
            set_contact(settings)
            check_rules(cls, cls.rules)
        except (Refused, BadRule) as reason:
            raise UsageError(str(reason)) from reason

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider with the pace at which its site is asked."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.pace = Pace(crawler, site_of(spider.site))
        return spider

    @property
    def memory(self) -> OriginMemory:
        """Where the run remembers hosts."""
        return self.session if self.began.is_set() else ForgetfulMemory()

    async def start(self) -> AsyncIterator[Any]:
        """Yield a request for each leased page, as long as there are any."""
        self._begin()
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

    def _begin(self) -> None:
        """Begin the run on the archive, in its own processes where none were given.

        Raises SiteBusy, ArchiveUnavailable or BadProfile.
        """
        settings = self.settings
        if self._run is None:
            locked = lock_named(settings, self.arguments)
            self._processes = WorkerProcesses.from_settings(settings)
            self._run = GivenRun(self.arguments, locked, self._processes)
        self.session = open_session(settings, self.arguments, self._run.locked)
        self.pool = load_object(settings["EXTRACTION_POOL"])(
            self._run.processes, settings.getfloat("EXTRACTION_TIMEOUT")
        )
        self.templates = self.session.templates(self.pool)
        if self._run.locked.site.render:
            self.renderer = open_renderer(self.crawler, self.site, lambda: self.pace.seconds)
        bounds = self._visit_bounds()
        self.visitor = Visitor(self._visit_setting(), self.templates, bounds, self._requisites())
        self.began.set()

    def _requisites(self) -> Requisites | None:
        """Return what keeps style sheets and pictures, None where nobody asked for them."""
        if not requisites_asked(self.settings):
            return None
        most = self.settings.getint("REQUISITES_BYTES")
        return Requisites(self.crawler, self.pool, self.site, most, self.session.keep_requests)

    def _visit_setting(self) -> VisitSetting:
        redirects = self.settings.getint("REDIRECTS_PER_PAGE")
        threads = threads_asked(self.settings)
        return VisitSetting(self.crawler, self.pool, self.site, redirects, threads, self.renderer)

    def _visit_bounds(self) -> VisitBounds:
        return VisitBounds(
            pages=self.settings.getint("PAGES_PER_ARTICLE"),
            since=self.arguments.since,
            until=self.arguments.until,
        )

    async def parse_visit(self, response: Response, lease: Lease) -> AsyncIterator[Any]:
        """Yield the visit that *response* leads to, and what else the spider's own parse made of
        the page.
        """
        parse = PageParse(self, lease)
        yield await self.visitor.visit(lease, response, parse)
        for item in parse.items:
            yield item

    async def parse(self, response: Response) -> AsyncIterator[Any]:
        """Yield the article of a page; a subclass may yield another, or none, requests for further
        pages of the site, and items of its own for pipelines of its own.
        """
        article = await self.read(response)
        if article is not None:
            yield article

    async def read(self, response: Response) -> Article | None:
        """Return the article that Knipsel reads on a page, None where it reads none."""
        return await read_page(response)

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
        if self.began.is_set():
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
        if self.began.is_set() and not self.session.lock.may_send:
            raise SentAway("The run was silent for so long that another may be on the site.")

    def finish(self) -> None:
        """End the run and free the site; more than once is as once."""
        if hasattr(self, "session"):
            self.session.close()

    async def closed(self, reason: str) -> None:  # noqa: ARG002  # Scrapy's signature
        """End with the spider."""
        if self.renderer is not None:
            await self.renderer.close()
        if self.began.is_set():
            await self.templates.give_up_learning()
        self.finish()
        if hasattr(self, "_processes"):
            self._processes.close()
