"""A backup of an archive: database, WARC files and keys, consistent while a crawl writes."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from storage.database import Archive, ArchiveUnavailable, default_database
from storage.leftovers import scratch
from storage.maintenance.copy import NotCopied, copy_archive
from storage.privacy import KEY_FILE
from storage.progress import Report, no_report
from storage.warc import drop_superseded, warc_files


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds: the database file, how many WARC files, and how many of them were copied
    now.
    """

    database: Path
    warc_files: int
    copied: int


def back_up(archive: Archive, folder: Path, target: Path, report: Report = no_report) -> BackedUp:
    """Copy the archive in *folder* to the folder *target*; a backup that is there already is
    brought up to date.

    The database is copied first, as it is at one moment; every capture that it names was on
    disk by then. A PostgreSQL archive becomes a SQLite file, which opens without a server. Raises
    ArchiveUnavailable when the target cannot be written.
    """
    if target.resolve() == folder.resolve():
        raise ArchiveUnavailable(
            f"{target} is the archive itself: name another folder for its backup."
        )
    try:
        (target / "warc").mkdir(parents=True, exist_ok=True)
        fresh, names = target / f"archive.db.partial-{os.getpid()}", []
        with scratch(folder, fresh):
            database = _copy_database(archive, target / "archive.db", fresh, report)
        files = warc_files(folder / "warc")
        for path in files:
            names.append(_copy_file(path, target / "warc" / path.name, folder))
            report("WARC files", len(names), len(files))
        if (folder / KEY_FILE).exists():
            _copy_file(folder / KEY_FILE, target / KEY_FILE, folder)
    except OSError as error:
        raise ArchiveUnavailable(
            f"The backup in {target} cannot be written: {error.strerror or error}."
        ) from error
    except (DBAPIError, NotCopied) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error)
        raise ArchiveUnavailable(
            f"The backup in {target} cannot be written: {reason.strip().rstrip('.')}."
        ) from error
    _forget_erased(database, target / "warc")
    return BackedUp(database, len(names), sum(names))


def _copy_database(archive: Archive, path: Path, fresh: Path, report: Report) -> Path:
    if archive.dialect == "sqlite":
        archive.outside_transactions(f"VACUUM INTO '{str(fresh).replace(chr(39), chr(39) * 2)}'")
    else:
        made = Archive.open(f"sqlite:///{fresh}")
        try:
            copy_archive(archive, made, report)
            made.checkpoint()
        finally:
            made.close()
    for rest in ("-wal", "-shm"):
        Path(f"{path}{rest}").unlink(missing_ok=True)
    fresh.replace(path)
    return path


def _copy_file(source: Path, target: Path, folder: Path) -> bool:
    """Copy a file that the target lacks or has in another size and return whether it was; an open
    file goes as far as it goes.
    """
    if target.exists() and target.stat().st_size == source.stat().st_size:
        return False
    fresh = target.with_name(f"{target.name}.partial-{os.getpid()}")
    with scratch(folder, fresh):
        shutil.copy2(source, fresh)
        fresh.replace(target)
    if not target.name.endswith(".open"):
        target.with_name(f"{target.name}.open").unlink(missing_ok=True)
    return True


def _forget_erased(database: Path, folder: Path) -> None:
    """What was erased since the last backup goes from the backup as well."""
    made = Archive.open(default_database(database.parent))
    try:
        _columns, rows = made.select("SELECT DISTINCT warc_file FROM fetches")
    finally:
        made.close()
    drop_superseded(folder, {row["warc_file"] for row in rows})
