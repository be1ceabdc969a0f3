"""Copies, backups, upgrades and verification: an archive moves, is kept, and tells when it is
damaged.
"""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from crawler.demo import DemoServer
from storage.database import Archive, ArchiveUnavailable, default_database
from storage.exports import BadExport, ExportRequest, WaczRequest, export, export_wacz
from storage.maintenance import NotCopied, back_up, copy_archive, verify_archive
from storage.privacy import ErasureRequest, NothingToErase, Pseudonyms, make_plan
from storage.search import Query, search
from storage.warc import find_captures
from tests.conftest import new_database
from tests.crawling import crawl, knipsel
from tests.sample_archive import FIRST, PASSIE, SampleArchive, fill, rows_of


def rows(path: Path) -> list[str]:
    """The rows of a SQLite file as SQL, sorted; the index's own tables are left out: it packs its
    words in the order they came.
    """
    with sqlite3.connect(path) as connection:
        lines = [
            line
            for line in connection.iterdump()
            if line.startswith("INSERT") and "_search" not in line.split("(")[0]
        ]
    connection.close()
    return sorted(lines)


def test_there_and_back_again_is_the_same_archive(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with new_database("postgresql", tmp_path) as url:
        first, between, last = (
            Archive.open(one)
            for one in (default_database(tmp_path / "a"), url, default_database(tmp_path / "b"))
        )
        fill(first)
        with first.begin() as connection:  # a reply that was stored before its parent
            connection.execute(text("UPDATE comments SET parent_id = 19 WHERE id = 15"))
        there, back = copy_archive(first, between), copy_archive(between, last)
        assert there == back
        assert rows_of(first) == rows_of(between) == rows_of(last)
        assert there.rows["comments"] == 19
        with between.read() as connection:
            assert [hit.headline for hit in search(connection, Query(words="passie"))] == [
                "Marketing met passie"
            ]
        exported = []
        for number, archive in enumerate((first, between, last)):
            export(
                archive,
                ExportRequest(dataset="threads", form="parquet"),
                Pseudonyms(b"k"),
                tmp_path / f"{number}.parquet",
            )
            exported.append((tmp_path / f"{number}.parquet").read_bytes())
        assert exported[0] == exported[1] == exported[2]
        SampleArchive(between).save(PASSIE, FIRST)
        for archive in (first, between, last):
            archive.close()
    assert rows(tmp_path / "a" / "archive.db") == rows(tmp_path / "b" / "archive.db")


def test_only_an_empty_archive_is_copied_into(tmp_path: Path) -> None:
    one, other = (
        Archive.open(default_database(tmp_path / "a")),
        Archive.open(default_database(tmp_path / "b")),
    )
    fill(one)
    fill(other)
    with pytest.raises(NotCopied, match="no empty archive: its table sites has rows"):
        copy_archive(one, other)
    one.close()
    other.close()


def test_a_copy_that_differs_is_not_kept(tmp_path: Path) -> None:
    one, other = (
        Archive.open(default_database(tmp_path / "a")),
        Archive.open(default_database(tmp_path / "b")),
    )
    fill(one)
    with other.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER spoil AFTER INSERT ON keywords BEGIN UPDATE keywords "
                "SET keyword = 'x' WHERE id = new.id; END"
            )
        )
    with pytest.raises(NotCopied, match="differs in a row of keywords"):
        copy_archive(one, other)
    assert other.select("SELECT COUNT(*) AS n FROM articles")[1] == [{"n": 0}]
    one.close()
    other.close()


def test_the_copy_command(tmp_path: Path) -> None:
    source = Archive.open(default_database(tmp_path / "a"))
    fill(source)
    source.close()
    urls = f"sqlite:///{tmp_path}/a/archive.db", f"sqlite:///{tmp_path}/b.db"
    ended = knipsel("copy", *urls)
    source, made = (Archive.open(url) for url in urls)
    other = Archive.open(default_database(tmp_path / "c"))
    digest = copy_archive(source, other).digest
    assert (ended.code, digest in ended.out) == (0, True), ended.err
    assert rows_of(made) == rows_of(source)
    for one in (source, made, other):
        one.close()
    assert "no empty archive" in knipsel("copy", *urls).err
    missing = knipsel("copy", f"sqlite:///{tmp_path}/nothing.db", urls[1])
    words = (
        f"knipsel copy: There is no archive at sqlite:///{tmp_path}/nothing.db: "
        "sqlite:///FILE is seen from here"
    )
    assert (missing.code, missing.err.startswith(words)) == (2, True), missing.err
    assert not (tmp_path / "nothing.db").exists()


def test_a_backup_opens_and_is_brought_up_to_date(archive: Archive, tmp_path: Path) -> None:
    folder, target = tmp_path / "kept", tmp_path / "backup"
    (folder / "warc").mkdir(parents=True)
    (folder / "warc" / "a.warc.gz").write_bytes(b"first")
    fill(archive)
    assert back_up(archive, folder, target).copied == 1
    made = Archive.open(default_database(target))
    assert rows_of(made) == rows_of(archive)
    made.close()
    (folder / "warc" / "b.warc.gz.open").write_bytes(b"second")
    SampleArchive(archive).save(PASSIE, FIRST)
    done = back_up(archive, folder, target)
    assert (done.warc_files, done.copied) == (2, 1)
    made = Archive.open(default_database(target))
    assert rows_of(made) == rows_of(archive)
    made.close()
    with pytest.raises(ArchiveUnavailable, match="the archive itself"):
        back_up(archive, target, target)


