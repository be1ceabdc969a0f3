"""Sites with --render in a real Chromium: threads that only a script shows are stored whole, and a
page that means no good costs its bounded time.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.rendering import BrowserMissing, find_browser
from tests.browser.scripted_pages import (
    COMMENTS,
    HOSTILE,
    LAST,
    THREADS,
    hostile_site,
    threads_site,
)
from tests.browser.trap import Trap
from tests.crawling import Ended, ask, crawl, crawl_arguments, knipsel

try:
    find_browser("")
except BrowserMissing as reason:
    pytest.skip(str(reason), allow_module_level=True)


def archived(folder: Path) -> tuple[str, str]:
    return "-s", f"KNIPSEL_ARCHIVE={folder}"


def drawn_crawl(url: str, folder: Path, *more: str) -> Ended:
    added = knipsel("sites", "add", url, "--unchecked", "--render", *archived(folder))
    assert added.code == 0, added.err
    settings = ("RETRY_AFTER_SECONDS=0.1", "EXTRACTION_WORKERS=1", *more)
    return knipsel(*crawl_arguments(url, folder, *settings), timeout=400)


@pytest.fixture(scope="module")
def threads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("threads")
    with threads_site() as site:
        ended = drawn_crawl(site.url, folder)
        paths = Counter(site.paths())
    assert ended.code == 0, ended.out + ended.err
    (folder / "asked.json").write_text(json.dumps(paths))
    return folder


def article(folder: Path, name: str) -> dict[str, Any]:
    (row,) = ask(folder, f"select * from articles where url like '%/nieuws/{name}/'")
    return row


@pytest.mark.parametrize("name", THREADS)
def test_a_thread_that_scripts_show_is_stored_whole(threads: Path, name: str) -> None:
    row = article(threads, name)
    assert row["comments_captured"] == COMMENTS
    comments = ask(
        threads,
        f"select author, text from comments where article_id = {row['id']} order by position",
    )
    assert comments[0]["author"] == "Aaltje 0"
    assert {one["text"] for one in comments} == {
        f"Ook bij ons in de straat ging het {number + 2} keer over de veerpont."
        for number in range(COMMENTS)
    }
    assert "bij ons in de straat" not in row["article_body"]


def test_each_answer_is_asked_for_once_and_kept(threads: Path) -> None:
    asked = json.loads((threads / "asked.json").read_text())
    assert asked["/nieuws/knop/"] == 1  # drawn from the answer that was there
    records = Counter(kinds_and_targets(threads))
    for name in THREADS:
        (target,) = {url for _kind, url in records if url.endswith(f"/nieuws/{name}/")}
        assert records["response", target] == records["conversion", target] == 1
    answers = [url for kind, url in records.elements() if kind in {"response", "revisit"}]
    assert len([url for url in answers if "/reacties.json?traag" in url]) == 3
    assert len([url for url in answers if "/admin-ajax.php" in url]) == 3
    kept = ask(threads, "select distinct url from fetches where url like '%admin-ajax%'")
    assert {row["url"].partition("?")[2] for row in kept} == {
        f"__wb_method=POST&action=meer&vanaf={start}" for start in (0, 10, 20)
    }


def kinds_and_targets(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted((folder / "warc").glob("*.warc.gz")):
        with file.open("rb") as stream:
            identified = {}
            for record in ArchiveIterator(stream):
                url = record.rec_headers["WARC-Target-URI"]
                identified[record.rec_headers["WARC-Record-ID"]] = url
                if record.rec_type == "conversion":
                    assert identified[record.rec_headers["WARC-Refers-To"]] == url
                yield record.rec_type, url or ""


def test_what_was_drawn_is_read_again_without_a_network(threads: Path) -> None:
    again = knipsel("reextract", "--dry-run", *archived(threads))
    assert again.code == 0, again.err
    assert re.search(rf"unchanged {len(THREADS)}\b", again.out), again.out
    verified = knipsel("verify", *archived(threads))
    assert verified.code == 0, verified.out


def test_drawn_pages_are_imported_from_the_warc_files(threads: Path, tmp_path: Path) -> None:
    files = sorted(str(path) for path in (threads / "warc").glob("*.warc.gz"))
    ended = knipsel("import", *files, *archived(tmp_path))
    assert ended.code == 0, ended.err
    captured = ask(tmp_path, "select comments_captured as n from articles")
    assert [row["n"] for row in captured] == [COMMENTS] * len(THREADS)


def test_a_page_that_shows_its_thread_only_drawn_is_named(tmp_path: Path) -> None:
    with threads_site("knop") as site:
        site.routes["/nieuws/knop/"] = str(site.routes["/nieuws/knop/"]).replace(
            "<ul id=lijst>", "<div id=comments data-src=/reacties.json></div><ul id=lijst>"
        )
        plain = crawl(site.url, tmp_path)
        assert f"knipsel sites set {site.url}" in plain.out.replace("\n", "")
        assert "1 page shows its thread only in a browser" in plain.out
        knipsel("sites", "set", site.url, "--render", *archived(tmp_path))
        drawn = crawl(site.url, tmp_path, "-a", "refresh=all")
    assert "only in a browser" not in drawn.out
    assert article(tmp_path, "knop")["comments_captured"] == COMMENTS


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder, trap = tmp_path_factory.mktemp("hostile"), Trap()
    with hostile_site(trap.url.removeprefix("http://")) as site:
        bounds = ("RENDER_SECONDS=8", "RENDER_REQUESTS=30", "KNIPSEL_THREADS=same-host")
        ended = drawn_crawl(site.url, folder, *bounds)
        paths = site.paths()
    trap.close()
    return {"folder": folder, "ended": ended, "paths": paths, "trapped": trap.connections}


def test_every_page_that_means_no_good_is_stored(hostile: dict[str, Any]) -> None:
    rows = ask(hostile["folder"], "select url from articles")
    names = {row["url"].rstrip("/").rpartition("/")[2] for row in rows}
    assert names == {*HOSTILE, "buiten", LAST}
    (run,) = ask(hostile["folder"], "select counters, verdict from runs")
    assert json.loads(run["counters"])["drawn"]["pages"] >= len(names)


@pytest.mark.parametrize(("name", "word"), [(n, w) for n, (_s, w) in HOSTILE.items() if w])
def test_what_a_page_did_is_named_in_the_run(hostile: dict[str, Any], name: str, word: str) -> None:
    (run,) = ask(hostile["folder"], "select counters from runs")
    counters = json.loads(run["counters"])
    assert counters["drawn"].get(word, 0) >= 1, counters["drawn"]
    assert counters["examples"][word].endswith(f"/nieuws/{name}/")
    assert re.search(rf"\b{word} \d", hostile["ended"].out)


def test_nothing_is_sent_that_may_not_be(hostile: dict[str, Any]) -> None:
    assert hostile["trapped"] == 0
    sent = hostile["paths"]
    assert not {"/prive/reacties.json", "/film.mp4", "/bestand.zip", "/werker.js"} & set(sent)
    rows = ask(hostile["folder"], "select outcome from fetches where url like '%/prive/%'")
    assert rows == [{"outcome": "robots"}]


def test_a_site_can_be_set_back(tmp_path: Path) -> None:
    with threads_site("knop") as site:
        knipsel("sites", "add", site.url, "--unchecked", "--render", *archived(tmp_path))
        shown = knipsel("sites", "set", site.url, "--no-render", "--json", *archived(tmp_path))
    assert json.loads(shown.out)["sites"][0]["render"] is False
