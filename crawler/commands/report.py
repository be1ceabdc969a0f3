"""``scrapy report OUT.html``: what the last runs brought, what is missing, and whether we were polite."""

import argparse
import json
from datetime import UTC, datetime, time
from pathlib import Path

from crawler.command import ArchiveCommand, Refused, console, read_day
from storage.archive import Archive


class Command(ArchiveCommand):
    """Report on runs."""

    def syntax(self) -> str:
        """Return how the command is typed."""
        return "[options] [OUT.html]"

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Report on the last runs as one page, JSON and Prometheus metrics"

    def long_desc(self) -> str:
        """Return what ``scrapy report --help`` explains."""
        return (
            "Report on the newest run of every site, on one run, or on all since a day: what was found, what is missing and why, "
            "alarms, the trend, slow hosts, politeness, disk. The page holds everything itself and loads nothing. "
            "Example: scrapy report --since 2024-05-01 --json night.json night.html"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument("--run", type=int, metavar="N", help="only this run (scrapy runs lists them)")
        chosen.add_argument("--since", metavar="YYYY-MM-DD", help="all runs since this day")
        parser.add_argument("--json", metavar="FILE", help="write the same as JSON; - prints it")
        parser.add_argument("--prometheus", metavar="FILE", help="write metrics for Prometheus' textfile collector")

    def work(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> None:
        """Write what is asked."""
        from crawler.reports.files import write_report  # noqa: PLC0415  # the templates are loaded when they are needed
        from crawler.reports.findings import NothingToReport, make_report  # noqa: PLC0415

        if len(args) > 1 or not (args or opts.json or opts.prometheus):
            raise Refused("Where to? Say: scrapy report OUT.html, or --json FILE, or --prometheus FILE.")
        day = read_day(opts.since)
        try:
            report = make_report(archive, self.folder, opts.run, datetime.combine(day, time(), UTC) if day else None)
            page, twin, metrics = (
                Path(name) if name else None for name in (args[0] if args else None, opts.json, opts.prometheus)
            )
            write_report(report, page, twin if opts.json != "-" else None, metrics)
        except NothingToReport as reason:
            raise Refused(str(reason)) from reason
        except OSError as error:
            raise Refused(f"{error.filename} cannot be written: {error.strerror}.") from error
        if opts.json == "-":
            print(json.dumps(report, indent=1, ensure_ascii=False))  # noqa: T201  # a command speaks to its user
        for name in filter(None, (page, twin if opts.json != "-" else None, metrics)):
            console().print(f"Written: {name}", markup=False)
