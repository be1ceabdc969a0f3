"""A site may be drawn by a browser: its row says so."""

from alembic import op
from sqlalchemy import Boolean, Column, false

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; no site that is there is drawn."""
    op.add_column("sites", Column("render", Boolean, nullable=False, server_default=false()))
