"""A spider's own word on one page: rules, and every kind of function that a parse may be."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import Rule

from crawler.extraction import PageReading
from crawler.spiders.page_parse import BadRule, PageParse, check_rules, read_page
from storage.records import Article, Candidate, Lease

SITE = "https://www.dorpsblad.example/"
URL = f"{SITE}nieuws/brug/"
READ = Article(url=URL, headline="De brug", article_body="De brug is open.")
LINKS = (
    Candidate(url=f"{SITE}nieuws/sluis/"),
    Candidate(url=f"{SITE}sport/korfbal/"),
    Candidate(url=f"{SITE}sitemap.xml", kind="sitemap"),
)


class Spider:
    """What a parse needs of a spider; it takes the page as it was read."""

    name = "dorpsblad"
    site = SITE
    rules: Sequence[Rule] = ()

    async def parse(self, response: Response) -> AsyncIterator[Any]:
        article = await read_page(response)
        if article is not None:
            yield article


def parsed(
    spider: Any, reading: PageReading, kind: str = "page", url: str = URL
) -> tuple[PageReading, list[Any]]:
    """Return what *spider* makes of a page, and its own items."""
    lease = Lease(page_id=1, url=url, kind=kind, depth=1, attempts=0)
    response = HtmlResponse(url, body=b"<h1>De brug</h1>", request=Request(url))
    parse = PageParse(spider, lease)
    return asyncio.run(parse(response, reading)), parse.items


def test_without_a_word_of_the_spider_s_a_page_stays_as_it_was_read() -> None:
    reading = PageReading(article=READ, candidates=LINKS)
    assert parsed(Spider(), reading) == (reading, [])
    refused = PageReading(outcome="listing", candidates=LINKS)
    assert parsed(Spider(), refused) == (refused, [])


def generator(_spider: Any, _response: Response) -> Iterator[Any]:
    yield replace(READ, article_section="Dorp")
    yield {"seen": URL}


async def async_generator(_spider: Any, response: Response) -> AsyncIterator[Any]:
    article = await read_page(response)
    assert article is not None
    yield replace(article, article_section="Dorp")
    yield {"seen": response.url}


async def coroutine(_spider: Any, _response: Response) -> list[Any]:
    return [replace(READ, article_section="Dorp"), {"seen": URL}]


def plain_list(_spider: Any, _response: Response) -> list[Any]:
    return [replace(READ, article_section="Dorp"), {"seen": URL}]


@pytest.mark.parametrize("parse", [generator, async_generator, coroutine, plain_list])
def test_a_parse_may_be_any_kind_of_function(parse: Any) -> None:
    spider = type("Own", (Spider,), {"parse": parse})()
    reading, items = parsed(spider, PageReading(article=READ, candidates=LINKS))
    assert reading.article is not None
    assert (reading.article.article_section, reading.outcome) == ("Dorp", "article")
    assert reading.candidates == LINKS
    assert items == [{"seen": URL}]


def test_a_single_article_may_be_returned_and_a_page_that_was_refused_becomes_one() -> None:
    spider = type("Own", (Spider,), {"parse": lambda _spider, _response: READ})()
    reading, _items = parsed(spider, PageReading(outcome="no_text", detail="No text."))
    assert (reading.article, reading.outcome, reading.detail) == (READ, "article", None)


def test_a_page_of_which_parse_yields_nothing_is_not_wanted() -> None:
    spider = type("Own", (Spider,), {"parse": lambda _spider, _response: None})()
    reading, _items = parsed(spider, PageReading(article=READ))
    assert (reading.article, reading.outcome) == (None, "not_wanted")


def test_several_articles_of_one_page_are_a_fault_that_is_named() -> None:
    spider = type("Own", (Spider,), {"parse": lambda _spider, _response: [READ, READ]})()
    with pytest.raises(ValueError, match="dorpsblad yields 2 articles of one page"):
        parsed(spider, PageReading(article=READ))


def test_requests_become_pages_of_the_site_and_of_no_other() -> None:
    asked = [Request(f"{SITE}archief/1999/"), Request("https://elders.example/")]
    spider = type("Own", (Spider,), {"parse": lambda _spider, _response: asked})()
    reading, _items = parsed(spider, PageReading(outcome="listing"))
    assert [one.url for one in reading.candidates] == [f"{SITE}archief/1999/"]
    assert reading.candidates[0].depth == 2


class Ruled(Spider):
    """Follows news only; what is under /oud/ is read, its links are not followed."""

    rules: ClassVar[Sequence[Rule]] = (
        Rule(LinkExtractor(allow=r"/nieuws/", deny=r"/nieuws/weer/")),
        Rule(LinkExtractor(allow=r"/oud/"), callback="parse_old"),
    )

    def parse_old(self, _response: Response) -> Article:
        return replace(READ, article_section="Archief")


@pytest.mark.parametrize(
    ("url", "follows"),
    [
        (f"{SITE}nieuws/sluis/", True),
        (f"{SITE}nieuws/weer/", False),
        (f"{SITE}sport/korfbal/", False),
        (f"{SITE}oud/1999/", True),
    ],
)
@pytest.mark.parametrize("kind", ["page", "sitemap"])
def test_rules_say_which_addresses_are_followed_wherever_they_are_named(
    url: str, follows: bool, kind: str
) -> None:
    reading, _items = parsed(
        Ruled(), PageReading(outcome=kind, candidates=(Candidate(url=url), LINKS[2])), kind
    )
    assert (url in {one.url for one in reading.candidates}) == follows
    assert LINKS[2] in reading.candidates, "lists are read whatever the rules say"


def test_a_rule_s_callback_reads_its_pages_and_does_not_follow() -> None:
    reading, _items = parsed(
        Ruled(), PageReading(article=READ, candidates=LINKS), url=f"{SITE}oud/1999/"
    )
    assert reading.article is not None
    assert (reading.article.article_section, reading.candidates) == ("Archief", ())


@pytest.mark.parametrize(
    "rule",
    [
        Rule(LinkExtractor(restrict_css="nav")),
        Rule(LinkExtractor(restrict_xpaths="//nav")),
        Rule(LinkExtractor(), callback="parse_nothing"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(rule: Rule) -> None:
    check_rules(Ruled, Ruled.rules)
    with pytest.raises(BadRule):
        check_rules(Ruled, [rule])
