"""``knipsel search WORDS``: full text over articles and comments, best first."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from rich.text import Text

from crawler.cli import ArchiveCommand, CommandResult, Refused, read_day
from storage import articles, database, search

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Command(ArchiveCommand):
    """Search the archive."""

    promise = "Search articles or comments for words, in all their Dutch forms"
    explanation = (
        'Words must all occur, in any Dutch form; "between quotes" is a phrase; -word '
        "must not occur; OR lets either do. An address finds its article, by each address that"
        " led to it."
    )
    arguments = "WORD..."
    examples = (
        'knipsel search "passie marketing" --in comments --since 2013-01-01',
        "knipsel search '\"nieuwe markt\" -parkeren' --site www.example.nl --json",
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        parser.add_argument(
            "--in",
            dest="within",
            choices=("articles", "comments"),
            default="articles",
            help="where to search",
        )
        parser.add_argument("--site", help="only this site (its host)")
        parser.add_argument(
            "--since", metavar="YYYY-MM-DD", help="only what was written on or after this day"
        )
        parser.add_argument(
            "--limit", type=int, default=10, help="how many hits at most (default: 10)"
        )

    def work(
        self, archive: database.Archive, args: list[str], opts: argparse.Namespace
    ) -> CommandResult:
        """Find the hits."""
        if not args:
            raise Refused('What is searched for? Say: knipsel search "passie marketing"')
        words = " ".join(args)
        query = search.Query(
            words=words,
            within=opts.within,
            site=opts.site,
            since=read_day(opts.since),
            limit=opts.limit,
        )
        try:
            with archive.read() as connection:
                hits = _of_address(connection, query) or search.search(connection, query)
        except search.BadQuery as reason:
            raise Refused(str(reason)) from reason
        ending = (
            f"{len(hits)} of the best {opts.limit} shown."
            if hits
            else f"Nothing in the archive's {opts.within} answers {words!r}."
        )
        shown = [line for hit in hits for line in _lines(hit, within=opts.within)]
        return CommandResult(
            {"words": words, "within": opts.within, "hits": hits}, (*shown, ending)
        )


def _of_address(connection: Connection, query: search.Query) -> tuple[search.Hit, ...]:
    """Return the article whose address is searched for, nothing where that is none."""
    key = articles.article_named(connection, query.words) if query.within == "articles" else None
    return (search.hit_of(connection, key),) if key is not None else ()


def _lines(hit: search.Hit, *, within: str) -> tuple[Text, Text, Text]:
    who = f"{hit.author or 'anonymous'} under " if within == "comments" else ""
    head = Text.assemble(
        (who + hit.headline, "bold"), f"  {(hit.date or 'undated')[:10]}  {hit.site}"
    )
    return head, _lit(hit.snippet), Text(f"  {hit.url}", style="dim")


def _lit(snippet: str) -> Text:
    """Return a snippet with its found words in bold; the brackets stay, for those who see no
    colours.
    """
    lit = Text(f"  {snippet}")
    lit.highlight_regex(r"\[[^\[\]]+\]", "bold yellow")
    return lit
