"""The documents say what is true: their sessions, queries and tables are run and compared."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crawler.demo import DemoServer
from pipelines.dates import parse_date
from storage.database import Archive, default_database, dictionary
from tests.crawling import ROOT, ask, crawl, knipsel
from tests.house.test_doors import ORDER

README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERY = re.compile(r"```sql\n(.*?)```\s+```text\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demo's site crawled: the archive's folder and what the crawl printed."""
    folder = tmp_path_factory.mktemp("demo")
    with DemoServer() as server:
        ended = crawl(f"{server.url}/", folder)
    assert ended.code == 0, ended.err
    return folder, ended.out


def queries() -> Iterator[Any]:
    for path in (ROOT / "README.md", ROOT / "docs" / "archive.md"):
        for number, (query, answer) in enumerate(
            QUERY.findall(path.read_text(encoding="utf-8")), 1
        ):
            yield pytest.param(query, answer, id=f"{path.name}-{number}")


@pytest.mark.parametrize(("query", "answer"), list(queries()))
def test_a_query_answers_what_the_document_shows(
    query: str, answer: str, demo: tuple[Path, str]
) -> None:
    rows = ask(demo[0], query)
    shown = [" | ".join(rows[0])] + [
        " | ".join(str(value) for value in row.values()) for row in rows
    ]
    assert shown == answer.rstrip("\n").split("\n")


def test_the_tables_of_columns_are_what_the_records_declare() -> None:
    told = (ROOT / "docs" / "archive.md").read_text(encoding="utf-8")
    shown = told.split("<!-- columns -->\n")[1].split("<!-- end of columns -->")[0]
    assert shown == dictionary.as_markdown()


def test_scrapy_demo_prints_what_the_readme_shows() -> None:
    ended = knipsel("demo")
    assert ended.code == 0, ended.err
    printed = [
        re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", line).rstrip()
        for line in ended.out.splitlines()
    ]
    shown = (
        README.split("What you get:")[1].split("```")[1].removeprefix("text\n").rstrip().split("\n")
    )
    places = [printed.index(line.rstrip()) for line in shown if line]
    assert places == sorted(places)
    assert "SELECT author" in ended.out
    assert re.search(
        r"demo-archive/warc/knipsel-\d+-\w+-00000\.warc\.gz", ended.out.replace("\n", "")
    )


def test_the_demo_site_has_what_a_demo_must_show(demo: tuple[Path, str]) -> None:
    folder, _out = demo
    archive = Archive.open(default_database(folder))
    _columns, rows = archive.select("SELECT outcome, COUNT(*) AS n FROM pages GROUP BY outcome")
    archive.close()
    outcomes = {row["outcome"]: row["n"] for row in rows}
    assert outcomes["article"] >= 12
    assert outcomes["consent"] == outcomes["server_error"] == 1
    assert ask(folder, "SELECT COUNT(DISTINCT reason) AS n FROM removed_blocks")[0]["n"] >= 6
    assert ask(folder, "SELECT COUNT(*) AS n FROM comment_thread WHERE depth > 1")[0]["n"] >= 2


def test_the_readme_s_commands_are_those_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = re.findall(r"^\$ make (\w+)", README, re.MULTILINE)
    assert commands == ["demo", "test"]
    assert all(re.search(rf"^{command}:", makefile, re.MULTILINE) for command in commands)


def test_every_link_between_documents_leads_somewhere() -> None:
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_file_that_contributing_names_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_.]*)`", text))
    assert len(named) > 30
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_every_public_report_names_a_test_that_is_there() -> None:
    """Where none is named, the tests of public reports name the report by its number."""
    text = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [\w.-]+/[\w.-]+#(\d+) \| .+? \| (?:`(.+)` )?\|$", text, re.MULTILINE)
    assert len(rows) >= 40
    own = (ROOT / "tests" / "hostile" / "test_public_reports.py").read_text(encoding="utf-8")
    for number, named in rows:
        file, _colons, name = named.rpartition("::")
        if name:
            assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), named
        else:
            assert re.search(rf"(?<!\d){number}(?!\d)", own), number


def test_contributing_lists_the_folders_in_their_order() -> None:
    """The table's folders are those of the house, each behind what stands before it."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for floor in ("storage", "pipelines", "crawler"):
        (line,) = re.findall(rf"^\| `{floor}/` \|(.*)\|$", text, re.MULTILINE)
        named = [name for name in re.findall(r"`(\w+)`", line) if (ROOT / floor / name).is_dir()]
        order = [one.split(".")[1] for one in ORDER if one.startswith(f"{floor}.")]
        known = list(dict.fromkeys(name for name in order if (ROOT / floor / name).is_dir()))
        assert named == known


def dates() -> list[tuple[str, str, str]]:
    text = (ROOT / "docs" / "dates.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ?([a-z]*) ?\|$", text, re.MULTILINE)


@pytest.mark.parametrize(("text", "moment", "precision"), dates())
def test_the_table_of_dates(text: str, moment: str, precision: str) -> None:
    found = parse_date(
        text, reference=datetime(2014, 6, 18, 12, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
    )
    if moment.startswith("nothing"):
        assert found is None
    else:
        assert found is not None
        assert (found.moment.strftime("%Y-%m-%d %H:%M"), found.precision) == (
            moment.strip(),
            precision,
        )


def test_the_table_of_dates_is_not_empty() -> None:
    assert len(dates()) >= 8


def test_the_session_in_captures_is_what_the_command_prints(demo: tuple[Path, str]) -> None:
    shown = (
        (ROOT / "docs" / "captures.md")
        .read_text(encoding="utf-8")
        .split("```console\n")[1]
        .split("```")[0]
        .splitlines()
    )
    place = ("-s", f"KNIPSEL_ARCHIVE={demo[0]}")
    # How many pages a crawl reads before it has learned their template depends on the machine:
    # after one re-extraction none are left.
    assert knipsel("reextract", "--quiet", *place).code == 0
    ended = knipsel(*shown[0].split()[2:], *place)
    assert [line.rstrip() for line in ended.out.splitlines()] == shown[1:]
