"""``scrapy verify``: rows, texts and captures checked against each other and against their digests."""

import argparse

from crawler.command import ArchiveCommand
from crawler.output import Answer
from storage.archive import Archive
from storage.verifying import verify


class Command(ArchiveCommand):
    """Verify the archive. Exit code 1 when something is damaged or missing."""

    promise = "Check rows, texts, search index and WARC files against each other"
    explanation = "Exit code 1: something is damaged or missing."
    examples = ("scrapy verify", "scrapy verify --quiet --json")

    def work(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> Answer:  # noqa: ARG002  # every command's signature
        """Tell what does not fit."""
        with self.output.progress() as report:
            findings = list(verify(archive, self.folder, report))
        errors = [finding.text for finding in findings if finding.grave]
        notes = [finding.text for finding in findings if not finding.grave]
        lines = [f"{'error' if finding.grave else 'note '}  {finding.text}" for finding in findings]
        lines.append(f"{len(errors)} errors." if errors else "Rows, texts, index and captures fit.")
        return Answer({"errors": errors, "notes": notes}, tuple(lines), 1 if errors else 0)
