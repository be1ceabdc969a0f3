"""Erasures as rows: ordered, erased, finished. What a killed process left of one is known, and the
next command goes on with it.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from storage.database import Archive, ArchiveUnavailable, erasure_orders
from storage.privacy.erasure_request import ErasureRequest
from storage.warc import delete_stored

ORDERED, ERASED, FINISHED = "ordered", "erased", "finished"
PATIENCE_SECONDS = 30.0


class StillRead(ArchiveUnavailable):
    """Raised when what was erased is still on disk because somebody reads an older state of the
    database; its text names who.
    """


class ErasureAtWork(ArchiveUnavailable):
    """Raised when another process is erasing in the same archive."""


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What is to go after the rows went: files by their paths, files in a store by their
    addresses.
    """

    files: list[str] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ErasureOrder:
    """An erasure that is not finished: its request as long as nothing is erased, then what is left
    over.
    """

    key: int
    request: ErasureRequest | None
    left: Leftovers | None


@contextmanager
def erasing(folder: Path) -> Iterator[None]:
    """Hold the archive in *folder* for an erasure; a killed process holds nothing. Raises
    ErasureAtWork.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ErasureAtWork(
            "Another erasure is at work in this archive: wait until it has ended."
        ) from error
    else:
        yield
    finally:
        os.close(handle)


def place_order(archive: Archive, request: ErasureRequest, now: datetime) -> int:
    """Note what is to be erased, and return the order's key."""
    asked = {name: value for name, value in asdict(request).items() if value is not None}
    row = {"state": ORDERED, "request": {**asked}, "ordered_at": now}
    if request.reports is not None:
        row["request"] = {**asked, "reports": str(request.reports)}
    with archive.begin() as connection:
        made = connection.execute(erasure_orders.insert().values(row))
        key = made.inserted_primary_key
        return int(key[0]) if key else 0


def note_erased(connection: Connection, key: int, left: Leftovers) -> None:
    """Note, in the transaction that erases, that the rows are gone and what is left to go; what was
    asked is forgotten.
    """
    values = {"state": ERASED, "request": None, "left_over": asdict(left)}
    connection.execute(update(erasure_orders).where(erasure_orders.c.id == key).values(values))


def unfinished_orders(archive: Archive) -> list[ErasureOrder]:
    """Return the erasures that are not finished, oldest first."""
    with archive.read() as connection:
        if not inspect(connection).has_table(erasure_orders.name):
            return []
        query = select(erasure_orders).where(erasure_orders.c.state != FINISHED)
        return [
            ErasureOrder(
                int(row.id),
                _request(row.request) if row.request else None,
                Leftovers(**row.left_over) if row.state == ERASED else None,
            )
            for row in connection.execute(query.order_by(erasure_orders.c.id))
        ]


def _request(asked: dict[str, Any]) -> ErasureRequest:
    reports = asked.get("reports")
    return ErasureRequest(**{**asked, "reports": Path(reports) if reports else None})


def finish_order(archive: Archive, key: int, left: Leftovers) -> None:
    """Remove what is left over of an erasure and let the database forget the bytes.

    Raises StillRead.
    """
    for path in left.files:
        Path(path).unlink(missing_ok=True)
    for address in left.stored:
        delete_stored(address)
    _forget_bytes(archive)
    done = {"state": FINISHED, "request": None, "left_over": None, "finished_at": datetime.now(UTC)}
    with archive.begin() as connection:
        connection.execute(update(erasure_orders).where(erasure_orders.c.id == key).values(done))


def _forget_bytes(archive: Archive) -> None:
    """Overwrite what the database has let go of: search index, free pages, write-ahead log."""
    if archive.dialect == "sqlite":
        _forget_in_file(archive)
    else:
        _forget_on_server(archive)


def _forget_in_file(archive: Archive) -> None:
    with archive.begin() as connection:
        for index in ("article_search", "comment_search"):
            connection.execute(text(f"INSERT INTO {index} ({index}) VALUES ('optimize')"))  # noqa: S608  # our own names
    try:
        archive.outside_transactions("VACUUM")
        # It waits for readers as long as any writer waits; the old pages then stay in the file.
        if archive.checkpoint():
            return
    except DBAPIError as error:
        if "locked" not in str(error.orig):
            raise
    database = Path(make_url(archive.url).database or "").resolve()
    raise StillRead(
        f"The rows are erased, but {database.name} and its write-ahead log still hold them, "
        f"because {readers_of(database)} reads an older "
        "state: end that, and give any command; it finishes."
    )


def readers_of(database: Path) -> str:
    """Return which other processes have *database* open, as far as this machine shows."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        try:
            opened = {str(handle.readlink()) for handle in (process / "fd").iterdir()}
            name = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            continue
        if str(database) in opened:
            found.append(f"process {process.name} ({name})")
    return " and ".join(found) or "another connection"


_OLDER = """
SELECT pid, application_name FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL
   AND xact_start < :since
"""


def _forget_on_server(archive: Archive) -> None:
    """A row that any older snapshot may read stays in a table that is written anew."""
    since, until = datetime.now(UTC), time.monotonic() + PATIENCE_SECONDS
    while older := archive.select(_OLDER, since=since)[1]:
        if time.monotonic() > until:
            who = " and ".join(f"process {row['pid']} of the server" for row in older)
            raise StillRead(
                f"The rows are erased, but the server still holds them, because {who} reads an "
                "older state: end that, and give any command; it finishes."
            )
        time.sleep(0.2)
    try:
        archive.outside_transactions(
            f"SET lock_timeout = '{int(PATIENCE_SECONDS)}s'",
            "VACUUM (FULL, ANALYZE)",
            "RESET lock_timeout",
        )
    except DBAPIError as error:
        if "lock" not in str(error.orig):
            raise
        raise StillRead(
            "The rows are erased, but the server still holds them, because somebody uses a table: "
            "end that, and give any command; it finishes."
        ) from error
