"""A visit is kept whole: its fetches, its article with comments, what it found, and its page's next
state.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.articles import Saved, Sighting, save_article
from storage.crawl.candidates import Added, Listing, add_candidates
from storage.crawl.canonical import find_canonical_page, is_displaced
from storage.crawl.frontier import missing_from
from storage.crawl.page_state import (
    LISTS,
    VisitContext,
    VisitResult,
    free,
    judge_lastmod,
    set_next_state,
)
from storage.crawl.visit_saved import Before, VisitSaved
from storage.database import WriteRefused, articles, authors, fetches, pages, set_apart
from storage.outcomes import state_of
from storage.records import Fetch, Visit
from storage.storable import make_storable
from storage.warc import WarcPlace

# Built once: to build a statement costs as much as to run it.
_PAGE = select(pages).where(pages.c.id == bindparam("key")).with_for_update()
_ARTICLE = select(
    articles.c.id,
    articles.c.date_published,
    articles.c.article_body,
    articles.c.comments_captured,
    articles.c.access,
    articles.c.gone_at,
).where(articles.c.page_id == bindparam("key"))
_INSERT_FETCH = insert(fetches)


class LeaseLost(Exception):
    """Raised when a visit's page was leased to another meanwhile; nothing of the visit is
    stored.
    """


def keep_visit(
    connection: Connection, visit: Visit, context: VisitContext, places: Sequence[WarcPlace | None]
) -> VisitSaved:
    """Store *visit* as ``save_visit`` does; one that the database refuses is put aside with the
    reason, and its fetches are kept.
    """
    try:
        with set_apart(connection):
            return save_visit(connection, visit, context, places)
    except WriteRefused as refused:
        aside = replace(
            visit,
            state=state_of("not_stored"),
            outcome="not_stored",
            detail=str(refused),
            article=None,
            candidates=(),
        )
        return save_visit(connection, aside, context, places)


def save_visit(
    connection: Connection, visit: Visit, context: VisitContext, places: Sequence[WarcPlace | None]
) -> VisitSaved:
    """Store *visit* in the caller's transaction; *places* are those of its fetches in the WARC
    file.

    Raises LeaseLost when the page is leased to another by now.
    """
    page = connection.execute(_PAGE, {"key": visit.page_id}).one()
    if page.lease_token != visit.token:
        raise LeaseLost(f"{visit.url} was leased to another worker meanwhile.")
    visit, mended = make_storable(visit)
    save_fetches(connection, visit.page_id, visit.fetches, context, places)
    if visit.state == "put_back":
        free(connection, page.id)
        return VisitSaved(
            state="queued", outcome=visit.outcome, before=Before(outcome=page.outcome)
        )
    room = Listing(site_id=context.site_id, now=context.seen_at, cap=sys.maxsize)
    canonical = find_canonical_page(connection, page, visit, room)  # it was fetched: room or not
    before = _before(connection, canonical.page_id, page.outcome)
    displaced = canonical.page_id != page.id and is_displaced(connection, page.id, visit.article)
    visit = _kept_from_walls(_at(visit, canonical.url), before)
    saved = _save_article(connection, canonical.page_id, visit, context)
    _mark_unread(connection, visit, before, context)
    missing, added = _spread(connection, page, visit, context)
    result = VisitResult(
        visit=visit,
        saved=saved,
        has_article=before.article_id is not None,
        has_news=_has_news(visit, saved, added),
    )
    state = set_next_state(connection, page, canonical, result, context)
    judge_lastmod(connection, page, result, context)
    return VisitSaved(
        state=state,
        outcome=visit.outcome,
        before=before,
        kind=page.kind,
        found_how=_found_how(page),
        displaced=displaced,
        article=saved,
        added=added,
        missing=missing,
        mended=mended,
    )


def _before(connection: Connection, page_id: int, outcome: str | None) -> Before:
    row = connection.execute(_ARTICLE, {"key": page_id}).one_or_none()
    if row is None:
        return Before(outcome=outcome)
    return Before(
        outcome=outcome,
        article_id=row.id,
        dated=row.date_published is not None,
        authored=connection.execute(
            select(authors.c.id).where(authors.c.article_id == row.id).limit(1)
        ).first()
        is not None,
        comments=row.comments_captured,
        length=len(row.article_body),
        access=row.access,
        gone=row.gone_at is not None,
    )


def _found_how(page: Any) -> str:
    is_listed = page.listed_in is not None and page.found_how != "robots"
    found_how: str = "sitemap" if is_listed else page.found_how
    return found_how


def _at(visit: Visit, url: str) -> Visit:
    """Return a visit as it would have been of its article's own page: an article that is reached at
    another address did not change.
    """
    article = visit.article
    if article is not None and visit.url != url:
        article = replace(article, url=url)
    return replace(visit, url=url, article=article)


def _kept_from_walls(visit: Visit, before: Before) -> Visit:
    """A version that was free is never replaced by the beginning that a paywall leaves of it."""
    if visit.article is None or visit.article.access == "full" or before.access != "full":
        return visit
    detail = "Only the beginning is free now; the archive keeps the whole article."
    return replace(visit, state="refused", outcome="paywall", detail=detail, article=None)


def _save_article(
    connection: Connection, page_id: int, visit: Visit, context: VisitContext
) -> Saved | None:
    if visit.article is None:
        return None
    sighting = Sighting(context.run_id, context.seen_at, context.extractor_version)
    return save_article(connection, page_id, visit.article, sighting)


def _mark_unread(
    connection: Connection, visit: Visit, before: Before, context: VisitContext
) -> None:
    """An article that is gone keeps everything and gets the moment; one that did not change was
    seen.
    """
    if before.article_id is None:
        return
    mark = update(articles).where(articles.c.id == before.article_id)
    if visit.state == "gone":
        connection.execute(mark.where(articles.c.gone_at.is_(None)).values(gone_at=context.seen_at))
    elif visit.state == "unchanged":
        connection.execute(mark.values(last_seen=context.seen_at, gone_at=None))


def _spread(
    connection: Connection, page: Any, visit: Visit, context: VisitContext
) -> tuple[dict[str, int], Added]:
    is_list = visit.outcome == "sitemap"
    is_whole = is_list and not visit.unread  # what the rest of it names is not known
    missing = (
        missing_from(connection, page.id, (found.url for found in visit.candidates))
        if is_whole
        else {}
    )
    listing = Listing(
        site_id=context.site_id,
        now=context.seen_at,
        cap=context.cap,
        page_id=page.id,
        is_list=is_list,
        follows_on=page.kind != "page" or not context.site_has_lists,
    )
    return missing, add_candidates(connection, visit.candidates, listing)


def _has_news(visit: Visit, saved: Saved | None, added: Added) -> bool:
    if saved is not None:
        threads = saved.comments
        return saved.new or saved.changed or bool(threads.new or threads.changed or threads.gone)
    return visit.outcome in LISTS | {"listing"} and bool(added.new or added.due)


def save_fetches(
    connection: Connection,
    page_id: int | None,
    made: Sequence[Fetch],
    context: VisitContext,
    places: Sequence[WarcPlace | None],
) -> None:
    """Store a row for every request of *made*."""
    rows = [
        _fetch_row(context.run_id, page_id, make_storable(fetch)[0], place)
        for fetch, place in zip(made, places, strict=True)
    ]
    if rows:
        connection.execute(_INSERT_FETCH, rows)


_COPIED = (
    "url", "fetched_at", "outcome", "detail", "status", "content_type", "charset",
    "elapsed_seconds",
    "tdm_reservation", "tdm_policy", "tdm_source", "robots_tag",
)  # fmt: skip


def _fetch_row(
    run_id: int, page_id: int | None, fetch: Fetch, place: WarcPlace | None
) -> dict[str, Any]:
    return {
        **{name: getattr(fetch, name) for name in _COPIED},
        "run_id": run_id,
        "page_id": page_id,
        "digest": place.payload_digest if place else None,
        "warc_file": place.file if place else None,
        "warc_offset": place.offset if place else None,
        "warc_length": place.length if place else None,
        "warc_record_id": place.record_id if place else None,
    }
