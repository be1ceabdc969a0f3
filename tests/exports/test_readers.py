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
from sqlalchemy import Connection, make_url, text

from storage.database import Archive, read_at, share_moment
from storage.exports import BadExport, ExportRequest, Way, export, parquet, readers
from storage.exports import dataset as datasets
from storage.exports import rows as export_rows
from storage.exports.encoder import Encoder
from storage.privacy import Pseudonyms
from tests.conftest import new_database
from tests.sample_archive import ARTICLES, fill

KEY = bytes(range(32))
HEADLINES = ExportRequest(dataset="articles", form="jsonl", columns=("headline",))
CHANGE = text("UPDATE articles SET headline = headline || '!'")


@pytest.fixture(autouse=True)
def small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "SHARED_FROM", 1)
    monkeypatch.setattr(export_rows, "BATCH", 2)
    monkeypatch.setattr(parquet, "BYTES_IN_A_GROUP", 2_000)


@pytest.fixture(params=["sqlite", "postgresql"])
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """A sample archive that a test may write to."""
    with new_database(request.param, tmp_path) as url:
        archive = Archive.open(url)
        fill(archive)
        yield archive
        archive.close()


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
    sample: Archive, tmp_path: Path, asked: dict[str, Any]
) -> None:
    made = []
    for folder, processes in (("one", 1), ("three", 3)):
        target = tmp_path / folder / "out"
        request, way = ExportRequest(**asked), Way(processes=processes)
        made.append(export(sample, request, Pseudonyms(KEY), target, way))
    assert made[0] == made[1]
    assert files(tmp_path / "one") == files(tmp_path / "three")


def test_all_processes_read_what_was_there_when_they_began(own: Archive) -> None:
    with own.read() as connection:
        encoder = Encoder(connection, HEADLINES, Pseudonyms(KEY))
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


def test_where_no_moment_is_found_one_process_reads_all(
    sample: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(readers, "share_moment", lambda *_arguments: False)
    assert whole(sample, tmp_path, 2)
    assert "it is written to all the time" in caplog.text


@pytest.mark.parametrize("when", ["before it reads", "while it reads"])
def test_the_death_of_a_process_ends_the_export_in_one_sentence(sample: Archive, when: str) -> None:
    def lots(keys: Iterator[Any]) -> Iterator[Any]:
        for number, lot in enumerate(keys):
            if when == "while it reads" and number == 1:
                os.kill(victim, signal.SIGKILL)
            yield lot

    with sample.read() as connection:
        encoder = Encoder(connection, HEADLINES, Pseudonyms(KEY))
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


def whole(archive: Archive, folder: Path, processes: int) -> bool:
    """Return whether an export of all headlines holds all."""
    made = export(archive, HEADLINES, Pseudonyms(KEY), folder / "a.jsonl", Way(processes=processes))
    lines = (folder / "a.jsonl").read_text(encoding="utf-8").splitlines()
    return made["rows"] == len(lines) == len(ARTICLES)


@pytest.mark.parametrize("processes", [-1, 0, 1, 50])
def test_any_number_of_processes_reads_all(sample: Archive, tmp_path: Path, processes: int) -> None:
    assert whole(sample, tmp_path, processes)


def test_an_archive_in_memory_is_read_by_its_own_process(tmp_path: Path) -> None:
    archive = Archive.open("sqlite:///:memory:")
    fill(archive)
    assert archive.address is None
    assert whole(archive, tmp_path, 3)
    archive.close()


def test_an_archive_is_found_by_other_processes_wherever_this_one_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    archive = Archive.open("sqlite:///archive.db")
    fill(archive)
    monkeypatch.chdir(tmp_path / "there")
    assert whole(archive, tmp_path, 2)
    archive.close()
    assert list((tmp_path / "there").iterdir()) == []


def test_a_server_that_has_no_place_for_more_is_read_by_one_process(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with new_database("postgresql", tmp_path) as url:
        role, address = f"narrow_{os.getpid()}", make_url(url)
        filled = Archive.open(url)
        fill(filled)
        with filled.begin() as connection:
            limited = f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 1 IN ROLE pg_read_all_data"
            connection.execute(text(limited))
        archive = Archive.open(address.set(username=role).render_as_string(hide_password=False))
        try:
            assert whole(archive, tmp_path, 2)
        finally:
            archive.close()
            with filled.begin() as connection:
                connection.execute(text(f"DROP ROLE {role}"))
            filled.close()
    assert "too many connections" in caplog.text


def test_each_process_writes_files_of_a_partitioned_export(sample: Archive, tmp_path: Path) -> None:
    asked = ExportRequest(dataset="articles", form="parquet", partitioned=True)
    with sample.read() as connection:
        encoder = Encoder(connection, asked, Pseudonyms(KEY))
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
        encoder = Encoder(connection, HEADLINES, Pseudonyms(KEY))
        with (
            readers.reader_of(encoder, own, 2) as processes,
            pytest.raises(BadExport, match="does not hold all rows"),
        ):
            list(processes.read([[1], [999_999]]))


def test_few_pages_are_kept_while_an_export_reads_and_as_many_as_before_after_it(
    sample: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pages(connection: Connection) -> int:
        if connection.dialect.name != "sqlite":
            return 0
        return int(connection.exec_driver_sql("PRAGMA cache_size").scalar_one())

    kept = []

    def noting(encoder: Encoder, *arguments: Any) -> Any:
        kept.append(pages(encoder.connection))
        return readers.reader_of(encoder, *arguments)

    monkeypatch.setattr(datasets, "reader_of", noting)
    with sample.read() as connection:
        before = pages(connection)
    assert whole(sample, tmp_path, 1)
    with sample.read() as connection:
        assert pages(connection) == before
    assert kept == ([-2_000] if before else [0])


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
        lots = list(Encoder(connection, asked, Pseudonyms(KEY)).rows.keys())
        counted = connection.execute(text("SELECT id, comments_captured FROM articles"))
        captured: dict[int, int] = dict(counted.all())  # type: ignore[arg-type]  # each row is a pair
    assert [key for lot in lots for key in lot] == sorted(captured)
    sums = [sum(captured[key] for key in lot) for lot in lots]
    assert all(number <= 4 or len(lot) == 1 for number, lot in zip(sums, lots, strict=True))
    assert all(one + captured[lot[0]] > 4 for one, lot in zip(sums, lots[1:], strict=False))
