"""``scrapy learn SITE``: what the kept pages of a site teach about its templates, without a network."""

import argparse

from rich.console import RenderableType

from crawler.command import ArchiveCommand, Refused
from crawler.output import Answer
from crawler.profile_report import profile_table
from crawler.site_profiles import keep_profiles, learn_site
from storage.archive import Archive
from storage.offline_runs import chosen_sites


class Command(ArchiveCommand):
    """Learn a site's templates. Exit code 0: learned or known already, 2: nothing could be learned."""

    promise = "Learn a site's templates from its kept pages"
    explanation = "Nothing is fetched. What was learned shows in scrapy profile SITE."
    arguments = "SITE"
    examples = ("scrapy learn www.example.nl",)

    def work(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> Answer:  # noqa: ARG002  # every command's signature
        """Learn, keep what is new, tell it."""
        if len(args) != 1:
            raise Refused("Say which site: scrapy learn example.nl")
        with archive.begin() as connection, self.output.progress() as report:
            sites = chosen_sites(connection, args[0])
            learned = learn_site(connection, self.folder, *sites[0], report) if sites else ()
            new = keep_profiles(connection, sites[0][0], learned) if sites else []
        if not learned:
            raise Refused(
                f"Nothing could be learned of {args[0]}: that takes three kept articles of one template; crawl more of it first."
            )
        states = ["new" if profile in new else "known" for profile in learned]
        shown: list[RenderableType] = [profile_table(profile, state) for profile, state in zip(learned, states, strict=True)]
        told = [{"state": state, "profile": profile.to_json()} for profile, state in zip(learned, states, strict=True)]
        return Answer({"site": args[0], "profiles": told}, tuple(shown))
