"""Articles state how many words their texts have, and views need no tables beside them."""

from alembic import op
from sqlalchemy import Column, Integer, MetaData, Table, Text, bindparam, select, update

from storage.database.columns import Key

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CHUNK = 2_000
articles = Table(
    "articles",
    MetaData(),
    Column("id", Key, primary_key=True),
    Column("article_body", Text),
    Column("word_count", Integer),
)


def upgrade() -> None:
    """Add the column and count."""
    connection = op.get_bind()
    op.add_column("articles", Column("word_count", Integer, nullable=False, server_default="0"))
    query = select(articles.c.id, articles.c.article_body).order_by(articles.c.id).limit(CHUNK)
    counted = update(articles).where(articles.c.id == bindparam("key"))
    last = 0
    while rows := connection.execute(query.where(articles.c.id > last)).all():
        counts = [{"key": row.id, "words": len(row.article_body.split())} for row in rows]
        connection.execute(counted.values(word_count=bindparam("words")), counts)
        last = rows[-1].id
