"""A crawl of a site with nothing but Scrapy, for crawl_cost.py: each page becomes a file.

python benchmarks/bare_crawl.py SITE_URL FOLDER
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Request, Response, TextResponse
from scrapy.linkextractors import LinkExtractor


class BareSpider(scrapy.Spider):
    """Follows all links of a site and writes each page, under a line with its address."""

    name = "bare"

    def __init__(self, site: str, folder: str) -> None:
        super().__init__()
        self.start_urls = [site]
        self.folder = Path(folder)
        self.links = LinkExtractor(allow=f"^{site}")
        self.pages = 0

    def parse(self, response: Response) -> Iterator[Request]:
        """Write the page and follow its links."""
        if not isinstance(response, TextResponse):
            return
        self.pages += 1
        file = self.folder / f"{self.pages}.page"
        file.write_bytes(response.url.encode() + b"\n" + response.body)
        yield from response.follow_all(self.links.extract_links(response))


if __name__ == "__main__":
    process = CrawlerProcess({"LOG_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 16})
    process.crawl(BareSpider, site=sys.argv[1], folder=sys.argv[2])
    process.start()
