"""Work on stored pages as tasks that any pool, local or on a cluster, can run."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from crawler.offline.worker import Rereader

LOT = 16


SECONDS_PER_PAGE = 60.0


class ClusterUnavailable(Exception):
    """Raised when a cluster cannot be reached, or works with another Knipsel; its text names
    which.
    """


class Task(Protocol):
    """One piece of work for a method of Rereader."""

    def failed(self) -> Any:
        """Return the answer of a task that killed its worker, or kept it for too long, twice."""


@dataclass(frozen=True, slots=True)
class ArchivePlace:
    """The archive that is worked on: its database, its folder, and the modules with profiles made
    by hand.
    """

    database: str
    folder: Path
    modules: tuple[str, ...] = ()


class Pool(AbstractContextManager["Pool"], Protocol):
    """Workers that have an archive open for reading."""

    def run(self, method: str, tasks: Iterable[Any], size: int = LOT) -> Iterator[list[Any]]:
        """Yield what *method* of Rereader answers for each lot of *size* of *tasks*, in their
        order.
        """


@cache
def _rereader(place: ArchivePlace) -> Rereader:
    """Return this worker process's reader of an archive: opened once."""
    return Rereader(place.database, place.folder, place.modules)


def work_at(place: ArchivePlace, method: str, tasks: Sequence[Task]) -> list[Any]:
    """Return what *method* of Rereader answers to each of *tasks*; a task can be repeated."""
    answers: list[Any] = getattr(_rereader(place), method)(tasks)
    return answers


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
