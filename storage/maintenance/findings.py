"""Rows that are not what Knipsel stored: each record against its seal, each count against its rows,
named by table and key, without their texts.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, func, select
from sqlalchemy.exc import SQLAlchemyError

from storage.articles import digest
from storage.database import (
    SEALED_ROWS,
    SEALS,
    Parts,
    articles,
    chunks,
    comments,
    pages,
    seal_article,
    seal_comment,
    seal_row,
    seal_thread,
    sealed_parts,
    secret_of,
    sites,
)
from storage.progress import Report
from storage.text_hash import hash_text

_UNREADABLE = (SQLAlchemyError, ValueError, OverflowError, TypeError)


@dataclass(frozen=True, slots=True)
class ArchiveFinding:
    """Something that does not fit; *grave* when what is kept is damaged or missing, else only worth
    knowing.
    """

    grave: bool
    text: str


def check_seals(connection: Connection, report: Report) -> Iterator[ArchiveFinding]:
    """Yield every record that does not fit its seal, every thread that lacks or has a comment that
    it should not, and every count that its rows do not make.
    """
    try:
        secret = secret_of(connection, SEALS)
        tables = (articles, comments, *SEALED_ROWS)
        total = sum(_count(connection, table) for table in tables)
    except _UNREADABLE as error:
        yield ArchiveFinding(True, f"The seals cannot be read ({_reason(error)}).")
        return
    read = count(1)
    for table in tables:
        for chunk in _rows(connection, table):
            yield from _check_chunk(connection, secret, table, chunk)
            for _row in chunk:
                report("records", next(read), total)
    yield from _check_sites(connection)


Chunk = list[tuple[object, RowMapping | None]]


def _check_chunk(
    connection: Connection, secret: bytes, table: Table, chunk: Chunk
) -> Iterator[ArchiveFinding]:
    parts: dict[int, Parts] = {}
    if table is articles:
        keys = [key for key, row in chunk if row is not None and isinstance(key, int)]
        try:
            parts = sealed_parts(connection, keys)
        except _UNREADABLE as error:
            yield ArchiveFinding(
                True,
                f"articles {keys[0]} to {keys[-1]} lack parts that can be read ({_reason(error)}).",
            )
            return
    for key, row in chunk:
        for fault in _faults(secret, table, row, parts):
            yield ArchiveFinding(True, f"{table.name} {key} {fault}.")
        for kind in _decayed(table, row):
            yield ArchiveFinding(True, f"The text of {kind} {key} does not fit its hash.")


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _rows(connection: Connection, table: Table) -> Iterator[Chunk]:
    """Yield every row with its key, some at a time; None for one that cannot be read."""
    try:
        keys = list(connection.execute(select(table.c.id).order_by(table.c.id)).scalars())
    except _UNREADABLE:
        yield [("(all of it)", None)]
        return
    for chunk in chunks([key for key in keys if isinstance(key, int)]):
        yield _chunk(connection, table, chunk)


def _chunk(connection: Connection, table: Table, keys: Collection[int]) -> Chunk:
    query = select(table).where(table.c.id.in_(keys)).order_by(table.c.id)
    try:
        rows = connection.execute(query).mappings().all()
    except _UNREADABLE:
        if len(keys) == 1:
            return [(next(iter(keys)), None)]
        return [one for key in keys for one in _chunk(connection, table, [key])]
    return [(row["id"], row) for row in rows]


def _faults(
    secret: bytes, table: Table, row: RowMapping | None, parts: Mapping[int, Parts]
) -> Iterator[str]:
    if row is None:
        yield "cannot be read"
        return
    try:
        if table is articles:
            yield from _article_faults(secret, row, parts[row["id"]])
        elif table is comments:
            if seal_comment(secret, row) != row["record_hash"]:
                yield "does not fit its seal"
        elif seal_row(secret, table, row) != row["record_hash"]:
            yield "does not fit its seal"
    except _UNREADABLE as error:
        yield f"cannot be checked ({_reason(error)})"


def _decayed(table: Table, row: RowMapping | None) -> Iterator[str]:
    """Yield "article" or "comment" where the words of a row are not those that were stored."""
    if row is None:
        return
    if table is articles and digest([row["headline"], row["article_body"]]) != row["content_hash"]:
        yield "article"
    if table is comments and hash_text(row["text"]) != row["text_hash"]:
        yield "comment"


def _article_faults(secret: bytes, row: RowMapping, parts: Parts) -> Iterator[str]:
    signed, words, members = parts
    if seal_article(secret, row, signed, words) != row["record_hash"]:
        yield "does not fit its seal, or its authors or keywords do not"
    if seal_thread(secret, members) != row["thread_hash"]:
        yield "has a thread that does not fit its seal: comments are missing, added or moved"
    if sum(gone_at is None for _identity, _since, gone_at in members) < row["comments_captured"]:
        yield "counts more comments than there are"


def _check_sites(connection: Connection) -> Iterator[ArchiveFinding]:
    counted = select(pages.c.site_id, func.count().label("n")).group_by(pages.c.site_id).subquery()
    query = select(sites.c.id, sites.c.pages, counted.c.n)
    try:
        for row in connection.execute(
            query.join(counted, counted.c.site_id == sites.c.id, isouter=True)
        ):
            if row.pages != (row.n or 0):
                yield ArchiveFinding(
                    True, f"sites {row.id} counts {row.pages} pages, and has {row.n or 0}."
                )
    except _UNREADABLE as error:
        yield ArchiveFinding(True, f"The sites cannot be read ({_reason(error)}).")


def _reason(error: Any) -> str:
    return str(getattr(error, "orig", None) or type(error).__name__)
