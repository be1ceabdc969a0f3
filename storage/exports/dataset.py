"""Making a dataset: rows are streamed into files under a temporary name, which replace the old ones
when all is whole.
"""

import contextlib
import glob
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from storage.database import Archive
from storage.exports.dataset_card import CardCounts, Made, card, describe_file, manifest
from storage.exports.fields import BadExport, ExportRequest
from storage.exports.nested import Batch
from storage.exports.partitions import ExportedPart, Spread, divide
from storage.exports.rows import Rows
from storage.exports.selection import Partition
from storage.exports.text_files import CsvFile, JsonLinesFile
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
    """Write the dataset to *target* with ``TARGET.manifest.json`` and ``TARGET.README.md`` beside
    it, and return its manifest.

    A partitioned dataset is a folder of Parquet files only. What was at *target* is replaced when
    the new is whole, and stays as it was when the export fails. Raises BadExport when it cannot be
    made as asked.
    """
    way = way or Way()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.read() as connection, _temporary(target) as fresh:
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
                describe_file(path, str(target.name / path.relative_to(fresh))) for path in written
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
            return _publish(made, fresh, target)
    except OSError as error:
        raise BadExport(f"{target} cannot be written: {error.strerror or error}.") from error


def partial_paths(target: Path) -> tuple[Path, ...]:
    """Return under which names this process makes the files of an export to *target*."""
    fresh = target.with_name(f".{target.name}.partial-{os.getpid()}")
    return fresh, _manifest_path(fresh), _card_path(fresh)


@contextlib.contextmanager
def _temporary(target: Path) -> Iterator[Path]:
    _clear(target, lambda maker: not _is_running(maker))
    try:
        yield partial_paths(target)[0]
    finally:
        _clear(target, lambda maker: maker == os.getpid())


def _clear(target: Path, whose: Callable[[int], bool]) -> None:
    """Remove temporary files of exports to *target*: one's own, or what a killed one could not take
    away.
    """
    for path in target.parent.glob(f".{glob.escape(target.name)}.partial-*"):
        if not whose(int(path.name.rpartition(".partial-")[2].partition(".")[0])):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _write_file(
    rows: Rows, request: ExportRequest, path: Path, partition: Partition | None = None
) -> tuple[CardCounts, list[Path]]:
    counts, day = (
        CardCounts(),
        "date_created" if request.dataset == "comments" else "date_published",
    )
    file = _open(path, rows, request)
    with contextlib.closing(file), contextlib.closing(rows.batches(partition)) as batches:
        for batch in batches:
            file.write(batch)
            counts.add(batch, day)
    return counts, [path]


def _open(path: Path, rows: Rows, request: ExportRequest) -> _File:
    if request.form != "parquet":
        kind = CsvFile if request.form == "csv" else JsonLinesFile
        return kind(path, rows.fields, request)
    try:
        from storage.exports.parquet import ParquetFile  # noqa: PLC0415  # pyarrow is an extra, and slow to load
    except ModuleNotFoundError as error:
        raise BadExport(f"Parquet needs its library: {how_to_install('parquet')}") from error
    return ParquetFile(path, rows.fields, request)


def _write(rows: Rows, request: ExportRequest, fresh: Path) -> tuple[CardCounts, list[Path]]:
    return (
        _write_partitions(rows, request, fresh)
        if request.partitioned
        else _write_file(rows, request, fresh)
    )


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
        / f"site={_safe(partition.site)}"
        / f"year={partition.year or 'undated'}"
        / "part-0.parquet"
    )


def _safe(site: str) -> str:
    return site.replace(":", "%3A").replace("/", "%2F")


def _publish(made: Made, fresh: Path, target: Path) -> dict[str, Any]:
    """Write manifest and card, then let the new files take the place of the old."""
    described = manifest(made, version("knipsel"))
    _manifest_path(fresh).write_text(
        json.dumps(described, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    _card_path(fresh).write_text(card(made, version("knipsel")), encoding="utf-8")
    if made.request.partitioned:
        _swap(fresh, target)
    else:
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(target)
    _manifest_path(fresh).replace(_manifest_path(target))
    _card_path(fresh).replace(_card_path(target))
    return described


def _swap(fresh: Path, target: Path) -> None:
    """Put the folder *fresh* in the place of *target*; only a folder that an export made is
    replaced.
    """
    if target.exists() and not (target.is_dir() and _manifest_path(target).exists()):
        raise BadExport(f"{target} is there already and is no export: name another folder.")
    if not target.exists():
        fresh.rename(target)
        return
    old = target.with_name(f".{target.name}.old-{os.getpid()}")
    target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old)


def _manifest_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.manifest.json")


def _card_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.README.md")
