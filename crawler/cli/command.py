"""What every command of ours has: help with examples, the options of the output, errors in one
sentence.
"""

import argparse
import re
import sys
from abc import abstractmethod
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from crawler.cli.log_lines import FORMATS, JSON, log_in_json
from crawler.cli.output import CommandResult, Output, add_output_options
from storage.database import ArchiveUnavailable

if TYPE_CHECKING:
    from storage.database import Archive

FAILED = 2
INTERRUPTED = 130
_LIST_INDENT = 16  # of what `scrapy` prints beside the commands' names


class Refused(Exception):
    """Raised when a command cannot do what was asked; its text gives the reason in a sentence."""


class HelpFormatter(ScrapyHelpFormatter):
    """Leaves lines that are set as they are, and takes no option's help for a heading."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if "\n" in text else super()._fill_text(text, width, indent)

    def format_part_strings(self, part_strings: list[str]) -> list[str]:
        """Return *part_strings* with their headings underlined: those begin after an empty line."""
        first = part_strings[0] if part_strings else ""
        has_heading = first == "\n" or first.startswith("usage: ")
        return super().format_part_strings(part_strings) if has_heading else part_strings


class OurCommand(ScrapyCommand):
    """A command. Exit code 0: done. 1: looked, and found what it warns of. 2: not done. 130:
    interrupted.

    *promise* is what `scrapy` lists, *arguments* how it is typed, *examples* are whole command
    lines, *choices* the words that its first argument may be, *files* whether other arguments are
    files.
    """

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    promise: ClassVar[str]
    explanation: ClassVar[str] = ""
    arguments: ClassVar[str] = ""
    examples: ClassVar[tuple[str, ...]]
    choices: ClassVar[tuple[str, ...]] = ()
    files: ClassVar[bool] = False

    def syntax(self) -> str:
        """Return how the command is typed."""
        return f"[options] {self.arguments}".rstrip()

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists: the promise and, below it, an example."""
        return f"{self.promise}\n{'':{_LIST_INDENT}}$ {self.examples[0]}"

    def long_desc(self) -> str:
        """Return what ``knipsel NAME --help`` explains."""
        return f"{self.promise}. {self.explanation}".rstrip()

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options of every command, and the examples."""
        super().add_options(parser)
        parser.formatter_class = HelpFormatter
        parser.epilog = "\n".join(
            ["Examples", "========", *(f"  $ {example}" for example in self.examples)]
        )
        add_output_options(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the options, and begin the log that the settings ask for.

        Raises UsageError for a log of no known form.
        """
        super().process_options(args, opts)
        self.apply(opts)
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        form = self.settings["KNIPSEL_LOG_FORMAT"]
        if form not in FORMATS:
            raise UsageError(f"KNIPSEL_LOG_FORMAT={form} is not known: say text or json")
        if form == JSON:
            self.settings.set("LOG_INSTALL_ROOT_HANDLER", value=False, priority="command")
            log_in_json(self.settings["LOG_LEVEL"], self.settings["LOG_FILE"])

    def apply(self, opts: argparse.Namespace) -> None:
        """Set what these options stand for."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do the work, show what came of it, or give the reason in one sentence."""
        assert self.settings is not None  # noqa: S101  # as above
        logs_json = self.settings["KNIPSEL_LOG_FORMAT"] == JSON
        self.output = Output.of(self.name, opts, logs_json=logs_json)
        try:
            self._refuse_unknown(args)
            answer = self.answer(args, opts)
            if answer is not None:
                self.exitcode = answer.code
                self.output.show(answer)
        except (Refused, ArchiveUnavailable) as reason:
            self.fail(str(reason))
        except BrokenPipeError:
            sys.stderr.close()  # whoever read our output has seen enough
        except KeyboardInterrupt:
            self.fail(
                "Interrupted; what was stored before is still there. Give the same "
                "command again to finish.",
                INTERRUPTED,
            )
        except Exception as error:
            self._fail_by(error)

    @abstractmethod
    def answer(self, args: list[str], opts: argparse.Namespace) -> CommandResult | None:
        """Do the command's work and return its result, None when it is shown already.

        Raises Refused or ArchiveUnavailable with one sentence.
        """

    @property
    def name(self) -> str:
        """What is typed after ``knipsel``."""
        return type(self).__module__.rpartition(".")[2]

    @property
    def folder(self) -> Path:
        """The archive's folder, with its WARC files and keys."""
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        return Path(self.settings["KNIPSEL_ARCHIVE"])

    def fail(self, sentence: str, code: int = FAILED) -> None:
        """Print what went wrong and end with a code that a timer notices."""
        self.output.fail(sentence)
        self.exitcode = code

    def _fail_by(self, error: Exception) -> None:
        from sqlalchemy.exc import DBAPIError  # noqa: PLC0415  # a quarter of a second, for a rare case

        if isinstance(error, DBAPIError):
            self.fail(f"The archive cannot be used: {str(error.orig).strip().rstrip('.')}.")
        else:
            self.output.fail_unexpectedly(error)
            self.exitcode = FAILED

    def _refuse_unknown(self, args: list[str]) -> None:
        """Refuse what nobody would read: options that Scrapy does not know, which it hands over as
        if they were arguments, and words beyond those that the command takes.
        """
        unknown = next((one for one in args if one.startswith("--")), None)
        if unknown is not None:
            raise Refused(
                f"There is no option {unknown.partition('=')[0]}: knipsel {self.name} "
                "--help lists them."
            )
        surplus = _surplus(args, self.arguments)
        if surplus:
            raise Refused(f"What is {surplus[0]!r} for? Say: knipsel {self.name} {self.syntax()}")


