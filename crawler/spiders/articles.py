"""The spider of every site that has none of its own, and which spider a site has."""

from scrapy.spiderloader import SpiderLoaderProtocol

from crawler.spiders.spider import KnipselSpider
from storage.urls import site_named


class ArticlesSpider(KnipselSpider):
    """Crawls any site; docs/running.md lists the arguments that a user gives."""

    name = "articles"


def spider_of(site: str, spiders: SpiderLoaderProtocol) -> str:
    """Return the name of the spider whose own *site* is: the first by name, else "articles"."""
    for name in sorted(spiders.list()):
        spider = spiders.load(name)
        if not issubclass(spider, KnipselSpider) or not spider.site:
            continue
        if site_named(spider.site) == site_named(site):
            return name
    return ArticlesSpider.name
