"""The archive's rows as an export wants them: streamed in the order of their keys, names and
contact details treated.
"""

import contextlib
from collections import Counter
from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Self

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.contacts import mask_contacts
from storage.exports.fields import (
    AUTHOR,
    BadExport,
    ExportRequest,
    chosen_fields,
    comment_fields,
)
from storage.privacy import Pseudonyms
from storage.progress import Report, tell_nobody
from storage.records import Field
from storage.urls import site_named


@dataclass(frozen=True, slots=True)
class Records:
    """The records of some rows: row *i* has the next ``counts[i]`` values of each column."""

    counts: Sequence[int]
    columns: Sequence[Sequence[Any]]

    @classmethod
    def of(
        cls, owners: Sequence[int], columns: Sequence[Sequence[Any]], keys: Sequence[int]
    ) -> Self:
        """Return the records of the rows *keys*; *owners* names the row of each record, in the
        order of *keys*.
        """
        held = Counter(owners)
        return cls([held[key] for key in keys], columns)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.counts)

    def lists(self, names: Sequence[str]) -> list[list[dict[str, Any]]]:
        """Return each row's records as dictionaries; *names* are those of the columns."""
        records = (
            dict(zip(names, values, strict=True)) for values in zip(*self.columns, strict=True)
        )
        return [list(islice(records, count)) for count in self.counts]


# Some rows of a dataset: for each field its values.
Batch = dict[str, Sequence[Any] | Records]


BATCH = 2_000

_KNOWN = "SELECT 1 FROM sites WHERE name = :site"
_SITE = "(SELECT name FROM sites WHERE sites.id = a.site_id)"
_JOINED = {
    "sqlite": "(SELECT group_concat({0}, ', ') FROM (SELECT {0} FROM {1} WHERE article_id = a.id ORDER BY position))",
    "postgresql": "(SELECT string_agg({0}, ', ' ORDER BY position) FROM {1} WHERE article_id = a.id)",
}
_TDM = (
    "(SELECT tdm_reservation FROM fetches f "
    "WHERE f.page_id = {0}.page_id AND tdm_reservation IS NOT NULL ORDER BY id DESC LIMIT 1)"
)
_ORIGIN = {
    "articles": "SELECT a.*, {site} AS site, {authors} AS authors, {keywords} AS keywords, {tdm} AS tdm_reservation "
    "FROM articles a",
    "comments": "SELECT c.*, a.url AS article_url, a.page_id, a.site_id, a.extractor_version, "
    "{site} AS site, a.date_published AS article_date "
    "FROM comments c JOIN articles a ON a.id = c.article_id",
}
_KEYS = ("id", "page_id", "extractor_version", "last_seen")
_PARTS = ("authors", "keywords", "comments", "tdm_reservation")
_DAY = {"articles": "date_published", "threads": "date_published", "comments": "date_created"}
_PUBLISHED = {"articles": "x.date_published", "comments": "x.article_date"}
_RESERVED = "COALESCE({tdm}, '0') <> '0'"


@dataclass(frozen=True, slots=True)
class Partition:
    """One site's articles of one year (None: undated) and their comments."""

    site: str
    year: str | None


