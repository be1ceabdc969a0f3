"""Knipsel beside others: packages of the same names, other projects, libraries that are missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler import console
from crawler.demo import DemoServer
from storage import extras

ROOT = Path(__file__).parent.parent.parent


def knipsel(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    quiet = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KNIPSEL_", "SCRAPY_"))
    }
    return subprocess.run(
        [sys.executable, "-P", "-m", "crawler.console", *words],
        cwd=folder,
        env={**quiet, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_working_folder_may_have_packages_of_our_names(tmp_path: Path) -> None:
    for name in ("crawler", "pipelines", "storage"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise ImportError('not ours')\n")
    assert knipsel(tmp_path, "sites").returncode == 0
    assert knipsel(tmp_path, "init", ".").returncode == 0
    ended = knipsel(tmp_path, "sites")
    assert (ended.returncode, ended.stderr) == (0, "")
    with DemoServer() as server:
        crawled = knipsel(
            tmp_path, "crawl", server.url, "-a", "limit=1", "--json", KNIPSEL_CONTACT="a@b.example"
        )
    assert crawled.returncode == 0, "worker processes, too, read with our packages"


def test_a_package_that_stands_before_ours_is_named(tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "pipelines"
    other.mkdir(parents=True)
    (other / "__init__.py").touch()
    ended = knipsel(tmp_path, "sites", PYTHONPATH=f"{other.parent}{os.pathsep}{ROOT}")
    assert ended.returncode == 2
    assert str(other.parent) in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_our_own_packages_stand_before_all_others() -> None:
    assert console.shadowing() == ""


def test_another_project_s_folder_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = theirs\n")
    ended = knipsel(tmp_path, "sites")
    assert (ended.returncode, len(ended.stderr.strip().splitlines())) == (2, 1)
    (tmp_path / "theirs.py").write_text("BOT_NAME = 'theirs'\n")
    ended = knipsel(tmp_path, "sites")
    assert (ended.returncode, len(ended.stderr.strip().splitlines())) == (2, 1)
    assert "from crawler.settings import *" in ended.stderr
    (tmp_path / "theirs.py").write_text("from crawler.settings import *\nKNIPSEL_ARCHIVE = 'a'\n")
    assert knipsel(tmp_path, "sites").returncode == 0
    assert (tmp_path / "a" / "archive.db").exists()


def test_scrapy_s_own_commands_are_handed_on(tmp_path: Path) -> None:
    ended = knipsel(tmp_path, "list")
    assert (ended.returncode, ended.stdout) == (0, "articles\n")
    assert {"shell", "parse", "check"} <= set(console.scrapy_commands())


@pytest.mark.parametrize(
    ("mark", "begins"),
    [("pipx_metadata.json", "pipx inject knipsel "), ("uv-receipt.toml", "")],
)
def test_a_missing_library_s_line_is_one_for_this_environment(
    mark: str, begins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / mark).touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    line = extras.how_to_install("browse")
    assert line.startswith(begins or sys.executable)
    assert "'datasette<0.66,>=0.65.5'" in line


def test_every_extra_that_a_message_names_has_libraries() -> None:
    for extra in ("browse", "cluster", "duplicates", "parquet", "postgres", "store", "wacz"):
        assert extras.libraries(extra)
    assert extras.libraries("no such extra") == ()
