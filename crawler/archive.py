"""The archive that the settings name."""

from pathlib import Path

from scrapy.settings import BaseSettings

from storage.database import Archive, default_database


def open_archive(settings: BaseSettings) -> tuple[Archive, Path]:
    """Return the archive that *settings* name, and its folder."""
    database, folder = archive_address(settings)
    return Archive.open(database), folder


def archive_address(settings: BaseSettings) -> tuple[str, Path]:
    """Return the database URL and the folder of the archive that *settings* name."""
    folder = Path(settings["KNIPSEL_ARCHIVE"])
    return settings["KNIPSEL_DATABASE"] or default_database(folder), folder
