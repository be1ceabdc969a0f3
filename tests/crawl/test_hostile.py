"""Sites that mean harm, or do it: no way in, no endless work, no healthy verdict; and sites that
ask for rest get it.
"""

import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.crawling import ask, crawl
from tests.local_site import LocalSite, Route
from tests.village import article

TEXT = {"Content-Type": "text/plain"}


class Endless(dict[str, Route]):
    """Routes of which two series never end: a listing's next page, and a calendar's next month."""

    def get(self, path: str, default: Any = None) -> Any:
        if path.startswith("/lijst/"):
            number = int(path.rpartition("-")[2])
            return (
                '<html><body><h1>Lijst</h1><a rel="next" '
                f'href="/lijst/blad-{number + 1}">volgende</a></body></html>'
            )
        if path.startswith("/agenda/"):
            day = int(path.rstrip("/").rpartition("/")[2])
            return (
                "<html><body><h1>Agenda</h1><a "
                f'href="/agenda/2026/{day + 1}/">verder</a></body></html>'
            )
        return super().get(path, default)


def endless_head(handler: BaseHTTPRequestHandler) -> None:
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            handler.wfile.write(b"X-Kop-%d: %s\r\n" % (number, b"x" * 900))
    except OSError:
        pass


def drip(handler: BaseHTTPRequestHandler) -> None:
    try:
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n"
        )
        for _ in range(200):
            handler.wfile.write(b"<")
            handler.wfile.flush()
            time.sleep(0.1)
    except OSError:
        pass


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Crawl a hostile site once; every test looks at one thing that it tried."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "optout.txt").write_text("*/weg-op-verzoek/\n", encoding="utf-8")
    with LocalSite({"/geheim": article("Geheim", "2014-05-01")}) as inside:
        port = inside.url.rpartition(":")[2]
        routes: dict[str, Route] = {
            "/naar-andere-poort/": (302, {"Location": f"{inside.url}/geheim"}, b""),
            "/naar-localhost/": (302, {"Location": f"http://localhost:{port}/geheim"}, b""),
            "/naar-metadata/": (302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b""),
            "/naar-bestand/": (302, {"Location": "file:///etc/passwd"}, b""),
            "/kop-zonder-eind/": endless_head,
            "/drup-drup/": drip,
            "/weg-op-verzoek/": article("Weg", "2014-05-01"),
            "/voorbehouden-stuk-een/": (
                200, {"Content-Type": "text/html", "tdm-reservation": "1", "tdm-policy": "/tdm",
                    "X-Robots-Tag": "noai"},
                article("Een", "2014-05-01").encode(),
            ),
            "/voorbehouden-stuk-twee/": article("Twee", "2014-05-02").replace(
                "<head>", '<head><meta name="tdm-reservation" content="1"><meta name="robots" '
'content="noimageai">'
            ),
            "/open/voorbehouden-stuk-drie/": article("Drie", "2014-05-03"),
        }  # fmt: skip
        links = "".join(
            f'<a href="{path}">{path}</a>' for path in [*routes, "/lijst/blad-1", "/agenda/2026/1/"]
        )
        routes |= {
            "/": f"<html><body>{links}</body></html>",
            "/.well-known/tdmrep.json": (
                200,
                {},
                b'[{"location": "/open/*", "tdm-reservation": 0}]',
            ),
        }
        with LocalSite(Endless(routes)) as site:
            ended = crawl(
                site.url,
                folder,
                "-s",
                "DOWNLOAD_TIMEOUT=3",
                "-s",
                "TRAP_PATIENCE=8",
                "-s",
                "ATTEMPTS_PER_PAGE=1",
            )
            pages = {
                row["url"].removeprefix(site.url): row for row in ask(folder, "SELECT * FROM pages")
            }
            fetches = {
                row["url"].removeprefix(site.url): row
                for row in ask(folder, "SELECT * FROM fetches")
            }
            yield {
                "pages": pages,
                "fetches": fetches,
                "ended": ended,
                "paths": site.paths(),
                "inside": inside.paths(),
                "folder": folder,
            }


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/naar-andere-poort/", "redirect_offsite"),
        ("/naar-localhost/", "redirect_offsite"),
        ("/naar-metadata/", "redirect_offsite"),
        ("/naar-bestand/", "bad_address"),
        ("/kop-zonder-eind/", "too_large"),
        ("/drup-drup/", "timeout"),
        ("/weg-op-verzoek/", "opted_out"),
    ],
)
def test_what_a_hostile_site_tries_is_an_outcome(
    path: str, outcome: str, hostile: dict[str, Any]
) -> None:
    page = hostile["pages"][path]
    assert (page["outcome"], page["state"] in {"refused", "failed"}) == (outcome, True)
    assert page["detail"]


