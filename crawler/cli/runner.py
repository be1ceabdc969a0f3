"""One command of ours run as Scrapy runs its own, with no other command loaded."""

import argparse
import cProfile
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter
from scrapy.exceptions import UsageError
from scrapy.settings import Settings
from scrapy.utils.conf import init_env
from scrapy.utils.project import get_project_settings

from crawler.configuration import FILE_NAME

SETTINGS = "SCRAPY_SETTINGS_MODULE"


class BadProject(Exception):
    """Raised when the folder belongs to a project that is none of Knipsel's; its text is what to
    do.
    """


def project_settings() -> Settings:
    """Return the settings of the working folder: those that its scrapy.cfg names, else Knipsel's
    own; modules of one's own beside scrapy.cfg or knipsel.toml can be imported from then on.

    Raises BadProject where scrapy.cfg names settings that are not built on Knipsel's, and
    BadConfiguration for a knipsel.toml that cannot be used.
    """
    init_env()
    os.environ.setdefault(SETTINGS, "crawler.settings")
    here = str(Path.cwd())
    if Path(FILE_NAME).exists() and here not in sys.path:
        sys.path.append(here)
    try:
        settings = get_project_settings()
    except ModuleNotFoundError as error:
        raise BadProject(f"The settings {os.environ[SETTINGS]} are not there: {error}.") from error
    if settings["KNIPSEL_ARCHIVE"] is None:
        raise BadProject(
            f"The settings {os.environ[SETTINGS]}, which scrapy.cfg or {SETTINGS} names, are not "
            "Knipsel's: begin them with `from crawler.settings import *`, or work in a folder "
            "that knipsel init made."
        )
    return settings


def run(name: str, words: Sequence[str], settings: Settings) -> int:
    """Run the command *name* with *words* behind it and return its exit code."""
    command: ScrapyCommand = import_module(f"crawler.commands.{name}").Command()
    settings.setdict(command.default_settings, priority="command")
    command.settings = settings
    parser = argparse.ArgumentParser(
        formatter_class=ScrapyHelpFormatter,
        usage=f"knipsel {name} {command.syntax()}",
        description=command.long_desc(),
        conflict_handler="resolve",
    )
    command.add_options(parser)
    opts, args = parser.parse_known_args(words)
    try:
        command.process_options(args, opts)
        _work(command, args, opts)
    except UsageError as error:
        parser.error(str(error))
    return command.exitcode


def _work(command: ScrapyCommand, args: list[str], opts: argparse.Namespace) -> None:
    if command.requires_crawler_process:
        # As it loads, it looks at every loaded module once for each of its callers: a tenth of a
        # crawl's start where that is late and deep.
        import_module("scrapy.core.downloader.contextfactory")
        from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415  # only a crawl needs it

        command.crawler_process = AsyncCrawlerProcess(command.settings)
    gc.freeze()
    gc.enable()
    if opts.profile:
        profile = cProfile.Profile()
        profile.runcall(command.run, args, opts)
        profile.dump_stats(opts.profile)
    else:
        command.run(args, opts)
