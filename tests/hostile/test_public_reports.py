"""Public reports about comparable tools, each rebuilt as a small input of our own and tried.

docs/reports.md lists them by project and number. All text is of our own making.
"""

import gzip
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from scrapy.http import Response

from crawler.discovery import BadSitemap, candidates_from_feed, candidates_from_sitemap
from crawler.downloader import location
from crawler.politeness import Robots
from pipelines.article import NotAnArticle, extract
from pipelines.document import decode_body
from storage.records import Article, Page
from storage.urls import canonical
from storage.warc import parse_answer
from tests.village import article

SITE = "https://dorpsblad.example"
ONE, TWO = f"{SITE}/nieuws/oude-kade-hersteld", f"{SITE}/nieuws/brug-gaat-open"
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LIST = "<urlset>{}</urlset>".format("".join(f"<url><loc>{url}</loc></url>" for url in (ONE, TWO)))
ITEMS = "".join(f"<item><title>Stuk</title><link>{url}</link></item>" for url in (ONE, TWO))
FEED = (
    f'<?xml version="1.0" encoding="UTF-8"?><rss><channel><title>D</title>{ITEMS}</channel></rss>'
)
TEXT = (
    "<p>De kade aan de haven wordt hersteld, zegt de wethouder, en het dorp is opgelucht.</p>" * 6
)


def of_map(body: bytes, url: str = f"{SITE}/sitemap.xml") -> list[str]:
    return [candidate.url for candidate in candidates_from_sitemap(body, url, 0)]


def of_feed(body: bytes, url: str = f"{SITE}/feed/") -> list[str]:
    return [candidate.url for candidate in candidates_from_feed(body, url, 0)]


def read(html: str, path: str = "/nieuws/oude-kade") -> Article:
    return extract(Page(url=f"{SITE}{path}", body=html.encode(), fetched_at=NOW))


def page(head: str = "", byline: str = "", body: str = TEXT) -> str:
    return (
        f'<html lang="nl"><head><title>Oude kade hersteld</title>{head}</head><body><article>'
        f"<h1>Oude kade hersteld</h1>{byline}<div>{body}</div></article></body></html>"
    )


def day(found: Article) -> str | None:
    moment = found.date_published
    return f"{moment.astimezone(ZoneInfo('Europe/Amsterdam')):%Y-%m-%d}" if moment else None


def test_wpull_484_a_comment_behind_the_gzip() -> None:
    assert of_map(gzip.compress(LIST.encode()) + b"<!-- WP Super Cache -->") == [ONE, TWO]


def test_ultimate_sitemap_parser_6_a_gz_that_is_none() -> None:
    assert of_map(LIST.encode(), f"{SITE}/sitemap.xml.gz") == [ONE, TWO]


def test_crawler_commons_143_a_list_of_lines_in_gzip() -> None:
    assert of_map(gzip.compress(f"{ONE}\r\n{TWO}\r\n".encode())) == [ONE, TWO]


def test_crowlet_25_an_index_in_gzip_of_sitemaps_in_gzip() -> None:
    index = f"<sitemapindex><sitemap><loc>{SITE}/a-1.xml.gz</loc></sitemap></sitemapindex>"
    assert of_map(gzip.compress(index.encode())) == [f"{SITE}/a-1.xml.gz"]


def test_browsertrix_crawler_578_addresses_in_cdata() -> None:
    body = LIST.replace("<loc>", "<loc><![CDATA[").replace("</loc>", "]]></loc>")
    assert of_map(body.encode()) == [ONE, TWO]


@pytest.mark.parametrize("body", [b"<!doctype html><html><h1>Kaart</h1></html>", b"<html></html>"])
def test_langstream_678_a_page_under_a_sitemap_s_name(body: bytes) -> None:
    with pytest.raises(BadSitemap, match="HTML"):
        of_map(body)


@pytest.mark.parametrize("place", ["<title>", "</item>", "</channel>"])
def test_freshrss_3395_a_nul_in_the_feed(place: str) -> None:
    assert of_feed(FEED.replace(place, f"\x00{place}", 1).encode()) == [ONE, TWO]


def test_freshrss_1352_warnings_behind_the_feed() -> None:
    assert of_feed(FEED.encode() + b"<br />\n<b>Warning</b>: mkdir() & more<br />") == [ONE, TWO]


def test_freshrss_7994_a_bare_ampersand_in_a_title() -> None:
    assert of_feed(FEED.replace("Stuk", "Open & dicht").encode()) == [ONE, TWO]


def test_freshrss_8611_a_second_document_behind_the_first() -> None:
    assert of_feed(f"{FEED}\n</channel>\n</rss>".encode()) == [ONE, TWO]


def test_freshrss_8591_a_byte_of_another_charset() -> None:
    body = FEED.replace("Stuk", "Caf~ één").encode().replace(b"~", b"\xe9")
    assert of_feed(body) == [ONE, TWO]


def test_freshrss_8776_an_advertisement_within_a_tag() -> None:
    body = FEED.replace("<title>Stuk", "<title <div>reclame</div>>Stuk", 1)
    assert TWO in of_feed(body.encode())


