"""``scrapy demo``: a small site from this very package is served, crawled and shown, in under 20 seconds."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree
from scrapy.commands import ScrapyCommand

from crawler.demo.server import DemoServer
from storage.archive import Archive, default_database

MARK = ".knipsel-demo"
CONTACT = "demo@example.org"
EXCERPT = 420

ARTICLE = """
SELECT url, headline, authors, article_section, keywords, date_published, date_published_precision,
       comments_declared, comments_captured, comments_gap_reason, article_body
  FROM article_overview
 WHERE comments_captured > 3
 ORDER BY comments_gap_reason IS NULL, comments_captured DESC, url
 LIMIT 1"""

THREAD = "SELECT id, parent_id, author, date_created, text FROM comment_thread WHERE article_url = :url ORDER BY position"

QUERY = """SELECT author, COUNT(*) AS comments, COUNT(DISTINCT article_url) AS articles
  FROM comment_thread
 GROUP BY author
 ORDER BY comments DESC, author
 LIMIT 5"""


class Command(ScrapyCommand):
    """Crawl the demo site and show what came of it. Exit code: that of the crawl."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Crawl a small site that ships with Knipsel, and show what is in the archive"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002  # Scrapy's signature
        """Serve, crawl, show."""
        folder = Path("demo-archive")
        console = Console(soft_wrap=False)
        try:
            clear(folder)
        except FileExistsError as error:
            print(f"scrapy demo: {error}", file=sys.stderr)  # noqa: T201  # a command speaks to its user
            self.exitcode = 2
            return
        with DemoServer() as server:
            console.print(f"A demo site answers on {server.url}. This is typed now:\n")
            console.print(f"  KNIPSEL_CONTACT={CONTACT} scrapy crawl articles -a site={server.url}/\n", highlight=False)
            self.exitcode = crawl(server.url, folder)
        archive = Archive.open(default_database(folder))
        try:
            show(archive, console)
        finally:
            archive.close()
        console.print(f"\nThe archive: {folder / 'archive.db'}    the pages as fetched: {warc_names(folder)}")


def clear(folder: Path) -> None:
    """Make *folder* new; a folder that is not an earlier demo's is left alone.

    Raises FileExistsError for such a folder.
    """
    if folder.exists() and not (folder / MARK).exists():
        raise FileExistsError(f"{folder}/ is here already and is not from a demo: move it away first.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / MARK).touch()


def crawl(site: str, folder: Path) -> int:
    """Crawl *site* into *folder* in a process of its own and return the exit code."""
    settings = {"KNIPSEL_ARCHIVE": str(folder), "KNIPSEL_DATABASE": "", "RETRY_AFTER_SECONDS": "0.2"}
    command = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"site={site}/"]
    command += [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    if not sys.stderr.isatty():
        command += ["-L", "WARNING"]
    environment = {**os.environ, "KNIPSEL_CONTACT": CONTACT}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603  # our own command


def show(archive: Archive, console: Console) -> None:
    """Print one article with its thread, and one query with its answer."""
    _columns, (article, *_others) = archive.select(ARTICLE)
    _columns, comments = archive.select(THREAD, url=article["url"])
    console.print()
    console.print(article_tree(article, comments))
    columns, rows = archive.select(QUERY)
    console.print("\nAsk the archive:\n")
    console.print(QUERY, highlight=False)
    console.print(table(columns, rows))


def article_tree(article: dict[str, Any], comments: Sequence[dict[str, Any]]) -> Tree:
    """Return an article as a tree with its comments as branches."""
    tree = Tree(f"[bold]{escape(article['headline'])}[/bold]")
    tree.add(f"{escape(article['authors'] or 'nobody named')}, {article['date_published']} (UTC, to the "
             f"{article['date_published_precision']})")  # fmt: skip
    tree.add(f"section: {escape(article['article_section'] or '-')}, keywords: {escape(article['keywords'] or '-')}")
    tree.add(escape(excerpt(article["article_body"], EXCERPT)))
    missing = f"; reason for the gap: {article['comments_gap_reason']}" if article["comments_gap_reason"] else ""
    head = f"{article['comments_captured']} comments, {article['comments_declared']} declared by the site{missing}"
    branches = {None: tree.add(escape(head))}
    for comment in comments:
        line = f"[bold]{escape(comment['author'] or 'anonymous')}[/bold] {comment['date_created'] or 'no date shown'}"
        text = escape(excerpt(comment["text"], EXCERPT // 4))
        parent = branches.get(comment["parent_id"], branches[None])
        branches[comment["id"]] = parent.add(f"{line}\n{text}")
    return tree


def excerpt(text: str, length: int) -> str:
    """Return the beginning of *text* on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: line.rfind(" ", 0, length)] + " ..."


def table(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> Table:
    """Return a query's answer as a table."""
    answer = Table(*columns)
    for row in rows:
        answer.add_row(*(str(row[column]) for column in columns))
    return answer


def warc_names(folder: Path) -> str:
    """Return the WARC files of *folder* in one line."""
    return ", ".join(str(path) for path in sorted((folder / "warc").glob("*.warc.gz")))
