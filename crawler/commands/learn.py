"""``scrapy learn SITE``: what the kept pages of a site teach about its templates, without a network."""

import argparse
import sys

from rich.console import Console
from scrapy.commands import ScrapyCommand

from crawler.profile_report import profile_table
from crawler.session import archive_address
from crawler.site_profiles import keep_profiles, learn_site
from storage.archive import Archive, ArchiveUnavailable
from storage.offline_runs import chosen_sites

FAILED = 2


class Command(ScrapyCommand):
    """Learn a site's templates. Exit code 0: learned or known already, 2: nothing could be learned."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return what stands behind the command's name."""
        return "SITE"

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Learn a site's templates from its kept pages"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002  # Scrapy's signature
        """Learn, keep what is new, print it."""
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        if len(args) != 1:
            self._fail("Say which site: scrapy learn example.nl")
            return
        database, folder = archive_address(self.settings)
        try:
            archive = Archive.open(database)
        except ArchiveUnavailable as error:
            self._fail(str(error))
            return
        with archive.begin() as connection:
            sites = chosen_sites(connection, args[0])
            learned = learn_site(connection, folder, *sites[0]) if sites else ()
            new = keep_profiles(connection, sites[0][0], learned) if sites else []
        archive.close()
        if not learned:
            self._fail(f"Nothing could be learned of {args[0]}: that takes three kept articles of one template.")
            return
        for profile in learned:
            Console().print(profile_table(profile, "new" if profile in new else "known"))

    def _fail(self, sentence: str) -> None:
        print(f"scrapy learn: {sentence}", file=sys.stderr)  # noqa: T201  # a command speaks to its user
        self.exitcode = FAILED
