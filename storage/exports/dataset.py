"""Making a dataset: rows are streamed into its files, and what describes it goes with them."""

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from storage.database import Archive, reading_once
from storage.exports.croissant import croissant
from storage.exports.data_package import data_package
from storage.exports.dataset_card import card
from storage.exports.encoder import Encoder, Part
from storage.exports.fields import BadExport, ExportRequest
from storage.exports.made import Made, Seen, describe_file, manifest
from storage.exports.partitions import ExportedPart, Spread, divide
from storage.exports.readers import Reader, reader_of
from storage.exports.rows import Rows
from storage.exports.selection import Partition
from storage.exports.target import MANIFEST, publish_file, publish_folder, temporary
from storage.exports.text_files import suffix_of
from storage.privacy import Pseudonyms
from storage.progress import Report, no_report

# Fewer rows take one process no longer than several, which first start for a second: 60,000 took
# two of them 1.2 times as long on a slow machine, 100,000 as long, 186,000 0.7 to 0.9 times.
SHARED_FROM = 150_000


@dataclass(frozen=True, slots=True)
class Way:
    """How an export is made: who is shown how far it is, what has the parts of a partitioned one
    written by the workers of a cluster, and how many processes of this machine read a long one at
    most: four do, one fewer for a single Parquet file, and one alone fewer rows than SHARED_FROM.

    A script that asks for more than one process has what it does behind ``if __name__ ==
    "__main__":``, as for any others.
    """

    report: Report = no_report
    spread: Spread | None = None
    processes: int = 1


def export(
    archive: Archive,
    request: ExportRequest,
    pseudonyms: Pseudonyms,
    target: Path,
    way: Way | None = None,
) -> dict[str, Any]:
    """Write the dataset to *target* with its DESCRIPTIONS, and return its manifest.

    A folder has them inside, and the data in its folder ``data``. What was at *target* is replaced
    when the new is whole, and stays as it was when the export fails. Raises BadExport when it
    cannot be made as asked.
    """
    way = way or Way()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.read() as connection, reading_once(connection), temporary(target) as fresh:
            encoder = Encoder(Rows(connection, request, pseudonyms))
            if way.spread is None:
                seen, written = _write(archive, encoder, way, fresh)
            else:
                seen, written = _gather(way.spread(divide(encoder, _parts(encoder, fresh))))
            left_out = encoder.rows.count_reserved() if request.training else 0
            files = [
                describe_file(
                    path, str(path.relative_to(fresh)) if request.in_folder else target.name
                )
                for path in written
            ]
            made = Made(
                request=request,
                fields=encoder.rows.fields,
                files=files,
                counts=seen.counts,
                left_out=left_out,
                facts=seen.facts(),
            )
            publish = publish_folder if request.in_folder else publish_file
            publish(fresh, target, _descriptions(made))
            return manifest(made, version("knipsel"))
    except OSError as error:
        raise BadExport(f"{target} cannot be written: {error.strerror or error}.") from error


def _write(archive: Archive, encoder: Encoder, way: Way, fresh: Path) -> tuple[Seen, list[Path]]:
    """Write the file, or the files of a partitioned export; return what was seen of the rows and
    where it is.
    """
    request, progress = encoder.rows.request, _Progress(way.report, encoder.rows.count())
    processes = way.processes if progress.total >= SHARED_FROM else 1
    if request.form == "parquet" and not request.partitioned:
        processes -= 1  # to compress one file of it fills a core
    with reader_of(encoder, archive, processes) as reader:
        if request.partitioned:
            written = _write_parts(encoder, reader, fresh, progress)
        else:
            written = [_write_file(encoder, reader, fresh, progress)]
        return Seen.of(reader.seen()), written


def _write_parts(
    encoder: Encoder, reader: Reader, folder: Path, progress: "_Progress"
) -> list[Path]:
    folder.mkdir()
    parts = _parts(encoder, folder)
    for rows in reader.write(parts):
        progress.add(rows)
    return [path for path, _partition in parts]


def _write_file(encoder: Encoder, reader: Reader, fresh: Path, progress: "_Progress") -> Path:
    request = encoder.rows.request
    path = fresh
    if request.folder:
        path = fresh / "data" / f"{request.dataset}{suffix_of(request)}"
        path.parent.mkdir(parents=True)
    with (
        contextlib.closing(encoder.form.open(path)) as file,
        contextlib.closing(encoder.rows.keys()) as lots,
        contextlib.closing(reader.read(progress.reported(lots))) as stream,
    ):
        for encoded in stream:
            file.write(encoded)
    return path


def _parts(encoder: Encoder, folder: Path) -> list[Part]:
    return [(_part_path(folder, one), one) for one in encoder.rows.partitions()]


class _Progress:
    """Reports how many of the *total* rows have been handed out to be read, or are written."""

    def __init__(self, report: Report, total: int) -> None:
        self.total = total
        self._report = report
        self._done = 0

    def reported(self, lots: Iterable[Sequence[int]]) -> Iterator[Sequence[int]]:
        """Yield *lots* of rows' keys, and report each when the next is asked for."""
        for keys in lots:
            yield keys
            self.add(len(keys))

    def add(self, rows: int) -> None:
        """Report *rows* more."""
        self._done += rows
        self._report("rows", self._done, self.total)


def _gather(parts: Iterator[ExportedPart]) -> tuple[Seen, list[Path]]:
    """Wait for every part."""
    exported = list(parts)
    return Seen.of(part.seen for part in exported), [part.path for part in exported]


def _part_path(folder: Path, partition: Partition) -> Path:
    return (
        folder
        / "data"
        / f"site={_safe(partition.site)}"
        / f"year={partition.year or 'undated'}"
        / "part-0.parquet"
    )


def _safe(site: str) -> str:
    return site.replace(":", "%3A").replace("/", "%2F")


def _descriptions(made: Made) -> dict[str, str]:
    """Return what is written beside the data, by name; formats that must name a file are left out
    where there is none.
    """
    own = version("knipsel")
    described: dict[str, Any] = {MANIFEST: manifest(made, own)}
    if made.files:
        described["datapackage.json"] = data_package(made, own)
        described["croissant.json"] = croissant(made, own)
    texts = {
        name: json.dumps(value, ensure_ascii=False, indent=2) + "\n"
        for name, value in described.items()
    }
    return texts | {"README.md": card(made, own)}
