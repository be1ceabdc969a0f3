"""Sitemaps and feeds as other people's programs write them, broken in every usual way.

The kind: a list is read for its addresses, and an address that is read differs in no letter from
the one that was meant. What is broken costs itself only.
"""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery import BadFeed, BadSitemap, candidates_from_feed, candidates_from_sitemap

SITE = "https://dorpsblad.example"
MAP, FEED = f"{SITE}/sitemap.xml", f"{SITE}/nieuws/feed/"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
ONE, TWO = f"{SITE}/nieuws/oude-kade-hersteld", f"{SITE}/nieuws/brug-gaat-open"


def sitemap(*locs: str, more: str = "") -> str:
    urls = "".join(f"<url><loc>{loc}</loc>{more}</url>" for loc in locs)
    return f'{XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def rss(*items: str, spaces: str = "") -> str:
    inner = "".join(f"<item><title>Stuk</title>{item}</item>" for item in items)
    return (
        f'{XML}<rss version="2.0" {spaces}><channel><title>Dorpsblad</title>{inner}</channel></rss>'
    )


def atom(*entries: str, base: str = "") -> str:
    inner = "".join(f"<entry><title>Stuk</title>{entry}</entry>" for entry in entries)
    return (
        f'{XML}<feed xmlns="http://www.w3.org/2005/Atom" '
        f"{base}><title>Dorpsblad</title>{inner}</feed>"
    )


def linked(*links: str) -> str:
    return rss(*(f"<link>{link}</link>" for link in links))


def of_map(body: str | bytes, url: str = MAP) -> list[str]:
    data = body.encode() if isinstance(body, str) else body
    return [candidate.url for candidate in candidates_from_sitemap(data, url, 0)]


def of_feed(body: str | bytes, url: str = FEED) -> list[str]:
    data = body.encode() if isinstance(body, str) else body
    return [candidate.url for candidate in candidates_from_feed(data, url, 0)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/a.php?id=12&rubriek=nieuws", "/a.php?id=12&rubriek=nieuws"),
        ("/a.php?id=12&amp;rubriek=nieuws", "/a.php?id=12&rubriek=nieuws"),
        ("/a.php?id=12&#38;rubriek=nieuws", "/a.php?id=12&rubriek=nieuws"),
        ("/a.php?id=12&#x26;rubriek=nieuws", "/a.php?id=12&rubriek=nieuws"),
        ("/a?a=1&copy=2&reg=3", "/a?a=1&copy=2&reg=3"),
        ("/a?a=1&lt=2", "/a?a=1&lt=2"),
        ("/a?x=1&", "/a?x=1"),
        ("/a?x=1&&y=2", "/a?x=1&y=2"),
        ("/caf&eacute;-open", "/caf%C3%A9-open"),
        ("/ru&iuml;ne-en-caf&#233;", "/ru%C3%AFne-en-caf%C3%A9"),
        ("/AT&T", "/AT&T"),
        ("/a?naam=jan&onbekend;x", "/a?naam=jan&onbekend;x"),
        ("<![CDATA[/a.php?id=12&rubriek=nieuws]]>", "/a.php?id=12&rubriek=nieuws"),
        ("\n  /nieuws/brug \t", "/nieuws/brug"),
        ("/caf\x0bé", "/caf%C3%A9"),
    ],
)
def test_an_ampersand_or_entity_alters_no_address(written: str, meant: str) -> None:
    here = f"{SITE}{written}" if written.startswith("/") else written
    for found in (
        of_map(sitemap(here, TWO)),
        of_feed(linked(here, TWO)),
        of_feed(atom(f"<link>{here}</link>", f"<link href='{TWO}'/>")),
    ):
        assert found == [
            canonical_of(meant),
            TWO,
        ]


def canonical_of(path: str) -> str:
    (found,) = of_map(f"{SITE}{path}")  # a sitemap of lines has no entities at all
    return found


@pytest.mark.parametrize(
    "before",
    [
        "<br />\n<b>Warning</b>: include() failed in <b>index.php</b> on line 3<br />\n",
        "\n\n   ",
        "\ufeff\ufeff",
        "PHP Notice: Undefined index: id in /var/www/feed.php on line 12\n",
        "<!-- gemaakt door een plugin -->\n",
        "<pre>Deprecated: each() & meer</pre>",
    ],
)
def test_what_stands_before_the_list_hides_nothing(before: str) -> None:
    assert of_map(before + sitemap(ONE, TWO)) == [ONE, TWO]
    assert of_feed(before + linked(ONE, TWO)) == [ONE, TWO]
    assert of_feed(before + atom(f'<link href="{ONE}"/>')) == [ONE]


