"""Whatever a site answers, a function that takes its bytes or text raises nothing but its
documented error.

One table names each function that takes bytes or text from outside with its arguments and the one
error it may raise. A new one gets its line here.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scrapy.http import Response

from crawler.discovery import (
    BadFeed,
    BadListing,
    BadSitemap,
    TrapWatch,
    candidates_from_changes,
    candidates_from_comments,
    candidates_from_feed,
    candidates_from_page,
    candidates_from_posts,
    candidates_from_sitemap,
    lists_of,
    unpack,
)
from crawler.downloader import header, retry_after
from crawler.politeness import BadHours, Robots, read_hours
from pipelines.article import NotAnArticle, extract
from pipelines.comments import (
    BadSource,
    absolute,
    author_url,
    find_sources,
    is_thread_heading,
    next_address,
    plain_text,
    read_count,
    read_source,
    read_thread,
)
from pipelines.content import (
    find_body_pages,
    find_container,
    find_furniture,
    page_number,
)
from pipelines.dates import Reference, is_month_first, parse_date, parse_page_date, read_date
from pipelines.document import (
    Document,
    Unreadable,
    article_object,
    block_text,
    decode_body,
    is_form_heading,
    is_other_heading,
    leaf_blocks,
    open_document,
    refresh_target,
    stated_text,
    types_of,
)
from pipelines.metadata import (
    read_canonical,
    read_description,
    read_headline,
    read_language,
    stated_titles,
)
from pipelines.page_kind import (
    access_of,
    check_declared,
    check_kind,
    check_walls,
    is_consent_address,
    is_topic_list,
    leads_elsewhere,
    target,
)
from pipelines.snapshots import page_of, spellings
from pipelines.tdm import from_document, from_header, from_rules, read_rules
from storage.contacts import mask_contacts, without_addresses
from storage.records import Page
from storage.urls import (
    BadAddress,
    at_host_of,
    canonical,
    first_comment_page,
    is_comment_page,
    is_way_to,
    same_site,
    site_named,
    site_of,
    variant_key,
    why_unfollowed,
)
from storage.warc import BadAnswer, parse_answer

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
URL = "https://sluisbode.nl/2014/05/een-brug/"
ANY_INPUT = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)

# Halves and extremes of all that readers look for; text is made of these and of any characters.
PIECES = (
    "²", "٣", "9" * 5000, "-1", "1e999", "NaN", "3000 jaar geleden", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "31-02-2013", "5/13/2014", "gisteren", "vor 3 Tagen", "vrijdag 1 januari", "http://",
    "https://[", "http://[::1", "//", ":99999999", "@",
    "?a=1&a=1", "&" * 250, "%", "%zz", "%00", "#", "\x00", "\ud83d", "\udfff", "\u202e", "\ufeff",
    "İ", "é", "xn--é", "\\", "..", "/2014/", "/page/2",
    "<", ">", "<!--", "]]>", "<![CDATA[", "&#xd800;", "&amp;", "{", "}", "[", "]", '"', "'", "null",
    "reacties", "Reageer", "(", ")", "1.234", "\n", "\t", " ",
)  # fmt: skip
TEXT = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.text(st.characters(), max_size=60),
    st.text(st.sampled_from(" 0123456789-/.:,²abcdemnruvjg'’()€%+"), max_size=40),
)
ADDRESS = st.tuples(
    st.sampled_from(["", "http://", "https://sluisbode.nl/", "//", "javascript:", "/", "?"]), TEXT
).map("".join)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


BYTES = st.one_of(st.binary(max_size=200), TEXT.map(_encoded))


def _between(
    before: str, after: str, text: st.SearchStrategy[str] = TEXT
) -> st.SearchStrategy[bytes]:
    return text.map(lambda said: _encoded(f"{before}{said}{after}"))


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        TEXT.map(lambda said: said.replace("\x00", "")),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                "@type @id @graph @value @list author name text comment comments "
                "datePublished dateCreated headline commentCount "
                "articleBody url mainEntity mainEntityOfPage keywords articleSection "
                "link rendered id post parent content "
                "modified_gmt date_gmt entry feed title location tdm-reservation "
                "suggestedAnswer parentItem".split()
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=12,
)
JSON = VALUES.map(lambda data: json.dumps(data).encode())
OBJECTS = st.tuples(
    st.sampled_from(
        ["NewsArticle", "DiscussionForumPosting", "QAPage", "Comment", "WebPage", "BlogPosting"]
    ),
    VALUES,
).map(lambda pair: {**(pair[1] if isinstance(pair[1], dict) else {}), "@type": pair[0]})


def _page(parts: tuple[dict[str, Any], list[str], str]) -> bytes:
    stated, said, cut = parts
    text = "".join(
        f"<div class='comment' id='comment-{place}'><b class='author'>{one}</b> <time "
        f"datetime='{one}'>{one}</time>"
        f"<a href='{one}'>{one}</a><p>{one} De brug gaat morgen open voor verkeer.</p></div>"
        for place, one in enumerate(said)
    )
    return _encoded(
        f"<html lang='{cut}'><head><title>{cut}</title><base href='{cut}'><meta "
        f"property='article:published_time' content='{cut}'>"
        f"<link rel='canonical' href='{cut}'><script "
        f"type='application/ld+json'>{json.dumps(stated)}</script></head><body>"
        f"<h1>Een brug {cut}</h1><p class='byline'>Door {cut} op "
        f"{cut}</p><article><p>De brug gaat open. {cut} En weer dicht.</p></article>"
        f"<h3>{cut} reacties</h3>{text}<a rel='next' href='{cut}'>2</a>"
    )


PAGES = st.one_of(
    BYTES,
    st.tuples(OBJECTS, st.lists(TEXT, max_size=4), TEXT).map(_page),
    _between("<html><body><p>", ""),
)


@dataclass(frozen=True)
class Outside:
    """A function that takes what comes from outside: its arguments, and the error that it
    documents.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    error: tuple[type[Exception], ...] = ()
    named: dict[str, Any] = field(default_factory=dict)


