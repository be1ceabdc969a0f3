"""``knipsel sites``: a list of sites registered at once, a site removed, a wrong one refused."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.project import get_project_settings

from crawler.cli import run
from storage.crawl import runs
from storage.database import Archive, default_database
from tests.sample_archive import FIRST, SampleArchive, article, comment

DNS = {"dorpsblad.example": "93.184.216.34", "thuis.example": "192.168.1.7"}


@pytest.fixture
def capture(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    return capsys


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS knows the names in DNS, with and without "www."."""

    def look_up(host: str, *_given: Any, **_named: Any) -> list[Any]:
        if host == "stil.example":
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        try:
            return [(None, None, None, "", (DNS[host.removeprefix("www.")], 0))]
        except KeyError:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def sites(folder: Path, *words: str) -> int:
    return run("sites", [*words, "-s", f"KNIPSEL_ARCHIVE={folder}"], get_project_settings())


def listed(folder: Path, capture: pytest.CaptureFixture[str]) -> list[tuple[str, str, str | None]]:
    capture.readouterr()
    assert sites(folder, "--json") == 0
    told = json.loads(capture.readouterr().out)["sites"]
    return [(one["site"], one["state"], one["hours"]) for one in told]


def test_every_site_of_a_file_is_registered(
    tmp_path: Path, capture: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sites.txt"
    file.write_text(
        "\ufeff# regionaal\nhttps://www.dorpsblad.example/#boven\n\n"
        "veenpost.example  # wekelijks\n   \nhttps://www.dorpsblad.example/\r\n"
    )
    more = ("https://sluis.example/", "--hours", "22:00-06:00", "--unchecked")
    assert sites(tmp_path, "add", "-f", str(file), *more) == 0
    names = ("dorpsblad.example", "sluis.example", "veenpost.example")
    assert listed(tmp_path, capture) == [(name, "active", "22:00-06:00") for name in names]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n# niets\n", "names no site"),
        (None, "cannot be read as a list of sites"),
        ("caf\udce9.example\n", "cannot be read as a list of sites"),
    ],
)
def test_a_file_that_is_no_list_is_refused(
    text: str | None, said: str, tmp_path: Path, capture: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sites.txt"
    if text is not None:
        file.write_text(text, errors="surrogateescape")
    assert sites(tmp_path, "add", "-f", str(file)) == 2
    assert said in capture.readouterr().err


def test_each_bad_line_of_a_file_is_named_and_nothing_is_added(
    tmp_path: Path, capture: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sites.txt"
    file.write_text(
        "https://dorpsblad.example/\nftp://fout.example/\n\nhttps://piet:geheim@fout.example/\n"
        "http://10.0.0.8/ # binnen\nweg.example\nstil.example\nthuis.example\nhttps://\n"
    )
    assert sites(tmp_path, "add", "http://[fc00::1]/", "-f", str(file)) == 2
    first, *lines, last = capture.readouterr().err.splitlines()
    assert first.endswith("http://[fc00::1]/: fc00::1 is a private address.")
    reasons = {
        2: "is not an http or https address", 4: "holds a user name or password",
        5: "10.0.0.8 is a private address", 6: "DNS does not know weg.example: Name or service",
        7: "DNS does not know stil.example: Temporary failure",
        8: "thuis.example leads to the private address 192.168.1.7", 9: "names no host",
    }  # fmt: skip
    assert len(lines) == len(reasons)
    for line, (number, reason) in zip(lines, reasons.items(), strict=True):
        assert line.startswith(f"{file}, line {number}: ")
        assert reason in line
    assert last.startswith("Nothing was added. With --unchecked")
    assert "geheim" not in "".join(lines)
    assert listed(tmp_path, capture) == []


def test_a_site_that_dns_knows_is_added(
    tmp_path: Path, capture: pytest.CaptureFixture[str]
) -> None:
    assert sites(tmp_path, "add", "https://www.dorpsblad.example/") == 0
    assert listed(tmp_path, capture) == [("dorpsblad.example", "active", None)]


def test_unchecked_takes_what_dns_does_not_know_but_no_other_fault(
    tmp_path: Path, capture: pytest.CaptureFixture[str]
) -> None:
    assert sites(tmp_path, "add", "weg.example", "http://127.0.0.1:8000/", "--unchecked") == 0
    assert sites(tmp_path, "add", "ftp://fout.example/", "--unchecked") == 2
    assert len(listed(tmp_path, capture)) == 2


def test_a_file_goes_with_add_only(tmp_path: Path, capture: pytest.CaptureFixture[str]) -> None:
    assert sites(tmp_path, "pause", "weg.example", "-f", "sites.txt") == 2
    assert "knipsel sites add -f sites.txt" in capture.readouterr().err


def test_a_site_that_was_never_crawled_is_removed(
    tmp_path: Path, capture: pytest.CaptureFixture[str]
) -> None:
    assert sites(tmp_path, "add", "een.example", "twee.example", "--unchecked") == 0
    assert sites(tmp_path, "remove", "een.example") == 0
    assert "een.example is removed" in capture.readouterr().out
    assert listed(tmp_path, capture) == [("twee.example", "active", None)]
    assert sites(tmp_path, "remove", "een.example") == 2
    assert "There is no site een.example" in capture.readouterr().err


def test_of_a_site_that_was_crawled_everything_stays_and_is_named(
    tmp_path: Path, capture: pytest.CaptureFixture[str]
) -> None:
    archive = Archive.open(default_database(tmp_path))
    written = (comment(1, "Bert", "Ja."), comment(2, "Joost", "Nee."))
    kept = article("https://dorpsblad.example/1/", "Kop", "Tekst.", None, comments=written)
    SampleArchive(archive).save(kept, FIRST)
    with archive.begin() as connection:
        runs.begin_run(connection, 1, {}, FIRST)
    archive.close()
    assert sites(tmp_path, "remove", "dorpsblad.example") == 0
    said = capture.readouterr().out
    assert "1 articles and 2 comments of it stay in the archive" in said
    assert "knipsel forget --site dorpsblad.example" in said
    assert listed(tmp_path, capture) == [("dorpsblad.example", "paused", None)]