def _surplus(args: list[str], arguments: str) -> list[str]:
    """Return the words beyond those of a command that is typed with *arguments*; an option's value
    is none of them, and where those say "..." there may be any number.
    """
    if "..." in arguments:
        return []
    ways = re.sub(r"--\w+ [A-Z]+", "", arguments).split(" | ")
    return args[max(len(way.split()) for way in ways) :]


class ArchiveCommand(OurCommand):
    """A command on the archive of the settings."""

    @abstractmethod
    def work(
        self, archive: "Archive", args: list[str], opts: argparse.Namespace
    ) -> CommandResult | None:
        """Do the command's work on an open archive and return its result, None when it is shown
        already.

        Raises Refused or ArchiveUnavailable with one sentence.
        """

    def answer(self, args: list[str], opts: argparse.Namespace) -> CommandResult | None:
        """Open the archive, work, close it."""
        archive = self.open(args)
        try:
            return self.work(archive, args, opts)
        finally:
            archive.close()

    def open(self, args: list[str]) -> "Archive":  # noqa: ARG002  # `copy` finds there which archive it opens
        """Return the archive that the settings name; none is made here.

        Raises Refused when there is none.
        """
        from crawler.archive import open_archive  # noqa: PLC0415  # SQLAlchemy

        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        if not self.settings["KNIPSEL_DATABASE"] and not (self.folder / "archive.db").exists():
            raise Refused(
                f"There is no archive in {self.folder}/: crawl a site first, or name "
                "one with -s KNIPSEL_ARCHIVE=FOLDER."
            )
        return open_archive(self.settings)[0]


def add_cluster_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that leads work to a Dask cluster."""
    parser.add_argument(
        "--cluster",
        metavar="tcp://HOST:8786",
        help="work on the Dask cluster behind this scheduler",
    )


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


_CONTACT = re.compile(r"[^@\s<>()]+@[^@\s<>()]+\.[^@\s<>()]+|https?://[^\s<>()]+")


def set_contact(settings: BaseSettings) -> None:
    """Set the user agent that shows sites whom to ask; raise Refused with one sentence when there
    is nobody.
    """
    contact = settings["KNIPSEL_CONTACT"]
    if not _CONTACT.fullmatch(contact or ""):
        raise Refused(
            "No contact. Sites must be able to reach who crawls them: "
            "set KNIPSEL_CONTACT to a mail address or a web address of yours."
        )
    settings.set("USER_AGENT", f"Knipsel/{version('knipsel')} (+{contact})", priority="command")
