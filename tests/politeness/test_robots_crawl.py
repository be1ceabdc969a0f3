"""The crawl itself, asked in twenty sites at once: what is closed is never asked for, what is open
is.
"""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

import pytest

from storage.crawl import register_site
from storage.database import Archive, default_database
from tests.crawling import knipsel
from tests.local_site import LocalSite, Route
from tests.village import article

CLOSED = b"User-agent: *\nDisallow: /dicht/\n"
TEXT = {"Content-Type": "text/plain"}
OPEN_PAGE, CLOSED_PAGE = "/open/stuk-een-twee/", "/dicht/stuk-een-twee/"


@dataclass(frozen=True)
class Case:
    """One site: what its robots.txt answers, and whether the open and the closed page may
    be asked.
    """

    name: str
    robots: Route
    is_open: bool = True
    is_closed: bool = True
    more: dict[str, Route] = field(default_factory=dict)


def said(body: bytes, status: int = 200, **headers: str) -> Route:
    return status, {**TEXT, **headers}, body


def silent(_handler: BaseHTTPRequestHandler) -> None:
    time.sleep(8)


def hops(count: int) -> dict[str, Route]:
    """Return redirects of robots.txt, the last to the file itself."""
    chain: dict[str, Route] = {
        f"/robots{number}.txt": (302, {"Location": f"/robots{number + 1}.txt"}, b"")
        for number in range(1, count)
    }
    return {**chain, f"/robots{count}.txt": said(CLOSED)}


def to(target: str) -> Route:
    return 302, {"Location": target}, b""


CASES = (
    Case("plain", said(CLOSED)),
    Case("byte order mark", said(b"\xef\xbb\xbf" + CLOSED)),
    Case("UTF-16", said(("\ufeff" + CLOSED.decode()).encode("utf-16-le"))),
    Case("CR", said(CLOSED.replace(b"\n", b"\r"))),
    Case("NUL", said(b"User-agent: *\n\x00\nDisallow: /dicht/\n")),
    Case("latin-1", said(b"# caf\xe9\n" + CLOSED)),
    Case("contact opens nothing", said(CLOSED + b"\nUser-agent: example.org\nAllow: /\n")),
    Case("contact closes nothing", said(b"User-agent: example\nDisallow: /\n\n" + CLOSED)),
    Case("unknown line", said(
        b"User-agent: Knipsel\nNoodle: x\nUser-agent: A\nDisallow: /dicht/\n")),
    Case("own groups", said(b"User-agent: *\nDisallow: /open/\n\nUser-agent: Knipsel/1\nDisallow: "
b"/x/\n\nUser-agent: KNIPSEL\nDisallow: /dicht/\n")),
    Case("bad sitemap", said(CLOSED + b"Sitemap: http://[::1\n")),
    Case("escaped", said(b"User-agent: *\nDisallow: /d%69cht/\n")),
    Case("longest", said(b"User-agent: *\nDisallow: /\nAllow: /open/\nAllow: /$\n")),
    Case("a page", said(b"<html>Disallow: /</html>"), is_closed=False),
    Case("no file", said(b"", 404), is_closed=False),
    Case("forbidden", said(CLOSED, 403), is_closed=False),
    Case("login", said(CLOSED, 401), is_closed=False),
    Case("failure", said(b"", 500), is_open=False),
    Case("busy", said(CLOSED, 429), is_open=False),
    Case("silence", silent, is_open=False),
    Case("redirect", to("/robots1.txt"), more=hops(1)),
    Case("five redirects", to("/robots1.txt"), more=hops(5)),
    Case("redirect to a bare query", to("/robots.txt?1"), more={"/robots.txt?1": said(CLOSED)}),
    Case("redirects without end", to("/robots.txt"), is_closed=False),
    Case("redirect to no address", to("http://[::1"), is_closed=False),
    Case("redirect to a private host", to("http://127.0.0.2:9/robots.txt"), is_closed=False),
    Case("12 MB", said(CLOSED + b"# x\n" * 3_000_000)),
)  # fmt: skip


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[str]]]:
    """Crawl every case's site in one run; what each was asked for."""
    folder = tmp_path_factory.mktemp("robots")
    own = ("-s", f"KNIPSEL_ARCHIVE={folder}")
    links = (
        f'<html lang="nl"><body><a href="{OPEN_PAGE}">o</a> <a '
        f'href="{CLOSED_PAGE}">d</a></body></html>'
    )
    pages: dict[str, Route] = {
        "/": links,
        OPEN_PAGE: article("Open", "2014-05-01"),
        CLOSED_PAGE: article("Dicht", "2014-05-01"),
    }
    with contextlib.ExitStack() as stack:
        sites = {
            case.name: stack.enter_context(
                LocalSite({**pages, "/robots.txt": case.robots, **case.more})
            )
            for case in CASES
        }
        archive = Archive.open(default_database(folder))
        with archive.begin() as connection:
            for site in sites.values():
                register_site(connection, site.url)
        archive.close()
        knipsel("crawl", "articles", *own, "-s", "DOWNLOAD_TIMEOUT=3", "-s", "EXTRACTION_WORKERS=1",
            "-s", "RETRY_AFTER_SECONDS=0.1", timeout=300)  # fmt: skip
        yield {name: site.paths() for name, site in sites.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_site_is_asked_for_what_its_file_leaves_free(
    case: Case, asked: dict[str, list[str]]
) -> None:
    paths = asked[case.name]
    assert "/robots.txt" in paths
    assert (OPEN_PAGE in paths) is case.is_open
    assert (CLOSED_PAGE in paths) is (case.is_open and not case.is_closed)
