"""``knipsel copy FROM TO``: an archive's database copied into another one, from SQLite to
PostgreSQL or back.
"""

import argparse
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from crawler.archive import finish_unfinished
from crawler.cli import ArchiveCommand, CommandResult, Refused
from storage.database import Archive
from storage.maintenance import NotCopied, copy_archive


class Command(ArchiveCommand):
    """Copy one database into another, empty one."""

    promise = "Copy an archive's database into another, and compare both row by row"
    explanation = "FROM and TO are database URLs; TO must be empty. WARC files stay where they are."
    arguments = "FROM TO"
    examples = (
        "knipsel copy sqlite:///archive/archive.db postgresql://user@host/name",
        "knipsel copy postgresql://user@host/name sqlite:///snapshot/archive.db",
    )

    def open(self, args: list[str]) -> Archive:
        """Return the archive to copy from; none is made here."""
        if len(args) != 2:
            raise Refused(
                "From where to where? Say: knipsel copy sqlite:///archive/archive.db "
                "postgresql://user@host/name"
            )
        file = _file(args[0])
        if file is not None and not file.exists():
            raise Refused(
                f"There is no archive at {args[0]}: sqlite:///FILE is seen from here, "
                "sqlite:////FILE from the root."
            )
        archive = Archive.open(args[0])
        finish_unfinished(archive, self.folder)
        return archive

    def work(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> CommandResult:  # noqa: ARG002  # every command's signature
        """Copy, and say what was copied."""
        file = _file(args[1])
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        target = Archive.open(args[1])
        try:
            with self.output.progress() as report:
                copied = copy_archive(archive, target, report)
        except NotCopied as reason:
            raise Refused(str(reason)) from reason
        finally:
            target.close()
        lines = [f"  {name}: {count}" for name, count in copied.rows.items() if count]
        ending = f"Every row of both was compared. Digest of the archive: {copied.digest}"
        return CommandResult({"rows": copied.rows, "digest": copied.digest}, (*lines, ending))


def _file(url: str) -> Path | None:
    """Return the file of a SQLite URL, None for a server's."""
    try:
        parts = make_url(url)
    except ArgumentError as error:
        raise Refused(
            f"{url!r} is no database URL: say sqlite:///FILE or postgresql://user@host/name."
        ) from error
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None
