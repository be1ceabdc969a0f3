"""The archive as a place: opened by URL, read and written through connections that are set up
right.
"""

import logging
import os
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, SQLAlchemyError

from storage.database.unavailable import ArchiveUnavailable
from storage.database.upgrade import NewerArchive, Upgrade, revision_of, upgrade
from storage.extras import how_to_install
from storage.leftovers import scratch
from storage.shown import shown

BUSY_TIMEOUT_MILLISECONDS = 30_000
CACHE_KIB = 65_536  # an archive's upper index pages stay in memory
CONNECT_TIMEOUT_SECONDS = 10
# A line that is cut without a word is noticed within half a minute, by both ends.
_LINE = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
_SERVER = (
    "-c timezone=UTC -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c "
    "tcp_keepalives_count=3"
)


def _is_no_row(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("Row ")


class Archive:
    """A SQL archive, SQLite or PostgreSQL, at its newest schema."""

    def __init__(self, engine: Engine, url: str, upgraded: Upgrade | None = None) -> None:
        self._url = url
        self._engine = engine
        self.upgraded = upgraded

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the archive at a SQLAlchemy *url*, making or upgrading its schema; ``upgraded``
        states what was done.

        Raises ArchiveUnavailable when it cannot be reached, is no archive, or was written by a
        newer Knipsel.
        """
        address = _absolute(_address(url))
        made = _make_new(address)
        engine = _engine(_for_reading(address))
        try:
            upgraded = made or upgrade(engine)
        except NewerArchive as error:
            engine.dispose()
            raise ArchiveUnavailable(
                f"The archive {_shown(address)} was written by a newer Knipsel: upgrade this one."
            ) from error
        except (SQLAlchemyError, ImportError, OSError) as error:
            engine.dispose()
            raise ArchiveUnavailable(
                f"The archive {_shown(address)} cannot be opened: {_reason(error)}"
            ) from error
        return cls(engine, _shown(address), upgraded)

    @classmethod
    def reopen(cls, address: str) -> Self:
        """Open an archive at the ``address`` that it has where another process has it open."""
        url = make_url(address)
        return cls(_engine(url), _shown(url))

    @property
    def url(self) -> str:
        """The archive's address, without a password."""
        return self._url

    @property
    def address(self) -> str | None:
        """The archive's address with its password, for another process of this program alone; None
        for one in memory, or at a relative URI, which no other can open.
        """
        url = self._engine.url
        if self.dialect == "sqlite" and not (url.database or "").startswith(("/", "file:/")):
            return None
        return url.render_as_string(hide_password=False)

    @property
    def dialect(self) -> str:
        """The kind of database: "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    def revision(self) -> str:
        """Return the number of the schema's newest step."""
        return revision_of(self._engine) or "none"

    def begin(self) -> AbstractContextManager[Connection]:
        """Return a connection inside a write transaction, committed at the end of the block."""
        return self._engine.begin()

    def read(self) -> Connection:
        """Return a connection that sees the archive as it is at its first query; nothing it
        does is kept. Whoever takes it closes it.
        """
        isolation = {"isolation_level": "REPEATABLE READ"} if self.dialect == "postgresql" else {}
        return self._engine.connect().execution_options(knipsel_reading=True, **isolation)

    def autocommit(self) -> Connection:
        """Return a connection on which each statement stands alone. Whoever takes it closes it."""
        return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def select(
        self, query: str, **parameters: Any
    ) -> tuple[tuple[str, ...], Sequence[dict[str, Any]]]:
        """Return the columns and the rows that a SELECT answers."""
        with self.read() as connection:
            result = connection.execute(text(query), parameters)
            return tuple(result.keys()), [dict(row) for row in result.mappings()]

    def outside_transactions(self, *statements: str) -> None:
        """Run maintenance that a database does not allow inside a transaction."""
        with self.autocommit() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def checkpoint(self) -> bool:
        """Bring the write-ahead log of a SQLite file into it and empty it; False when a reader of
        an older state kept that from being done.
        """
        with self.autocommit() as connection:
            busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one()
        return not busy

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


def default_database(folder: Path) -> str:
    """Return the URL of the SQLite file in *folder*, which is made when it is missing.

    Raises ArchiveUnavailable when that is not allowed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveUnavailable(
            f"The archive folder {folder} cannot be made: {error.strerror}."
        ) from error
    return URL.create("sqlite", database=str(folder.resolve() / "archive.db")).render_as_string()


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite *url*, None for a server's.

    Raises ArchiveUnavailable for what is no URL of a database.
    """
    address = _address(url)
    return Path(address.database) if address.drivername == "sqlite" and address.database else None


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise ArchiveUnavailable(
            f"{shown(url)!r} is no database URL: say sqlite:///file or postgresql://host/name."
        ) from error
    if address.drivername in {"postgres", "postgresql"}:
        return address.set(drivername="postgresql+psycopg")
    if address.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise ArchiveUnavailable(
            f"{address.drivername} is no database that Knipsel knows: use SQLite or PostgreSQL."
        )
    return address


def _absolute(address: URL) -> URL:
    """Return the address of a file as what it is wherever this process goes."""
    file = _plain_file(address)
    return address if file is None else address.set(database=str(file.absolute()))


def _engine(address: URL) -> Engine:
    sqlite = address.drivername == "sqlite"
    # In UTC, so that a moment cast to text reads the same as on SQLite.
    arguments = (
        {} if sqlite else {"connect_timeout": CONNECT_TIMEOUT_SECONDS, "options": _SERVER, **_LINE}
    )
    try:
        # hide_parameters: an error must not print article text and commenters' names into a log.
        engine = create_engine(address, hide_parameters=True, connect_args=arguments)
        # Nor must a log of everything print what is read.
        logging.getLogger("sqlalchemy.engine.Engine").addFilter(_is_no_row)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise ArchiveUnavailable(
            f"PostgreSQL needs its driver: {how_to_install('postgres')}"
        ) from error
    if sqlite:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}",
        "journal_mode = WAL",
        # 32 MB: a crawl's small transactions seldom wait for a checkpoint
        "wal_autocheckpoint = 8000",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"cache_size = -{CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        return
    # A deferred BEGIN that reads first and then writes fails with "database is locked" beside
    # another writer.
    reading = connection.get_execution_options().get("knipsel_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _make_new(address: URL) -> Upgrade | None:
    """Make a SQLite archive that is not there yet under another name and give it its own when it
    is whole: one that is there and empty is one that was lost.

    Raises ArchiveUnavailable for that.
    """
    file = _plain_file(address)
    if file is None or not file.parent.is_dir():
        return None
    if file.exists():
        if file.stat().st_size == 0:
            raise ArchiveUnavailable(
                f"{file} is empty: whatever was in it is lost. Put a backup in its place, or "
                "remove it to begin anew."
            )
        return None
    fresh = file.with_name(f".{file.name}.new-{os.getpid()}-{secrets.token_hex(3)}")
    try:
        with scratch(file.parent, fresh):
            engine = _engine(address.set(database=str(fresh)))
            try:
                made = upgrade(engine)
                with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            finally:
                engine.dispose()
            with suppress(FileExistsError):  # another process was first: its archive holds
                os.link(fresh, file)
    except (OSError, SQLAlchemyError) as error:
        raise ArchiveUnavailable(f"The archive {file} cannot be made: {_reason(error)}") from error
    return made


def _plain_file(address: URL) -> Path | None:
    """Return the file of a SQLite archive that is named as a file, None of any other."""
    name = address.database or ""
    is_file = address.drivername == "sqlite" and name not in {"", ":memory:"}
    return None if not is_file or name.startswith("file:") else Path(name)


def _for_reading(address: URL) -> URL:
    """Return the address of an archive that may only be read as what opens it so; any other comes
    back as it is.
    """
    file = _plain_file(address)
    if file is None or not file.exists():
        return address
    if os.access(file, os.W_OK) and os.access(file.parent, os.W_OK):
        return address
    log = file.with_name(f"{file.name}-wal")
    # Without a log to be read with it the file is whole, and needs none of the files beside it.
    still = "" if log.exists() and log.stat().st_size else "&immutable=1"
    return make_url(f"sqlite:///file:{quote(str(file.absolute()))}?mode=ro{still}&uri=true")


def _shown(address: URL) -> str:
    return shown(address.render_as_string(hide_password=True))


def _reason(error: BaseException) -> str:
    original = error.orig if isinstance(error, DatabaseError) and error.orig is not None else error
    return shown(" ".join(str(original).split())[:300]) + "."
