"""``scrapy crawl articles``: Scrapy's own command, with checks before, a table after, and a verdict in the exit code."""

import argparse
import asyncio
import logging
import re
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from urllib.parse import urlsplit

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.assignment import Assignment, BadArgument, read_arguments
from crawler.capture import is_public
from crawler.locks import SiteBusy, take_lock
from crawler.session import Held, open_archive
from crawler.spiders.articles import ArticlesSpider
from crawler.summary import RunConsole, print_summary
from crawler.windows import is_open
from storage import sites
from storage.archive import ArchiveUnavailable

EXIT_CODES = {"ok": 0, "degraded": 1, "failed": 2}
_CONTACT = re.compile(r"[^@\s<>()]+@[^@\s<>()]+\.[^@\s<>()]+|https?://[^\s<>()]+")


class Refused(Exception):
    """Raised when a crawl cannot begin; its text says what to do."""


class Command(ScrapyCrawl):
    """Crawl a site, or every registered site that is due, into the archive.

    Exit code 0: ok. 1: degraded. 2: failed, nothing was fetched, or the crawl could not begin. Of several sites the worst counts.
    """

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Crawl a site's articles and comments into the archive"

    def long_desc(self) -> str:
        """Return what ``scrapy crawl --help`` explains."""
        return (
            "Crawl a site's articles and their readers' comments into the archive; without a site, every registered site that is "
            "due. "
            "Example: KNIPSEL_CONTACT=you@example.org scrapy crawl articles -a site=https://www.example.nl/ -a limit=20"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the options; on a terminal the live line replaces the log's informative lines."""
        super().process_options(args, opts)
        if sys.stderr.isatty() and opts.loglevel is None:
            self._settings.set("LOG_LEVEL", "WARNING", priority="command")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, print the table of each run, set the exit code."""
        if opts.loglevel is None:
            # What the framework is made of is for its developers; what the crawl does is told by crawler.progress.
            for name in ("scrapy", "alembic"):
                logging.getLogger(name).setLevel(logging.WARNING)
        self._crawled: set[int] = set()
        self._current: Crawler | None = None
        try:
            if args != [ArticlesSpider.name]:
                raise Refused(f"Which spider? Say: scrapy crawl {ArticlesSpider.name} -a site=https://www.example.nl/")
            set_contact(self._settings)
            assignment = read_arguments(opts.spargs)
            held = self._next(assignment)
        except (Refused, BadArgument, ArchiveUnavailable) as reason:
            self._end("failed", str(reason))
            return
        except SiteBusy as busy:
            self._end("ok" if assignment.if_running == "skip" else "failed", str(busy))
            return
        if held is None:
            print("scrapy crawl: No registered site is due.", file=sys.stderr)  # noqa: T201  # a command speaks to its user
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
            print_summary(self._settings, spider.session.run_id, RunConsole())
        except ArchiveUnavailable as error:
            verdict, reasons = "failed", (str(error),)
        self._end(verdict, " ".join(reasons))
        return crawler

    def _end(self, verdict: str, sentence: str) -> None:
        if sentence:
            print(f"scrapy crawl: {sentence}", file=sys.stderr)  # noqa: T201  # a command speaks to its user
        self.exitcode = max(self.exitcode, EXIT_CODES[verdict])

    @property
    def _settings(self) -> BaseSettings:
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        return self.settings


def set_contact(settings: BaseSettings) -> None:
    """Set the user agent that tells sites whom to ask; raise Refused with one sentence when there is nobody."""
    contact = settings["KNIPSEL_CONTACT"]
    if not _CONTACT.fullmatch(contact or ""):
        raise Refused(
            "No contact. Sites must be able to reach who crawls them: "
            "set KNIPSEL_CONTACT to a mail address or a web address of yours."
        )
    settings.set("USER_AGENT", f"Knipsel/{version('knipsel')} (+{contact})", priority="command")


def set_pace(settings: BaseSettings, site: str) -> None:
    """Our own machine is asked by several connections without a pause: nobody is there to be polite to."""
    parts = urlsplit(site)
    if not is_public(parts.hostname or ""):
        slot = {"concurrency": settings.getint("LOOPBACK_CONCURRENCY"), "delay": 0, "jitter": 0}
        settings.set("DOWNLOAD_SLOTS", {parts.netloc: slot, **settings.getdict("DOWNLOAD_SLOTS")}, priority="command")
