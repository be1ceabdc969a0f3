"""The tables of the crawl: sites, their pages (the frontier), runs, every fetch, what was learned of a site."""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, Table, Text
from sqlalchemy.types import JSON

from storage.columns import Moment, key, metadata, reference

sites = Table(
    "sites",
    metadata,
    key(),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("pages", Integer, nullable=False, default=0),
    Column("first_seen", Moment, nullable=False),
)

pages = Table(
    "pages",
    metadata,
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
    Index("ix_pages_redirects_to", "redirects_to"),
)

runs = Table(
    "runs",
    metadata,
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

fetches = Table(
    "fetches",
    metadata,
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

profiles = Table(
    "profiles",
    metadata,
    key(),
    reference("site_id", "sites"),
    Column("profile", JSON(none_as_null=True), nullable=False),
    Column("learned_from", JSON(none_as_null=True)),
    Column("valid_from", Moment, nullable=False),
    Column("valid_until", Moment),
    Index("ix_profiles_site_id", "site_id"),
)
