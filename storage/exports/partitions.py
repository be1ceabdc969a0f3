"""An export in parts, one file for each site and year, that several workers write at once from one
moment of the archive.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from storage.exports.fields import BadExport, ExportRequest
from storage.exports.made import CardCounts
from storage.exports.rows import Rows
from storage.exports.selection import Partition
from storage.privacy import Pseudonyms


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPart:
    """One file to write: at *path*, which every worker must see, as the archive was when
    *snapshot* was taken.
    """

    request: ExportRequest
    pseudonyms: Pseudonyms
    partition: Partition
    path: Path
    snapshot: str

    def failed(self) -> "ExportedPart":
        """Raise BadExport: a dataset is whole or it is none."""
        raise BadExport(
            f"The part {self.partition.site}, {self.partition.year} could not be "
            "written: its workers died."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedPart:
    """A file that was written, what is in it, by which extractors it was read, and when last as the
    database has it.
    """

    path: Path
    counts: CardCounts
    versions: frozenset[str]
    newest: Any


Spread = Callable[[Sequence[ExportPart]], Iterator[ExportedPart]]


def divide(
    connection: Connection,
    request: ExportRequest,
    pseudonyms: Pseudonyms,
    paths: Mapping[Partition, Path],
) -> list[ExportPart]:
    """Return the parts to write, all from what *connection* sees, as long as its transaction lasts.

    Raises BadExport on SQLite, whose file is on one machine.
    """
    if connection.dialect.name != "postgresql":
        raise BadExport(
            "A cluster exports from PostgreSQL, where all workers read one moment; "
            "this archive is a SQLite file."
        )
    snapshot: str = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    return [
        ExportPart(
            request=request,
            pseudonyms=pseudonyms,
            partition=partition,
            path=path,
            snapshot=snapshot,
        )
        for partition, path in paths.items()
    ]


def export_part(connection: Connection, part: ExportPart) -> ExportedPart:
    """Write one part; it replaces what an earlier try left. Raises BadExport and OSError."""
    from storage.exports.parquet import ParquetFile  # noqa: PLC0415  # pyarrow is an extra, and slow to load

    connection.execute(
        text(f"SET TRANSACTION SNAPSHOT '{part.snapshot}'")
    )  # the name is PostgreSQL's own
    rows, counts = Rows(connection, part.request, part.pseudonyms), CardCounts()
    part.path.parent.mkdir(parents=True, exist_ok=True)
    file = ParquetFile(part.path, rows.fields, part.request)
    with contextlib.closing(file), contextlib.closing(rows.batches(part.partition)) as batches:
        for batch in batches:
            file.write(batch)
            counts.add(batch, part.request.day)
    return ExportedPart(
        path=part.path, counts=counts, versions=frozenset(rows.versions), newest=rows.newest
    )
