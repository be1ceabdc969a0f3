"""``knipsel``: the command of its own, its configuration file, and ``knipsel init``."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler import configuration, console

ROOT = Path(__file__).parent.parent.parent


def knipsel(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("KNIPSEL_")}
    return subprocess.run(
        [sys.executable, "-c", "from crawler.console import main; main()", *words],
        cwd=folder,
        env={**quiet, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_overview_names_every_command_and_imports_no_scrapy() -> None:
    program = "import sys; from crawler.console import overview; print(overview()); "
    program += "print([name for name in ('scrapy', 'sqlalchemy', 'lxml') if name in sys.modules])"
    shown = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert shown.splitlines()[-1] == "[]"
    commands = {path.stem for path in (ROOT / "crawler" / "commands").glob("*.py")} - {"__init__"}
    for name in commands:
        assert f"  {name} " in shown
        assert console.promises()[name]


def test_init_makes_a_folder_from_which_commands_work(tmp_path: Path) -> None:
    made = knipsel(tmp_path, "init", "eigen", "--contact", "iemand@voorbeeld.example")
    assert made.returncode == 0
    folder = tmp_path / "eigen"
    assert "iemand@voorbeeld.example" in (folder / "knipsel.toml").read_text()
    added = knipsel(folder, "sites", "add", "https://www.dorpsblad.example/", "--unchecked")
    assert added.returncode == 0
    assert (folder / "archive" / "archive.db").exists()
    listed = knipsel(folder, "sites", "--json")
    assert "dorpsblad.example" in listed.stdout
    (folder / "knipsel.toml").write_text("")
    again = knipsel(tmp_path, "init", "eigen")
    assert again.returncode == 0
    assert (folder / "knipsel.toml").read_text() == "", "what is there already is not changed"


def test_the_environment_overrules_the_file(tmp_path: Path) -> None:
    (tmp_path / "knipsel.toml").write_text('archive = "uit-bestand"\ncontact = "a@b.example"\n')
    stated = configuration.read_configuration(tmp_path)
    given = configuration.given(stated, {"KNIPSEL_ARCHIVE": "uit-omgeving"})
    assert given["KNIPSEL_ARCHIVE"] == "uit-omgeving"
    assert given["KNIPSEL_CONTACT"] == "a@b.example"
    assert given["KNIPSEL_DATABASE"] == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("archive = ", "cannot be read"),
        ('archief = "x"', "may state archive"),
        ("archive = 3", "must be a text"),
        ('spiders = "mijn"', "must be a list"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "knipsel.toml").write_text(text)
    answer = knipsel(tmp_path, "sites")
    assert answer.returncode == 2
    assert said in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_an_unknown_command_is_refused(tmp_path: Path) -> None:
    answer = knipsel(tmp_path, "oogst")
    assert answer.returncode == 2
    assert "There is no command 'oogst'" in answer.stderr


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        (["https://a.example/"], ["articles", "-a", "site=https://a.example/"]),
        (
            ["https://a.example/", "-a", "limit=2"],
            ["articles", "-a", "site=https://a.example/", "-a", "limit=2"],
        ),
        ([], ["articles"]),
        (["--quiet"], ["articles", "--quiet"]),
        (["articles", "--quiet"], ["articles", "--quiet"]),
        (["--help"], ["--help"]),
    ],
)
def test_crawl_takes_an_address(typed: list[str], taken: list[str]) -> None:
    assert console.arguments_of("crawl", typed) == taken
