"""The second source of a site's comments: found, read, joined, and asked for by the crawl."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from pipelines.comments import (
    BadSource,
    find_sources,
    is_wanted,
    join_source,
    next_address,
    read_source,
)
from storage.records import Article, Comment
from tests.crawling import ask, crawl
from tests.local_site import LocalSite
from tests.wordpress_comments import PAGE, URL, things

NOW = datetime(2014, 6, 18, 10, 0, tzinfo=UTC)


RSS = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" \
xmlns:content="http://purl.org/rss/1.0/modules/content/" \
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Reacties op: Stuk</title>
<item><title>Door: Bram</title><link>{URL}#comment-12</link><dc:creator><![CDATA[Bram]]>\
</dc:creator><pubDate>Sat, 03 May 2014 09:05:00 +0000</pubDate>
<guid isPermaLink="false">https://voorbeeld.nl/?p=5#comment-12</guid><description>Als antwoord op \
Anna. Mee eens.</description>
<content:encoded><![CDATA[<p>Als antwoord op <a href="{URL}#comment-11">Anna</a>.</p><p>Mee \
eens.</p>]]></content:encoded></item>
<item><title>Door: Elders &raquo; Blog</title><guid>https://voorbeeld.nl/?p=5#comment-13</guid>\
<content:encoded><![CDATA[<p>[&#8230;] zo simpel is het [&#8230;]</p>]]></content:encoded></item>
</channel></rss>""".encode()
ATOM = b"""<?xml version='1.0' encoding='UTF-8'?><feed \
xmlns='http://www.w3.org/2005/Atom'><entry><id>tag:blogger.com,1999:blog-1.post-7002</id>
<published>2014-05-03T11:05:00.001+02:00</published><content type='html'>Mee eens.&lt;br \
/&gt;Echt.</content>
<link rel='alternate' type='text/html' href='https://voorbeeld.blogspot.example/2014/05/stuk.html?\
showComment=7002#c7002'/>
<link rel='related' href='https://www.blogger.com/feeds/1/5/comments/default/7001'/><author><name>\
Bram</name><uri>https://www.blogger.com/profile/02</uri><email>noreply@blogger.com</email></author>\
</entry></feed>"""


def article(*comments: Comment, **more: Any) -> Article:
    return Article(url=URL, headline="Stuk", article_body="Tekst.", comments=comments, **more)


def comment(text: str, author: str = "Anna", **more: Any) -> Comment:
    return Comment(text=text, author=author, **more)


@pytest.mark.parametrize(
    ("head", "body", "found"),
    [
        (
            "<link rel='https://api.w.org/' "
            "href='https://voorbeeld.nl/wp-json/'><link rel='shortlink' "
            "href='https://voorbeeld.nl/?p=5'>",
            "",
            "https://voorbeeld.nl/wp-json/wp/v2/comments?post=5&per_page=100&order=asc",
        ),
        (
            "<link rel='https://api.w.org/' href='https://voorbeeld.nl/?rest_route=/'>",
            "single postid-6",
            "https://voorbeeld.nl/?rest_route=/wp/v2/comments&post=6",
        ),
        (
            "<link rel='alternate' type='application/rss+xml' "
            "href='https://voorbeeld.nl/feed/'><link rel='alternate' "
            f"type='application/rss+xml' href='{URL}feed/'>",
            "",
            f"{URL}feed/",
        ),
        (
            "<link rel='alternate' type='application/atom+xml' "
            "href='https://voorbeeld.nl/feeds/5/comments/default'>",
            "",
            "https://voorbeeld.nl/feeds/5/comments/default",
        ),
        (
            "<link rel='alternate' type='application/rss+xml' "
            "href='https://voorbeeld.nl/comments/feed/'>",
            "",
            None,
        ),
    ],
)
def test_a_page_names_its_source(head: str, body: str, found: str | None) -> None:
    tree = html.document_fromstring(
        f"<html><head>{head}</head><body class='{body}'><p>Tekst</p></body></html>"
    )
    sources = find_sources(tree, URL)
    assert [source[: len(found or "")] for source in sources] == ([found] if found else [])
    assert all("avatar" not in source for source in sources)


