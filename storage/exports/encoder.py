"""An export's rows made ready for its file, in one process or in many: forms, and what was seen."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from storage.exports.corpus import Vertical
from storage.exports.fields import BadExport, ExportRequest
from storage.exports.made import Seen
from storage.exports.nested import Batch
from storage.exports.network import Network
from storage.exports.rows import Rows
from storage.exports.selection import Partition
from storage.exports.text_files import CsvRows, JsonRows
from storage.extras import how_to_install
from storage.records import Field


class OutputFile(Protocol):
    """A file that takes rows as their form has them."""

    def write(self, encoded: Any) -> None:
        """Take encoded rows, which come in their order."""

    def close(self) -> None:
        """Finish the file."""


class FileForm(Protocol):
    """A form that rows are given; ``contents`` are what only the form counts."""

    contents: Counter[str]

    def encode(self, batch: Batch) -> Any:
        """Return the rows of *batch* as the form has them."""

    def open(self, path: Path) -> OutputFile:
        """Return a file for encoded rows at *path*."""


_FORMS: dict[str, Callable[[Sequence[Field], ExportRequest], FileForm]] = {
    "jsonl": JsonRows,
    "csv": CsvRows,
    "vrt": Vertical,
    "gexf": Network,
}


def _form(fields: Sequence[Field], request: ExportRequest) -> FileForm:
    """Return the form that *request* asks for. Raises BadExport where its library is missing."""
    if request.form in _FORMS:
        return _FORMS[request.form](fields, request)
    try:
        from storage.exports.parquet import ArrowRows  # noqa: PLC0415  # pyarrow is an extra, and slow to load
    except ModuleNotFoundError as error:
        raise BadExport(f"Parquet needs its library: {how_to_install('parquet')}") from error
    return ArrowRows(fields, request)


# A file of a partitioned export, and whose rows are in it.
Part = tuple[Path, Partition]


class Encoder:
    """*rows* of one export as its form has them. Raises BadExport as they and the form do."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.form = _form(rows.fields, rows.request)

    def read(self, keys: Sequence[int]) -> Any:
        """Return the rows of *keys*, encoded."""
        return self.form.encode(self.rows.read(keys))

    def read_on(self, lots: Iterable[Sequence[int]]) -> Generator[Any]:
        """Yield the encoded rows of each of *lots*, keys of rows, in their order."""
        if self.rows.connection.dialect.name == "sqlite":
            yield from map(self.read, lots)
            return
        # A server reads on while rows are written; SQLite would wait for its turn at each row.
        batches = map(self.rows.read, lots)
        with ThreadPoolExecutor(1, "export") as ahead:
            batch = next(batches, None)
            while batch is not None:
                coming = ahead.submit(next, batches, None)
                yield self.form.encode(batch)
                batch = coming.result()

    def write(self, part: Part) -> int:
        """Write the rows of a part to its file, and return how many they are; what an earlier try
        left there is replaced.
        """
        path, partition = part
        path.parent.mkdir(parents=True, exist_ok=True)
        counts = self.rows.seen.counts
        before = counts.rows
        with (
            closing(self.form.open(path)) as file,
            closing(self.rows.keys(partition)) as lots,
            closing(self.read_on(lots)) as stream,
        ):
            for encoded in stream:
                file.write(encoded)
        return counts.rows - before

    def seen(self) -> Seen:
        """Return what was seen of all rows that were read."""
        self.rows.seen.counts.contents = self.form.contents
        return self.rows.seen
