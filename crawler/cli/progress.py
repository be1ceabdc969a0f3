"""How far long work is: a bar with rate and remaining time on a terminal, a plain line now and then
elsewhere.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

FIRST_LINE_SECONDS = 2.0
LONGEST_SILENCE_SECONDS = 60.0
SHORTEST_LOOK_SECONDS = 0.05
LEAST_COLUMNS_FOR_BAR = 100


class Meter(Protocol):
    """Shows how far work is: what is counted, how many are done, of how many where that is known,
    and *more* in words.
    """

    def show(self, what: str, done: int, total: int | None, more: str = "") -> None:
        """Show it."""


class Silence:
    """A meter that shows nothing."""

    def show(self, what: str, done: int, total: int | None, more: str = "") -> None:
        """Show nothing."""


class Lines:
    """Writes lines: after 2, 4, 8 … seconds and then every minute, and one at the end; of shorter
    work it prints nothing.
    """

    def __init__(
        self, write: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._write = write
        self._clock = clock
        self._what: str | None = None
        self._done, self._more = 0, ""
        self._began = self._next = 0.0

    def show(self, what: str, done: int, total: int | None, more: str = "") -> None:
        """Write a line when it is time."""
        now = self._clock()
        if what != self._what:
            self.close()
            self._what, self._began, self._next = what, now, now + FIRST_LINE_SECONDS
        self._done, self._more = done, more
        if now >= self._next:
            self._next = now + min(now - self._began, LONGEST_SILENCE_SECONDS)
            self._write(_with(more, f"{what}: {_state(done, total, done / (now - self._began))}"))

    def close(self) -> None:
        """Write what the work came to."""
        took = self._clock() - self._began
        if self._what is not None and took >= FIRST_LINE_SECONDS:
            self._write(_with(self._more, f"{self._done:,} {self._what} in {_span(took)}"))
        self._what = None


class ProgressBar:
    """A bar on a terminal, gone when the work is done; another kind of work begins another bar."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._what: str | None = None
        self._began = self._drawn = 0.0

    def show(self, what: str, done: int, total: int | None, more: str = "") -> None:
        """Draw it anew, a few times a second however often it is called."""
        now = time.monotonic()
        if what != self._what:
            for task in self._progress.task_ids:
                self._progress.remove_task(task)
            self._progress.add_task(what, state="", more="")
            self._what, self._began = what, now
        elif now - self._drawn < SHORTEST_LOOK_SECONDS:
            return
        self._drawn = now
        (task,) = self._progress.task_ids
        state = _state(done, total, done / (now - self._began) if now > self._began else 0)
        self._progress.update(task, completed=done, total=total, state=state, more=more)


@contextmanager
def show_progress(
    *, quiet: bool = False, write: Callable[[str], None] | None = None
) -> Iterator[Meter]:
    """Give a meter on standard error for as long as the work goes; *write* takes the lines that a
    terminal does not show.
    """
    if quiet:
        yield Silence()
    elif sys.stderr.isatty():
        console = Console(stderr=True, highlight=False)
        with Progress(
            *_columns(console), console=console, transient=True, refresh_per_second=8
        ) as progress:
            yield ProgressBar(progress)
    else:
        lines = Lines(write or _to_stderr)
        try:
            yield lines
        finally:
            lines.close()


def _columns(console: Console) -> tuple[ProgressColumn, ...]:
    """On a narrow terminal the bar gives way first, then the last column."""
    whole = Column(no_wrap=True)
    return (
        TextColumn("{task.description}", markup=False, table_column=whole),
        _RoomyBar(console, whole),
        TextColumn("{task.fields[state]}", markup=False, table_column=whole),
        _More(),
    )


class _RoomyBar(BarColumn):
    """A bar where the terminal, as wide as it is by now, has room for it beside the figures."""

    def __init__(self, console: Console, column: Column) -> None:
        super().__init__(bar_width=20, table_column=column)
        self._console = console

    def __call__(self, task: Task) -> RenderableType:
        """Return the bar, or nothing."""
        is_narrow = self._console.width < LEAST_COLUMNS_FOR_BAR
        return Text() if is_narrow else super().__call__(task)


class _More(ProgressColumn):
    """What else there is to show, as far as there is room."""

    def render(self, task: Task) -> Text:
        return Text(task.fields["more"], no_wrap=True, overflow="ellipsis")


def _with(more: str, line: str) -> str:
    return f"{line}; {more}" if more else line


def _state(done: int, total: int | None, rate: float) -> str:
    parts = [f"{done:,}" if total is None else f"{done:,} of {total:,}"]
    if rate:
        parts.append(f"{rate:,.1f}/s")
        if total is not None:
            parts.append(f"{_span(max(total - done, 0) / rate)} left")
    return ", ".join(parts)


def _span(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 10 else str(timedelta(seconds=round(seconds)))


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201  # a command speaks to its user