@pytest.mark.parametrize("kind", [of_map, of_feed])
@pytest.mark.parametrize(
    "text", [linked(ONE, TWO), atom(f'<link href="{ONE}"/>', f'<link href="{TWO}"/>'),
        sitemap(ONE, TWO)]
)  # fmt: skip
def test_a_list_is_read_as_what_it_is_whatever_it_was_called(kind: object, text: str) -> None:
    assert callable(kind)
    assert kind(text) == [ONE, TWO]


def gz(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


@pytest.mark.parametrize("text", [sitemap(ONE, TWO), linked(ONE, TWO)])
def test_compression_is_undone_however_it_was_done(text: str) -> None:
    half = len(text) // 2
    for body in (
        gz(text),
        gz(text) + b"\n<!-- 0,2 s -->",
        gz(text) + b"\x00" * 500,
        gz(text[:half]) + gz(text[half:]),
        gzip.compress(gz(text)),
        gzip.compress(gzip.compress(gz(text))),
        gz(text)[:-4],
        gz(text)[:-8],
        gz(text)[:-8] + b"abcdefgh",
    ):
        assert of_map(body) == [ONE, TWO]
        assert of_feed(body) == [ONE, TWO]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "latin-1"])
def test_encodings(encoding: str) -> None:
    label = "ISO-8859-1" if encoding == "latin-1" else "utf-16" if "16" in encoding else "UTF-8"
    for text, read in ((sitemap(f"{SITE}/café"), of_map), (linked(f"{SITE}/café"), of_feed)):
        body = text.replace("UTF-8", label).encode(encoding)
        assert read(body) == [f"{SITE}/caf%C3%A9"]


@pytest.mark.parametrize(
    "cut", ["/nieuws/brug-gaat-open</loc>", "-open</loc>", "open</link>", "</loc>", "</link>"]
)
def test_a_cut_end_costs_the_cut_entry_only(cut: str) -> None:
    for text, read in ((sitemap(ONE, TWO), of_map), (linked(ONE, TWO), of_feed)):
        place = text.rfind(cut)
        if place > 0:
            assert read(text[: place + 3]) == [ONE]
            assert read(text[: text.rfind("<url>")] if read is of_map
                else text[: text.rfind("<item>")]) == [ONE]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        f"{XML}<url><loc>{ONE}</loc></url><url><loc>{TWO}</loc></url>",
        f"<urlset><url><loc>{ONE}</loc><url><loc>{TWO}</loc></url></urlset>",
        f"<urlset><url><loc>{ONE}</loc></url><url><loc>http://[</loc></url><url><loc>"
        f"</loc></url><url><loc>{TWO}</loc></url></urlset>",
        f"<URLSET><URL><LOC>{ONE}</LOC></URL><URL><LOC>{TWO}</LOC></URL></URLSET>",
        f"<sm:urlset><sm:url><sm:loc>{ONE}</sm:loc></sm:url><sm:url><sm:loc>{TWO}"
        "</sm:loc></sm:url></sm:urlset>",
        f"<urlset><url><image:loc>{SITE}/a.jpg</image:loc><loc>{ONE}</loc></url><url>"
        f"<loc>{TWO}</loc><video:loc>/v</video:loc></url></urlset>",
        f"<urlset><url><loc>{ONE}</loc><lastmod>gisteren & "
        f"eerder</lastmod></url><url><loc>{TWO}</loc></url></urlset><p>na</p>",
    ],
)
def test_a_half_broken_sitemap_keeps_its_whole_entries(text: str) -> None:
    assert of_map(text) == [ONE, TWO]


BURNT = "http://feedproxy.example/~r/dorpsblad/~3/abc/"
SPACES = 'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'


@pytest.mark.parametrize(
    "item",
    [
        f"<link>{BURNT}</link><feedburner:origLink>{ONE}</feedburner:origLink>",
        f"<feedburner:origLink>{ONE}</feedburner:origLink><link>{BURNT}</link>",
        f"<link>{BURNT}</link><pheedo:origLink>{ONE}</pheedo:origLink>",
        f'<link>{BURNT}</link><guid isPermaLink="true">{ONE}</guid>',
        f"<link>{BURNT}</link><guid>{ONE}</guid>",
        f"<guid>{ONE}</guid>",
        f'<guid isPermaLink="false">{SITE}/?p=12</guid><link>{ONE}</link>',
        f"<guid>12345</guid><link>{ONE}</link>",
        f'<link/><guid isPermaLink="true">{ONE}</guid>',
        '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" '
        f'href="{SITE}/zelf"/><link>{ONE}</link>',
        f"<link>\n{ONE}\n</link>",
        "<link>../oude-kade-hersteld</link>",
    ],
)
def test_the_address_of_an_entry_is_that_of_its_page(item: str) -> None:
    for spaces in (SPACES, ""):  # a prefix that nobody declared is borne
        assert of_feed(rss(item, spaces=spaces)) == [ONE]


