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
from tests.crawling import ROOT, knipsel


def released() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "storage" / "database" / "migrations"))
    steps = ScriptDirectory.from_config(config)
    assert newest_revision() == steps.get_current_head(), "a step's file bears its revision"
    revisions = [script.revision for script in steps.walk_revisions()]
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
    "articles": {"site_id": 1, "word_count": 4},
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
    assert archive.select("SELECT site, headline, word_count FROM article_overview")[1] == [
        {"site": "oud.example", "headline": "Oude molen", "word_count": 4}
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
    first, again = (knipsel("migrate", "-s", f"KNIPSEL_ARCHIVE={tmp_path}") for _ in range(2))
    assert f"From schema 0001 to {newest_revision()}; what was before is kept in" in first.out
    assert again.out == f"The archive is at schema {newest_revision()} already.\n"


# What an archive before local days kept of a date (moment in UTC, offset, precision), and what it
# keeps of it now: the local value, whether a moment in UTC remains, the offset.
DATES = (
    (("2012-12-31 23:00:00+00:00", 60, "day"), ("2013-01-01", False, 60)),
    (("2013-06-30 22:00:00+00:00", 120, "month"), ("2013-07", False, 120)),
    (("2012-12-31 23:00:00+00:00", 60, "year"), ("2013", False, 60)),
    (("2013-12-30 09:21:00+00:00", 60, "minute"), ("2013-12-30 10:21", True, 60)),
    (("2013-12-31 23:30:07+00:00", 60, "second"), ("2014-01-01 00:30:07", True, 60)),
    # Stated in UTC: the page is read by the clock of the site's zone.
    (("2013-12-31 23:30:00+00:00", 0, "minute"), ("2014-01-01 00:30", True, 60)),
    # Another clock's own day.
    (("2014-01-01 02:30:00+00:00", -300, "minute"), ("2013-12-31 21:30", True, -300)),
    # Both nights of the clock change, and the hour that comes twice.
    (("2013-03-30 23:00:00+00:00", 60, "day"), ("2013-03-31", False, 60)),
    (("2013-03-31 01:30:00+00:00", 120, "minute"), ("2013-03-31 03:30", True, 120)),
    (("2013-10-26 22:00:00+00:00", 120, "day"), ("2013-10-27", False, 120)),
    (("2013-10-27 00:30:00+00:00", 120, "minute"), ("2013-10-27 02:30", True, 120)),
    (("2013-10-27 01:30:00+00:00", 60, "minute"), ("2013-10-27 02:30", True, 60)),
    (("2013-07-01 08:00:00+00:00", 120, "hour"), ("2013-07-01 10", True, 120)),
    (("2013-07-01 08:00:00+00:00", None, None), ("2013-07-01 10:00", True, 120)),
)


def test_an_archive_before_local_days_gets_the_days_that_its_pages_show(database: str) -> None:
    engine = create_engine(database)
    upgrade(engine, "0008")
    tables = MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        for name in ("sites", "pages", "runs"):
            connection.execute(insert(tables.tables[name]), OLD[name])
        article = OLD["articles"] | {"site_id": 1, "date_published": DATES[0][0][0]}
        article |= {"date_published_offset": 60, "date_published_precision": "day"}
        connection.execute(insert(tables.tables["articles"]), article)
        for number, ((moment, offset, precision), _now) in enumerate(DATES, 1):
            row = OLD["comments"] | {"id": number, "identity": f"id:{number}"}
            row |= {"date_created": moment, "date_created_offset": offset}
            row |= {"date_created_precision": precision}
            connection.execute(insert(tables.tables["comments"]), row)
        undated = OLD["comments"] | {"id": len(DATES) + 1, "identity": "id:0"}
        connection.execute(insert(tables.tables["comments"]), undated)
    engine.dispose()
    archive = Archive.open(database)
    rows = archive.select("SELECT * FROM comments ORDER BY id")[1]
    kept = [
        (row["date_created"], row["date_created_utc"] is not None, row["date_created_offset"])
        for row in rows
    ]
    assert kept == [*(now for _before, now in DATES), (None, False, None)]
    assert archive.select("SELECT month FROM coverage")[1] == [{"month": "2013-01"}]
    overview = archive.select("SELECT date_published, date_published_utc FROM article_overview")[1]
    assert overview == [{"date_published": "2013-01-01", "date_published_utc": None}]
    assert all(row["record_hash"] for row in rows), "what changed is sealed anew"
    archive.close()
