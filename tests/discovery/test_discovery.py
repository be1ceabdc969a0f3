"""Discovery: what sitemaps, feeds and pages lead to, and what is refused."""

import gzip
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.discovery import (
    BadFeed,
    BadSitemap,
    candidates_from_feed,
    candidates_from_page,
    candidates_from_sitemap,
    is_in_part,
    start_candidates,
)
from pipelines.document import open_document
from storage.records import Page

SITE = "https://voorbeeld.nl/"
MAP = SITE + "sitemap.xml"
SET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


def url(path: str, lastmod: str = "") -> str:
    return (
        f"<url><loc>https://www.voorbeeld.nl{path}</loc>"
        f"{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</url>"
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_sitemap_names_pages_of_this_site_with_their_moment(pack: Any) -> None:
    body = SET.format(
        url("/a/", "2014-01-02T10:00:00+01:00")
        + url("/b/")
        + url("/foto.jpg")
        + "<url><loc>https://elders.nl/c/</loc></url>"
    )
    found = candidates_from_sitemap(pack(body.encode()), MAP, depth=0)
    assert [candidate.url for candidate in found] == [SITE + "a/", SITE + "b/"]
    assert found[0].lastmod == datetime(2014, 1, 2, 9, tzinfo=UTC)
    assert {candidate.found_how for candidate in found} == {"sitemap"}
    assert found[0].found_on == MAP


def test_an_index_names_further_sitemaps_down_to_a_depth() -> None:
    body = (
        f"<sitemapindex><sitemap><loc>{SITE}deel-1.xml.gz</loc></sitemap></sitemapindex>".encode()
    )
    (found,) = candidates_from_sitemap(body, MAP, depth=0)
    assert (found.kind, found.url) == ("sitemap", SITE + "deel-1.xml.gz")
    assert candidates_from_sitemap(body, MAP, depth=9) == ()


def test_plain_text_and_a_cut_off_file_give_what_is_whole() -> None:
    assert [
        c.url for c in candidates_from_sitemap(f"{SITE}a/\n{SITE}b/\nonzin\n".encode(), MAP, 0)
    ][:2] == [
        SITE + "a/",
        SITE + "b/",
    ]
    cut = SET.format(url("/a/") + url("/b/"))[:-40].encode()
    assert [c.url for c in candidates_from_sitemap(cut, MAP, 0)] == [SITE + "a/"]


BOMB = (
    b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y '
    b'"&x;&x;&x;&x;">]><urlset><url><loc>&y;</loc></url></urlset>'
)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (BOMB, "entities"),
        (gzip.compress(b"<urlset>" + b" " * 60_000_000), "50 MB"),
        (b"\x1f\x8bgeen gzip", "gzip"),
        (b"<!DOCTYPE html><html><body>Niet gevonden</body></html>", "HTML"),
    ],
    ids=["entities", "gzip bomb", "broken gzip", "html"],
)
def test_bombs_and_other_things_are_no_sitemap(body: bytes, words: str) -> None:
    with pytest.raises(BadSitemap, match=words):
        candidates_from_sitemap(body, MAP, 0)


ENTRY = "<url><loc>https://voorbeeld.nl/a/</loc></url>"


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        (f"<urlset>{ENTRY}{ENTRY[:20]}", True),
        (f"<?xml version='1.0'?><urlset>{ENTRY}", True),
        ("<rss><channel><item><link>https://voorbeeld.nl/a/</link></item>", True),
        (f"<sm:urlset xmlns:sm='x'>{ENTRY}", True),
        (f"<urlset>{ENTRY}</urlset>", False),
        (f"<sm:urlset xmlns:sm='x'>{ENTRY}</sm:urlset >\n", False),
        (f"<urlset>{ENTRY}</urlset><!-- {'gemaakt in 0,2 s ' * 100} -->", False),
        ("<rdf:RDF><channel/><item/></rdf:RDF>", False),
        ("<feed><entry/></feed>\n\n", False),
        ("https://voorbeeld.nl/a/\nhttps://voorbeeld.nl/b/", False),
        ('[{"link": "https://voorbeeld.nl/a/"}]', False),
    ],
    ids=range(11),
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_list_without_its_end_is_read_in_part(text: str, charset: str, *, is_cut: bool) -> None:
    assert is_in_part(text.encode(charset)) == is_cut


def test_a_list_of_more_than_the_protocol_allows_is_read_in_part() -> None:
    assert not is_in_part(f"<urlset>{ENTRY * 50_000}</urlset>".encode())
    assert is_in_part(f"<urlset>{ENTRY * 50_001}</urlset>".encode())