def test_nothing_inside_was_asked_and_nothing_hostile_is_an_article(
    hostile: dict[str, Any],
) -> None:
    assert hostile["inside"] == []
    assert "/weg-op-verzoek/" not in hostile["paths"]
    headlines = {row["headline"] for row in ask(hostile["folder"], "SELECT headline FROM articles")}
    assert headlines == {"Een", "Twee", "Drie"}
    assert "Traceback" not in hostile["ended"].err


def test_endless_series_end(hostile: dict[str, Any]) -> None:
    for series in ("/lijst/", "/agenda/"):
        asked = [path for path in hostile["paths"] if path.startswith(series)]
        assert 8 <= len(asked) <= 31, series
    assert "trap" in {page["outcome"] for page in hostile["pages"].values()}


def test_reservations_are_kept_with_every_fetch(hostile: dict[str, Any]) -> None:
    fetches = hostile["fetches"]
    names = ("tdm_reservation", "tdm_policy", "tdm_source", "robots_tag")
    shown = {
        path: tuple(fetches[path][name] for name in names)
        for path in fetches
        if "voorbehouden" in path
    }
    assert shown == {
        "/voorbehouden-stuk-een/": ("1", "/tdm", "header", "noai"),
        "/voorbehouden-stuk-twee/": ("1", None, "meta", "noimageai"),
        "/open/voorbehouden-stuk-drie/": ("0", None, "file", None),
    }


def test_a_public_name_that_leads_to_this_machine_is_refused_before_it_is_connected_to(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as inside:
        inside.settimeout(0.2)
        port = inside.getsockname()[1]
        ended = crawl(
            f"http://voorbeeld.test:{port}/",
            tmp_path,
            "-s",
            "TWISTED_DNS_RESOLVER=tests.rebinding.Resolver",
        )
        with pytest.raises(TimeoutError):
            inside.accept()  # nobody so much as connected
    assert ended.code == 2
    assert {row["outcome"] for row in ask(tmp_path, "SELECT outcome FROM fetches")} == {
        "private_address"
    }


def test_a_site_whose_robots_txt_does_not_answer_is_closed_until_it_does(tmp_path: Path) -> None:
    routes: dict[str, Route] = {"/robots.txt": (503, {}, b""), "/": article("Open", "2014-05-01")}
    with LocalSite(routes) as site:
        ended = crawl(site.url, tmp_path)
        assert ended.code == 2
        assert "robots.txt gives no answer" in ended.err
        assert set(site.paths()) == {"/robots.txt"}
        routes["/robots.txt"] = (404, {}, b"")
        assert crawl(site.url, tmp_path).code == 0
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"] == 1


def noting(moments: list[float], route: Route) -> Route:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        moments.append(time.monotonic())
        assert isinstance(route, tuple)
        status, headers, body = route
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_crawl_delay_is_kept_to_between_any_two_requests(tmp_path: Path) -> None:
    moments: list[float] = []
    page = (
        200,
        {"Content-Type": "text/html"},
        b"<html><body><a href='/een/'>1</a> <a href='/twee/'>2</a></body></html>",
    )
    routes: dict[str, Route] = {
        "/robots.txt": noting(
            moments,
            (200, TEXT, b"User-agent: *\nCrawl-delay: 0.3\nDisallow: /sitemap\nDisallow: /wp-\n"),
        ),
        **{
            path: noting(moments, page)
            for path in ("/", "/een/", "/twee/", "/feed/", "/rss.xml", "/atom.xml", "/index.xml")
        },
    }
    with LocalSite(routes) as site:
        crawl(site.url, tmp_path)
    pauses = [later - sooner for sooner, later in pairwise(moments)]
    assert len(pauses) >= 6
    assert min(pauses) >= 0.27  # a request may travel a little faster than the one before it


def test_retry_after_is_kept_to_and_a_long_one_ends_the_run_and_holds_for_the_next(
    tmp_path: Path,
) -> None:
    moments: list[float] = []
    busy = noting(moments, (429, {"Retry-After": "1"}, b""))

    def first_busy(handler: BaseHTTPRequestHandler) -> None:
        site.routes["/"] = noting(
            moments, (200, {"Content-Type": "text/html"}, article("Rust", "2014-05-01").encode())
        )
        assert callable(busy)
        busy(handler)

    with LocalSite({"/": first_busy}) as site:
        assert crawl(site.url, tmp_path).code == 0
        assert len(moments) == 2
        assert moments[1] - moments[0] >= 1.0
        site.routes["/"] = (503, {"Retry-After": "3600"}, b"")
        ended = crawl(site.url, tmp_path)
        assert ended.code in {1, 2}
        assert "asks to be left alone for 3600 s" in ended.err
        asked = len(site.asked)
        ended = crawl(site.url, tmp_path)
        assert ended.code == 2
        assert "Every page that is due waits, the first until" in ended.err
        assert len(site.asked) == asked
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"] == 1
