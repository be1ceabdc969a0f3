"""``knipsel learn SITE``: what the kept pages of a site teach about its templates, without a
network.
"""

from __future__ import annotations

import argparse

from rich.console import RenderableType

from crawler import extraction, offline
from crawler.archive import archive_address
from crawler.cli import ArchiveCommand, CommandResult, Refused, add_cluster_option, profile_table
from pipelines import profiles
from storage import crawl, database


class Command(ArchiveCommand):
    """Learn a site's templates. Exit code 0: learned or known already, 2: nothing could be
    learned.
    """

    promise = "Learn a site's templates from its kept pages"
    explanation = "Nothing is fetched. What was learned shows in knipsel profile SITE."
    arguments = "SITE | --all"
    examples = (
        "knipsel learn www.example.nl",
        "knipsel learn --all --cluster tcp://scheduler:8786",
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--all", action="store_true", help="every site, instead of SITE")
        add_cluster_option(parser)

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Learn, keep what is new, show it."""
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        if len(args) != (not opts.all):
            raise Refused("Say which site: knipsel learn example.nl, or knipsel learn --all")
        with archive.read() as connection:
            tasks = [
                offline.SiteTask(*site) for site in crawl.chosen_sites(connection, *args or (None,))
            ]
        place, workers = (
            offline.ArchivePlace(*archive_address(self.settings)),
            self.settings.getint("EXTRACTION_WORKERS"),
        )
        found: list[tuple[str, str, profiles.Profile]] = []
        try:
            with (
                offline.open_pool(opts.cluster, place, workers) as pool,
                self.output.progress() as report,
            ):
                for done, (learned,) in enumerate(pool.run("learn", tasks, size=1), 1):
                    found += self._keep(archive, learned)
                    report("sites learned", done, len(tasks))
        except offline.ClusterUnavailable as error:
            raise Refused(str(error)) from error
        if not found:
            what = args[0] if args else "any site"
            raise Refused(
                f"Nothing could be learned of {what}: that takes three kept articles of "
                "one template; crawl more of it first."
            )
        shown: list[RenderableType] = [
            profile_table(profile, state) for _site, state, profile in found
        ]
        data = [
            {"site": site, "state": state, "profile": profile.to_json()}
            for site, state, profile in found
        ]
        return CommandResult({"site": args[0] if args else None, "profiles": data}, tuple(shown))

    def _keep(
        self, archive: database.Archive, learned: offline.LearnedSite
    ) -> list[tuple[str, str, profiles.Profile]]:
        """Keep what is new of what a site taught; return its templates, each with the site and
        whether it is new.
        """
        with archive.begin() as connection:
            new = extraction.keep_profiles(connection, learned.task.site_id, learned.profiles)
        return [
            (learned.task.site, "new" if profile in new else "known", profile)
            for profile in learned.profiles
        ]
