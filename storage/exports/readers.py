"""Processes that read the rows of one export side by side, all at one moment of the archive."""

import logging
import multiprocessing
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import cycle
from typing import Any, Protocol, Self

from pebble import ProcessExpired, ProcessPool
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from storage.database import (
    FEW_KIB,
    Archive,
    ArchiveUnavailable,
    keep_pages,
    read_at,
    share_moment,
)
from storage.exports.encoder import Encoder, Part
from storage.exports.fields import BadExport, ExportRequest
from storage.exports.made import Seen
from storage.exports.rows import Rows
from storage.privacy import Pseudonyms

_DIED = "A process that reads the archive for this export died: was there memory enough?"
# pyarrow loads pandas where it is installed.
_PRELOADED = {"parquet": [__name__, "storage.exports.parquet", "pandas"]}
AHEAD = 2  # lots that each process has before it
MOST_PROCESSES = 4  # more of them wait for the one that writes

logger = logging.getLogger(__name__)


class Reader(Protocol):
    """Who reads the rows of one export, at one moment of the archive."""

    def read(self, lots: Iterable[Sequence[int]]) -> Generator[Any]:
        """Yield the encoded rows of each of *lots*, keys of rows, in their order."""

    def write(self, parts: Iterable[Part]) -> Iterator[int]:
        """Write the files of a partitioned export, and yield how many rows are in each."""

    def seen(self) -> Iterator[Seen]:
        """Yield what was seen of all rows that were read."""


@contextmanager
def reader_of(encoder: Encoder, archive: Archive, processes: int) -> Iterator[Reader]:
    """Give who reads what *encoder* sees from now on: so many *processes*, or it alone.

    It does where there is one, where they cannot be started or reach the archive, and where a
    SQLite file is written to so often that no moment was found that they share.
    """
    with ExitStack() as stack:
        if processes > 1 and archive.address is not None:
            readers = stack.enter_context(Readers(archive.address, encoder, processes))
            reason = _why_apart(archive, encoder, readers)
            if reason is None:
                yield readers
                return
            logger.warning("One process reads the archive for this export: %s", reason)
            stack.close()
        yield Alone(encoder)


def _why_apart(archive: Archive, encoder: Encoder, readers: "Readers") -> str | None:
    """Have *readers* begin at the moment that *encoder* sees; return what kept them from it."""
    try:
        if share_moment(archive, encoder.rows.connection, readers.begin):
            return None
    except (BadExport, ArchiveUnavailable, SQLAlchemyError, OSError, ImportError) as error:
        encoder.rows.connection.rollback()  # what failed on it may have ended its transaction
        return " ".join(str(getattr(error, "orig", None) or error).split())
    return "it is written to all the time."


class Alone:
    """This process, which reads an export by itself."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def read(self, lots: Iterable[Sequence[int]]) -> Generator[Any]:
        """Do as Reader says."""
        return self._encoder.read_on(lots)

    def write(self, parts: Iterable[Part]) -> Iterator[int]:
        """Do as Reader says."""
        return map(self._encoder.write, parts)

    def seen(self) -> Iterator[Seen]:
        """Do as Reader says."""
        yield self._encoder.seen()


class Readers:
    """So many processes, to which lots of rows, or files, go in turn."""

    def __init__(self, address: str, encoder: Encoder, number: int) -> None:
        self._encoder = encoder
        self._asked = (address, encoder.rows.request, encoder.rows.pseudonyms)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOADED.get(encoder.rows.request.form, [__name__]))
        # Pools of one: to which process of many a task goes is not in our hands.
        self._pools = [
            ProcessPool(max_workers=1, context=context) for _ in range(min(number, MOST_PROCESSES))
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        for pool in self._pools:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        for pool in self._pools:
            pool.join()

    def begin(self, snapshot: str | None) -> None:
        """Have every process read from now on at the moment *snapshot*, or at this one."""
        for _ in self._on_each(_begin, *self._asked, snapshot):
            pass

    def read(self, lots: Iterable[Sequence[int]]) -> Generator[Any]:
        """Do as Reader says. Raises BadExport when a process dies, and as Encoder does."""
        return self._in_turn(_read, lots)

    def write(self, parts: Iterable[Part]) -> Iterator[int]:
        """Do as Reader says. Raises as ``read`` does."""
        return self._in_turn(_write, parts)

    def seen(self) -> Iterator[Seen]:
        """Do as Reader says."""
        yield from self._on_each(_seen)
        yield self._encoder.seen()  # what its form counts when the file is closed

    def _in_turn(self, work: Any, tasks: Iterable[Any]) -> Generator[Any]:
        waiting: deque[Future[Any]] = deque()
        for pool, task in zip(cycle(self._pools), tasks, strict=False):
            waiting.append(_schedule(pool, work, task))
            if len(waiting) >= AHEAD * len(self._pools):
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())

    def _on_each(self, work: Any, *arguments: Any) -> Iterator[Any]:
        return map(_result, [_schedule(pool, work, *arguments) for pool in self._pools])


def _schedule(pool: ProcessPool, work: Any, *arguments: Any) -> "Future[Any]":
    try:
        future: Any = pool.schedule(work, args=arguments)
    except RuntimeError as error:  # its process died before it was given this
        raise BadExport(_DIED) from error
    return future  # type: ignore[no-any-return]  # pebble's future is one


def _result(future: "Future[Any]") -> Any:
    try:
        return future.result()
    except (ProcessExpired, BrokenProcessPool) as error:  # at work, or idle
        raise BadExport(_DIED) from error


# What this process encodes with: it is one of the processes of one export.
_held: dict[str, Encoder] = {}


@cache
def _connection(address: str) -> Connection:
    connection = Archive.reopen(address).read()
    keep_pages(connection, FEW_KIB)
    return connection


def _begin(
    address: str, request: ExportRequest, pseudonyms: Pseudonyms, snapshot: str | None
) -> None:
    connection = _connection(address)
    connection.rollback()
    read_at(connection, snapshot)
    _held["encoder"] = Encoder(Rows(connection, request, pseudonyms))


def _encoder() -> Encoder:
    if "encoder" not in _held:  # another process in the place of one that died
        raise BadExport(_DIED)
    return _held["encoder"]


def _read(keys: Sequence[int]) -> Any:
    return _encoder().read(keys)


def _write(part: Part) -> int:
    return _encoder().write(part)


def _seen() -> Seen:
    return _encoder().seen()
