"""A WordPress that wget captures three times while it changes, imported in all six orders: one
archive, and that of three crawls?

    python benchmarks/import_orders.py SITE_URL DB_SOCKET [--articles N]

SITE_URL is a WordPress served on loopback, DB_SOCKET that of its MariaDB. Of N articles, some with
comments over several pages, ``wget --warc-file`` takes every page at three moments; between these,
articles and comments are added, edited and removed. At the same moments the site is crawled. Each
of six archives then imports the three files one after the other, in an order of its own. Prints
what differs, row by row; exits 1 when anything does.
"""

import argparse
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.second_run import SEED, WordPress, ask

Row = dict[str, Any]
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*")
QUERIES = {
    "articles": "SELECT * FROM article_overview ORDER BY url",
    "comments": "SELECT article_url, depth, position, source_id, author, date_created, "
    "date_created_precision, text, first_seen,"
    " last_seen, gone_at FROM comment_thread ORDER BY article_url, source_id",
    "parents": "SELECT a.url, c.source_id, p.source_id AS parent FROM comments c JOIN "
    "articles a ON a.id = c.article_id"
    " LEFT JOIN comments p ON p.id = c.parent_id ORDER BY 1, 2",
    "article versions": "SELECT a.url, v.headline, v.article_body, v.seen_at "
    "FROM article_versions v JOIN articles a ON a.id = v.article_id ORDER BY a.url, v.seen_at",
    "comment versions": "SELECT a.url, c.source_id, v.text, v.seen_at FROM comment_versions v JOIN "
    "comments c ON c.id ="
    " v.comment_id JOIN articles a ON a.id = c.article_id ORDER BY 2, 4",
    "gone": "SELECT url, gone_at FROM articles WHERE gone_at IS NOT NULL ORDER BY url",
}
THREADS_A_PAGE = 20
MOMENTS = ("first_seen", "last_seen", "gone_at", "seen_at")


