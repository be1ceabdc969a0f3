"""Runs night after night: little is asked twice, every change is found, nothing good is lost."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from storage.database import Archive, default_database
from tests.crawling import ask, crawl, knipsel, start_crawl
from tests.local_site import LocalSite, Route
from tests.patience import at_most
from tests.village import article, thread

XML = {"Content-Type": "application/xml"}
NUMBERS = range(30)


def path_of(number: int) -> str:
    return f"/2014/stuk-nummer-{number}/"


def sitemap(numbers: range | list[int], lastmod: str = "2014-06-01") -> Route:
    entries = "".join(
        f"<url><loc>{path_of(n)}</loc><lastmod>{lastmod}</lastmod></url>" for n in numbers
    )
    return 200, XML, f"<urlset>{entries}</urlset>".encode()


def with_etag(body: str) -> Route:
    tag = f'"{abs(hash(body))}"'

    def answer(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers.get("If-None-Match") == tag
        handler.send_response(304 if known else 200)
        handler.send_header("ETag", tag)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", "0" if known else str(len(body.encode())))
        handler.end_headers()
        if not known:
            handler.wfile.write(body.encode())

    return answer


@pytest.fixture
def site() -> Iterator[LocalSite]:
    routes: dict[str, Route] = {
        "/": "<html><body>Dorpsblad</body></html>",
        "/sitemap.xml": sitemap(NUMBERS),
    }
    for number in NUMBERS:
        routes[path_of(number)] = article(
            f"Stuk {number}", f"2014-05-{number % 28 + 1:02}T09:30", thread(1, declared=1)
        )
    with LocalSite(routes) as served:
        yield served


def due_now(folder: Path, where: str) -> None:
    """Let time pass: pages that fit are due."""
    archive = Archive.open(default_database(folder))
    with archive.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE pages SET next_visit = '2020-01-01 00:00:00+00:00' WHERE {where}"
        )
    archive.close()


def test_a_second_run_asks_for_little_and_finds_what_changed(
    site: LocalSite, tmp_path: Path
) -> None:
    assert crawl(site.url, tmp_path).code == 0
    first = len(site.asked)
    assert crawl(site.url, tmp_path).code == 0
    assert len(site.asked) - first <= 3
    site.routes[path_of(30)] = article("Stuk 30", "2014-06-02T09:30")
    site.routes[path_of(3)] = article(
        "Stuk 3, verbeterd", "2014-05-04T09:30", thread(1, 2, declared=2)
    )
    del site.routes[path_of(4)]
    entries = [(n, "2036-01-01" if n == 3 else "2014-06-01") for n in range(31) if n != 4]
    body = "".join(
        f"<url><loc>{path_of(n)}</loc><lastmod>{day}</lastmod></url>" for n, day in entries
    )
    site.routes["/sitemap.xml"] = (200, XML, f"<urlset>{body}</urlset>".encode())
    before = len(site.asked)
    assert crawl(site.url, tmp_path).code == 0
    assert len(site.asked) - before <= 6
    rows = {row["headline"]: row for row in ask(tmp_path, "SELECT headline, gone_at FROM articles")}
    assert len(rows) == 31
    assert "Stuk 30" in rows
    assert "Stuk 3, verbeterd" in rows
    assert [headline for headline, row in rows.items() if row["gone_at"]] == ["Stuk 4"]
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM comments WHERE gone_at IS NULL")[0]["n"] == 31
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM article_versions")[0]["n"] == 1


def test_a_due_page_is_asked_for_only_if_it_changed(site: LocalSite, tmp_path: Path) -> None:
    site.routes[path_of(1)] = with_etag(
        article("Stuk 1", "2014-05-02T09:30", thread(1, declared=1))
    )
    crawl(site.url, tmp_path)
    seen = ask(tmp_path, "SELECT last_seen FROM articles WHERE headline = 'Stuk 1'")[0]["last_seen"]
    due_now(tmp_path, "url LIKE '%nummer-1/'")
    assert crawl(site.url, tmp_path).code == 0
    last = ask(
        tmp_path, "SELECT outcome, status FROM fetches WHERE url LIKE '%nummer-1/' ORDER BY id DESC"
    )[0]
    assert (last["outcome"], last["status"]) == ("not_modified", 304)
    page = ask(tmp_path, "SELECT state, outcome, etag FROM pages WHERE url LIKE '%nummer-1/'")[0]
    assert (page["state"], page["outcome"]) == ("done", "article")
    assert page["etag"]
    assert (
        ask(tmp_path, "SELECT last_seen FROM articles WHERE headline = 'Stuk 1'")[0]["last_seen"]
        > seen
    )


def test_the_newest_comments_of_a_wordpress_make_their_articles_due(
    site: LocalSite, tmp_path: Path
) -> None:
    site.routes["/"] = (
        '<html><head><link rel="https://api.w.org/" '
        'href="/wp-json/"></head><body>Dorpsblad</body></html>'
    )
    query = "?_fields=link%2Cdate_gmt%2Cpost&order=desc&orderby=date_gmt&per_page=100"
    rows = [{"link": f"{site.url}{path_of(7)}#comment-1", "date_gmt": "2014-05-01T08:00:00"}]
    site.routes[f"/wp-json/wp/v2/comments{query}"] = (200, {}, json.dumps(rows).encode())
    assert crawl(site.url, tmp_path).code == 0
    rows.insert(0, {"link": f"{site.url}{path_of(9)}#comment-2", "date_gmt": "2036-05-01T08:00:00"})
    site.routes[f"/wp-json/wp/v2/comments{query}"] = (200, {}, json.dumps(rows).encode())
    site.routes[path_of(9)] = article("Stuk 9", "2014-05-10T09:30", thread(1, 2, declared=2))
    before = len(site.asked)
    assert crawl(site.url, tmp_path).code == 0
    assert [path for path in site.paths()[before:] if "stuk" in path] == [path_of(9)]
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM comments")[0]["n"] == len(NUMBERS) + 1


WALLS: dict[str, Route] = {
    "consent": (302, {"Location": "/privacy-gate/consent?siteKey=x&callbackUrl=%2F"}, b""),
    "login": "<html><body><h1>Inloggen</h1><p>Log in om verder te lezen.</p><form><input name=u>"
    "<input type=password name=p></form><p>Wachtwoord vergeten? Maak een "
    "account.</p></body></html>",
    "bot_check": "<html><body><h1>Even geduld</h1><p>Checking your browser. Bewijs dat u geen "
    "robot bent: captcha.</p></body></html>",
    "forbidden": (403, {}, b"verboden"),
    "legal": (451, {}, b"weg"),
    "paywall": '<html><head><script type="application/ld+json">{"@type": "NewsArticle", '
    '"headline": "Stuk 0", '
    '"isAccessibleForFree": false}</script></head><body '
    'class="single"><article><h1>Stuk 0</h1><p>De molen aan de Oude Gracht '
    'draait weer, voor het eerst in elf jaar.</p><div class="paywall">Verder '
    "lezen? Dit artikel is alleen voor abonnees. "
    "Word nu abonnee om dit artikel te lezen.</div></article></body></html>",
}


def test_a_wall_never_replaces_a_good_version_and_is_named(site: LocalSite, tmp_path: Path) -> None:
    crawl(site.url, tmp_path)
    before = ask(tmp_path, "SELECT headline, article_body, gone_at FROM articles ORDER BY id")
    walled = {path_of(3 * place + n): kind for place, kind in enumerate(WALLS) for n in range(3)}
    for path, kind in walled.items():
        site.routes[path] = WALLS[kind]
    due_now(tmp_path, "kind = 'page'")
    ended = crawl(site.url, tmp_path)
    assert (
        ask(tmp_path, "SELECT headline, article_body, gone_at FROM articles ORDER BY id") == before
    )
    outcomes = {
        row["url"].removeprefix(site.url): row["outcome"]
        for row in ask(tmp_path, "SELECT url, outcome FROM pages")
    }
    assert {path: outcomes[path] for path in walled} == walled
    assert ended.code == 1
    named = next(line for line in ended.err.splitlines() if line.startswith("knipsel crawl: "))
    assert "18 articles that could be read before are behind a wall now" in named
    assert all(f"{kind} 3" in named for kind in WALLS)


def test_a_site_of_nothing_but_walls_gives_no_article_and_no_healthy_run(tmp_path: Path) -> None:
    links = "".join(f'<a href="{path_of(n)}">{n}</a>' for n in range(len(WALLS)))
    routes: dict[str, Route] = {"/": f"<html><body>{links}</body></html>"}
    with LocalSite(routes | {path_of(n): wall for n, wall in enumerate(WALLS.values())}) as served:
        ended = crawl(served.url, tmp_path)
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"] == 0
    assert ended.code == 2
    assert "No article could be read: " in ended.err


def test_a_redesign_that_breaks_a_field_is_named_within_one_run(
    site: LocalSite, tmp_path: Path
) -> None:
    crawl(site.url, tmp_path)
    for number in NUMBERS:
        page = site.routes[path_of(number)]
        assert isinstance(page, str)
        start, end = page.index('<p class="byline">'), page.index('<div class="entry-content">')
        site.routes[path_of(number)] = page[:start] + page[end:]
    due_now(tmp_path, "kind = 'page'")
    ended = crawl(site.url, tmp_path)
    assert ended.code == 1
    assert "30 of 30 articles that had a date before have it no more" in ended.err
    assert "30 of 30 articles that had an author before have it no more" in ended.err
    kept = (
        "SELECT COUNT(*) AS n FROM article_overview WHERE date_published IS NOT NULL "
        "AND authors IS NOT NULL"
    )
    assert ask(tmp_path, kept) == [{"n": 30}]
    assert "unchanged 30" in knipsel("reextract", "-s", f"KNIPSEL_ARCHIVE={tmp_path}").out


def test_an_article_that_is_gone_keeps_everything(site: LocalSite, tmp_path: Path) -> None:
    crawl(site.url, tmp_path)
    site.routes[path_of(5)] = (410, {}, b"weg")
    due_now(tmp_path, "url LIKE '%nummer-5/'")
    assert crawl(site.url, tmp_path).code == 0
    (row,) = ask(tmp_path, "SELECT gone_at, article_body FROM articles WHERE headline = 'Stuk 5'")
    assert row["gone_at"]
    assert "molen" in row["article_body"]
    site.routes[path_of(5)] = article("Stuk 5", "2014-05-06T09:30", thread(1, declared=1))
    assert crawl(site.url, tmp_path, "-a", "refresh=all").code == 0
    assert (
        ask(tmp_path, "SELECT gone_at FROM articles WHERE headline = 'Stuk 5'")[0]["gone_at"]
        is None
    )


def test_addresses_of_one_article_end_in_one_page(tmp_path: Path) -> None:
    text = article("Molen", "2014-05-01T09:30")
    links = [
        "/stuk-over-molens",
        "/stuk-over-molens/",
        "/stuk-over-molens/amp/",
        "/stuk-over-molens/?print=1&utm_source=x",
    ]
    home = "".join(f'<a href="{link}">stuk</a>' for link in links)
    with LocalSite(
        {
            "/": f"<html><body>{home}</body></html>",
            "/stuk-over-molens": text,
            "/stuk-over-molens/": text,
        }
    ) as served:
        assert crawl(served.url, tmp_path).code == 0
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"] == 1
    assert {
        row["state"] for row in ask(tmp_path, "SELECT state FROM pages WHERE url LIKE '%molens%'")
    } == {"done", "redirect"}


def crawling(site: LocalSite, folder: Path, *settings: str) -> "subprocess.Popen[str]":
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return start_crawl(site.url, folder, "EXTRACTION_WORKERS=1", *settings, **streams)


def test_two_runs_on_one_site_never_overlap(site: LocalSite, tmp_path: Path) -> None:
    others = {}

    def start_others(handler: BaseHTTPRequestHandler) -> None:
        for kind in ("skip", "fail"):
            others[kind] = crawl(site.url, tmp_path, "-a", f"if_running={kind}")
        others["list"] = knipsel("sites", "-s", f"KNIPSEL_ARCHIVE={tmp_path}")
        handler.send_response(404)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    site.routes[path_of(20)] = start_others
    assert crawl(site.url, tmp_path).code == 0
    assert (others["skip"].code, others["fail"].code) == (0, 2)
    assert "Another run is on 127.0.0.1" in others["skip"].err
    assert "running" in others["list"].out
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM runs")[0]["n"] == 1


def test_a_run_that_is_told_to_stop_keeps_what_it_has_and_the_next_goes_on(
    site: LocalSite, tmp_path: Path
) -> None:
    def stop(handler: BaseHTTPRequestHandler) -> None:
        run.send_signal(signal.SIGTERM)
        time.sleep(1)
        body = article("Stuk 10", "2014-05-11T09:30", thread(1, declared=1)).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    site.routes[path_of(10)] = stop
    run = crawling(site, tmp_path, "LOOPBACK_CONCURRENCY=1")
    _out, err = run.communicate(timeout=at_most(60))
    assert run.returncode == 1
    assert "told to stop" in err
    assert "Traceback" not in err
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM pages WHERE state = 'leased'")[0]["n"] == 0
    assert ask(tmp_path, "SELECT locked_by FROM sites")[0]["locked_by"] is None
    stored = ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"]
    assert 10 <= stored < len(NUMBERS)
    assert crawl(site.url, tmp_path).code == 0
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"] == len(NUMBERS)
    assert (
        ask(
            tmp_path,
            "SELECT MAX(n) AS n FROM (SELECT COUNT(*) AS n FROM fetches WHERE url "
            "LIKE '%stuk%' GROUP BY url)",
        )[0]["n"]
        == 1
    )


def test_three_processes_fill_one_archive_at_once(tmp_path: Path) -> None:
    pages: dict[str, Route] = {
        path_of(n): article(f"Stuk {n}", "2014-05-01T09:30", thread(1, 2, declared=2))
        for n in NUMBERS
    }
    routes = {"/": "<html><body>Dorpsblad</body></html>", "/sitemap.xml": sitemap(NUMBERS), **pages}
    with LocalSite(routes) as one, LocalSite(routes) as two, LocalSite(routes) as three:
        runs = [crawling(served, tmp_path) for served in (one, two, three)]
        errors = [run.communicate(timeout=at_most(110))[1] for run in runs]
        assert [run.returncode for run in runs] == [0, 0, 0], errors
    assert not [error for error in errors if "locked" in error or "Traceback" in error]
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"] == 3 * len(NUMBERS)
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM comments")[0]["n"] == 6 * len(NUMBERS)
    assert {row["verdict"] for row in ask(tmp_path, "SELECT verdict FROM runs")} == {"ok"}


def test_every_registered_site_that_is_due_is_crawled_and_the_worst_verdict_counts(
    site: LocalSite, tmp_path: Path
) -> None:
    archive = ("-s", f"KNIPSEL_ARCHIVE={tmp_path}")
    other = "http://127.0.0.1:9/"
    for url in (site.url, other):
        assert knipsel("sites", "add", url, "--unchecked", *archive).code == 0
    ended = knipsel("crawl", "articles", *archive, "-s", "RETRY_AFTER_SECONDS=0.1")
    assert ended.code == 2
    assert "Nothing could be fetched" in ended.err
    assert {row["verdict"] for row in ask(tmp_path, "SELECT verdict FROM runs")} == {"ok", "failed"}
    assert knipsel("sites", "pause", other, *archive).code == 0
    ended = knipsel("crawl", "articles", *archive)
    assert ended.code == 0
    assert "No registered site is due" in ended.err
    shown = json.loads(knipsel("sites", "--json", *archive).out)["sites"]
    assert [(row["state"], row["verdict"]) for row in shown] == [
        ("active", "ok"),
        ("paused", "failed"),
    ]
    rows = json.loads(knipsel("runs", "--json", *archive).out)["runs"]
    assert rows[0]["verdict"] in {"ok", "failed"}
    assert {"articles", "requests", "declared", "captured", "outcomes"} <= set(rows[0]["counters"])


def test_a_limit_leaves_the_rest_to_the_next_run(site: LocalSite, tmp_path: Path) -> None:
    for night in (1, 2):
        assert crawl(site.url, tmp_path, "-a", "limit=10").code == 0
        assert ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"] == 10 * night


def test_until_leaves_out_what_is_newer_and_a_later_run_takes_it(
    site: LocalSite, tmp_path: Path
) -> None:
    assert crawl(site.url, tmp_path, "-a", "until=2014-05-10").code == 0
    assert 0 < ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"] < len(NUMBERS)
    assert crawl(site.url, tmp_path).code == 0
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"] == len(NUMBERS)


def test_doctor_says_what_is_to_be_done(site: LocalSite, tmp_path: Path) -> None:
    archive = ("-s", f"KNIPSEL_ARCHIVE={tmp_path}")
    site.routes[path_of(2)] = (500, {}, b"stuk")
    crawl(site.url, tmp_path)
    ended = knipsel("doctor", *archive)
    assert ended.code == 1
    assert f"todo {site.url}{path_of(2)}: put aside after 3 attempts: server_error" in ended.out
    assert "robots.txt: allows the site (status 404" in ended.out
    assert "ok   contact: Knipsel/" in ended.out
    ended = knipsel("doctor", *archive, environment={"KNIPSEL_CONTACT": ""})
    assert "todo contact: none" in ended.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sites", "verwijder", "x"), "add|set|pause|resume|remove|show"),
        (("sites", "show", "nergens.nl"), "no site nergens.nl"),
        (("sites", "add", "http://127.0.0.1:9/", "--every", "vaak"), "say 30m, 20h or 7d"),
        (("sites", "add", "http://127.0.0.1:9/", "--hours", "nacht"), "say 22:00-06:00"),
        (("runs", "--site", "nergens.nl"), "no archive in"),
    ],
)
def test_a_command_that_cannot_do_what_is_asked_says_why(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    ended = knipsel(*arguments, "-s", f"KNIPSEL_ARCHIVE={tmp_path}")
    assert ended.code == 2
    assert words in ended.err
    assert "Traceback" not in ended.err
