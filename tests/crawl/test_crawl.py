"""A crawl from the outside: a local site goes in, rows come out, and every fault has its
sentence.
"""

import gzip
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from tests.crawling import ask, crawl, crawl_arguments, scrapy, start_crawl
from tests.local_site import LocalSite, Route
from tests.patience import at_most
from tests.village import article, thread

HOME = """<html lang="nl"><body class="home"><h1>Dorpsblad</h1><ul>
<li><h2><a href="/2014/molen/?utm_source=voorpagina">Molen draait weer</a></h2></li>
<li><h2><a href="/2014/brug/">Brug gaat dicht</a></h2></li></ul><a href="/stuk/">stuk</a><a \
href="/geheim/plan/">plan</a></body></html>"""


@pytest.fixture
def village() -> Iterator[LocalSite]:
    pages = (
        '<div class="nav-links"><a href="/2014/molen/comment-page-1/#comments">Oudere '
        "reacties</a></div>"
    )
    back = '<div class="nav-links"><a href="/2014/molen/#comments">Nieuwere reacties</a></div>'
    routes: dict[str, Route] = {
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /geheim/"),
        "/": HOME,
        "/2014/molen/": article(
            "Molen draait weer", "2014-05-01T09:30:00+02:00", thread(3, 4, declared=4, extra=pages)
        ),
        "/2014/molen/comment-page-1/": article(
            "Molen draait weer", "2014-05-01T09:30:00+02:00", thread(1, 2, declared=4, extra=back)
        ),
        "/2014/brug/": article("Brug gaat dicht", "2014-05-02T09:30:00+02:00"),
        "/geheim/plan/": article("Geheim plan", "2014-05-03T09:30:00+02:00"),
        "/stuk/": (500, {}, b"stuk"),
    }
    with LocalSite(routes) as site:
        yield site


CONTENT = (
    "SELECT * FROM articles ORDER BY id",
    "SELECT * FROM authors ORDER BY article_id, position",
    "SELECT * FROM keywords ORDER BY article_id, position",
    "SELECT * FROM comments ORDER BY id",
)


def content(folder: Path) -> list[object]:
    return [
        [
            {key: value for key, value in row.items() if key != "last_seen"}
            for row in ask(folder, query)
        ]
        for query in CONTENT
    ]


def test_a_site_becomes_rows(village: LocalSite, tmp_path: Path) -> None:
    ended = scrapy(*crawl_arguments(village.url, tmp_path))
    assert ended.code == 0, ended.err
    stored = ask(tmp_path, "SELECT * FROM article_overview ORDER BY url")
    assert [(row["url"], row["headline"]) for row in stored] == [
        (f"{village.url}/2014/brug/", "Brug gaat dicht"),
        (f"{village.url}/2014/molen/", "Molen draait weer"),
    ]
    assert stored[1]["authors"] == "Wil Terpstra"
    assert str(stored[1]["date_published"]) == "2014-05-01 09:30:00"  # as the page shows it
    assert str(stored[1]["date_published_utc"]).startswith("2014-05-01 07:30")
    assert (stored[1]["comments_declared"], stored[1]["comments_captured"]) == (4, 4)
    assert stored[1]["comments_gap_reason"] is None
    assert "2 articles" in ended.out or "2 (2 new)" in ended.out
    assert str(tmp_path) in ended.out.replace("\n", "")


def test_the_pages_of_a_thread_become_one_thread(village: LocalSite, tmp_path: Path) -> None:
    crawl(village.url, tmp_path)
    comments = ask(tmp_path, "SELECT source_id, author FROM comment_thread ORDER BY position")
    assert [row["source_id"] for row in comments] == ["1", "2", "3", "4"]
    assert comments[0]["author"] == "Lezer 1"


def test_robots_and_refusals_are_outcomes(village: LocalSite, tmp_path: Path) -> None:
    crawl(village.url, tmp_path)
    assert "/geheim/plan/" not in village.paths()
    pages = {
        row["url"]: row for row in ask(tmp_path, "SELECT url, state, outcome, found_how FROM pages")
    }
    assert pages[f"{village.url}/geheim/plan/"]["outcome"] == "robots"
    assert pages[f"{village.url}/"]["outcome"] == "listing"
    assert (pages[f"{village.url}/stuk/"]["state"], pages[f"{village.url}/stuk/"]["outcome"]) == (
        "failed",
        "server_error",
    )
    assert village.paths().count("/stuk/") == 3
    assert pages[f"{village.url}/2014/molen/"]["found_how"] == "link"


