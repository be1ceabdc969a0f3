"""Which rows an export has: the SQL for a request, on either database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from storage.database import within_days
from storage.exports.fields import ExportRequest
from storage.records import Field
from storage.urls import site_named

# A join, for a query in each row would cost PostgreSQL as much as the text does.
_SITE = "LEFT JOIN sites s ON s.id = a.site_id"
_JOINED = {
    "sqlite": "(SELECT group_concat({0}, ', ') FROM (SELECT {0} FROM {1} WHERE article_id = "
    "a.id ORDER BY position))",
    "postgresql": "(SELECT string_agg({0}, ', ' ORDER BY position) FROM {1} WHERE article_id = "
    "a.id)",
}
_TDM = (
    "(SELECT tdm_reservation FROM fetches f "
    "WHERE f.page_id = {0}.page_id AND tdm_reservation IS NOT NULL ORDER BY id DESC LIMIT 1)"
)
_ORIGIN = {
    "articles": "SELECT a.*, {published} AS date_published_day, "
    "{modified} AS date_modified_day, s.name AS site, {authors} AS authors, "
    "{keywords} AS keywords, {tdm} AS tdm_reservation "
    "FROM articles a {site}",
    "comments": "SELECT c.*, {created} AS date_created_day, a.url AS article_url, a.page_id, "
    "a.site_id, a.extractor_version, "
    "s.name AS site, a.date_published AS article_date, "
    "(SELECT p.author FROM comments p WHERE p.id = c.parent_id) AS parent_author "
    "FROM comments c JOIN articles a ON a.id = c.article_id {site}",
    "links": "SELECT l.*, a.url AS article_url, a.page_id, a.site_id, a.extractor_version, "
    "a.last_seen, s.name AS site, a.date_published AS article_date "
    "FROM links l JOIN articles a ON a.id = l.article_id {site}",
}
# None where only a month or a year is known.
_DAY_OF = "CASE WHEN length({0}) >= 10 THEN substr({0}, 1, 10) END"
# Moments leave the database as text: made into datetimes first they cost six times as much.
_MOMENT = "CAST({0} AS TEXT)"
_KEYS = ("x.id", "x.page_id", "x.extractor_version", _MOMENT.format("x.last_seen"))
_PUBLISHED = {
    "articles": "x.date_published",
    "comments": "x.article_date",
    "links": "x.article_date",
}
_RESERVED = "COALESCE({tdm}, '0') <> '0'"


@dataclass(frozen=True, slots=True)
class Partition:
    """One site's articles of one year (None: undated) and their comments."""

    site: str
    year: str | None


def selected(field: Field) -> str:
    """Return the SQL of a field of the comments' table."""
    if field.kind == "day":
        return _DAY_OF.format(field.name.removesuffix("_day"))
    return _MOMENT.format(field.name) if field.kind == "moment" else field.name


def among(column: str, keys: Sequence[int], spare: int = 0) -> str:
    """Return the condition that *column* is one of *keys*, or also one of at most *spare* that are
    between them.
    """
    least, most = min(keys), max(keys)
    between = f"{column} BETWEEN {least} AND {most}"
    if most - least < len(keys) + spare:
        return between
    # Keys, not parameters: there are more of them than a driver takes.
    return f"{between} AND {column} IN ({', '.join(map(str, keys))})"


class Selection:
    """The statements that read the rows of *request*; each comes with its values.

    *dialect* is "sqlite" or "postgresql".
    """

    def __init__(self, request: ExportRequest, dialect: str) -> None:
        self._request = request
        self._dialect = dialect
        self._origin = request.origin

    def keys(self, partition: Partition | None) -> tuple[str, dict[str, Any]]:
        """Return the statement for the keys of the rows, in their order, each with the number of
        comments that are read with it.
        """
        conditions, values = self._conditions(partition)
        comments = "x.comments_captured" if self._request.holds_comments else "0"
        # Our own names; the condition is the user's, on the user's archive.
        return (
            f"SELECT x.id, {comments} FROM ({self._source()}) x WHERE {conditions} ORDER BY x.id",  # noqa: S608
            values,
        )

    def rows(self, fields: Sequence[Field], keys: Sequence[int]) -> str:
        """Return the statement for the rows of *keys* in their order: _KEYS, then *fields*."""
        shown = (
            _MOMENT.format(f"x.{field.name}") if field.kind == "moment" else f"x.{field.name}"
            for field in fields
        )
        names = ", ".join((*_KEYS, *shown))
        return f"SELECT {names} FROM ({self._source()}) x WHERE {among('x.id', keys)} ORDER BY x.id"  # noqa: S608  # our own names and keys

    def count(self) -> tuple[str, dict[str, Any]]:
        """Return the statement for the number of all rows."""
        conditions, values = self._conditions(None)
        return f"SELECT COUNT(*) FROM ({self._source()}) x WHERE {conditions}", values  # noqa: S608  # as above

    def count_reserved(self) -> tuple[str, dict[str, Any]]:
        """Return the statement for the number of rows whose owners reserved text and data
        mining.
        """
        conditions, values = self._conditions(None, training=False)
        reserved = _RESERVED.format(tdm=_TDM.format("x"))
        return (
            f"SELECT COUNT(*) FROM ({self._source()}) x WHERE {conditions} AND {reserved}",  # noqa: S608  # as above
            values,
        )

    def partitions(self) -> tuple[str, dict[str, Any]]:
        """Return the statement for the sites and years of the articles to which rows belong."""
        conditions, values = self._conditions(None)
        year = f"substr({_PUBLISHED[self._origin]}, 1, 4)"
        return (
            f"SELECT DISTINCT x.site, {year} FROM ({self._source()}) x WHERE {conditions}",  # noqa: S608  # as above
            values,
        )

    def _source(self) -> str:
        joined = _JOINED[self._dialect]
        return _ORIGIN[self._origin].format(
            site=_SITE,
            authors=joined.format("name", "authors"),
            keywords=joined.format("keyword", "keywords"),
            tdm=_TDM.format("a"),
            published=_DAY_OF.format("a.date_published"),
            modified=_DAY_OF.format("a.date_modified"),
            created=_DAY_OF.format("c.date_created"),
        )

    def _conditions(
        self, partition: Partition | None, *, training: bool | None = None
    ) -> tuple[str, dict[str, Any]]:
        request = self._request
        day = f"x.{request.day}"
        conditions, values = ["1 = 1"], {}
        if request.site:
            conditions.append("x.site_id = (SELECT id FROM sites WHERE name = :site)")
            values["site"] = site_named(request.site)
        before = request.until + timedelta(days=1) if request.until else None
        bounds, days = within_days(day, request.since, before)
        conditions += bounds
        values |= days
        if partition:
            date = _PUBLISHED[self._origin]
            conditions.append("x.site_id = (SELECT id FROM sites WHERE name = :its_site)")
            values["its_site"] = partition.site
            if partition.year is None:
                conditions.append(f"{date} IS NULL")
            else:
                conditions += [f"{date} >= :its_year", f"{date} < :next_year"]
                values["its_year"] = partition.year
                values["next_year"] = f"{int(partition.year) + 1:04}"
        if request.training if training is None else training:
            conditions.append(f"NOT ({_RESERVED.format(tdm=_TDM.format('x'))})")
        if request.where:
            conditions.append(f"({request.where.replace(':', chr(92) + ':')})")
        return " AND ".join(conditions), values
