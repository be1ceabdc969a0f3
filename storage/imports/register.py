"""Captures that come in from elsewhere: each gets a row and a copy in the archive's own WARC files,
once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, case, func, insert, or_, select, update

from storage.crawl import Listing, add_candidates
from storage.database import fetches, pages, runs
from storage.imports.readers import ForeignCapture
from storage.outcomes import GONE_STATUSES, state_of
from storage.privacy import Tombstones
from storage.records import Candidate, Exchange, Fetch, Visit, asked_of
from storage.urls import parts_of, same_site, site_of
from storage.warc import UNREAD, WarcPlace, WarcWriter

CAP = 10_000_000


@dataclass(frozen=True, slots=True)
class Incoming:
    """A capture with the address of the page that it belongs to, and the status of its answer (None
    for a bare document).
    """

    page_url: str
    capture: ForeignCapture
    status: int | None
    content_type: str | None


def add_captures(
    connection: Connection,
    warc: WarcWriter,
    site_id: int,
    run_id: int,
    incoming: Sequence[Incoming],
) -> None:
    """Write *incoming* to the WARC files and make their rows; pages that the archive does not know
    are made.
    """
    found = [Candidate(url=one.page_url, found_how="import") for one in incoming]
    add_candidates(connection, found, Listing(site_id=site_id, now=datetime.now(UTC), cap=CAP))
    urls = {one.page_url for one in incoming}
    rows_of = connection.execute(select(pages.c.url, pages.c.id).where(pages.c.url.in_(urls)))
    ids = {row.url: int(row.id) for row in rows_of}
    settled = update(pages).where(
        pages.c.id.in_(ids.values()), pages.c.visits == 0, pages.c.found_how == "import"
    )
    connection.execute(settled.values(state="done", outcome=UNREAD))
    rows = [
        _row(run_id, ids[one.page_url], one, warc.write(_exchange(one.capture))) for one in incoming
    ]
    connection.execute(insert(fetches), rows)


def _exchange(capture: ForeignCapture) -> Exchange:
    return Exchange(
        url=asked_of(capture.url),
        fetched_at=capture.fetched_at,
        request=b"",
        response=capture.message,
        media_type=capture.media_type,
        truncated="unspecified" if capture.is_partial else None,
    )


def _row(run_id: int, page_id: int, one: Incoming, place: WarcPlace) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "page_id": page_id,
        "url": one.capture.url,
        "fetched_at": one.capture.fetched_at,
        "outcome": UNREAD,
        "status": one.status,
        "content_type": one.content_type,
        "digest": place.payload_digest,
        "warc_file": place.file,
        "warc_offset": place.offset,
        "warc_length": place.length,
        "warc_record_id": place.record_id,
    }


def is_erased(tombstones: Tombstones, one: Incoming) -> bool:
    """Return whether a capture is of a page that was erased on request, or holds what was."""
    if not tombstones.marks:
        return False
    answer = (
        one.capture.message
        if one.capture.media_type is None
        else b"HTTP/1.1 200 OK\r\n\r\n" + one.capture.message
    )
    exchange = replace(_exchange(one.capture), response=answer, media_type=None)
    fetch = Fetch(
        url=one.capture.url, fetched_at=one.capture.fetched_at, outcome="ok", exchange=exchange
    )
    visit = tombstones.withhold(
        Visit(page_id=0, url=one.page_url, state="done", outcome="ok", fetches=(fetch,))
    )
    return not any(kept.exchange for kept in visit.fetches)


def known_pages(connection: Connection, urls: Iterable[str]) -> set[str]:
    """Return those of *urls* that are addresses of pages of the archive."""
    return set(connection.execute(select(pages.c.url).where(pages.c.url.in_(list(urls)))).scalars())


def page_at_path(connection: Connection, path: str, near: str) -> str | None:
    """Return the address of the page whose path is *path*, a last slash aside: of several sites'
    that on the site of *near*; None where the archive has no such page, or cannot tell.
    """
    path = path.rstrip("/")
    ends = or_(*(pages.c.url.endswith(f"{path}{end}", autoescape=True) for end in ("", "/")))
    query = select(pages.c.url).where(ends, pages.c.kind == "page").limit(100)
    found = connection.execute(query).scalars() if path else ()
    urls = [url for url in found if parts_of(url).path.rstrip("/") == path]
    own = [url for url in urls if same_site(url, near)]
    sites = {site_of(url) for url in urls}
    return next(iter(own or (urls if len(sites) == 1 else ())), None)


def unread_pages(connection: Connection) -> list[int]:
    """Return the pages with imported captures that are not read yet."""
    query = (
        select(fetches.c.page_id)
        .where(fetches.c.outcome == UNREAD)
        .distinct()
        .order_by(fetches.c.page_id)
    )
    return [int(key) for key in connection.execute(query).scalars()]


def set_read_state(
    connection: Connection, page_id: int, newest: tuple[str, str | None] | None
) -> None:
    """Note that all captures of a page are read, and outcome and detail of the newest of them; None
    where these were known.
    """
    span = select(
        func.min(fetches.c.fetched_at), func.max(fetches.c.fetched_at), func.count()
    ).where(fetches.c.page_id == page_id)
    first, last, visits = connection.execute(span).one()
    columns = (pages.c.last_visit, pages.c.first_seen, pages.c.found_how)
    page = connection.execute(select(*columns).where(pages.c.id == page_id)).one()
    values: dict[str, Any] = {"first_seen": min(_moment(first), page.first_seen)}
    if page.found_how == "import":
        values = {"first_seen": _moment(first), "visits": visits}
    values["last_visit"] = (
        _moment(last) if page.last_visit is None else max(_moment(last), page.last_visit)
    )
    if newest is not None:
        values |= {
            "state": state_of(newest[0]),
            "outcome": newest[0],
            "detail": newest[1],
        }
    connection.execute(update(pages).where(pages.c.id == page_id).values(values))
    read = update(fetches).where(fetches.c.page_id == page_id, fetches.c.outcome == UNREAD)
    connection.execute(
        read.values(outcome=case((fetches.c.status.in_(GONE_STATUSES), "not_found"), else_="ok"))
    )


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def original_place(
    connection: Connection, urls: Sequence[str], capture: ForeignCapture
) -> tuple[str, int] | None:
    """Return file and offset of the stored capture that the revisit *capture* refers to, None when
    it was never stored.

    *urls* are the spellings of the address to which it refers.
    """
    place = select(fetches.c.warc_file, fetches.c.warc_offset).where(
        fetches.c.warc_file.is_not(None)
    )
    wanted = []
    if capture.original is not None:
        of_page = fetches.c.page_id.in_(select(pages.c.id).where(pages.c.url.in_(urls)))
        wanted.append(place.where(of_page, fetches.c.fetched_at == capture.original[1]))
    if capture.digest:
        wanted.append(place.where(fetches.c.digest == capture.digest))
    for query in wanted:
        row = connection.execute(query.order_by(fetches.c.id).limit(1)).one_or_none()
        if row is not None:
            return row.warc_file, row.warc_offset
    return None


def end_imports(connection: Connection, run_ids: Iterable[int], now: datetime) -> None:
    """Note that the runs of an import ended."""
    ended = update(runs).where(runs.c.id.in_(list(run_ids)))
    connection.execute(ended.values(ended_at=now, verdict="ok", reasons=[]))
