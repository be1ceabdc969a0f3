"""One article, one page: under which row a visit's finding stands, when its address is not the leased one."""

import sys
from typing import Any

from sqlalchemy import Connection, select

from storage.addresses import variant_key
from storage.candidates import Listing, add_candidates
from storage.crawl_schema import pages
from storage.records import Candidate, Visit
from storage.schema import articles
from storage.settling import Home, VisitContext


def home_of(connection: Connection, page: Any, visit: Visit, context: VisitContext) -> Home:
    """Return the page of a visit's finding: the leased *page* itself, the one it redirects to, or a twin of it.

    A twin is a page with the same article whose address differs in what never matters (scheme, "www.", trailing slash).
    """
    if visit.state != "done":
        return Home(page.id, page.url)
    twin = _twin(connection, visit)
    if twin is not None:
        return twin
    if visit.url == page.url:
        return Home(page.id, page.url)
    found = Candidate(
        url=visit.url,
        kind=page.kind,
        found_how=page.found_how if page.kind != "page" else "redirect",
        found_on=page.url,
        priority=page.priority,
    )
    listing = Listing(site_id=context.site_id, now=context.seen_at, cap=sys.maxsize)  # what was fetched always finds room
    add_candidates(connection, (found,), listing)
    target = connection.execute(select(pages.c.id).where(pages.c.url == visit.url)).scalar_one()
    return Home(int(target), visit.url)


def _twin(connection: Connection, visit: Visit) -> Home | None:
    if visit.article is None:
        return None
    query = (
        select(pages.c.id, pages.c.url)
        .join(articles, articles.c.page_id == pages.c.id)
        .where(pages.c.variant == variant_key(visit.url), articles.c.headline == visit.article.headline)
        .order_by(pages.c.id)
    )
    row = connection.execute(query.limit(1)).one_or_none()
    return None if row is None else Home(row.id, row.url)
