"""``scrapy profile SITE``: what is known of a site's templates, as a table or as a module to correct by hand."""

import argparse
import sys
from pathlib import Path

from rich.console import Console
from scrapy.commands import ScrapyCommand

from crawler.profile_report import profile_module, profile_table
from crawler.session import archive_address
from crawler.site_profiles import load_profiles
from pipelines.profile import BadProfile, Profile
from storage.archive import Archive, ArchiveUnavailable
from storage.offline_runs import chosen_sites

FAILED = 2


class Command(ScrapyCommand):
    """Show a site's profiles. Exit code 2: there is none, or one cannot be used."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return what stands behind the command's name."""
        return "[--edit] SITE"

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Show what is known of a site's templates, or write it as a module to correct"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the option that writes a module."""
        super().add_options(parser)
        parser.add_argument("--edit", action="store_true", help="write a module into profiles/, to be corrected by hand")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print or write."""
        try:
            profiles = self._profiles(args)
        except (ArchiveUnavailable, BadProfile) as error:
            self._fail(str(error))
            return
        if not profiles:
            self._fail(f"Nothing is known of {' '.join(args) or 'no site'}: scrapy learn SITE learns from its kept pages.")
        elif opts.edit:
            self._write(profiles[-1])
        else:
            for profile in profiles:
                state = "until " + profile.valid_until.date().isoformat() if profile.valid_until else "holds"
                Console().print(profile_table(profile, state))

    def _profiles(self, args: list[str]) -> tuple[Profile, ...]:
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        archive = Archive.open(archive_address(self.settings)[0])
        try:
            with archive.read() as connection:
                sites = chosen_sites(connection, args[0]) if len(args) == 1 else []
                modules = self.settings.getlist("PROFILE_MODULES")
                return load_profiles(connection, *sites[0], modules) if sites else ()
        finally:
            archive.close()

    def _write(self, profile: Profile) -> None:
        name = "".join(letter if letter.isalnum() else "_" for letter in profile.site)
        path = Path("profiles") / f"{name}.py"
        if path.exists():
            self._fail(f"{path} is there already: move it away first.")
            return
        path.parent.mkdir(exist_ok=True)
        path.write_text(profile_module(profile), encoding="utf-8")
        print(f"{path} is written. It is used with -s PROFILE_MODULES=profiles")  # noqa: T201  # a command speaks to its user

    def _fail(self, sentence: str) -> None:
        print(f"scrapy profile: {sentence}", file=sys.stderr)  # noqa: T201  # a command speaks to its user
        self.exitcode = FAILED
