"""The first archive: all tables and views."""

from alembic import op

from storage.schema import metadata
from storage.views import statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and the views."""
    connection = op.get_bind()
    metadata.create_all(connection)
    for statement in statements(connection.dialect.name):
        op.execute(statement)
