"""Make an archive of N articles and 3N comments of realistic length, always the same; resumable.

    python benchmarks/make_archive.py sqlite:////tmp/big/archive.db --articles 100000

Rows are written in bulk: into SQLite through the same indexes and triggers as a crawl's, into
PostgreSQL by COPY, its indexes made at the end. storing_cost.py measures what a crawl's stores
cost.
"""

import argparse
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from benchmarks.made_articles import SITES, Writer
from storage.articles import date_values, digest
from storage.crawl import runs, sites
from storage.database import (
    Archive,
    article_versions,
    articles,
    authors,
    comments,
    fetches,
    keywords,
    pages,
)
from storage.records import Article
from storage.text_hash import hash_text

BATCH = 2000
# New rows fall all over an index: each transaction writes nearly all of it, so there are few of
# them, and memory to hold it.
TRANSACTION = 50_000
BULK_SETTINGS = {
    "sqlite": ("PRAGMA cache_size = -2000000", "PRAGMA wal_autocheckpoint = 1000000"),
    "postgresql": (
        "SET LOCAL synchronous_commit = off",
        # Every reference is to a row made here; so they are not looked up 15 million times.
        "SET LOCAL session_replication_role = replica",
    ),
}
# Kept in the database, so that a run that was killed is resumed.
SET_ASIDE = """
CREATE TABLE IF NOT EXISTS bulk_indexes AS SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = current_schema() AND indexname LIKE 'ix\\_%' AND tablename IN
('pages', 'articles', 'authors', 'keywords', 'comments', 'fetches')
"""
# Then a crawl finds no work left over from the bulk.
SETTLE = {
    "sqlite": ("PRAGMA wal_checkpoint(TRUNCATE)",),
    "postgresql": (
        *(
            f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"
            for table in ("pages", "articles", "comments")
        ),  # our own names
        "VACUUM ANALYZE",
    ),
}
SEEN = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)


def page_row(number: int, article: Article) -> dict[str, Any]:
    """Return the page of article *number*; its key is the article's, one higher than the number."""
    return {
        "id": number + 1, "site_id": number % SITES + 1,
        "url": article.url, "kind": "page", "state": "done",
        "outcome": "article", "found_how": "sitemap", "priority": 50, "depth": 1, "attempts": 1,
        "visits": 1, "first_seen": SEEN, "last_visit": SEEN,
    }  # fmt: skip


def article_row(number: int, article: Article) -> dict[str, Any]:
    """Return the row of article *number*, as storage.articles would store it."""
    names = (
        "url headline article_body article_section in_language "
        "access comments_declared comments_gap_reason method"
    ).split()
    return {
        **{name: getattr(article, name) for name in names},
        "id": number + 1, "page_id": number + 1,
        **date_values(article, "date_published", None),
        "site_id": number % SITES + 1,
        "comments_captured": len(article.comments), "word_count": len(article.article_body.split()),
        "extractor_version": "1", "content_hash": digest([article.headline, article.article_body]),
        "record_hash": "",
        "first_seen": SEEN, "last_seen": SEEN,
    }  # fmt: skip


