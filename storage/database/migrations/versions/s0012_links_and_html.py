"""Texts keep their links and their own structure: `knipsel reextract` fills them in."""

import sqlalchemy as sa
from alembic import op

from storage.database.columns import Key

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column; articles are sealed anew."""
    op.create_table(
        "links",
        sa.Column("id", Key, primary_key=True, autoincrement=True),
        sa.Column("article_id", Key, sa.ForeignKey("articles.id"), nullable=False),
        sa.Column("comment_id", Key, sa.ForeignKey("comments.id")),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("canonical_url", sa.Text),
        sa.Column("domain", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("record_hash", sa.Text),
    )
    op.create_index("ix_links_article_id", "links", ["article_id"])
    there = sa.text("comment_id IS NOT NULL")
    op.create_index(
        "ix_links_comment_id", "links", ["comment_id"], sqlite_where=there, postgresql_where=there
    )
    op.create_index("ix_links_domain", "links", ["domain"])
    op.add_column("articles", sa.Column("article_html", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE articles SET record_hash = ''")
