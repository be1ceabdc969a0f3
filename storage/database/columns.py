"""What the archive's tables are made of: moments in UTC, keys, and the columns of a record's
fields.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
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
from sqlalchemy.types import JSON

from storage.records import Field, Meaning, fields_of

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
_TYPES: dict[str, Any] = {
    "text": Text,
    "name": Text,
    "integer": Integer,
    "boolean": Boolean,
    "moment": Moment,
    # Sorted by its letters, whatever the database's language: that is by time.
    "date": Text().with_variant(Text(collation="C"), "postgresql"),
    "pairs": JSON(none_as_null=True),
}
_LOCAL = ": 2013, 2013-01, 2013-01-01, 2013-01-01 10:21"
_IF_CLOCK = "; empty where no time of day is stated"
_OFFSET = "minutes that the page's clock was ahead of UTC then"


def key(of: str = "row") -> Column[Any]:
    """Return a table's own key."""
    field = Field("id", "integer", f"the archive's key of the {of}", "identifier", is_required=True)
    return Column(
        "id", Key, primary_key=True, autoincrement=True, comment=field.meaning, info=_info(field)
    )


def reference(
    name: str, target: str, *, nullable: bool = False, meaning: Meaning | None = None
) -> Column[Any]:
    """Return a column that names a row of *target*."""
    stated = meaning or Meaning(f"key of a row of {target}")
    field = Field(name, "integer", stated.text, stated.schema_org)
    return Column(
        name,
        Key,
        ForeignKey(f"{target}.id"),
        nullable=nullable,
        comment=field.meaning,
        info=_info(field),
    )


def _info(field: Field) -> dict[str, Field]:
    return {"field": field}


def record_columns(record: type) -> list[Column[Any]]:
    """Return the columns of a record's own table, each with its declared meaning as its comment."""
    return [column for field in fields_of(record) if field.is_column for column in _columns(field)]


def _columns(field: Field) -> tuple[Column[Any], ...]:
    if field.kind == "date":
        utc = Field(f"{field.name}_utc", "moment", f"{field.meaning}, in UTC{_IF_CLOCK}")
        local = replace(field, meaning=f"{field.meaning}, as the page shows it{_LOCAL}")
        return (
            declared(local),
            declared(utc),
            declared(Field(f"{field.name}_offset", "integer", _OFFSET)),
        )
    return (declared(field),)


def declared(field: Field) -> Column[Any]:
    """Return the column of *field*; ``info["field"]`` has what was declared of it."""
    nullable = not field.is_required or field.kind == "pairs"
    return Column(
        field.name,
        _TYPES[field.kind],
        nullable=nullable,
        comment=field.meaning,
        info=_info(field),
    )


def day_field(name: str) -> Field:
    """Return the field of the day of the stated date *name*, which views and exports compute."""
    return Field(f"{name}_day", "day", "its day; empty where only a month or a year is known")


def own(name: str, kind: str, meaning: str, schema_org: str | None = None) -> Column[Any]:
    """Return a column that no page states: the archive's own, never empty."""
    return declared(Field(name, kind, meaning, schema_org, is_required=True))


def partial_index(name: str, column: str, *more: str) -> Index:
    """Return an index of the rows that have a value in *column*, where others need none."""
    there = text(f"{column} IS NOT NULL")
    return Index(name, column, *more, sqlite_where=there, postgresql_where=there)


def year_index(name: str, column: str) -> Index:
    """Return an index that leads to the rows of a year, of a table that grows as time goes: a few
    pages on PostgreSQL.

    SQLite gets none: a file is not where ten years of a large archive are.
    """
    return Index(name, column, postgresql_using="brin").ddl_if(dialect="postgresql")
