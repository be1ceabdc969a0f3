"""Profiles as the archive keeps them: one row each, closed with a date when its template changed, never changed otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.crawl_schema import profiles

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
    return tuple(StoredProfile(row.id, row.profile, row.valid_from, row.valid_until) for row in connection.execute(query))


def add_profile(connection: Connection, site_id: int, data: Mapping[str, Any], valid_from: datetime) -> int:
    """Keep a new profile that holds from *valid_from* on, and return its key."""
    row = {
        "site_id": site_id,
        "profile": dict(data),
        "learned_from": list(data.get("learned_from", ())),
        "valid_from": valid_from,
    }
    return int(connection.execute(insert(profiles).values(row).returning(profiles.c.id)).scalar_one())


def close_profile(connection: Connection, profile_id: int, moment: datetime) -> None:
    """Note that a profile holds no longer from *moment* on."""
    connection.execute(update(profiles).where(profiles.c.id == profile_id).values(valid_until=moment))
