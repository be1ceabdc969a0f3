"""What a second run costs, and whether a third finds what changed meanwhile.

    python benchmarks/second_run.py SITE_URL                        first run, second run
    python benchmarks/second_run.py SITE_URL --socket DB_SOCKET     and then 50 changes, placed in a
    WordPress database

Prints one table; exits 1 when a second run asks for more than 2 % of the first one's requests,
changes a row of what is kept, or when a change is missed or found with more than 10 %.
"""

import argparse
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.kills import start
from storage.database import Archive, default_database

SEED = 20131230
NEW, EDITED, COMMENTS, REMOVED = 5, 3, 40, 2
COMMENTED = 20  # articles on which the late comments fall
CONTENT = (
    "SELECT page_id, headline, article_body, record_hash, gone_at FROM articles ORDER BY page_id",
    "SELECT article_id, position, name FROM authors ORDER BY article_id, position",
    "SELECT article_id, position, keyword FROM keywords ORDER BY article_id, position",
    "SELECT identity, article_id, parent_id, position, record_hash, gone_at FROM "
    "comments ORDER BY id",
)
MARK = "Dit stond er bij het eerste bezoek nog niet."


def ask(folder: Path, query: str, **values: Any) -> list[dict[str, Any]]:
    """Return what *query* answers."""
    archive = Archive.open(default_database(folder))
    with archive.read() as connection:
        found = [dict(row) for row in connection.execute(text(query), values).mappings()]
    archive.close()
    return found


def requests(folder: Path) -> int:
    """Return how many requests the newest run made."""
    return int(
        ask(folder, "SELECT COUNT(*) AS n FROM fetches WHERE run_id = (SELECT MAX(id) FROM runs)")[
            0
        ]["n"]
    )


def beyond_lists(folder: Path) -> tuple[int, int]:
    """Return how many articles the newest run asked for, and how many requests it made for what is
    neither an article nor was asked for by the run before it: articles' further pages.
    """
    counted = ask(
        folder,
        "SELECT COUNT(DISTINCT a.page_id) AS articles, COUNT(*) AS requests FROM fetches f "
        "LEFT JOIN articles a ON a.page_id = f.page_id "
        "WHERE f.run_id = (SELECT MAX(id) FROM runs) AND f.page_id NOT IN "
        "(SELECT page_id FROM fetches WHERE page_id IS NOT NULL "
        "AND run_id = (SELECT MAX(id) - 1 FROM runs))",
    )[0]
    return counted["articles"], counted["requests"] - counted["articles"]


def content(folder: Path) -> list[list[dict[str, Any]]]:
    """Return what is kept, without moments."""
    return [ask(folder, query) for query in CONTENT]


def two_runs(site: str, folder: Path) -> tuple[int, int, int]:
    """Crawl *site* twice into *folder* and return the requests of each run, and how many tables the
    second changed.
    """
    start(site, folder).wait()
    first, before = requests(folder), content(folder)
    start(site, folder).wait()
    changed = sum(old != new for old, new in zip(before, content(folder), strict=True))
    return first, requests(folder), changed


