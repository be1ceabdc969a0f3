"""One moment of the archive that several processes read at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from storage.database.archive import CACHE_KIB, Archive

_TRIES = 20
FEW_KIB = 2_000
_COMMITS = text("PRAGMA data_version")  # another number after each commit of another connection


def share_moment(
    archive: Archive, connection: Connection, begin: Callable[[str | None], object]
) -> bool:
    """Begin to read on *connection* anew and have others do so at the same moment: *begin* has each
    of them call ``read_at`` with what it is given, and returns when all have.

    False where a SQLite file was written to each time: they may have seen different moments.
    """
    if archive.dialect == "postgresql":
        connection.rollback()
        begin(export_snapshot(connection))
        return True
    with archive.autocommit() as beside:
        for _ in range(_TRIES):
            connection.rollback()
            before = beside.execute(_COMMITS).scalar_one()
            read_at(connection, None)
            begin(None)
            if beside.execute(_COMMITS).scalar_one() == before:
                return True
    return False


def export_snapshot(connection: Connection) -> str:
    """Return the name of what *connection* sees of a PostgreSQL archive, for ``read_at``; it holds
    as long as its transaction.
    """
    name: str = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    return name


def read_at(connection: Connection, snapshot: str | None) -> None:
    """Begin to read at the moment *snapshot*, or where that is None at this one."""
    if snapshot:
        # The name is PostgreSQL's own.
        connection.execute(text(f"SET TRANSACTION SNAPSHOT '{snapshot}'"))
    connection.execute(text("SELECT 1 FROM sites LIMIT 1"))


def keep_pages(connection: Connection, kib: int) -> None:
    """Have *connection* keep so many KiB of a SQLite file's pages in memory."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{kib}")


@contextmanager
def reading_once(connection: Connection) -> Iterator[None]:
    """Keep few pages: of rows that are read once, one after the other, what is kept helps
    nobody.
    """
    keep_pages(connection, FEW_KIB)
    try:
        yield
    finally:
        if not connection.invalidated:  # by an interrupt, which has closed it
            keep_pages(connection, CACHE_KIB)
