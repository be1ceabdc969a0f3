"""An article tells what it is in schema.org's words: what was read before is an Article."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "articles", Column("article_type", Text, nullable=False, server_default="Article")
    )
