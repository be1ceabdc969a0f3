"""``scrapy migrate``: the archive brought to this Knipsel's schema, with a copy of what was before."""

import argparse

from crawler.command import ArchiveCommand, console
from storage.archive import Archive
from storage.upgrading import newest_revision


class Command(ArchiveCommand):
    """Upgrade the archive's schema; every other command does the same when it opens an older archive."""

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Bring an older archive to this version's schema; a SQLite file is copied first"

    def work(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002  # every command's signature
        """Say what opening the archive changed."""
        done = archive.upgraded
        if done is None:
            console().print(f"The archive is at schema {newest_revision()} already.")
            return
        kept = f"; what was before is kept in {done.copy}" if done.copy else "; PostgreSQL took all steps or none"
        console().print(f"From schema {done.old} to {done.new}{kept}.")