RSS = """<rss version="2.0"><channel><title>Blad</title><item><title>A</title><link>\
https://voorbeeld.nl/a/?utm_source=rss</link>
<pubDate>Mon, 30 Dec 2013 10:21:00 +0100</pubDate></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" \
href="/feed?page=2"/><entry><link rel="alternate" href="/a/"/>
<published>2013-12-30T10:21:00+01:00</published></entry></feed>"""


@pytest.mark.parametrize("body", [RSS, ATOM], ids=["rss", "atom"])
def test_a_feed_names_articles_with_their_date(body: str) -> None:
    first = candidates_from_feed(body.encode(), SITE + "feed/", 0)[0]
    assert (first.url, first.found_how) == (SITE + "a/", "feed")
    assert first.feed_published == datetime(2013, 12, 30, 9, 21, tzinfo=UTC)


def test_the_next_page_of_a_feed_is_followed_and_a_feed_of_comments_is_not_read() -> None:
    assert [(c.kind, c.url) for c in candidates_from_feed(ATOM.encode(), SITE + "feed/", 0)][1] == (
        "feed",
        SITE + "feed?page=2",
    )
    assert (
        candidates_from_feed(RSS.replace("Blad", "Reacties op Blad").encode(), SITE + "feed/", 0)
        == ()
    )
    for body in (b"<html></html>", b"", BOMB.replace(b"urlset", b"rss")):
        with pytest.raises(BadFeed):
            candidates_from_feed(body, SITE + "feed/", 0)


LINKS = """<html><head><link rel="alternate" type="application/rss+xml" href="/feed/"><base \
href="/"></head><body>
<a href="2014/01/een-stuk/#reacties">stuk</a><a \
href="http://www.voorbeeld.nl/2014/01/een-stuk/">weer</a><a href="/tag/molen/">molen</a>
<a href="/page/2/">Oudere berichten</a><a href="/over-ons">over</a><a \
href="https://elders.nl/">elders</a><a href="/foto.jpg">foto</a>
<a href="/2014/01/een-stuk/?replytocom=3#respond">antwoord</a><a href="mailto:a@b.nl">post</a><a \
rel="nofollow" href="/verborgen/">v</a>
</body></html>"""


def test_the_links_of_a_page_each_once_with_how_they_were_found() -> None:
    document = open_document(
        Page(
            url=SITE,
            body=LINKS.encode(),
            fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
            content_type="text/html",
        )
    )
    found = {
        c.url.removeprefix(SITE): (c.kind, c.found_how) for c in candidates_from_page(document, 0)
    }
    assert found == {
        "feed/": ("feed", "feed"),
        "2014/01/een-stuk/": ("page", "link"),
        "tag/molen/": ("page", "archive"),
        "page/2/": ("page", "archive"),
        "over-ons": ("page", "link"),
        "verborgen/": ("page", "link"),
    }
    assert candidates_from_page(document, 99) == ()


@pytest.mark.parametrize(
    ("link", "counted"),
    [
        ('<a href="/stuk/#praat">12 reacties</a>', 12),
        ('<a href="/stuk/">De brug</a> <a href="/stuk/#r">(1 mening)</a>', 1),
        ('<a href="/stuk/#r">3 comments</a> <a href="/stuk/">Lees verder</a>', 3),
        ('<li><a href="/stuk/">De brug</a> (9 reacties)</li>', 9),
        ('<a href="/stuk/">De brug</a> <span>4 opmerkingen</span>', 4),
        ('<a href="/stuk/">De brug</a> <span>4 mei 2014</span>', None),
        ('<a href="/stuk/#r">nog geen reacties</a>', None),
        ('<a href="/stuk/">De brug van 2014</a>', None),
    ],
)
def test_a_link_that_counts_comments_tells_how_many_there_are(
    link: str, counted: int | None
) -> None:
    page = Page(url="https://voorbeeld.nl/", body=link.encode(), fetched_at=datetime.now(UTC))
    (found,) = candidates_from_page(open_document(page), 0)
    assert (found.url, found.comments_linked) == ("https://voorbeeld.nl/stuk/", counted)


def test_a_site_is_begun_at_its_home_page_and_the_usual_places() -> None:
    found = start_candidates(SITE)
    assert found[0].url == SITE
    assert {c.kind for c in found} == {"page", "sitemap", "feed"}
