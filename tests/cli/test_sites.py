"""``knipsel sites``: a list of sites registered at once, a site removed, a wrong one refused."""

import json
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from crawler.cli import run
from crawler.demo import DemoServer
from tests.crawling import crawl


@pytest.fixture
def capture(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    return capsys


def sites(folder: Path, *words: str) -> int:
    return run("sites", [*words, "-s", f"KNIPSEL_ARCHIVE={folder}"], get_project_settings())


def listed(folder: Path, capture: pytest.CaptureFixture[str]) -> list[tuple[str, str | None]]:
    capture.readouterr()
    assert sites(folder, "--json") == 0
    told = json.loads(capture.readouterr().out)["sites"]
    return [(one["site"], one["hours"]) for one in told]


def test_every_site_of_a_file_is_registered(
    tmp_path: Path, capture: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sites.txt"
    file.write_text(
        "\ufeff# regionaal\nhttps://www.dorpsblad.example/\n\nveenpost.example  # wekelijks\n"
        "https://www.dorpsblad.example/\n"
    )
    more = ("https://sluis.example/", "--hours", "22:00-06:00")
    assert sites(tmp_path, "add", "-f", str(file), *more) == 0
    hours = "22:00-06:00"
    names = ("dorpsblad.example", "sluis.example", "veenpost.example")
    assert listed(tmp_path, capture) == [(name, hours) for name in names]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://goed.example/\nftp://fout.example/\n", "is no address"),
        ("\n# niets\n", "names no site"),
        (None, "cannot be read as a list of sites"),
    ],
)
def test_a_file_with_a_fault_registers_nothing(
    text: str | None, said: str, tmp_path: Path, capture: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sites.txt"
    if text is not None:
        file.write_text(text)
    assert sites(tmp_path, "add", "-f", str(file)) == 2
    assert said in capture.readouterr().err
    assert listed(tmp_path, capture) == []


def test_a_site_that_was_never_crawled_is_removed(
    tmp_path: Path, capture: pytest.CaptureFixture[str]
) -> None:
    assert sites(tmp_path, "add", "https://een.example/", "https://twee.example/") == 0
    assert sites(tmp_path, "remove", "een.example") == 0
    assert listed(tmp_path, capture) == [("twee.example", None)]
    assert sites(tmp_path, "remove", "een.example") == 2
    assert "There is no site een.example" in capture.readouterr().err


def test_a_site_that_was_crawled_is_paused_or_forgotten_instead(
    tmp_path: Path, capture: pytest.CaptureFixture[str]
) -> None:
    with DemoServer() as server:
        assert crawl(f"{server.url}/", tmp_path, "-a", "limit=1").code == 0
    (name, _hours), *_ = listed(tmp_path, capture)
    assert sites(tmp_path, "remove", name) == 2
    assert f"knipsel forget --site {name}" in capture.readouterr().err
    assert len(listed(tmp_path, capture)) == 1
