"""What work on kept pages came to, as tables."""

from collections import Counter
from collections.abc import Mapping

from rich.table import Table

from crawler.offline.reextract import ReextractChanges
from crawler.offline.selection import Imported


def change_table(changes: ReextractChanges, *, is_dry: bool) -> Table:
    """Return what a re-extraction changed or, after a dry run, would change."""
    table = _named_rows("What would change" if is_dry else "What changed")
    table.add_row("pages read", str(changes.pages))
    for name, counts in (
        ("articles", changes.articles),
        ("fields", changes.fields),
        ("comments", changes.comments),
    ):
        table.add_row(name, counted(counts))
    table.add_row("not read", counted(changes.refusals))
    for sentence in changes.drift:
        table.add_row("template", sentence)
    return table


def import_table(result: Imported, *, is_dry: bool) -> Table:
    """Return what an import brought or, after a dry run, would bring."""
    table = _named_rows("What would come in" if is_dry else "What came in")
    table.add_row("captures", f"{result.taken} new, {result.known} known")
    table.add_row("pages", counted(result.pages))
    table.add_row("comments", str(result.comments))
    table.add_row("left out", counted(result.left_out))
    return table


def _named_rows(title: str) -> Table:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table


def counted(counts: "Mapping[str, int] | Counter[str]") -> str:
    """Return counts as "name 3, other 1", the highest first."""
    shown = [(name, count) for name, count in counts.items() if count]
    return (
        ", ".join(
            f"{name} {count}" for name, count in sorted(shown, key=lambda pair: (-pair[1], pair[0]))
        )
        or "none"
    )
