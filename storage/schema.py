"""The archive's tables, as SQLAlchemy Core sees them; docs/archive.md tells them in plain words."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.types import JSON

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC: timestamptz on PostgreSQL, ISO text with +00:00 on SQLite. Naive moments are refused."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Choose the column type of the database."""
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Return what the database stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone is not stored.")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.isoformat(sep=" ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Return the moment that was stored, in UTC."""
        if value is None or isinstance(value, datetime):
            return value.astimezone(UTC) if value else None
        return datetime.fromisoformat(value)


_Id = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[Any]:
    return Column("id", _Id, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, _Id, ForeignKey(f"{target}.id"), nullable=nullable)


def _dates(name: str) -> tuple[Column[Any], ...]:
    """Return a parsed date's columns: the moment in UTC, its offset there and then, its text, precision and source."""
    return (
        Column(name, Moment),
        Column(f"{name}_offset", Integer),
        Column(f"{name}_raw", Text),
        Column(f"{name}_precision", Text),
        Column(f"{name}_source", Text),
    )


sites = Table(
    "sites",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("pages", Integer, nullable=False, default=0),
    Column("first_seen", Moment, nullable=False),
)

pages = Table(
    "pages",
    metadata,
    _id(),
    _ref("site_id", "sites"),
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

runs = Table(
    "runs",
    metadata,
    _id(),
    _ref("site_id", "sites"),
    Column("arguments", JSON(none_as_null=True), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("counters", JSON(none_as_null=True)),
    Column("verdict", Text),
    Column("reasons", JSON(none_as_null=True)),
    Index("ix_runs_site_id", "site_id"),
)

fetches = Table(
    "fetches",
    metadata,
    _id(),
    _ref("run_id", "runs"),
    _ref("page_id", "pages", nullable=True),
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

articles = Table(
    "articles",
    metadata,
    _id(),
    Column("page_id", _Id, ForeignKey("pages.id"), nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("canonical_url", Text),
    Column("headline", Text, nullable=False),
    Column("description", Text),
    Column("article_body", Text, nullable=False),
    Column("article_section", Text),
    Column("in_language", Text),
    *_dates("date_published"),
    *_dates("date_modified"),
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

article_versions = Table(
    "article_versions",
    metadata,
    _id(),
    _ref("article_id", "articles"),
    _ref("run_id", "runs"),
    Column("headline", Text, nullable=False),
    Column("article_body", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("extractor_version", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Index("ix_article_versions_article_id", "article_id"),
)

authors = Table(
    "authors",
    metadata,
    _id(),
    _ref("article_id", "articles"),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text),
    Column("organisation", Text),
    Column("url", Text),
    UniqueConstraint("article_id", "position"),
    Index("ix_authors_name", "name"),
)

keywords = Table(
    "keywords",
    metadata,
    _id(),
    _ref("article_id", "articles"),
    Column("position", Integer, nullable=False),
    Column("keyword", Text, nullable=False),
    UniqueConstraint("article_id", "position"),
    Index("ix_keywords_keyword", "keyword"),
)

removed_blocks = Table(
    "removed_blocks",
    metadata,
    _id(),
    _ref("article_id", "articles"),
    Column("position", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("article_id", "position"),
)

comments = Table(
    "comments",
    metadata,
    _id(),
    _ref("article_id", "articles"),
    Column("identity", Text, nullable=False),
    Column("source_id", Text),
    Column("url", Text),
    _ref("parent_id", "comments", nullable=True),
    Column("parent_source_id", Text),
    Column("parent_how", Text),
    Column("position", Integer, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("author", Text),
    Column("author_url", Text),
    Column("author_is_staff", Boolean, nullable=False),
    *_dates("date_created"),
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

comment_versions = Table(
    "comment_versions",
    metadata,
    _id(),
    _ref("comment_id", "comments"),
    _ref("run_id", "runs"),
    Column("text", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Index("ix_comment_versions_comment_id", "comment_id"),
)

profiles = Table(
    "profiles",
    metadata,
    _id(),
    _ref("site_id", "sites"),
    Column("profile", JSON(none_as_null=True), nullable=False),
    Column("learned_from", JSON(none_as_null=True)),
    Column("valid_from", Moment, nullable=False),
    Column("valid_until", Moment),
    Index("ix_profiles_site_id", "site_id"),
)

erasures = Table(
    "erasures",
    metadata,
    _id(),
    Column("kind", Text, nullable=False),
    Column("tombstone", Text, nullable=False),
    Column("erased_at", Moment, nullable=False),
    UniqueConstraint("kind", "tombstone"),
)
