"""Hold an archive's views against the truth of the WordPress site that was crawled.

    python benchmarks/real_site.py DATABASE_URL TRUTH_JSON [--floors FILE --theme T]

TRUTH_JSON is what the site's own database says (posts with their comments). Prints one table; exits
1 below a floor.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import text

from storage.database import Archive

ZONE = ZoneInfo("Europe/Amsterdam")
_WORD = re.compile(r"\w+")

Row = dict[str, Any]


@dataclass
class Score:
    """Shares, counted one by one, and the first misses of each."""

    right: dict[str, int] = field(default_factory=dict)
    total: dict[str, int] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)

    def add(self, name: str, right: bool, miss: str) -> None:
        """Count one answer."""
        self.total[name] = self.total.get(name, 0) + 1
        self.right[name] = self.right.get(name, 0) + right
        if not right and len([m for m in self.misses if m.startswith(name)]) < 5:
            self.misses.append(f"{name}: {miss}")

    def share(self, name: str) -> float:
        """Return the share that was right, 1.0 where nothing was asked."""
        return self.right.get(name, 0) / self.total[name] if self.total.get(name) else 1.0


def words(value: str | None) -> str:
    """Return a text's words, so that typography does not count."""
    return " ".join(_WORD.findall((value or "").lower()))


def moment(value: Any) -> datetime | None:
    """Return the first moment of a local value ("2013", "2013-01-01 10:21"), in the site's zone."""
    if value is None:
        return None
    whole = value + "0001-01-01 00:00:00"[len(value) :]
    return datetime.fromisoformat(whole).replace(tzinfo=ZONE)


def same_moment(found: datetime | None, precision: str | None, truth: str) -> bool:
    """Tell whether *found* is the truth, to the minute or to what its precision promises."""
    wanted = datetime.fromisoformat(truth).astimezone(ZONE)
    if found is None:
        return False
    if precision in {"second", "minute"}:
        return found.replace(second=0, microsecond=0) == wanted.replace(second=0, microsecond=0)
    if precision == "hour":
        return abs((found - wanted).total_seconds()) <= 3600
    return {
        "day": found.date() == wanted.date(),
        "month": (found.year, found.month) == (wanted.year, wanted.month),
    }.get(precision or "", found.year == wanted.year)


def rows(archive: Archive, query: str) -> list[Row]:
    """Return what *query* answers, as dictionaries."""
    with archive.read() as connection:
        return [dict(row) for row in connection.execute(text(query)).mappings()]


def score_articles(score: Score, stored: dict[str, Row], posts: list[Row]) -> None:
    """Count every post of the truth, and every stored article that is none."""
    for post in posts:
        path = urlsplit(post["url"]).path
        row = stored.get(path)
        score.add("articles", row is not None, path)
        if row is None:
            continue
        score.add(
            "headline",
            words(row["headline"]) == words(post["title"]),
            f"{path} {row['headline']!r}",
        )
        score.add(
            "author",
            words(row["authors"]) == words(post["author"]),
            f"{path} {row['authors']!r} for {post['author']!r}",
        )
        found = moment(row["date_published"])
        shown = row["date_published_precision"]
        score.add(
            "published",
            same_moment(found, shown, post["published"]),
            f"{path} {found} for {post['published']}",
        )
        score.add("published_minute", shown in {"minute", "second"}, f"{path} only to the {shown}")
        score.add("body", words(post["body"])[:200] in words(row["article_body"]), path)
        score.add(
            "tags",
            set(post["tags"]) <= set((row["keywords"] or "").split(", ")),
            f"{path} {row['keywords']!r}",
        )
    known = {urlsplit(post["url"]).path for post in posts}
    for path in sorted(stored.keys() - known):
        score.add("no_strangers", False, path)


def score_comments(score: Score, threads: dict[str, list[Row]], posts: list[Row]) -> None:
    """Count every visible comment of the truth, and every stored comment that is none."""
    for post in posts:
        path = urlsplit(post["url"]).path
        truth = {str(c["id"]): c for c in post["comments"] if c["type"] == "comment"}
        stored = threads.get(path, [])
        by_source: dict[str | None, list[Row]] = {}
        for row in stored:
            by_source.setdefault(row["source_id"], []).append(row)
        keys = {row["id"]: row["source_id"] for row in stored}
        for source_id, comment in truth.items():
            found = by_source.get(source_id, [])
            score.add(
                "comments", len(found) == 1, f"{path} comment {source_id} stands {len(found)} times"
            )
            if found:
                score_comment(score, f"{path} {source_id}", found[0], keys, comment)
        for row in stored:
            score.add(
                "no_strange_comments",
                row["source_id"] in truth,
                f"{path} {row['source_id']} {row['text'][:40]!r}",
            )


def score_comment(score: Score, where: str, row: Row, keys: dict[Any, Any], truth: Row) -> None:
    """Count the fields of one comment."""
    score.add(
        "c_author",
        words(row["author"]) == words(truth["author"]),
        f"{where} {row['author']!r} for {truth['author']!r}",
    )
    score.add("c_text", words(row["text"]) == words(truth["text"]), f"{where} {row['text'][:80]!r}")
    found, precision = moment(row["date_created"]), row["date_created_precision"]
    score.add(
        "c_date",
        same_moment(found, precision, truth["date"]),
        f"{where} {found} {precision} for {truth['date']}",
    )
    score.add("c_minute", precision in {"minute", "second"}, f"{where} only to the {precision}")
    wanted = str(truth["parent"]) if truth["parent"] else None
    score.add(
        "c_parent",
        keys.get(row["parent_id"]) == wanted,
        f"{where} under {keys.get(row['parent_id'])} for {wanted}",
    )


def lines(score: Score) -> Iterator[str]:
    """Yield the table."""
    for name in score.total:
        yield (
            f"{name:<20} {score.right[name]:>6} of {score.total[name]:>6}  {score.share(name):.4f}"
        )


def main() -> int:
    """Print the table of one crawl; 1 when a floor is not reached."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("database")
    arguments.add_argument("truth", type=Path)
    arguments.add_argument(
        "--floors", type=Path, help="JSON with the least share for each name, under real_site"
    )
    arguments.add_argument("--theme", default="", help="the theme whose floors hold")
    options = arguments.parse_args()
    posts = json.loads(options.truth.read_text(encoding="utf-8"))["posts"]
    archive = Archive.open(options.database)
    score = Score()
    stored = {
        urlsplit(row["url"]).path: row for row in rows(archive, "SELECT * FROM article_overview")
    }
    score_articles(score, stored, posts)
    threads: dict[str, list[Row]] = {}
    for row in rows(archive, "SELECT * FROM comment_thread ORDER BY article_url, position"):
        threads.setdefault(urlsplit(row["article_url"]).path, []).append(row)
    score_comments(score, threads, posts)
    archive.close()
    print("\n".join(lines(score)))
    for miss in score.misses:
        print("  miss", miss)
    floors = (
        json.loads(options.floors.read_text(encoding="utf-8"))["real_site"][options.theme]
        if options.floors
        else {}
    )
    low = [name for name, floor in floors.items() if score.share(name) < floor]
    if low:
        print(f"below the floor: {', '.join(low)}", file=sys.stderr)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
