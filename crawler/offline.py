"""Work on kept pages on all cores: tasks go out in small lots, answers come back in order.

A lot that kills or outlasts its worker is tried task by task, so that one page costs no other. With ``--cluster``
the workers are those of crawler.cluster.
"""

import argparse
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, Self

from pebble import ProcessExpired, ProcessPool

from crawler.rereading import Rereader

LOT = 16
SECONDS_PER_PAGE = 60.0
SECONDS_ALONE = 900.0  # a page may have hundreds of captures
LOTS_IN_FLIGHT = 3


class ClusterUnavailable(Exception):
    """Raised when a cluster cannot be reached, or works with another Knipsel; its text says which."""


class Task(Protocol):
    """One piece of work for a method of Rereader."""

    def failed(self) -> Any:
        """Return the answer of a task that killed its worker, or kept it for too long, twice."""


@dataclass(frozen=True, slots=True)
class ArchivePlace:
    """The archive that is worked on: its database, its folder, and the modules with profiles made by hand."""

    database: str
    folder: Path
    modules: tuple[str, ...] = ()


class Pool(AbstractContextManager["Pool"], Protocol):
    """Workers that have an archive open for reading."""

    def run(self, method: str, tasks: Iterable[Any], size: int = LOT) -> Iterator[list[Any]]:
        """Yield what *method* of Rereader answers for each lot of *size* of *tasks*, in their order."""


@cache
def _rereader(place: ArchivePlace) -> Rereader:
    """Return this worker process's reader of an archive: opened once."""
    return Rereader(place.database, place.folder, place.modules)


def work_at(place: ArchivePlace, method: str, tasks: Sequence[Task]) -> list[Any]:
    """Return what *method* of Rereader answers to each of *tasks*; a task can be repeated."""
    answers: list[Any] = getattr(_rereader(place), method)(tasks)
    return answers


class OfflinePool:
    """Worker processes, one a core, each with the archive open for reading."""

    def __init__(self, database: str, folder: Path, workers: int = 0, modules: Sequence[str] = ()) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._place = ArchivePlace(database, folder, tuple(modules))
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.rereading"])
        self._pool = ProcessPool(max_workers=self._workers, context=context)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        self._pool.join()

    def run(self, method: str, tasks: Iterable[Any], size: int = LOT) -> Iterator[list[Any]]:
        """Yield what *method* of Rereader answers for each lot of *size* of *tasks*, in their order."""
        waiting: deque[tuple[list[Task], Future[list[Any]]]] = deque()
        for lot in lots_of(tasks, size):
            waiting.append((lot, self._schedule(method, lot)))
            if len(waiting) >= LOTS_IN_FLIGHT * self._workers:
                yield self._result(method, *waiting.popleft())
        while waiting:
            yield self._result(method, *waiting.popleft())

    def _schedule(self, method: str, lot: list[Task]) -> "Future[list[Any]]":
        seconds = SECONDS_PER_PAGE * (1 + len(lot) / 8) if len(lot) > 1 else SECONDS_ALONE
        future: Any = self._pool.schedule(work_at, args=[self._place, method, lot], timeout=seconds)
        return future  # type: ignore[no-any-return]  # pebble's future is one

    def _result(self, method: str, lot: list[Task], future: "Future[list[Any]]") -> list[Any]:
        try:
            return future.result()
        except (ProcessExpired, TimeoutError):
            return [self._alone(method, task) for task in lot]

    def _alone(self, method: str, task: Task) -> Any:
        try:
            return self._schedule(method, [task]).result()[0]
        except (ProcessExpired, TimeoutError):
            return task.failed()


def add_cluster_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that leads work to a Dask cluster."""
    parser.add_argument("--cluster", metavar="tcp://HOST:8786", help="work on the Dask cluster behind this scheduler")


def open_pool(cluster: str | None, place: ArchivePlace, workers: int) -> Pool:
    """Return the workers of a *cluster*, or without one the local cores. Raises ClusterUnavailable."""
    if cluster is None:
        return OfflinePool(place.database, place.folder, workers, place.modules)
    try:
        from crawler.cluster import ClusterPool  # noqa: PLC0415  # an extra
    except ModuleNotFoundError as error:
        raise ClusterUnavailable("--cluster needs its library: pip install 'knipsel[cluster]'.") from error
    return ClusterPool(cluster, place)


def lots_of(tasks: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield *tasks* in lots of *size*."""
    lot: list[Any] = []
    for task in tasks:
        lot.append(task)
        if len(lot) == size:
            yield lot
            lot = []
    if lot:
        yield lot
