"""The tables of the crawl: sites, their origins and pages (the frontier), runs, every fetch, what
was learned of a site.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    Table,
    Text,
    false,
    text,
)
from sqlalchemy.types import JSON

from storage.database.columns import (
    Key,
    Moment,
    key,
    metadata,
    partial_index,
    reference,
    year_index,
)

ZERO = text("0")
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a site that never ran was due
A_NIGHT_SECONDS = (
    72_000  # 20 hours: a nightly timer that starts a little early still finds its site due
)

sites = Table(
    "sites",
    metadata,
    key(),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("pages", Integer, nullable=False, default=0),
    Column("first_seen", Moment, nullable=False),
    Column("paused_at", Moment),
    Column(
        "every_seconds",
        Integer,
        nullable=False,
        default=A_NIGHT_SECONDS,
        server_default=text(str(A_NIGHT_SECONDS)),
    ),
    Column("hours", Text),
    Column("render", Boolean, nullable=False, default=False, server_default=false()),
    Column("locked_by", Text),
    Column("locked_until", Moment),
    Column("lock_token", Integer, nullable=False, default=0, server_default=ZERO),
    Column(
        "due_at",
        Moment,
        nullable=False,
        default=NEVER,
        server_default=text("'1970-01-01 00:00:00+00:00'"),
    ),
    Column("lastmod_right", Integer, nullable=False, default=0, server_default=ZERO),
    Column("lastmod_wrong", Integer, nullable=False, default=0, server_default=ZERO),
    Index("ix_sites_due_at", "due_at", "id"),
    partial_index("ix_sites_hours", "hours"),
)

origins = Table(
    "origins",
    metadata,
    key(),
    Column("origin", Text, nullable=False, unique=True),
    Column("robots_status", Integer),
    Column("robots_body", Text),
    Column("robots_at", Moment),
    Column("tdm_rules", JSON(none_as_null=True)),
    Column("tdm_at", Moment),
    Column("closed_until", Moment),
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
    Column("lease_token", Integer, nullable=False, default=0, server_default=ZERO),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("redirects_to", Text),
    Column("first_seen", Moment, nullable=False),
    Column("last_visit", Moment),
    Column("last_full_visit", Moment),
    Column("last_news", Moment),
    Column("last_comment", Moment),
    Column("comments_listed", Integer),
    Column("listed_in", Key),
    Column("hint", Text),
    Column("variant", Text),
    Index("ix_pages_frontier", "site_id", "state", "priority", "id"),
    Index("ix_pages_due", "site_id", "state", "next_visit"),
    partial_index("ix_pages_leases", "lease_until"),
    partial_index("ix_pages_redirects_to", "redirects_to"),
    Index("ix_pages_variant", "variant"),
    partial_index("ix_pages_listed_in", "listed_in"),
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
    Column("tdm_policy", Text),
    Column("tdm_source", Text),
    Column("robots_tag", Text),
    Column("warc_file", Text),
    Column("warc_offset", BigInteger),
    Column("warc_length", BigInteger),
    Column("warc_record_id", Text),
    Index("ix_fetches_page_id", "page_id"),
    Index("ix_fetches_run_id", "run_id"),
    Index("ix_fetches_digest", "digest"),
    year_index("ix_fetches_fetched_at", "fetched_at"),
)

stored_warcs = Table(
    "stored_warcs",
    metadata,
    Column("name", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("stored_at", Moment, nullable=False),
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
