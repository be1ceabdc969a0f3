"""Profiles as the archive keeps them: one row each, closed with a date when its template changed,
never changed otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, null, select, update

from storage.database import articles, profiles

# The first profile of a site also reads what was captured before it was learned, as far as it fits.
BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """A profile's plain data with its key and the span of time in which it holds."""

    profile_id: int
    data: Mapping[str, Any]
    valid_from: datetime
    valid_until: datetime | None


def stored_profiles(connection: Connection, site_id: int) -> tuple[StoredProfile, ...]:
    """Return the profiles of a site, the newest last."""
    query = select(profiles).where(profiles.c.site_id == site_id).order_by(profiles.c.id)
    return tuple(
        StoredProfile(row.id, row.profile, row.valid_from, row.valid_until)
        for row in connection.execute(query)
    )


def open_profiles(connection: Connection, site_id: int) -> frozenset[int]:
    """Return the keys of a site's profiles that hold now."""
    known = stored_profiles(connection, site_id)
    return frozenset(one.profile_id for one in known if one.valid_until is None)


def add_profile(
    connection: Connection, site_id: int, data: Mapping[str, Any], valid_from: datetime
) -> int:
    """Keep a new profile that holds from *valid_from* on, and return its key."""
    row = {
        "site_id": site_id,
        "profile": dict(data),
        "learned_from": list(data.get("learned_from", ())),
        "valid_from": valid_from,
    }
    return int(
        connection.execute(insert(profiles).values(row).returning(profiles.c.id)).scalar_one()
    )


def close_profile(connection: Connection, profile_id: int, moment: datetime) -> None:
    """Note that a profile holds no longer from *moment* on."""
    connection.execute(
        update(profiles).where(profiles.c.id == profile_id).values(valid_until=moment)
    )


@dataclass(frozen=True, slots=True)
class ProfileReading:
    """How the fields of one article were read when it was last seen."""

    url: str
    seen_at: datetime
    methods: Mapping[str, str]


def last_readings(connection: Connection, site_id: int, most: int) -> list[ProfileReading]:
    """Return how the last *most* articles of a site that were read beside a profile were read, the
    newest last.
    """
    query = (
        select(articles.c.url, articles.c.last_seen, articles.c.field_methods)
        .where(articles.c.site_id == site_id, articles.c.field_methods.is_not(null()))
        .order_by(articles.c.last_seen.desc(), articles.c.id.desc())
    )
    rows = connection.execute(query.limit(most)).all()
    return [ProfileReading(row.url, row.last_seen, row.field_methods) for row in reversed(rows)]


def reading_of(connection: Connection, site_id: int, url: str) -> ProfileReading | None:
    """Return how the article at *url* was read at its last look, None where there was none."""
    query = select(articles.c.last_seen, articles.c.field_methods).where(
        articles.c.site_id == site_id, articles.c.url == url
    )
    row = connection.execute(query.limit(1)).one_or_none()
    return None if row is None else ProfileReading(url, row.last_seen, row.field_methods or {})


def unprofiled_pages(connection: Connection, site_id: int, most: int) -> list[int]:
    """Return the pages of the last *most* articles of a site that no profile fitted, the newest
    first.
    """
    query = (
        select(articles.c.page_id)
        .where(articles.c.site_id == site_id, articles.c.gone_at.is_(None))
        .where(articles.c.field_methods["template"].as_string().is_(None))
        .order_by(articles.c.last_seen.desc(), articles.c.id.desc())
    )
    return [int(key) for key in connection.execute(query.limit(most)).scalars()]
