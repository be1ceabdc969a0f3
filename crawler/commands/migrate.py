"""``knipsel migrate``: the archive brought to this Knipsel's schema, with a copy of what was
before.
"""

from __future__ import annotations

import argparse

from crawler.cli import ArchiveCommand, CommandResult
from storage import database


class Command(ArchiveCommand):
    """Upgrade the archive's schema; every other command does the same when it opens an older
    archive.
    """

    promise = "Bring an older archive to this version's schema; a SQLite file is copied first"
    explanation = "Every other command does the same when it opens an older archive."
    examples = ("knipsel migrate", "knipsel migrate -s KNIPSEL_ARCHIVE=/srv/knipsel/archive")

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Show what opening the archive changed."""
        done, newest = archive.upgraded, database.newest_revision()
        if done is None:
            return CommandResult(
                {"from": newest, "to": newest, "copy": None},
                (f"The archive is at schema {newest} already.",),
            )
        kept = (
            f"; what was before is kept in {done.copy}"
            if done.copy
            else "; PostgreSQL took all steps or none"
        )
        return CommandResult(
            {"from": done.old, "to": done.new, "copy": done.copy},
            (f"From schema {done.old} to {done.new}{kept}.",),
        )
