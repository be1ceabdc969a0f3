"""An archive copied into another, empty one, row by row and compared row by row: from SQLite to
PostgreSQL and back.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Archive, crawl_schema, metadata, schema, secrets
from storage.progress import Report, no_report

BATCH = 1_000

# Loaded, so that the metadata knows every table.
TABLES = (crawl_schema.sites, schema.articles)


class NotCopied(Exception):
    """Raised when an archive cannot be copied, or the copy differs; its text gives the reason, and
    the target is as it was.
    """


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows were copied, by table, and the digest of all of them: the same for the same
    archive in either database.
    """

    rows: dict[str, int]
    digest: str


def copy_archive(source: Archive, target: Archive, report: Report = no_report) -> Copied:
    """Copy every row of *source* into the empty archive *target*, in one transaction, and compare
    both; *report* is called with how far.

    Raises NotCopied when the target holds anything, takes no more, or reads otherwise than the
    source.
    """
    with source.read() as reading:
        try:
            with target.begin() as writing:
                _refuse_filled(writing)
                total, done = _count_rows(reading), 0
                for table in metadata.sorted_tables:
                    for count in _copy_table(reading, writing, table):
                        done += count
                        report("rows copied", done, total)
                if target.dialect == "postgresql":
                    _set_sequences(writing)
                return _compare(
                    reading, writing, lambda compared: report("rows compared", compared, total)
                )
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise NotCopied(f"The target refused a row: {reason}") from error


def _refuse_filled(connection: Connection) -> None:
    """A new archive holds its secrets only; the source's take their place."""
    for table in metadata.sorted_tables:
        if table is secrets:
            continue
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise NotCopied(
                f"The target is no empty archive: its table {table.name} has rows; name "
                "one that is not there yet."
            )
    connection.execute(delete(secrets))


def _count_rows(connection: Connection) -> int:
    counts = (select(func.count()).select_from(table) for table in metadata.sorted_tables)
    return sum(connection.execute(count).scalar_one() for count in counts)


def _copy_table(reading: Connection, writing: Connection, table: Table) -> Iterator[int]:
    """Yield how many rows of each batch were copied.

    A row may answer a later one of its table; such references are set when all rows are there.
    """
    inner = [
        column.name
        for column in table.c
        if any(key.column.table is table for key in column.foreign_keys)
    ]
    late: list[dict[str, Any]] = []
    for rows in _batches(reading, table):
        for row in rows:
            for name in inner:
                if row[name] is not None and row[name] >= row["id"]:
                    late.append({"key": row["id"], "name": name, "value": row[name]})
                    row[name] = None
        writing.execute(insert(table), rows)
        yield len(rows)
    for one in late:
        statement = (
            update(table)
            .where(table.c.id == bindparam("key"))
            .values({one["name"]: bindparam("value")})
        )
        writing.execute(statement, {"key": one["key"], "value": one["value"]})


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    query = (
        select(table)
        .order_by(*table.primary_key.columns)
        .execution_options(stream_results=True, max_row_buffer=BATCH)
    )
    with connection.execute(query) as result:
        for rows in result.mappings().partitions(BATCH):
            yield [dict(row) for row in rows]


def _set_sequences(connection: Connection) -> None:
    """PostgreSQL counts keys apart from the rows: the next key must follow the last that was
    copied.
    """
    for table in metadata.sorted_tables:
        if "id" in table.c:
            statement = (
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) "  # noqa: S608  # our own names
                f"FROM {table.name} HAVING max(id) > 0"
            )
            connection.execute(text(statement))


def _compare(reading: Connection, writing: Connection, report: Callable[[int], None]) -> Copied:
    digest, counts, compared = hashlib.sha256(), {}, 0
    for table in metadata.sorted_tables:
        counts[table.name] = 0
        for mine, theirs in zip_longest(_rows(reading, table), _rows(writing, table)):
            if mine != theirs:
                raise NotCopied(
                    f"The copy differs in a row of {table.name}; nothing was kept of it."
                )
            digest.update(_line(table, mine))
            counts[table.name] += 1
            compared += 1
            if compared % BATCH == 0:
                report(compared)
    report(compared)
    return Copied(counts, digest.hexdigest())


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    for rows in _batches(connection, table):
        yield from rows


def _line(table: Table, row: dict[str, Any]) -> bytes:
    return (
        json.dumps([table.name, row], ensure_ascii=False, sort_keys=True, default=_plain).encode(
            "utf-8", "surrogatepass"
        )
        + b"\n"
    )


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else bytes(value).hex()
