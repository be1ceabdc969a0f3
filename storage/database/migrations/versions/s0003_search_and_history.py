"""Full-text search, exact moments in the history, an article's site in its own row, and
near-duplicates.
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    select,
    text,
    update,
)

from storage.database.columns import Key, Moment, metadata
from storage.text_hash import hash_text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

VERSIONS = ("article_versions", "comment_versions")
CHUNK = 10_000

tables = MetaData(naming_convention=metadata.naming_convention)

Table("articles", tables, Column("id", Key, primary_key=True))
comments = Table(
    "comments",
    tables,
    Column("id", Key, primary_key=True),
    Column("text", Text),
    Column("text_hash", Text),
)
NEW = (
    Table(
        "secrets",
        tables,
        Column("name", Text, primary_key=True),
        Column("value", Text, nullable=False),
    ),
    Table(
        "fingerprints",
        tables,
        Column("article_id", Key, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
        Column("content_hash", Text, nullable=False),
        Column("text_hash", Text, nullable=False),
        Column("signature", LargeBinary),
        Index("ix_fingerprints_text_hash", "text_hash"),
    ),
    Table(
        "fingerprint_bands",
        tables,
        Column("band_hash", BigInteger, primary_key=True, autoincrement=False),
        Column("article_id", Key, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
        Index("ix_fingerprint_bands_article_id", "article_id"),
    ),
    Table(
        "same_as",
        tables,
        Column("article_id", Key, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
        Column("same_as_id", Key, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
        Column("how", Text, nullable=False),
        Column("similarity", Float, nullable=False),
        Index("ix_same_as_same_as_id", "same_as_id"),
    ),
)

INDEXES = (
    "CREATE INDEX ix_articles_url ON articles (url)",
    "CREATE INDEX ix_articles_coverage ON articles "
    "(site_id, date_published, date_published_precision, access, "
    "comments_declared, comments_captured, comments_gap_reason)",
    "DROP INDEX ix_comments_author",
    "CREATE INDEX ix_comments_author ON comments (author, article_id, date_created)",
    "CREATE INDEX ix_comments_date_created ON comments (date_created, author, text_hash)",
    "CREATE INDEX ix_comments_text_hash ON comments (text_hash, author)",
    "CREATE INDEX ix_comments_gone_at ON comments (gone_at) WHERE gone_at IS NOT NULL",
    "DROP INDEX ix_comments_parent_id",
    "CREATE INDEX ix_comments_parent_id ON comments (parent_id) WHERE parent_id IS NOT NULL",
    "CREATE INDEX ix_articles_comments_gap_reason ON articles "
    "(comments_gap_reason) WHERE comments_gap_reason IS NOT NULL",
    "DROP INDEX ix_authors_name",
    "CREATE INDEX ix_authors_name ON authors (name, role, organisation)",
)

SEARCH = {
    "sqlite": (
        "CREATE VIRTUAL TABLE article_search USING fts5(headline, article_body, "
        "content='articles', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 2')",
        "CREATE VIRTUAL TABLE comment_search USING fts5(text, content='comments', "
        "content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 2')",
        "INSERT INTO article_search (article_search) VALUES ('rebuild')",
        "INSERT INTO comment_search (comment_search) VALUES ('rebuild')",
    ),
    # A tsvector holds a megabyte at most: of a text that is longer than a book's part, the
    # beginning is searched.
    "postgresql": (
        "ALTER TABLE articles ADD COLUMN search tsvector GENERATED ALWAYS AS "
        "(setweight(to_tsvector('dutch', "
        "left(headline, 10000)), 'A') || to_tsvector('dutch', left(article_body, 250000))) STORED",
        "ALTER TABLE comments ADD COLUMN search tsvector GENERATED ALWAYS AS "
        "(to_tsvector('dutch', left(text, 250000))) STORED",
        "CREATE INDEX ix_articles_search ON articles USING gin (search)",
        "CREATE INDEX ix_comments_search ON comments USING gin (search)",
    ),
}


def upgrade() -> None:
    """Add columns, fill them from what is known, then the indexes over them."""
    connection = op.get_bind()
    tables.create_all(connection, tables=NEW, checkfirst=False)
    # Not op.add_column: it would make SQLite's reference a constraint apart, which SQLite cannot
    # add.
    key = "BIGINT" if connection.dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE articles ADD COLUMN site_id {key} CONSTRAINT fk_articles_site_id "
        "REFERENCES sites (id)"
    )
    op.execute(
        "UPDATE articles SET site_id = (SELECT site_id FROM pages WHERE pages.id = "
        "articles.page_id)"
    )
    op.add_column("comments", Column("text_hash", Text))
    _fill_text_hashes(connection)
    for table in VERSIONS:
        _add_replaced_at(table)
    for statement in (*INDEXES, *SEARCH[connection.dialect.name]):
        op.execute(text(statement))


def _fill_text_hashes(connection: Connection) -> None:
    last = 0
    statement = (
        update(comments)
        .where(comments.c.id == bindparam("key"))
        .values(text_hash=bindparam("hash"))
    )
    while True:
        query = (
            select(comments.c.id, comments.c.text)
            .where(comments.c.id > last)
            .order_by(comments.c.id)
            .limit(CHUNK)
        )
        rows = connection.execute(query).all()
        if not rows:
            return
        connection.execute(
            statement, [{"key": row.id, "hash": hash_text(row.text)} for row in rows]
        )
        last = rows[-1].id


def _add_replaced_at(table: str) -> None:
    """A version ended in the run that found the next one; when exactly was not kept, so its
    beginning stands for it.
    """
    op.add_column(table, Column("replaced_at", Moment))
    op.execute(
        f"UPDATE {table} SET replaced_at = "  # noqa: S608  # our own names
        f"(SELECT started_at FROM runs WHERE runs.id = {table}.run_id)"
    )
    with op.batch_alter_table(table) as batch:
        batch.alter_column("replaced_at", existing_type=Moment(), nullable=False)
