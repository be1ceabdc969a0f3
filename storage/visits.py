"""A visit is kept whole: its fetches, its article with comments, what it found, and its page's next state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.articles import Saved, Sighting, save_article
from storage.crawl_schema import fetches, pages
from storage.frontier import add_candidates
from storage.records import Candidate, Fetch, Visit
from storage.warc import WarcPlace

LONGEST_BACK_OFF_SECONDS = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitContext:
    """The run that visits: where, when, with what, and how often a page is tried."""

    run_id: int
    site_id: int
    seen_at: datetime
    extractor_version: str
    cap: int
    max_attempts: int
    retry_after_seconds: float


@dataclass(frozen=True, slots=True)
class VisitSaved:
    """What became of a visit: the article as it was saved, and how many pages are new."""

    article: Saved | None
    new_pages: int


def save_visit(connection: Connection, visit: Visit, context: VisitContext, places: Sequence[WarcPlace | None]) -> VisitSaved:
    """Store *visit* in the caller's transaction; *places* are those of its fetches in the WARC file."""
    save_fetches(connection, visit.page_id, visit.fetches, context, places)
    _settle(connection, visit, context)
    saved = None
    if visit.article is not None:
        sighting = Sighting(context.run_id, context.seen_at, context.extractor_version)
        saved = save_article(connection, _article_page(connection, visit, context), visit.article, sighting)
    added = add_candidates(connection, context.site_id, visit.candidates, context.seen_at, cap=context.cap)
    return VisitSaved(saved, added.new)


def save_fetches(
    connection: Connection,
    page_id: int | None,
    made: Sequence[Fetch],
    context: VisitContext,
    places: Sequence[WarcPlace | None],
) -> None:
    """Store a row for every request of *made*."""
    rows = [_fetch_row(context.run_id, page_id, fetch, place) for fetch, place in zip(made, places, strict=True)]
    if rows:
        connection.execute(insert(fetches), rows)


def _fetch_row(run_id: int, page_id: int | None, fetch: Fetch, place: WarcPlace | None) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "page_id": page_id,
        "url": fetch.url,
        "fetched_at": fetch.fetched_at,
        "outcome": fetch.outcome,
        "detail": fetch.detail,
        "status": fetch.status,
        "content_type": fetch.content_type,
        "charset": fetch.charset,
        "digest": place.payload_digest if place else None,
        "elapsed_seconds": fetch.elapsed_seconds,
        "tdm_reservation": fetch.tdm_reservation,
        "warc_file": place.file if place else None,
        "warc_offset": place.offset if place else None,
        "warc_length": place.length if place else None,
        "warc_record_id": place.record_id if place else None,
    }


def _settle(connection: Connection, visit: Visit, context: VisitContext) -> None:
    """Give the leased page its next state."""
    page = connection.execute(select(pages.c.url, pages.c.attempts).where(pages.c.id == visit.page_id)).one()
    last = visit.fetches[-1] if visit.fetches else None
    values: dict[str, Any] = {
        "state": visit.state,
        "outcome": visit.outcome,
        "detail": visit.detail,
        "attempts": page.attempts + 1,
        "visits": pages.c.visits + 1,
        "last_visit": context.seen_at,
        "next_visit": None,
        "lease_until": None,
        "leased_by": None,
        "etag": last.etag if last else None,
        "last_modified": last.last_modified if last else None,
    }
    if visit.state == "retry":
        values |= _retry(visit, page.attempts + 1, context)
    elif visit.url != page.url and visit.state == "done":
        values |= {"state": "redirect", "redirects_to": visit.url}
    connection.execute(update(pages).where(pages.c.id == visit.page_id).values(values))


def _retry(visit: Visit, attempts: int, context: VisitContext) -> dict[str, Any]:
    if attempts >= context.max_attempts:
        return {"state": "failed"}
    pause = visit.retry_after_seconds
    if pause is None:
        pause = min(context.retry_after_seconds * 2 ** (attempts - 1), LONGEST_BACK_OFF_SECONDS)
    return {"state": "queued", "visits": pages.c.visits, "next_visit": context.seen_at + timedelta(seconds=pause)}


def _article_page(connection: Connection, visit: Visit, context: VisitContext) -> int:
    """Return the key of the page under which the visit's article stands; a redirect's target becomes a page."""
    leased = connection.execute(select(pages.c.url).where(pages.c.id == visit.page_id)).scalar_one()
    if leased == visit.url:
        return visit.page_id
    found = Candidate(url=visit.url, found_how="redirect", found_on=leased)
    add_candidates(connection, context.site_id, (found,), context.seen_at, cap=context.cap + 1)
    target = connection.execute(select(pages.c.id).where(pages.c.url == visit.url)).scalar_one()
    done = {"state": "done", "outcome": visit.outcome, "last_visit": context.seen_at, "visits": pages.c.visits + 1}
    connection.execute(update(pages).where(pages.c.id == target).values(**done, lease_until=None, leased_by=None))
    return int(target)
