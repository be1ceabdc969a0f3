"""Re-reading: pages are found by what redirects to them, and each field of an article tells how it
was read.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index and the column."""
    op.create_index("ix_pages_redirects_to", "pages", ["redirects_to"])
    op.add_column("articles", sa.Column("field_methods", sa.JSON(none_as_null=True)))
