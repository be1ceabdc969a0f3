"""The tables of what is kept: articles, comments, their versions; docs/archive.md lists them in
plain words.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    func,
    literal_column,
)
from sqlalchemy.types import JSON

from storage.database.columns import (
    Key,
    Moment,
    declared,
    key,
    metadata,
    own,
    partial_index,
    record_columns,
    reference,
    year_index,
)
from storage.records import Article, Author, Comment, Field, Link, Meaning, RemovedBlock

articles = Table(
    "articles",
    metadata,
    key("article"),
    Column("page_id", Key, ForeignKey("pages.id"), nullable=False, unique=True),
    *record_columns(Article),
    own("comments_captured", "integer", "how many comments of it are in the archive"),
    own("word_count", "integer", "how many words its text has", "wordCount"),
    own("extractor_version", "text", "version of Knipsel that read the page"),
    own("content_hash", "text", "hash of headline and text"),
    own("record_hash", "text", "seal of what was read"),
    own("first_seen", "moment", "when the archive first read it, in UTC"),
    own("last_seen", "moment", "when the archive last read it, in UTC"),
    declared(Field("gone_at", "moment", "since when it is gone from its site, in UTC")),
    declared(Field("thread_hash", "text", "seal of its thread: which comments it ever had")),
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
        *("comments_declared", "comments_captured", "comments_gap_reason", "word_count"),
    ),
)
# Why comments are missing; NULL also where more were read than the site declares: none is.
missing_reason = func.nullif(articles.c.comments_gap_reason, literal_column("'surplus'"))

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
    Column("record_hash", Text),
    Index("ix_article_versions_article_id", "article_id"),
    year_index("ix_article_versions_replaced_at", "replaced_at"),
)

authors = Table(
    "authors",
    metadata,
    key(),
    reference("article_id", "articles"),
    own("position", "integer", "place in the page's order, from 0"),
    *record_columns(Author),
    UniqueConstraint("article_id", "position"),
    Index("ix_authors_name", "name", "role", "organisation"),
)

keywords = Table(
    "keywords",
    metadata,
    key(),
    reference("article_id", "articles"),
    own("position", "integer", "place in the page's order, from 0"),
    own("keyword", "text", "the keyword as the page prints it", "keywords"),
    UniqueConstraint("article_id", "position"),
    Index("ix_keywords_keyword", "keyword"),
)

removed_blocks = Table(
    "removed_blocks",
    metadata,
    key(),
    reference("article_id", "articles"),
    own("position", "integer", "place in the page's order, from 0"),
    *record_columns(RemovedBlock),
    declared(Field("record_hash", "text", "seal of what was cut")),
    UniqueConstraint("article_id", "position"),
)

comments = Table(
    "comments",
    metadata,
    key("comment"),
    reference(
        "article_id", "articles", meaning=Meaning("the archive's key of the article", "about")
    ),
    declared(
        Field(
            "identity",
            "text",
            "by what it is known again: the site's id, else author and date",
            personal=True,
            is_required=True,
        )
    ),
    reference(
        "parent_id",
        "comments",
        nullable=True,
        meaning=Meaning("key of the comment that it answers", "parentItem"),
    ),
    own("position", "integer", "place in the thread as the site shows it, from 0"),
    own("depth", "integer", "its depth: 0 answers the article"),
    *record_columns(Comment),
    own("record_hash", "text", "seal of what was read"),
    own("first_seen", "moment", "when the archive first read it, in UTC"),
    own("last_seen", "moment", "when the archive last read it, in UTC"),
    declared(Field("gone_at", "moment", "when it was first missing from its thread, in UTC")),
    declared(Field("text_hash", "text", "hash of its words: equal for equal comments")),
    UniqueConstraint("article_id", "identity"),
    # No other index knows names: one that does gives away their order, also where names are hidden.
    # This one is no way to any row for whoever cannot read the column.
    partial_index("ix_comments_author", "author", "article_id", "date_created"),
    # Only replies: an index of all the others would be taken for the way to one article's first
    # comments.
    partial_index("ix_comments_parent_id", "parent_id"),
    Index("ix_comments_date_created", "date_created", "text_hash"),
    Index("ix_comments_text_hash", "text_hash"),
    partial_index("ix_comments_gone_at", "gone_at"),
    year_index("ix_comments_first_seen", "first_seen"),
)

links = Table(
    "links",
    metadata,
    key(),
    reference("article_id", "articles"),
    reference(
        "comment_id",
        "comments",
        nullable=True,
        meaning=Meaning("key of the comment in which it is; empty in the article's text"),
    ),
    own("position", "integer", "place in its text, from 0"),
    *record_columns(Link),
    declared(Field("record_hash", "text", "seal of the link")),
    Index("ix_links_article_id", "article_id"),
    partial_index("ix_links_comment_id", "comment_id"),
    Index("ix_links_domain", "domain"),
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
    Column("record_hash", Text),
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

erasure_orders = Table(
    "erasure_orders",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=True),
    Column("state", Text, nullable=False),
    Column("request", JSON(none_as_null=True)),
    Column("left_over", JSON(none_as_null=True)),
    Column("ordered_at", Moment, nullable=False),
    Column("finished_at", Moment),
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
