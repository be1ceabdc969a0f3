"""``knipsel import``: other people's captures (WARC, WACZ, ARC, folders of saved pages) become part
of the archive.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from crawler import offline
from crawler.archive import archive_address
from crawler.cli import CommandResult, OurCommand, Refused, read_day
from storage import database, imports


class Command(OurCommand):
    """Import captures. Exit code 0: done, 2: nothing could be read, or a write failed."""

    promise = "Read WARC, WACZ and ARC files and folders of saved pages into the archive"
    explanation = (
        "Captures of one page become its history, in whatever order they come in; what "
        "is known already is left."
    )
    arguments = "FILE|FOLDER..."
    examples = (
        "knipsel import --dry-run crawl-2014.warc.gz",
        "knipsel import --host example.nl --since 2014-01-01 crawl-2014.warc.gz collectie.wacz",
    )
    files = True

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options that choose captures."""
        super().add_options(parser)
        parser.add_argument(
            "--host",
            action="append",
            default=[],
            help="only this host and its subdomains; may be given again",
        )
        parser.add_argument(
            "--since", metavar="YYYY-MM-DD", help="only captures made on or after that day"
        )
        parser.add_argument(
            "--until", metavar="YYYY-MM-DD", help="only captures made on or before that day"
        )
        parser.add_argument(
            "--type",
            action="append",
            help="only answers of this media type, such as text/html; may be given again",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="print what would come in, and change nothing"
        )

    def answer(self, args: list[str], opts: argparse.Namespace) -> CommandResult:
        """Import, show what came of it."""
        paths = [Path(name) for name in args]
        missing = next((path for path in paths if not path.exists()), None)
        if missing is not None or not paths:
            raise Refused(
                f"There is no {missing}: name files or folders that are here."
                if missing
                else "Say what to import: knipsel import FILE|FOLDER..."
            )
        try:
            result = self._import(paths, _wanted(opts), is_dry=opts.dry_run)
        except (imports.NoCaptures, imports.NoTable) as error:
            raise Refused(str(error)) from error
        return CommandResult(
            {"dry_run": opts.dry_run, "imported": result},
            (offline.import_table(result, is_dry=opts.dry_run),),
        )

    def _import(
        self, paths: list[Path], wanted: offline.Wanted, *, is_dry: bool
    ) -> offline.Imported:
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        address, folder = archive_address(self.settings)
        workers = self.settings.getint("EXTRACTION_WORKERS")
        if not is_dry:
            with self.output.progress() as report:
                return offline.import_into(
                    offline.ImportPlace(address, folder, workers), paths, wanted, report=report
                )
        with (
            tempfile.TemporaryDirectory(prefix="knipsel-") as scratch,
            self.output.progress() as report,
        ):
            known = database.Archive.open(address)
            try:
                place = offline.ImportPlace(
                    database.default_database(Path(scratch)), Path(scratch), workers
                )
                return offline.import_into(place, paths, wanted, report=report, known_in=known)
            finally:
                known.close()


def _wanted(opts: argparse.Namespace) -> offline.Wanted:
    """Return the filter that the options make."""
    hosts = tuple(
        host.split("://")[-1].split("/")[0].lower().removeprefix("www.") for host in opts.host
    )
    types = tuple(kind.lower() for kind in opts.type or ()) or offline.HTML_TYPES
    return offline.Wanted(
        hosts=hosts, types=types, since=read_day(opts.since), until=read_day(opts.until)
    )
