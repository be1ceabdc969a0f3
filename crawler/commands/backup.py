"""``knipsel backup FOLDER``: database, WARC files and keys in another folder, also while a crawl
writes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from crawler.cli import ArchiveCommand, CommandResult, Refused
from storage import database, maintenance


class Command(ArchiveCommand):
    """Back up the archive."""

    promise = "Copy database, WARC files and keys to a folder, also while a crawl writes"
    explanation = (
        "A backup that is there already is brought up to date. Replaying it needs no "
        "server: PostgreSQL becomes a SQLite file."
    )
    arguments = "FOLDER"
    examples = ("knipsel backup /mnt/elsewhere/archive",)
    files = True

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Copy what the folder lacks and show what it holds."""
        if len(args) != 1:
            raise Refused("Where to? Say: knipsel backup /mnt/elsewhere/archive")
        with self.output.progress() as report:
            done = maintenance.back_up(archive, self.folder, Path(args[0]), report)
        return CommandResult(
            {"database": done.database, "warc_files": done.warc_files, "copied": done.copied},
            (
                f"{done.database} and {done.warc_files} WARC files, {done.copied} of "
                "them copied now.",
            ),
        )
