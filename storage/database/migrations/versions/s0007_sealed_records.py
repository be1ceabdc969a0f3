"""Records are sealed with a secret of the archive: their hashes tell nothing about hidden names,
and the only index in the names' order is closed to whoever cannot read the names.
"""

import re

from alembic import op
from sqlalchemy import Column, Connection, MetaData, Table, Text, bindparam, select, text, update

from storage.database.columns import Key
from storage.database.seals import SEALS, seal, secret_of

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CHUNK = 2_000
SEALED = ("article_versions", "comment_versions", "removed_blocks")
INDEXES = (
    "DROP INDEX ix_comments_author",
    "CREATE INDEX ix_comments_author ON comments (author, article_id, date_created) "
    "WHERE author IS NOT NULL",
    "DROP INDEX ix_comments_date_created",
    "CREATE INDEX ix_comments_date_created ON comments (date_created, text_hash)",
    "DROP INDEX ix_comments_text_hash",
    "CREATE INDEX ix_comments_text_hash ON comments (text_hash)",
)
comments = Table(
    "comments",
    MetaData(),
    Column("id", Key, primary_key=True),
    Column("identity", Text),
    Column("author", Text),
)
_ORDINAL = re.compile(r"#\d+\Z")


def upgrade() -> None:
    """Add the columns and make the indexes over names anew; records are sealed when all steps are
    done (storage/database/seals.py).
    """
    connection = op.get_bind()
    op.add_column("articles", Column("thread_hash", Text))
    for table in SEALED:
        op.add_column(table, Column("record_hash", Text))
    for statement in INDEXES:
        op.execute(text(statement))
    op.execute(text("UPDATE articles SET record_hash = ''"))
    op.execute(text("UPDATE comments SET record_hash = ''"))
    _seal_identities(connection, secret_of(connection, SEALS))


def _seal_identities(connection: Connection, secret: bytes) -> None:
    """The key of a comment without an id of the site's was its author's name and its date."""
    last = 0
    statement = update(comments).where(comments.c.id == bindparam("key"))
    columns = (comments.c.id, comments.c.identity, comments.c.author)
    query = select(*columns).order_by(comments.c.id).limit(CHUNK)
    while rows := connection.execute(query.where(comments.c.id > last)).all():
        fresh = [
            {"key": row.id, "sealed": _sealed(secret, row.identity, row.author or "")}
            for row in rows
            if row.identity.startswith("by:")
        ]
        if fresh:
            connection.execute(statement.values(identity=bindparam("sealed")), fresh)
        last = rows[-1].id


def _sealed(secret: bytes, identity: str, author: str) -> str:
    rest = identity.removeprefix("by:")
    named = rest.startswith(f"{author}|")
    when = rest[len(author) + 1 :] if named else rest.partition("|")[2]
    who = author if named else rest.partition("|")[0]
    ordinal = _ORDINAL.search(when)
    ending = ordinal[0] if ordinal else ""
    return f"by:{seal(secret, [who, when.removesuffix(ending)])}{ending}"
