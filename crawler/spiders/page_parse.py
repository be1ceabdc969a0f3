"""A spider's own word on one page: its rules, and what its parse yields."""

import asyncio
import inspect
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

from scrapy import Request
from scrapy.http import Response
from scrapy.spiders import Rule
from scrapy.utils.misc import arg_to_iter

from crawler.downloader import header
from crawler.extraction import PageReading
from storage.records import Article, Candidate, Lease, Page
from storage.urls import BadAddress, canonical, same_site

logger = logging.getLogger(__name__)

READING = "knipsel_reading"  # of a request: how the pool read the page of its answer


class ParsingSpider(Protocol):
    """A spider as far as one page is concerned."""

    name: str
    site: str
    rules: Sequence[Rule]

    def parse(self, response: Response) -> Any:
        """Yield what a page is."""


class BadRule(ValueError):
    """Raised for a rule that cannot be followed; its text says why."""


async def read_page(response: Response) -> Article | None:
    """Return the article on the page of *response*: as the pool read it, where a run did; else
    read here. None where there is none.
    """
    reading: PageReading | None = response.meta.get(READING)
    if reading is not None:
        return reading.article
    page = Page(
        url=response.url,
        body=response.body,
        fetched_at=datetime.now(UTC),
        content_type=header(response, "Content-Type"),
        status=response.status,
    )
    return await asyncio.to_thread(_extracted, page)


def _extracted(page: Page) -> Article | None:
    from pipelines.article import NotAnArticle, extract  # noqa: PLC0415  # all readers

    try:
        return extract(page)
    except NotAnArticle:
        return None


class PageParse:
    """What the rules and the parse of *spider* make of a leased page; *items* are those of its own
    that are no article of ours.
    """

    def __init__(self, spider: ParsingSpider, lease: Lease) -> None:
        self.items: list[Any] = []
        self._spider = spider
        self._lease = lease

    async def __call__(self, response: Response, reading: PageReading) -> PageReading:
        """Return *reading* as the spider has it: another article or none, the addresses that its
        rules allow, and those that it asks for.

        Raises ValueError where parse yields several articles of the page, and what parse raises.
        """
        allowed = tuple(found for found in reading.candidates if self._is_wanted(found))
        if self._lease.kind != "page":
            return replace(reading, candidates=allowed)
        rule = rule_of(response.url, self._spider.rules)
        if rule is not None and not rule.follow:
            allowed = ()
        asked, article = await self._parse(response, reading, rule)
        reading = replace(reading, candidates=(*allowed, *asked))
        if article is None and reading.article is not None:
            detail = "The spider's own parse yields no article of it."
            return replace(reading, article=None, outcome="not_wanted", detail=detail)
        if article is not None and reading.article is None:
            return replace(reading, article=article, outcome="article", detail=None)
        return replace(reading, article=article)

    def _is_wanted(self, found: Candidate) -> bool:
        """Return whether the rules allow an address; lists are read whatever they say."""
        if found.kind != "page" or not self._spider.rules:
            return True
        return rule_of(found.url, self._spider.rules) is not None

    async def _parse(
        self, response: Response, reading: PageReading, rule: Rule | None
    ) -> tuple[list[Candidate], Article | None]:
        response.meta[READING] = reading
        articles: list[Article] = []
        asked: list[Candidate] = []
        try:
            async for one in results(self._callback(rule)(response)):
                if isinstance(one, Article):
                    articles.append(one)
                elif isinstance(one, Request):
                    asked += self._candidates(one)
                else:
                    self.items.append(one)
            if len(articles) > 1:
                raise ValueError(
                    f"The parse of {self._spider.name} yields {len(articles)} articles of one page."
                )
        except Exception:
            # the visit keeps the sentence; whoever wrote the parse needs the place
            logger.exception("The own parse of %s failed.", self._spider.name)
            raise
        return asked, articles[0] if articles else None

    def _callback(self, rule: Rule | None) -> Any:
        callback = rule.callback if rule is not None else None
        if callback is None:
            return self._spider.parse
        return getattr(self._spider, callback) if isinstance(callback, str) else callback

    def _candidates(self, request: Request) -> list[Candidate]:
        try:
            url = canonical(request.url)
        except BadAddress:
            return []
        depth = self._lease.depth + 1
        found = Candidate(url=url, found_how="link", found_on=self._lease.url, depth=depth)
        return [found] if same_site(url, self._spider.site) else []


def rule_of(url: str, rules: Sequence[Rule]) -> Rule | None:
    """Return the first of *rules* that allows *url*, None without one."""
    return next((rule for rule in rules if rule.link_extractor.matches(url)), None)


def check_rules(spider: type[Any], rules: Sequence[Rule]) -> None:
    """Raise BadRule for a rule that asks for a place on a page, which a sitemap's address has not,
    or for a callback that *spider* lacks.
    """
    for rule in rules:
        if rule.link_extractor.restrict_xpaths:
            raise BadRule("A rule's link extractor may say allow and deny, not where a link is.")
        if isinstance(rule.callback, str) and not hasattr(spider, rule.callback):
            raise BadRule(f"A rule names the callback {rule.callback!r}, which the spider lacks.")


async def results(output: Any) -> AsyncIterator[Any]:
    """Yield what a callback answers, whatever kind of function it is."""
    if inspect.isawaitable(output):
        output = await output
    if hasattr(output, "__aiter__"):
        async for one in output:
            yield one
    else:
        for one in arg_to_iter(output):
            yield one
