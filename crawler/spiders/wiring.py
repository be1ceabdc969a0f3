"""What a crawl of Knipsel's is made of, beside what all spiders have (crawler/settings.py)."""

from collections.abc import Mapping
from typing import Any

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from crawler import settings as project

# Mixed into the user's own of the same setting; None takes one out.
COMPONENTS: Mapping[str, Mapping[str, int | None]] = {
    "DOWNLOADER_MIDDLEWARES": {
        "crawler.politeness.middleware.Politeness": 100,
        "crawler.downloader.encoding.ContentEncoding": 590,
    },
    "ITEM_PIPELINES": {"pipelines.items.StoreVisit": 200},
    "EXTENSIONS": {
        "crawler.extensions.live_progress.CrawlProgress": 100,
        "crawler.extensions.shutdown.Stopping": 200,
        "crawler.extensions.figures.Figures": 300,
    },
    "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
}
# A visit keeps its own cookies (crawler.crawl.trail). Where DOWNLOADER_MIDDLEWARES took this one
# out, Scrapy would load it first, with libraries that every start would wait for.
COOKIES = "scrapy.downloadermiddlewares.cookies.CookiesMiddleware"
# Ours instead of Scrapy's: robots by RFC 9309 (crawler.politeness), redirects and retries as
# outcomes (crawler.crawl).
INSTEAD = {
    "ROBOTSTXT_OBEY": False,
    "REDIRECT_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "RETRY_ENABLED": False,
    "REFERER_ENABLED": False,
    "COMPRESSION_ENABLED": False,  # ContentEncoding unpacks
}


def wire(settings: BaseSettings) -> None:
    """Mix our components into those of *settings*, where the user's own word counts, and put our
    ways in the place of Scrapy's, unless the command line says otherwise.
    """
    spider = SETTINGS_PRIORITIES["spider"]
    for name, components in COMPONENTS.items():
        ours = {**getattr(project, name, {}), **components}
        mixed: dict[str, Any] = {**ours, **settings.getdict(name)}
        settings.set(name, mixed, max(spider, settings.getpriority(name) or 0))
    settings.setdict(INSTEAD, spider)
    theirs = settings.getdict("DOWNLOADER_MIDDLEWARES_BASE")
    kept = {path: order for path, order in theirs.items() if path != COOKIES}
    settings.set("DOWNLOADER_MIDDLEWARES_BASE", kept, spider)
