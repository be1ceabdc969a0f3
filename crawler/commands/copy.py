"""``scrapy copy FROM TO``: an archive's database copied into another one, from SQLite to PostgreSQL or back."""

import argparse
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from crawler.command import ArchiveCommand, Refused, console
from storage.archive import Archive
from storage.copying import NotCopied, copy


class Command(ArchiveCommand):
    """Copy one database into another, empty one."""

    def syntax(self) -> str:
        """Return how the command is typed."""
        return "FROM TO"

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Copy an archive's database into another, and compare both row by row"

    def long_desc(self) -> str:
        """Return what ``scrapy copy --help`` explains."""
        return (
            "FROM and TO are database URLs; TO must be empty. WARC files stay where they are. "
            "Example: scrapy copy sqlite:///archive/archive.db postgresql://user@host/name"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Open the archive to copy from, and work."""
        if len(args) != 2:
            self.fail("From where to where? Say: scrapy copy sqlite:///archive/archive.db postgresql://user@host/name")
            return
        self._source = args[0]
        super().run(args, opts)

    def open(self) -> Archive:
        """Return the archive to copy from; none is made here."""
        try:
            file = make_url(self._source).database if self._source.startswith("sqlite") else None
        except ArgumentError as error:
            raise Refused(f"{self._source!r} is no database URL.") from error
        if file is not None and not Path(file).exists():
            raise Refused(f"There is no archive at {self._source}.")
        return Archive.open(self._source)

    def work(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002  # every command's signature
        """Copy, and say what was copied."""
        target = Archive.open(args[1])
        try:
            copied = copy(archive, target)
        except NotCopied as reason:
            raise Refused(str(reason)) from reason
        finally:
            target.close()
        out = console()
        for name, count in copied.rows.items():
            if count:
                out.print(f"  {name}: {count}")
        out.print(f"Every row of both was compared. Digest of the archive: {copied.digest}")
