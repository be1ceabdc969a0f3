"""SQLite's search index names its tables as Datasette and sqlite-utils look for them."""

from alembic import op
from sqlalchemy import text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INDEXES = {
    "article_search": ("articles", "headline, article_body"),
    "comment_search": ("comments", "text"),
}


def upgrade() -> None:
    """Make each index again over the same texts; PostgreSQL's columns stay."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for index, (table, columns) in INDEXES.items():
        op.execute(text(f"DROP TABLE {index}"))
        op.execute(
            text(
                f'CREATE VIRTUAL TABLE {index} USING fts5({columns}, content="{table}", '
                "content_rowid=\"id\", tokenize='unicode61 remove_diacritics 2')"
            )
        )
        op.execute(text(f"INSERT INTO {index} ({index}) VALUES ('rebuild')"))  # noqa: S608  # our own names
