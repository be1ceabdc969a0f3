"""The sites of the archive: registered, paused, locked by the one run that is on them, due
or not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from storage.crawl.frontier import LONGEST_HOLD, is_over
from storage.database import (
    A_NIGHT_SECONDS,
    NEVER,
    ArchiveUnavailable,
    pages,
    runs,
    sites,
)
from storage.urls import site_of

LOOK_AT_ONCE = 50
_HELD = (  # built once: that costs as much as to run it
    select(sites.c.lock_token).where(sites.c.id == bindparam("key")).with_for_update(key_share=True)
)
# A process that was stopped inside a transaction keeps its rows from everybody; the server ends it
# after so long.
LONGEST_TRANSACTION_SILENCE = "60s"
_HELD_ON_A_SERVER = _HELD.add_columns(
    func.set_config("idle_in_transaction_session_timeout", LONGEST_TRANSACTION_SILENCE, True)
)


class SiteLost(ArchiveUnavailable):
    """Raised when a run writes about a site that another run has taken over; nothing is written."""


class UnknownSite(LookupError):
    """Raised when no site of the archive has that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One site as its row has it; *hours* is the nightly window ("22:00-06:00"), *every_seconds*
    the time between two runs, *render* whether a browser draws its articles.
    """

    site_id: int
    name: str
    url: str
    paused_at: datetime | None
    every_seconds: int
    hours: str | None
    render: bool
    locked_by: str | None
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class SiteLock:
    """The hold of one run on one site; *token* grows with every hold, so that an older one
    differs from a newer.
    """

    site_id: int
    worker: str
    token: int


def register_site(connection: Connection, url: str) -> int:
    """Return the key of the site that *url* is on; a new site gets a row. Its name is the host
    without "www.".
    """
    name = site_of(url)
    known = connection.execute(select(sites.c.id).where(sites.c.name == name)).scalar_one_or_none()
    if known is not None:
        return int(known)
    row = (
        insert(sites).values(name=name, url=url, first_seen=datetime.now(UTC)).returning(sites.c.id)
    )
    return int(connection.execute(row).scalar_one())


def set_rhythm(
    connection: Connection, site_id: int, *, every_seconds: int | None, hours: str | None
) -> None:
    """Set how often a site is due, and between which hours it may be fetched."""
    values = {"every_seconds": every_seconds or A_NIGHT_SECONDS, "hours": hours}
    connection.execute(update(sites).where(sites.c.id == site_id).values(values))
    set_due(connection, site_id, datetime.now(UTC))


def set_render(connection: Connection, site_id: int, *, render: bool) -> None:
    """Set whether a browser draws a site's articles."""
    connection.execute(update(sites).where(sites.c.id == site_id).values(render=render))


def set_paused(connection: Connection, site_id: int, moment: datetime | None) -> None:
    """Pause a site since *moment*, or let it go on with None."""
    connection.execute(update(sites).where(sites.c.id == site_id).values(paused_at=moment))


def find_site(connection: Connection, name: str) -> Site:
    """Return the site of that name or address; raise UnknownSite when there is none."""
    wanted = site_of(name if "://" in name else f"https://{name}")
    row = connection.execute(select(sites).where(sites.c.name == wanted)).one_or_none()
    if row is None:
        raise UnknownSite(f"There is no site {wanted} in this archive: knipsel sites lists them.")
    return _site(row)


def site_by_key(connection: Connection, site_id: int) -> Site:
    """Return the site of that key."""
    return _site(connection.execute(select(sites).where(sites.c.id == site_id)).one())


def all_sites(connection: Connection) -> tuple[Site, ...]:
    """Return every site, by name."""
    return tuple(_site(row) for row in connection.execute(select(sites).order_by(sites.c.name)))


def moment_of(connection: Connection) -> datetime:
    """Return the present as the database has it: the clocks of many machines differ, and locks must
    not.
    """
    if connection.dialect.name != "postgresql":
        return datetime.now(UTC)
    moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)


def known_hours(connection: Connection) -> tuple[str, ...]:
    """Return the nightly windows that sites have."""
    query = select(sites.c.hours).where(sites.c.hours.is_not(None)).distinct()
    return tuple(connection.execute(query).scalars())