def test_the_capture_is_a_valid_warc_of_what_went_over_the_wire(
    village: LocalSite, tmp_path: Path
) -> None:
    crawl(village.url, tmp_path)
    (file,) = (tmp_path / "warc").glob("*.warc.gz")
    assert subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", str(file)], capture_output=True, text=True,
        check=False
    ).returncode == 0  # fmt: skip
    with file.open("rb") as stream:
        records = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"))
            for record in ArchiveIterator(stream)
        ]
    assert records[0][0] == "warcinfo"
    assert ("response", f"{village.url}/2014/molen/") in records
    assert ("request", f"{village.url}/2014/molen/") in records
    place = ask(tmp_path, "SELECT url, warc_file, warc_offset FROM fetches ORDER BY url")
    place = next(row for row in place if row["url"].endswith("/2014/molen/"))
    with (tmp_path / "warc" / place["warc_file"]).open("rb") as stream:
        stream.seek(place["warc_offset"])
        record = next(iter(ArchiveIterator(io.BytesIO(stream.read()))))
        assert b"De molen aan de Oude Gracht" in record.content_stream().read()


def test_a_second_run_changes_nothing_but_last_seen(village: LocalSite, tmp_path: Path) -> None:
    crawl(village.url, tmp_path)
    before, runs = content(tmp_path), ask(tmp_path, "SELECT COUNT(*) AS n FROM runs")[0]["n"]
    assert crawl(village.url, tmp_path).code == 0
    assert content(tmp_path) == before
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM runs")[0]["n"] == runs + 1
    assert len(list((tmp_path / "warc").glob("*.warc.gz"))) == 2


def test_a_run_whose_output_nobody_reads_ends_all_the_same(
    village: LocalSite, tmp_path: Path
) -> None:
    settings = (f"KNIPSEL_REPORTS={tmp_path / 'reports'}", "EXTRACTION_WORKERS=1")
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with start_crawl(village.url, tmp_path, *settings, **streams) as run:
        assert run.stdout is not None
        run.stdout.close()
        try:
            assert run.wait(timeout=at_most(100)) == 0
        finally:
            run.kill()
    assert ask(tmp_path, "SELECT verdict FROM runs") == [{"verdict": "ok"}]
    assert list((tmp_path / "reports").glob("*.html"))


def test_limit_and_since_are_kept_to(village: LocalSite, tmp_path: Path) -> None:
    assert crawl(village.url, tmp_path / "a", "-a", "limit=1").code == 0
    assert ask(tmp_path / "a", "SELECT COUNT(*) AS n FROM articles")[0]["n"] == 1
    assert crawl(village.url, tmp_path / "b", "-a", "since=2014-05-02").code == 0
    assert [row["headline"] for row in ask(tmp_path / "b", "SELECT headline FROM articles")] == [
        "Brug gaat dicht"
    ]


def bomb(handler: BaseHTTPRequestHandler) -> None:
    body = gzip.compress(b"<p>" + b"0" * 60_000_000)
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    try:
        for _ in range(800):
            handler.wfile.write(b"<p>woord</p>" * 5461)
    except OSError:
        pass


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<p>half")


FAULTS: dict[str, tuple[Route, str]] = {
    "/kring/": ((302, {"Location": "/kring/"}, b""), "redirect_loop"),
    "/beeld/": (
        (200, {"Content-Type": "image/png"}, b"\x89PNG\r\n\x1a\n" + bytes(500)),
        "not_html",
    ),
    "/fout/": ((500, {}, b"stuk"), "server_error"),
    "/leeg/": ((200, {"Content-Type": "text/html"}, b""), "unreadable"),
    "/groot/": (endless, "too_large"),
    "/bom/": (bomb, "too_large"),
    "/half/": (cut_off, "cut_off"),
    "/diep/": (b"<html><body>" + b"<div>" * 100_000 + b"tekst", "unreadable"),
    "/weg/": ((302, {"Location": "https://www.example.org/elders/"}, b""), "redirect_offsite"),
    "/intern/": ((302, {"Location": "http://169.254.169.254/latest/"}, b""), "redirect_offsite"),
    "/toestemming/": (
        (302, {"Location": "/privacy-wall?callbackUrl=%2Ftoestemming%2F"}, b""),
        "consent",
    ),
    "/tekens/": (
        (
            200,
            {"Content-Type": "text/html; charset=klingon"},
            article("Café", "2014-05-01").encode("cp1252"),
        ),
        "article",
    ),
}


@pytest.fixture(scope="module")
def faulty(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[dict[str, dict[str, str]], Path, str]]:
    """Crawl a site of faults once; every test then looks at one page of it."""
    folder = tmp_path_factory.mktemp("faults")
    links = "".join(f'<a href="{path}">{path}</a>' for path in FAULTS)
    routes: dict[str, Route] = {path: route for path, (route, _outcome) in FAULTS.items()}
    routes |= {
        "/": f"<html><body>{links}</body></html>",
        "/goed/": article("Goed", "2014-05-01T09:30"),
    }
    routes["/"] = f"<html><body>{links}<a href='/goed/'>goed</a></body></html>"
    with LocalSite(routes) as site:
        ended = crawl(site.url, folder)
        assert ended.code == 1, (
            ended.err
        )  # degraded: a fifth of the pages and more could not be had
        rows = ask(folder, "SELECT url, state, outcome, detail FROM pages")
        yield {row["url"].removeprefix(site.url): row for row in rows}, folder, ended.err


