"""Where WARC files are: on the local disk while they are written, and then there, or in a store
with a URL (file, s3, gs).

A file is moved to the store whole: it is written there, its size compared, its address noted in the
archive, and only then the local one goes. Reading finds it by its name, wherever it is.
"""

import fcntl
import logging
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, delete, insert, select, update

from storage.database import Archive, ArchiveUnavailable, stored_warcs
from storage.extras import how_to_install
from storage.shown import shown
from storage.warc.members import warc_files

logger = logging.getLogger(__name__)

PROBE = ".knipsel-may-write"
READ_AHEAD = 256 * 1024
LEAST_QUIET_SECONDS = 60


class StoreUnavailable(ArchiveUnavailable):
    """Raised when a store cannot be reached, read or written; its text names it."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """How many files went to the store, how many wait on the local disk because they could not, and
    why.
    """

    files: int
    waiting: int
    reason: str = ""


def check_store(url: str) -> None:
    """Raise StoreUnavailable when *url* is no place that files can be written to, or its library is
    not installed.
    """
    if shown(url) != url:
        raise StoreUnavailable(
            f"The store {shown(url)} names keys: a store's address is kept with every file in it, "
            "so give keys to its library by the library's own settings."
        )
    filesystem, path = _filesystem(f"{url.rstrip('/')}/{PROBE}")
    try:
        filesystem.pipe_file(path, b"Knipsel may write here.")
        filesystem.rm_file(path)
    except Exception as error:  # each store's library has errors of its own
        raise StoreUnavailable(
            f"The store {shown(url)} cannot be reached: {_words(error)}"
        ) from error


def ship(archive: Archive, folder: Path, url: str) -> Shipped:
    """Move the finished WARC files in *folder* to the store at *url*; what cannot go stays, and
    goes the next time.

    Files that a killed run left open are finished ones. Raises ArchiveUnavailable when the archive
    cannot be written.
    """
    moved, waiting, reason = 0, 0, ""
    for path in _finished(folder):
        try:
            _ship(archive, path, url)
            moved += 1
        except FileNotFoundError:
            continue  # another process moved it meanwhile
        except StoreUnavailable as error:
            waiting, reason = waiting + 1, str(error)
            logger.warning("%s %s stays on the local disk.", error, path.name)
    return Shipped(moved, waiting, reason)


def _finished(folder: Path) -> Iterator[Path]:
    for path in warc_files(folder):
        if path.suffix != ".open":
            yield path
        elif not _is_being_written(path):
            yield path.rename(path.with_suffix(""))


def _is_being_written(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            if time.time() - path.stat().st_mtime < LEAST_QUIET_SECONDS:
                return True  # its writer may be just about to lock it
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True  # it was finished meanwhile
    except BlockingIOError:
        return True
    return False


def _ship(archive: Archive, path: Path, url: str) -> None:
    address = f"{url.rstrip('/')}/{path.name}"
    filesystem, target = _filesystem(address)
    size = path.stat().st_size
    try:
        filesystem.put_file(str(path), target)
        filesystem.invalidate_cache()
        kept = filesystem.size(target)
    except Exception as error:  # each store's library has errors of its own
        if not path.exists():
            raise FileNotFoundError(path) from error
        raise StoreUnavailable(f"The store {shown(url)} took no file: {_words(error)}") from error
    if kept != size:
        raise StoreUnavailable(f"The store {shown(url)} kept {kept} bytes of {size}.")
    with archive.begin() as connection:
        row = {"url": address, "bytes": size, "stored_at": datetime.now(UTC)}
        if (
            connection.execute(
                update(stored_warcs).where(stored_warcs.c.name == path.name).values(row)
            ).rowcount
            == 0
        ):
            connection.execute(insert(stored_warcs).values(name=path.name, **row))
    path.unlink(missing_ok=True)


def stored_files(connection: Connection) -> Mapping[str, str]:
    """Return the address of each WARC file that is in a store, by its name."""
    return {
        row.name: row.url
        for row in connection.execute(select(stored_warcs).order_by(stored_warcs.c.name))
    }


@contextmanager
def open_warc(connection: Connection, folder: Path, name: str) -> Iterator[BinaryIO]:
    """Give the WARC file called *name* for reading: from *folder*, or from the store where the
    archive has it.

    Raises OSError.
    """
    for path in (folder / name, folder / f"{name}.open"):
        if path.exists():
            with path.open("rb") as file:
                yield file
            return
    address = connection.execute(
        select(stored_warcs.c.url).where(stored_warcs.c.name == name)
    ).scalar_one_or_none()
    if address is None:
        raise FileNotFoundError(f"no file {name}")
    with open_stored(address) as file:
        yield file


@contextmanager
def open_stored(address: str) -> Iterator[BinaryIO]:
    """Give the file at *address* in a store for reading. Raises OSError."""
    try:
        filesystem, path = _filesystem(address)
        file = filesystem.open(path, "rb", block_size=READ_AHEAD)
    except StoreUnavailable as error:
        raise OSError(str(error)) from error
    except OSError:
        raise
    except Exception as error:  # each store's library has errors of its own
        raise OSError(f"{shown(address)}: {_words(error)}") from error
    with file:
        yield file


def bring_home(connection: Connection, folder: Path, name: str) -> tuple[Path, str | None]:
    """Copy a WARC file from its store into *folder*, where it is not there already; return its path
    and where it came from.

    Raises OSError.
    """
    for path in (folder / name, folder / f"{name}.open"):
        if path.exists():
            return path, None
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{name}.coming"
    with open_warc(connection, folder, name) as source, fresh.open("wb") as target:
        shutil.copyfileobj(source, target, READ_AHEAD)
    return fresh.rename(folder / name), stored_files(connection)[name]


def forget_stored(connection: Connection, name: str) -> None:
    """Note that a WARC file is in no store any more."""
    connection.execute(delete(stored_warcs).where(stored_warcs.c.name == name))


def delete_stored(address: str) -> None:
    """Delete the file at *address*. Raises StoreUnavailable."""
    filesystem, path = _filesystem(address)
    try:
        filesystem.rm_file(path)
    except Exception as error:  # each store's library has errors of its own
        raise StoreUnavailable(
            f"{shown(address)} cannot be deleted, and must be: {_words(error)}"
        ) from error


def _filesystem(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415  # an extra; without a store nobody needs it

        made = (
            {"auto_mkdir": True} if url.startswith("file:") else {}
        )  # a bucket is made by who owns it, a folder by us
        filesystem, path = url_to_fs(url, **made)
    except ImportError as error:
        raise StoreUnavailable(
            f"The store {shown(url)} needs its library: {how_to_install('store')}"
        ) from error
    except Exception as error:  # each store's library has errors of its own
        raise StoreUnavailable(f"The store {shown(url)} cannot be used: {_words(error)}") from error
    return filesystem, path


def _words(error: Exception) -> str:
    words = " ".join(str(error).split()) or type(error).__name__
    return shown(words).rstrip(".")[:300] + "."
