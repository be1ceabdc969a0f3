"""What waits on a site, and what stays of one that is crawled no more."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from storage.crawl.frontier import SETTLED, WAITING
from storage.crawl.sites import find_site, set_paused
from storage.database import articles, comments, pages, runs, sites


@dataclass(frozen=True, slots=True)
class Remains:
    """What stays in the archive of a site that was removed."""

    site: str
    runs: int
    pages: int
    articles: int
    comments: int


@dataclass(frozen=True, slots=True)
class Health:
    """How many pages of a site wait and are due, how many were put aside, and when the next settled
    one is due.
    """

    waiting: int
    due: int
    put_aside: int
    next_visit: datetime | None


def health_of(connection: Connection, site_id: int, now: datetime) -> Health:
    """Return the state of a site's frontier."""
    of_site = pages.c.site_id == site_id
    count = select(func.count()).select_from(pages)
    settled = (
        of_site,
        pages.c.state.in_(SETTLED),
        pages.c.kind == "page",
    )  # lists are read in every run
    next_visit = select(func.min(pages.c.next_visit)).where(*settled)
    return Health(
        waiting=count_waiting(connection, site_id),
        due=connection.execute(count.where(*settled, pages.c.next_visit <= now)).scalar_one(),
        put_aside=connection.execute(count.where(of_site, pages.c.state == "failed")).scalar_one(),
        next_visit=connection.execute(next_visit).scalar_one(),
    )


def count_waiting(connection: Connection, site_id: int) -> int:
    """Return how many pages of a site are queued, wait for another attempt, or are in flight."""
    waiting = (pages.c.site_id == site_id, pages.c.state.in_((*WAITING, "leased")))
    return int(
        connection.execute(select(func.count()).select_from(pages).where(*waiting)).scalar_one()
    )


def remove_site(connection: Connection, name: str, now: datetime) -> Remains:
    """Unregister a site of which nothing was ever fetched; pause any other, of which everything
    stays. Return what stays.

    Raises UnknownSite where there is no such site.
    """
    site = find_site(connection, name)
    of_site = select(pages.c.id).where(pages.c.site_id == site.site_id)
    its_articles = select(articles.c.id).where(articles.c.page_id.in_(of_site))
    its_comments = select(comments.c.id).where(comments.c.article_id.in_(its_articles))
    its_runs = select(runs.c.id).where(runs.c.site_id == site.site_id)
    counts = (
        connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
        for query in (its_runs, of_site, its_articles, its_comments)
    )
    remains = Remains(site.name, *counts)
    if remains.runs or remains.pages:
        set_paused(connection, site.site_id, now)
    else:
        connection.execute(delete(sites).where(sites.c.id == site.site_id))
    return remains
