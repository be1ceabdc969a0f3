"""``knipsel init``: a folder of one's own, from which every command works."""

import argparse
from pathlib import Path
from typing import Any

from crawler.cli import CommandResult, OurCommand, Refused
from crawler.configuration import FILE_NAME

CONFIGURATION = """# Knipsel's configuration. KNIPSEL_* in the environment overrules it.
contact = "{contact}"  # a mail or web address of yours: sites must be able to reach you
archive = "archive"  # the folder of archive.db and warc/
# database = "postgresql://user@host/name"  # instead of the SQLite file
# reports = "reports"  # a report on every run
spiders = ["my_spiders"]
profiles = ["my_profiles"]
"""
FILES = {
    "scrapy.cfg": "[settings]\ndefault = crawler.settings\n",
    "my_spiders/__init__.py": '"""Spiders of our own: one class a site."""\n',
    "my_profiles/__init__.py": (
        '"""Profiles by hand: modules that end in PROFILE = Profile(...)."""\n'
    ),
}


class Command(OurCommand):
    """Make a folder with configuration and places for own spiders and profiles."""

    promise = "Make a folder of your own: configuration, own spiders, profiles by hand"
    explanation = "Nothing that is there already is changed."
    arguments = "[FOLDER]"
    examples = ("knipsel init my-archive --contact you@example.org",)
    files = True

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        parser.add_argument("--contact", default="", help="a mail or web address of yours")

    def answer(self, args: list[str], opts: argparse.Namespace) -> CommandResult:
        """Write what is missing in the folder and show what was made.

        Raises Refused where the folder cannot be written.
        """
        folder = Path(args[0]) if args else Path()
        files = {FILE_NAME: CONFIGURATION.format(contact=opts.contact), **FILES}
        missing = [name for name in files if not (folder / name).exists()]
        try:
            for name in missing:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(files[name], encoding="utf-8")
        except OSError as error:
            raise Refused(f"{folder} cannot be written: {error.strerror}.") from error
        return CommandResult(_result(folder, missing), _lines(folder, missing))


def _result(folder: Path, made: list[str]) -> dict[str, Any]:
    return {"folder": folder, "made": made}


def _lines(folder: Path, made: list[str]) -> tuple[str, ...]:
    data = ", ".join(made) or "nothing: everything was there"
    following = f"Next: cd {folder} && knipsel crawl https://www.example.nl/ -a limit=20"
    return (f"Made in {folder}: {data}.", following)
