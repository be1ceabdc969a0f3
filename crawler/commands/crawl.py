"""``scrapy crawl articles``: Scrapy's own command, with checks before, a table after, and a verdict in the exit code."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.assignment import Assignment, BadArgument, read_arguments
from crawler.capture import is_public
from crawler.command import OurCommand, Refused
from crawler.contact import set_contact
from crawler.locks import Held, SiteBusy, take_lock
from crawler.output import Answer, OneLineErrors
from crawler.session import open_archive
from crawler.spiders.articles import ArticlesSpider
from crawler.summary import summarise
from crawler.windows import is_open
from storage import sites
from storage.archive import ArchiveUnavailable

ABOVE_THE_PROJECT = 30  # the priority of a setting that -s and -L still override
EXIT_CODES = {"ok": 0, "degraded": 1, "failed": 2}


class Command(OurCommand, ScrapyCrawl):
    """Crawl a site, or every registered site that is due, into the archive.

    Exit code 0: ok. 1: degraded. 2: failed, nothing was fetched, or the crawl could not begin. Of several sites the worst counts.
    """

    requires_crawler_process = True
    default_settings: ClassVar[dict[str, Any]] = {}

    promise = "Crawl a site's articles and their readers' comments into the archive"
    explanation = "Without a site, every registered site that is due. Exit code 0: ok, 1: degraded, 2: failed."
    arguments = "articles"
    examples = (
        "KNIPSEL_CONTACT=you@example.org scrapy crawl articles -a site=https://www.example.nl/ -a limit=20",
        "scrapy crawl articles -a site=https://www.example.nl/ -a since=2024-01-01 -a refresh=all",
        "scrapy crawl articles --quiet",
    )
    choices = (ArticlesSpider.name,)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the options; on a terminal the bar replaces the log's informative lines."""
        super().process_options(args, opts)
        if opts.quiet:
            extensions = {**self._settings.getdict("EXTENSIONS"), "crawler.crawl_progress.CrawlProgress": None}
            self._settings.set("EXTENSIONS", extensions, ABOVE_THE_PROJECT)
        if opts.quiet or sys.stderr.isatty():
            self._settings.set("LOG_LEVEL", "ERROR" if opts.quiet else "WARNING", ABOVE_THE_PROJECT)

    def answer(self, args: list[str], opts: argparse.Namespace) -> Answer:
        """Crawl; what each run brought is told when it ends."""
        self._calm_log(opts)
        self._crawled: set[int] = set()
        self._told: list[Mapping[str, Any]] = []
        self._current: Crawler | None = None
        if args != [ArticlesSpider.name]:
            raise Refused(f"Which spider? Say: scrapy crawl {ArticlesSpider.name} -a site=https://www.example.nl/")
        set_contact(self._settings)
        try:
            assignment = read_arguments(opts.spargs)
        except BadArgument as reason:
            raise Refused(str(reason)) from reason
        try:
            held = self._next(assignment)
        except SiteBusy as busy:
            self._end("ok" if assignment.if_running == "skip" else "failed", str(busy))
        else:
            self._crawl(assignment, held)
        return Answer({"runs": self._told, "exit_code": self.exitcode}, code=self.exitcode)

    def _calm_log(self, opts: argparse.Namespace) -> None:
        """What the framework is made of is for its developers; what the crawl does is told by crawler.crawl_progress."""
        if opts.loglevel is None:
            for name in ("scrapy", "alembic"):
                logging.getLogger(name).setLevel(logging.WARNING)
        if not opts.verbose:
            for handler in logging.root.handlers:
                handler.addFilter(OneLineErrors())

    def _crawl(self, assignment: Assignment, held: Held | None) -> None:
        if held is None:
            self._end("ok", "No registered site is due.")
            return
        assert self.crawler_process is not None  # noqa: S101  # Scrapy sets it before run
        self._start(assignment, held)
        self.crawler_process.start()
        self._conclude()  # a crawl that was broken off after its time to stop did not come to its end

    def _next(self, assignment: Assignment) -> Held | None:
        """Take the lock of the site to crawl and return it: the one that was named, else the next that is due."""
        now = datetime.now(UTC)
        archive, _folder = open_archive(self._settings)
        try:
            if assignment.site is not None:
                with archive.begin() as connection:
                    site_id = sites.register_site(connection, assignment.site)
                    site = next(known for known in sites.all_sites(connection) if known.site_id == site_id)
                return Held(site, take_lock(archive, site_id, assignment.if_running))
            with archive.read() as connection:
                due = [site for site in sites.due_sites(connection, now) if is_open(site.hours, now)]
                if not due and not sites.all_sites(connection):
                    raise Refused("No site is registered: say -a site=https://www.example.nl/, or scrapy sites add URL.")
            for site in due:
                if site.site_id not in self._crawled:
                    try:
                        return Held(site, take_lock(archive, site.site_id, "skip"))
                    except SiteBusy:
                        continue
            return None
        finally:
            archive.close()

    def _start(self, assignment: Assignment, held: Held) -> None:
        assert self.crawler_process is not None  # noqa: S101  # Scrapy sets it before run
        self._crawled.add(held.site.site_id)
        set_pace(self._settings, held.site.url)
        crawler = self._create_crawler(ArticlesSpider.name)
        ended = self.crawler_process.crawl(crawler, assignment=assignment, held=held)

        self._current = crawler
        asyncio.ensure_future(ended).add_done_callback(lambda _task: self._go_on(assignment))

    def _go_on(self, assignment: Assignment) -> None:
        """Conclude the crawl that ended, and begin with the next site that is due."""
        crawler = self._conclude()
        spider = crawler.spider if crawler else None
        if assignment.site is not None or (isinstance(spider, ArticlesSpider) and spider.told_to_stop):
            return
        try:
            following = self._next(assignment)
        except (Refused, ArchiveUnavailable) as reason:
            self._end("failed", str(reason))
            return
        if following is not None:
            self._start(assignment, following)

    def _conclude(self) -> Crawler | None:
        """Print what the current crawl brought, once; return it."""
        crawler, self._current = self._current, None
        if crawler is None:
            return None
        spider = crawler.spider
        if not isinstance(spider, ArticlesSpider) or not hasattr(spider, "session"):
            self._end("failed", "The crawl could not begin; the lines above say why.")
            return crawler
        verdict, reasons = spider.session.verdict
        try:
            summary = summarise(self._settings, spider.session.run_id)
            self._told.append(summary.data)
            self.output.say(*summary.shown)
        except ArchiveUnavailable as error:
            verdict, reasons = "failed", (str(error),)
        self._end(verdict, " ".join(reasons))
        return crawler

    def _end(self, verdict: str, sentence: str) -> None:
        if sentence:
            self.output.fail(sentence)
        self.exitcode = max(self.exitcode, EXIT_CODES[verdict])

    @property
    def _settings(self) -> BaseSettings:
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        return self.settings


def set_pace(settings: BaseSettings, site: str) -> None:
    """Our own machine is asked by several connections without a pause: nobody is there to be polite to."""
    parts = urlsplit(site)
    if not is_public(parts.hostname or ""):
        slot = {"concurrency": settings.getint("LOOPBACK_CONCURRENCY"), "delay": 0, "jitter": 0}
        settings.set("DOWNLOAD_SLOTS", {parts.netloc: slot, **settings.getdict("DOWNLOAD_SLOTS")}, priority="command")
