"""Sites that are built in odd ways, crawled whole: frames, lists as files, cookies, sessions."""

from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from crawler.discovery import candidates_from_page
from pipelines.article import NotAnArticle, extract
from pipelines.document import open_document
from storage.records import Page
from tests.crawling import ask, crawl
from tests.local_site import Answer, LocalSite, Route
from tests.village import article, thread

FRAMES = (
    '<html><head><title>Dorpsblad</title></head><frameset cols="20%,80%">'
    '<frame src="menu.html"><frame src="nieuws/index.html">{more}</frameset></html>'
)
SENTENCE = (
    "<p>Uw browser toont geen frames, maar hier staat toch een heel verhaal over het dorp.</p>"
)
NOFRAMES = f"<noframes><body><h1>Dorpsblad</h1>{SENTENCE * 12}</body></noframes>"
PAGE = '<html lang="nl"><body>{}</body></html>'


def needing(name: str, body: str, *, path: str) -> Answer:
    """Return an answer that sends to itself, with a cookie, whoever brings none of that name."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        content = body.encode()
        if f"{name}=" in (handler.headers.get("Cookie") or ""):
            handler.send_response(200)
        else:
            content = b""
            handler.send_response(302)
            handler.send_header("Location", path)
            handler.send_header("Set-Cookie", f"{name}=geheim; Path=/")
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def renewing(handler: BaseHTTPRequestHandler) -> None:
    """Send to itself with a cookie that changes on the way: only the last one opens."""
    cookie = handler.headers.get("Cookie") or ""
    step = "" if "stap=2" in cookie else "stap=2" if "stap=1" in cookie else "stap=1; Path=/"
    content = b"" if step else article("Molen draait", "2014-05-01").encode()
    handler.send_response(302 if step else 200)
    if step:
        handler.send_header(
            "Location", "/nieuws/molen-draait" if "1" in step else "/nieuws/molen?2"
        )
        handler.send_header("Set-Cookie", step)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def found(site: LocalSite, folder: Path) -> set[str]:
    rows = ask(folder, "SELECT url FROM article_overview")
    return {row["url"].removeprefix(site.url) for row in rows}


def test_frames_of_the_site_are_followed_and_a_frameset_is_no_article(tmp_path: Path) -> None:
    routes: dict[str, Route] = {
        "/": FRAMES.format(more=NOFRAMES),
        "/menu.html": PAGE.format(
            '<a href="nieuws/kade-hersteld">Kade</a><iframe src="/lijst.html"></iframe>'
        ),
        "/nieuws/index.html": PAGE.format(
            '<a href="brug-open">Brug</a><iframe src="http://elders.example/"></iframe>'
        ),
        "/lijst.html": PAGE.format('<a href="/nieuws/molen-draait">Molen</a>'),
        **{
            f"/nieuws/{name}": article(name.replace("-", " "), "2014-05-01")
            for name in ("kade-hersteld", "brug-open", "molen-draait")
        },
    }
    with LocalSite(routes) as site:
        assert crawl(site.url, tmp_path).code == 0
        assert found(site, tmp_path) == {
            "/nieuws/kade-hersteld",
            "/nieuws/brug-open",
            "/nieuws/molen-draait",
        }


@pytest.mark.parametrize(
    "frames",
    [
        "<frameset cols='20%,*'><frame src='/menu.html'></frameset>",
        "<FRAMESET ROWS=*><FRAME SRC=menu.html NAME=links></FRAMESET>",
        "<frameset><frameset><frame src='./menu.html#boven'></frameset></frameset>",
        "<body><iframe src='/menu.html' width='100%'></iframe></body>",
        "<body><div><iframe data-x='1' src='menu.html'></iframe></div></body>",
    ],
)
def test_the_page_in_a_frame_is_a_link(frames: str) -> None:
    html = f"<html lang='nl'><head><title>Blad</title></head>{frames}</html>"
    moment = datetime(2026, 11, 29, tzinfo=UTC)
    page = Page(url="https://blad.example/", body=html.encode(), fetched_at=moment)
    urls = {found.url for found in candidates_from_page(open_document(page), 0)}
    assert "https://blad.example/menu.html" in urls


def test_a_cookie_that_a_redirect_changes_is_sent_changed(tmp_path: Path) -> None:
    routes: dict[str, Route] = {
        "/": PAGE.format('<a href="/nieuws/molen-draait">a</a>'),
        "/nieuws/molen-draait": renewing,
        "/nieuws/molen?2": renewing,
    }
    with LocalSite(routes) as site:
        crawl(site.url, tmp_path)
        assert [row["headline"] for row in ask(tmp_path, "SELECT headline FROM articles")] == [
            "Molen draait"
        ]


def test_cookies_that_a_redirect_sets_last_one_visit(tmp_path: Path) -> None:
    own, other = "/nieuws/brug-open", "/nieuws/kade-hersteld"
    routes: dict[str, Route] = {
        "/": PAGE.format(f'<a href="{own}">a</a> <a href="{other}">b</a> <a href="/rond">c</a>'),
        own: needing("sessie", article("Brug open", "2014-05-01"), path=own),
        other: needing("sessie", article("Kade hersteld", "2014-05-01"), path=other),
        "/rond": (302, {"Location": "/rond", "Set-Cookie": "sessie=x"}, b""),
    }
    with LocalSite(routes) as site:
        crawl(site.url, tmp_path)
        assert found(site, tmp_path) == {own, other}
        first = dict(reversed(site.asked))
        assert all("Cookie" not in headers for headers in first.values())
        assert len([path for path in site.paths() if path == "/rond"]) == 2
    (row,) = ask(tmp_path, "SELECT outcome FROM pages WHERE url LIKE '%/rond'")
    assert row["outcome"] == "redirect_loop"


@pytest.mark.parametrize(
    ("parameter", "shown"),
    [("page", "{}"), ("blad", "{}"), ("reacties", "[{}]"), ("tranche", "« {} »"), ("c", "{}.")],
)
def test_an_article_is_one_whatever_numbers_its_pages(
    parameter: str, shown: str, tmp_path: Path
) -> None:
    """A list leads to its pages by number, its pager to pages 1 and 2 from each."""
    links = (f'<a href="?{parameter}={n}#praat">{shown.format(n)}</a>' for n in (1, 2))
    pager = f'<p class="pagination">{" ".join(links)}</p>'
    first = article("Brug open", "2014-05-01", thread(1, 2, declared=4, extra=pager))
    second = article("Brug open", "2014-05-01", thread(3, 4, declared=4, extra=pager))
    listed = ("", f"?{parameter}=1", f"?{parameter}=2")
    links = (f'<p><a href="/t/7/{query}">Brug</a></p>' for query in listed)
    with LocalSite(
        {
            "/": PAGE.format("".join(links)),
            "/t/7/": first,
            f"/t/7/?{parameter}=1": first,
            f"/t/7/?{parameter}=2": second,
        }
    ) as site:
        assert crawl(site.url, tmp_path).code == 0
        assert found(site, tmp_path) == {"/t/7/"}
    (row,) = ask(tmp_path, "SELECT comments_captured AS captured FROM articles")
    assert row["captured"] == 4


@pytest.mark.parametrize(
    ("further", "words"),
    [
        ("/t/7/?talk={}", "Volgende reacties"),
        ("/t/7/?alles=ja", "Toon alle 4 reacties"),
        ("/t/7/reacties", "Lees de 4 reacties"),
    ],
)
def test_what_shows_more_of_a_thread_is_no_article_of_its_own(
    further: str, words: str, tmp_path: Path
) -> None:
    """No page leads back to the first."""
    more = f'<p><a href="{further}">{words}</a></p>'
    first = article("Brug open", "2014-05-01", thread(1, 2, declared=4, extra=more.format(2)))
    second = article("Brug open", "2014-05-01", thread(3, 4, declared=4, extra=more.format(3)))
    routes: dict[str, Route] = {further.format(n): second for n in (2, 3)}
    home = PAGE.format('<p><a href="/t/7/">Brug</a></p>')
    with LocalSite({"/": home, "/t/7/": first, **routes}) as site:
        crawl(site.url, tmp_path)
        assert found(site, tmp_path) == {"/t/7/"}
    (row,) = ask(tmp_path, "SELECT comments_captured AS captured FROM articles")
    assert row["captured"] == 4


@pytest.mark.parametrize(
    "path",
    [
        "/2007/01/index.html",
        "/2007/index.php",
        "/page/2/index.html",
        "/pagina/3/index.htm",
        "/tag/molen/index.html",
        "/categorie/nieuws/default.aspx",
        "/archief/2007/index.html",
    ],
)
def test_the_own_page_of_a_folder_of_lists_is_a_list(path: str) -> None:
    body = article("Archief van de maand", "2007-01-01").encode()
    for address in (path, path.rpartition("/")[0] + "/"):
        page = Page(
            url=f"https://dorpsblad.example{address}",
            body=body.replace(b"single single-post", b""),
            fetched_at=datetime(2026, 11, 29, 12, tzinfo=UTC),
        )
        with pytest.raises(NotAnArticle) as refused:
            extract(page)
        assert refused.value.reason == "listing"
