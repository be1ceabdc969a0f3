"""What an article's page loads: kept once a run when asked for, within all rules of a crawl."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Archive, default_database
from storage.warc import read_original
from tests.crawling import ask, crawl
from tests.local_site import LocalSite, Route
from tests.village import article

STYLE = (
    b'@import "more.css"; body { background: url(../img/paper.png) }@font-face { src: url(x.woff) }'
)
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(64)
LOADING = (
    '<link rel="stylesheet" href="/css/site.css"><link rel="stylesheet" href="/prive/geheim.css">'
    '<link rel="alternate stylesheet" href="/css/anders.css"><script src="/js/x.js"></script>'
    '<p><img src="/img/molen.png" srcset="/img/molen-2x.png 2x"><img src="/img/weg.png">'
    '<img src="http://10.0.0.8/binnen.png"><img src="/img/verhuisd.png"><img src="/img/pagina.png">'
    '<img class="avatar" src="/img/piet.png"><img src="data:image/gif;base64,R0lG"></p>'
)


def png(body: bytes = PIXEL) -> Route:
    return 200, {"Content-Type": "image/png"}, body


def css(body: bytes) -> Route:
    return 200, {"Content-Type": "text/css"}, body


@pytest.fixture
def site() -> Iterator[LocalSite]:
    links = "".join(f'<a href="/nieuws/stuk-{n}">Stuk {n}</a>' for n in (1, 2))
    routes: dict[str, Route] = {
        "/": f'<html lang="nl"><body>{links}</body></html>',
        "/robots.txt": b"User-agent: *\nDisallow: /prive/\n",
        "/css/site.css": css(STYLE), "/css/more.css": css(b"p { color: #222 }"),
        "/img/paper.png": png(), "/img/molen.png": png(), "/img/molen-2x.png": png(),
        "/img/verhuisd.png": (301, {"Location": "/img/hier.png"}, b""), "/img/hier.png": png(),
        "/img/pagina.png": "<html><body>Wie dit leest is hier verkeerd.</body></html>",
        "/img/piet.png": png(), "/prive/geheim.css": css(b""),
    }  # fmt: skip
    for number in (1, 2):
        page = article(f"Molen {number} draait", f"2014-05-0{number}")
        routes[f"/nieuws/stuk-{number}"] = page.replace("</article>", f"{LOADING}</article>")
    with LocalSite(routes) as made:
        yield made


def requisites(folder: Path) -> dict[str, tuple[str, bool]]:
    """Return by path the outcome of what belongs to no page, and whether a capture is kept."""
    rows = ask(folder, "SELECT url, outcome, warc_file FROM fetches WHERE page_id IS NULL")
    return {
        row["url"].partition("://")[2].partition("/")[2]: (row["outcome"], bool(row["warc_file"]))
        for row in rows
        if not row["url"].endswith(("robots.txt", "tdmrep.json"))
    }


def test_style_sheets_and_pictures_are_kept_once_and_within_the_rules(
    site: LocalSite, tmp_path: Path
) -> None:
    ended = crawl(f"{site.url}/", tmp_path, "--requisites")
    assert ended.code == 0, ended.err
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM articles")[0]["n"] == 2
    kept = ("ok", True)
    assert requisites(tmp_path) == {
        "css/site.css": kept, "css/more.css": kept, "img/paper.png": kept,
        "img/molen.png": kept, "img/molen-2x.png": kept, "img/hier.png": kept,
        "img/verhuisd.png": ("redirect", True), "img/pagina.png": ("ok", False),
        "img/weg.png": ("not_found", False), "prive/geheim.css": ("robots", False),
        "binnen.png": ("private_address", False),
    }  # fmt: skip
    asked = [path for path in site.paths() if path.startswith(("/css", "/img", "/js", "/prive"))]
    assert len(asked) == len(set(asked)) == 9
    assert not {"/prive/geheim.css", "/img/piet.png", "/css/anders.css", "/css/x.woff"} & {*asked}
    (row,) = ask(tmp_path, "SELECT id FROM fetches WHERE url LIKE '%/css/site.css'")
    archive = Archive.open(default_database(tmp_path))
    with archive.read() as connection:
        assert read_original(connection, tmp_path / "warc", row["id"]).body == STYLE
    archive.close()


def test_nobody_asked_so_none_are_fetched_and_what_is_wrong_is_said(
    site: LocalSite, tmp_path: Path
) -> None:
    assert crawl(f"{site.url}/", tmp_path).code == 0
    assert requisites(tmp_path) == {}
    wrong = crawl(f"{site.url}/", tmp_path, environment={"KNIPSEL_REQUISITES": "ja"})
    assert wrong.code == 2
    assert "KNIPSEL_REQUISITES=ja is not known: say off or on" in wrong.err


def test_no_more_is_asked_for_than_the_bytes_of_a_run(site: LocalSite, tmp_path: Path) -> None:
    ended = crawl(
        f"{site.url}/", tmp_path, "-a", "limit=1", "-s", f"REQUISITES_BYTES={len(STYLE)}",
        environment={"KNIPSEL_REQUISITES": "on"},
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert requisites(tmp_path) == {"css/site.css": ("ok", True)}