def test_wordpress_json() -> None:
    anna, bram = read_source(
        things((11, 0, "Anna", "Eén &amp; al"), (12, 11, "Bram &#8217;t Hart", "Mee eens.")), NOW
    )
    assert (anna.author, anna.text, anna.source_id, anna.parent_source_id) == (
        "Anna",
        "Eén & al",
        "11",
        None,
    )
    assert (bram.author, bram.parent_source_id, bram.method) == ("Bram ’t Hart", "11", "wp-json")
    assert bram.date_created == datetime(2014, 5, 3, 8, 21, 5, tzinfo=UTC)
    assert "gravatar" not in repr((anna, bram))


def test_a_comment_feed_without_pingbacks() -> None:
    (bram,) = read_source(RSS, NOW)
    assert (bram.author, bram.text, bram.source_id, bram.parent_source_id) == (
        "Bram",
        "Mee eens.",
        "12",
        "11",
    )
    assert bram.date_created == datetime(2014, 5, 3, 9, 5, tzinfo=UTC)


def test_a_blogger_feed() -> None:
    (bram,) = read_source(ATOM, NOW)
    assert (bram.author, bram.text, bram.source_id, bram.parent_source_id) == (
        "Bram",
        "Mee eens.\nEcht.",
        "7002",
        "7001",
    )
    assert "noreply" not in repr(bram)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[{",
        b'{"code":"rest_forbidden","message":"Nee."}',
        b"<html><body>Inloggen</body></html>",
        b"<<<",
        b"\x00\x01",
        b"[" * 100_000,
    ],
)
def test_what_is_no_source_says_so(body: bytes) -> None:
    with pytest.raises(BadSource, match=r"\w"):
        read_source(body, NOW)


def test_a_source_is_asked_only_for_what_the_page_lacks() -> None:
    whole = comment("Ja", date_created_precision="minute", source_id="1")
    assert not is_wanted(article())
    assert not is_wanted(article(whole, comments_declared=1))
    assert is_wanted(article(replace(whole, date_created_precision="day")))
    assert is_wanted(article(whole, comments_declared=3, comments_gap_reason="pagination"))
    assert is_wanted(article(comments_gap_reason="widget"))


def test_a_long_source_goes_on_until_a_page_is_not_full() -> None:
    first = "https://voorbeeld.nl/wp-json/wp/v2/comments?post=5&per_page=100"
    second = next_address(first, 100)
    assert second == f"{first}&page=2"
    assert next_address(second, 100) == f"{first}&page=3"
    assert next_address(second, 99) is None
    assert next_address("https://voorbeeld.nl/stuk/feed/", 100) is None


def test_joined_by_id_the_page_keeps_its_words_and_gains_dates_and_parents() -> None:
    page = article(
        comment("Ja…", source_id="11"),
        comment("Mee eens.", "Bram", source_id="12"),
        comments_declared=3,
        comments_gap_reason="unknown",
    )
    source = read_source(
        things(
            (11, 0, "Anna", "Ja, zeker"), (12, 11, "Bram", "Mee eens."), (13, 0, "Cor", "Nieuw")
        ),
        NOW,
    )
    joined = join_source(page, source)
    assert [(c.author, c.text, c.parent_position) for c in joined.comments] == [
        ("Anna", "Ja…", None),
        ("Bram", "Mee eens.", 0),
        ("Cor", "Nieuw", None),
    ]
    assert [c.date_created_precision for c in joined.comments] == ["second"] * 3
    assert (joined.comments_declared, joined.comments_gap_reason) == (3, None)


def test_joined_by_author_and_text_the_same_words_twice_stay_two() -> None:
    twice = read_source(things((11, 0, "Anna", "+1"), (12, 0, "Anna", "+1")), NOW)
    joined = join_source(article(comment("+1"), comment("+1")), twice)
    assert [c.source_id for c in joined.comments] == ["11", "12"]


