"""``scrapy verify``: rows, texts and captures checked against each other and against their digests."""

import argparse

from crawler.command import ArchiveCommand, console
from storage.archive import Archive
from storage.verifying import verify


class Command(ArchiveCommand):
    """Verify the archive. Exit code 1 when something is damaged or missing."""

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Check rows, texts, search index and WARC files against each other"

    def work(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002  # every command's signature
        """Print what does not fit."""
        out, grave = console(), 0
        for finding in verify(archive, self.folder):
            grave += finding.grave
            out.print(f"{'error' if finding.grave else 'note '}  {finding.text}", markup=False)
        out.print(f"{grave} errors." if grave else "Rows, texts, index and captures fit.")
        self.exitcode = 1 if grave else 0