class Rows:
    """The rows of one export, read in one transaction: what is stored meanwhile is not part of it.

    Raises BadExport when the archive has no such site.
    """

    def __init__(
        self,
        connection: Connection,
        request: ExportRequest,
        pseudonyms: Pseudonyms,
        report: Report = tell_nobody,
    ) -> None:
        self._connection = connection
        self._request = request
        self._pseudonyms = pseudonyms
        self._report = report
        self._total: int | None = None
        self._done = 0
        self.fields = chosen_fields(request)
        if (
            request.site
            and connection.execute(text(_KNOWN), {"site": site_named(request.site)}).first() is None
        ):
            raise BadExport(
                f"The archive has no site {request.site}; scrapy sites lists those that it has."
            )
        self.versions: set[str] = set()
        self._last_read: Any = None
        self._comment_fields = comment_fields(request)
        self._origin = "comments" if request.dataset == "comments" else "articles"
        self._columns = [
            field.name
            for field in self.fields
            if self._origin == "comments" or field.name not in _PARTS
        ]

    @property
    def newest(self) -> Any:
        """The same as ``last_read``, as the database has it."""
        return self._last_read

    def merge(self, versions: Collection[str], newest: Any) -> None:
        """Take over what another reader of the same export saw."""
        self.versions.update(versions)
        self._last_read = max(self._last_read or newest, newest)

    @property
    def last_read(self) -> str | None:
        """The moment when the newest of the rows that were yielded was last read, as ISO text in
        UTC.
        """
        return _iso([self._last_read])[0]

    def batches(self, partition: Partition | None = None) -> Generator[Batch]:
        """Yield up to 2,000 rows at a time: for each field its values, moments as ISO text in UTC,
        lists of records as Records.

        Raises BadExport when the condition of the request is no SQL that this archive understands.
        """
        conditions, values = self._conditions(partition)
        self._total = self._count() if self._total is None else self._total
        names = [*_KEYS, *self._columns]
        statement = f"SELECT {', '.join(f'x.{name}' for name in names)} FROM ({self._source()}) x WHERE {conditions} ORDER BY x.id"  # noqa: S608  # our own names; the condition is the user's, on the user's archive
        with contextlib.closing(self._stream(statement, values)) as stream:
            for rows in stream:
                ids, page_ids, versions, seen, *columns = zip(*rows, strict=True)
                self.versions.update(versions)
                self._last_read = max(*seen, self._last_read or seen[0])
                yield self._finish(dict(zip(self._columns, columns, strict=True)), ids, page_ids)
                self._done += len(ids)
                self._report("rows", self._done, self._total)

    def _count(self) -> int:
        """Return how many rows the whole export has."""
        conditions, values = self._conditions(None)
        statement = f"SELECT COUNT(*) FROM ({self._source()}) x WHERE {conditions}"  # noqa: S608  # as above
        with contextlib.closing(self._stream(statement, values)) as stream:
            return int(next(stream)[0][0])

    def count_reserved(self) -> int:
        """Return how many rows are left out because their pages' owners reserved text and data
        mining.
        """
        conditions, values = self._conditions(None, training=False)
        reserved = _RESERVED.format(tdm=_TDM.format("x"))
        statement = f"SELECT COUNT(*) FROM ({self._source()}) x WHERE {conditions} AND {reserved}"  # noqa: S608  # as above
        return int(self._connection.execute(text(statement), values).scalar_one())

    def partitions(self) -> list[Partition]:
        """Return the sites and years of the articles to which the rows belong."""
        conditions, values = self._conditions(None)
        year = _year(self._connection.dialect.name, _PUBLISHED[self._origin])
        statement = f"SELECT DISTINCT x.site, {year} FROM ({self._source()}) x WHERE {conditions}"  # noqa: S608  # as above
        with contextlib.closing(self._stream(statement, values)) as stream:
            found = [Partition(site, its_year) for rows in stream for site, its_year in rows]
        return sorted(found, key=lambda one: (one.site, one.year or ""))

    def _source(self) -> str:
        joined = _JOINED[self._connection.dialect.name]
        return _ORIGIN[self._origin].format(
            site=_SITE,
            authors=joined.format("name", "authors"),
            keywords=joined.format("keyword", "keywords"),
            tdm=_TDM.format("a"),
        )

    def _conditions(
        self, partition: Partition | None, *, training: bool | None = None
    ) -> tuple[str, dict[str, Any]]:
        request, dialect = self._request, self._connection.dialect.name
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

    def _stream(self, statement: str, values: dict[str, Any]) -> Generator[Sequence[Any]]:
        streamed = text(statement).execution_options(stream_results=True, max_row_buffer=BATCH)
        try:
            with self._connection.execute(streamed, values) as result:
                while rows := result.fetchmany(BATCH):
                    yield rows
        except DBAPIError as error:
            raise BadExport(
                f"The archive cannot answer that: {' '.join(str(error.orig).split())}"
            ) from error

    def _finish(self, found: dict[str, Any], ids: Sequence[int], page_ids: Sequence[int]) -> Batch:
        wanted = {field.name: field for field in self.fields}
        parts: dict[str, Any] = {}
        if "authors" in wanted and self._origin == "articles":
            parts["authors"] = self._authors(ids)
        if "keywords" in wanted:
            parts["keywords"] = self._keywords(ids)
        if "tdm_reservation" in wanted:
            parts["tdm_reservation"] = self._reservations(page_ids)
        if "comments" in wanted:
            parts["comments"] = self._threads(ids)
        return {
            name: parts[name] if name in parts else self._treated(field, found[name])
            for name, field in wanted.items()
        }

    def _treated(self, field: Field, values: Sequence[Any]) -> Sequence[Any]:
        if field.kind == "moment":
            return _iso(values)
        if field.kind == "boolean":
            return [bool(value) for value in values]
        if self._origin == "comments":
            return self._treated_comment(field.name, values)
        return values

    def _treated_comment(self, name: str, values: Sequence[Any]) -> Sequence[Any]:
        if name == "author" and not self._request.names:
            return [self._pseudonyms.of(value) for value in values]
        if name == "text" and self._request.mask:
            return [mask_contacts(value) for value in values]
        return values

    def _parts(self, names: str, table: str, owner: str, ids: Sequence[int]) -> Sequence[Any]:
        """Return owner and *names* of the rows of *table* that hang on a batch's articles or pages."""
        order = "id" if table == "fetches" else "position, id"
        stated = f" AND {names} IS NOT NULL" if table == "fetches" else ""
        # Keys, not parameters: there are more of them than a driver takes. The range tells
        # PostgreSQL that they are few.
        among = (
            f"{owner} BETWEEN {min(ids)} AND {max(ids)} AND {owner} IN ({', '.join(map(str, ids))})"
        )
        statement = (
            f"SELECT {owner}, {names} FROM {table} WHERE {among}{stated} ORDER BY {owner}, {order}"  # noqa: S608  # our own names
        )
        return self._connection.exec_driver_sql(statement).fetchall()

    def _authors(self, ids: Sequence[int]) -> Records:
        names = [field.name for field in AUTHOR]
        owners, *columns = _columns(
            self._parts(", ".join(names), "authors", "article_id", ids), 1 + len(names)
        )
        return Records.of(owners, columns, ids)

    def _keywords(self, ids: Sequence[int]) -> list[list[str]]:
        owners, words = _columns(self._parts("keyword", "keywords", "article_id", ids), 2)
        held, given = Counter(owners), iter(words)
        return [list(islice(given, held[key])) for key in ids]

    def _reservations(self, page_ids: Sequence[int]) -> list[str | None]:
        stated: dict[int, str | None] = dict.fromkeys(page_ids)
        rows = self._parts("tdm_reservation", "fetches", "page_id", page_ids)
        stated.update((page_id, reservation) for page_id, reservation in rows)
        return list(stated.values())

    def _threads(self, ids: Sequence[int]) -> Records:
        fields = self._comment_fields
        rows = self._parts(", ".join(field.name for field in fields), "comments", "article_id", ids)
        owners, *columns = _columns(rows, 1 + len(fields))
        treated = [
            self._treated_in_thread(field, values)
            for field, values in zip(fields, columns, strict=True)
        ]
        return Records.of(owners, treated, ids)

    def _treated_in_thread(self, field: Field, values: Sequence[Any]) -> Sequence[Any]:
        if field.kind in {"moment", "boolean"}:
            return self._treated(field, values)
        return self._treated_comment(field.name, values)


def _columns(rows: Sequence[Any], width: int) -> Sequence[Sequence[Any]]:
    return tuple(zip(*rows, strict=True)) or ((),) * width


def _iso(values: Sequence[Any]) -> list[str | None]:
    """Return moments as either driver gives them ("2024-05-01 06:00:00+00:00", or that datetime) as
    ISO text in UTC.
    """
    return [
        value if value is None else f"{(said := str(value))[:10]}T{said[11:-6]}Z"
        for value in values
    ]


def _year(dialect: str, column: str) -> str:
    return f"substr({column}, 1, 4)" if dialect == "sqlite" else f"to_char({column}, 'YYYY')"
