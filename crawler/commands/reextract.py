"""``scrapy reextract``: what was kept is read again with today's code, without a network."""

import argparse
import sys
from datetime import date

from rich.console import Console
from scrapy.commands import ScrapyCommand

from crawler.offline import OfflinePool
from crawler.offline_report import change_table, telling
from crawler.reextraction import NothingToReread, Order, reextract
from crawler.session import archive_address
from crawler.site_profiles import hand_made
from pipelines.profile import BadProfile
from storage.archive import Archive, ArchiveUnavailable

FAILED = 2


class Command(ScrapyCommand):
    """Read kept pages again. Exit code 0: done, 2: it could not begin or a write failed."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Read the archive's kept pages again with today's code, without a network"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options that choose pages."""
        super().add_options(parser)
        parser.add_argument("--site", help="only this site, a host such as example.nl")
        parser.add_argument("--since", metavar="YYYY-MM-DD", help="only pages visited since that day")
        parser.add_argument("--only-failed", action="store_true", help="only pages that gave no article")
        parser.add_argument("--dry-run", action="store_true", help="print what would change, and change nothing")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002  # Scrapy's signature
        """Read again, print what changed."""
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        try:
            since = date.fromisoformat(opts.since) if opts.since else None
        except ValueError:
            self._fail(f"--since {opts.since} is no day: say --since 2024-01-31")
            return
        order = Order(site=opts.site, since=since, only_failed=opts.only_failed, is_dry=opts.dry_run)
        database, folder = archive_address(self.settings)
        try:
            archive = Archive.open(database)
            hand_made(self.settings.getlist("PROFILE_MODULES"))  # a mistake in one is said before the work begins
            workers, modules = self.settings.getint("EXTRACTION_WORKERS"), self.settings.getlist("PROFILE_MODULES")
            with OfflinePool(database, folder, workers, modules) as pool, telling("pages") as report:
                changes = reextract(archive, pool, order, report)
            archive.close()
        except (ArchiveUnavailable, BadProfile, NothingToReread) as error:
            self._fail(str(error))
            return
        Console().print(change_table(changes, is_dry=order.is_dry))

    def _fail(self, sentence: str) -> None:
        print(f"scrapy reextract: {sentence}", file=sys.stderr)  # noqa: T201  # a command speaks to its user
        self.exitcode = FAILED
