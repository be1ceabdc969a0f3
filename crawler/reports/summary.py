"""The table at the end of a run: what is in the archive now, what is missing, and the verdict."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from scrapy.settings import BaseSettings

from crawler.archive import open_archive
from crawler.reports.files import write_after_run
from storage.crawl import RunSummary, run_summary, runs


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run brought, for people and for machines, and how the site's run before it ended."""

    shown: tuple[RenderableType, ...]
    data: Mapping[str, Any]
    before: str | None


def summarise(settings: BaseSettings, run_id: int) -> Summary:
    """Return what run *run_id* brought, from the archive itself; write its report where one is
    asked for.
    """
    archive, folder = open_archive(settings)
    try:
        with archive.read() as connection:
            summary = run_summary(connection, run_id)
            before = runs.verdict_before(connection, run_id)
        shown: list[RenderableType] = [
            _table(summary),
            f"Archive: {archive.url}",
            f"Pages as fetched: {folder / 'warc'}",
        ]
        data = {**asdict(summary), "archive": archive.url, "warc": folder / "warc", "report": None}
        if settings["KNIPSEL_REPORTS"]:
            page = write_after_run(archive, folder, run_id, Path(settings["KNIPSEL_REPORTS"]))
            shown.append(f"Report: {page}")
            data["report"] = page
    finally:
        archive.close()
    return Summary(tuple(shown), data, before)


def _table(summary: RunSummary) -> Table:
    table = Table(
        title=f"Run {summary.run_id}: {summary.site}", title_justify="left", show_header=False
    )
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("articles", f"{summary.articles} ({summary.articles_new} new)")
    table.add_row(
        "comments",
        f"{summary.comments_captured} captured, {summary.comments_declared} declared by the site",
    )
    table.add_row("comments missing", _counts(summary.gap_reasons))
    table.add_row("dates", _counts(summary.date_precisions))
    table.add_row("no article", _counts(summary.refusals))
    table.add_row("requests", _counts(summary.fetch_outcomes))
    if summary.drawn:
        table.add_row("drawn in a browser", _counts(summary.drawn))
    if summary.scripted:
        command = f"knipsel sites set {summary.url} --render"
        table.add_row("not drawn", f"{_pages(summary.scripted)} only in a browser: {command}")
    table.add_row(
        "verdict",
        " ".join((summary.verdict or "none", *(f"({reason})" for reason in summary.reasons))),
    )
    return table


def _pages(count: int) -> str:
    return "1 page shows its thread" if count == 1 else f"{count} pages show their thread"


def _counts(counts: Mapping[str, int]) -> str:
    return (
        ", ".join(
            f"{name} {count}" for name, count in sorted(counts.items(), key=lambda pair: -pair[1])
        )
        or "none"
    )