def _robots(body: bytes, url: str) -> None:
    rules = Robots.from_answer(200, body, "https://sluisbode.nl/robots.txt")
    rules.allows(url, "Knipsel/0.1")
    rules.crawl_delay("Knipsel/0.1")


def _retry_after(value: bytes) -> None:
    response = Response("https://sluisbode.nl/", headers={b"Retry-After": value})
    retry_after(response)
    header(response, "Retry-After")


def _trap(url: str, other: str) -> None:
    watch = TrapWatch(3)
    watch.note(url, is_article=False, found=[other])
    watch.is_trap(url)


def _rules(body: bytes, url: str) -> None:
    from_rules(read_rules(body), url)


LAST = st.sampled_from(
    [
        URL,
        "https://sluisbode.nl/wp-json/wp/v2/posts?page=²",
        "https://sluisbode.nl/?rest_route=/wp/v2/comments",
    ]
)
XML = st.one_of(
    BYTES,
    _between("<urlset><url><loc>", "</loc></url>"),
    _between("<urlset><url><loc>https://sluisbode.nl/a</loc><lastmod>",
        "</lastmod></url></urlset>"),
    _between("<rss><channel><item><link>", "</link></item></channel></rss>"),
    _between("<rss><channel><item><link>https://sluisbode.nl/a</link><pubDate>",
        "</pubDate></item></channel></rss>"),
    _between("<feed><entry><link href='", "'/></entry></feed>"),
    _between(
        '<rss xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><item>'
'<link>https://sluisbode.nl/a</link><slash:comments>',
        "</slash:comments></item></channel></rss>",
    ),
)  # fmt: skip
HEADERS = st.one_of(
    BYTES,
    _between("HTTP/1.1 200 OK\r\nContent-Encoding: ", "\r\n\r\nx"),
    _between("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "\r\n"),
    _between("HTTP/1.1 ", " OK\r\n\r\n"),
)
CASES = {
    "canonical": Outside(canonical, (ADDRESS, ADDRESS), (BadAddress,)),
    "canonical alone": Outside(canonical, (ADDRESS,), (BadAddress,)),
    **{
        one.__name__: Outside(one, (ADDRESS,))
        for one in (
            site_of, site_named, variant_key, is_comment_page, first_comment_page, why_unfollowed,
            is_consent_address, page_number,
            page_of, spellings,
        )
    },
    **{
        one.__name__: Outside(one, (ADDRESS, ADDRESS))
        for one in (is_way_to, same_site, at_host_of, leads_elsewhere, target, absolute)
    },
    "next_address": Outside(next_address, (ADDRESS, st.integers(1, 99))),
    "lists_of": Outside(lists_of, (ADDRESS,), (BadAddress,)),
    "traps": Outside(_trap, (ADDRESS, ADDRESS)),
    **{
        one.__name__: Outside(one, (TEXT,))
        for one in (mask_contacts, without_addresses, read_count, is_thread_heading,
            is_other_heading, is_form_heading)
    },
    "read_hours": Outside(read_hours, (TEXT,), (BadHours,)),
    "parse_date": Outside(parse_date, (TEXT,), named={"reference": NOW}),
    "parse_page_date": Outside(
        parse_page_date, (TEXT,), named={"reference": NOW,
            "language": st.sampled_from(["nl", "de", "pl", "²", "", None])}
    ),
    "read_date": Outside(
        lambda text, language, first: read_date(text, Reference(NOW, language, first)),
        (TEXT, st.sampled_from(["nl", "fr", "es", "en-US", "\x00", None]), st.booleans()),
    ),
    "is_month_first": Outside(is_month_first, (st.lists(TEXT, max_size=4), TEXT, st.just(NOW))),
    "tdm header": Outside(from_header, (TEXT, TEXT)),
    "tdm rules": Outside(_rules, (st.one_of(BYTES, JSON), ADDRESS)),
    "stated_text": Outside(stated_text, (VALUES,)),
    "plain_text": Outside(plain_text, (VALUES,)),
    "types_of": Outside(types_of, (OBJECTS,)),
    "retry_after": Outside(_retry_after, (BYTES,)),
    "robots": Outside(_robots, (st.one_of(BYTES, _between("User-agent: *\nDisallow: ", ""),
        _between("Sitemap: ", ""), _between("User-agent: *\nCrawl-delay: ", "")), ADDRESS)),
    "unpack": Outside(unpack, (st.one_of(BYTES, BYTES.map(lambda body: b"\x1f\x8b" + body)),),
        (BadSitemap,)),
    "sitemap": Outside(candidates_from_sitemap, (XML, st.just(URL), st.just(0)), (BadSitemap,)),
    "feed": Outside(candidates_from_feed, (XML, st.just(URL), st.just(0)), (BadFeed,)),
    **{
        one.__name__: Outside(one, (st.one_of(JSON,
            VALUES.map(lambda data: json.dumps([data] * 100).encode()), XML), LAST, st.just(0)),
            (BadListing,))
        for one in (candidates_from_changes, candidates_from_posts, candidates_from_comments)
    },
    "read_source": Outside(read_source, (st.one_of(JSON, XML), st.just(NOW)), (BadSource,)),
    "parse_answer": Outside(parse_answer, (HEADERS,), (BadAnswer,)),
    "decode_body": Outside(decode_body, (PAGES,
        st.one_of(st.none(), TEXT.map(lambda said: f"text/html; charset={said}")))),
    "extract": Outside(
        lambda body, kind: extract(Page(url=URL, body=body, fetched_at=NOW, content_type=kind)),
        (PAGES, st.one_of(st.none(), TEXT)),
        (NotAnArticle,),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_nothing_but_the_documented_error_is_raised(name: str) -> None:
    case = CASES[name]
    named = {
        key: value if isinstance(value, st.SearchStrategy) else st.just(value)
        for key, value in case.named.items()
    }

    @given(arguments=st.tuples(*case.arguments), named=st.fixed_dictionaries(named))
    @ANY_INPUT
    def call(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        with suppress(*case.error):
            case.function(*arguments, **named)

    call()


def _iterated(function: Callable[..., Any], document: Document) -> None:
    list(function(document.tree))


READERS: dict[str, Callable[[Document], Any]] = {
    **{
        one.__name__: one
        for one in (
            read_thread, article_object, refresh_target, read_canonical, read_description,
            read_headline, stated_titles,
            from_document, check_walls, check_declared,
        )
    },
    "read_language": lambda document: read_language(document, "een tekst"),
    "access_of": lambda document: access_of(document, "een tekst"),
    "check_kind": lambda document: check_kind(document, "Een brug", has_thread=False),
    "is_topic_list": lambda document: is_topic_list(document.tree, document.url),
    "find_sources": lambda document: find_sources(document.tree, document.url),
    "find_body_pages": lambda document: find_body_pages(document, frozenset()),
    "find_container": lambda document: find_container(document.tree, frozenset()),
    "find_furniture": lambda document: find_furniture(document.tree),
    "author_url": lambda document: author_url(document.tree, document.url),
    "block_text": lambda document: block_text(document.tree),
    "leaf_blocks": partial(_iterated, leaf_blocks),
    "candidates_from_page": lambda document: candidates_from_page(document, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_no_page_makes_a_reader_raise(name: str) -> None:
    @given(body=PAGES)
    @ANY_INPUT
    def call(body: bytes) -> None:
        try:
            document = open_document(Page(url=URL, body=body, fetched_at=NOW))
        except Unreadable:
            return
        try:
            READERS[name](document)
        except NotAnArticle:
            assert name.startswith("check_")

    call()
