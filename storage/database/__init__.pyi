from . import crawl_schema, dictionary, schema
from .archive import Archive, ArchiveUnavailable, default_database
from .columns import metadata
from .crawl_schema import (
    A_NIGHT_SECONDS,
    NEVER,
    fetches,
    origins,
    pages,
    profiles,
    runs,
    sites,
    stored_warcs,
)
from .delete import chunks, delete_rows
from .retry import Patience, commit, retried
from .schema import (
    article_versions,
    articles,
    authors,
    comment_versions,
    comments,
    erasures,
    fingerprint_bands,
    fingerprints,
    keywords,
    removed_blocks,
    same_as,
    secrets,
)
from .upgrade import newest_revision

__all__ = [
    "A_NIGHT_SECONDS",
    "NEVER",
    "Archive",
    "ArchiveUnavailable",
    "Patience",
    "article_versions",
    "articles",
    "authors",
    "chunks",
    "comment_versions",
    "comments",
    "commit",
    "crawl_schema",
    "default_database",
    "delete_rows",
    "dictionary",
    "erasures",
    "fetches",
    "fingerprint_bands",
    "fingerprints",
    "keywords",
    "metadata",
    "newest_revision",
    "origins",
    "pages",
    "profiles",
    "removed_blocks",
    "retried",
    "runs",
    "same_as",
    "schema",
    "secrets",
    "sites",
    "stored_warcs",
]