@pytest.mark.parametrize("item", ["<guid>12345</guid>",
    '<guid isPermaLink="false">https://dorpsblad.example/?p=1</guid>', "<link/>",
    f"<link>{BURNT}</link>", "<link>http://[</link>"])  # fmt: skip
def test_an_entry_without_a_page_of_the_site_names_none(item: str) -> None:
    assert of_feed(rss(item, f"<link>{TWO}</link>")) == [TWO]


@pytest.mark.parametrize(
    ("entry", "base"),
    [
        ('<link href="oude-kade-hersteld"/>', f'xml:base="{SITE}/nieuws/"'),
        ('<link href="oude-kade-hersteld"/>', 'xml:base="/nieuws/"'),
        ('<link xml:base="/nieuws/" href="oude-kade-hersteld"/>', f'xml:base="{SITE}/ander/"'),
        ('<link href="oude-kade-hersteld"/>', 'xml:base="http://["'),
        ('<link href="/nieuws/oude-kade-hersteld"/>', ""),
        ('<link rel="alternate" type="application/json" '
'href="/wp-json/wp/v2/posts/1"/><link href="/nieuws/oude-kade-hersteld"/>', ""),
        ('<link rel="enclosure" href="/a.mp3"/><link rel="alternate" type="text/html; '
'charset=utf-8" href="/nieuws/oude-kade-hersteld"/>', ""),
        ('<link rel="replies" href="/r"/><link rel="edit" '
'href="/e"/><id>https://dorpsblad.example/nieuws/oude-kade-hersteld</id>', ""),
        ('<id>tag:dorpsblad.example,2014:1</id><link href="/nieuws/oude-kade-hersteld"/>', ""),
    ],
)  # fmt: skip
def test_an_atom_entry_names_its_page_from_its_base(entry: str, base: str) -> None:
    url = FEED.replace("feed/", "") if "[" in base else FEED
    assert of_feed(atom(entry, base=base), url) == [ONE]


def test_entities_that_are_declared_are_refused_wherever_they_stand() -> None:
    bomb = '<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>'
    for text in (f"{bomb}<urlset/>", f"<!--{'x' * 6000}-->{bomb}<urlset/>"):
        with pytest.raises(BadSitemap, match="entities"):
            of_map(f"{XML}{text}")
        with pytest.raises(BadFeed, match="entities"):
            of_feed(f"{XML}{text}".encode("utf-16"))


def test_an_article_about_entities_is_no_bomb() -> None:
    text = (
        f"<link>{ONE}</link><description><![CDATA[Zo doe je dat: <!ENTITY a 'b'>]]></description>"
    )
    assert of_feed(rss(text)) == [ONE]


def test_an_index_within_an_index_is_read_last_and_bounded() -> None:
    inner = "".join(f"<sitemap><loc>{SITE}/kaart-{n}.xml</loc></sitemap>" for n in range(3000))
    body = f"<sitemapindex>{inner}</sitemapindex>".encode()
    first = candidates_from_sitemap(body, MAP, 0)
    nested = candidates_from_sitemap(body, MAP, 1)
    article = candidates_from_sitemap(sitemap(ONE).encode(), MAP, 1)
    assert (len(first), len(nested)) == (3000, 1000)
    assert max(c.priority for c in first) < article[0].priority < min(c.priority for c in nested)
    assert candidates_from_sitemap(body, MAP, 3) == ()


@settings(deadline=None, max_examples=150)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(
    lambda text: text.encode("utf-8", "surrogatepass"))))  # fmt: skip
def test_any_list_is_read_or_refused(body: bytes) -> None:
    for begin in (
        b"",
        b"\x1f\x8b",
        XML.encode(),
        b"<rss><channel><item><link>",
        b"<urlset><url><loc>",
        b"<feed xml:base='",
    ):
        for read, refusal in ((of_map, BadSitemap), (of_feed, BadFeed)):
            try:
                read(begin + body)
            except refusal:
                continue
