"""An erasure is a row with a state: one that was killed is finished by the next command."""

from alembic import op
from sqlalchemy import JSON, Column, Text

from storage.database.columns import Key, Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "erasure_orders",
        Column("id", Key, primary_key=True, autoincrement=True),
        Column("state", Text, nullable=False),
        Column("request", JSON(none_as_null=True)),
        Column("left_over", JSON(none_as_null=True)),
        Column("ordered_at", Moment, nullable=False),
        Column("finished_at", Moment),
    )
