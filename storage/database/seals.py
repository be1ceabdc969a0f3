"""Keyed hashes of records: whoever lacks the archive's secret learns nothing from them, and
`verify` finds by them what was changed from outside.
"""

import hashlib
import hmac
import json
import secrets as randomness
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.database.columns import record_columns
from storage.database.delete import chunks
from storage.database.schema import (
    article_versions,
    articles,
    authors,
    comment_versions,
    comments,
    keywords,
    links,
    removed_blocks,
    secrets,
)
from storage.records import Article, Author, Comment

SEALS = "records"


def _sealed_names(record: type) -> tuple[str, ...]:
    """Return the columns of a record that are sealed: all but how it was read."""
    columns = record_columns(record)
    return tuple(column.name for column in columns if not column.info["field"].is_reading)


# A migration that adds to a record empties the seals of its table: they are then made anew.
ARTICLE_FIELDS = (*_sealed_names(Article), "comments_captured", "content_hash")
COMMENT_FIELDS = (*_sealed_names(Comment), "parent_id", "position", "depth")
_AUTHOR_FIELDS = _sealed_names(Author)
_ROW_FIELDS = {
    "article_versions": (
        "article_id", "headline", "article_body", "content_hash", "extractor_version",
        "seen_at", "replaced_at",
    ),
    "comment_versions": ("comment_id", "text", "status", "seen_at", "replaced_at"),
    "removed_blocks": ("article_id", "position", "reason", "text"),
    "links": ("article_id", "comment_id", "position", "url", "canonical_url", "domain", "text"),
}  # fmt: skip
SEALED_ROWS = (article_versions, comment_versions, removed_blocks, links)
BATCH = 1_000

# A comment as its thread's seal names it: its identity, its first sighting, since when it is gone.
ThreadMember = tuple[str, datetime, datetime | None]


def secret_of(connection: Connection, name: str) -> bytes:
    """Return the archive's secret called *name*, made when it is asked for the first time."""
    known: dict[str, bytes] = connection.info.setdefault("secrets", {})
    if name not in known:
        query = select(secrets.c.value).where(secrets.c.name == name)
        value = connection.execute(query).scalar_one_or_none()
        if value is None:
            # Of two processes that make it at once one is first; its value holds for both.
            make = sqlite if connection.dialect.name == "sqlite" else postgresql
            row = {"name": name, "value": randomness.token_hex(32)}
            connection.execute(make.insert(secrets).values(row).on_conflict_do_nothing())
            return bytes.fromhex(connection.execute(query).scalar_one())
        known[name] = bytes.fromhex(value)
    return known[name]


def seal(key: bytes, value: Any) -> str:
    """Return the keyed hash of plain data: 32 hexadecimal digits."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()[:32]


def _plain(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def seal_article(
    key: bytes,
    row: Mapping[Any, Any],
    signed: Iterable[Mapping[Any, Any]],
    words: Sequence[str],
) -> str:
    """Return the seal of an article's row with its authors and keywords, each in their order."""
    people = [[one[name] for name in _AUTHOR_FIELDS] for one in signed]
    return seal(key, [[row[name] for name in ARTICLE_FIELDS], people, list(words)])


def seal_comment(key: bytes, row: Mapping[Any, Any]) -> str:
    """Return the seal of a comment's row."""
    return seal(key, [row[name] for name in COMMENT_FIELDS])


def seal_thread(key: bytes, members: Iterable[ThreadMember]) -> str | None:
    """Return the seal of a thread: which comments it ever had, since when, until when; None of
    none.
    """
    listed = sorted(members, key=lambda member: member[0])
    return seal(key, listed) if listed else None


def seal_row(key: bytes, table: Table, row: Mapping[Any, Any]) -> str:
    """Return the seal of a version, or of what was cut from a page."""
    return seal(key, [row[name] for name in _ROW_FIELDS[table.name]])


def sealed_rows(
    connection: Connection, table: Table, rows: Iterable[Mapping[Any, Any]]
) -> list[dict[str, Any]]:
    """Return rows to be stored in *table*, each with its seal."""
    key = secret_of(connection, SEALS)
    return [{**row, "record_hash": seal_row(key, table, row)} for row in rows]


def seal_unsealed(connection: Connection) -> None:
    """Seal every record that has no seal: those that an older Knipsel stored."""
    key = secret_of(connection, SEALS)
    for table in SEALED_ROWS:
        for ids in _unsealed(connection, table, table.c.record_hash.is_(None)):
            for row in _rows(connection, table, table.c.id.in_(ids)):
                _set(connection, table, row, record_hash=seal_row(key, table, row))
    for ids in _unsealed(connection, comments, comments.c.record_hash == ""):
        reseal(connection, (), ids)
    for ids in _unsealed(connection, articles, articles.c.record_hash == ""):
        reseal(connection, ids, ())


def _unsealed(connection: Connection, table: Table, where: Any) -> Iterator[list[int]]:
    query = select(table.c.id).where(where).order_by(table.c.id).limit(BATCH)
    last = 0
    # From the last on: to begin anew would read all that are sealed by now, each time.
    while ids := [int(key) for key in connection.execute(query.where(table.c.id > last)).scalars()]:
        yield ids
        last = ids[-1]


def reseal(
    connection: Connection, article_ids: Collection[int], comment_ids: Collection[int]
) -> None:
    """Seal articles and comments anew that an erasure changed."""
    key = secret_of(connection, SEALS)
    for chunk in chunks(comment_ids):
        for row in _rows(connection, comments, comments.c.id.in_(chunk)):
            _set(connection, comments, row, record_hash=seal_comment(key, row))
    for chunk in chunks(article_ids):
        parts = sealed_parts(connection, chunk)
        for row in _rows(connection, articles, articles.c.id.in_(chunk)):
            signed, words, members = parts[row["id"]]
            values = {
                "record_hash": seal_article(key, row, signed, words),
                "thread_hash": seal_thread(key, members),
            }
            _set(connection, articles, row, **values)


def _set(connection: Connection, table: Table, row: RowMapping, **values: str | None) -> None:
    connection.execute(update(table).where(table.c.id == row["id"]).values(values))


def _rows(connection: Connection, table: Table, where: Any) -> Sequence[RowMapping]:
    return connection.execute(select(table).where(where)).mappings().all()


Parts = tuple[list[RowMapping], list[str], list[ThreadMember]]


def sealed_parts(connection: Connection, article_ids: Collection[int]) -> dict[int, Parts]:
    """Return what is sealed with each of some articles: authors' rows, keywords, and the members of
    its thread.
    """
    parts: dict[int, Parts] = {key: ([], [], []) for key in article_ids}
    of_articles = authors.c.article_id.in_(article_ids)
    query = select(authors).where(of_articles).order_by(authors.c.position)
    for row in connection.execute(query).mappings():
        parts[row["article_id"]][0].append(row)
    words = select(keywords.c.article_id, keywords.c.keyword)
    for owner, word in connection.execute(
        words.where(keywords.c.article_id.in_(article_ids)).order_by(keywords.c.position)
    ):
        parts[owner][1].append(word)
    seen = (comments.c.identity, comments.c.first_seen, comments.c.gone_at)
    members = select(comments.c.article_id, *seen).where(comments.c.article_id.in_(article_ids))
    for owner, *member in connection.execute(members):
        parts[owner][2].append((member[0], member[1], member[2]))
    return parts
