"""The archive that the settings name."""

import logging
from pathlib import Path

from scrapy.settings import BaseSettings
from sqlalchemy.exc import DBAPIError

from storage.database import Archive, ArchiveUnavailable, default_database
from storage.leftovers import sweep
from storage.privacy import finish_erasures

logger = logging.getLogger(__name__)


def open_archive(settings: BaseSettings) -> tuple[Archive, Path]:
    """Return the archive that *settings* name, and its folder; what killed commands left unfinished
    is finished first.
    """
    database, folder = archive_address(settings)
    archive = Archive.open(database)
    finish_unfinished(archive, folder)
    return archive, folder


def finish_unfinished(archive: Archive, folder: Path) -> None:
    """Remove what killed commands left half-made, and go on with erasures that they began."""
    sweep(folder)
    try:
        finish_erasures(archive, folder)
    except (ArchiveUnavailable, DBAPIError, OSError) as error:
        # The command at hand is another; verify names an erasure that is not finished.
        reason = str(getattr(error, "orig", None) or error)
        logger.warning("An erasure that was begun is not finished: %s", reason)


def archive_address(settings: BaseSettings) -> tuple[str, Path]:
    """Return the database URL and the folder of the archive that *settings* name."""
    folder = Path(settings["KNIPSEL_ARCHIVE"])
    return settings["KNIPSEL_DATABASE"] or default_database(folder), folder
