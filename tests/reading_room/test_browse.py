"""The reading room over HTTP: what its pages say, what they may load, what nobody gets to see."""

import http.client
import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from sqlalchemy import text

from crawler.demo import DemoServer
from crawler.reading_room.format import (
    marked_parts,
    month_bars,
    shown_moment,
    shown_number,
    stands_for_none,
)
from crawler.reading_room.plots import PlotBar, draw_bars
from crawler.reading_room.thread_tree import DEEPEST, order_thread
from crawler.reading_room.translations import choose_language, wording
from storage.crawl import BEGINNING
from storage.database import NEVER, Archive, default_database
from storage.search import Query, find_facets
from tests.browsing import HOSTILE_PAGE, LONG_THREAD, WORD, article_key, browsing, build
from tests.conftest import new_database
from tests.crawling import ask, crawl, knipsel
from tests.patience import at_most
from tests.sample_archive import fill

SINCE = re.compile(r'<td class="col-valid_from.*?>(.*?)</td>', re.DOTALL)
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("room")
    build(made, NOWHERE)
    return made


@pytest.fixture(scope="module")
def room(folder: Path) -> Iterator[str]:
    with browsing(folder) as url:
        yield url


@pytest.fixture(scope="module")
def room_with_names(folder: Path) -> Iterator[str]:
    with browsing(folder, "--names") as url:
        yield url


def get(url: str, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=at_most(30))
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return (
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            answer.read().decode(),
        )
    finally:
        connection.close()


def sql(query: str) -> str:
    return f"/archive.json?_shape=arrays&sql={quote(query)}"


def row(key: int, parent: int | None) -> dict[str, Any]:
    return {"id": key, "parent_id": parent}


def test_a_thread_is_printed_whole_each_comment_before_its_replies() -> None:
    nodes = order_thread([row(1, None), row(2, 9), row(3, 1), row(4, 3), row(5, 1)])
    assert [(node.comment["id"], node.level, node.replies) for node in nodes] == [
        (1, 0, 3),
        (3, 1, 1),
        (4, 2, 0),
        (5, 1, 0),
        (2, 0, 0),
    ]


def test_a_thread_that_runs_in_a_circle_or_very_deep_is_printed_once_and_within_the_page() -> None:
    assert sorted(
        node.comment["id"] for node in order_thread([row(1, 2), row(2, 1), row(3, 3)])
    ) == [1, 2, 3]
    deep = order_thread([row(number, number - 1 or None) for number in range(1, 5000)])
    assert [node.comment["id"] for node in deep] == list(range(1, 5000))
    assert max(node.level for node in deep) == DEEPEST


def test_every_month_has_its_bar_and_what_lies_outside_is_counted() -> None:
    bars, outside = month_bars({"2023-11": 2, "2024-02": 1, "9999-01": 5}, "2024-03")
    assert [(bar.label, bar.value) for bar in bars] == [
        ("2023-11", 2),
        ("2023-12", 0),
        ("2024-01", 0),
        ("2024-02", 1),
    ]
    assert outside == 5
    assert month_bars({}, "2024-03") == ([], 0)


def test_a_plot_of_vega_lite_holds_texts_as_texts_and_takes_the_page_s_colours() -> None:
    bars = [PlotBar("2024-01", 3, missing=2), PlotBar("2024-02", 0), PlotBar("2024-03", 6)]
    drawn = draw_bars("<script>", bars)
    assert "<script>" not in drawn
    assert sorted(re.findall(r"<title>(.*?)</title>", drawn)) == [
        "2024-01: 3 + 2",
        "2024-01: 3 + 2",
        "2024-03: 6",
    ]
    assert {*re.findall(r'(?:fill|stroke)="([^"]+)"', drawn)} == {"currentColor", "none"}
    assert not re.search(r'style=|<script|<a |<image|href="', drawn)
    assert "<svg" in draw_bars("leeg", [])


def test_numbers_are_written_as_the_language_has_it() -> None:
    assert [shown_number(1234567, language) for language in ("nl", "en")] == [
        "1.234.567",
        "1,234,567",
    ]


def test_found_words_are_marked_and_nothing_else() -> None:
    assert marked_parts("een [woord] en [meer]") == [
        ("een ", False),
        ("woord", True),
        (" en ", False),
        ("meer", True),
    ]


