"""Content encodings of answers, undone as forgivingly as those of captures are: one reader for
both.

In the place of Scrapy's own middleware, which fails on an answer that only calls itself compressed.
"""

import zlib
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from crawler.downloader.capture import FIRST_BYTES
from storage.warc import unpack_body

ACCEPTED = "gzip, deflate, br, zstd"
ENCODED = b"Content-Encoding"


class ContentEncoding:
    """Asks for compressed answers and unpacks them, up to *most* bytes."""

    def __init__(self, most: int) -> None:
        self._most = most

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware with the crawler's limit of one answer."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        """Name the encodings that are read."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return *response* with its body unpacked, of the class of what was packed: a page is text
        for a spider's own parse.

        Raises IgnoreRequest when it unpacks to more than the limit, zlib.error when nothing can be
        unpacked.
        """
        named = b",".join(response.headers.getlist(ENCODED)).decode("latin-1")
        body, problem = unpack_body(response.body, named, self._most)
        if problem == "too_large" and FIRST_BYTES not in request.meta:
            raise IgnoreRequest("The answer unpacks to more than DOWNLOAD_MAXSIZE.")
        if problem == "broken_encoding" and not body:
            raise zlib.error("The answer's content encoding is broken.")
        if body is response.body:
            return response
        headers = response.headers
        stated = {name: headers[name] or b"" for name in headers if name != ENCODED}
        kind = responsetypes.from_args(headers=stated, url=response.url, body=body)
        return response.replace(body=body, cls=kind)
