"""``knipsel runs``: what the last runs did, and how they were judged."""

from __future__ import annotations

import argparse
from typing import Any

from rich.table import Table

from crawler.cli import ArchiveCommand, CommandResult, Refused
from storage import crawl, database

COLUMNS = "run,site,started,requests,articles,new,changed,new comments,verdict".split(",")


class Command(ArchiveCommand):
    """List the newest runs."""

    promise = "List the last runs with their counters, verdicts and reasons"
    examples = ("knipsel runs --limit 5", "knipsel runs --site www.example.nl --json")

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        parser.add_argument("--site", help="only this site (its host)")
        parser.add_argument("--limit", type=int, default=20, help="how many at most (default: 20)")

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Find the runs."""
        with archive.read() as connection:
            try:
                site_id = (
                    crawl.sites.find_site(connection, opts.site).site_id if opts.site else None
                )
            except crawl.UnknownSite as reason:
                raise Refused(str(reason)) from reason
            found = crawl.runs.recent_runs(connection, site_id, opts.limit)
        return CommandResult({"runs": [run_row(run) for run in found]}, (_table(found),))


def run_row(run: crawl.Run) -> dict[str, Any]:
    """Return a run as machines read it."""
    return {
        "run": run.run_id,
        "site": run.site,
        "arguments": dict(run.arguments),
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "verdict": run.verdict,
        "reasons": list(run.reasons),
        "counters": dict(run.counters),
    }


def _table(found: tuple[crawl.Run, ...]) -> Table:
    table = Table(*COLUMNS, box=None, pad_edge=False)
    for run in found:
        counted = (
            run.counters.get(name, "-")
            for name in ("requests", "articles", "articles_new", "articles_changed", "comments_new")
        )
        verdict = " ".join((run.verdict or "not ended", *run.reasons))
        table.add_row(
            str(run.run_id),
            run.site,
            f"{run.started_at:%Y-%m-%d %H:%M}",
            *(str(value) for value in counted),
            verdict,
        )
    return table
