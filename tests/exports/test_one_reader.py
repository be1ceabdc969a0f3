"""Where one process reads an export by itself, because it is asked to, or because others cannot."""

import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, make_url, text

from storage.database import Archive
from storage.exports import BadExport, ExportRequest, Way, export, readers
from storage.exports import dataset as datasets
from storage.exports import rows as export_rows
from storage.exports.encoder import Encoder
from storage.exports.text_files import TextFile
from storage.privacy import Pseudonyms
from tests.conftest import new_database
from tests.sample_archive import ARTICLES, fill

pytestmark = pytest.mark.usefixtures("small_lots")

KEY = bytes(range(32))
HEADLINES = ExportRequest(dataset="articles", form="jsonl", columns=("headline",))


def whole(archive: Archive, folder: Path, processes: int) -> bool:
    """Return whether an export of all headlines holds all."""
    made = export(archive, HEADLINES, Pseudonyms(KEY), folder / "a.jsonl", Way(processes=processes))
    lines = (folder / "a.jsonl").read_text(encoding="utf-8").splitlines()
    return made["rows"] == len(lines) == len(ARTICLES)


def test_where_no_moment_is_found_one_process_reads_all(
    sample: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(readers, "share_moment", lambda *_arguments: False)
    assert whole(sample, tmp_path, 2)
    assert "it is written to all the time" in caplog.text


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


def test_where_the_database_shares_no_moment_one_process_reads_all(
    sample: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its statement fails, and with it the transaction of who asked."""

    def refuse(_archive: Archive, connection: Connection, _begin: object) -> None:
        connection.execute(text("SELECT no_such_function()"))

    monkeypatch.setattr(readers, "share_moment", refuse)
    assert whole(sample, tmp_path, 2)
    assert "no_such_function" in caplog.text
    assert "[SQL" not in caplog.messages[0]


@pytest.mark.parametrize("relative", [":memory:", "file::memory:?uri=true", "file:a.db?uri=true"])
def test_no_other_process_is_sent_to_what_it_cannot_find(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, relative: str
) -> None:
    monkeypatch.chdir(tmp_path)
    archive = Archive.open(f"sqlite:///{relative}")
    assert archive.address is None
    archive.close()


def test_an_interrupt_in_a_statement_stays_one(
    sample: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(self: export_rows.Rows) -> int:
        self.connection.invalidate()  # as SQLAlchemy does
        raise KeyboardInterrupt

    monkeypatch.setattr(export_rows.Rows, "count", interrupt)
    with pytest.raises(KeyboardInterrupt):
        whole(sample, tmp_path, 1)


def test_a_full_disk_while_a_server_reads_on_is_one_sentence(
    sample: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_file: TextFile, _encoded: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(TextFile, "write", refuse)
    with pytest.raises(BadExport, match="No space left"):
        whole(sample, tmp_path, 1)
    assert list(tmp_path.iterdir()) == []


def test_few_pages_are_kept_while_an_export_reads_and_as_many_as_before_after_it(
    sample: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pages(connection: Connection) -> int:
        if connection.dialect.name != "sqlite":
            return 0
        return int(connection.exec_driver_sql("PRAGMA cache_size").scalar_one())

    kept = []

    def noting(encoder: Encoder, *arguments: Any) -> Any:
        kept.append(pages(encoder.rows.connection))
        return readers.reader_of(encoder, *arguments)

    monkeypatch.setattr(datasets, "reader_of", noting)
    with sample.read() as connection:
        before = pages(connection)
    assert whole(sample, tmp_path, 1)
    with sample.read() as connection:
        assert pages(connection) == before
    assert kept == ([-2_000] if before else [0])
