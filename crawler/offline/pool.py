"""Work on kept pages on all cores: tasks go out in small lots, answers come back in order.

A lot that kills or outlasts its worker is tried task by task, so that one page costs no other. With
``--cluster`` the workers are those of crawler.cluster.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool

from crawler.offline.tasks import (
    LOT,
    SECONDS_PER_PAGE,
    ArchivePlace,
    ClusterUnavailable,
    Pool,
    Task,
    lots_of,
    work_at,
)
from storage.extras import how_to_install

SECONDS_ALONE = 900.0  # a page may have hundreds of captures
LOTS_IN_FLIGHT = 3


class OfflinePool:
    """Worker processes, one a core, each with the archive open for reading."""

    def __init__(
        self, database: str, folder: Path, workers: int = 0, modules: Sequence[str] = ()
    ) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._place = ArchivePlace(database, folder, tuple(modules))
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.offline.worker", "crawler.extraction.preload"])
        self._pool = ProcessPool(max_workers=self._workers, context=context)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        self._pool.join()

    def run(self, method: str, tasks: Iterable[Any], size: int = LOT) -> Iterator[list[Any]]:
        """Yield what *method* of Rereader answers for each lot of *size* of *tasks*, in their
        order.
        """
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


def open_pool(cluster: str | None, place: ArchivePlace, workers: int) -> Pool:
    """Return the workers of a *cluster*, or without one the local cores. Raises
    ClusterUnavailable.
    """
    if cluster is None:
        return OfflinePool(place.database, place.folder, workers, place.modules)
    try:
        from crawler.offline.dask import ClusterPool  # noqa: PLC0415  # an extra
    except ModuleNotFoundError as error:
        raise ClusterUnavailable(
            f"--cluster needs its library: {how_to_install('cluster')}"
        ) from error
    return ClusterPool(cluster, place)
