"""After a visit: what a page's row states of it, and when the page is looked at again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from storage.articles import Saved
from storage.crawl.canonical import CanonicalPage
from storage.database import pages, sites
from storage.records import Article, Fetch, Look, Visit

LISTS = frozenset({"sitemap", "feed", "changes", "comments"})
LONGEST_BACK_OFF_SECONDS = 3600.0

_SET = update(pages).where(pages.c.id == bindparam("key"))  # of what columns, its values name
_FREE: dict[str, Any] = {"lease_until": None, "leased_by": None}


def in_a_month(look: Look) -> datetime:
    """The schedule of visits that no crawl makes, such as those read from WARC files."""
    return look.now + timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitContext:
    """The run that visits: where, when, with what, how often a page is tried, and when a page is
    looked at again.
    """

    run_id: int
    site_id: int
    seen_at: datetime
    extractor_version: str
    cap: int
    max_attempts: int
    retry_after_seconds: float
    schedule: Callable[[Look], datetime] = in_a_month
    site_has_lists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitResult:
    """A visit with what saving it showed: the saved article, whether there was one before, whether
    anything is new.
    """

    visit: Visit
    saved: Saved | None
    has_article: bool
    has_news: bool


def free(connection: Connection, page_id: int) -> None:
    """Give a leased page back as if it had not been leased."""
    connection.execute(update(pages).where(pages.c.id == page_id).values(state="queued", **_FREE))


def set_next_state(
    connection: Connection,
    page: Any,
    canonical: CanonicalPage,
    result: VisitResult,
    context: VisitContext,
) -> str:
    """Give the leased *page*, and its *canonical* when that is another, the next state and the next
    moment; return the state.
    """
    visit = result.visit
    state, attempts = visit.state, 0
    if state in {"retry", "failed"}:
        attempts = page.attempts + 1
        state = "failed" if attempts >= context.max_attempts else state
    elif state == "unchanged":
        state = "done" if result.has_article or page.kind != "page" else "refused"
    elif canonical.page_id != page.id:
        state = "redirect"
        _set_state_of_canonical(connection, canonical, result, context)
    values = _values(page, result, context)
    values |= {"state": state, "attempts": attempts}
    values["redirects_to"] = canonical.url if state == "redirect" else None
    if state == "retry":
        values["next_visit"] = context.seen_at + timedelta(
            seconds=_back_off(visit, attempts, context)
        )
    else:
        values["visits"] = page.visits + 1
        look = replace(
            _look(page, values, context), lists_articles=_lists_articles(connection, page)
        )
        values["next_visit"] = context.schedule(look)
    connection.execute(_SET, {"key": page.id, **values})
    return state


def _lists_articles(connection: Connection, page: Any) -> bool:
    """Return whether what a list names is worth reading it for; at its first visit nobody knows."""
    if page.kind != "sitemap" or page.visits == 0:
        return True
    worth = or_(pages.c.outcome == "article", pages.c.outcome.is_(None), pages.c.kind != "page")
    return (
        connection.execute(
            select(pages.c.id).where(pages.c.listed_in == page.id, worth).limit(1)
        ).first()
        is not None
    )


def _values(page: Any, result: VisitResult, context: VisitContext) -> dict[str, Any]:
    visit, unchanged = result.visit, result.visit.state == "unchanged"
    values: dict[str, Any] = {
        **_FREE,
        "hint": None,
        "last_visit": context.seen_at,
        "detail": visit.detail,
    }
    values["outcome"] = visit.outcome
    if unchanged:
        known = "article" if result.has_article else page.outcome
        values["outcome"] = known or visit.outcome
    answer = _answer(visit, page.url)
    if answer is not None:
        values |= {
            "etag": answer.etag,
            "last_modified": answer.last_modified,
            "last_full_visit": context.seen_at,
        }
    values["last_news"] = _last_news(page.last_news, result, context.seen_at)
    return values


def _set_state_of_canonical(
    connection: Connection, canonical: CanonicalPage, result: VisitResult, context: VisitContext
) -> None:
    page = connection.execute(pages.select().where(pages.c.id == canonical.page_id)).one()
    values = _values(page, result, context) | {
        "state": "done",
        "attempts": 0,
        "visits": page.visits + 1,
    }
    values["next_visit"] = context.schedule(_look(page, values, context))
    connection.execute(_SET, {"key": canonical.page_id, **values})


def _look(page: Any, values: dict[str, Any], context: VisitContext) -> Look:
    return Look(
        url=page.url,
        kind=page.kind,
        state=values["state"],
        outcome=values["outcome"],
        now=context.seen_at,
        last_news=values["last_news"],
        visits=values["visits"],
        attempts=values["attempts"],
        lastmod=page.lastmod,
        is_further=page.found_how == "archive" and page.kind != "page",
        site_has_lists=context.site_has_lists,
    )


def _answer(visit: Visit, url: str) -> Fetch | None:
    return next(
        (fetch for fetch in visit.fetches if fetch.url == url and fetch.status == 200), None
    )


def _last_news(known: datetime | None, result: VisitResult, now: datetime) -> datetime:
    article = result.visit.article
    if result.saved is not None and article is not None and (result.saved.new or known is None):
        return _newest_part(article, now)
    if result.has_news or known is None:
        return now
    return known


def _newest_part(article: Article, now: datetime) -> datetime:
    """Return when an article last grew, as far as its page shows; the present for what shows no
    date.
    """
    moments = [article.date_published, *(comment.date_created for comment in article.comments)]
    past = [moment for moment in moments if moment is not None and moment <= now]
    return max(past, default=now)


def _back_off(visit: Visit, attempts: int, context: VisitContext) -> float:
    if visit.retry_after_seconds is not None:
        return visit.retry_after_seconds
    seconds: float = context.retry_after_seconds * 2 ** (attempts - 1)
    return min(seconds, LONGEST_BACK_OFF_SECONDS)


def judge_lastmod(
    connection: Connection, page: Any, result: VisitResult, context: VisitContext
) -> None:
    """Note whether the site's lastmod was right, when that was why *page* was looked at again."""
    if (
        page.hint != "lastmod"
        or page.kind != "page"
        or result.visit.state not in {"done", "unchanged"}
    ):
        return
    column = sites.c.lastmod_right if result.has_news else sites.c.lastmod_wrong
    connection.execute(
        update(sites).where(sites.c.id == context.site_id).values({column: column + 1})
    )
