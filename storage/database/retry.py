"""Outages of PostgreSQL: a restart, a cut line. Work waits and goes on; a commit whose answer was
lost is looked up.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from storage.database.archive import Archive
from storage.database.unavailable import ArchiveUnavailable

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0

Result = TypeVar("Result")


class Patience:
    """How long the end of an outage is waited for, all in all; when *stop* is set, no longer."""

    def __init__(self, seconds: float, stop: threading.Event | None = None) -> None:
        self._seconds = seconds
        self._stop = stop or threading.Event()
        self._until: float | None = None
        self._pause = FIRST_PAUSE_SECONDS

    def wait(self, reason: BaseException | str) -> bool:
        """Wait a little, longer each time; False when the outage has lasted too long."""
        now = time.monotonic()
        if self._until is None:
            self._until = now + self._seconds
            first = str(getattr(reason, "orig", None) or reason).strip().splitlines()[0]
            logger.warning(
                "The database is away (%s); waiting up to %g s for it.", first, self._seconds
            )
        if now >= self._until or self._stop.wait(min(self._pause, self._until - now)):
            return False
        self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS)
        return True

    def reward(self) -> None:
        """The database answered: the next outage is another one."""
        self._until, self._pause = None, FIRST_PAUSE_SECONDS


def is_outage(error: BaseException) -> bool:
    """Return whether *error* means that the server, or the line to it, is gone: what failed can be
    done again later.
    """
    if isinstance(error, ArchiveUnavailable):
        return error.__cause__ is not None and is_outage(error.__cause__)
    if (
        not isinstance(error, DBAPIError)
        or error.orig is None
        or not type(error.orig).__module__.startswith("psycopg")
    ):
        return False
    is_unconnected = isinstance(error, OperationalError) and error.statement is None
    return error.connection_invalidated or is_unconnected


def commit(
    archive: Archive, operation: Callable[[Connection], Result], patience: Patience
) -> Result:
    """Run *operation* in one write transaction and return what it answers, once that is committed.

    In an outage it waits, and runs *operation* again unless the first time was committed after all.
    Raises SQLAlchemyError as the transaction does, and when the outage outlasts *patience*.
    """
    before: tuple[int, Result] | None = None
    while True:
        try:
            if before is not None and _was_committed(archive, before[0], patience):
                return before[1]
            before = None
            with archive.begin() as connection:
                result = operation(connection)
                transaction = _transaction(connection)
                before = None if transaction is None else (transaction, result)
            patience.reward()
            return result
        except DBAPIError as error:
            if not is_outage(error) or not patience.wait(error):
                raise


_REFUSALS = (
    SQLAlchemyError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError,
    ValueError,
)  # fmt: skip


class WriteRefused(Exception):
    """Raised when the database does not take what is written; its text names the reason and holds
    nothing of what was to be written.
    """


@contextmanager
def set_apart(connection: Connection) -> Iterator[None]:
    """Run the block so that its failure leaves the rest of the transaction as it was.

    Raises WriteRefused for what the database refuses; an outage passes as it is.
    """
    try:
        with connection.begin_nested():
            yield
    except _REFUSALS as error:
        if is_outage(error):
            raise
        raise WriteRefused(f"The database refused the page: {refusal_of(error)}.") from None


def refusal_of(error: BaseException) -> str:
    """Return why a write was refused, by the name of its error: its message may quote a text."""
    original = getattr(error, "orig", None) or error
    name: str = getattr(original, "sqlite_errorname", "") or type(original).__name__
    return name


def retried(action: Callable[[], Result], patience: Patience) -> Result:
    """Return what *action* answers; in an outage it is tried again until *patience* ends. What it
    does must bear repeating.
    """
    while True:
        try:
            result = action()
            patience.reward()
            return result
        except (DBAPIError, ArchiveUnavailable) as error:
            if not is_outage(error) or not patience.wait(error):
                raise


def _transaction(connection: Connection) -> int | None:
    """Return the number of the running transaction, None when it has written nothing or the
    database has no outages.
    """
    if connection.dialect.name != "postgresql":
        return None
    number: int | None = connection.execute(
        text("SELECT pg_current_xact_id_if_assigned()::text::bigint")
    ).scalar_one()
    return number


def _was_committed(archive: Archive, transaction: int, patience: Patience) -> bool:
    status = text("SELECT pg_xact_status(CAST(CAST(:number AS text) AS xid8))")
    while True:
        with archive.begin() as connection:
            found = connection.execute(status, {"number": str(transaction)}).scalar_one()
        if found != "in progress":
            return bool(found == "committed")
        if not patience.wait("the server has not yet noticed that the line was cut"):
            raise ArchiveUnavailable("The server does not tell whether the last write was stored.")
