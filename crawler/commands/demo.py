"""``knipsel demo``: a small site from this very package is served, crawled and shown, in under 20
seconds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from crawler import demo
from crawler.cli import CommandResult, OurCommand, Output, Refused
from storage import database

MARK = ".knipsel-demo"
CONTACT = "demo@example.org"
EXCERPT = 420

ARTICLE = """
SELECT url, headline, authors, article_section, keywords, date_published, date_published_precision,
       comments_declared, comments_captured, comments_gap_reason, article_body
  FROM article_overview
 WHERE comments_captured > 3
 ORDER BY (SELECT COUNT(comment_thread.date_created) FROM comment_thread
            WHERE article_url = url) DESC, url
 LIMIT 1"""

THREAD = (
    "SELECT id, parent_id, author, date_created, text FROM comment_thread WHERE "
    "article_url = :url ORDER BY position"
)

QUERY = """SELECT author, COUNT(*) AS comments, COUNT(DISTINCT article_url) AS articles
  FROM comment_thread
 GROUP BY author
 ORDER BY comments DESC, author
 LIMIT 5"""

# What a newcomer may type after the demo, in the folder where it ran.
NEXT = (
    "search balkon -s KNIPSEL_ARCHIVE=demo-archive",
    "export comments comments.csv -s KNIPSEL_ARCHIVE=demo-archive",
    "init my-archive --contact you@example.org",
)


class Command(OurCommand):
    """Crawl the demo site and show what came of it. Exit code: that of the crawl."""

    promise = "Crawl a small site that ships with Knipsel, and show what is in the archive"
    explanation = "Nothing outside this machine is asked. The archive is left in demo-archive/."
    examples = ("knipsel demo", "knipsel browse -s KNIPSEL_ARCHIVE=demo-archive")

    def answer(self, args: list[str], opts: argparse.Namespace) -> CommandResult:
        """Serve, crawl, show."""
        folder = Path("demo-archive")
        try:
            clear(folder)
        except FileExistsError as error:
            raise Refused(str(error)) from error
        with demo.DemoServer() as server:
            self.output.print(f"A demo site answers on {server.url}. This is typed now:\n")
            self.output.print(f"  KNIPSEL_CONTACT={CONTACT} knipsel crawl {server.url}/\n")
            code = crawl(server.url, folder, self.output)
        archive = database.Archive.open(database.default_database(folder))
        try:
            shown = show(archive)
        finally:
            archive.close()
        ending = (
            f"\nThe archive: {folder / 'archive.db'}    the pages as fetched: {warc_names(folder)}",
            "\nNext:",
            *(f"  {program()} {command}" for command in NEXT),
        )
        return CommandResult(
            {"archive": folder / "archive.db", "exit_code": code}, (*shown, *ending), code
        )


def program() -> str:
    """Return how ``knipsel`` is typed here: its name alone where the shell finds it."""
    beside = Path(sys.executable).parent / "knipsel"
    return "knipsel" if shutil.which("knipsel") else os.path.relpath(beside)


def clear(folder: Path) -> None:
    """Make *folder* new; a folder that is not an earlier demo's is left alone.

    Raises FileExistsError for such a folder.
    """
    if folder.exists() and not (folder / MARK).exists():
        raise FileExistsError(
            f"{folder}/ is here already and is not from a demo: move it away first."
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / MARK).touch()


def crawl(site: str, folder: Path, output: Output) -> int:
    """Crawl *site* into *folder* in a process of its own and return the exit code."""
    settings = {
        "KNIPSEL_ARCHIVE": str(folder),
        "KNIPSEL_DATABASE": "",
        "RETRY_AFTER_SECONDS": "0.2",
    }
    # -P: a folder of the user's that bears a name of ours is none of our packages.
    command = [sys.executable, "-P", "-m", "crawler.console", "crawl", f"{site}/"]
    command += [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    if output.quiet or output.as_json or not sys.stderr.isatty():
        command += ["--quiet"]
    sys.stdout.flush()
    environment = {**os.environ, "KNIPSEL_CONTACT": CONTACT}
    unread = subprocess.DEVNULL if output.as_json else None
    return subprocess.run(command, env=environment, check=False, stdout=unread).returncode  # noqa: S603  # our own command


def show(archive: database.Archive) -> tuple[RenderableType, ...]:
    """Return one query with its answer, and one article with its thread."""
    _columns, (article, *_others) = archive.select(ARTICLE)
    _columns, comments = archive.select(THREAD, url=article["url"])
    columns, rows = archive.select(QUERY)
    asked = ("\nAsk the archive:\n", QUERY, table(columns, rows))
    return *asked, "\nAn article with its thread:\n", article_tree(article, comments)


def article_tree(article: dict[str, Any], comments: Sequence[dict[str, Any]]) -> Tree:
    """Return an article as a tree with its comments as branches."""
    tree = Tree(Text(article["headline"], style="bold"))
    tree.add(f"{article['authors'] or 'nobody named'}, {article['date_published']} (to the "
             f"{article['date_published_precision']})")  # fmt: skip
    tree.add(
        f"section: {article['article_section'] or '-'}, keywords: {article['keywords'] or '-'}"
    )
    tree.add(excerpt(article["article_body"], EXCERPT))
    missing = (
        f"; reason for the gap: {article['comments_gap_reason']}"
        if article["comments_gap_reason"]
        else ""
    )
    head = (
        f"{article['comments_captured']} comments, {article['comments_declared']} "
        f"declared by the site{missing}"
    )
    branches = {None: tree.add(head)}
    for comment in comments:
        line = Text.assemble(
            (comment["author"] or "anonymous", "bold"),
            f" {comment['date_created'] or 'no date shown'}\n",
        )
        parent = branches.get(comment["parent_id"], branches[None])
        branches[comment["id"]] = parent.add(line.append(excerpt(comment["text"], EXCERPT // 4)))
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
