"""What a visitor of the archive sees first: sites, counts, articles and comments per month, runs;
and one site closer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, text, true

from storage.crawl import Run, Site, find_site, recent_runs
from storage.database import articles, missing_reason, profiles, sites

LAST_RUNS = 12

# "2013" where only the year is known.
_MONTH_OF = "substr({0}, 1, 7)"
_ARTICLES_PER_MONTH = (
    "SELECT {month} AS month, COUNT(*) AS n FROM articles WHERE date_published IS "
    "NOT NULL GROUP BY 1 ORDER BY 1"
)
_COMMENTS_PER_MONTH = (
    "SELECT {month} AS month, COUNT(*) AS n FROM comments WHERE date_created IS "
    "NOT NULL GROUP BY 1 ORDER BY 1"
)
# The view coverage counts every site's months before it shows one's.
_COVERAGE = """
SELECT {month} AS month, COUNT(*) AS articles, COALESCE(SUM(comments_declared), 0) AS \
comments_declared,
       COALESCE(SUM(comments_captured), 0) AS comments_captured,
       COUNT(NULLIF(comments_gap_reason, 'surplus')) AS articles_with_gap
  FROM articles WHERE site_id = :site GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCount:
    """One site in numbers; *undated* articles state no date, *with_gap* lack comments that the site
    declares.
    """

    site_id: int
    name: str
    articles: int
    comments_declared: int
    comments_captured: int
    with_gap: int
    undated: int
    first_published: str | None
    last_published: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The archive at a glance; months are "YYYY-MM"."""

    sites: tuple[SiteCount, ...]
    articles_per_month: Mapping[str, int]
    comments_per_month: Mapping[str, int]
    runs: tuple[Run, ...]

    @property
    def years(self) -> str:
        """The years from the first article to the last, nothing where none is dated."""
        published = [(site.first_published, site.last_published) for site in self.sites]
        years = sorted(date[:4] for dates in published for date in dates if date)
        return "–".join(dict.fromkeys((years[0], years[-1]))) if years else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """One site: its coverage per month (None: undated), its runs, why comments are missing, what
    was learned of it.
    """

    site: Site
    count: SiteCount
    coverage: tuple[Mapping[str, Any], ...]
    gap_reasons: Mapping[str, int]
    runs: tuple[Run, ...]
    profiles: tuple[Mapping[str, Any], ...]


def read_overview(connection: Connection) -> Overview:
    """Return the archive at a glance; on a million articles that takes a second or two."""
    month = _MONTH_OF
    return Overview(
        sites=_site_counts(connection),
        articles_per_month=_per_month(
            connection, _ARTICLES_PER_MONTH.format(month=month.format("date_published"))
        ),
        comments_per_month=_per_month(
            connection, _COMMENTS_PER_MONTH.format(month=month.format("date_created"))
        ),
        runs=recent_runs(connection, None, LAST_RUNS),
    )


def _per_month(connection: Connection, query: str) -> dict[str, int]:
    return {row.month: row.n for row in connection.execute(text(query))}


def _site_counts(connection: Connection, site_id: int | None = None) -> tuple[SiteCount, ...]:
    counted = (
        select(
            articles.c.site_id,
            func.count().label("articles"),
            func.coalesce(func.sum(articles.c.comments_declared), 0).label("comments_declared"),
            func.coalesce(func.sum(articles.c.comments_captured), 0).label("comments_captured"),
            func.count(missing_reason).label("with_gap"),
            (func.count() - func.count(articles.c.date_published)).label("undated"),
            func.min(articles.c.date_published).label("first_published"),
            func.max(articles.c.date_published).label("last_published"),
        )
        .where(articles.c.site_id == site_id if site_id is not None else true())
        .group_by(articles.c.site_id)
        .subquery()
    )
    numbers = [column for column in counted.c if column.name != "site_id"]
    query = select(sites.c.id, sites.c.name, *numbers).join(
        counted, counted.c.site_id == sites.c.id, isouter=True
    )
    if site_id is not None:
        query = query.where(sites.c.id == site_id)
    return tuple(
        SiteCount(
            site_id=row.id,
            name=row.name,
            articles=row.articles or 0,
            comments_declared=row.comments_declared or 0,
            comments_captured=row.comments_captured or 0,
            with_gap=row.with_gap or 0,
            undated=row.undated or 0,
            first_published=row.first_published,
            last_published=row.last_published,
        )
        for row in connection.execute(query.order_by(sites.c.name))
    )


def read_site(connection: Connection, name: str) -> SiteView:
    """Return one site closer.

    Raises UnknownSite when the archive has none of that name.
    """
    site = find_site(connection, name)
    gaps = (
        select(missing_reason, func.count())
        .where(articles.c.site_id == site.site_id, missing_reason.is_not(None))
        .group_by(missing_reason)
    )
    learned = (
        select(profiles).where(profiles.c.site_id == site.site_id).order_by(profiles.c.id.desc())
    )
    month = _MONTH_OF.format("date_published")
    coverage = connection.execute(text(_COVERAGE.format(month=month)), {"site": site.site_id})
    return SiteView(
        site=site,
        count=_site_counts(connection, site.site_id)[0],
        coverage=tuple(dict(row) for row in coverage.mappings()),
        gap_reasons={str(row[0]): row[1] for row in connection.execute(gaps)},
        runs=recent_runs(connection, site.site_id, LAST_RUNS),
        profiles=tuple(dict(row) for row in connection.execute(learned).mappings()),
    )
