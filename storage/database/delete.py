"""Rows with all that hangs on them, whatever tables there are: followed along the references of the
schema.
"""

from collections.abc import Collection, Iterator
from typing import TypeVar

from sqlalchemy import Column, Connection, Table, delete, select, update

from storage.database import crawl_schema, schema
from storage.database.columns import metadata

CHUNK = 500
Kind = TypeVar("Kind", int, str)

# Loaded, so that the metadata knows every table.
TABLES = (crawl_schema.sites, schema.articles)


def delete_rows(connection: Connection, table: Table, keys: Collection[int]) -> dict[str, int]:
    """Delete the rows of *table* with these keys and every row that hangs on them; return how many
    went, by table.

    A row that only answers another of its own table (a comment its parent) stays and loses the
    reference.
    """
    counts: dict[str, int] = {}
    for chunk in chunks(keys):
        for owner, column in _references(table):
            among = column.in_(chunk)
            if owner is table:
                connection.execute(update(table).where(among).values({column.name: None}))
            elif "id" in owner.c:
                below = set(connection.execute(select(owner.c.id).where(among)).scalars())
                _add(counts, delete_rows(connection, owner, below))
            else:
                _add(counts, {owner.name: connection.execute(delete(owner).where(among)).rowcount})
        _add(
            counts,
            {table.name: connection.execute(delete(table).where(table.c.id.in_(chunk))).rowcount},
        )
    return counts


def _references(table: Table) -> Iterator[tuple[Table, Column[int]]]:
    for owner in metadata.sorted_tables:
        for column in owner.c:
            if any(reference.column is table.c.get("id") for reference in column.foreign_keys):
                yield owner, column


def _add(counts: dict[str, int], more: dict[str, int]) -> None:
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count


def chunks(keys: Collection[Kind]) -> Iterator[list[Kind]]:
    """Yield *keys* in order, as many at a time as a statement takes."""
    ordered = sorted(keys)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))
