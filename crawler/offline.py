"""Work on kept pages on all cores: tasks go out in small lots, answers come back in order.

A lot that kills or outlasts its worker is tried page by page, so that one page costs no other.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool

from crawler.rereading import PageTask, Reread, Rereader

LOT = 16
SECONDS_PER_PAGE = 60.0
SECONDS_ALONE = 900.0  # a page may have hundreds of captures
LOTS_IN_FLIGHT = 3

_rereader: Rereader | None = None


def _open(database: str, folder: str, modules: Sequence[str]) -> None:
    global _rereader  # noqa: PLW0603  # one archive a worker process
    _rereader = Rereader(database, Path(folder), modules)


def _work(name: str, tasks: Sequence[PageTask]) -> list[Reread]:
    assert _rereader is not None  # noqa: S101  # _open ran when the process began
    method: Callable[[PageTask], Reread] = getattr(_rereader, name)
    return [method(task) for task in tasks]


class OfflinePool:
    """Worker processes, one a core, each with the archive open for reading."""

    def __init__(self, database: str, folder: Path, workers: int = 0, modules: Sequence[str] = ()) -> None:
        self._workers = workers or os.cpu_count() or 1
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.rereading"])
        arguments = (database, str(folder), tuple(modules))
        self._pool = ProcessPool(max_workers=self._workers, context=context, initializer=_open, initargs=arguments)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        self._pool.join()

    def run(self, method: str, tasks: Iterable[PageTask]) -> Iterator[list[Reread]]:
        """Yield what *method* of Rereader answers for each lot of *tasks*, in their order."""
        waiting: deque[tuple[list[PageTask], Future[list[Reread]]]] = deque()
        for lot in _lots(tasks):
            waiting.append((lot, self._schedule(method, lot)))
            if len(waiting) >= LOTS_IN_FLIGHT * self._workers:
                yield self._result(method, *waiting.popleft())
        while waiting:
            yield self._result(method, *waiting.popleft())

    def _schedule(self, method: str, lot: list[PageTask]) -> "Future[list[Reread]]":
        seconds = SECONDS_PER_PAGE * (1 + len(lot) / 8) if len(lot) > 1 else SECONDS_ALONE
        future: Any = self._pool.schedule(_work, args=[method, lot], timeout=seconds)
        return future  # type: ignore[no-any-return]  # pebble's future is one

    def _result(self, method: str, lot: list[PageTask], future: "Future[list[Reread]]") -> list[Reread]:
        try:
            return future.result()
        except (ProcessExpired, TimeoutError):
            return [self._alone(method, task) for task in lot]

    def _alone(self, method: str, task: PageTask) -> Reread:
        try:
            return self._schedule(method, [task]).result()[0]
        except (ProcessExpired, TimeoutError):
            return Reread(task.page_id, task.url, refusal="extraction_failed")


def _lots(tasks: Iterable[PageTask]) -> Iterator[list[PageTask]]:
    lot: list[PageTask] = []
    for task in tasks:
        lot.append(task)
        if len(lot) == LOT:
            yield lot
            lot = []
    if lot:
        yield lot
