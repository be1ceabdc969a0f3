"""``knipsel reextract``: what was kept is read again with today's code, without a network."""

from __future__ import annotations

import argparse

from crawler import extraction, offline
from crawler.archive import archive_address
from crawler.cli import ArchiveCommand, CommandResult, Refused, add_cluster_option, read_day
from pipelines import profiles
from storage import database


class Command(ArchiveCommand):
    """Read kept pages again. Exit code 0: done, 2: it could not begin or a write failed."""

    promise = "Read the archive's kept pages again with today's code, without a network"
    explanation = (
        "What reads differently becomes a new version, and what was stays. A run that "
        "was cut off is gone on with."
    )
    examples = (
        "knipsel reextract --dry-run",
        "knipsel reextract --site www.example.nl --since 2024-01-31",
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options that choose pages."""
        super().add_options(parser)
        parser.add_argument("--site", help="only this site, a host such as example.nl")
        parser.add_argument(
            "--since", metavar="YYYY-MM-DD", help="only pages visited since that day"
        )
        parser.add_argument(
            "--only-failed", action="store_true", help="only pages that gave no article"
        )
        add_cluster_option(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help="print what would change, and change nothing"
        )

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Read again, show what changed."""
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        order = offline.Order(
            site=opts.site,
            since=read_day(opts.since),
            only_failed=opts.only_failed,
            is_dry=opts.dry_run,
        )
        address, folder = archive_address(self.settings)
        workers, modules = (
            self.settings.getint("EXTRACTION_WORKERS"),
            self.settings.getlist("PROFILE_MODULES"),
        )
        try:
            extraction.hand_made(modules)  # a mistake in one is said before the work begins
            with (
                offline.open_pool(
                    opts.cluster, offline.ArchivePlace(address, folder, tuple(modules)), workers
                ) as pool,
                self.output.progress() as report,
            ):
                changes = offline.reextract_pages(archive, pool, order, report)
        except (profiles.BadProfile, offline.ClusterUnavailable, offline.NothingToReread) as error:
            raise Refused(str(error)) from error
        return CommandResult(
            {"dry_run": order.is_dry, "changes": changes},
            (offline.change_table(changes, is_dry=order.is_dry),),
        )
