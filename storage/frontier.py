"""The frontier: pages to visit as rows that are leased, finished or given back; several workers share it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from storage.crawl_schema import pages, sites
from storage.records import Candidate, Lease

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseOrder:
    """Who wants how many pages, at which moment, for how long."""

    worker: str
    count: int
    now: datetime
    lease_seconds: int


@dataclass(frozen=True, slots=True)
class Added:
    """How many candidates became new pages, and how many found no room under the site's cap."""

    new: int
    refused: int


def add_candidates(connection: Connection, site_id: int, candidates: Iterable[Candidate], now: datetime, *, cap: int) -> Added:
    """Make a row for each candidate that has none; known rows take over a better priority and newer dates."""
    wanted = {candidate.url: candidate for candidate in candidates}
    urls = list(wanted)
    known: dict[str, Any] = {}
    for start in range(0, len(urls), CHUNK):
        columns = (pages.c.id, pages.c.url, pages.c.priority, pages.c.lastmod, pages.c.feed_published)
        rows = connection.execute(select(*columns).where(pages.c.url.in_(urls[start : start + CHUNK])))
        known |= {row.url: row for row in rows}
    new = [candidate for url, candidate in wanted.items() if url not in known]
    room = max(0, cap - connection.execute(select(sites.c.pages).where(sites.c.id == site_id)).scalar_one())
    if new[:room]:
        connection.execute(insert(pages), [_row(site_id, candidate, now) for candidate in new[:room]])
        grown = sites.c.pages + len(new[:room])
        connection.execute(update(sites).where(sites.c.id == site_id).values(pages=grown))
    _improve(connection, [(row, wanted[url]) for url, row in known.items()])
    return Added(len(new[:room]), len(new[room:]))


def _row(site_id: int, candidate: Candidate, now: datetime) -> dict[str, Any]:
    return {
        "site_id": site_id,
        "url": candidate.url,
        "kind": candidate.kind,
        "state": "queued",
        "found_how": candidate.found_how,
        "found_on": candidate.found_on,
        "priority": candidate.priority,
        "depth": candidate.depth,
        "lastmod": candidate.lastmod,
        "feed_published": candidate.feed_published,
        "first_seen": now,
    }


def _improve(connection: Connection, pairs: Sequence[tuple[Any, Candidate]]) -> None:
    better = [
        {
            "key": row.id,
            "priority": min(row.priority, candidate.priority),
            "lastmod": candidate.lastmod or row.lastmod,
            "feed_published": candidate.feed_published or row.feed_published,
        }
        for row, candidate in pairs
        if candidate.priority < row.priority
        or (candidate.lastmod and candidate.lastmod != row.lastmod)
        or (candidate.feed_published and candidate.feed_published != row.feed_published)
    ]
    if better:
        statement = update(pages).where(pages.c.id == bindparam("key"))
        connection.execute(
            statement.values(
                priority=bindparam("priority"), lastmod=bindparam("lastmod"), feed_published=bindparam("feed_published")
            ),
            better,
        )


def lease(connection: Connection, site_id: int, order: LeaseOrder) -> tuple[Lease, ...]:
    """Lease pages that are due: never visited ones first, then by priority; expired leases are due again."""
    connection.execute(
        update(pages)
        .where(pages.c.lease_until < order.now, pages.c.state == "leased", pages.c.site_id == site_id)
        .values(state="queued", lease_until=None, leased_by=None)
    )
    due = (
        select(pages)
        .where(
            pages.c.site_id == site_id,
            pages.c.state == "queued",
            or_(pages.c.next_visit.is_(None), pages.c.next_visit <= order.now),
        )
        .order_by(pages.c.visits, pages.c.priority, pages.c.id)
        .limit(order.count)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(due).all()
    if not rows:
        return ()
    until = order.now + timedelta(seconds=order.lease_seconds)
    connection.execute(
        update(pages)
        .where(pages.c.id.in_([row.id for row in rows]))
        .values(state="leased", lease_until=until, leased_by=order.worker)
    )
    return tuple(
        Lease(
            page_id=row.id,
            url=row.url,
            kind=row.kind,
            depth=row.depth,
            attempts=row.attempts,
            feed_published=row.feed_published,
        )
        for row in rows
    )


def next_due(connection: Connection, site_id: int) -> datetime | None:
    """Return the moment at which the next waiting page of a site is due, None when none waits."""
    waiting = select(func.min(pages.c.next_visit)).where(pages.c.site_id == site_id, pages.c.state == "queued")
    moment: datetime | None = connection.execute(waiting).scalar_one()
    return moment


def put_back(connection: Connection, worker: str) -> int:
    """Give back every page that *worker* still holds and return how many there were."""
    held = update(pages).where(pages.c.leased_by == worker, pages.c.state == "leased")
    return connection.execute(held.values(state="queued", lease_until=None, leased_by=None)).rowcount


def lease_holders(connection: Connection, site_id: int) -> tuple[str, ...]:
    """Return the workers that hold pages of a site."""
    query = select(pages.c.leased_by).where(pages.c.site_id == site_id, pages.c.state == "leased").distinct()
    return tuple(row.leased_by for row in connection.execute(query))


def requeue_site(connection: Connection, site_id: int) -> int:
    """Make every page of a site that was visited due again and return how many there are."""
    settled = pages.c.state.not_in(("queued", "leased"))
    statement = update(pages).where(pages.c.site_id == site_id, settled)
    return connection.execute(statement.values(state="queued", attempts=0, next_visit=None)).rowcount


def count_states(connection: Connection, site_id: int) -> dict[str, int]:
    """Return how many pages of a site are in each state."""
    query = select(pages.c.state, func.count()).where(pages.c.site_id == site_id).group_by(pages.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}
