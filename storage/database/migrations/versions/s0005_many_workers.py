"""Many workers: each site's row tells when it is due, an index leads to the next, and WARC files
may be in a store.
"""

from alembic import op
from sqlalchemy import BigInteger, Column, Text, text

from storage.database.columns import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and its indexes; a site that ran before is due when its rhythm says, or at
    once where pages wait.
    """
    op.add_column(
        "sites",
        Column(
            "due_at", Moment, nullable=False, server_default=text("'1970-01-01 00:00:00+00:00'")
        ),
    )
    op.create_index("ix_sites_due_at", "sites", ["due_at", "id"])
    _index_where_there("ix_sites_hours", "sites", "hours")
    for name, column in (
        ("leases", "lease_until"),
        ("redirects_to", "redirects_to"),
        ("listed_in", "listed_in"),
    ):
        op.drop_index(f"ix_pages_{name}", "pages")
        _index_where_there(f"ix_pages_{name}", "pages", column)
    op.create_table(
        "stored_warcs",
        Column("name", Text, primary_key=True),
        Column("url", Text, nullable=False),
        Column("bytes", BigInteger, nullable=False),
        Column("stored_at", Moment, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table, column in (
            ("fetches", "fetched_at"),
            ("article_versions", "replaced_at"),
            ("comments", "first_seen"),
        ):
            op.create_index(f"ix_{table}_{column}", table, [column], postgresql_using="brin")
        # Locks and heartbeats then change a row in its place, without an entry in any index.
        op.execute("ALTER TABLE sites SET (fillfactor = 70)")
    # One site too early costs one run that finds little; sites keep their order by their last run.
    op.execute(
        "UPDATE sites SET due_at = (SELECT MAX(started_at) FROM runs WHERE "
        "runs.site_id = sites.id) "
        "WHERE EXISTS (SELECT 1 FROM runs WHERE runs.site_id = sites.id)"
    )


def _index_where_there(name: str, table: str, column: str) -> None:
    """Index the rows that have a value: each claim of pages would otherwise write an entry for
    those that have none.
    """
    there = text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], sqlite_where=there, postgresql_where=there)