def test_a_long_text_that_nobody_else_wrote_is_known_by_its_words_alone() -> None:
    long, short = "Wat een mooi nieuws is dit, eindelijk draait hij.", "Mooi nieuws!"
    source = read_source(things((11, 0, "Anna", long), (12, 0, "Bram", short)), NOW)
    joined = join_source(
        article(comment(long, "Trouwe lezer"), comment(short, "Trouwe lezer")), source
    )
    assert [(c.author, c.source_id) for c in joined.comments] == [
        ("Trouwe lezer", "11"),
        ("Trouwe lezer", None),
        ("Bram", "12"),
    ]
    twice = read_source(things((11, 0, "Anna", long), (12, 0, "Bram", long)), NOW)
    assert len(join_source(article(comment(long, "Trouwe lezer")), twice).comments) == 3


def test_floors_of_a_page_are_no_ids() -> None:
    joined = join_source(
        article(comment("Ja", source_id="1"), comment("Nee", source_id="2")),
        read_source(things((11, 0, "Anna", "Ja"), (12, 0, "Anna", "Nee")), NOW),
    )
    assert [c.source_id for c in joined.comments] == ["11", "12"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABC"),
            st.sampled_from(["ja", "nee", "+1"]),
            st.sampled_from([None, "1", "2", "3"]),
        ),
        max_size=8,
    ),
    st.lists(
        st.tuples(
            st.integers(1, 9),
            st.integers(0, 9),
            st.sampled_from("ABC"),
            st.sampled_from(["ja", "nee", "+1"]),
        ),
        max_size=8,
        unique_by=lambda row: row[0],
    ),
)
@settings(max_examples=200, deadline=None)
def test_joining_never_drops_doubles_or_makes_a_circle(
    shown: list[tuple[str, str, str | None]], rows: list[tuple[int, int, str, str]]
) -> None:
    page = [comment(text, author, source_id=number) for author, text, number in shown]
    joined = join_source(article(*page), read_source(things(*rows), NOW)).comments
    assert [c.text for c in joined[: len(page)]] == [c.text for c in page]
    assert len(joined) <= len(page) + len(rows)
    ids = [str(row[0]) for row in rows]
    assert all([c.source_id for c in joined].count(number) >= 1 for number in ids)
    for place in range(len(joined)):
        met, parent = {place}, joined[place].parent_position
        while parent is not None:
            assert parent not in met
            met.add(parent)
            parent = joined[parent].parent_position


@pytest.mark.parametrize("forbidden", [False, True])
def test_a_crawl_asks_the_source_within_robots(tmp_path: Path, forbidden: bool) -> None:
    with LocalSite({}) as site:
        robots = b"User-agent: *\nDisallow: /wp-json/" if forbidden else b""
        source = things(
            (11, 0, "Anna", "Wat een mooi nieuws, eindelijk."), (12, 11, "Bram", "Dat vind ik ook.")
        )

        def answer(handler: Any) -> None:
            handler.send_response(200)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(source)))
            handler.end_headers()
            handler.wfile.write(source)

        address = find_sources(
            html.document_fromstring(PAGE.format(site=site.url)), f"{site.url}/molen/"
        )[0]
        site.routes |= {
            "/robots.txt": (200, {"Content-Type": "text/plain"}, robots),
            "/": '<html><body><a href="/molen/">De molen draait</a></body></html>',
            "/molen/": PAGE.format(site=site.url),
            address.removeprefix(site.url): answer,
        }
        ended = crawl(site.url, tmp_path)
        asked = [path for path in site.paths() if path.startswith("/wp-json/") and "post=5" in path]
    assert ended.code == 0, ended.err
    rows = ask(
        tmp_path,
        "SELECT author, text, date_created_precision AS exact, parent_id, method FROM "
        "comment_thread ORDER BY position",
    )
    reasons = ask(tmp_path, "SELECT comments_gap_reason AS reason FROM article_overview")
    if forbidden:
        assert asked == []
        assert [row["author"] for row in rows] == ["Anna"]
        assert reasons == [{"reason": "unknown"}]
    else:
        assert len(asked) == 1
        assert [(row["author"], row["exact"], row["parent_id"] is not None) for row in rows] == [
            ("Anna", "second", False),
            ("Bram", "second", True),
        ]
        assert [row["method"] for row in rows] == ["wordpress", "wp-json"]
        assert reasons == [{"reason": None}]
