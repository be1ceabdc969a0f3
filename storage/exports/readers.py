"""Processes that read the rows of one export side by side, all at one moment of the archive."""

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from itertools import cycle
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool
from sqlalchemy import Connection

from storage.database import Archive, read_at, share_moment
from storage.exports.encoder import Encoder
from storage.exports.fields import BadExport, ExportRequest
from storage.exports.made import Seen
from storage.privacy import Pseudonyms

_DIED = "A process that reads the archive for this export died: was there memory enough?"
# pyarrow loads pandas where it is installed.
_PRELOADED = {"parquet": [__name__, "storage.exports.parquet", "pandas"]}
AHEAD = 3  # lots that each process has before it


@contextmanager
def shared(archive: Archive, encoder: Encoder, number: int) -> Iterator["Readers | None"]:
    """Give *number* processes that read what *encoder* sees from now on; None for one, and where a
    SQLite file is written to so often that no common moment was found: then it reads alone.
    """
    if number == 1:
        yield None
        return
    with Readers(archive.address, encoder, number) as readers:
        yield readers if share_moment(archive, encoder.connection, readers.begin) else None


class Readers:
    """So many processes, to which lots of rows go in turn."""

    def __init__(self, address: str, encoder: Encoder, number: int) -> None:
        self._asked = (address, encoder.request, encoder.pseudonyms)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOADED.get(encoder.request.form, [__name__]))
        # Pools of one: to which process of many a task goes is not in our hands.
        self._pools = [ProcessPool(max_workers=1, context=context) for _ in range(number)]

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

    def read(self, lots: Iterable[Sequence[int]]) -> Iterator[Any]:
        """Yield the encoded rows of each of *lots*, keys of rows, in their order.

        Raises BadExport when a process dies, and as they do.
        """
        waiting: deque[Future[Any]] = deque()
        for pool, keys in zip(cycle(self._pools), lots, strict=False):
            waiting.append(_schedule(pool, _read, keys))
            if len(waiting) >= AHEAD * len(self._pools):
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())

    def seen(self) -> Iterator[Seen]:
        """Yield what each process saw of the rows that it read."""
        return self._on_each(_seen)

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
    connection = Archive.open(address).read()
    if connection.dialect.name == "sqlite":
        # Rows that lie behind each other are read once: what is kept of them helps nobody.
        connection.exec_driver_sql("PRAGMA cache_size = -2000")
    return connection


def _begin(
    address: str, request: ExportRequest, pseudonyms: Pseudonyms, snapshot: str | None
) -> None:
    connection = _connection(address)
    connection.rollback()
    read_at(connection, snapshot)
    _held["encoder"] = Encoder(connection, request, pseudonyms)


def _read(keys: Sequence[int]) -> Any:
    if "encoder" not in _held:  # another process in the place of one that died
        raise BadExport(_DIED)
    return _held["encoder"].encode(keys)


def _seen() -> Seen:
    return _held["encoder"].seen()
