"""``knipsel duplicates``: articles at two addresses are linked."""

from __future__ import annotations

import argparse

from crawler.cli import ArchiveCommand, CommandResult, Refused
from storage import database
from storage.extras import how_to_install


class Command(ArchiveCommand):
    """Link articles of the same words; nothing is merged or dropped."""

    promise = "Link articles that stand at two addresses, word for word or nearly"
    explanation = (
        "Nothing is merged or dropped; the view same_article shows the pairs. Only new "
        "and changed articles are looked at."
    )
    examples = ("knipsel duplicates",)

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Look at new and changed articles, and show what was found."""
        try:
            from storage.articles import link_duplicates  # noqa: PLC0415  # its library is an extra
        except ModuleNotFoundError as error:
            raise Refused(
                f"Finding duplicates needs its library: {how_to_install('duplicates')}"
            ) from error
        done = link_duplicates(archive)
        return CommandResult(
            {"articles": done.articles, "exact": done.exact, "near": done.near},
            (
                f"{done.articles} articles looked at: {done.exact} exact and "
                f"{done.near} near duplicates linked.",
            ),
        )