def test_why_something_is_cut_or_missing_is_said_in_the_reader_s_language(
    room: str, folder: Path
) -> None:
    archive = Archive.open(default_database(folder))
    with archive.read() as connection:
        url = connection.execute(
            text("SELECT url FROM articles WHERE url LIKE '%/zaaien-op-een-balkon/'")
        ).scalar_one()
    archive.close()
    path = f"/article/{article_key(folder, url)}"
    dutch, english = (get(room, path, **{"Accept-Language": said})[2] for said in ("nl", "en"))
    for words, page in (
        (("ontbreekt: <bdi>onbekend<", "<bdi>over de auteur<", "<bdi>bijschrift<"), dutch),
        (("missing: <bdi>unknown<", "<bdi>about the author<", "<bdi>caption<"), english),
    ):
        assert all(word in page for word in words)


def test_both_languages_have_every_word() -> None:
    assert wording("nl").keys() == wording("en").keys()
    assert all(wording("nl").values())
    assert [
        choose_language(None, None, "fr, nl-BE;q=0.8"),
        choose_language("en", "nl", "nl"),
        choose_language(None, None, ""),
    ] == ["nl", "en", "en"]


def test_facets_count_what_the_hits_have_in_common(sample: Archive) -> None:
    with sample.read() as connection:
        found = find_facets(connection, Query(words="molen"))
        assert (found.hits, found.is_capped) == (3, False)
        assert dict(found.counts["section"]) == {"Zaanstreek": 2, "Dorp": 1}
        assert dict(found.counts["author"]) == {"Els Molenaar": 2, "redactie": 1}
        narrowed = find_facets(connection, Query(words="molen", section="Dorp", author="redactie"))
        assert (narrowed.hits, dict(narrowed.counts["year"])) == (1, {"2023": 1})
        in_comments = find_facets(connection, Query(words="cijfers", within="comments"))
        assert "author" not in in_comments.counts
        assert dict(in_comments.counts["year"]) == {"2013": 2, "2014": 1}


def test_the_front_page_counts_what_is_there(room: str, folder: Path) -> None:
    status, headers, page = get(room, "/", **{"Accept-Language": "nl"})
    (counted,) = ask(
        folder, "SELECT COUNT(*) AS articles, SUM(comments_captured) AS comments FROM articles"
    )
    assert status == 200
    assert f"{counted['articles']} artikelen, {counted['comments']} reacties" in page
    assert 'lang="nl"' in page
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_search_leads_to_the_article_and_facets_narrow_it(room: str, folder: Path) -> None:
    _status, _headers, page = get(room, "/search?q=passies&lang=en")
    key = article_key(folder, "https://vakblad.example/passie/")
    assert f'<a href="/article/{key}">' in page
    assert "<mark>passies</mark>" in page
    _status, _headers, page = get(room, "/search?q=passies&year=1999")
    assert "/article/" not in page
    _status, _headers, page = get(room, "/search?q=de&lang=en")
    assert "holds no word to search for" in page


def test_an_article_tells_how_sure_its_date_is_and_what_is_missing(room: str, folder: Path) -> None:
    key = article_key(folder, "https://vakblad.example/passie/")
    _status, _headers, page = get(room, f"/article/{key}", **{"Accept-Language": "nl"})
    assert "2013-12-30 10:21" in page
    assert "nauwkeurig tot op de minuut" in page
    assert "(<bdi>Managing Partner, Admix</bdi>)" in page
    assert "4 van 6 reacties bewaard" in page
    assert page.count('class="comment') == 4


def test_versions_and_vanished_and_late_comments_are_marked(room: str, folder: Path) -> None:
    key = article_key(folder, "https://dorpskrant.example/markt/")
    _status, _headers, page = get(room, f"/article/{key}?lang=en")
    assert "<del>verhuist " in page or "<del>" in page
    assert "<ins>" in page
    assert page.count('<span class="mark gone">vanished, first missed on 2024-06-05') == 1
    assert page.count('<span class="mark late"') == 1


