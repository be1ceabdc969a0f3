"""Making a dataset: rows are streamed into its files, and what describes it goes with them."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from storage.database import Archive
from storage.exports.corpus import CorpusFile
from storage.exports.croissant import croissant
from storage.exports.data_package import data_package
from storage.exports.dataset_card import card
from storage.exports.fields import BadExport, ExportRequest
from storage.exports.made import CardCounts, Made, describe_file, manifest
from storage.exports.nested import Batch
from storage.exports.network import NetworkFile
from storage.exports.partitions import ExportedPart, Spread, divide
from storage.exports.rows import Rows
from storage.exports.selection import Partition
from storage.exports.target import MANIFEST, publish_file, publish_folder, temporary
from storage.exports.text_files import CsvFile, JsonLinesFile, suffix_of
from storage.extras import how_to_install
from storage.privacy import Pseudonyms
from storage.progress import Report, no_report


class _File(Protocol):
    def write(self, batch: Batch) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Way:
    """How an export is made: who is shown how far it is, and what has the parts of a partitioned
    one written by many workers.
    """

    report: Report = no_report
    spread: Spread | None = None


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
        with archive.read() as connection, temporary(target) as fresh:
            rows = Rows(connection, request, pseudonyms, way.report)
            left_out = rows.count_reserved() if request.training else 0
            if way.spread is None:
                counts, written = _write(rows, request, fresh)
            else:
                parts = divide(
                    connection,
                    request,
                    pseudonyms,
                    {one: _part_path(fresh, one) for one in rows.partitions()},
                )
                counts, written = _gather(rows, way.spread(parts))
            files = [
                describe_file(
                    path, str(path.relative_to(fresh)) if request.in_folder else target.name
                )
                for path in written
            ]
            facts = {"last_read": rows.last_read, "extractor_versions": sorted(rows.versions)}
            made = Made(
                request=request,
                fields=rows.fields,
                files=files,
                counts=counts,
                left_out=left_out,
                facts=facts,
            )
            publish = publish_folder if request.in_folder else publish_file
            publish(fresh, target, _descriptions(made))
            return manifest(made, version("knipsel"))
    except OSError as error:
        raise BadExport(f"{target} cannot be written: {error.strerror or error}.") from error


def _write_file(
    rows: Rows, request: ExportRequest, path: Path, partition: Partition | None = None
) -> tuple[CardCounts, list[Path]]:
    counts = CardCounts()
    file = _open(path, rows, request, counts)
    with contextlib.closing(file), contextlib.closing(rows.batches(partition)) as batches:
        for batch in batches:
            file.write(batch)
            counts.add(batch, request.day)
    return counts, [path]


def _open(path: Path, rows: Rows, request: ExportRequest, counts: CardCounts) -> _File:
    if not request.is_table:
        counting = CorpusFile if request.form == "vrt" else NetworkFile
        return counting(path, rows.fields, request, counts)
    if request.form != "parquet":
        kind = CsvFile if request.form == "csv" else JsonLinesFile
        return kind(path, rows.fields, request)
    try:
        from storage.exports.parquet import ParquetFile  # noqa: PLC0415  # pyarrow is an extra, and slow to load
    except ModuleNotFoundError as error:
        raise BadExport(f"Parquet needs its library: {how_to_install('parquet')}") from error
    return ParquetFile(path, rows.fields, request)


def _write(rows: Rows, request: ExportRequest, fresh: Path) -> tuple[CardCounts, list[Path]]:
    if request.partitioned:
        return _write_partitions(rows, request, fresh)
    path = fresh
    if request.folder:
        path = fresh / "data" / f"{request.dataset}{suffix_of(request)}"
        path.parent.mkdir(parents=True)
    return _write_file(rows, request, path)


def _gather(rows: Rows, parts: Iterator[ExportedPart]) -> tuple[CardCounts, list[Path]]:
    """Wait for every part; what *rows* knows of all is gathered from them."""
    total, written = CardCounts(), []
    for part in parts:
        written.append(part.path)
        total.merge(part.counts)
        rows.merge(part.versions, part.newest)
    return total, written


def _write_partitions(
    rows: Rows, request: ExportRequest, folder: Path
) -> tuple[CardCounts, list[Path]]:
    total, written = CardCounts(), []
    folder.mkdir()
    for partition in rows.partitions():
        path = _part_path(folder, partition)
        path.parent.mkdir(parents=True, exist_ok=True)
        counts, _paths = _write_file(rows, request, path, partition)
        written.append(path)
        total.merge(counts)
    return total, written


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
