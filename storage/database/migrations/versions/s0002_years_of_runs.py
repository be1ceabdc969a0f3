"""Years of runs: site locks and pauses, origins, leases with tokens, what makes a page due,
reservations per fetch.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from alembic import op
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    column,
    select,
    table,
    text,
    update,
)
from sqlalchemy.types import JSON

from storage.database.columns import Key, Moment, key, metadata

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

second = MetaData(naming_convention=metadata.naming_convention)

Table(
    "origins",
    second,
    key(),
    Column("origin", Text, nullable=False, unique=True),
    Column("robots_status", Integer),
    Column("robots_body", Text),
    Column("robots_at", Moment),
    Column("tdm_rules", JSON(none_as_null=True)),
    Column("tdm_at", Moment),
    Column("closed_until", Moment),
)

_INDEXES = {
    "frontier": ("site_id", "state", "priority", "id"),
    "due": ("site_id", "state", "next_visit"),
    "variant": ("variant",),
    "listed_in": ("listed_in",),
}
_INDEX_FILE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)


def upgrade() -> None:
    """Add the columns; what was visited before is due within a week, not all at once tonight."""
    second.create_all(op.get_bind())
    for name, columns in _added().items():
        for added in columns:
            op.add_column(name, added)
    op.drop_index("ix_pages_frontier", "pages")
    for name, indexed in _INDEXES.items():
        op.create_index(f"ix_pages_{name}", "pages", list(indexed))
    _fill()


def _added() -> dict[str, tuple[Column[Any], ...]]:
    zero = text("0")
    return {
        "sites": (
            Column("paused_at", Moment),
            Column("every_seconds", Integer, nullable=False, server_default=text("72000")),
            Column("hours", Text),
            Column("locked_by", Text),
            Column("locked_until", Moment),
            Column("lock_token", Integer, nullable=False, server_default=zero),
            Column("lastmod_right", Integer, nullable=False, server_default=zero),
            Column("lastmod_wrong", Integer, nullable=False, server_default=zero),
        ),
        "pages": (
            Column("lease_token", Integer, nullable=False, server_default=zero),
            Column("last_full_visit", Moment),
            Column("last_news", Moment),
            Column("last_comment", Moment),
            Column("comments_listed", Integer),
            Column("listed_in", Key),
            Column("hint", Text),
            Column("variant", Text),
        ),
        "fetches": (
            Column("tdm_policy", Text),
            Column("tdm_source", Text),
            Column("robots_tag", Text),
        ),
    }


def _fill() -> None:
    pages = table(
        "pages",
        column("id"),
        column("url"),
        column("state"),
        column("next_visit", Moment),
        column("variant"),
    )
    connection = op.get_bind()
    rows = connection.execute(select(pages.c.id, pages.c.url)).all()
    now = datetime.now(UTC)
    filled = [
        {
            "key": row.id,
            "folded": _variant(row.url),
            "due": now + timedelta(minutes=row.id % (7 * 24 * 60)),
        }
        for row in rows
    ]
    if filled:
        statement = update(pages).where(pages.c.id == bindparam("key"))
        connection.execute(
            statement.values(
                variant=bindparam("folded"), next_visit=bindparam("due", type_=Moment)
            ),
            filled,
        )
    waits = update(pages).where(pages.c.state == "queued")
    connection.execute(waits.values(next_visit=None))


def _variant(url: str) -> str:
    parts = urlsplit(url)
    site = parts.netloc.lower().removeprefix("www.").removesuffix(":80").removesuffix(":443")
    path = _INDEX_FILE.sub("/", parts.path).rstrip("/")
    return unquote(f"{site}{path}") + (f"?{parts.query}" if parts.query else "")
