"""How every command answers: its result on standard output, progress and errors on standard error,
the same options everywhere.
"""

import argparse
import dataclasses
import json
import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

from crawler.cli.log_lines import print_json_line
from crawler.cli.progress import show_progress
from storage.progress import Report
from storage.shown import shown

PIPE_WIDTH = 250  # columns of a table in a file or a pipe: as wide as it must be


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What a command found or did: *data* for machines, *shown* for people, and its exit code."""

    data: Mapping[str, Any]
    shown: tuple[RenderableType, ...] = field(default=())
    code: int = 0


@dataclass(frozen=True, slots=True)
class Output:
    """Where the command *name* prints, and how it was asked to."""

    name: str
    quiet: bool = False
    as_json: bool = False
    verbose: bool = False
    logs_json: bool = False

    @classmethod
    def of(cls, name: str, opts: argparse.Namespace, *, logs_json: bool) -> "Output":
        """Return the output that the options ask for; *logs_json*: what goes to standard error are
        JSON lines.
        """
        asked = {"quiet": opts.quiet, "as_json": opts.json, "verbose": opts.verbose}
        return cls(name, **asked, logs_json=logs_json)

    def show(self, answer: CommandResult) -> None:
        """Print the result: as one JSON object, or as people read it."""
        if self.as_json:
            print(json.dumps(answer.data, indent=1, default=_plain), flush=True)  # noqa: T201  # a command speaks to its user
        else:
            self.print(*answer.shown)

    def print(self, *shown: RenderableType) -> None:
        """Print something for people; a machine does not get it."""
        if not self.as_json:
            out = _Console(highlight=False, emoji=False, markup=False)
            if not out.is_terminal:
                out.width = PIPE_WIDTH
            for one in shown:
                out.print(one, soft_wrap=isinstance(one, (str, Text)))

    @contextmanager
    def progress(self) -> Iterator[Report]:
        """Give what long work calls with how far it is."""
        write = partial(print_json_line, "INFO", self._logger) if self.logs_json else None
        with show_progress(quiet=self.quiet, write=write) as meter:
            yield meter.show

    def fail(self, sentence: str) -> None:
        """Print in a sentence what went wrong and what to do."""
        if self.logs_json:
            print_json_line("ERROR", self._logger, sentence)
            return
        print(f"knipsel {self.name}: {shown(sentence)}", file=sys.stderr)  # noqa: T201  # a command speaks to its user

    def fail_unexpectedly(self, error: BaseException) -> None:
        """Print what nobody foresaw; where it happened is shown when asked for."""
        if self.verbose:
            traceback.print_exception(error)
        what = " ".join(str(error).split()) or "no more is known"
        todo = (
            "please report it with the lines above"
            if self.verbose
            else "say --verbose to see where"
        )
        self.fail(f"Something unexpected went wrong ({type(error).__name__}: {what}); {todo}.")

    @property
    def _logger(self) -> str:
        return f"knipsel.{self.name}"


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that every command has."""
    group = parser.add_argument_group(title="Output")
    group.add_argument(
        "-q", "--quiet", action="store_true", help="no progress: print errors and the result only"
    )
    group.add_argument("--json", action="store_true", help="print the result as one JSON object")
    group.add_argument(
        "--verbose", action="store_true", help="after an unexpected error, show where it happened"
    )


class _Console(Console):
    """Where a result is printed; it goes on in silence when nobody reads any more, as behind ``|
    head``.
    """

    def on_broken_pipe(self) -> None:
        """Write no more. Rich would leave the program here, which a reactor that is still running
        does not survive.
        """
        with suppress(SystemExit):
            super().on_broken_pipe()


class OneLineErrors(logging.Filter):
    """Turns a logged traceback into its last line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, without its traceback."""
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            record.msg = (
                f"{record.getMessage()} ({type(error).__name__}: {' '.join(str(error).split())})"
            )
            record.args, record.exc_info, record.exc_text = (), None, None
        record.msg, record.args = shown(record.getMessage()), ()
        return True


def _plain(value: Any) -> Any:
    """Return what JSON does not know as what it knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (Path, str)):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (tuple, set, frozenset)):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
