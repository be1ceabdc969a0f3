"""``scrapy import``: other people's captures (WARC, WACZ, ARC, folders of saved pages) become part of the archive."""

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

from rich.console import Console
from scrapy.commands import ScrapyCommand

from crawler.importing import HTML_TYPES, Imported, Place, Wanted, import_into
from crawler.offline_report import import_table, telling
from crawler.session import archive_address
from storage.archive import Archive, ArchiveUnavailable, default_database

FAILED = 2


class Command(ScrapyCommand):
    """Import captures. Exit code 0: done, 2: nothing could be read, or a write failed."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return what stands behind the command's name."""
        return "[options] FILE|FOLDER..."

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Read WARC, WACZ and ARC files and folders of saved pages into the archive"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options that choose captures."""
        super().add_options(parser)
        parser.add_argument("--host", action="append", default=[], help="only this host and its subdomains; may be given again")
        parser.add_argument("--since", metavar="YYYY-MM-DD", help="only captures made on or after that day")
        parser.add_argument("--until", metavar="YYYY-MM-DD", help="only captures made on or before that day")
        parser.add_argument(
            "--type", action="append", help="only answers of this media type, such as text/html; may be given again"
        )
        parser.add_argument("--dry-run", action="store_true", help="print what would come in, and change nothing")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Import, print what came of it."""
        paths = [Path(name) for name in args]
        missing = next((path for path in paths if not path.exists()), None)
        if missing is not None or not paths:
            self._fail(f"There is no {missing}." if missing else "Say what to import: scrapy import FILE|FOLDER...")
            return
        try:
            wanted = _wanted(opts)
            result = self._import(paths, wanted, is_dry=opts.dry_run)
        except ValueError as error:  # NoCaptures and NoTable are among these; each has its sentence
            self._fail(str(error))
            return
        except ArchiveUnavailable as error:
            self._fail(str(error))
            return
        Console().print(import_table(result, is_dry=opts.dry_run))

    def _import(self, paths: list[Path], wanted: Wanted, *, is_dry: bool) -> Imported:
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        database, folder = archive_address(self.settings)
        workers = self.settings.getint("EXTRACTION_WORKERS")
        if not is_dry:
            with telling("pages") as report:
                return import_into(Place(database, folder, workers), paths, wanted, report=report)
        with tempfile.TemporaryDirectory(prefix="knipsel-") as scratch, telling("pages") as report:
            known = Archive.open(database)
            try:
                place = Place(default_database(Path(scratch)), Path(scratch), workers)
                return import_into(place, paths, wanted, report=report, known_in=known)
            finally:
                known.close()

    def _fail(self, sentence: str) -> None:
        print(f"scrapy import: {sentence}", file=sys.stderr)  # noqa: T201  # a command speaks to its user
        self.exitcode = FAILED


def _wanted(opts: argparse.Namespace) -> Wanted:
    """Return the filter that the options make. Raises ValueError for a day that is none."""
    days = {}
    for name in ("since", "until"):
        text = getattr(opts, name)
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError as error:
            raise ValueError(f"--{name} {text} is no day: say --{name} 2024-01-31") from error
    hosts = tuple(host.split("://")[-1].split("/")[0].lower().removeprefix("www.") for host in opts.host)
    return Wanted(hosts=hosts, types=tuple(kind.lower() for kind in opts.type or ()) or HTML_TYPES, **days)
