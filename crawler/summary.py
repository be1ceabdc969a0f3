"""The table at the end of a run: what is in the archive now, what is missing, and the verdict."""

import contextlib
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table
from scrapy.settings import BaseSettings

from crawler.reports.files import write_after_run
from crawler.session import open_archive
from storage.runs import RunSummary, run_summary


def print_summary(settings: BaseSettings, run_id: int, console: Console) -> None:
    """Print what run *run_id* brought, from the archive itself."""
    archive, folder = open_archive(settings)
    try:
        with archive.read() as connection:
            summary = run_summary(connection, run_id)
        console.print(_table(summary))
        console.print(f"Archive: {archive.url}", soft_wrap=True, highlight=False)
        console.print(f"Pages as fetched: {folder / 'warc'}", soft_wrap=True, highlight=False)
        if settings["KNIPSEL_REPORTS"]:
            page = write_after_run(archive, folder, run_id, Path(settings["KNIPSEL_REPORTS"]))
            console.print(f"Report: {page}", soft_wrap=True, highlight=False, markup=False)
    finally:
        archive.close()


class RunConsole(Console):
    """Where a run tells what it brought; it goes on in silence when nobody reads any more, as behind ``| head``."""

    def on_broken_pipe(self) -> None:
        """Write no more. Rich would leave the program here, which a reactor that is still running does not survive."""
        with contextlib.suppress(SystemExit):
            super().on_broken_pipe()


def console_for_tables() -> Console:
    """Return where a command prints a table: as wide as a terminal, or as wide as it must be in a file or a pipe."""
    console = Console(highlight=False, emoji=False)
    return console if console.is_terminal else Console(highlight=False, emoji=False, width=250)


def _table(summary: RunSummary) -> Table:
    table = Table(title=f"Run {summary.run_id}: {summary.site}", title_justify="left", show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("articles", f"{summary.articles} ({summary.articles_new} new)")
    table.add_row("comments", f"{summary.comments_captured} captured, {summary.comments_declared} declared by the site")
    table.add_row("comments missing", _counts(summary.gap_reasons))
    table.add_row("dates", _counts(summary.date_precisions))
    table.add_row("no article", _counts(summary.refusals))
    table.add_row("requests", _counts(summary.fetch_outcomes))
    table.add_row("verdict", " ".join((summary.verdict or "none", *(f"({reason})" for reason in summary.reasons))))
    return table


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda pair: -pair[1])) or "none"
