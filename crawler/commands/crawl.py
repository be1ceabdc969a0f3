"""``knipsel crawl``: Scrapy's own command, with checks before, a table after, and a verdict in the
exit code.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler import crawl, extraction, rendering, reports, spiders
from crawler.archive import open_archive
from crawler.cli import CommandResult, JsonLines, OneLineErrors, OurCommand, Refused, set_contact
from storage import crawl as stored
from storage import database
from storage.shown import shown

if TYPE_CHECKING:
    from scrapy import Spider

    from crawler.spiders import KnipselSpider

SPIDER = "articles"
ABOVE_THE_PROJECT = 30  # the priority of a setting that -s and -L still override
EXIT_CODES = {"ok": 0, "degraded": 1, "failed": 2}


class Command(OurCommand, ScrapyCrawl):
    """Crawl a site, or every registered site that is due, into the archive.

    Exit code 0: ok. 1: degraded. 2: failed, nothing was fetched, or the crawl could not begin. Of
    several sites the worst counts.
    """

    requires_crawler_process = True
    default_settings: ClassVar[dict[str, Any]] = {}

    promise = "Crawl a site's articles and their readers' comments into the archive"
    explanation = "\n".join(
        (
            "Exit code 0: ok, 1: degraded, 2: failed.\n",
            *(f"  -a {said:<18} {meaning}" for said, meaning in crawl.ARGUMENTS.values()),
        )
    )
    arguments = "[URL | SPIDER] [-a NAME=VALUE]..."
    examples = (
        "KNIPSEL_CONTACT=you@example.org knipsel crawl https://www.example.nl/ -a limit=20",
        "knipsel crawl https://www.example.nl/ -a since=2024-01-01 -a refresh=all",
        "knipsel crawl https://www.example.nl/ --requisites",
        "knipsel crawl --quiet",
    )
    choices = (SPIDER,)

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        parser.add_argument(
            "--requisites",
            action="store_true",
            help="keep style sheets and pictures of articles' pages, too (KNIPSEL_REQUISITES=on)",
        )

    def apply(self, opts: argparse.Namespace) -> None:
        """Have the bar of one site replace the log's informative lines on a terminal; an option
        counts as its setting.
        """
        if opts.requisites:
            self._settings.set("KNIPSEL_REQUISITES", "on", priority="cmdline")
        if opts.quiet:
            extensions = {
                **self._settings.getdict("EXTENSIONS"),
                "crawler.extensions.live_progress.CrawlProgress": None,
            }
            self._settings.set("EXTENSIONS", extensions, ABOVE_THE_PROJECT)
        if opts.quiet or (sys.stderr.isatty() and "site" in opts.spargs):
            self._settings.set("LOG_LEVEL", "ERROR" if opts.quiet else "WARNING", ABOVE_THE_PROJECT)

    def answer(self, args: list[str], opts: argparse.Namespace) -> CommandResult:
        """Crawl; what each run brought is shown when it ends."""
        self._crawled: set[int] = set()
        self._asked: list[Mapping[str, Any]] = []
        self._running: set[Crawler] = set()
        spider = self._spider(args)
        set_contact(self._settings)
        if not issubclass(spider, spiders.KnipselSpider):
            return self._crawl_plain(args[0], opts)
        self._calm_log(opts, ("scrapy", "alembic", "aiobotocore"))
        self._own: type[KnipselSpider] | None = spider if spider.site else None
        self._more = {key: opts.spargs[key] for key in opts.spargs.keys() - crawl.ARGUMENTS.keys()}
        arguments = self._arguments(opts.spargs)
        try:
            self._begin(arguments)
        except database.ArchiveUnavailable as error:
            self._tell_failure(str(error), arguments.site)
            raise
        finally:
            notices = self._notices.close()
        data = {"runs": self._asked, "notices": notices, "exit_code": self.exitcode}
        return CommandResult(data, code=self.exitcode)

    def _spider(self, args: Collection[str]) -> type[Spider]:
        """Return the spider that is named. Raises Refused where there is none of that name."""
        assert self.crawler_process is not None  # noqa: S101  # Scrapy sets it before run
        try:
            (name,) = args
            return self.crawler_process.spider_loader.load(name)
        except (KeyError, ValueError) as error:
            raise Refused(
                f"There is no spider {' '.join(args)!r}. Say the address of a site, knipsel crawl "
                "https://www.example.nl/, or a spider that knipsel list names."
            ) from error

    def _arguments(self, given: Mapping[str, str]) -> crawl.CrawlArguments:
        """Return what was asked for; a spider of its own may have arguments of its own. Raises
        Refused.
        """
        site = {} if self._own is None else {"site": self._own.site}
        own = self._more if self._own is not None else {}
        try:
            crawl.threads_asked(self._settings)
            crawl.requisites_asked(self._settings)
            self._notices = reports.Notices(self._settings["KNIPSEL_NOTIFY"])
            return crawl.read_arguments(
                {**site, **{key: given[key] for key in given if key not in own}}
            )
        except (crawl.BadArgument, reports.BadReceiver) as reason:
            raise Refused(str(reason)) from reason

    def _crawl_plain(self, name: str, opts: argparse.Namespace) -> CommandResult:
        """Let a spider that is none of Knipsel's crawl as Scrapy has it."""
        assert self.crawler_process is not None  # noqa: S101  # Scrapy sets it before run
        self._calm_log(opts, ("alembic", "aiobotocore"))
        self.crawler_process.crawl(name, **opts.spargs)
        self.crawler_process.start()
        code = int(self.crawler_process.bootstrap_failed)
        return CommandResult({"runs": [], "exit_code": code}, code=code)

    def _begin(self, arguments: crawl.CrawlArguments) -> None:
        self._shipping = crawl.Shipping(self._settings)
        try:
            first = self._next(arguments)
        except crawl.SiteBusy as busy:
            self._end("ok" if arguments.if_running == "skip" else "failed", str(busy))
        else:
            self._crawl(arguments, first)

    def _calm_log(self, opts: argparse.Namespace, frameworks: Collection[str]) -> None:
        """What the frameworks are made of is for their developers; what the crawl does is shown by
        crawler.extensions.live_progress.
        """
        if opts.loglevel is None:
            for name in frameworks:
                logging.getLogger(name).setLevel(logging.WARNING)
        if not opts.verbose:
            for handler in logging.root.handlers:
                if not isinstance(handler.formatter, JsonLines):
                    handler.addFilter(OneLineErrors())

    def _crawl(self, arguments: crawl.CrawlArguments, first: crawl.LockedSite | None) -> None:
        if first is None:
            self._end("ok", "No registered site is due.")
            return
        assert self.crawler_process is not None  # noqa: S101  # Scrapy sets it before run
        self._processes = extraction.WorkerProcesses.from_settings(self._settings)
        self._start(arguments, first)
        if arguments.site is None:
            self._fill(arguments)
        if self._running:
            self.crawler_process.start()
        for crawler in tuple(self._running):
            self._conclude(
                crawler
            )  # a crawl that was broken off after its time to stop did not come to its end
        self._processes.close()
        left_behind = self._shipping.close()
        self._end("degraded" if left_behind else "ok", left_behind)

    def _next(self, arguments: crawl.CrawlArguments) -> crawl.LockedSite | None:
        """Lock the site to crawl and return it: the one that was named, else the next that
        is due.
        """
        if arguments.site is not None:
            return crawl.lock_named(self._settings, arguments)
        archive, _folder = open_archive(self._settings)
        try:
            seconds = self._settings.getfloat("SITE_LOCK_SECONDS")
            locked = crawl.take_next(archive, self._crawled, seconds)
            if locked is None and not self._crawled:
                with archive.read() as connection:
                    if not stored.sites.all_sites(connection):
                        raise Refused(
                            "No site is registered: say -a site=https://www.example.nl/, or "
                            "knipsel sites add URL."
                        )
            return locked
        finally:
            archive.close()

    def _start(self, arguments: crawl.CrawlArguments, locked: crawl.LockedSite) -> None:
        assert self.crawler_process is not None  # noqa: S101  # Scrapy sets it before run
        self._crawled.add(locked.site.site_id)
        if locked.site.render and not self._can_draw(locked):
            return
        name = spiders.spider_of(locked.site.url, self.crawler_process.spider_loader)
        crawler = self.crawler_process.create_crawler(self._own or name)
        self._running.add(crawler)
        run = spiders.GivenRun(arguments, locked, self._processes)
        ended = self.crawler_process.crawl(crawler, run=run, **self._more)
        asyncio.ensure_future(ended).add_done_callback(
            lambda _task: self._go_on(arguments, crawler)
        )

    def _can_draw(self, locked: crawl.LockedSite) -> bool:
        """Return whether the site's pages can be drawn here; where not, it is given back."""
        try:
            rendering.find_browser(self._settings["KNIPSEL_BROWSER"])
        except rendering.BrowserMissing as reason:
            archive, _folder = open_archive(self._settings)
            with archive.begin() as connection:
                stored.sites.unlock_site(connection, locked.lock)
            archive.close()
            self._end("failed", f"{locked.site.name} is to be drawn by a browser. {reason}")
            return False
        return True

    def _go_on(self, arguments: crawl.CrawlArguments, crawler: Crawler) -> None:
        """Conclude the crawl that ended, and begin with the next site that is due."""
        if crawler in self._running:
            self._conclude(crawler)
        spider = _spider_of(crawler)
        if arguments.site is None and not (spider is not None and spider.asked_to_stop):
            self._fill(arguments)

    def _fill(self, arguments: crawl.CrawlArguments) -> None:
        """Begin with sites that are due until as many are crawled as this process crawls at
        once.
        """
        patience = database.Patience(self._settings.getfloat("DATABASE_PATIENCE"))
        while len(self._running) < self._settings.getint("SITES_AT_ONCE"):
            try:
                following = database.retried(lambda: self._next(arguments), patience)
            except (Refused, database.ArchiveUnavailable) as reason:
                self._tell_failure(str(reason))
                self._end("failed", str(reason))
                return
            if following is None:
                return
            self._start(arguments, following)

    def _conclude(self, crawler: Crawler) -> None:
        """Print what a crawl brought."""
        self._running.remove(crawler)
        self._shipping.begin()
        spider = _spider_of(crawler)
        if spider is None or not hasattr(spider, "session"):
            self._tell_failure("A crawl could not begin; the log says why.")
            self._end("failed", "The crawl could not begin; the lines above say why.")
            return
        # one that was broken off with others that took too long to stop has not ended yet
        spider.finish()
        verdict, reasons = spider.session.verdict.verdict, spider.session.verdict.reasons
        try:
            summary = reports.summarise(self._settings, spider.session.run_id)
            self._asked.append(summary.data)
            self._notices.tell(verdict, summary.before, summary.data)
            self.output.print(*summary.shown)
        except database.ArchiveUnavailable as error:
            verdict, reasons = "failed", (str(error),)
            self._tell_failure(str(error), spider.site)
        self._end(verdict, " ".join(reasons))

    def _tell_failure(self, sentence: str, site: str | None = None) -> None:
        """Give notice of what failed where no run of the archive says so."""
        run = {"site": site, "verdict": "failed", "reasons": [shown(sentence)]}
        self._notices.tell("failed", None, run)

    def _end(self, verdict: str, sentence: str) -> None:
        if sentence:
            self.output.fail(sentence)
        self.exitcode = max(self.exitcode, EXIT_CODES[verdict])

    @property
    def _settings(self) -> BaseSettings:
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        return self.settings


def _spider_of(crawler: Crawler) -> KnipselSpider | None:
    return crawler.spider if isinstance(crawler.spider, spiders.KnipselSpider) else None
