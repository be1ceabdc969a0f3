"""``knipsel profile SITE``: what is known of a site's templates, as a table or as a module to
correct by hand.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import RenderableType

from crawler import extraction
from crawler.cli import ArchiveCommand, CommandResult, Refused, profile_module, profile_table
from pipelines import profiles as site_profiles
from storage import crawl, database


class Command(ArchiveCommand):
    """Show a site's profiles. Exit code 2: there is none, or one cannot be used."""

    promise = "Show what is known of a site's templates, or write it as a module to correct"
    explanation = (
        "--edit writes a module for each template into profiles/; what it says wins "
        "over what was learned with "
        "-s PROFILE_MODULES=profiles."
    )
    arguments = "SITE"
    examples = ("knipsel profile www.example.nl", "knipsel profile --edit www.example.nl")

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the option that writes a module."""
        super().add_options(parser)
        parser.add_argument(
            "--edit",
            action="store_true",
            help="write a module into profiles/, to be corrected by hand",
        )

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Show or write."""
        try:
            profiles = self._profiles(archive, args)
        except site_profiles.BadProfile as error:
            raise Refused(str(error)) from error
        if not profiles:
            raise Refused(
                f"Nothing is known of {' '.join(args) or 'no site'}: knipsel learn SITE "
                "learns from its kept pages."
            )
        if opts.edit:
            paths = _write(
                [profile for profile in profiles if profile.valid_until is None] or profiles[-1:]
            )
            return CommandResult(
                {"written": paths},
                tuple(
                    f"{path} is written, used with -s PROFILE_MODULES=profiles" for path in paths
                ),
            )
        shown: list[RenderableType] = [
            profile_table(profile, _state(profile)) for profile in profiles
        ]
        data = [{"state": _state(profile), "profile": profile.to_json()} for profile in profiles]
        return CommandResult({"site": args[0], "profiles": data}, tuple(shown))

    def _profiles(
        self, archive: database.Archive, args: list[str]
    ) -> tuple[site_profiles.Profile, ...]:
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        with archive.read() as connection:
            sites = crawl.chosen_sites(connection, args[0]) if len(args) == 1 else []
            modules = self.settings.getlist("PROFILE_MODULES")
            return extraction.load_profiles(connection, *sites[0], modules) if sites else ()


def _state(profile: site_profiles.Profile) -> str:
    return "until " + profile.valid_until.date().isoformat() if profile.valid_until else "holds"


def _write(profiles: Sequence[site_profiles.Profile]) -> list[str]:
    """Write a module for each of *profiles* and return their paths. Raises Refused where one is
    there already.
    """
    name = "".join(letter if letter.isalnum() else "_" for letter in profiles[0].site)
    paths = [
        Path("profiles") / f"{name}{f'_{number}' if number > 1 else ''}.py"
        for number in range(1, len(profiles) + 1)
    ]
    there = next((path for path in paths if path.exists()), None)
    if there is not None:
        raise Refused(f"{there} is there already: move it away first.")
    for path, profile in zip(paths, profiles, strict=True):
        path.parent.mkdir(exist_ok=True)
        path.write_text(profile_module(profile), encoding="utf-8")
    return [str(path) for path in paths]