@pytest.mark.parametrize("path", FAULTS)
def test_a_faulty_page_has_its_outcome_and_a_sentence(
    path: str, faulty: tuple[dict[str, dict[str, str]], Path, str]
) -> None:
    pages, _folder, _err = faulty
    expected = FAULTS[path][1]
    assert pages[path]["outcome"] == expected
    if expected != "article":
        assert (pages[path]["detail"] or "").endswith((".", ")", "/")) or len(
            pages[path]["detail"] or ""
        ) > 10


def test_faults_lose_nothing_and_show_no_traceback(
    faulty: tuple[dict[str, dict[str, str]], Path, str],
) -> None:
    _pages, folder, err = faulty
    headlines = {row["headline"] for row in ask(folder, "SELECT headline FROM articles")}
    assert headlines == {"Goed", "Café"}
    assert "Traceback" not in err
    outcomes = {row["outcome"] for row in ask(folder, "SELECT DISTINCT outcome FROM fetches")}
    assert {"too_large", "server_error", "redirect", "cut_off", "ok"} <= outcomes


def test_every_capture_of_a_faulty_site_is_valid(
    faulty: tuple[dict[str, dict[str, str]], Path, str],
) -> None:
    _pages, folder, _err = faulty
    for file in (folder / "warc").glob("*.warc.gz"):
        done = subprocess.run(
            [sys.executable, "-m", "warcio.cli", "check", str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        (("-a", "site=http://127.0.0.1:9/"), {"KNIPSEL_CONTACT": ""}, "KNIPSEL_CONTACT"),
        (("-a", "site=http://127.0.0.1:9/"), {"KNIPSEL_CONTACT": "nobody"}, "KNIPSEL_CONTACT"),
        ((), {}, "-a site="),
        (("-a", "site=mailto:iemand@example.org"), {}, "is no address"),
        (("-a", "site=http://127.0.0.1:9/", "-a", "limit=veel"), {}, "limit="),
        (("-a", "site=http://127.0.0.1:9/", "-a", "since=gisteren"), {}, "since="),
        (("-a", "site=http://127.0.0.1:9/", "-a", "url=x"), {}, "no argument url"),
        (
            ("-a", "site=http://127.0.0.1:9/"),
            {"KNIPSEL_DATABASE": "postgresql://127.0.0.1:1/x"},
            "127.0.0.1",
        ),
        (("-a", "site=http://127.0.0.1:9/"), {"KNIPSEL_DATABASE": "nonsense"}, "nonsense"),
    ],
)
def test_a_crawl_that_cannot_begin_says_why_in_one_sentence(
    arguments: tuple[str, ...], environment: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    ended = scrapy(
        "crawl",
        "articles",
        *arguments,
        environment={"KNIPSEL_ARCHIVE": str(tmp_path), **environment},
    )
    assert ended.code == 2
    complaint = [line for line in ended.err.splitlines() if line.startswith("knipsel crawl: ")]
    assert len(complaint) == 1
    assert sentence in complaint[0]
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("site", ["http://bestaat-niet.invalid/", "http://127.0.0.1:9/"])
def test_a_site_that_gives_nothing_is_a_failed_run(site: str, tmp_path: Path) -> None:
    ended = crawl(site, tmp_path)
    assert ended.code == 2
    assert "Nothing could be fetched" in ended.err
    assert ask(tmp_path, "SELECT verdict FROM runs")[0]["verdict"] == "failed"
    assert ask(tmp_path, "SELECT outcome FROM fetches")
    assert "Traceback" not in ended.err


def test_an_archive_folder_that_cannot_be_written_is_said_before_the_crawl(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    ended = scrapy(
        "crawl", "articles", "-a", "site=http://127.0.0.1:9/", "-s", f"KNIPSEL_ARCHIVE={blocked}"
    )
    assert ended.code == 2
    assert str(blocked) in ended.err
    assert "Traceback" not in ended.err


def test_warcio_finds_a_spoilt_record(village: LocalSite, tmp_path: Path) -> None:
    """The judge of the tests above can say no."""
    crawl(village.url, tmp_path)
    (file,) = (tmp_path / "warc").glob("*.warc.gz")
    spoilt = bytearray(file.read_bytes())
    starts = [found.start() for found in re.finditer(rb"\x1f\x8b\x08", spoilt)]
    longest = max(pairwise([*starts, len(spoilt)]), key=lambda member: member[1] - member[0])
    spoilt[sum(longest) // 2] ^= 0xFF
    file.write_bytes(bytes(spoilt))
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert Checker is not None
