"""Parquet files of a dataset: typed and nested columns, written by a thread of its own while the next rows are read."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from storage.exports.fields import AUTHOR, Field, comment_fields, shown_name
from storage.exports.request import ExportRequest

ROWS_PER_GROUP = 20_000
MOMENT = pa.timestamp("us", tz="UTC")
# Texts repeat too seldom for a dictionary to pay.
LONG_TEXTS = frozenset({"article_body", "articleBody", "text", "description", "headline", "url", "canonical_url"})

_TYPES = {"text": pa.string(), "integer": pa.int64(), "boolean": pa.bool_(), "moment": MOMENT, "texts": pa.list_(pa.string())}


class ParquetFile:
    """A Parquet file, written batch by batch in groups of about 20,000 rows."""

    def __init__(self, path: Path, fields: Sequence[Field], request: ExportRequest) -> None:
        self._fields = fields
        self._request = request
        self.schema = arrow_schema(fields, request)
        few = [name for name in self.schema.names if name not in LONG_TEXTS and pa.types.is_string(self.schema.field(name).type)]
        self._writer = pq.ParquetWriter(
            path,
            self.schema,
            compression=request.compression or "zstd",
            use_dictionary=few,
            write_statistics=[name for name in self.schema.names if name not in LONG_TEXTS],
        )
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parquet")
        self._written: Future[None] | None = None

    def write(self, batch: dict[str, Sequence[Any]]) -> None:
        """Take the rows of *batch*; they are written when a group is full."""
        arrays = [_array(field, batch[field.name], self.schema.field(place)) for place, field in enumerate(self._fields)]
        self._waiting.append(pa.RecordBatch.from_arrays(arrays, schema=self.schema))
        self._rows += len(self._waiting[-1])
        if self._rows >= ROWS_PER_GROUP:
            self._flush()

    def close(self) -> None:
        """Write what waits and finish the file."""
        try:
            if self._waiting:
                self._flush()
            self._settle()
        finally:
            self._thread.shutdown()
            self._writer.close()

    def _flush(self) -> None:
        self._settle()
        group = pa.Table.from_batches(self._waiting, schema=self.schema)
        self._waiting, self._rows = [], 0
        self._written = self._thread.submit(self._writer.write_table, group, row_group_size=len(group))

    def _settle(self) -> None:
        if self._written is not None:
            self._written.result()


def arrow_schema(fields: Sequence[Field], request: ExportRequest) -> pa.Schema:
    """Return the Arrow schema of *fields*, each with its meaning."""
    return pa.schema(_arrow_field(field, request) for field in fields)


def _arrow_field(field: Field, request: ExportRequest) -> pa.Field:
    if field.kind in {"authors", "comments"}:
        parts = AUTHOR if field.kind == "authors" else comment_fields(request)
        kind: pa.DataType = pa.list_(pa.struct([_arrow_field(part, request) for part in parts]))
    else:
        kind = _TYPES[field.kind]
    return pa.field(shown_name(field, request), kind, metadata={"description": field.meaning})


def _array(field: Field, values: Sequence[Any], wanted: pa.Field) -> pa.Array:
    if field.kind == "moment":
        return pc.cast(pa.array(values, pa.string()), MOMENT)
    if field.kind in {"authors", "comments"}:
        return _records(values, wanted)
    return pa.array(values, wanted.type)


def _records(values: Sequence[Sequence[dict[str, Any]]], wanted: pa.Field) -> pa.Array:
    """Return lists of records column by column: several times faster than handing Arrow the dictionaries."""
    offsets = [0]
    for records in values:
        offsets.append(offsets[-1] + len(records))
    flat = [record for records in values for record in records]
    struct = wanted.type.value_type
    names = list(flat[0]) if flat else [part.name for part in struct]
    parts = []
    for name, part in zip(names, struct, strict=True):
        column = [record[name] for record in flat]
        plain = pa.array(column, pa.string()) if part.type == MOMENT else pa.array(column, part.type)
        parts.append(pc.cast(plain, MOMENT) if part.type == MOMENT else plain)
    records = pa.StructArray.from_arrays(parts, fields=list(struct))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), records, type=wanted.type)