def due_sites(connection: Connection, now: datetime, closed: Sequence[str] = ()) -> Iterator[Site]:
    """Yield the sites that are neither paused nor locked and whose time has come, the one that
    waits longest first.

    Sites whose nightly window is one of *closed* are left out. What is yielded is not held yet:
    ``lock_site`` takes it.
    """
    query = (
        select(sites)
        .where(sites.c.paused_at.is_(None), sites.c.due_at <= now)
        .where(_is_free(now))
        .order_by(sites.c.due_at, sites.c.id)
        .limit(LOOK_AT_ONCE)
    )
    if closed:
        query = query.where(or_(sites.c.hours.is_(None), sites.c.hours.not_in(closed)))
    rows = connection.execute(query).all()
    while rows:
        yield from map(_site, rows)
        last = tuple_(sites.c.due_at, sites.c.id) > (rows[-1].due_at, rows[-1].id)
        rows = connection.execute(query.where(last)).all() if len(rows) == LOOK_AT_ONCE else []


def set_due(connection: Connection, site_id: int, now: datetime) -> None:
    """Note when a site is due again: at once where pages of it wait, else *every_seconds* after its
    last run began.
    """
    waits = select(pages.c.id).where(pages.c.site_id == site_id, pages.c.state == "queued").limit(1)
    last = connection.execute(
        select(func.max(runs.c.started_at)).where(runs.c.site_id == site_id)
    ).scalar_one()
    due = NEVER
    if last is not None:
        every = connection.execute(
            select(sites.c.every_seconds).where(sites.c.id == site_id)
        ).scalar_one()
        waiting = connection.execute(waits).first() is not None
        due = now if waiting else last + timedelta(seconds=every)
    connection.execute(update(sites).where(sites.c.id == site_id).values(due_at=due))


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(sites.c.locked_until.is_(None), is_over(sites.c.locked_until, now, LONGEST_HOLD))


def lock_site(
    connection: Connection, site_id: int, worker: str, now: datetime, seconds: float
) -> SiteLock | None:
    """Take the lock of a site for *seconds* and return it; None when another holds it."""
    # Who is just being locked by another is passed over, not waited for.
    chosen = (
        select(sites.c.id)
        .where(sites.c.id == site_id, _is_free(now))
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    values = {
        "locked_by": worker,
        "locked_until": now + timedelta(seconds=seconds),
        "lock_token": sites.c.lock_token + 1,
    }
    taken = update(sites).where(sites.c.id == chosen).values(values).returning(sites.c.lock_token)
    token = connection.execute(taken).scalar_one_or_none()
    return None if token is None else SiteLock(site_id, worker, int(token))


def extend_lock(connection: Connection, lock: SiteLock, now: datetime, seconds: float) -> bool:
    """Make *lock* last *seconds* more; False when it was lost to another."""
    held = update(sites).where(sites.c.id == lock.site_id, sites.c.lock_token == lock.token)
    return (
        connection.execute(held.values(locked_until=now + timedelta(seconds=seconds))).rowcount == 1
    )


def check_lock(connection: Connection, lock: SiteLock) -> None:
    """Keep *lock* from everybody else until the transaction ends: every write of a run begins with
    it. Raises SiteLost.
    """
    kept = _HELD_ON_A_SERVER if connection.dialect.name == "postgresql" else _HELD
    if connection.execute(kept, {"key": lock.site_id}).one().lock_token != lock.token:
        raise SiteLost("Another run took this site over while this one was silent.")


def locked_sites(connection: Connection) -> tuple[Site, ...]:
    """Return the sites that a run holds, or held when it died."""
    return tuple(
        _site(row)
        for row in connection.execute(select(sites).where(sites.c.locked_by.is_not(None)))
    )


def unlock_site(connection: Connection, lock: SiteLock) -> None:
    """Give *lock* back, if it is still held."""
    held = update(sites).where(sites.c.id == lock.site_id, sites.c.lock_token == lock.token)
    connection.execute(held.values(locked_by=None, locked_until=None))


def break_lock(connection: Connection, site_id: int, worker: str) -> None:
    """Free a site whose lock is held by *worker*, which is known to be gone."""
    held = update(sites).where(sites.c.id == site_id, sites.c.locked_by == worker)
    connection.execute(held.values(locked_by=None, locked_until=None))


def _site(row: object) -> Site:
    copied = "name url paused_at every_seconds hours render locked_by locked_until".split()
    return Site(site_id=row.id, **{name: getattr(row, name) for name in copied})  # type: ignore[attr-defined]  # a row of sites
