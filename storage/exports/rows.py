"""The archive's rows as an export wants them: in the order of their keys, names and contact details
treated.
"""

import contextlib
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
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
from storage.exports.made import Seen
from storage.exports.moments import iso
from storage.exports.nested import Batch, Records, columns_of
from storage.exports.selection import Partition, Selection, among, selected
from storage.privacy import Pseudonyms
from storage.records import Field
from storage.urls import site_named

BATCH = 500
MOST_COMMENTS = 1_000

_KNOWN = "SELECT 1 FROM sites WHERE name = :site"
# What of a link may name somebody.
_CONTACTS = frozenset({"url", "canonical_url", "text"})
_PARTS = ("authors", "keywords", "comments", "tdm_reservation")


class Rows:
    """The rows of one export, read in one transaction: what is stored meanwhile is not part of it.

    ``seen`` is what was seen of those that were read. Raises BadExport when the archive has no such
    site.
    """

    def __init__(
        self, connection: Connection, request: ExportRequest, pseudonyms: Pseudonyms
    ) -> None:
        self.connection = connection
        self.request = request
        self.pseudonyms = pseudonyms
        self.fields = chosen_fields(request)
        if (
            request.site
            and connection.execute(text(_KNOWN), {"site": site_named(request.site)}).first() is None
        ):
            raise BadExport(
                f"The archive has no site {request.site}; knipsel sites lists those that it has."
            )
        self.seen = Seen()
        self._comment_fields = comment_fields(request)
        self._origin = request.origin
        self._selection = Selection(request, connection.dialect.name)
        self._columns = [
            field
            for field in self.fields
            if field.kind != "links" and (self._origin != "articles" or field.name not in _PARTS)
        ]

    def keys(self, partition: Partition | None = None) -> Generator[Sequence[int]]:
        """Yield the keys of the rows in their order: up to 500 at a time, fewer where many comments
        are in them.

        Raises BadExport when the condition of the request is no SQL that this archive understands.
        """
        lot, held = list[int](), 0
        with contextlib.closing(self._stream(*self._selection.keys(partition))) as rows:
            for key, comments in rows:
                if lot and (len(lot) == BATCH or held + comments > MOST_COMMENTS):
                    yield lot
                    lot, held = [], 0
                lot.append(key)
                held += comments
        if lot:
            yield lot

    def read(self, keys: Sequence[int]) -> Batch:
        """Return the rows of *keys*, which are in their order: for each field its values, moments
        as ISO text in UTC, lists of records as Records.
        """
        rows = self._select(self._selection.rows(self._columns, keys), keys)
        if len(rows) != len(keys):
            raise BadExport("The archive does not hold all rows that it named: was it exchanged?")
        ids, page_ids, versions, seen, *columns = zip(*rows, strict=True)
        names = (field.name for field in self._columns)
        batch = self._finish(dict(zip(names, columns, strict=True)), ids, page_ids)
        self.seen.counts.add(batch, self.request.day)
        self.seen.versions.update(versions)
        self.seen.newest = max(*seen, self.seen.newest or seen[0])
        return batch

    def count(self) -> int:
        """Return how many rows the whole export has. Raises BadExport as ``keys`` does."""
        return self._number(*self._selection.count())

    def count_reserved(self) -> int:
        """Return how many rows are left out because their pages' owners reserved text and data
        mining.
        """
        return self._number(*self._selection.count_reserved())

    def partitions(self) -> list[Partition]:
        """Return the sites and years of the articles to which the rows belong."""
        statement, values = self._selection.partitions()
        with self._answering():
            found = self.connection.execute(text(statement), values).all()
        parts = [Partition(site, its_year) for site, its_year in found]
        return sorted(parts, key=lambda one: (one.site, one.year or ""))

    def _number(self, statement: str, values: dict[str, Any]) -> int:
        with self._answering():
            return int(self.connection.execute(text(statement), values).scalar_one())

    def _stream(self, statement: str, values: dict[str, Any]) -> Generator[Any]:
        streamed = text(statement).execution_options(stream_results=True, max_row_buffer=BATCH)
        with self._answering(), self.connection.execute(streamed, values) as result:
            rows = result.fetchmany(1)
            # SQLAlchemy holds the first row; the others come from the driver, which an interrupt
            # leaves as it is.
            cursor: Any = result.cursor
            while rows:
                yield from rows
                rows = cursor.fetchmany(BATCH)

    @contextlib.contextmanager
    def _answering(self) -> Iterator[None]:
        """Raise what the database answers to a statement that it cannot run as BadExport."""
        driver_error: Any = self.connection.dialect.loaded_dbapi.Error
        try:
            yield
        except (DBAPIError, driver_error) as error:
            told = str(getattr(error, "orig", error))
            raise BadExport(f"The archive cannot answer that: {' '.join(told.split())}") from error

    def _select(self, statement: str, keys: Sequence[int]) -> Sequence[Any]:
        """Return the rows of a *statement* whose first column is one of *keys*."""
        with (
            self._answering(),
            contextlib.closing(self.connection.connection.cursor()) as cursor,
        ):
            cursor.execute(statement)
            rows: Sequence[Any] = cursor.fetchall()
        if max(keys) - min(keys) < len(keys):
            return rows
        wanted = set(keys)
        return [row for row in rows if row[0] in wanted]

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
            return iso(values)
        if field.kind == "boolean":
            return [bool(value) for value in values]
        if self._origin == "comments":
            return self._treated_comment(field, values)
        return self._masked(field, values) if self._origin == "links" else values

    def _masked(self, field: Field, values: Sequence[Any]) -> Sequence[Any]:
        if not self.request.mask or field.name not in _CONTACTS:
            return values
        return [value and mask_contacts(value) for value in values]

    def _treated_comment(self, field: Field, values: Sequence[Any]) -> Sequence[Any]:
        if field.kind == "name" and not self.request.names:
            return [self.pseudonyms.of(value) for value in values]
        if field.name == "text" and self.request.mask:
            return [mask_contacts(value) for value in values]
        return values

    def _parts(self, names: str, table: str, owner: str, keys: Sequence[int]) -> Sequence[Any]:
        """Return owner and *names* of the rows of *table* that hang on a batch's articles
        or pages.
        """
        order = "id" if table == "fetches" else "position, id"
        stated = f" AND {names} IS NOT NULL" if table == "fetches" else ""
        if table == "links" and owner == "article_id":
            stated = " AND comment_id IS NULL"
        # To read a long list costs more than to leave out as many small rows.
        chosen = among(owner, keys, spare=len(keys))
        return self._select(
            f"SELECT {owner}, {names} FROM {table} WHERE {chosen}{stated} "  # noqa: S608  # our own names
            f"ORDER BY {owner}, {order}",
            keys,
        )

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
        return [stated[page_id] for page_id in page_ids]

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
