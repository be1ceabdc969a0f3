"""One thread that owns the archive's write connection and its WARC file: visits are kept whole, in
batches.
"""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from storage.database import Archive, ArchiveUnavailable, Patience, commit, refusal_of
from storage.records import Fetch
from storage.warc import WarcPlace, WarcWriter

logger = logging.getLogger(__name__)

BATCH = 50
PATIENCE_SECONDS = 600.0

Result = TypeVar("Result")


@dataclass(slots=True)
class _Task:
    """Work for the thread: *operation* runs in the shared transaction, after *fetches* went to the
    WARC file.
    """

    operation: Callable[[Connection, tuple[WarcPlace | None, ...]], Any]
    fetches: tuple[Fetch, ...] = ()
    places: tuple[WarcPlace | None, ...] | None = None
    future: "Future[Any]" = field(default_factory=Future)


class ArchiveWriter:
    """Runs operations one after the other in its own thread, up to 50 that are waiting in one
    transaction.

    A future answers only after its transaction is committed. When a batch fails, each of its
    operations is tried alone, so that one bad record does not take others with it. When PostgreSQL
    goes away, the thread waits *patience* seconds for it and goes on; after that every operation
    fails with ArchiveUnavailable. The WARC file is closed whole all the same.
    """

    def __init__(
        self, archive: Archive, warc: WarcWriter, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._archive = archive
        self._warc = warc
        self._hurried = threading.Event()
        self._patience = Patience(patience, self._hurried)
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="archive-writer", daemon=True)
        self._thread.start()

    def submit(self, operation: Callable[[Connection], Result]) -> "Future[Result]":
        """Run *operation* inside a write transaction and answer when it is committed."""
        return self._put(_Task(lambda connection, _places: operation(connection)))

    def submit_with_fetches(
        self,
        operation: Callable[[Connection, tuple[WarcPlace | None, ...]], Result],
        fetches: tuple[Fetch, ...],
    ) -> "Future[Result]":
        """Write the exchanges of *fetches* to the WARC file, then run *operation* with the place of
        each (or None).
        """
        return self._put(_Task(operation, fetches))

    def hurry(self) -> None:
        """Wait no longer for a database that is away: the process is to end."""
        self._hurried.set()

    def close(self) -> None:
        """Finish what is waiting, then close the WARC file and end the thread."""
        self._tasks.put(None)
        self._thread.join()

    def _put(self, task: _Task) -> "Future[Any]":
        # who waits may give up; what was handed in is done all the same
        task.future.set_running_or_notify_cancel()
        self._tasks.put(task)
        return task.future

    def _run(self) -> None:
        while (batch := self._next_batch()) is not None:
            self._keep(batch)
        try:
            self._warc.close()
        except OSError:
            logger.exception("The WARC file could not be closed; its whole records stay readable.")

    def _next_batch(self) -> list[_Task] | None:
        first = self._tasks.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < BATCH and not self._tasks.empty():
            task = self._tasks.get()
            if task is None:
                self._tasks.put(None)
                break
            batch.append(task)
        return batch

    def _keep(self, batch: list[_Task]) -> None:
        captured = [task for task in batch if self._capture(task)]
        if not captured:
            return
        try:
            self._commit(captured)
        except Exception:
            if len(captured) > 1:
                logger.warning(
                    "A batch of %d operations failed; each is tried alone.", len(captured)
                )
            for task in captured:
                self._commit_alone(task)

    def _capture(self, task: _Task) -> bool:
        try:
            task.places = tuple(
                self._warc.write(fetch.exchange) if fetch.exchange is not None else None
                for fetch in task.fetches
            )
        except Exception as error:
            task.future.set_exception(error)
            return False
        return True

    def _commit(self, tasks: list[_Task]) -> None:
        def together(connection: Connection) -> list[Any]:
            return [task.operation(connection, task.places or ()) for task in tasks]

        results = commit(self._archive, together, self._patience)
        for task, result in zip(tasks, results, strict=True):
            task.future.set_result(result)

    def _commit_alone(self, task: _Task) -> None:
        try:
            self._commit([task])
        except SQLAlchemyError as error:
            # Only what is stated of the database itself: other messages quote what was written.
            reason = refusal_of(error)
            if isinstance(error, OperationalError):
                reason = str(error.orig).strip().splitlines()[0]
            task.future.set_exception(ArchiveUnavailable(f"The archive refused a write: {reason}"))
        except Exception as error:
            task.future.set_exception(error)
