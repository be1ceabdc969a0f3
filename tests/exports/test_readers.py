"""Exports that several processes read: the same bytes as one's, all from one moment, and whole or
not at all.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from storage.database import Archive, read_at, share_moment
from storage.exports import BadExport, ExportRequest, Way, export, readers
from storage.exports import rows as export_rows
from storage.exports.encoder import Encoder
from storage.exports.rows import Rows
from storage.privacy import Pseudonyms
from tests.sample_archive import ARTICLES, fill

pytestmark = pytest.mark.usefixtures("small_lots")

KEY = bytes(range(32))
HEADLINES = ExportRequest(dataset="articles", form="jsonl", columns=("headline",))
CHANGE = text("UPDATE articles SET headline = headline || '!'")


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    "asked",
    [
        {"dataset": "articles", "form": "jsonl"},
        {"dataset": "comments", "form": "csv", "compression": "gzip", "delimiter": ";"},
        {"dataset": "threads", "form": "parquet", "mask": True},
        {"dataset": "links", "form": "jsonl", "compression": "zstd"},
        {"dataset": "comments", "form": "parquet", "partitioned": True},
        {"dataset": "corpus", "form": "vrt"},
        {"dataset": "network", "form": "gexf"},
        {"dataset": "articles", "form": "csv", "site": "vakblad.example", "where": "id <> 2"},
        {"dataset": "articles", "form": "jsonl", "where": "id < 0", "folder": True},
    ],
    ids=lambda asked: "-".join(map(str, asked.values())),
)
def test_three_processes_write_the_same_bytes_as_one(
    sample: Archive, tmp_path: Path, asked: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    made = []
    for folder, processes in (("one", 1), ("three", 3)):
        target = tmp_path / folder / "out"
        request, way = ExportRequest(**asked), Way(processes=processes)
        made.append(export(sample, request, Pseudonyms(KEY), target, way))
    assert made[0] == made[1]
    assert files(tmp_path / "one") == files(tmp_path / "three")
    assert caplog.messages == []


def test_all_processes_read_what_was_there_when_they_began(own: Archive) -> None:
    with own.read() as connection:
        encoder = Encoder(Rows(connection, HEADLINES, Pseudonyms(KEY)))
        with readers.reader_of(encoder, own, 2) as processes:
            assert isinstance(processes, readers.Readers)
            with own.begin() as writing:
                writing.execute(CHANGE)
            read = b"".join(processes.read(encoder.rows.keys()))
    assert read.count(b'{"headline":') == len(ARTICLES)
    assert b"!" not in read


def test_a_moment_is_shared_when_nothing_was_stored_between(tmp_path: Path) -> None:
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}")
    fill(archive)
    begun = []

    def begin(snapshot: str | None) -> None:
        begun.append(snapshot)
        if len(begun) <= disturbed:
            with archive.begin() as writing:
                writing.execute(CHANGE)

    with archive.read() as connection:
        disturbed = 2
        assert share_moment(archive, connection, begin)
        assert begun == [None, None, None]
        shown = connection.execute(text("SELECT headline FROM articles")).scalars()
        assert all(headline.endswith("!!") for headline in shown)
        disturbed = 1_000
        assert not share_moment(archive, connection, begin)
    archive.close()


@pytest.mark.parametrize("when", ["before it reads", "while it reads"])
def test_the_death_of_a_process_ends_the_export_in_one_sentence(sample: Archive, when: str) -> None:
    def lots(keys: Iterator[Any]) -> Iterator[Any]:
        for number, lot in enumerate(keys):
            if when == "while it reads" and number == 1:
                os.kill(victim, signal.SIGKILL)
            yield lot

    with sample.read() as connection:
        encoder = Encoder(Rows(connection, HEADLINES, Pseudonyms(KEY)))
        with readers.reader_of(encoder, sample, 2) as processes:
            assert isinstance(processes, readers.Readers)
            (victim, *_other) = processes._on_each(os.getpid)
            if when == "before it reads":
                os.kill(victim, signal.SIGKILL)
            with (
                closing(encoder.rows.keys()) as keys,
                pytest.raises(BadExport, match="this export died"),
            ):
                list(processes.read(lots(keys)))


def test_an_interrupted_export_of_many_processes_leaves_nothing(
    sample: Archive, tmp_path: Path
) -> None:
    def interrupt(_what: str, done: int, _total: int | None) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(
            sample, HEADLINES, Pseudonyms(KEY), tmp_path / "a.jsonl", Way(interrupt, processes=2)
        )
    assert list(tmp_path.iterdir()) == []


def test_each_process_writes_files_of_a_partitioned_export(sample: Archive, tmp_path: Path) -> None:
    asked = ExportRequest(dataset="articles", form="parquet", partitioned=True)
    with sample.read() as connection:
        encoder = Encoder(Rows(connection, asked, Pseudonyms(KEY)))
        parts = [
            (tmp_path / str(number), part) for number, part in enumerate(encoder.rows.partitions())
        ]
        with readers.reader_of(encoder, sample, 3) as processes:
            assert sum(processes.write(parts)) == len(ARTICLES)
            read = [seen.counts.rows for seen in processes.seen()]
    assert len(read) == 4
    assert all(read[:3])
    assert sum(read) == len(ARTICLES)


def test_what_a_process_refuses_is_one_sentence(own: Archive) -> None:
    """The rows of one process are gone: as if it read another archive."""
    with own.read() as connection:
        encoder = Encoder(Rows(connection, HEADLINES, Pseudonyms(KEY)))
        with readers.reader_of(encoder, own, 2) as processes:
            assert isinstance(processes, readers.Readers)
            with pytest.raises(BadExport, match="does not hold all rows"):
                list(processes.read([[1], [999_999]]))


def test_read_at_keeps_to_its_moment(own: Archive) -> None:
    with own.read() as connection:
        read_at(connection, None)
        with own.begin() as writing:
            writing.execute(CHANGE)
        shown = connection.execute(text("SELECT headline FROM articles")).scalars().all()
    assert not any(headline.endswith("!") for headline in shown)


def test_a_lot_of_threads_ends_where_many_comments_are_in_it(
    sample: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_rows, "BATCH", 100)
    monkeypatch.setattr(export_rows, "MOST_COMMENTS", 4)
    asked = ExportRequest(dataset="threads", form="jsonl")
    with sample.read() as connection:
        lots = list(Encoder(Rows(connection, asked, Pseudonyms(KEY))).rows.keys())
        counted = connection.execute(text("SELECT id, comments_captured FROM articles"))
        captured: dict[int, int] = dict(counted.all())  # type: ignore[arg-type]  # each row is a pair
    assert [key for lot in lots for key in lot] == sorted(captured)
    sums = [sum(captured[key] for key in lot) for lot in lots]
    assert all(number <= 4 or len(lot) == 1 for number, lot in zip(sums, lots, strict=True))
    assert all(one + captured[lot[0]] > 4 for one, lot in zip(sums, lots[1:], strict=False))
