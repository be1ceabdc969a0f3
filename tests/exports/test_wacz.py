"""WACZ: captures for other archives' tools, valid for the library's own validator and replayed by
pywb.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from crawler.demo import DemoServer
from storage.database import Archive, default_database
from storage.exports import BadExport, WaczRequest, export_wacz
from storage.exports.wacz import Packed
from tests.crawling import crawl, knipsel
from tests.patience import at_most

ETALAGE = "SELECT url, headline FROM article_overview WHERE url LIKE '%etalage%'"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("crawled")
    with DemoServer() as server:
        assert crawl(f"{server.url}/", folder).code == 0
        yield folder


@pytest.fixture
def archive(crawled: Path) -> Iterator[Archive]:
    opened = Archive.open(default_database(crawled))
    yield opened
    opened.close()


def pack(archive: Archive, folder: Path, target: Path, **asked: object) -> Packed:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the library's own dependencies
        return export_wacz(archive, folder, WaczRequest(**asked), target)


def test_the_library_s_own_validator_finds_it_valid(crawled: Path, tmp_path: Path) -> None:
    target = tmp_path / "site.wacz"
    ended = knipsel(
        "export",
        "wacz",
        str(target),
        "-s",
        f"KNIPSEL_ARCHIVE={crawled}",
        environment={"PYTHONWARNINGS": "ignore"},
    )
    assert ended.code == 0, ended.err
    assert re.fullmatch(
        r"\d+ captures in .*site\.wacz, 12 articles in its list of pages\.\n", ended.out
    )
    command = [sys.executable, "-m", "wacz", "validate", "-f", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "the passed WACZ is valid" in done.stdout) == (0, True), done.stdout
    assert list(tmp_path.iterdir()) == [target]


def test_it_holds_records_index_and_the_list_of_articles(
    archive: Archive, crawled: Path, tmp_path: Path
) -> None:
    packed = pack(archive, crawled, tmp_path / "a.wacz")
    assert (
        packed.captures
        == archive.select("SELECT COUNT(*) AS n FROM fetches WHERE warc_file IS NOT NULL")[1][0][
            "n"
        ]
    )
    with zipfile.ZipFile(tmp_path / "a.wacz") as file:
        names = file.namelist()
        lines = [json.loads(line) for line in file.read("pages/pages.jsonl").decode().splitlines()]
        (warc,) = (name for name in names if name.startswith("archive/"))
        assert file.read(warc) == next((crawled / "warc").iterdir()).read_bytes(), (
            "all was asked for: the file is the same"
        )
    assert "indexes/index.cdx.gz" in names
    titles = {line["url"]: line["title"] for line in lines[1:]}
    (article,) = archive.select(ETALAGE)[1]
    assert titles[article["url"]] == article["headline"]
    assert len(titles) == packed.articles == 12


def test_only_what_was_asked_for_is_packed(archive: Archive, crawled: Path, tmp_path: Path) -> None:
    for asked in ({"site": "elders.example"}, {"since": date(2999, 1, 1)}):
        with pytest.raises(BadExport, match="No captures of the kind"):
            pack(archive, crawled, tmp_path / "a.wacz", **asked)
    site = archive.select("SELECT name FROM sites")[1][0]["name"]
    assert (
        pack(archive, crawled, tmp_path / "a.wacz", site=site, since=date(2020, 1, 1)).articles
        == 12
    )


def test_a_missing_warc_file_is_said(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(BadExport, match=r"knipsel-.* is missing"):
        pack(archive, tmp_path, tmp_path / "a.wacz")
    assert list(tmp_path.iterdir()) == []


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def ask(url: str) -> str:
    with urllib.request.urlopen(url, timeout=at_most(20)) as answer:  # noqa: S310  # our own server
        return str(answer.read().decode("utf-8"))


def test_pywb_replays_an_article_with_its_comments(
    archive: Archive, crawled: Path, tmp_path: Path
) -> None:
    tools = os.environ.get("KNIPSEL_TEST_PYWB")
    if not tools:
        pytest.skip("pywb needs an environment of its own; set KNIPSEL_TEST_PYWB to its bin folder")
    pack(archive, crawled, tmp_path / "a.wacz")
    (article,) = archive.select(ETALAGE)[1]
    for arguments in (("init", "knipsel"), ("add", "--unpack-wacz", "knipsel", "a.wacz")):
        subprocess.run(
            [f"{tools}/wb-manager", *arguments], cwd=tmp_path, check=True, capture_output=True
        )
    port = free_port()
    server = subprocess.Popen(
        [f"{tools}/wayback", "-p", str(port), "-b", "127.0.0.1"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                ask(f"http://127.0.0.1:{port}/")
                break
            except OSError:
                time.sleep(0.1)
        shown = ask(f"http://127.0.0.1:{port}/knipsel/mp_/{article['url']}")
    finally:
        server.terminate()
        server.wait()
    assert article["headline"] in shown
    assert "Die slager ken ik!" in shown
    assert "Hilde Brandsma" in shown
