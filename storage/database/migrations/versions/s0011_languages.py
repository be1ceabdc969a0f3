"""An article tells which language its page declares and which one its text is in, beside the one
that is believed; a new reading fills them.
"""

from alembic import op
from sqlalchemy import Column, Text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and seal anew."""
    op.add_column("articles", Column("language_declared", Text))
    op.add_column("articles", Column("language_found", Text))
    op.execute("UPDATE articles SET record_hash = ''")
