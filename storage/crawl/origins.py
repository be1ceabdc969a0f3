"""What the archive knows of an origin (scheme, host, port): its robots.txt, its reservations, until
when it wants rest.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from storage.database import origins
from storage.storable import storable_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """*robots_status* is None when robots.txt gave no answer at *robots_at*; *tdm_rules* are those
    of tdmrep.json.
    """

    origin: str
    robots_status: int | None = None
    robots_body: str | None = None
    robots_at: datetime | None = None
    tdm_rules: tuple[Mapping[str, Any], ...] = ()
    tdm_at: datetime | None = None
    closed_until: datetime | None = None


def find_origin(connection: Connection, origin: str) -> Origin:
    """Return what is known of *origin*."""
    row = (
        connection.execute(select(origins).where(origins.c.origin == origin))
        .mappings()
        .one_or_none()
    )
    return Origin(origin=origin) if row is None else _origin(row)


def save_origin(connection: Connection, origin: Origin) -> None:
    """Keep what is known of an origin."""
    values = {**asdict(origin), "tdm_rules": [dict(rule) for rule in origin.tdm_rules]}
    values["robots_body"] = storable_text(origin.robots_body) if origin.robots_body else None
    found = update(origins).where(origins.c.origin == origin.origin).values(values)
    if connection.execute(found).rowcount == 0:
        connection.execute(insert(origins).values(values))


def known_origins(connection: Connection) -> tuple[Origin, ...]:
    """Return every origin that was asked for its robots.txt."""
    rows = connection.execute(select(origins).order_by(origins.c.origin)).mappings()
    return tuple(_origin(row) for row in rows)


def _origin(row: RowMapping) -> Origin:
    known = {name: value for name, value in row.items() if name != "id"}
    return Origin(**{**known, "tdm_rules": tuple(row["tdm_rules"] or ())})
