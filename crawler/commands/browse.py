"""``knipsel browse``: the archive in the browser, on this machine only."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
from pathlib import Path
from urllib.parse import quote

from crawler.cli import ArchiveCommand, CommandResult, Refused
from storage import database, privacy
from storage.extras import how_to_install


class Command(ArchiveCommand):
    """Open the reading room."""

    promise = "Open a reading room on the archive, in the browser, on this machine only"
    explanation = (
        "Search, read articles with their threads, see what is missing, look at the "
        "pages as fetched; Datasette's tables "
        "and SQL beside it. Nothing can be changed there."
    )
    examples = (
        "knipsel browse",
        "knipsel browse --port 0 --names -s KNIPSEL_ARCHIVE=/srv/knipsel/archive",
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        parser.add_argument(
            "--port",
            type=int,
            default=8001,
            help="port on loopback; 0 takes a free one (default: 8001)",
        )
        parser.add_argument(
            "--names",
            action="store_true",
            help="show commenters' names; without it they are pseudonyms",
        )

    def work(self, archive: database.Archive, args: list[str], opts: argparse.Namespace) -> None:
        """Serve until interrupted."""
        if args:
            raise Refused("Say: knipsel browse [--port N] [--names]")
        if not 0 <= opts.port <= 65_535:
            raise Refused(f"{opts.port} is no port: say one up to 65535, or 0 for a free one.")
        if archive.dialect != "sqlite":
            raise Refused(
                "The reading room reads SQLite. Make a snapshot of this archive, "
                "knipsel copy postgresql://user@host/name sqlite:///snapshot/archive.db, "
                "and open that: knipsel browse -s KNIPSEL_DATABASE=sqlite:///snapshot/archive.db"
            )
        if importlib.util.find_spec("datasette") is None:
            raise Refused(f"The reading room needs Datasette: {how_to_install('browse')}")
        self._serve((database.sqlite_file(archive.url) or Path()).resolve(), opts)

    def _serve(self, file: Path, opts: argparse.Namespace) -> None:
        from crawler.reading_room import (  # noqa: PLC0415
            Room,  # Datasette is an extra
            listen,
            serve,
        )

        pseudonyms = None if opts.names else privacy.open_pseudonyms(self.folder)
        reading = database.Archive.open(f"sqlite:///file:{quote(str(file))}?mode=ro&uri=true")
        try:
            listening = listen(opts.port)
        except OSError as error:
            reading.close()
            raise Refused(
                f"Port {opts.port} on 127.0.0.1 cannot be used ({error.strerror}): say "
                "--port 0 for a free one."
            ) from error
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        self.output.show(CommandResult({"url": url}, (f"Reading room: {url} (stop with Ctrl-C)",)))
        try:
            asyncio.run(serve(Room(reading, self.folder, file, pseudonyms), listening))
        except KeyboardInterrupt:
            return  # how a reading room is closed
        finally:
            listening.close()
            reading.close()
