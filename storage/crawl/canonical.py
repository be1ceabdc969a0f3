"""The canonical page of what a visit found: the page itself, the one it redirects to, or a twin."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from storage.crawl.candidates import Listing, add_candidates
from storage.database import articles, pages
from storage.records import Article, Candidate, Visit
from storage.urls import variant_key

# Built once: to build a statement costs as much as to run it.
_TWIN = (
    select(pages.c.id, pages.c.url)
    .join(articles, articles.c.page_id == pages.c.id)
    .where(pages.c.variant == bindparam("variant"), articles.c.headline == bindparam("headline"))
    .order_by(pages.c.id)
    .limit(1)
)
_OWN = select(articles.c.headline, articles.c.article_body).where(
    articles.c.page_id == bindparam("key")
)


@dataclass(frozen=True, slots=True)
class CanonicalPage:
    """The page under which a visit's finding is kept."""

    page_id: int
    url: str


def find_canonical_page(
    connection: Connection, page: Any, visit: Visit, listing: Listing
) -> CanonicalPage:
    """Return the page of a visit's finding: the leased *page* itself, the one it redirects to, or a
    twin of it.

    A twin is a page with the same article whose address differs in what never matters (scheme,
    "www.", trailing slash). A page that is new is added by *listing*.
    """
    if visit.state != "done":
        return CanonicalPage(page.id, page.url)
    twin = _twin(connection, visit)
    if twin is not None:
        return twin
    if visit.url == page.url:
        return CanonicalPage(page.id, page.url)
    found = Candidate(
        url=visit.url,
        kind=page.kind,
        found_how=page.found_how if page.kind != "page" else "redirect",
        found_on=page.url,
        priority=page.priority,
    )
    add_candidates(connection, (found,), listing)
    target = connection.execute(select(pages.c.id).where(pages.c.url == visit.url)).scalar_one()
    return CanonicalPage(int(target), visit.url)


def _twin(connection: Connection, visit: Visit) -> CanonicalPage | None:
    if visit.article is None:
        return None
    named = {"variant": variant_key(visit.url), "headline": visit.article.headline}
    row = connection.execute(_TWIN, named).one_or_none()
    return None if row is None else CanonicalPage(row.id, row.url)


def is_displaced(connection: Connection, page_id: int, article: Article | None) -> bool:
    """Return whether the page has an article of its own that is another than *article*: neither its
    headline nor its longest block is there.
    """
    own = connection.execute(_OWN, {"key": page_id}).one_or_none()
    if own is None or article is None or not own.article_body:
        return False
    if own.headline == article.headline:
        return False
    longest = max(own.article_body.split("\n"), key=len)
    return longest not in article.article_body.split("\n")