def test_a_backup_is_whole_while_a_writer_writes(tmp_path: Path) -> None:
    archive = Archive.open(default_database(tmp_path / "a"))
    fill(archive)
    with archive.begin() as connection:
        connection.execute(text("UPDATE articles SET headline = 'half'"))
        back_up(archive, tmp_path / "a", tmp_path / "b")
    made = Archive.open(default_database(tmp_path / "b"))
    assert made.select("SELECT COUNT(*) AS n FROM articles WHERE headline = 'half'")[1] == [
        {"n": 0}
    ]
    assert made.select("SELECT COUNT(*) AS n FROM articles")[1] == [{"n": 10}]
    made.close()
    archive.close()


def test_a_backup_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    archive, target = Archive.open(default_database(tmp_path / "a")), tmp_path / "b"
    target.mkdir()
    (target / f"archive.db.partial-{os.getpid()}").write_text("in the way")
    with pytest.raises(ArchiveUnavailable, match="cannot be written: file is not a database"):
        back_up(archive, tmp_path / "a", target)
    archive.close()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crawled")
    with DemoServer() as server:
        assert crawl(f"{server.url}/", folder).code == 0
    return folder


def look(folder: Path) -> tuple[int, str]:
    ended = knipsel("verify", "-s", f"KNIPSEL_ARCHIVE={folder}")
    return ended.code, ended.out + ended.err


def test_a_crawled_archive_fits(crawled: Path) -> None:
    assert look(crawled) == (0, "Rows, texts, index and captures fit.\n")


def spoil_text(folder: Path) -> None:
    with sqlite3.connect(folder / "archive.db") as connection:
        connection.execute("UPDATE articles SET article_body = article_body || '!' WHERE id = 1")
    connection.close()


def spoil_index(folder: Path) -> None:
    with sqlite3.connect(folder / "archive.db") as connection:
        connection.execute("INSERT INTO comment_search (rowid, text) VALUES (999, 'verzonnen')")
    connection.close()


def spoil_capture(folder: Path) -> None:
    with sqlite3.connect(folder / "archive.db") as connection:
        connection.execute("UPDATE fetches SET warc_offset = warc_offset + 1 WHERE id = 3")
    connection.close()


def lose_captures(folder: Path) -> None:
    next((folder / "warc").iterdir()).unlink()


def cut_captures(folder: Path) -> None:
    path = next((folder / "warc").iterdir())
    path.write_bytes(path.read_bytes()[:20_000])


def test_a_file_that_ends_within_a_records_head_is_told_of(crawled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a"
    shutil.copytree(crawled, folder)
    path = next((folder / "warc").iterdir())
    whole = path.read_bytes()
    start = whole.index(b"\x1f\x8b\x08", len(whole) // 2)
    archive = Archive.open(default_database(folder))
    for cut in range(start + 60, start + 260, 8):
        path.write_bytes(whole[:cut])
        assert any(
            "captures that rows name" in finding.text
            for finding in verify_archive(archive, folder)
            if finding.grave
        ), cut
        with contextlib.suppress(OSError), path.open("rb") as stream:
            assert all(capture.url for capture in find_captures(stream, lambda _capture: True))
    archive.close()


def move_comment(folder: Path) -> None:
    with sqlite3.connect(folder / "archive.db") as connection:
        connection.execute(
            "UPDATE comments SET article_id = article_id + 1, identity = id WHERE "
            "parent_id IS NOT NULL"
        )
    connection.close()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (spoil_text, "The text of article 1"),
        (spoil_index, "The index comment_search does not fit"),
        (spoil_capture, "is at another place than its row states"),
        (lose_captures, "is missing"),
        (cut_captures, "captures that rows name"),
        (move_comment, "answers a comment under another article"),
    ],
)
def test_damage_is_found(
    crawled: Path, tmp_path: Path, damage: Callable[[Path], None], words: str
) -> None:
    folder = tmp_path / "a"
    shutil.copytree(crawled, folder)
    damage(folder)
    archive = Archive.open(default_database(folder))
    found = [finding.text for finding in verify_archive(archive, folder) if finding.grave]
    archive.close()
    assert any(words in text for text in found), found


def test_bad_bytes_in_a_warc_file_cost_one_capture_and_stop_an_erasure(
    crawled: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "a"
    shutil.copytree(crawled, folder)
    archive = Archive.open(default_database(folder))
    _columns, rows = archive.select(
        "SELECT warc_file, warc_offset, warc_length, url FROM fetches WHERE "
        "warc_length > 1500 ORDER BY id LIMIT 1 OFFSET 5"
    )
    with next((folder / "warc").iterdir()).open("r+b") as file:
        file.seek(rows[0]["warc_offset"] + rows[0]["warc_length"] // 2)
        file.write(b"XXXXXXXX")
    broken, lacks = (finding.text for finding in verify_archive(archive, folder) if finding.grave)
    assert "is damaged past byte" in broken
    assert lacks == f"{rows[0]['warc_file']} lacks 1 captures that rows name: {rows[0]['url']}."
    with pytest.raises(NothingToErase, match=r"cannot be read .* nothing was erased"):
        make_plan(archive, ErasureRequest(author="Bram"), folder)
    with pytest.raises(BadExport, match="cannot be read"):
        export_wacz(archive, folder, WaczRequest(), tmp_path / "w.wacz")
    archive.close()


def test_commands_without_an_archive_say_so_and_make_none(tmp_path: Path) -> None:
    for command in ("verify", "migrate", "backup x", "search x", "diff x"):
        ended = knipsel(*command.split(), "-s", f"KNIPSEL_ARCHIVE={tmp_path}/none")
        assert (ended.code, "There is no archive in" in ended.err) == (2, True), ended.err
    assert not (tmp_path / "none").exists()
