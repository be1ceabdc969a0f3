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
from any_text import ADDRESS, BYTES, JSON, OBJECTS, PAGES, TEXT, VALUES, between
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
    read_description,
    read_headline,
    read_languages,
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
    between("<urlset><url><loc>", "</loc></url>"),
    between("<urlset><url><loc>https://sluisbode.nl/a</loc><lastmod>", "</lastmod></url></urlset>"),
    between("<rss><channel><item><link>", "</link></item></channel></rss>"),
    between(
        "<rss><channel><item><link>https://sluisbode.nl/a</link><pubDate>",
        "</pubDate></item></channel></rss>",
    ),
    between("<feed><entry><link href='", "'/></entry></feed>"),
    between(
        '<rss xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><item><link>https://sluisbode.nl/a</link><slash:comments>',
        "</slash:comments></item></channel></rss>",
    ),
)
HEADERS = st.one_of(
    BYTES,
    between("HTTP/1.1 200 OK\r\nContent-Encoding: ", "\r\n\r\nx"),
    between("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "\r\n"),
    between("HTTP/1.1 ", " OK\r\n\r\n"),
)
CASES = {
    "canonical": Outside(canonical, (ADDRESS, ADDRESS), (BadAddress,)),
    "canonical alone": Outside(canonical, (ADDRESS,), (BadAddress,)),
    **{
        one.__name__: Outside(one, (ADDRESS,))
        for one in (
            site_of,
            site_named,
            variant_key,
            is_comment_page,
            first_comment_page,
            why_unfollowed,
            is_consent_address,
            page_number,
            page_of,
            spellings,
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
        for one in (
            mask_contacts,
            without_addresses,
            read_count,
            is_thread_heading,
            is_other_heading,
            is_form_heading,
        )
    },
    "read_hours": Outside(read_hours, (TEXT,), (BadHours,)),
    "parse_date": Outside(parse_date, (TEXT,), named={"reference": NOW}),
    "parse_page_date": Outside(
        parse_page_date,
        (TEXT,),
        named={"reference": NOW, "language": st.sampled_from(["nl", "de", "pl", "²", "", None])},
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
    "robots": Outside(
        _robots,
        (
            st.one_of(
                BYTES,
                between("User-agent: *\nDisallow: ", ""),
                between("Sitemap: ", ""),
                between("User-agent: *\nCrawl-delay: ", ""),
            ),
            ADDRESS,
        ),
    ),
    "unpack": Outside(
        unpack, (st.one_of(BYTES, BYTES.map(lambda body: b"\x1f\x8b" + body)),), (BadSitemap,)
    ),
    "sitemap": Outside(candidates_from_sitemap, (XML, st.just(URL), st.just(0)), (BadSitemap,)),
    "feed": Outside(candidates_from_feed, (XML, st.just(URL), st.just(0)), (BadFeed,)),
    **{
        one.__name__: Outside(
            one,
            (
                st.one_of(JSON, VALUES.map(lambda data: json.dumps([data] * 100).encode()), XML),
                LAST,
                st.just(0),
            ),
            (BadListing,),
        )
        for one in (candidates_from_changes, candidates_from_posts, candidates_from_comments)
    },
    "read_source": Outside(read_source, (st.one_of(JSON, XML), st.just(NOW)), (BadSource,)),
    "parse_answer": Outside(parse_answer, (HEADERS,), (BadAnswer,)),
    "decode_body": Outside(
        decode_body,
        (PAGES, st.one_of(st.none(), TEXT.map(lambda said: f"text/html; charset={said}"))),
    ),
    "extract": Outside(
        lambda body, kind: extract(Page(url=URL, body=body, fetched_at=NOW, content_type=kind)),
        (PAGES, st.one_of(st.none(), TEXT)),
        (NotAnArticle,),
    ),
}


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
    "canonical": lambda document: document.canonical,
    **{
        one.__name__: one
        for one in (
            read_thread,
            article_object,
            refresh_target,
            read_description,
            read_headline,
            stated_titles,
            from_document,
            check_walls,
            check_declared,
        )
    },
    "read_languages": lambda document: read_languages(document, "een tekst"),
    "access_of": lambda document: access_of(document, "een tekst"),
    "check_kind": lambda document: check_kind(document, "Een brug", ()),
    "is_topic_list": lambda document: is_topic_list(document.tree, document.url),
    "find_sources": lambda document: find_sources(document.tree, document.url),
    "find_body_pages": lambda document: find_body_pages(document, frozenset()),
    "find_container": lambda document: find_container(document.tree, frozenset(), None),
    "find_furniture": lambda document: find_furniture(document.tree),
    "author_url": lambda document: author_url(document.tree, document.url),
    "block_text": lambda document: block_text(document.tree),
    "leaf_blocks": partial(_iterated, leaf_blocks),
    "candidates_from_page": lambda document: candidates_from_page(document, 0),
}


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
