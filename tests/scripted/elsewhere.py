"""The edge of the machine for tests: what is asked of some hosts of the web goes to stand-ins on
loopback, and is kept as if the host itself had answered.
"""

import os
from dataclasses import replace
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler, load_object

from crawler import settings
from storage.records import Exchange

VARIABLE = "KNIPSEL_TEST_ELSEWHERE"  # "host=http://127.0.0.1:port" for each, with blanks between
SETTING = 'DOWNLOAD_HANDLERS={"https": "tests.scripted.elsewhere.Elsewhere"}'


class Elsewhere:
    """Downloads with the handler of every crawl."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        handler = load_object(str(settings.DOWNLOAD_HANDLERS["https"]))
        self._handler: Any = build_from_crawler(handler, crawler)
        stated = os.environ[VARIABLE].split()
        self._stand_ins = dict(one.split("=", 1) for one in stated)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        base = self._stand_ins[parts.netloc]
        there = request.replace(url=f"{base}{parts.path}?{parts.query}")
        response: Response = await self._handler.download_request(there)
        for name, value in there.meta.items():
            is_kept = isinstance(value, Exchange)
            request.meta[name] = replace(value, url=request.url) if is_kept else value
        return response.replace(url=request.url)

    async def close(self) -> None:
        await self._handler.close()
