"""Which rows an export has: the SQL for a request, on either database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storage.exports.fields import ExportRequest
from storage.urls import site_named

_SITE = "(SELECT name FROM sites WHERE sites.id = a.site_id)"
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
    "articles": "SELECT a.*, {site} AS site, {authors} AS authors, {keywords} AS keywords, "
    "{tdm} AS tdm_reservation "
    "FROM articles a",
    "comments": "SELECT c.*, a.url AS article_url, a.page_id, a.site_id, a.extractor_version, "
    "{site} AS site, a.date_published AS article_date "
    "FROM comments c JOIN articles a ON a.id = c.article_id",
}
_KEYS = ("id", "page_id", "extractor_version", "last_seen")
_DAY = {"articles": "date_published", "threads": "date_published", "comments": "date_created"}
_PUBLISHED = {"articles": "x.date_published", "comments": "x.article_date"}
_RESERVED = "COALESCE({tdm}, '0') <> '0'"


@dataclass(frozen=True, slots=True)
class Partition:
    """One site's articles of one year (None: undated) and their comments."""

    site: str
    year: str | None


class Selection:
    """The statements that read the rows of *request*; each comes with its values.

    *dialect* is "sqlite" or "postgresql".
    """

    def __init__(self, request: ExportRequest, dialect: str) -> None:
        self._request = request
        self._dialect = dialect
        self._origin = "comments" if request.dataset == "comments" else "articles"

    def rows(
        self, columns: Sequence[str], partition: Partition | None
    ) -> tuple[str, dict[str, Any]]:
        """Return the statement for the rows in the order of their keys: _KEYS, then *columns*."""
        conditions, values = self._conditions(partition)
        names = ", ".join(f"x.{name}" for name in (*_KEYS, *columns))
        # Our own names; the condition is the user's, on the user's archive.
        return (
            f"SELECT {names} FROM ({self._source()}) x WHERE {conditions} ORDER BY x.id",  # noqa: S608
            values,
        )

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
        year = _year(self._dialect, _PUBLISHED[self._origin])
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
        )

    def _conditions(
        self, partition: Partition | None, *, training: bool | None = None
    ) -> tuple[str, dict[str, Any]]:
        request, dialect = self._request, self._dialect
        moment = "CAST(:{} AS timestamptz)" if dialect == "postgresql" else ":{}"
        day = f"x.{_DAY[request.dataset]}"
        conditions, values = ["1 = 1"], {}
        if request.site:
            conditions.append("x.site_id = (SELECT id FROM sites WHERE name = :site)")
            values["site"] = site_named(request.site)
        if request.since:
            conditions.append(f"{day} >= {moment.format('since')}")
            values["since"] = f"{request.since} 00:00:00+00:00"
        if request.until:
            conditions.append(f"{day} <= {moment.format('until')}")
            values["until"] = f"{request.until} 23:59:59.999999+00:00"
        if partition:
            date = _PUBLISHED[self._origin]
            conditions.append("x.site_id = (SELECT id FROM sites WHERE name = :its_site)")
            values["its_site"] = partition.site
            if partition.year is None:
                conditions.append(f"{date} IS NULL")
            else:
                conditions += [
                    f"{date} >= {moment.format('its_start')}",
                    f"{date} < {moment.format('its_end')}",
                ]
                values["its_start"] = f"{partition.year}-01-01 00:00:00+00:00"
                values["its_end"] = f"{int(partition.year) + 1:04}-01-01 00:00:00+00:00"
        if request.training if training is None else training:
            conditions.append(f"NOT ({_RESERVED.format(tdm=_TDM.format('x'))})")
        if request.where:
            conditions.append(f"({request.where.replace(':', chr(92) + ':')})")
        return " AND ".join(conditions), values


def _year(dialect: str, column: str) -> str:
    return f"substr({column}, 1, 4)" if dialect == "sqlite" else f"to_char({column}, 'YYYY')"
