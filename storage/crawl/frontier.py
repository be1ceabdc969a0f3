"""The frontier: pages to visit as rows that are leased, finished or given back; several workers
share it.

States: "queued" (to be visited), "leased", "retry" (waits for ``next_visit``), and the settled ones
"done", "refused", "gone", "redirect" and "failed", which are looked at again when ``next_visit``
has come.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    case,
    func,
    or_,
    select,
    text,
    update,
)

from storage.database import pages
from storage.records import Lease

SETTLED = ("done", "refused", "gone", "redirect", "failed")
WAITING = ("queued", "retry")
AGAIN = 60  # the priority of a page whose time has come again: after everything new
# of a page that a list calls changed: after what the site lists as new, before what is only linked
HINTED = 15
CHUNK = 500
# No lock or lease lasts longer, and no page rests longer after a failure: what ends later was set
# by a clock that was wrong.
LONGEST_HOLD, LONGEST_REST = timedelta(days=1), timedelta(days=8)

_LEASED = tuple(
    pages.c[name]
    for name in (
        "id", "url", "kind", "depth", "attempts", "lease_token", "feed_published", "etag",
        "last_modified", "last_full_visit",
        "hint", "priority",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseOrder:
    """Who wants how many pages, at which moment, for how long."""

    worker: str
    count: int
    now: datetime
    lease_seconds: int


def lease(connection: Connection, site_id: int, order: LeaseOrder) -> tuple[Lease, ...]:
    """Lease pages that wait, those of lower priority first; when too few do, those in back-off and
    of expired leases in time.
    """
    if connection.dialect.name == "postgresql":
        # A lease that a crash of the server forgets is only a page that is queued again: no need to
        # wait for the disk.
        connection.execute(text("SET LOCAL synchronous_commit = off"))
    leases = _take(connection, site_id, order, order.count)
    if len(leases) < order.count and _wake(connection, site_id, order.now):
        leases += _take(connection, site_id, order, order.count - len(leases))
    return leases


def _take(connection: Connection, site_id: int, order: LeaseOrder, count: int) -> tuple[Lease, ...]:
    chosen = (
        select(pages.c.id)
        .where(pages.c.site_id == site_id, pages.c.state == "queued")
        .order_by(pages.c.priority, pages.c.id)
        .limit(count)
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    taken = {
        "state": "leased",
        "lease_until": order.now + timedelta(seconds=order.lease_seconds),
        "leased_by": order.worker,
        "lease_token": pages.c.lease_token + 1,
    }
    statement = (
        update(pages).where(pages.c.id.in_(select(chosen.c.id))).values(taken).returning(*_LEASED)
    )
    rows = sorted(connection.execute(statement), key=lambda row: (row.priority, row.id))
    return tuple(_lease_of(row) for row in rows)


def is_over(moment: ColumnElement[Any], now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """Return the condition that *moment* has passed, or lies further ahead than it can have been
    set: the clock was set back since.
    """
    return or_(moment < now, moment > now + longest)


def _wake(connection: Connection, site_id: int, now: datetime) -> int:
    free: dict[str, Any] = {"state": "queued", "lease_until": None, "leased_by": None}
    here = pages.c.site_id == site_id
    expired = (here, pages.c.state == "leased", is_over(pages.c.lease_until, now, LONGEST_HOLD))
    woken = connection.execute(update(pages).where(*expired).values(free)).rowcount
    rested = (here, pages.c.state == "retry", is_over(pages.c.next_visit, now, LONGEST_REST))
    return woken + connection.execute(update(pages).where(*rested).values(state="queued")).rowcount


def _lease_of(row: Any) -> Lease:
    return Lease(
        page_id=row.id,
        url=row.url,
        kind=row.kind,
        depth=row.depth,
        attempts=row.attempts,
        token=row.lease_token,
        feed_published=row.feed_published,
        etag=row.etag,
        last_modified=row.last_modified,
        last_full_visit=row.last_full_visit,
        hint=row.hint,
    )


def next_retry(connection: Connection, site_id: int) -> datetime | None:
    """Return the moment at which the first page in back-off may be tried again, None when
    none is.
    """
    waiting = select(func.min(pages.c.next_visit)).where(
        pages.c.site_id == site_id, pages.c.state == "retry"
    )
    moment: datetime | None = connection.execute(waiting).scalar_one()
    return moment


def put_back(connection: Connection, site_id: int, worker: str | None = None) -> int:
    """Give back the leased pages of a site, all or those of one worker, and return how many there
    were.
    """
    held = [pages.c.site_id == site_id, pages.c.state == "leased"]
    held += [pages.c.leased_by == worker] if worker is not None else []
    free = update(pages).where(*held).values(state="queued", lease_until=None, leased_by=None)
    return connection.execute(free).rowcount


def queue_due(connection: Connection, site_id: int, now: datetime) -> int:
    """Queue the settled pages of a site whose time has come, and the places where it lists what is
    new; return how many.
    """
    due = 0
    for state in SETTLED:  # one after the other, so that each is a range of the index
        its_time = or_(pages.c.next_visit.is_(None), pages.c.next_visit <= now)
        due += _queue(connection, pages.c.site_id == site_id, pages.c.state == state, its_time)
    entries = (pages.c.found_how.in_(("start", "robots")), pages.c.state.in_(("done", "refused")))
    return due + _queue(connection, pages.c.site_id == site_id, *entries)


def queue_all(connection: Connection, site_id: int) -> int:
    """Queue every settled page of a site for a full look and return how many there are."""
    return _queue(
        connection, pages.c.site_id == site_id, pages.c.state.in_(SETTLED), hint="refresh"
    )


def queue_pages(connection: Connection, page_ids: Sequence[int], hint: str) -> int:
    """Queue settled pages because of a *hint* and return how many there were."""
    queued = 0
    for start in range(0, len(page_ids), CHUNK):
        chosen = pages.c.id.in_(page_ids[start : start + CHUNK])
        queued += _queue(connection, chosen, pages.c.state.in_(SETTLED), hint=hint)
    return queued


def queue_unlisted(connection: Connection, page_ids: Sequence[int]) -> int:
    """Queue pages that no list names any more, once: from then on no list is theirs. Return how
    many there were.
    """
    for start in range(0, len(page_ids), CHUNK):
        chosen = pages.c.id.in_(page_ids[start : start + CHUNK])
        connection.execute(update(pages).where(chosen).values(listed_in=None))
    return queue_pages(connection, page_ids, "unlisted")


def _queue(connection: Connection, *where: Any, hint: str | None = None) -> int:
    again = AGAIN if hint in {None, "refresh"} else HINTED
    is_list = or_(pages.c.kind != "page", pages.c.found_how == "start")
    values = {
        "state": "queued",
        "hint": hint,
        "priority": case((is_list, pages.c.priority), else_=again),
    }
    return connection.execute(update(pages).where(*where).values(values)).rowcount


def has_lists(connection: Connection, site_id: int) -> bool:
    """Return whether a site has sitemaps, feeds or other lists that were read."""
    found = select(pages.c.id).where(
        pages.c.site_id == site_id, pages.c.kind != "page", pages.c.outcome == pages.c.kind
    )
    return connection.execute(found.limit(1)).first() is not None


def queue_outcomes(connection: Connection, site_id: int, outcomes: Sequence[str]) -> int:
    """Queue the settled pages of a site that ended with one of *outcomes* and return how many there
    are.
    """
    return _queue(
        connection,
        pages.c.site_id == site_id,
        pages.c.state.in_(SETTLED),
        pages.c.outcome.in_(outcomes),
    )


def missing_from(connection: Connection, list_id: int, listed: Iterable[str]) -> dict[str, int]:
    """Return the pages (address -> key) that the list *list_id* named before and that are not among
    *listed*.
    """
    known = select(pages.c.url, pages.c.id).where(
        pages.c.listed_in == list_id, pages.c.state == "done"
    )
    named = set(listed)
    return {row.url: row.id for row in connection.execute(known) if row.url not in named}


@dataclass(frozen=True, slots=True)
class PutAside:
    """A page that failed too often to be tried tonight, and why."""

    url: str
    outcome: str
    detail: str | None
    attempts: int


def put_aside(
    connection: Connection, site_id: int | None = None, limit: int = 20
) -> tuple[PutAside, ...]:
    """Return the pages that were put aside, the newest first."""
    columns = (pages.c.url, pages.c.outcome, pages.c.detail, pages.c.attempts)
    query = (
        select(*columns)
        .where(pages.c.state == "failed")
        .order_by(pages.c.last_visit.desc())
        .limit(limit)
    )
    if site_id is not None:
        query = query.where(pages.c.site_id == site_id)
    return tuple(PutAside(*row) for row in connection.execute(query))
