"""``knipsel report OUT.html``: what the last runs brought, what is missing, and whether we were
polite.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, time
from pathlib import Path

from crawler.cli import ArchiveCommand, CommandResult, Refused, read_day
from storage import database


class Command(ArchiveCommand):
    """Report on runs."""

    promise = "Report on the last runs as one page, JSON and Prometheus metrics"
    explanation = (
        "Report on the newest run of every site, on one run, or on all since a day: "
        "what was found, what is missing and why, "
        "alarms, the trend, slow hosts, politeness, disk. The page holds everything "
        "itself and loads nothing; --json prints its "
        "machine-readable twin."
    )
    arguments = "[OUT.html]"
    examples = (
        "knipsel report nacht.html",
        "knipsel report --since 2024-05-01 --json nacht.html > nacht.json",
        "knipsel report --prometheus /var/lib/node_exporter/knipsel.prom",
    )
    files = True

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument(
            "--run", type=int, metavar="N", help="only this run (knipsel runs lists them)"
        )
        chosen.add_argument("--since", metavar="YYYY-MM-DD", help="all runs since this day")
        parser.add_argument(
            "--prometheus", metavar="FILE", help="write metrics for Prometheus' textfile collector"
        )

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Write what is asked."""
        from crawler.reports import (  # noqa: PLC0415
            NothingToReport,
            make_report,
            write_report,  # the templates are loaded when they are needed
        )

        if len(args) > 1 or not (args or opts.json or opts.prometheus):
            raise Refused("Where to? Say: knipsel report OUT.html, --json, or --prometheus FILE.")
        day = read_day(opts.since)
        page, metrics = (
            Path(name) if name else None for name in (args[0] if args else None, opts.prometheus)
        )
        try:
            report = make_report(
                archive, self.folder, opts.run, datetime.combine(day, time(), UTC) if day else None
            )
            write_report(report, page, metrics=metrics)
        except NothingToReport as reason:
            raise Refused(str(reason)) from reason
        except OSError as error:
            raise Refused(
                f"{error.filename} cannot be written: {error.strerror}; name another place."
            ) from error
        return CommandResult(report, tuple(f"Written: {name}" for name in (page, metrics) if name))
