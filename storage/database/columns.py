"""What the archive's tables are made of: moments in UTC, keys, and the columns of a parsed date."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC: timestamptz on PostgreSQL, ISO text with +00:00 on SQLite.
    Naive moments are refused.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Choose the column type of the database."""
        return dialect.type_descriptor(
            DateTime(timezone=True) if dialect.name == "postgresql" else Text()
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Return what the database stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone is not stored.")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.isoformat(sep=" ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Return the moment that was stored, in UTC."""
        if value is None or isinstance(value, datetime):
            return value.astimezone(UTC) if value else None
        return datetime.fromisoformat(value)


Key = BigInteger().with_variant(Integer(), "sqlite")


def key() -> Column[Any]:
    """Return a table's own key."""
    return Column("id", Key, primary_key=True, autoincrement=True)


def reference(name: str, target: str, *, nullable: bool = False) -> Column[Any]:
    """Return a column that names a row of *target*."""
    return Column(name, Key, ForeignKey(f"{target}.id"), nullable=nullable)


def date_columns(name: str) -> tuple[Column[Any], ...]:
    """Return a parsed date's columns: the moment in UTC, its offset there and then, its text,
    precision and source.
    """
    return (
        Column(name, Moment),
        Column(f"{name}_offset", Integer),
        Column(f"{name}_raw", Text),
        Column(f"{name}_precision", Text),
        Column(f"{name}_source", Text),
    )


def partial_index(name: str, column: str) -> Index:
    """Return an index of the rows that have a value in *column*, where few have one."""
    there = text(f"{column} IS NOT NULL")
    return Index(name, column, sqlite_where=there, postgresql_where=there)


def year_index(name: str, column: str) -> Index:
    """Return an index that leads to the rows of a year, of a table that grows as time goes: a few
    pages on PostgreSQL.

    SQLite gets none: a file is not where ten years of a large archive are.
    """
    return Index(name, column, postgresql_using="brin").ddl_if(dialect="postgresql")
