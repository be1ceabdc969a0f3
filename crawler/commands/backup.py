"""``scrapy backup FOLDER``: database, WARC files and keys in another folder, also while a crawl writes."""

import argparse
from pathlib import Path

from crawler.command import ArchiveCommand, Refused, console
from storage.archive import Archive
from storage.backup import back_up


class Command(ArchiveCommand):
    """Back up the archive."""

    def syntax(self) -> str:
        """Return how the command is typed."""
        return "FOLDER"

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Copy database, WARC files and keys to a folder, also while a crawl writes"

    def work(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002  # every command's signature
        """Copy what the folder lacks and say what it holds."""
        if len(args) != 1:
            raise Refused("Where to? Say: scrapy backup /mnt/elsewhere/archive")
        done = back_up(archive, self.folder, Path(args[0]))
        console().print(f"{done.database} and {done.warc_files} WARC files, {done.copied} of them copied now.")