def test_comments_come_right_under_the_text_and_nothing_empty_has_a_heading(
    room: str, folder: Path
) -> None:
    shown = {
        name: re.findall(r'<h2 id="(\w+)"', get(room, f"/article/{article_key(folder, url)}")[2])
        for name, url in (
            ("changed", "https://dorpskrant.example/markt/"),
            ("cut", "https://vakblad.example/passie/"),
            ("bare", "https://vakblad.example/slot/"),
        )
    }
    assert shown == {
        "changed": ["facts", "text", "comments", "versions"],
        "cut": ["facts", "text", "comments", "cut"],
        "bare": ["facts", "text"],
    }
    site = get(room, "/site/molenblog.example")[2]
    assert re.findall(r'<h2 id="([\w-]+)"', site) == ["runs-title", "coverage-title"]


def test_a_moment_that_stands_for_none_is_shown_as_none(room: str, folder: Path) -> None:
    assert [shown_moment(moment) for moment in (None, BEGINNING, NEVER)] == ["", "", ""]
    assert shown_moment(datetime(2014, 5, 3, 10, 21, tzinfo=UTC)) == "2014-05-03 10:21 UTC"
    kept = {row["valid_from"] for row in ask(folder, "SELECT valid_from FROM profiles")}
    assert any(map(stands_for_none, kept))
    assert stands_for_none("1970-01-01 00:00:00+00:00")
    assert not any(map(stands_for_none, ("2014-05-03 10:21:00+00:00", 1970, None, "")))
    cells = SINCE.findall(get(room, "/archive/profiles")[2])
    assert len(cells) >= 1
    assert not any("1990" in cell for cell in cells)
    site = ask(folder, "SELECT name FROM sites JOIN profiles p ON p.site_id = sites.id")[0]["name"]
    learned = get(room, f"/site/{quote(site)}?lang=en")[2]
    assert "from the beginning until" in learned
    assert "1990-01-01" not in learned


def test_names_are_pseudonyms_everywhere_unless_they_are_asked_for(
    room: str, room_with_names: str, folder: Path
) -> None:
    key = article_key(folder, "https://vakblad.example/passie/")
    for path in (f"/article/{key}", "/search?q=cijfers&in=comments"):
        assert "Hanneke" not in get(room, path)[2].replace("@Joost", "")
        assert "lezer-" in get(room, path)[2]
        assert "lezer-" not in get(room_with_names, path)[2]
    assert get(room, "/commenter?name=Bert")[0] == 404
    assert get(room_with_names, "/commenter?name=Bert")[0] == 200
    assert get(room_with_names, "/commenter?name=Niemand")[0] == 404
    hidden = json.loads(get(room, sql("SELECT author, author_url, identity FROM comments"))[2])[
        "rows"
    ]
    assert {value for found in hidden for value in found} == {None}
    assert "Hanneke" not in get(room, "/archive/comment_thread.json?_size=max")[2]
    assert "Hanneke" in get(room_with_names, "/archive/comment_thread.json?_size=max")[2]


def test_datasette_describes_the_columns(room: str) -> None:
    shown = get(room, "/archive/articles?_size=1")[2]
    assert "address that the page calls its own" in shown
    assert "when it was written" in get(room, "/archive/comment_thread?_size=1")[2]


def test_datasette_searches_articles_and_comments_from_their_own_tables(
    room: str, folder: Path
) -> None:
    (found,) = ask(folder, "SELECT headline FROM articles ORDER BY id LIMIT 1")
    word = max(re.findall(r"\w+", found["headline"]), key=len)
    assert '<input id="_search"' in get(room, "/archive/articles")[2]
    asked = f"/archive/articles.json?_shape=array&_search={quote(word)}"
    headlines = [row["headline"] for row in json.loads(get(room, asked)[2])]
    assert found["headline"] in headlines
    counted = "SELECT COUNT(*) AS n FROM articles"
    assert len(headlines) < ask(folder, counted)[0]["n"]
    (comment,) = ask(folder, "SELECT id, text FROM comments WHERE LENGTH(text) > 20 LIMIT 1")
    word = max(re.findall(r"\w+", comment["text"]), key=len)
    for table in ("comments", "comment_thread"):
        asked = f"/archive/{table}.json?_shape=array&_size=max&_search={quote(word)}"
        assert comment["id"] in [row["id"] for row in json.loads(get(room, asked)[2])]


