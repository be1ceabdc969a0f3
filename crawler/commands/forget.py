"""``knipsel forget``: erase a commenter, a comment, a page or a site, so that no trace stays and
none comes back.
"""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path

from crawler.cli import ArchiveCommand, CommandResult, Refused
from storage import database, privacy


class Command(ArchiveCommand):
    """Erase on request. Without ``--yes`` only shows what would be erased."""

    promise = (
        "Erase a commenter, a comment, a page or a site for good; first only tells what would go"
    )
    explanation = (
        "Rows, versions, search index and captures in WARC files go; keyed hashes keep "
        "later crawls from bringing them back."
    )
    arguments = "--author NAME | --comment KEY | --url URL | --site HOST"
    examples = (
        "knipsel forget --author 'Jan Jansen'",
        "knipsel forget --author 'Jan Jansen' --yes",
        "knipsel forget --url https://www.example.nl/artikel/ --yes",
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--author", metavar="NAME", help="all that a commenter of this name wrote"
        )
        what.add_argument(
            "--comment", metavar="KEY", type=int, help="one comment, by its id in comment_thread"
        )
        what.add_argument("--url", metavar="URL", help="an article, or any page, with its comments")
        what.add_argument("--site", metavar="HOST", help="a whole site")
        parser.add_argument(
            "--yes", action="store_true", help="erase; without it nothing is changed"
        )

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Show what would go, or let it go and leave a receipt."""
        request = privacy.ErasureRequest(
            author=opts.author,
            comment=opts.comment,
            url=opts.url,
            site=opts.site,
            reports=self._reports(),
        )
        try:
            plan = privacy.make_plan(archive, request, self.folder)
        except privacy.NothingToErase as reason:
            raise Refused(str(reason)) from reason
        if opts.yes:
            return self._done(privacy.erase(archive, plan, self.folder), plan)
        return _plan(privacy.count_rows(archive, plan), plan)

    def _done(self, receipt: privacy.Receipt, plan: privacy.Plan) -> CommandResult:
        text, path = privacy.receipt_text(receipt), self._keep(receipt)
        shown = [
            text,
            *_mentions(plan),
            f"This receipt, which does not say what was erased, is kept in {path}.",
        ]
        shown.append("Backups and exports made before still hold it: they are yours to replace.")
        return CommandResult(
            {"receipt": json.loads(text), "kept_in": path, "mentions": plan.mentions}, tuple(shown)
        )

    def _reports(self) -> Path | None:
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        named = self.settings["KNIPSEL_REPORTS"]
        return Path(named) if named else None

    def _keep(self, receipt: privacy.Receipt) -> str:
        folder = self.folder / "receipts"
        folder.mkdir(parents=True, exist_ok=True)
        at: datetime = receipt.erased_at
        path = folder / f"erasure-{at:%Y%m%dT%H%M%S%f}.json"
        path.write_text(privacy.receipt_text(receipt) + "\n", encoding="utf-8")
        return str(path)


def _plan(rows: dict[str, int], plan: privacy.Plan) -> CommandResult:
    captures, copies = (
        sum(len(found) for found in plan.captures.values()),
        [copy.name for copy in plan.copies],
    )
    shown = ["This would be erased:", *(f"  {name}: {count}" for name, count in rows.items())]
    shown += [
        f"  captures in WARC files: {captures}",
        *(f"  older copy of the archive: {name}" for name in copies),
    ]
    shown += [*_mentions(plan), "Nothing was changed. Say --yes to erase it; it cannot be undone."]
    return CommandResult(
        {"rows": rows, "captures": captures, "copies": copies, "mentions": plan.mentions},
        tuple(shown),
    )


def _mentions(plan: privacy.Plan) -> list[str]:
    if not plan.mentions:
        return []
    return [
        f"The name stands in {plan.mentions} texts of others, which stay: search for "
        "it, and judge each."
    ]
