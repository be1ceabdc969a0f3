"""The tables of what is kept: articles, comments, their versions; docs/archive.md tells them in
plain words.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import JSON

from storage.database.columns import (
    Key,
    Moment,
    date_columns,
    key,
    metadata,
    partial_index,
    reference,
    year_index,
)

articles = Table(
    "articles",
    metadata,
    key(),
    Column("page_id", Key, ForeignKey("pages.id"), nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("canonical_url", Text),
    Column("headline", Text, nullable=False),
    Column("description", Text),
    Column("article_body", Text, nullable=False),
    Column("article_section", Text),
    Column("in_language", Text),
    *date_columns("date_published"),
    *date_columns("date_modified"),
    Column("date_conflict", Text),
    Column("access", Text, nullable=False),
    Column("comments_declared", Integer),
    Column("comments_captured", Integer, nullable=False),
    Column("comments_gap_reason", Text),
    Column("comment_order", Text),
    Column("comment_system", Text),
    Column("method", Text),
    Column("field_methods", JSON(none_as_null=True)),
    Column("extractor_version", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("record_hash", Text, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("gone_at", Moment),
    # Nullable only because SQLite adds no required reference to a table that has rows; every
    # article has a site.
    reference("site_id", "sites", nullable=True),
    Index("ix_articles_date_published", "date_published"),
    Index("ix_articles_url", "url"),
    partial_index("ix_articles_comments_gap_reason", "comments_gap_reason"),
    # All that coverage counts, so that a million long texts are not read to count them.
    Index(
        "ix_articles_coverage",
        *("site_id", "date_published", "date_published_precision", "access"),
        *("comments_declared", "comments_captured", "comments_gap_reason"),
    ),
)

article_versions = Table(
    "article_versions",
    metadata,
    key(),
    reference("article_id", "articles"),
    reference("run_id", "runs"),
    Column("headline", Text, nullable=False),
    Column("article_body", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("extractor_version", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("replaced_at", Moment, nullable=False),
    Index("ix_article_versions_article_id", "article_id"),
    year_index("ix_article_versions_replaced_at", "replaced_at"),
)

authors = Table(
    "authors",
    metadata,
    key(),
    reference("article_id", "articles"),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text),
    Column("organisation", Text),
    Column("url", Text),
    UniqueConstraint("article_id", "position"),
    Index("ix_authors_name", "name", "role", "organisation"),
)

keywords = Table(
    "keywords",
    metadata,
    key(),
    reference("article_id", "articles"),
    Column("position", Integer, nullable=False),
    Column("keyword", Text, nullable=False),
    UniqueConstraint("article_id", "position"),
    Index("ix_keywords_keyword", "keyword"),
)

removed_blocks = Table(
    "removed_blocks",
    metadata,
    key(),
    reference("article_id", "articles"),
    Column("position", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("article_id", "position"),
)

comments = Table(
    "comments",
    metadata,
    key(),
    reference("article_id", "articles"),
    Column("identity", Text, nullable=False),
    Column("source_id", Text),
    Column("url", Text),
    reference("parent_id", "comments", nullable=True),
    Column("parent_source_id", Text),
    Column("parent_how", Text),
    Column("position", Integer, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("author", Text),
    Column("author_url", Text),
    Column("author_is_staff", Boolean, nullable=False),
    *date_columns("date_created"),
    Column("text", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("upvotes", Integer),
    Column("downvotes", Integer),
    Column("method", Text),
    Column("record_hash", Text, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("gone_at", Moment),
    Column("text_hash", Text),
    UniqueConstraint("article_id", "identity"),
    Index("ix_comments_author", "author", "article_id", "date_created"),
    # Only replies: an index of all the others would be taken for the way to one article's first
    # comments.
    partial_index("ix_comments_parent_id", "parent_id"),
    Index("ix_comments_date_created", "date_created", "author", "text_hash"),
    Index("ix_comments_text_hash", "text_hash", "author"),
    partial_index("ix_comments_gone_at", "gone_at"),
    year_index("ix_comments_first_seen", "first_seen"),
)

comment_versions = Table(
    "comment_versions",
    metadata,
    key(),
    reference("comment_id", "comments"),
    reference("run_id", "runs"),
    Column("text", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("replaced_at", Moment, nullable=False),
    Index("ix_comment_versions_comment_id", "comment_id"),
)

erasures = Table(
    "erasures",
    metadata,
    key(),
    Column("kind", Text, nullable=False),
    Column("tombstone", Text, nullable=False),
    Column("erased_at", Moment, nullable=False),
    UniqueConstraint("kind", "tombstone"),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("article_id", Key, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Column("content_hash", Text, nullable=False),
    Column("text_hash", Text, nullable=False),
    Column("signature", LargeBinary),
    Index("ix_fingerprints_text_hash", "text_hash"),
)

fingerprint_bands = Table(
    "fingerprint_bands",
    metadata,
    Column("band_hash", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", Key, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Index("ix_fingerprint_bands_article_id", "article_id"),
)

same_as = Table(
    "same_as",
    metadata,
    Column("article_id", Key, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Column("same_as_id", Key, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Column("how", Text, nullable=False),
    Column("similarity", Float, nullable=False),
    Index("ix_same_as_same_as_id", "same_as_id"),
)
