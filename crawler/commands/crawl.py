"""``scrapy crawl articles``: Scrapy's own command, with checks before, a table after, and a verdict in the exit code."""

import argparse
import logging
import re
import sys
from importlib.metadata import version
from urllib.parse import urlsplit

from rich.console import Console
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.settings import BaseSettings

from crawler.capture import is_public
from crawler.session import open_archive
from crawler.spiders.articles import ArticlesSpider, BadArgument, read_arguments
from crawler.summary import print_summary
from storage.archive import ArchiveUnavailable

FAILED = 2
_CONTACT = re.compile(r"[^@\s<>()]+@[^@\s<>()]+\.[^@\s<>()]+|https?://[^\s<>()]+")


class Refused(Exception):
    """Raised when a crawl cannot begin; its text says what to do."""


class Command(ScrapyCrawl):
    """Crawl a site into the archive.

    Exit code 0: fine. 2: nothing was fetched, a write failed, or the crawl could not begin.
    """

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Crawl a site's articles and comments into the archive"

    def long_desc(self) -> str:
        """Return what ``scrapy crawl --help`` explains."""
        return (
            "Crawl a site's articles and their readers' comments into the archive. "
            "Example: KNIPSEL_CONTACT=you@example.org scrapy crawl articles -a site=https://www.example.nl/ -a limit=20"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the options; on a terminal the live line replaces the log's informative lines."""
        super().process_options(args, opts)
        if sys.stderr.isatty() and opts.loglevel is None:
            self._settings.set("LOG_LEVEL", "WARNING", priority="command")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, print the table of the run, set the exit code."""
        if opts.loglevel is None:
            # What the framework is made of is for its developers; what the crawl does is told by crawler.progress.
            for name in ("scrapy", "alembic"):
                logging.getLogger(name).setLevel(logging.WARNING)
        try:
            if args != [ArticlesSpider.name]:
                raise Refused(f"Which spider? Say: scrapy crawl {ArticlesSpider.name} -a site=https://www.example.nl/")
            prepare(self._settings, opts.spargs)
        except Refused as reason:
            self._fail(str(reason))
            return
        assert self.crawler_process is not None  # noqa: S101  # Scrapy sets it before run
        crawler = self._create_crawler(ArticlesSpider.name)
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        self._conclude(crawler.spider)

    def _conclude(self, spider: object) -> None:
        if not isinstance(spider, ArticlesSpider) or not hasattr(spider, "session"):
            self._fail("The crawl could not begin; the lines above say why.")
            return
        try:
            print_summary(self._settings, spider.session.run_id, Console())
        except ArchiveUnavailable as error:
            self._fail(str(error))
        verdict, reasons = spider.session.tally.verdict()
        if verdict == "failed":
            self._fail(" ".join(reasons))

    def _fail(self, sentence: str) -> None:
        print(f"scrapy crawl: {sentence}", file=sys.stderr)  # noqa: T201  # a command speaks to its user
        self.exitcode = FAILED

    @property
    def _settings(self) -> BaseSettings:
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        return self.settings


def prepare(settings: BaseSettings, arguments: dict[str, str]) -> None:
    """Check all that can be checked before the first request, and set what depends on the site.

    Raises Refused with one sentence.
    """
    contact = settings["KNIPSEL_CONTACT"]
    if not _CONTACT.fullmatch(contact or ""):
        raise Refused(
            "No contact. Sites must be able to reach who crawls them: "
            "set KNIPSEL_CONTACT to a mail address or a web address of yours."
        )
    settings.set("USER_AGENT", f"Knipsel/{version('knipsel')} (+{contact})", priority="command")
    try:
        assignment = read_arguments(**arguments)
        open_archive(settings)[0].close()
    except (BadArgument, ArchiveUnavailable) as error:
        raise Refused(str(error)) from error
    host = urlsplit(assignment.site).hostname or ""
    if not is_public(host):
        # Our own machine: nobody is there to be polite to.
        slot = {"concurrency": settings.getint("LOOPBACK_CONCURRENCY"), "delay": 0, "jitter": 0}
        settings.set("DOWNLOAD_SLOTS", {host: slot, **settings.getdict("DOWNLOAD_SLOTS")}, priority="command")
