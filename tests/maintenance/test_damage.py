"""What verify finds: every record that is not as it was stored, by table and key, without texts."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Archive, ArchiveUnavailable, default_database
from storage.maintenance import verify_archive
from storage.search import BadQuery, Query, search
from tests.sample_archive import fill

TAMPERED = {
    "a comment's author": ("UPDATE comments SET author = 'Iemand' WHERE id = 1", "comments 1"),
    "a comment's date": (
        "UPDATE comments SET date_created_raw = 'gisteren' WHERE id = 2",
        "comments 2",
    ),
    "a comment's parent": ("UPDATE comments SET parent_id = 1 WHERE id = 2", "comments 2"),
    "a comment's text": ("UPDATE comments SET text = 'Anders' WHERE id = 3", "comments 3"),
    "a vote": ("UPDATE comments SET upvotes = 9 WHERE id = 3", "comments 3"),
    "an article's date": (
        "UPDATE articles SET date_published_precision = 'year' WHERE id = 1",
        "articles 1",
    ),
    "an article's text": ("UPDATE articles SET article_body = 'x' WHERE id = 1", "articles 1"),
    "an author's role": ("UPDATE authors SET role = 'baas' WHERE article_id = 1", "articles 1"),
    "a count": ("UPDATE articles SET comments_captured = 40 WHERE id = 1", "articles 1"),
    "a site's count": ("UPDATE sites SET pages = 99 WHERE id = 1", "sites 1"),
    "a comment that is gone": (
        "UPDATE comments SET gone_at = first_seen WHERE id = 1",
        "articles 1",
    ),
    "a cut block": ("UPDATE removed_blocks SET text = 'x' WHERE id = 1", "removed_blocks 1"),
    "an earlier text": (
        "UPDATE article_versions SET article_body = 'x' WHERE id = 1",
        "article_versions 1",
    ),
    "an earlier comment": (
        "UPDATE comment_versions SET status = 'x' WHERE id = 1",
        "comment_versions 1",
    ),
    "a deleted author": ("DELETE FROM authors WHERE article_id = 1", "articles 1"),
    "a deleted keyword": ("DELETE FROM keywords WHERE id = 1", "articles 1"),
    "a deleted comment": ("DELETE FROM comments WHERE id = 4", "articles 1"),
}  # fmt: skip


def graves(archive: Archive, folder: Path) -> list[str]:
    return [one.text for one in verify_archive(archive, folder) if one.grave]


def test_what_was_changed_from_outside_is_named_by_table_and_key(
    archive: Archive, tmp_path: Path
) -> None:
    fill(archive)
    assert graves(archive, tmp_path) == []
    for what, (statement, place) in TAMPERED.items():
        with archive.read() as connection:  # nothing of it is kept
            connection.execute(text(statement))
            from storage.maintenance.findings import check_seals  # noqa: PLC0415

            found = [one.text for one in check_seals(connection, lambda *_: None)]
        assert any(one.startswith(f"{place} ") for one in found), (what, found)
        assert not [one for one in found if "Anders" in one or "Iemand" in one]
    assert graves(archive, tmp_path) == []


def damage(path: Path, table: str, change: Callable[[bytes], bytes]) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    whole = path.read_bytes()
    start = (root - 1) * size
    path.write_bytes(whole[:start] + change(whole[start : start + size]) + whole[start + size :])


@pytest.mark.parametrize(
    "table", ["comments", "articles", "authors", "removed_blocks", "fetches", "sites"]
)
def test_damage_in_one_table_ends_no_check(table: str, tmp_path: Path) -> None:
    archive = Archive.open(default_database(tmp_path))
    fill(archive)
    archive.close()
    damage(
        tmp_path / "archive.db",
        table,
        lambda page: page[:200] + bytes([page[200] ^ 255]) * 40 + page[240:],
    )
    damage(tmp_path / "archive.db", table, lambda page: page[:4] + bytes([255]) + page[5:])
    opened = Archive.open(default_database(tmp_path))
    found = graves(opened, tmp_path)
    assert found
    assert not [one for one in found if "verhaal" in one or "Hanneke" in one]
    opened.close()


def test_a_byte_that_is_no_text_costs_its_row_only(tmp_path: Path) -> None:
    archive = Archive.open(default_database(tmp_path))
    fill(archive)
    with archive.begin() as connection:
        connection.execute(text("UPDATE comments SET text = CAST(x'ff00fe' AS TEXT) WHERE id = 3"))
        connection.execute(text("UPDATE comments SET date_created = 'geen datum' WHERE id = 4"))
    found = graves(archive, tmp_path)
    assert any(one.startswith("comments 3 ") for one in found)
    assert any(one.startswith("comments 4 ") for one in found)
    assert not any(one.startswith(("comments 1 ", "comments 2 ", "comments 5 ")) for one in found)
    archive.close()


def test_an_archive_that_may_only_be_read_is_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive.open(default_database(tmp_path))
    fill(archive)
    assert archive.checkpoint()
    archive.close()
    real = os.access
    readable = lambda path, mode: mode != os.W_OK and real(path, mode)  # noqa: E731
    monkeypatch.setattr("storage.database.archive.os.access", readable)
    reading = Archive.open(f"sqlite:///{tmp_path}/archive.db")
    assert graves(reading, tmp_path) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive.db"]
    reading.close()


def test_an_empty_file_is_no_new_archive(tmp_path: Path) -> None:
    (tmp_path / "archive.db").touch()
    with pytest.raises(ArchiveUnavailable, match="is empty: whatever was in it is lost"):
        Archive.open(default_database(tmp_path))
    assert (tmp_path / "archive.db").stat().st_size == 0
    fresh = Archive.open(default_database(tmp_path / "nieuw"))
    assert [path.name for path in (tmp_path / "nieuw").iterdir() if path.name != "archive.db"] == []
    fresh.close()


def test_an_endless_query_is_refused_at_once(archive: Archive) -> None:
    for words in ("a " * 2_000, "molen" * 800, '"' + "de molen " * 400 + '"'):
        with archive.read() as connection, pytest.raises(BadQuery, match="letters"):
            search(connection, Query(words=words))
