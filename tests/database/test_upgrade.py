"""An archive of an earlier version is brought to the newest schema, or left as it was."""

import sqlite3
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, insert, text

from storage.database import (
    Archive,
    ArchiveUnavailable,
    default_database,
    newest_revision,
    search_index,
)
from storage.database.upgrade import upgrade
from storage.search import Query, search
from tests.crawling import ROOT, scrapy


def released() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "storage" / "database" / "migrations"))
    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    return [revision for revision in reversed(revisions) if revision != newest_revision()]


OLD = {
    "sites": {"id": 1, "name": "oud.example", "url": "https://oud.example/", "pages": 1,
        "first_seen": "2020-01-01 00:00:00+00:00"},
    "pages": {"id": 1, "site_id": 1, "url": "https://oud.example/a/", "kind": "page",
        "state": "done", "found_how": "link", "priority": 1,
              "depth": 0, "attempts": 1, "visits": 1, "first_seen": "2020-01-01 00:00:00+00:00"},
    "runs": {"id": 1, "site_id": 1, "arguments": "{}", "started_at": "2020-02-01 00:00:00+00:00"},
    "articles": {"id": 1, "page_id": 1, "url": "https://oud.example/a/", "headline": "Oude molen",
        "article_body": "De molen is oud.",
                 "access": "full", "comments_captured": 1, "extractor_version": "0",
                 "content_hash": "x", "record_hash": "x",
                 "first_seen": "2020-01-01 00:00:00+00:00",
                 "last_seen": "2020-02-01 00:00:00+00:00"},
    "comments": {"id": 1, "article_id": 1, "identity": "id:1", "position": 0, "depth": 0,
        "author_is_staff": False, "text": "Wat  Mooi",
                 "status": "visible", "record_hash": "x", "first_seen": "2020-01-01 00:00:00+00:00",
                 "last_seen": "2020-02-01 00:00:00+00:00"},
    "article_versions": {"id": 1, "article_id": 1, "run_id": 1, "headline": "Molen",
        "article_body": "Nieuw!", "content_hash": "y",
                         "extractor_version": "0", "seen_at": "2020-01-15 00:00:00+00:00"},
    "comment_versions": {"id": 1, "comment_id": 1, "run_id": 1, "text": "Mooi", "status": "visible",
                         "seen_at": "2020-01-15 00:00:00+00:00"},
}  # fmt: skip
# What rows say besides in the schemas that have these columns.
LATER = {
    "articles": {"site_id": 1},
    "article_versions": {"replaced_at": "2020-02-01 00:00:00+00:00"},
    "comment_versions": {"replaced_at": "2020-02-01 00:00:00+00:00"},
}


@pytest.mark.parametrize("revision", released())
def test_an_archive_of_every_released_schema_is_upgraded(
    database: str, tmp_path: Path, revision: str
) -> None:
    engine = create_engine(database)
    upgrade(engine, revision)
    tables = MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        # The release that wrote this schema kept its search index by these triggers.
        for statement in (
            search_index.triggers(engine.dialect.name) if "same_as" in tables.tables else ()
        ):
            connection.execute(text(statement))
        for name, row in OLD.items():
            table = tables.tables[name]
            later = {
                column: value
                for column, value in LATER.get(name, {}).items()
                if column in table.columns
            }
            connection.execute(insert(table), row | later)
    engine.dispose()
    archive = Archive.open(database)
    assert archive.upgraded is not None
    assert (archive.upgraded.old, archive.upgraded.new) == (revision, newest_revision())
    _columns, history = archive.select(
        "SELECT headline, valid_from, valid_until FROM article_history ORDER BY valid_from"
    )
    assert [(row["headline"], str(row["valid_from"])[:10]) for row in history] == [
        ("Molen", "2020-01-01"),
        ("Oude molen", "2020-02-01"),
    ]
    assert archive.select("SELECT site, headline FROM article_overview")[1] == [
        {"site": "oud.example", "headline": "Oude molen"}
    ]
    with archive.read() as connection:
        assert (
            len(search(connection, Query(words="molen oud")))
            == len(search(connection, Query(words="mooi", within="comments")))
            == 1
        )
    archive.close()
    copies = list(tmp_path.glob("archive.db.before-upgrade-*"))
    assert [copy.name for copy in copies] == (
        [f"archive.db.before-upgrade-{revision}"] if database.startswith("sqlite") else []
    )
    for kept in copies:
        with sqlite3.connect(kept) as connection:
            assert connection.execute("SELECT headline FROM article_versions").fetchall() == [
                ("Molen",)
            ]
        connection.close()


def test_an_upgrade_that_fails_leaves_the_archive_as_it_was(tmp_path: Path) -> None:
    url = default_database(tmp_path)
    engine = create_engine(url)
    upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE same_as (in_the_way INTEGER)"))
    engine.dispose()
    with pytest.raises(ArchiveUnavailable, match="same_as already exists"):
        Archive.open(url)
    with sqlite3.connect(tmp_path / "archive.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("0001",)
        ]
        assert (
            connection.execute(
                "SELECT name FROM sqlite_master WHERE name IN ('secrets', 'article_search')"
            ).fetchall()
            == []
        )
    connection.close()


def test_migrate_says_what_it_did(tmp_path: Path) -> None:
    engine = create_engine(default_database(tmp_path))
    upgrade(engine, "0001")
    engine.dispose()
    first, again = (scrapy("migrate", "-s", f"KNIPSEL_ARCHIVE={tmp_path}") for _ in range(2))
    assert f"From schema 0001 to {newest_revision()}; what was before is kept in" in first.out
    assert again.out == f"The archive is at schema {newest_revision()} already.\n"
