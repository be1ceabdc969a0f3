"""Hidden names stay hidden: of two archives that differ in nothing but their commenters' names, the
reading room's SQL reads the same, whatever is asked.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from lxml import html
from sqlalchemy import update

from crawler.reading_room.hidden_names import HiddenNames
from crawler.reading_room.security import make_authorizer
from storage.database import (
    LARGEST_ANSWER,
    SEALS,
    Archive,
    default_database,
    pages,
    secrets,
    set_limits,
    sites,
)
from storage.records import RemovedBlock
from tests.sample_archive import FIRST, SampleArchive, article, comment

THREADS = 6
NAMES = ["Aagje Bos", "Bram Kuiper", "Cor de Wit", "Door Vis", "Els Prins", "Fien Smit"]


def fill(folder: Path, names: list[str], *, ids: bool = True) -> Path:
    """Make an archive whose comments say the same whoever wrote them; some texts recur."""
    archive = Archive.open(default_database(folder))
    with archive.begin() as connection:
        made = update(secrets).where(secrets.c.name == SEALS)
        connection.execute(made.values(value="00" * 32))
        connection.info.clear()
    sample = SampleArchive(archive)
    for number in range(THREADS):
        said = [
            replace(
                comment(None, name, f"Reactie {place % 4} over de molen", "2024-05-01T10:00"),
                source_id=f"{number}{place}" if ids else None,
                author_url=f"https://vakblad.example/leden/{name.lower().replace(' ', '-')}/",
            )
            for place, name in enumerate(names[number:] + names[:number])
        ]
        page = article(
            f"https://vakblad.example/stuk-{number}/", "Kop", "Tekst", "2024-05-01T09:00", said
        )
        cut = RemovedBlock(reason="comments", text=f"Laatste reacties: {names[number]} op Kop")
        sample.save(replace(page, removed_blocks=(cut,)), FIRST)
    with archive.begin() as connection:  # the moments of making are no one's secret
        for table in (sites, pages):
            connection.execute(update(table).values(first_seen=FIRST))
    archive.close()
    return folder / "archive.db"


def asked_as_in_the_room(path: Path, *, names: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    set_limits(connection)
    connection.set_authorizer(make_authorizer(names=names))
    return connection


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    one, other = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")
    shuffled = [NAMES[place] for place in (3, 5, 0, 4, 1, 2)]
    return fill(one, NAMES), fill(other, shuffled)


def questions(path: Path) -> Iterator[str]:
    """Every table and view, each column in several ways, every index as a hint and in its order."""
    with sqlite3.connect(path) as connection:
        things = connection.execute(
            "SELECT name, type, tbl_name FROM sqlite_master ORDER BY type, name"
        ).fetchall()
        columns = {
            name: [row[1] for row in connection.execute(f"PRAGMA table_info([{name}])")]
            for name, kind, _table in things
            if kind in {"table", "view"}
        }
    connection.close()
    for name, found in columns.items():
        yield f"SELECT * FROM [{name}]"
        for column in found:
            yield f"SELECT [{column}], COUNT(*) FROM [{name}] GROUP BY 1"
            yield f"SELECT rowid, * FROM [{name}] ORDER BY [{column}]"
            yield f"SELECT rowid FROM [{name}] WHERE [{column}] IS NOT NULL"
            yield f"SELECT rowid FROM [{name}] WHERE [{column}] > 'C'"
            yield f"SELECT group_concat(DISTINCT [{column}]), max([{column}]) FROM [{name}]"
            yield f"SELECT hex([{column}]) || length([{column}]) FROM [{name}]"
    indexes = [(name, table) for name, kind, table in things if kind == "index"]
    columns_wanted = ("rowid", "*", "COUNT(*)")
    conditions = ("", "WHERE author IS NOT NULL", "WHERE author > 'C'")
    for (name, table), wanted, where in product(indexes, columns_wanted, conditions):
        yield f"SELECT {wanted} FROM [{table}] INDEXED BY [{name}] {where}"
    for columns_of in ("id, article_id, date_created", "id", "text_hash", "date_created"):
        yield f"SELECT {columns_of} FROM comments"
        yield f"SELECT DISTINCT {columns_of} FROM comments ORDER BY date_created, text_hash"
    yield "SELECT group_concat(id) FROM comments GROUP BY text_hash"
    yield "WITH comments AS (SELECT author, * FROM main.comments) SELECT author FROM comments"
    yield (
        "SELECT snippet(comment_search, 0, '[', ']', '', 9) FROM comment_search WHERE "
        "comment_search MATCH 'Aagje OR molen'"
    )
    yield "SELECT * FROM dbstat"
    yield "SELECT data FROM sqlite_dbpage"
    yield "SELECT value FROM secrets"
    for outside in ("sqlite_stat1", "sqlite_stat4", "sqlite_stmt"):
        yield f"SELECT * FROM {outside}"


def answer(connection: sqlite3.Connection, question: str) -> object:
    try:
        return [tuple(row) for row in connection.execute(question)]
    except (sqlite3.Error, MemoryError) as error:
        return str(error)


def test_nothing_that_can_be_read_depends_on_a_hidden_name(twins: tuple[Path, Path]) -> None:
    one, other = (asked_as_in_the_room(path) for path in twins)
    asked = list(questions(twins[0]))
    assert len(asked) > 800
    for question in asked:
        mine, theirs = answer(one, question), answer(other, question)
        assert mine == theirs, question
        assert not [name for name in NAMES if name in str(mine)], question
        slugs = [name.lower().replace(" ", "-") for name in NAMES]
        assert not [slug for slug in slugs if slug in str(mine)], question
    one.close()
    other.close()


def test_the_same_questions_tell_names_apart_where_names_are_shown(
    twins: tuple[Path, Path],
) -> None:
    one, other = (asked_as_in_the_room(path, names=True) for path in twins)
    differing = [
        question
        for question in questions(twins[0])
        if answer(one, question) != answer(other, question)
    ]
    assert len(differing) > 30, "else the test above proves nothing"
    assert any("ix_comments_author" in question for question in differing)
    one.close()
    other.close()


def test_a_comment_without_an_id_has_a_key_that_tells_no_name(tmp_path: Path) -> None:
    shown = []
    for number in range(2):
        path = fill(tmp_path / str(number), NAMES, ids=False)
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE comments SET author = NULL, author_url = NULL")
            columns = [row[1] for row in connection.execute("PRAGMA table_info(comments)")]
            rows = [str(row) for row in connection.execute("SELECT * FROM comments")]
            shown.append([row[0] for row in connection.execute("SELECT identity FROM comments")])
        connection.close()
        assert "identity" in columns
        assert not [name for name in NAMES if name in "".join(rows)]
    assert shown[0] == shown[1], "one secret, one key: a comment stays the same comment"
    fresh = Archive.open(default_database(tmp_path / "fresh"))
    SampleArchive(fresh)
    _columns, (row,) = fresh.select("SELECT value FROM secrets WHERE name = 'records'")
    assert len(row["value"]) == 64
    assert row["value"] != "00" * 32
    fresh.close()


@pytest.mark.parametrize(
    "question",
    [
        "SELECT hex(zeroblob(200000000))",
        "SELECT hex(randomblob(200000000))",
        "SELECT length(printf('%200000000d', 1)) + abs(-9223372036854775808)",
        "SELECT replace(hex(zeroblob(2000000)), '00', hex(zeroblob(1000)))",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) "
        "SELECT zeroblob(100000), i FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) "
        "SELECT randomblob(1000000) FROM n ORDER BY 1",
        "SELECT 'a' LIKE '" + "%a" * 600 + "'",
        "SELECT group_concat(zeroblob(100000)) FROM comments a, comments b",
    ],
)
def test_a_question_that_asks_for_too_much_is_refused_at_once(
    twins: tuple[Path, Path], question: str
) -> None:
    connection = asked_as_in_the_room(twins[0])
    with pytest.raises((sqlite3.Error, MemoryError)):
        connection.execute(question).fetchall()
    connection.close()


def test_texts_are_searched_in_as_before(twins: tuple[Path, Path]) -> None:
    connection = asked_as_in_the_room(twins[0])
    asked = (
        "SELECT instr('molen', 'l'), instr('a', NULL), replace('molen', 'o', 'oo'), "
        "instr(x'0102', x'02')"
    )
    assert tuple(connection.execute(asked).fetchone()) == (3, None, "moolen", 2)
    assert LARGEST_ANSWER > 1_000_000
    connection.close()


SPELLED = [
    "Reactie van Jan Visser: mooi",
    "<b>Jan</b> <i>Visser</i> zegt",
    "Jan&nbsp;Visser",
    "JAN VISSER",
    "jan-visser, jan_visser en janvisser",
    "J&#97;n Visser",
    "Visser, Jan Visser.",
]


@pytest.mark.parametrize("told", SPELLED)
def test_an_original_is_shown_without_the_names_in_any_spelling(told: str) -> None:
    hidden = HiddenNames(["Jan Visser", "Molen"], lambda _name: "lezer-x")
    page = (
        f"<html><body class='jan-visser'><p title='Jan Visser'>{told}</p><script>Jan "
        "Visser</script><p>de molen draait</p></body></html>"
    )
    tree = html.document_fromstring(page)
    hidden.hide_in_tree(tree)
    shown = html.tostring(tree, encoding="unicode")
    assert "lezer-x" in shown
    assert "jan" not in shown.lower().replace("visser, ", "")
    assert "de molen draait" in shown
    assert "Molen" not in hidden.hide("Molen zegt")
