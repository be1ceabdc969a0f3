"""Text files of a dataset: JSON Lines and CSV, plain or compressed, the same bytes for the same
rows.
"""

import csv
import gzip
import io
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from storage.exports.fields import ExportRequest, names_of, parts_of, shown_name
from storage.exports.nested import Batch, Records
from storage.records import Field

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# What a spreadsheet takes for the beginning of a formula, full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class JsonLinesFile:
    """A file with a JSON object a line, written batch by batch."""

    def __init__(self, path: Path, fields: Sequence[Field], request: ExportRequest) -> None:
        self._raw = path.open("wb")
        self._packed = packed(self._raw, request.compression)
        self._names = {field.name: shown_name(field, request) for field in fields}
        self._parts = {field.name: names_of(parts_of(field, request), request) for field in fields}

    def write(self, batch: Batch) -> None:
        """Write the rows of *batch*."""
        columns = [self._listed(name, batch[name]) for name in self._names]
        names = tuple(self._names.values())
        rows = (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
        self._packed.write(
            b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
        )

    def close(self) -> None:
        """Finish the file."""
        self._packed.close()
        self._raw.close()

    def _listed(self, name: str, values: Sequence[Any] | Records) -> Sequence[Any]:
        return values.lists(self._parts[name]) if isinstance(values, Records) else values


class CsvFile:
    """A table for spreadsheets, written batch by batch."""

    def __init__(self, path: Path, fields: Sequence[Field], request: ExportRequest) -> None:
        self._fields = fields
        self._raw = path.open("wb")
        self._stream = io.TextIOWrapper(
            packed(self._raw, request.compression), "utf-8", newline="", write_through=True
        )
        self._stream.write("\ufeff")  # without it Excel reads UTF-8 as another alphabet
        self._table = csv.writer(self._stream, delimiter=request.delimiter, lineterminator="\r\n")
        self._table.writerow([shown_name(field, request) for field in fields])

    def write(self, batch: Batch) -> None:
        """Write the rows of *batch*."""
        columns = [_cells(field, batch[field.name]) for field in self._fields]
        self._table.writerows(zip(*columns, strict=True))

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()
        self._raw.close()


def packed(raw: BinaryIO, compression: str | None) -> Any:
    """Return what writes into *raw*, compressed where that is asked."""
    if compression == "gzip":
        return gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0)
    if compression == "zstd":
        return zstd.ZstdFile(raw, "wb", level=3)
    return raw


def suffix_of(request: ExportRequest) -> str:
    """Return how the name of a file of that form and compression ends."""
    packing = {"gzip": ".gz", "zstd": ".zst"} if request.form != "parquet" else {}
    return f".{request.form}{packing.get(request.compression or '', '')}"


def _cells(field: Field, values: Sequence[Any] | Records) -> Sequence[Any]:
    if isinstance(values, Records):
        first = values.columns[0]
        names = iter(() if isinstance(first, Records) else first)
        return [guard("; ".join(islice(names, count))) for count in values.counts]
    if field.kind == "texts":
        return [guard("; ".join(parts)) for parts in values]
    if field.kind == "boolean":
        return ["true" if value else "false" for value in values]
    if field.kind in {"text", "name"}:
        return [guard(value) if value else value for value in values]
    return values


def guard(text: str) -> str:
    """Return *text* as a spreadsheet takes it for text: an apostrophe goes before what would be a
    formula.
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
