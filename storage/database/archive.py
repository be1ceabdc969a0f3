"""The archive as a place: opened by URL, read and written through connections that are set up
right.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Self

from alembic.runtime.migration import MigrationContext
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, SQLAlchemyError

from storage.database.unavailable import ArchiveUnavailable
from storage.database.upgrade import Upgrade, upgrade

BUSY_TIMEOUT_MILLISECONDS = 30_000
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


class Archive:
    """A SQL archive, SQLite or PostgreSQL, at its newest schema."""

    def __init__(self, engine: Engine, upgraded: Upgrade | None = None) -> None:
        self._engine = engine
        self.upgraded = upgraded

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the archive at a SQLAlchemy *url*, making or upgrading its schema; ``upgraded``
        tells what was done.

        Raises ArchiveUnavailable when it cannot be reached, is no archive, or was written by a
        newer Knipsel.
        """
        engine = _engine(_address(url))
        try:
            upgraded = upgrade(engine)
        except CommandError as error:
            engine.dispose()
            raise ArchiveUnavailable(
                f"The archive {_shown(engine)} was written by a newer Knipsel: upgrade this one."
            ) from error
        except (SQLAlchemyError, ImportError, OSError) as error:
            engine.dispose()
            raise ArchiveUnavailable(
                f"The archive {_shown(engine)} cannot be opened: {_reason(error)}"
            ) from error
        return cls(engine, upgraded)

    @property
    def url(self) -> str:
        """The archive's address, without a password."""
        return _shown(self._engine)

    @property
    def dialect(self) -> str:
        """The kind of database: "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    def revision(self) -> str:
        """Return the number of the schema's newest step."""
        with self.read() as connection:
            return MigrationContext.configure(connection).get_current_revision() or "none"

    def begin(self) -> AbstractContextManager[Connection]:
        """Return a connection inside a write transaction, committed at the end of the block."""
        return self._engine.begin()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Return a connection that sees the archive as it stands at its first query; nothing it
        does is kept.
        """
        isolation = {"isolation_level": "REPEATABLE READ"} if self.dialect == "postgresql" else {}
        with self._engine.connect().execution_options(
            knipsel_reading=True, **isolation
        ) as connection:
            yield connection

    def select(
        self, query: str, **parameters: Any
    ) -> tuple[tuple[str, ...], Sequence[dict[str, Any]]]:
        """Return the columns and the rows that a SELECT answers."""
        with self.read() as connection:
            result = connection.execute(text(query), parameters)
            return tuple(result.keys()), [dict(row) for row in result.mappings()]

    def outside_transactions(self, *statements: str) -> None:
        """Run maintenance that a database does not allow inside a transaction."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for statement in statements:
                connection.execute(text(statement))

    def checkpoint(self) -> bool:
        """Bring the write-ahead log of a SQLite file into it and empty it; False when a reader of
        an older state kept that from being done.
        """
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
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


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise ArchiveUnavailable(
            f"{url!r} is no database URL: say sqlite:///file or postgresql://host/name."
        ) from error
    if address.drivername in {"postgres", "postgresql"}:
        return address.set(drivername="postgresql+psycopg")
    if address.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise ArchiveUnavailable(
            f"{address.drivername} is no database that Knipsel knows: use SQLite or PostgreSQL."
        )
    return address


def _engine(address: URL) -> Engine:
    sqlite = address.drivername == "sqlite"
    # In UTC, so that a moment cast to text reads the same as on SQLite.
    arguments = (
        {} if sqlite else {"connect_timeout": CONNECT_TIMEOUT_SECONDS, "options": _SERVER, **_LINE}
    )
    try:
        # hide_parameters: an error must not print article text and commenters' names into a log.
        engine = create_engine(address, hide_parameters=True, connect_args=arguments)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise ArchiveUnavailable(
            "PostgreSQL needs its driver: pip install 'knipsel[postgres]'."
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
        "cache_size = -65536",  # 64 MB: an archive's upper index pages stay in memory
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        return
    # A deferred BEGIN that reads first and then writes fails with "database is locked" beside
    # another writer.
    reading = connection.get_execution_options().get("knipsel_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _shown(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _reason(error: BaseException) -> str:
    original = error.orig if isinstance(error, DatabaseError) and error.orig is not None else error
    return " ".join(str(original).split())[:300] + "."
