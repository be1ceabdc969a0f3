"""Text files of a dataset: JSON Lines and CSV, plain or compressed, the same bytes for the same
rows.
"""

import codecs
import csv
import gzip
import io
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
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


class TextFile:
    """A file of encoded rows, plain or compressed."""

    def __init__(self, path: Path, compression: str | None) -> None:
        self._raw = path.open("wb")
        self._packed = packed(self._raw, compression)

    def write(self, encoded: bytes) -> None:
        """Write encoded rows."""
        self._packed.write(encoded)

    def close(self) -> None:
        """Finish the file."""
        self._packed.close()
        self._raw.close()


class JsonRows:
    """Rows as JSON, an object a line."""

    def __init__(self, fields: Sequence[Field], request: ExportRequest) -> None:
        self.contents = Counter[str]()
        self._compression = request.compression
        self._names = {field.name: shown_name(field, request) for field in fields}
        self._parts = {field.name: names_of(parts_of(field, request), request) for field in fields}

    def encode(self, batch: Batch) -> bytes:
        """Return the lines of *batch*."""
        columns = [self._listed(name, batch[name]) for name in self._names]
        names = tuple(self._names.values())
        rows = (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
        return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)

    def open(self, path: Path) -> TextFile:
        """Return a file for encoded rows at *path*."""
        return TextFile(path, self._compression)

    def _listed(self, name: str, values: Sequence[Any] | Records) -> Sequence[Any]:
        return values.lists(self._parts[name]) if isinstance(values, Records) else values


class CsvRows:
    """Rows as a table for spreadsheets."""

    def __init__(self, fields: Sequence[Field], request: ExportRequest) -> None:
        self.contents = Counter[str]()
        self._compression = request.compression
        self._fields = fields
        self._delimiter = request.delimiter
        self._names = [shown_name(field, request) for field in fields]

    def encode(self, batch: Batch) -> bytes:
        """Return the lines of *batch*."""
        columns = [_cells(field, batch[field.name]) for field in self._fields]
        return self._lines(zip(*columns, strict=True))

    def open(self, path: Path) -> TextFile:
        """Return a file for encoded rows at *path*."""
        file = TextFile(path, self._compression)
        file.write(codecs.BOM_UTF8)  # without it Excel reads UTF-8 as another alphabet
        file.write(self._lines([self._names]))
        return file

    def _lines(self, rows: Iterable[Sequence[Any]]) -> bytes:
        lines = io.StringIO(newline="")
        csv.writer(lines, delimiter=self._delimiter, lineterminator="\r\n").writerows(rows)
        return lines.getvalue().encode()


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
