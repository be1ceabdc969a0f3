"""Text files of a dataset: JSON Lines and CSV, plain or compressed, the same bytes for the same rows."""

import csv
import gzip
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from backports import zstd

from storage.exports.fields import AUTHOR, Field, comment_fields, shown_name
from storage.exports.request import ExportRequest

# What a spreadsheet takes for the beginning of a formula, full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class TextFile:
    """A file of *request*'s form, written batch by batch."""

    def __init__(self, path: Path, fields: Sequence[Field], request: ExportRequest) -> None:
        self._fields = fields
        self._request = request
        self._raw = path.open("wb")
        self._packed = _packed(self._raw, request.compression)
        self._stream = io.TextIOWrapper(self._packed, encoding="utf-8", errors="surrogatepass", newline="", write_through=True)
        self._names = [shown_name(field, request) for field in fields]
        if request.form == "csv":
            self._stream.write("\ufeff")  # without it Excel reads UTF-8 as another alphabet
            self._csv = csv.writer(self._stream, delimiter=request.delimiter, lineterminator="\r\n")
            self._csv.writerow(self._names)

    def write(self, batch: dict[str, Sequence[Any]]) -> None:
        """Write the rows of *batch*."""
        if self._request.form == "csv":
            self._csv.writerows(self._csv_rows(batch))
        else:
            self._stream.write("".join(self._json_lines(batch)))

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()
        self._raw.close()

    def _csv_rows(self, batch: dict[str, Sequence[Any]]) -> Iterator[Sequence[Any]]:
        columns = [_cells(field, batch[field.name]) for field in self._fields]
        return zip(*columns, strict=True)

    def _json_lines(self, batch: dict[str, Sequence[Any]]) -> Iterator[str]:
        columns = [self._renamed(field, batch[field.name]) for field in self._fields]
        encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
        for row in zip(*columns, strict=True):
            yield encode(dict(zip(self._names, row, strict=True))) + "\n"

    def _renamed(self, field: Field, values: Sequence[Any]) -> Sequence[Any]:
        if not self._request.schema_org or field.kind not in {"authors", "comments"}:
            return values
        parts = AUTHOR if field.kind == "authors" else comment_fields(self._request)
        names = [(part.name, shown_name(part, self._request)) for part in parts]
        return [[{shown: record[name] for name, shown in names} for record in records] for records in values]


def _packed(raw: BinaryIO, compression: str | None) -> Any:
    if compression == "gzip":
        return gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0)
    if compression == "zstd":
        return zstd.ZstdFile(raw, "wb", level=3)
    return raw


def _cells(field: Field, values: Sequence[Any]) -> Sequence[Any]:
    if field.kind == "texts":
        return [guard("; ".join(parts)) for parts in values]
    if field.kind == "authors":
        return [guard("; ".join(author["name"] for author in authors)) for authors in values]
    if field.kind == "boolean":
        return ["true" if value else "false" for value in values]
    if field.kind == "text":
        return [guard(value) if value else value for value in values]
    return values


def guard(text: str) -> str:
    """Return *text* as a spreadsheet takes it for text: an apostrophe goes before what would be a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