def test_liferea_1472_links_counted_from_the_feed_s_base() -> None:
    links = ("oude-kade-hersteld", "brug-gaat-open")
    entries = "".join(f"<entry><link href='{link}'/></entry>" for link in links)
    body = f"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='{SITE}/nieuws/'>{entries}</feed>"
    assert of_feed(body.encode()) == [ONE, TWO]


def test_platform_blog_128_every_address_relative() -> None:
    link = "<link rel='alternate' href='oude-kade-hersteld'/>"
    entry = f"<entry xml:base='oude-kade-hersteld'><link href=''/>{link}</entry>"
    body = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>"
    assert of_feed(body.encode(), f"{SITE}/nieuws/feed.xml") == [ONE]


@pytest.mark.parametrize("target", ["http%3A//dorpsblad.example/ação", "///dorpsblad.example/ação"])
def test_scrapy_2363_and_4032_a_redirect_that_only_browsers_read(target: str) -> None:
    answer = Response(
        "http://dorpsblad.example/a/", status=302, headers={"Location": target.encode()}
    )
    assert location(answer) == "http://dorpsblad.example/a%C3%A7%C3%A3o"


def test_scrapy_6292_a_robots_txt_in_latin_1() -> None:
    body = "# Straße\nUser-agent: *\nDisallow: /café/\nDisallow: /dicht/".encode("latin-1")
    robots = Robots.from_answer(200, body, f"{SITE}/robots.txt")
    assert not robots.allows(f"{SITE}/dicht/a", "Knipsel/1")
    assert not robots.allows(f"{SITE}/caf%E9/a", "Knipsel/1")
    assert robots.allows(f"{SITE}/open", "Knipsel/1")


def test_norconex_crawler_311_a_session_with_a_dot_beside_the_host() -> None:
    assert canonical("http://a.example;jsessionid=E460A9.tp_2?p=v") == "http://a.example/?p=v"


def test_surt_16_a_session_that_stands_first() -> None:
    for query in ("sid=9f3a&p=v", "p=v&sid=9f3a", "PHPSESSID=9f3a&p=v", "jsessionid=9f3a&p=v"):
        assert canonical(f"{SITE}/a?{query}") == f"{SITE}/a?p=v"


def test_courlan_134_twice_canonical_is_once() -> None:
    for url in (f"{SITE}/?utm_source=a", f"{SITE}/?sid=9f3a&utm_id=1", f"{SITE}", f"{SITE}//a//?"):
        once = canonical(url)
        assert canonical(once) == once


def test_trafilatura_231_the_charset_that_the_page_says() -> None:
    html = '<html><head><meta charset="iso-8859-1"></head><body>een mööi café</body></html>'
    assert decode_body(html.encode("iso-8859-1"))[0] == html


def test_trafilatura_541_much_markup_before_the_letters() -> None:
    html = (
        f'<html><head><meta charset="gb2312">{"<link href=a>" * 2000}</head><body>北京新闻</body>'
    )
    assert decode_body(html.encode("gb2312"), "text/html")[0] == html


def test_newspaper4k_575_the_day_that_the_page_states() -> None:
    head = '<meta name="dc.date" content="2023-01-02">'
    body = f"{TEXT}<p>Aangenomen voor plaatsing op 16 december 2022.</p>"
    assert day(read(page(head, body=body))) == "2023-01-02"


def test_newspaper4k_26_a_moment_in_a_title_attribute() -> None:
    attributes = 'class="published" itemprop="datePublished" title="2016-03-31T03:55:00+02:00"'
    byline = f"<abbr {attributes}>3:55</abbr>"
    assert day(read(page(byline=byline))) == "2016-03-31"


@pytest.mark.parametrize("path", ["/nieuws/2021/04/92713", "/nieuws/2020/06/88083"])
def test_newspaper4k_514_a_number_in_the_path_is_no_day(path: str) -> None:
    byline = "<p class=byline>Door Marit Hoekzema, 25 april 2021</p>"
    assert day(read(page(byline=byline), path)) == "2021-04-25"


def test_htmldate_28_a_day_in_a_script_is_nobody_s() -> None:
    head = '<script>var abonnement = {"expires": "2031-01-31"};</script>'
    byline = "<p class=byline>Door Marit Hoekzema, 25 april 2021</p>"
    assert day(read(page(head, byline))) == "2021-04-25"
    assert day(read(page(head))) is None


def test_news_please_169_an_empty_answer() -> None:
    for body in (b"", b"  \n", b"<html></html>", b"<!-- -->", b"\xef\xbb\xbf"):
        with pytest.raises(NotAnArticle):
            extract(Page(url=f"{SITE}/a", body=body, fetched_at=NOW))


def test_wallabag_3665_elements_that_are_closed_too_often() -> None:
    html = article("Oude kade hersteld", "2021-04-25").replace(
        '<div class="entry-content">', '<div class="entry-content"><style>p {}</style></div>'
    )
    assert "kade" in read(html).headline
    assert len(read(html).article_body) > 200


def test_warcio_74_a_chunked_body_is_read_without_its_frame() -> None:
    framed = b"4\r\n<p>a\r\n5;x=y\r\n</p>\n\r\n0\r\n\r\n"
    message = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + framed
    assert parse_answer(message).body == b"<p>a</p>\n"
