"""``scrapy search WORDS``: full text over articles and comments, best first."""

import argparse
from datetime import datetime

from rich.markup import escape
from rich.text import Text

from crawler.command import ArchiveCommand, Refused, console, read_day
from storage.archive import Archive


class Command(ArchiveCommand):
    """Search the archive."""

    def syntax(self) -> str:
        """Return how the command is typed."""
        return "[options] WORDS"

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Search articles or comments for words, in all their Dutch forms"

    def long_desc(self) -> str:
        """Return what ``scrapy search --help`` explains."""
        return (
            'Words must all occur, in any Dutch form; "between quotes" is a phrase; -word must not occur; OR lets either do. '
            'Example: scrapy search "passie marketing" --in comments --since 2013-01-01'
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        parser.add_argument("--in", dest="within", choices=("articles", "comments"), default="articles", help="where to search")
        parser.add_argument("--site", help="only this site (its host)")
        parser.add_argument("--since", metavar="YYYY-MM-DD", help="only what was written on or after this day")
        parser.add_argument("--limit", type=int, default=10, help="how many hits at most (default: 10)")

    def work(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> None:
        """Print the hits."""
        from storage.search import BadQuery, Query, search  # noqa: PLC0415  # the stemmer is loaded when it is needed

        if not args:
            raise Refused('What is searched for? Say: scrapy search "passie marketing"')
        words = " ".join(args)
        query = Query(words=words, within=opts.within, site=opts.site, since=read_day(opts.since), limit=opts.limit)
        try:
            with archive.read() as connection:
                hits = search(connection, query)
        except BadQuery as reason:
            raise Refused(str(reason)) from reason
        out = console()
        for hit in hits:
            who = f"{hit.author or 'anonymous'} under " if opts.within == "comments" else ""
            out.print(f"[bold]{escape(who + hit.headline)}[/bold]  {_day(hit.date)}  {escape(hit.site)}")
            out.print(_lit(hit.snippet))
            out.print(f"  {escape(hit.url)}", style="dim")
        out.print(
            f"{len(hits)} of the best {opts.limit} shown."
            if hits
            else f"Nothing in the archive's {opts.within} answers {words!r}."
        )


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "undated"


def _lit(snippet: str) -> Text:
    """Return a snippet with its found words in bold; the brackets stay, for those who see no colours."""
    lit = Text(f"  {snippet}")
    lit.highlight_regex(r"\[[^\[\]]+\]", "bold yellow")
    return lit
