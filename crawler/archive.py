"""The archive that the settings name."""

from __future__ import annotations

import logging
from pathlib import Path

from scrapy.settings import BaseSettings

from storage import database, privacy
from storage.leftovers import sweep

logger = logging.getLogger(__name__)


def open_archive(settings: BaseSettings) -> tuple[database.Archive, Path]:
    """Return the archive that *settings* name, and its folder; what killed commands left unfinished
    is finished first.
    """
    address, folder = archive_address(settings)
    archive = database.Archive.open(address)
    finish_unfinished(archive, folder)
    return archive, folder


def finish_unfinished(archive: database.Archive, folder: Path) -> None:
    """Remove what killed commands left half-made, and go on with erasures that they began."""
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415  # who only asks for --help needs no SQL

    sweep(folder)
    try:
        privacy.finish_erasures(archive, folder)
    except (database.ArchiveUnavailable, DBAPIError, OSError) as error:
        # The command at hand is another; verify names an erasure that is not finished.
        reason = str(getattr(error, "orig", None) or error)
        logger.warning("An erasure that was begun is not finished: %s", reason)


def archive_address(settings: BaseSettings) -> tuple[str, Path]:
    """Return the database URL and the folder of the archive that *settings* name."""
    folder = Path(settings["KNIPSEL_ARCHIVE"])
    return settings["KNIPSEL_DATABASE"] or database.default_database(folder), folder
