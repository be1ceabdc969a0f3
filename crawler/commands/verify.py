"""``knipsel verify``: rows, texts and captures checked against each other and against their
digests.
"""

from __future__ import annotations

import argparse

from crawler.cli import ArchiveCommand, CommandResult
from storage import database, maintenance


class Command(ArchiveCommand):
    """Verify the archive. Exit code 1 when something is damaged or missing."""

    promise = "Check rows, texts, search index and WARC files against each other"
    explanation = "Exit code 1: something is damaged or missing."
    examples = ("knipsel verify", "knipsel verify --quiet --json")

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Show what does not fit."""
        with self.output.progress() as report:
            findings = list(maintenance.verify_archive(archive, self.folder, report))
        errors = [finding.text for finding in findings if finding.grave]
        notes = [finding.text for finding in findings if not finding.grave]
        lines = [f"{'error' if finding.grave else 'note '}  {finding.text}" for finding in findings]
        lines.append(f"{len(errors)} errors." if errors else "Rows, texts, index and captures fit.")
        return CommandResult({"errors": errors, "notes": notes}, tuple(lines), 1 if errors else 0)