def comment_rows(number: int, article: Article, first: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of an article's thread with keys from *first* on."""
    depths: list[int] = []
    for position, comment in enumerate(article.comments):
        parent = comment.parent_position
        depths.append(0 if parent is None else depths[parent] + 1)
        gone = SEEN if (first + position) % 97 == 0 else None
        yield {
            "id": first + position, "article_id": number + 1, "identity": f"id:{position}",
            "source_id": comment.source_id,
            "parent_id": None if parent is None else first + parent,
            "parent_how": comment.parent_how, "position": position,
            "depth": depths[-1], "author": comment.author, "author_is_staff": False,
            **date_values(comment, "date_created", None),
            "text": comment.text, "status": "visible",
            "method": "benchmark", "record_hash": "",
            "text_hash": hash_text(comment.text), "first_seen": SEEN, "last_seen": SEEN,
            "gone_at": gone,
        }  # fmt: skip


def write(connection: Connection, writer: Writer, numbers: range, run_id: int) -> None:
    """Write the articles of *numbers* with all that hangs on them."""
    for setting in BULK_SETTINGS[connection.dialect.name]:
        connection.exec_driver_sql(setting)
    for start in range(0, len(numbers), BATCH):
        write_batch(connection, writer, numbers[start : start + BATCH], run_id)


def write_batch(connection: Connection, writer: Writer, numbers: range, run_id: int) -> None:
    """Write so many articles as memory holds well."""
    made = [(number, writer.article(number)) for number in numbers]
    first = connection.execute(select(func.coalesce(func.max(comments.c.id), 0))).scalar_one() + 1
    threads: list[dict[str, Any]] = []
    for number, article in made:
        threads += comment_rows(number, article, first + len(threads))
    fetched = {
        "run_id": run_id,
        "fetched_at": SEEN,
        "outcome": "ok",
        "status": 200,
        "content_type": "text/html",
    }
    old = {
        "run_id": run_id,
        "content_hash": "",
        "extractor_version": "1",
        "seen_at": SEEN,
        "replaced_at": SEEN,
    }
    rows = (
        (pages, [page_row(number, article) for number, article in made]),
        (articles, [article_row(number, article) for number, article in made]),
        (
            authors,
            [{"article_id": n + 1, "position": 0, "name": a.authors[0].name} for n, a in made],
        ),
        (
            keywords,
            [
                {"article_id": n + 1, "position": i, "keyword": k}
                for n, a in made
                for i, k in enumerate(a.keywords)
            ],
        ),
        (comments, threads),
        (fetches, [{**fetched, "page_id": n + 1, "url": a.url} for n, a in made]),
        (
            article_versions,
            [
                {**old, "article_id": n + 1, "headline": a.headline, "article_body": a.headline}
                for n, a in made
                if n % 50 == 7
            ],
        ),
    )
    for table, values in rows:
        if values:
            put(connection, table, values)


def put(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Write *rows*, which all name the same columns, into *table*."""
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), rows)
        return
    copy = f"COPY {table.name} ({', '.join(rows[0])}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(copy) as stream:
        for row in rows:
            stream.write_row(tuple(row.values()))


def set_indexes_aside(archive: Archive) -> None:
    """Drop the indexes of a PostgreSQL archive; restore_indexes makes them again."""
    archive.outside_transactions(SET_ASIDE)
    _, kept = archive.select("SELECT indexname FROM bulk_indexes")
    archive.outside_transactions(*(f"DROP INDEX IF EXISTS {row['indexname']}" for row in kept))


def restore_indexes(archive: Archive) -> None:
    """Make the indexes that were set aside."""
    _, kept = archive.select("SELECT indexdef FROM bulk_indexes")
    makes = [re.sub("INDEX", "INDEX IF NOT EXISTS", row["indexdef"], count=1) for row in kept]
    archive.outside_transactions(
        "SET maintenance_work_mem = '1GB'", *makes, "DROP TABLE bulk_indexes"
    )


def begin(archive: Archive) -> int:
    """Return the key of the run that all rows name; sites and run are made when they are
    missing.
    """
    with archive.begin() as connection:
        for number in range(SITES):
            sites.register_site(connection, f"https://www.site{number}.example/")
        last = runs.last_run(connection, 1)
        return last.run_id if last else runs.begin_run(connection, 1, {}, SEEN)


def fill(database: str, number: int) -> None:
    """Write what is missing of *number* articles."""
    archive, writer = Archive.open(database), Writer()
    run_id = begin(archive)
    with archive.read() as connection:
        done = connection.execute(select(func.count()).select_from(articles)).scalar_one()
    began = time.perf_counter()
    if archive.dialect == "postgresql":
        set_indexes_aside(archive)
    for first in range(done, number, TRANSACTION):
        numbers = range(first, min(first + TRANSACTION, number))
        with archive.begin() as connection:
            write(connection, writer, numbers, run_id)
        print(f"{numbers.stop:>9} articles after {time.perf_counter() - began:6.0f} s", flush=True)
    if archive.dialect == "postgresql":
        restore_indexes(archive)
    archive.outside_transactions(*SETTLE[archive.dialect])
    archive.close()


def main() -> None:
    """Fill the database."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("--articles", type=int, default=20_000)
    wanted = parser.parse_args()
    fill(wanted.database, wanted.articles)


if __name__ == "__main__":
    main()
