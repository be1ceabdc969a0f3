"""``knipsel copy FROM TO``: an archive's database copied into another one, from SQLite to
PostgreSQL or back.
"""

from __future__ import annotations

import argparse

from crawler.archive import finish_unfinished
from crawler.cli import ArchiveCommand, CommandResult, Refused
from storage import database, maintenance


class Command(ArchiveCommand):
    """Copy one database into another, empty one."""

    promise = "Copy an archive's database into another, and compare both row by row"
    explanation = "FROM and TO are database URLs; TO must be empty. WARC files stay where they are."
    arguments = "FROM TO"
    examples = (
        "knipsel copy sqlite:///archive/archive.db postgresql://user@host/name",
        "knipsel copy postgresql://user@host/name sqlite:///snapshot/archive.db",
    )

    def open(self, args: list[str]) -> database.Archive:
        """Return the archive to copy from; none is made here."""
        if len(args) != 2:
            raise Refused(
                "From where to where? Say: knipsel copy sqlite:///archive/archive.db "
                "postgresql://user@host/name"
            )
        file = database.sqlite_file(args[0])
        if file is not None and not file.exists():
            raise Refused(
                f"There is no archive at {args[0]}: sqlite:///FILE is seen from here, "
                "sqlite:////FILE from the root."
            )
        archive = database.Archive.open(args[0])
        finish_unfinished(archive, self.folder)
        return archive

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Copy, and show what was copied."""
        file = database.sqlite_file(args[1])
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        target = database.Archive.open(args[1])
        try:
            with self.output.progress() as report:
                copied = maintenance.copy_archive(archive, target, report)
        except maintenance.NotCopied as reason:
            raise Refused(str(reason)) from reason
        finally:
            target.close()
        lines = [f"  {name}: {count}" for name, count in copied.rows.items() if count]
        ending = f"Every row of both was compared. Digest of the archive: {copied.digest}"
        return CommandResult({"rows": copied.rows, "digest": copied.digest}, (*lines, ending))
