"""What every command on an existing archive does: open it, work, say in one sentence what went wrong."""

import argparse
import sys
from abc import abstractmethod
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from rich.console import Console
from scrapy.commands import ScrapyCommand

from crawler.session import open_archive
from storage.archive import Archive, ArchiveUnavailable

FAILED = 2


class Refused(Exception):
    """Raised when a command cannot do what was asked; its text says why, in one sentence."""


class ArchiveCommand(ScrapyCommand):
    """A command on the archive of the settings. Exit code 0: done. 1: looked, and found what it warns of. 2: not done."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    @abstractmethod
    def work(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> None:
        """Do the command's work on an open archive.

        Raises Refused or ArchiveUnavailable with one sentence.
        """

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Open the archive, work, close it."""
        try:
            archive = self.open()
        except (Refused, ArchiveUnavailable) as reason:
            self.fail(str(reason))
            return
        try:
            self.work(archive, args, opts)
        except (Refused, ArchiveUnavailable) as reason:
            self.fail(str(reason))
        except BrokenPipeError:
            sys.stderr.close()  # whoever read our output has seen enough
        finally:
            archive.close()

    def open(self) -> Archive:
        """Return the archive that the settings name; none is made here.

        Raises Refused when there is none.
        """
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        if not self.settings["KNIPSEL_DATABASE"] and not (self.folder / "archive.db").exists():
            raise Refused(
                f"There is no archive in {self.folder}/: crawl a site first, or name one with -s KNIPSEL_ARCHIVE=FOLDER."
            )
        return open_archive(self.settings)[0]

    @property
    def folder(self) -> Path:
        """The archive's folder, with its WARC files and keys."""
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        return Path(self.settings["KNIPSEL_ARCHIVE"])

    def fail(self, sentence: str) -> None:
        """Say what went wrong and end with a code that a timer notices."""
        name = type(self).__module__.rpartition(".")[2]
        print(f"scrapy {name}: {sentence}", file=sys.stderr)  # noqa: T201  # a command speaks to its user
        self.exitcode = FAILED


def read_day(text: str | None) -> date | None:
    """Return the day that an option names.

    Raises Refused when it names none.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{text!r} is no day: say it as 2024-05-31.") from error


def console() -> Console:
    """Return where a command prints; colours only on a terminal, lines as long as they are."""
    return Console(soft_wrap=True, highlight=False, emoji=False)
