"""What an earlier look at an article told and a later one does not: a redesign takes no known date or author away."""

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from storage.records import Article, Author
from storage.schema import authors

CARRIED = frozenset({"date_published", "authors"})
_DATE = tuple(f"date_published{ending}" for ending in ("", "_raw", "_precision", "_source"))


def carry(article: Article, earlier: Article) -> Article:
    """Return *article* with the date of publication and the authors that only *earlier* tells, marked so in ``field_methods``.

    Under another headline the address shows another article: nothing is carried over then.
    """
    if _plain(article.headline) != _plain(earlier.headline):
        return article
    told: dict[str, Any] = {}
    if article.date_published is None and earlier.date_published is not None:
        told |= {name: getattr(earlier, name) for name in _DATE}
    if not article.authors and earlier.authors:
        told["authors"] = earlier.authors
    if not told:
        return article
    methods = dict(article.field_methods) | {name: "earlier" for name in CARRIED if name in told}
    return replace(article, **told, field_methods=tuple(sorted(methods.items())))


def is_silent(article: Article) -> bool:
    """Tell whether *article* lacks something that an earlier look may have told."""
    return article.date_published is None or not article.authors


def told_before(connection: Connection, row: RowMapping) -> Article:
    """Return what the archive's *row* of an article tells of its headline, its date and its authors."""
    of_article = select(authors).where(authors.c.article_id == row["id"]).order_by(authors.c.position)
    names = tuple(
        Author(name=one.name, role=one.role, organisation=one.organisation, url=one.url) for one in connection.execute(of_article)
    )
    dated = {name: row[name] for name in _DATE}
    if row["date_published"] is not None:
        zone = timezone(timedelta(minutes=row["date_published_offset"]))
        dated["date_published"] = row["date_published"].astimezone(zone)
    return Article(url=row["url"], headline=row["headline"], article_body="", authors=names, **dated)


def _plain(headline: str) -> str:
    return " ".join(headline.split()).casefold()