def test_a_text_is_shown_with_its_structure_and_nothing_that_acts(room: str, folder: Path) -> None:
    shown = get(room, f"/article/{article_key(folder, HOSTILE_PAGE)}")[2]
    text = shown.split('<div class="marked"')[1].split("</section>")[0]
    assert "<h2>Tussenkop</h2><blockquote><p>Citaat.</p></blockquote>" in text
    assert '<a href="https://elders.example/a" rel="nofollow">elders</a>' in text
    tags = set(re.findall(r"<(\w+)", text))
    assert tags <= {"h2", "blockquote", "p", "a", "br"}
    assert not re.search(r"<[^>]*(?:onclick|javascript:|style|src)", text)


def test_our_own_affairs_are_hidden_and_our_queries_come_first(room: str) -> None:
    shown = get(room, "/archive")[2]
    listed = re.findall(r'<h3><a href="/archive/(\w+)"', shown)
    assert {"articles", "comments", "links", "pages", "runs"} <= set(listed)
    assert not {"alembic_version", "secrets", "fingerprints", "article_search"} & set(listed)
    assert shown.index('id="queries"') < shown.index('id="tables"')
    assert 'href="/archive#queries"' in get(room, "/")[2]


def test_the_secret_of_the_tombstones_is_shown_to_nobody(
    folder: Path, room_with_names: str
) -> None:
    with sqlite3.connect(folder / "archive.db") as connection:
        connection.execute("INSERT OR REPLACE INTO secrets VALUES ('test', 'geheim-woord')")
    connection.close()
    for path in (
        "/archive/secrets.json",
        sql("SELECT *, value || 'x' FROM secrets"),
    ):
        status, _headers, answer = get(room_with_names, path)
        assert status == 200
        assert "test" in answer
        assert "geheim" not in answer


def test_nothing_can_be_written_and_no_file_taken(room: str) -> None:
    assert get(room, sql("DELETE FROM articles"))[0] == 400
    assert get(room, sql("ATTACH 'x.db' AS x"))[0] == 400
    assert get(room, "/archive.db")[0] in {403, 404}


def test_a_name_of_somebody_else_s_that_points_here_is_refused(room: str) -> None:
    assert get(room, "/", Host="evil.example")[0] == 421
    assert get(room, "/", Host="127.0.0.1.evil.example:80")[0] == 421
    assert get(room, "/", Host="localhost:1")[0] == 200


@pytest.mark.parametrize(
    "path", ["/", "/search?q=x", "/archive", "/archive/articles", "/nergens", "/article/999999"]
)
def test_every_page_says_that_it_loads_from_here_only(room: str, path: str) -> None:
    _status, headers, _page = get(room, path)
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert headers["referrer-policy"] == "no-referrer"


def test_strangers_texts_are_text(room_with_names: str, folder: Path) -> None:
    key = article_key(folder, HOSTILE_PAGE)
    for path in (
        f"/article/{key}",
        f"/search?q={WORD}",
        "/search?q=gekaapt&in=comments",
        "/site/vijand.example",
    ):
        status, _headers, page = get(room_with_names, path)
        assert status == 200
        assert "<script>document" not in page
        assert "<svg onload" not in page
        assert f"<img src='{NOWHERE}" not in page
        assert 'href="javascript:' not in page


def test_the_original_is_shown_in_a_frame_that_can_do_nothing(room: str, folder: Path) -> None:
    (fetch,) = ask(folder, "SELECT id FROM fetches WHERE url LIKE 'https://vijand.example/%'")
    _status, _headers, frame = get(room, f"/original/{fetch['id']}")
    assert f'src="/original/{fetch["id"]}/page" sandbox ' in frame
    _status, headers, page = get(room, f"/original/{fetch['id']}/page")
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "De kop van het origineel" in page
    assert not [
        tag
        for tag in ("<script", "<link", "<base", "<iframe", "http-equiv", "<object", "<embed")
        if tag in page
    ]
    _status, headers, source = get(room, f"/original/{fetch['id']}/source")
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert "<script src=" in source