class Site(WordPress):
    """A WordPress of which some articles are looked at, and whose changes fall on these."""

    def __init__(self, socket: str, url: str, articles: int) -> None:
        super().__init__(socket, commented=0)
        self.url = url.rstrip("/")
        public = "post_type='post' AND post_status='publish' AND post_password=''"
        rows = self.ask(
            f"SELECT ID FROM wp_posts WHERE {public} ORDER BY comment_count DESC, "
            f"ID LIMIT {articles}"
        )  # our own words
        self.posts = [row[0] for row in rows]
        self.addresses = {self._address(post) for post in self.posts}
        self._chance = Random(SEED)  # noqa: S311  # a reproducible choice, no secret

    def _address(self, post: str) -> str:
        day, slug = self.ask(
            f"SELECT DATE_FORMAT(post_date, '%Y/%m'), post_name FROM wp_posts WHERE ID={post}"
        )[0]  # our own words
        return f"{self.url}/{day}/{slug}/"

    def pages(self) -> set[str]:
        """Return the addresses of all articles, of their further pages and of their comment
        pages.
        """
        found = set(self.addresses)
        threads = "comment_approved='1' AND comment_parent=0"
        for post in self.posts:
            own = self._address(post)
            text = f"SELECT post_content FROM wp_posts WHERE ID={post}"  # our own words
            parts = 1 + self.ask(text)[0][0].count("<!--nextpage-->")
            found |= {f"{own}{number}/" for number in range(2, parts + 1)}
            count = self.ask(
                f"SELECT COUNT(*) FROM wp_comments WHERE {threads} AND comment_post_ID={post}"
            )[0][0]  # our own words
            last = -(-int(count) // THREADS_A_PAGE)
            found |= {f"{own}comment-page-{number}/" for number in range(1, last + 1) if last > 1}
        return found

    def alter(self) -> None:
        """Add, edit and remove articles and comments."""
        posts = self._chance.sample(self.posts, 8)
        self.addresses.add(self._address(self._copy(posts[0])))
        self._edit(posts[1])
        self._remove(posts[2])
        for number, post in enumerate(posts[3:]):
            self._comment(post, number)
        ahead = datetime.now(ZoneInfo("Europe/Amsterdam")).utcoffset() or timedelta()
        # What was placed has the server's clock for the site's: the page and the site's JSON would
        # tell two moments.
        late = f"comment_date=comment_date_gmt + INTERVAL {ahead.seconds} SECOND"
        self.ask(
            f"UPDATE wp_comments SET {late} WHERE comment_author LIKE 'Laatkomer%'"
        )  # our own words
        comments = (
            "SELECT comment_ID FROM wp_comments WHERE comment_approved='1' AND "
            "comment_type='comment' AND comment_post_ID IN"
        )
        leaves = (
            f"{comments} ({','.join(posts[3:])}) AND comment_ID NOT IN (SELECT "
            "comment_parent FROM wp_comments)"
        )  # our own words
        edited, *removed = (
            row[0] for row in self._chance.sample(self.ask(f"{leaves} ORDER BY comment_ID"), 4)
        )
        self.ask(
            "UPDATE wp_comments SET comment_content=CONCAT(comment_content, ' "
            f"(aangevuld)') WHERE comment_ID={edited}"
        )  # our own words
        for key in removed:
            post = self.ask(f"SELECT comment_post_ID FROM wp_comments WHERE comment_ID={key}")[0][
                0
            ]  # our own words
            self.ask(
                "UPDATE wp_comments SET comment_approved='trash' WHERE "
                f"comment_ID={key}; "  # our own words
                f"UPDATE wp_posts SET comment_count=comment_count-1 WHERE ID={post}"
            )

    def _copy(self, post: str) -> str:
        slug = self._add_post(self._chance.randrange(10**6), post)
        return self.ask(f"SELECT ID FROM wp_posts WHERE post_name='{slug}'")[0][0]  # our own words


def capture(site: Site, name: str, folder: Path) -> Path:
    """Have wget take every page of the articles; return its WARC file."""
    start = folder / f"{name}.txt"
    start.write_text("\n".join(sorted(site.pages())), encoding="utf-8")
    command = [
        *("wget", "--no-verbose", "--delete-after", f"--warc-file={folder / name}"),
        *(f"--input-file={start}", f"--directory-prefix={folder / 'pages'}"),
    ]
    subprocess.run(
        command, check=False, cwd=folder, capture_output=True
    )  # a removed page makes it exit with 8
    return folder / f"{name}.warc.gz"


def knipsel(folder: Path, *arguments: str) -> None:
    """Run one of our own commands on the archive in *folder*."""
    environment = {
        **os.environ,
        "KNIPSEL_CONTACT": "benchmark@example.org",
        "KNIPSEL_ARCHIVE": str(folder),
    }
    command = [sys.executable, "-m", "scrapy", *arguments, "-s", "LOG_LEVEL=WARNING"]
    subprocess.run(
        command, check=False, env=environment, stdout=subprocess.DEVNULL
    )  # our own command


def dump(folder: Path, addresses: Iterable[str]) -> dict[str, list[Row]]:
    """Return all that the archive in *folder* tells of the articles at *addresses*."""
    among = set(addresses)
    rows = {name: ask(folder, query) for name, query in QUERIES.items()}
    return {
        name: [row for row in found if (row.get("article_url") or row["url"]) in among]
        for name, found in rows.items()
    }


def by_moment(rows: Mapping[str, list[Row]], moments: list[datetime]) -> dict[str, list[Row]]:
    """Return *rows* with the number of the look instead of each moment of one."""

    def number(value: Any) -> int | None:
        if value is None:
            return None
        moment = datetime.fromisoformat(str(value))
        return max(place for place, start in enumerate(moments) if start <= moment)

    return {
        name: [
            {
                key: number(value) if key in MOMENTS else _to_the_minute(value)
                for key, value in row.items()
            }
            for row in found
        ]
        for name, found in rows.items()
    }


def _to_the_minute(value: Any) -> Any:
    """Return a moment without its seconds: those a crawl knows from the site's JSON, which was not
    captured.
    """
    return (
        value[:16]
        if isinstance(value, str) and _MOMENT.fullmatch(value)
        else "minute"
        if value == "second"
        else value
    )


def differences(one: Mapping[str, list[Row]], other: Mapping[str, list[Row]]) -> list[str]:
    """Return in words where two archives differ, at most ten of each kind."""
    found = []
    for name, rows in one.items():
        if len(rows) != len(other[name]):
            found.append(f"{name}: {len(rows)} rows against {len(other[name])}")
        unlike = [(a, b) for a, b in zip(rows, other[name], strict=False) if a != b]
        for a, b in unlike[:10]:
            fields = {key: (str(a[key])[:60], str(b[key])[:60]) for key in a if a[key] != b[key]}
            found.append(
                f"{name}, {a.get('url') or a.get('article_url')} {a.get('source_id', '')}: {fields}"
            )
    return found


def main() -> int:
    """Print what differs; 1 when anything does."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("site")
    arguments.add_argument("socket")
    arguments.add_argument("--articles", type=int, default=60)
    options = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="knipsel-orders-"))
    site = Site(options.socket, options.site, options.articles)
    files, crawled, captured = [], [], []
    for number in range(3):
        if number:
            site.alter()
        captured.append(datetime.now(UTC).replace(microsecond=0))
        files.append(capture(site, f"moment-{number + 1}", folder))
        crawled.append(datetime.now(UTC).replace(microsecond=0))
        knipsel(
            folder / "crawled",
            "crawl",
            "articles",
            "-a",
            f"site={options.site}",
            "-a",
            "refresh=all",
        )
    dumps = {}
    for order in itertools.permutations(range(3)):
        name = "-".join(str(place + 1) for place in order)
        for place in order:
            knipsel(folder / name, "import", str(files[place]))
        dumps[name] = dump(folder / name, site.addresses)
    first = dumps["1-2-3"]
    print(", ".join(f"{len(rows)} {name}" for name, rows in first.items()))
    unlike = {name: differences(first, other) for name, other in dumps.items()}
    unlike["three crawls"] = differences(
        by_moment(first, captured), by_moment(dump(folder / "crawled", site.addresses), crawled)
    )
    for name, found in unlike.items():
        print(
            f"{name}: {'identical' if not found else f'{len(found)} differences'}",
            *found,
            sep="\n    ",
        )
    if any(unlike.values()):
        print(f"The files and archives stay in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
