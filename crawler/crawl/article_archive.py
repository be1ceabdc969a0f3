"""What a plain Scrapy spider brings into the archive: each article with the answer it was read
in.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Any, Self, TypeVar

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.spidermiddlewares.base import BaseSpiderMiddleware
from sqlalchemy import Connection

from crawler.archive import open_archive
from crawler.crawl.run_archive import PageBounds, visit_context
from crawler.crawl.stats import RunStats
from crawler.crawl.verdict import DEGRADED, OK
from crawler.downloader import fetch_of
from pipelines.items import StoreArticle
from storage.crawl import (
    ArchiveWriter,
    Ending,
    Listing,
    VisitSaved,
    find_or_add_page,
    keep_visit,
    register_site,
    runs,
    sites,
)
from storage.database import Archive
from storage.privacy import Tombstones
from storage.records import Article, Candidate, Fetch, Visit
from storage.urls import canonical, site_of
from storage.warc import WarcPlace, WarcWriter

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _SiteRun:
    """The run under which a spider's articles of one site are kept."""

    site_id: int
    run_id: int
    stats: RunStats = field(default_factory=RunStats)


class ArticleArchive(BaseSpiderMiddleware):
    """Notes which answer each article came from, and stores both when the pipeline StoreArticle
    hands the article over. The archive is opened for the first one.

    A site that the archive did not know is paused: only its spider visits it, until ``knipsel sites
    resume`` gives it to ``knipsel crawl`` as well.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._answers: dict[str, Fetch] = {}
        self._runs: dict[str, _SiteRun] = {}
        self._beginning = asyncio.Lock()
        self._archive: Archive | None = None
        self._bounds = PageBounds.of(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware; it opens and closes with the spider."""
        made = super().from_crawler(crawler)
        crawler.signals.connect(made.spider_opened, signals.spider_opened)
        crawler.signals.connect(made.spider_closed, signals.spider_closed)
        return made

    def spider_opened(self) -> None:
        """Give the pipeline its archive."""
        pipeline = self.crawler.get_item_pipeline(StoreArticle)
        if pipeline is not None:
            pipeline.archive = self

    def get_processed_item(self, item: Any, response: Response | None) -> Any:
        """Note the answer that an article was read in."""
        if isinstance(item, Article) and response is not None and response.request is not None:
            self._answers[item.url] = fetch_of(response, response.request)
        return item

    async def keep(self, article: Article) -> None:
        """Store *article* with its answer. Raises DropItem for one that came from no answer, and
        ArchiveUnavailable.
        """
        fetch = self._answers.pop(article.url, None)
        if fetch is None:
            raise DropItem(
                f"{article.url} is not stored: yield an article from the callback of its answer."
            )
        run = await self._run_of(article.url)
        url = canonical(article.url)
        visit = self._tombstones.withhold(
            Visit(
                page_id=0,
                url=url,
                state="done",
                outcome="article",
                fetches=(fetch,),
                article=article,
            )
        )
        context = visit_context(run.run_id, run.site_id, self._bounds, has_lists=False)

        def operation(
            connection: Connection, places: tuple[WarcPlace | None, ...]
        ) -> tuple[Visit, VisitSaved]:
            found = Candidate(url=url, found_how="spider")
            listing = Listing(site_id=run.site_id, now=context.seen_at, cap=self._bounds.cap)
            page_id, token = find_or_add_page(connection, found, listing)
            held = replace(visit, page_id=page_id, token=token)
            return held, keep_visit(connection, held, context, places)

        run.stats.note(
            *await asyncio.wrap_future(self._writer.submit_with_fetches(operation, visit.fetches))
        )

    async def _run_of(self, url: str) -> _SiteRun:
        """Return the run on the site of *url*, begun with its first article."""
        async with self._beginning:
            if self._archive is None:
                self._open()
            site = site_of(url)
            if site not in self._runs:
                self._runs[site] = await self._do(lambda connection: self._begin(connection, url))
            return self._runs[site]

    def _open(self) -> None:
        settings = self.crawler.settings
        self._archive, folder = open_archive(settings)
        software = f"knipsel/{version('knipsel')}"
        warc = WarcWriter(folder / "warc", software=software, operator=settings["KNIPSEL_CONTACT"])
        patience = settings.getfloat("DATABASE_PATIENCE")
        self._writer = ArchiveWriter(self._archive, warc, patience)
        with self._archive.read() as connection:
            self._tombstones = Tombstones.load(connection)

    def _begin(self, connection: Connection, url: str) -> _SiteRun:
        now, name = datetime.now(UTC), site_of(url)
        is_known = any(site.name == name for site in sites.all_sites(connection))
        site_id = register_site(connection, canonical("/", url))
        if not is_known:
            sites.set_paused(connection, site_id, now)
        spider = self.crawler.spider.name if self.crawler.spider is not None else ""
        arguments = {"command": "crawl", "spider": spider}
        return _SiteRun(site_id, runs.begin_run(connection, site_id, arguments, now))

    async def _do(self, operation: Callable[[Connection], Result]) -> Result:
        return await asyncio.wrap_future(self._writer.submit(operation))

    async def spider_closed(self, reason: str) -> None:
        """End the runs and close the archive."""
        if self._archive is None:
            return
        is_whole = reason == "finished"
        verdict, reasons = (OK, ()) if is_whole else (DEGRADED, (f"The spider ended: {reason}.",))
        for site, run in self._runs.items():
            ending = Ending(run.stats.counters.as_row(), verdict, reasons)
            now = datetime.now(UTC)
            await self._do(partial(runs.end_run, run_id=run.run_id, ending=ending, now=now))
            logger.info("%s: %d articles are stored.", site, run.stats.articles)
        self._writer.close()
        self._archive.close()
