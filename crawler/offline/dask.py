"""Work on kept pages on a Dask cluster: the same tasks as on the local cores, and answers in order,
whoever dies meanwhile.

Workers only read; what came of a lot is stored by the command that asked, lot by lot, so that a run
can be gone on with.
"""

import logging
import time
from collections import deque
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

from distributed import CancelledError, Client, Future, KilledWorker
from distributed.comm.core import CommClosedError

from crawler.offline.tasks import (
    LOT,
    SECONDS_PER_PAGE,
    ArchivePlace,
    ClusterUnavailable,
    Task,
    lots_of,
    work_at,
)

logger = logging.getLogger(__name__)

LOTS_PER_THREAD = 4
CONNECT_SECONDS = 10.0
PATIENCE_SECONDS = 600.0
PAUSE_SECONDS = 1.0
_LOST = (CancelledError, CommClosedError, OSError)


class OtherVersion(Exception):
    """Raised on a worker that has another version than the command."""


class ClusterPool:
    """The workers behind the scheduler at *address*, each with the archive at *place* open for
    reading.

    A scheduler that goes away is waited for, and what it had is sent again. A lot whose workers
    died, or which keeps one for too long, is tried task by task.
    """

    def __init__(self, address: str, place: ArchivePlace) -> None:
        """Raises ClusterUnavailable when nobody answers."""
        self._address = address
        self._place = ArchivePlace(place.database, Path(place.folder).resolve(), place.modules)
        self._client = self._connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._client.close()

    def run(self, method: str, tasks: Iterable[Any], size: int = LOT) -> Iterator[list[Any]]:
        """Yield what *method* of Rereader answers for each lot of *size*, in the order of *tasks*.
        Raises ClusterUnavailable.
        """
        waiting: deque[tuple[list[Task], Future]] = deque()
        for lot in lots_of(tasks, size):
            waiting.append((lot, self._submit(method, lot)))
            if len(waiting) >= LOTS_PER_THREAD * max(1, sum(self._threads().values())):
                yield self._result(method, *waiting.popleft())
        while waiting:
            yield self._result(method, *waiting.popleft())

    def _connect(self) -> Client:
        try:
            return Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterUnavailable(f"No Dask scheduler answers at {self._address}.") from error

    def _reconnect(self) -> None:
        logger.warning(
            "The scheduler at %s went away; waiting up to %g s for it.",
            self._address,
            PATIENCE_SECONDS,
        )
        self._client.close(timeout=1)
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self._client = self._connect()
            except ClusterUnavailable as error:
                if time.monotonic() > until:
                    again = "the same command goes on where this one was cut off"
                    raise ClusterUnavailable(
                        f"The scheduler at {self._address} went away; {again}."
                    ) from error
                time.sleep(PAUSE_SECONDS)
            else:
                return

    def _threads(self) -> dict[str, int]:
        try:
            found: dict[str, int] = self._client.nthreads()
        except _LOST:
            return {}
        return found

    def _submit(self, method: str, lot: list[Task]) -> Future:
        while True:
            try:
                return self._client.submit(
                    _work, version("knipsel"), self._place, method, lot, pure=False, retries=2
                )
            except _LOST:
                self._reconnect()

    def _result(self, method: str, lot: list[Task], future: Future) -> list[Any]:
        while True:
            if future.client is not self._client:  # sent before the scheduler went away
                future = self._submit(method, lot)
            try:
                answers = self._wait_for(lot, future)
            except KilledWorker:
                return self._alone(method, lot)
            if answers is not None:
                return answers

    def _wait_for(self, lot: list[Task], future: Future) -> list[Any] | None:
        """Return the answers to *lot*, None when it is to be waited for once more.

        Raises KilledWorker when a worker died of it or was ended, and ClusterUnavailable.
        """
        try:
            answers: list[Any] = future.result(timeout=SECONDS_PER_PAGE * (1 + len(lot) / 8))
        except OtherVersion as error:
            raise ClusterUnavailable(str(error)) from error
        except TimeoutError as error:
            if self._end_workers_of(future):
                raise KilledWorker(future.key, None, 0) from error
            return None
        except _LOST:
            if future.status == "error":
                raise  # the task's own
            self._reconnect()
            return None
        return answers

    def _alone(self, method: str, lot: list[Task]) -> list[Any]:
        if len(lot) == 1:
            return [lot[0].failed()]
        return [self._result(method, [task], self._submit(method, [task]))[0] for task in lot]

    def _end_workers_of(self, future: Future) -> bool:
        """End the workers that a task keeps busy; False where none has begun with it: it only waits
        for its turn.
        """
        busy = [worker for worker, keys in self._client.processing().items() if future.key in keys]
        future.cancel()
        if busy:
            self._client.restart_workers(busy, raise_for_error=False)
        return bool(busy)


def _work(wanted: str, place: ArchivePlace, method: str, lot: list[Task]) -> list[Any]:
    if version("knipsel") != wanted:
        raise OtherVersion(
            f"A worker has Knipsel {version('knipsel')}, and this is {wanted}: they "
            "must be the same."
        )
    return work_at(place, method, lot)
