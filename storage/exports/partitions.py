"""An export in parts, one file for each site and year, that several workers write at once from one
moment of the archive.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from storage.database import export_snapshot, read_at
from storage.exports.encoder import Encoder, Part
from storage.exports.fields import BadExport, ExportRequest
from storage.exports.made import Seen
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
    """A file that was written, and what was seen of its rows."""

    path: Path
    seen: Seen


Spread = Callable[[Sequence[ExportPart]], Iterator[ExportedPart]]


def divide(encoder: Encoder, parts: Iterable[Part]) -> list[ExportPart]:
    """Return the parts to write, all from what *encoder* sees, as long as its transaction lasts.

    Raises BadExport on SQLite, whose file is on one machine.
    """
    if encoder.rows.connection.dialect.name != "postgresql":
        raise BadExport(
            "A cluster exports from PostgreSQL, where all workers read one moment; "
            "this archive is a SQLite file."
        )
    snapshot = export_snapshot(encoder.rows.connection)
    return [
        ExportPart(
            request=encoder.rows.request,
            pseudonyms=encoder.rows.pseudonyms,
            partition=partition,
            path=path,
            snapshot=snapshot,
        )
        for path, partition in parts
    ]


def export_part(connection: Connection, part: ExportPart) -> ExportedPart:
    """Write one part; it replaces what an earlier try left. Raises BadExport and OSError."""
    read_at(connection, part.snapshot)
    encoder = Encoder(Rows(connection, part.request, part.pseudonyms))
    encoder.write((part.path, part.partition))
    return ExportedPart(path=part.path, seen=encoder.seen())