def test_every_article_of_a_crawl_leads_to_its_original(room: str, folder: Path) -> None:
    rows = ask(folder, "SELECT MAX(f.id) AS id, a.headline FROM articles a JOIN fetches f ON "
"f.page_id = a.page_id "
                       "WHERE f.warc_file IS NOT NULL AND f.status = 200 AND a.url LIKE "
"'http://127%' GROUP BY a.id")  # fmt: skip
    assert len(rows) >= 10
    for found in rows:
        status, _headers, page = get(room, f"/original/{found['id']}/page")
        assert status == 200
        assert found["headline"].split()[0] in page
    assert get(room, "/original/999999")[0] == 404
    assert get(room, "/article/999999/original")[0] == 404
    hits = re.findall(r'href="(/article/\d+/original)"', get(room, "/search?q=balkon")[2])
    assert hits
    status, headers, _page = get(room, hits[0])
    assert (status, bool(re.fullmatch(r"/original/\d+", headers["location"]))) == (302, True)
    assert get(room, "/article?url=" + quote(LONG_THREAD))[0] == 302


def test_lists_come_as_csv(room: str, folder: Path) -> None:
    _status, headers, listed = get(room, "/archive/site_counts.csv")
    assert headers["content-type"].startswith("text/plain") or headers["content-type"].startswith(
        "text/csv"
    )
    (sites,) = ask(folder, "SELECT COUNT(DISTINCT site_id) AS n FROM articles")
    assert len(listed.splitlines()) == sites["n"] + 1


def test_the_command_refuses_in_one_sentence(folder: Path, tmp_path: Path) -> None:
    for arguments, sentence in (
        (("-s", f"KNIPSEL_ARCHIVE={tmp_path}"), "There is no archive"),
        (("-s", f"KNIPSEL_ARCHIVE={folder}", "--port", "70000"), "70000 is no port"),
        (("-s", f"KNIPSEL_ARCHIVE={folder}", "more"), "Say: knipsel browse"),
    ):
        ended = knipsel("browse", *arguments)
        assert (ended.code, len(ended.err.splitlines())) == (2, 1), ended.err
        assert sentence in ended.err


def test_a_crawl_into_postgresql_is_browsed_from_a_read_only_snapshot(tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot" / "archive.db"
    with new_database("postgresql", tmp_path) as server, DemoServer() as site:
        crawled = crawl(f"{site.url}/", tmp_path, "-s", f"KNIPSEL_DATABASE={server}")
        assert crawled.code == 0, crawled.err
        copied = knipsel("copy", server, f"sqlite:///{snapshot}", "--json")
        assert copied.code == 0, copied.err
        rows = json.loads(copied.out)["rows"]
        archive = Archive.open(server)
        fill(archive)  # what comes after the snapshot is not in it
        _columns, articles = archive.select(
            "SELECT id, headline, comments_captured FROM articles WHERE site_id = 1 ORDER BY id"
        )
        _columns, kept = archive.select(
            "SELECT MAX(id) AS id FROM fetches WHERE warc_file IS NOT NULL AND status = 200"
        )
        archive.close()
    snapshot.chmod(0o444)
    with browsing(tmp_path, "-s", f"KNIPSEL_DATABASE=sqlite:///{snapshot}") as room:
        front = get(room, "/?lang=en")[2]
        assert f"{rows['articles']} articles, {rows['comments']} comments" in front
        assert "dorpskrant.example" not in front
        for article in articles:
            status, _headers, page = get(room, f"/article/{article['id']}?lang=en")
            assert status == 200
            assert escape(article["headline"]) in page
            assert page.count('<li id="comment-') == article["comments_captured"]
        assert get(room, f"/original/{kept[0]['id']}/page")[0] == 200
        assert "<mark>" in get(room, "/search?q=balkon")[2]


def test_a_snapshot_of_postgresql_shows_the_pages_that_sqlite_shows(tmp_path: Path) -> None:
    snapshot = f"sqlite:///{tmp_path}/snapshot.db"
    with new_database("postgresql", tmp_path) as server:
        for url in (server, default_database(tmp_path)):
            archive = Archive.open(url)
            fill(archive)
            archive.close()
        assert knipsel("copy", server, snapshot).code == 0
    paths = ["/", "/search?q=molen", "/search?q=cijfers&in=comments", "/site/dorpskrant.example"]
    paths += [f"/article/{row['id']}" for row in ask(tmp_path, "SELECT id FROM articles")]
    with (
        browsing(tmp_path) as one,
        browsing(tmp_path, "-s", f"KNIPSEL_DATABASE={snapshot}") as other,
    ):
        for path in paths:
            assert get(one, path)[2].replace('"/archive', '"/snapshot') == get(other, path)[2], path