class WordPress:
    """The database of a WordPress; changes are placed in it as its own forms would."""

    def __init__(self, socket: str, commented: int) -> None:
        self._commented = commented
        self._command = [
            "mariadb",
            "--no-defaults",
            "-u",
            "root",
            "-S",
            socket,
            "-N",
            "-B",
            "wp",
            "-e",
        ]

    def ask(self, statement: str) -> list[list[str]]:
        """Return the rows that *statement* answers."""
        done = subprocess.run(
            [*self._command, statement], check=True, capture_output=True, text=True
        )  # a local tool
        return [line.split("\t") for line in done.stdout.splitlines()]

    def change(self) -> dict[str, set[str]]:
        """Place the changes and return, for each kind, by what they are known."""
        chance = random.Random(SEED)  # noqa: S311  # a reproducible choice, not a secret
        posts = [
            row[0]
            for row in self.ask(
                "SELECT ID FROM wp_posts WHERE post_type='post' AND "
                "post_status='publish' AND post_password='' ORDER BY ID"
            )
        ]
        chosen = chance.sample(posts, EDITED + REMOVED)
        edited, removed = chosen[:EDITED], chosen[EDITED:]
        open_posts = [post for post in posts if post not in removed]
        commented = chance.sample(open_posts, self._commented) * (COMMENTS // self._commented)
        return {
            "new": {self._add_post(number, posts[-1]) for number in range(NEW)},
            "edited": {self._edit(post) for post in edited},
            "comments": {self._comment(post, number) for number, post in enumerate(commented)},
            "removed": {self._remove(post) for post in removed},
        }

    def _add_post(self, number: int, like: str) -> str:
        slug, title = (
            f"nieuw-bericht-na-het-eerste-bezoek-{like}-{number}",
            f"Nieuw bericht nummer {number} na het eerste bezoek",
        )
        copied = (
            "post_author, post_content, post_excerpt, to_ping, pinged, "
            "post_content_filtered, post_status, comment_status"
        )
        dates = "post_date, post_date_gmt, post_modified, post_modified_gmt"
        self.ask(
            f"INSERT INTO wp_posts ({copied}, post_title, post_name, {dates}) "  # our own words
            f"SELECT {copied}, '{title}', '{slug}', NOW(), UTC_TIMESTAMP(), NOW(), "
            f"UTC_TIMESTAMP() FROM wp_posts WHERE ID={like}"
        )
        return slug

    def _edit(self, post: str) -> str:
        self.ask(
            "UPDATE wp_posts SET post_content=CONCAT(post_content, "
            f"'\\n\\n<p>{MARK}</p>'), post_modified=NOW(), "  # our own words
            f"post_modified_gmt=UTC_TIMESTAMP() WHERE ID={post}"
        )
        return self._slug(post)

    def _comment(self, post: str, number: int) -> str:
        words = (
            f"Late reactie nummer {number}: ik lees dit nu pas, en ik ben het er nog steeds "
            "mee eens."
        )
        added = self.ask(
            "INSERT INTO wp_comments (comment_post_ID, comment_author, "
            "comment_date, comment_date_gmt, comment_content) "  # our own words
            f"VALUES ({post}, 'Laatkomer {number}', NOW(), UTC_TIMESTAMP(), "
            f"'{words}'); SELECT LAST_INSERT_ID(); "
            f"UPDATE wp_posts SET comment_count=comment_count+1 WHERE ID={post}"
        )
        return added[0][0]

    def _remove(self, post: str) -> str:
        slug = self._slug(post)
        self.ask(f"UPDATE wp_posts SET post_status='trash' WHERE ID={post}")  # our own words
        return slug

    def _slug(self, post: str) -> str:
        return self.ask(f"SELECT post_name FROM wp_posts WHERE ID={post}")[0][0]  # our own words


def found_changes(folder: Path, placed: dict[str, set[str]]) -> dict[str, int]:
    """Return how many of the placed changes of each kind the archive knows."""
    stored = {
        row["url"].rstrip("/").rpartition("/")[2]: row
        for row in ask(folder, "SELECT * FROM articles")
    }
    comments = {row["source_id"] for row in ask(folder, "SELECT source_id FROM comments")}
    versions = {row["article_id"] for row in ask(folder, "SELECT article_id FROM article_versions")}
    return {
        "new": sum(slug in stored for slug in placed["new"]),
        "edited": sum(
            MARK in stored[slug]["article_body"] and stored[slug]["id"] in versions
            for slug in placed["edited"]
        ),
        "comments": len(placed["comments"] & comments),
        "removed": sum(stored[slug]["gone_at"] is not None for slug in placed["removed"]),
    }


def main() -> int:
    """Print the table; 1 when a bound is broken."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("site")
    arguments.add_argument("--socket", help="the socket of the site's MariaDB")
    arguments.add_argument(
        "--commented",
        type=int,
        default=COMMENTED,
        help="on how many articles the late comments fall",
    )
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, second, changed = two_runs(options.site, folder)
        kept = content(folder)
        print(
            f"first run            {first:>6} requests, {len(kept[0])} articles, "
            f"{len(kept[3])} comments"
        )
        print(
            f"second run           {second:>6} requests ({second / first:.1%}), "
            f"{changed} of {len(CONTENT)} tables changed"
        )
        good = second <= 0.02 * first and not changed
        if options.socket:
            placed = WordPress(options.socket, options.commented).change()
            start(options.site, folder).wait()
            third, found = requests(folder), found_changes(folder, placed)
            shown = ", ".join(
                f"{count} of {len(placed[kind])} {kind}" for kind, count in found.items()
            )
            print(f"after the changes    {third:>6} requests ({third / first:.1%}): {shown}")
            articles, further = beyond_lists(folder)
            print(f"beyond the lists     {articles:>6} articles, {further} further pages of them")
            good = (
                good
                and third <= 0.1 * first
                and all(count == len(placed[kind]) for kind, count in found.items())
            )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
