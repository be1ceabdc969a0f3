"""The first archive: its tables as they were then, frozen; only their building blocks are shared
with today's.
"""

from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import JSON

from storage.database.columns import Key, Moment, key, metadata, reference

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

first = MetaData(naming_convention=metadata.naming_convention)


def date_columns(name: str) -> tuple[Column[Any], ...]:
    """Return a parsed date's columns."""
    return (
        Column(name, Moment),
        Column(f"{name}_offset", Integer),
        Column(f"{name}_raw", Text),
        Column(f"{name}_precision", Text),
        Column(f"{name}_source", Text),
    )


Table(
    "sites",
    first,
    key(),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("pages", Integer, nullable=False, default=0),
    Column("first_seen", Moment, nullable=False),
)

Table(
    "pages",
    first,
    key(),
    reference("site_id", "sites"),
    Column("url", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("detail", Text),
    Column("found_how", Text, nullable=False),
    Column("found_on", Text),
    Column("priority", Integer, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("lastmod", Moment),
    Column("feed_published", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Column("visits", Integer, nullable=False, default=0),
    Column("next_visit", Moment),
    Column("lease_until", Moment),
    Column("leased_by", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("redirects_to", Text),
    Column("first_seen", Moment, nullable=False),
    Column("last_visit", Moment),
    Index("ix_pages_frontier", "site_id", "state", "visits", "priority", "id"),
    Index("ix_pages_leases", "lease_until"),
)

Table(
    "runs",
    first,
    key(),
    reference("site_id", "sites"),
    Column("arguments", JSON(none_as_null=True), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("counters", JSON(none_as_null=True)),
    Column("verdict", Text),
    Column("reasons", JSON(none_as_null=True)),
    Index("ix_runs_site_id", "site_id"),
)

Table(
    "fetches",
    first,
    key(),
    reference("run_id", "runs"),
    reference("page_id", "pages", nullable=True),
    Column("url", Text, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("detail", Text),
    Column("status", Integer),
    Column("content_type", Text),
    Column("charset", Text),
    Column("digest", Text),
    Column("elapsed_seconds", Float),
    Column("tdm_reservation", Text),
    Column("warc_file", Text),
    Column("warc_offset", BigInteger),
    Column("warc_length", BigInteger),
    Column("warc_record_id", Text),
    Index("ix_fetches_page_id", "page_id"),
    Index("ix_fetches_run_id", "run_id"),
    Index("ix_fetches_digest", "digest"),
)

Table(
    "profiles",
    first,
    key(),
    reference("site_id", "sites"),
    Column("profile", JSON(none_as_null=True), nullable=False),
    Column("learned_from", JSON(none_as_null=True)),
    Column("valid_from", Moment, nullable=False),
    Column("valid_until", Moment),
    Index("ix_profiles_site_id", "site_id"),
)


Table(
    "articles",
    first,
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
    Column("extractor_version", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("record_hash", Text, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("gone_at", Moment),
    Index("ix_articles_date_published", "date_published"),
)

Table(
    "article_versions",
    first,
    key(),
    reference("article_id", "articles"),
    reference("run_id", "runs"),
    Column("headline", Text, nullable=False),
    Column("article_body", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("extractor_version", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Index("ix_article_versions_article_id", "article_id"),
)

Table(
    "authors",
    first,
    key(),
    reference("article_id", "articles"),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text),
    Column("organisation", Text),
    Column("url", Text),
    UniqueConstraint("article_id", "position"),
    Index("ix_authors_name", "name"),
)

Table(
    "keywords",
    first,
    key(),
    reference("article_id", "articles"),
    Column("position", Integer, nullable=False),
    Column("keyword", Text, nullable=False),
    UniqueConstraint("article_id", "position"),
    Index("ix_keywords_keyword", "keyword"),
)

Table(
    "removed_blocks",
    first,
    key(),
    reference("article_id", "articles"),
    Column("position", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("article_id", "position"),
)

Table(
    "comments",
    first,
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
    UniqueConstraint("article_id", "identity"),
    Index("ix_comments_author", "author"),
    Index("ix_comments_parent_id", "parent_id"),
)

Table(
    "comment_versions",
    first,
    key(),
    reference("comment_id", "comments"),
    reference("run_id", "runs"),
    Column("text", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Index("ix_comment_versions_comment_id", "comment_id"),
)

Table(
    "erasures",
    first,
    key(),
    Column("kind", Text, nullable=False),
    Column("tombstone", Text, nullable=False),
    Column("erased_at", Moment, nullable=False),
    UniqueConstraint("kind", "tombstone"),
)


def upgrade() -> None:
    """Make the tables."""
    first.create_all(op.get_bind())
