"""Stated dates are kept as their pages show them, so that a day is the page's day; the moment in
UTC stays where a time of day is stated.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from alembic import op
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, bindparam, select, update

from storage.database.columns import Key, Moment
from storage.local_time import has_clock, local_value, offset_of

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CHUNK = 5_000
DATES = {"articles": ("date_published", "date_modified"), "comments": ("date_created",)}
OLD_INDEXES = (
    "ix_articles_date_published",
    "ix_articles_coverage",
    "ix_comments_author",
    "ix_comments_date_created",
)
INDEXES = (
    "CREATE INDEX ix_articles_date_published ON articles (date_published)",
    "CREATE INDEX ix_articles_coverage ON articles (site_id, date_published, "
    "date_published_precision, access, comments_declared, comments_captured, comments_gap_reason)",
    "CREATE INDEX ix_comments_author ON comments (author, article_id, date_created) "
    "WHERE author IS NOT NULL",
    "CREATE INDEX ix_comments_date_created ON comments (date_created, text_hash)",
)


def upgrade() -> None:
    """Keep the moments under the new name, make the local values of them, and seal anew."""
    connection = op.get_bind()
    for name in OLD_INDEXES:
        op.execute(f"DROP INDEX {name}")
    local = Text(collation="C") if connection.dialect.name == "postgresql" else Text()
    for table, dates in DATES.items():
        for date in dates:
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {date} TO {date}_utc")
            op.add_column(table, Column(date, local))
            _make_local(connection, _table(table, date), date)
        op.execute(f"UPDATE {table} SET record_hash = ''")  # noqa: S608  # our own names
    for statement in INDEXES:
        op.execute(statement)


def _table(name: str, date: str) -> Table:
    return Table(
        name,
        MetaData(),
        Column("id", Key, primary_key=True),
        Column(date, Text),
        Column(f"{date}_utc", Moment),
        Column(f"{date}_offset", Integer),
        Column(f"{date}_precision", Text),
    )


def _make_local(connection: Connection, table: Table, date: str) -> None:
    utc = table.c[f"{date}_utc"]
    query = select(table).where(utc.is_not(None)).order_by(table.c.id).limit(CHUNK)
    statement = (
        update(table)
        .where(table.c.id == bindparam("key"))
        .values(
            {
                date: bindparam("local"),
                f"{date}_utc": bindparam("utc"),
                f"{date}_offset": bindparam("offset"),
            }
        )
    )
    last = 0
    while rows := connection.execute(query.where(table.c.id > last)).mappings().all():
        connection.execute(
            statement,
            [
                _localized(
                    row["id"], row[utc.name], row[f"{date}_offset"], row[f"{date}_precision"]
                )
                for row in rows
            ],
        )
        last = rows[-1]["id"]


def _localized(
    key: int, moment: datetime, offset: int | None, precision: str | None
) -> dict[str, Any]:
    """Return the new values of a row: its page's clock stood *offset* minutes ahead."""
    stated = moment.astimezone(timezone(timedelta(minutes=offset or 0)))
    local = local_value(stated, precision)
    utc = moment.astimezone(UTC) if has_clock(local) else None
    return {"key": key, "local": local, "utc": utc, "offset": offset_of(stated)}
