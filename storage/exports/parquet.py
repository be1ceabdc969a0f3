"""Parquet files of a dataset: typed and nested columns, written by a thread of its own while the
next rows are read.
"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from storage.exports.fields import NESTED, ExportRequest, parts_of, shown_name
from storage.exports.nested import Batch, Records
from storage.records import Field

BYTES_IN_A_GROUP = 16_000_000
MOMENT = pa.timestamp("us", tz="UTC")
DAY = pa.date32()
# What pandas makes of a folder's name, "site=...": a column of the same name in the files must have
# the same type.
CATEGORY = pa.dictionary(pa.int32(), pa.string())
# Texts repeat too seldom for a dictionary to pay.
LONG_TEXTS = frozenset(
    "article_body articleBody article_html text description headline url canonical_url".split()
)

_TYPES = {
    "text": pa.string(),
    "name": pa.string(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "moment": MOMENT,
    "date": pa.string(),
    "day": DAY,
    "texts": pa.list_(pa.string()),
}


class ArrowRows:
    """Rows as Arrow's columns."""

    def __init__(self, fields: Sequence[Field], request: ExportRequest) -> None:
        # Arrow's own allocator keeps some thirty megabytes more, and is no faster here.
        pa.set_memory_pool(pa.system_memory_pool())
        self.contents = Counter[str]()
        self._compression = request.compression
        self._fields = fields
        self._schema = arrow_schema(fields, request)

    def encode(self, batch: Batch) -> pa.RecordBatch:
        """Return the rows of *batch*."""
        arrays = [
            _array(batch[field.name], kind)
            for field, kind in zip(self._fields, self._schema.types, strict=True)
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)

    def open(self, path: Path) -> "ParquetFile":
        """Return a file for encoded rows at *path*."""
        return ParquetFile(path, self._schema, self._compression)


class ParquetFile:
    """A Parquet file, written batch by batch in groups of about 16 MB."""

    def __init__(self, path: Path, schema: pa.Schema, compression: str | None) -> None:
        self._schema = schema
        texts = (
            field.name
            for field in schema
            if pa.types.is_string(field.type) or field.type == CATEGORY
        )
        few = [name for name in texts if name not in LONG_TEXTS]
        self._writer = pq.ParquetWriter(
            path,
            schema,
            compression=compression or "zstd",
            use_dictionary=few,
            write_statistics=[name for name in schema.names if name not in LONG_TEXTS],
        )
        self._waiting: list[pa.RecordBatch] = []
        self._bytes = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parquet")
        self._written: Future[None] | None = None

    def write(self, encoded: pa.RecordBatch) -> None:
        """Take rows; they are written when a group is full."""
        self._waiting.append(encoded)
        self._bytes += encoded.nbytes
        if self._bytes >= BYTES_IN_A_GROUP:
            self._flush()

    def close(self) -> None:
        """Write what waits and finish the file."""
        try:
            if self._waiting:
                self._flush()
            self._finish_writing()
        finally:
            self._thread.shutdown()
            self._writer.close()

    def _flush(self) -> None:
        self._finish_writing()
        group = pa.Table.from_batches(self._waiting, schema=self._schema)
        self._waiting, self._bytes = [], 0
        self._written = self._thread.submit(
            self._writer.write_table, group, row_group_size=len(group)
        )

    def _finish_writing(self) -> None:
        if self._written is not None:
            self._written.result()


def arrow_schema(fields: Sequence[Field], request: ExportRequest) -> pa.Schema:
    """Return the Arrow schema of *fields*, each with its meaning."""
    return pa.schema(_arrow_field(field, request) for field in fields)


def _arrow_field(field: Field, request: ExportRequest) -> pa.Field:
    if field.kind in NESTED:
        kind: pa.DataType = pa.list_(
            pa.struct([_arrow_field(part, request) for part in parts_of(field, request)])
        )
    else:
        kind = CATEGORY if request.partitioned and field.name == "site" else _TYPES[field.kind]
    return pa.field(shown_name(field, request), kind, metadata={"description": field.meaning})


def _array(values: Sequence[Any] | Records, kind: pa.DataType) -> pa.Array:
    if isinstance(values, Records):
        struct = kind.value_type
        parts = [
            _array(column, part.type) for column, part in zip(values.columns, struct, strict=True)
        ]
        offsets = pa.array(accumulate(values.counts, initial=0), pa.int32())
        return pa.ListArray.from_arrays(
            offsets, pa.StructArray.from_arrays(parts, fields=list(struct)), type=kind
        )
    if kind in {MOMENT, DAY}:
        return pc.cast(pa.array(values, pa.string()), kind)
    return pa.array(values, kind)
