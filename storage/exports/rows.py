"""The archive's rows as an export wants them: streamed in the order of their keys, names and
contact details treated.
"""

import contextlib
from collections import Counter
from collections.abc import Collection, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.contacts import mask_contacts
from storage.exports.fields import (
    AUTHOR,
    LINK,
    BadExport,
    ExportRequest,
    chosen_fields,
    comment_fields,
)
from storage.exports.nested import Batch, Records, columns_of
from storage.exports.selection import Partition, Selection, selected
from storage.privacy import Pseudonyms
from storage.progress import Report, no_report
from storage.records import Field
from storage.urls import site_named

BATCH = 500

_KNOWN = "SELECT 1 FROM sites WHERE name = :site"
# What of a link may name somebody.
_CONTACTS = frozenset({"url", "canonical_url", "text"})
_PARTS = ("authors", "keywords", "comments", "tdm_reservation")


class Rows:
    """The rows of one export, read in one transaction: what is stored meanwhile is not part of it.

    Raises BadExport when the archive has no such site.
    """

    def __init__(
        self,
        connection: Connection,
        request: ExportRequest,
        pseudonyms: Pseudonyms,
        report: Report = no_report,
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
                f"The archive has no site {request.site}; knipsel sites lists those that it has."
            )
        self.versions: set[str] = set()
        self._last_read: Any = None
        self._comment_fields = comment_fields(request)
        self._origin = request.origin
        self._selection = Selection(request, connection.dialect.name)
        self._columns = [
            field
            for field in self.fields
            if field.kind != "links" and (self._origin != "articles" or field.name not in _PARTS)
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
        """Yield up to 500 rows at a time: for each field its values, moments as ISO text in UTC,
        lists of records as Records.

        Raises BadExport when the condition of the request is no SQL that this archive understands.
        """
        self._total = self._count() if self._total is None else self._total
        stream = self._stream(*self._selection.rows(self._columns, partition))
        names = [field.name for field in self._columns]
        serves = self._connection.dialect.name != "sqlite"
        with contextlib.closing(stream), ThreadPoolExecutor(1, "export") as ahead:
            rows = next(stream, None)
            while rows:
                ids, page_ids, versions, seen, *columns = zip(*rows, strict=True)
                self.versions.update(versions)
                self._last_read = max(*seen, self._last_read or seen[0])
                batch = self._finish(dict(zip(names, columns, strict=True)), ids, page_ids)
                # A server reads on while the batch is written; SQLite would wait for its turn at
                # each row.
                coming = ahead.submit(next, stream, None) if serves else None
                yield batch
                self._done += len(ids)
                self._report("rows", self._done, self._total)
                rows = coming.result() if coming else next(stream, None)

    def _count(self) -> int:
        """Return how many rows the whole export has."""
        statement, values = self._selection.count()
        with contextlib.closing(self._stream(statement, values)) as stream:
            return int(next(stream)[0][0])

    def count_reserved(self) -> int:
        """Return how many rows are left out because their pages' owners reserved text and data
        mining.
        """
        statement, values = self._selection.count_reserved()
        return int(self._connection.execute(text(statement), values).scalar_one())

    def partitions(self) -> list[Partition]:
        """Return the sites and years of the articles to which the rows belong."""
        statement, values = self._selection.partitions()
        with contextlib.closing(self._stream(statement, values)) as stream:
            found = [Partition(site, its_year) for rows in stream for site, its_year in rows]
        return sorted(found, key=lambda one: (one.site, one.year or ""))

    def _stream(self, statement: str, values: dict[str, Any]) -> Generator[Sequence[Any]]:
        streamed = text(statement).execution_options(stream_results=True, max_row_buffer=BATCH)
        driver_error: Any = self._connection.dialect.loaded_dbapi.Error
        try:
            with self._connection.execute(streamed, values) as result:
                rows: list[Any] = list(result.fetchmany(1))
                # SQLAlchemy holds the first row; its own rows cost a third of the reading, so the
                # others come from the driver.
                cursor: Any = result.cursor
                if rows:
                    rows += cursor.fetchmany(BATCH - 1)
                while rows:
                    yield rows
                    rows = cursor.fetchmany(BATCH)
        except (DBAPIError, driver_error) as error:
            told = str(getattr(error, "orig", error))
            raise BadExport(f"The archive cannot answer that: {' '.join(told.split())}") from error

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
        if "links" in wanted:
            parts["links"] = self._links(ids, self._origin)
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
            return self._treated_comment(field, values)
        return self._masked(field, values) if self._origin == "links" else values

    def _masked(self, field: Field, values: Sequence[Any]) -> Sequence[Any]:
        if not self._request.mask or field.name not in _CONTACTS:
            return values
        return [value and mask_contacts(value) for value in values]

    def _treated_comment(self, field: Field, values: Sequence[Any]) -> Sequence[Any]:
        if field.kind == "name" and not self._request.names:
            return [self._pseudonyms.of(value) for value in values]
        if field.name == "text" and self._request.mask:
            return [mask_contacts(value) for value in values]
        return values

    def _parts(self, names: str, table: str, owner: str, ids: Sequence[int]) -> Sequence[Any]:
        """Return owner and *names* of the rows of *table* that hang on a batch's articles
        or pages.
        """
        order = "id" if table == "fetches" else "position, id"
        stated = f" AND {names} IS NOT NULL" if table == "fetches" else ""
        if table == "links" and owner == "article_id":
            stated = " AND comment_id IS NULL"
        among, width = f"{owner} BETWEEN {min(ids)} AND {max(ids)}", max(ids) - min(ids) + 1
        if width > 2 * len(ids):
            # Keys, not parameters: there are more of them than a driver takes. To read so long a
            # list costs more than to leave a few rows out.
            among += f" AND {owner} IN ({', '.join(map(str, ids))})"
        statement = (
            f"SELECT {owner}, {names} FROM {table} WHERE {among}{stated} ORDER BY {owner}, {order}"  # noqa: S608  # our own names
        )
        with contextlib.closing(self._connection.connection.cursor()) as cursor:
            cursor.execute(statement)
            rows = cursor.fetchall()
        if width == len(ids):
            return rows
        wanted = set(ids)
        return [row for row in rows if row[0] in wanted]

    def _authors(self, ids: Sequence[int]) -> Records:
        names = [field.name for field in AUTHOR]
        owners, *columns = columns_of(
            self._parts(", ".join(names), "authors", "article_id", ids), 1 + len(names)
        )
        return Records.of(owners, columns, ids)

    def _keywords(self, ids: Sequence[int]) -> list[list[str]]:
        owners, words = columns_of(self._parts("keyword", "keywords", "article_id", ids), 2)
        held, given = Counter(owners), iter(words)
        return [list(islice(given, held[key])) for key in ids]

    def _reservations(self, page_ids: Sequence[int]) -> list[str | None]:
        stated: dict[int, str | None] = dict.fromkeys(page_ids)
        rows = self._parts("tdm_reservation", "fetches", "page_id", page_ids)
        stated.update((page_id, reservation) for page_id, reservation in rows)
        return list(stated.values())

    def _threads(self, ids: Sequence[int]) -> Records:
        fields = [field for field in self._comment_fields if field.kind != "links"]
        rows = self._parts(", ".join(map(selected, fields)), "comments", "article_id", ids)
        owners, *columns = columns_of(rows, 1 + len(fields))
        found = dict(zip((field.name for field in fields), columns, strict=True))
        treated = [
            self._links(found["id"], "comments")
            if field.kind == "links"
            else self._treated_in_thread(field, found[field.name])
            for field in self._comment_fields
        ]
        return Records.of(owners, treated, ids)

    def _links(self, ids: Sequence[int], origin: str) -> Records:
        """Return the links of the texts of articles or comments."""
        owner = "comment_id" if origin == "comments" else "article_id"
        names = [field.name for field in LINK]
        found: dict[int, list[Any]] = {}
        for row in self._parts(", ".join(names), "links", owner, ids) if ids else ():
            found.setdefault(row[0], []).append(row[1:])
        rows = [row for key in ids for row in found.get(key, ())]
        columns = columns_of(rows, len(names))
        if origin == "comments":
            columns = [self._masked(*pair) for pair in zip(LINK, columns, strict=True)]
        return Records([len(found.get(key, ())) for key in ids], columns)

    def _treated_in_thread(self, field: Field, values: Sequence[Any]) -> Sequence[Any]:
        if field.kind in {"moment", "boolean"}:
            return self._treated(field, values)
        return self._treated_comment(field, values)


def _iso(values: Sequence[Any]) -> list[str | None]:
    """Return moments as either database writes them ("2024-05-01 06:00:00+00:00", or "+00" and a
    fraction of a second without its last zeros) as ISO text in UTC.
    """
    return [
        value and (_second(value) if value[19] == "+" else _fraction(value)) for value in values
    ]


def _second(moment: str) -> str:
    return f"{moment[:10]}T{moment[11:19]}Z"


def _fraction(moment: str) -> str:
    return f"{moment[:10]}T{moment[11:].partition('+')[0]:0<15}Z"
