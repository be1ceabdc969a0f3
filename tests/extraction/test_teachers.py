"""What a WordPress says of its own articles beside their pages: asked for to learn from, kept, and
the same teacher without a network.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from crawler.discovery import lists_of
from crawler.extraction import learn_site
from pipelines.comments import find_sources
from pipelines.profiles import Profile
from storage.database import Archive, default_database
from tests.crawling import ask, crawl
from tests.local_site import LocalSite, Route
from tests.misleading_site import misleading, post
from tests.odd_threads import SILENT, comment_feed, count_of, odd_html, told, wp_json
from tests.template_site import NOUNS

REDESIGN = ('class="tekst"', 'class="artikelinhoud"'), ('class="van-dienst"', 'class="wie"')


def path_of(number: int) -> str:
    return f"/2014/01/{NOUNS[number % 18]}-{number}/"


def weblog(url: str, numbers: Iterable[int], *changes: tuple[str, str]) -> dict[str, Route]:
    """Return a weblog with a promotion where texts usually stand; no feed, and an interface that
    tells the texts.
    """
    numbers = list(numbers)
    pages = {path_of(number): misleading(number).page.body.decode() for number in numbers}
    for old, new in changes:
        pages = {path: body.replace(old, new) for path, body in pages.items()}
    links = "".join(f'<a href="{path}">{path}</a> ' for path in pages)
    posts = json.dumps(
        [post(number, link=f"{url}{path_of(number)}") for number in numbers]
    ).encode()
    home = (
        '<html><head><link rel="https://api.w.org/" '
        f'href="{url}/wp-json/"></head><body>{links}</body></html>'
    )
    return {**pages, "/": home, posts_at(url): (200, {"Content-Type": "application/json"}, posts)}


def posts_at(url: str) -> str:
    return lists_of(f"{url}/wp-json/")[2].url.removeprefix(url)


def profiles(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(row["profile"])
        for row in ask(folder, "SELECT profile FROM profiles ORDER BY id")
    ]


def offline(folder: Path, site: str) -> tuple[Profile, ...]:
    archive = Archive.open(default_database(folder))
    with archive.read() as connection:
        found = learn_site(connection, folder, 1, site)
    archive.close()
    return found


def test_a_crawl_learns_from_the_posts_and_asks_for_them_once(tmp_path: Path) -> None:
    with LocalSite({}) as site:
        site.routes |= weblog(site.url, range(8))
        assert crawl(f"{site.url}/", tmp_path).code == 0
        assert site.paths().count(posts_at(site.url)) == 1
        asked = len(site.paths())
        assert crawl(f"{site.url}/", tmp_path).code == 0
        assert posts_at(site.url) not in site.paths()[asked:]
    (learned,) = profiles(tmp_path)
    told = (learned["body"], learned["authors"], learned["taught"])
    assert told == ("div.tekst", "span.van-dienst", ["article_body", "authors"])
    (again,) = offline(tmp_path, "dorpsblad.example")
    assert (again.body, again.authors, again.taught) == (
        "div.tekst",
        "span.van-dienst",
        ("article_body", "authors"),
    )


def test_where_the_template_is_known_the_posts_are_not_asked_for_and_after_a_change_they_are_again(
    tmp_path: Path,
) -> None:
    with LocalSite({}) as site:
        site.routes |= weblog(site.url, range(8))
        assert crawl(f"{site.url}/", tmp_path).code == 0
        site.routes = weblog(site.url, range(100, 112), *REDESIGN)
        before = len(site.paths())
        second = crawl(f"{site.url}/", tmp_path)
        assert (second.code, site.paths()[before:].count(posts_at(site.url))) == (1, 1), second.err
    assert [one["body"] for one in profiles(tmp_path)] == ["div.tekst", "div.artikelinhoud"]


def test_robots_txt_holds_for_the_posts_too(tmp_path: Path) -> None:
    with LocalSite({}) as site:
        site.routes |= weblog(site.url, range(6))
        site.routes["/robots.txt"] = (
            200,
            {"Content-Type": "text/plain"},
            b"User-agent: *\nDisallow: /wp-json/",
        )
        assert crawl(f"{site.url}/", tmp_path).code == 0
        assert not [path for path in site.paths() if path.startswith("/wp-json/")]
    assert [one.get("taught") for one in profiles(tmp_path)] == [None]  # nothing, by nobody


HEADS = {
    "wp-json": '<link rel="https://api.w.org/" href="{site}/wp-json/"><link rel="shortlink" '
    'href="{site}/?p={number}">',
    "feed": '<link rel="alternate" type="application/rss+xml" href="{url}feed/">',
}


def talking(site: str, kind: str, numbers: Iterable[int]) -> dict[str, Route]:
    """Return articles whose comments have a rank where others name their author, and sources of
    *kind* that tell who wrote them.
    """
    routes: dict[str, Route] = {}
    for number in numbers:
        path, url = path_of(number), f"{site}{path_of(number)}"
        page = odd_html(number, count_of(number), thread=SILENT)
        page = page.replace(
            "</head>", HEADS[kind].format(site=site, number=number, url=url) + "</head>"
        )
        (source,) = find_sources(html.document_fromstring(page), url)
        answer = (wp_json if kind == "wp-json" else comment_feed)(
            told(number, count_of(number)), url
        )
        content_type = "application/json" if kind == "wp-json" else "application/rss+xml"
        routes |= {
            path: page,
            source.removeprefix(site): (200, {"Content-Type": content_type}, answer),
        }
    links = "".join(
        f'<a href="{path}">{path}</a> '
        for path in routes
        if path.startswith("/2014") and not path.endswith("feed/")
    )
    return {**routes, "/": f"<html><body>{links}</body></html>"}


@pytest.mark.parametrize("kind", ["wp-json", "feed"])
def test_a_crawl_learns_threads_from_their_sources_and_so_does_learning_offline(
    tmp_path: Path, kind: str
) -> None:
    with LocalSite({}) as site:
        site.routes |= talking(site.url, kind, range(14))
        sources = {path for path in site.routes if "post=" in path or path.endswith("feed/")}
        assert crawl(f"{site.url}/", tmp_path).code == 0
        asked = [path for path in site.paths() if path in sources]
        before = len(site.paths())
        assert crawl(f"{site.url}/", tmp_path, "-a", "refresh=all").code == 0
        assert not sources & set(site.paths()[before:])
    assert 2 <= len(asked) == len(set(asked))
    (learned,) = profiles(tmp_path)
    told_so = (learned["thread"]["record"], learned["thread"]["author"], learned["taught"])
    assert told_so == ("li.bijdrage", "span.wie", ["comments"])
    (again,) = offline(tmp_path, "dorpsblad.example")
    assert again.thread is not None
    assert (again.thread.record, again.thread.author, again.taught) == (
        "li.bijdrage",
        "span.wie",
        ("comments",),
    )
    shown = ask(tmp_path, "SELECT author FROM comment_thread WHERE gone_at IS NULL")
    assert sorted(row["author"] for row in shown) == sorted(
        str(c.author) for n in range(14) for c in told(n, count_of(n))
    )
