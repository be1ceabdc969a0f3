"""Capture: each request and its answer, byte for byte as they crossed the wire.

A download handler of Scrapy's (DOWNLOAD_HANDLERS); how the bytes are had is one room beside it.
"""

from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, StopDownload
from scrapy.http import Response

from crawler.downloader.connections import RecordingHandler
from crawler.downloader.public_names import (
    PrivateAddress,
    PublicNames,
    is_public,
    is_same_machine,
)
from crawler.downloader.recording import Recording
from storage.records import Exchange
from storage.warc import final_answer

EXCHANGE = "knipsel_exchange"
FIRST_BYTES = "knipsel_first_bytes"  # of a request: so many bytes of the answer are enough
THREAD = "knipsel_thread"  # marks a request for a thread that a page's script draws
_RECEIVED = "knipsel_received_bytes"


class _Pace(Protocol):
    def note_answer(self, key: str) -> None: ...


@runtime_checkable
class PoliteSpider(Protocol):
    """A spider that has a site to itself, and a pace."""

    site: str
    pace: _Pace

    def check_lock(self) -> None:
        """Raise SentAway when a request may not go out."""


class CapturingHandler(RecordingHandler):
    """Downloads as Scrapy's handler does and leaves the Exchange in
    ``request.meta["knipsel_exchange"]``.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler, self._check_peer)
        crawler.signals.connect(_stop_when_enough, signals.bytes_received)

    def _check_peer(self, host: str, peer: str) -> None:
        """Raise PrivateAddress for a private peer, unless the user named it himself: a public name
        that turns private is refused (DNS rebinding). To a spider without a site every private host
        is one that its code, or the command line, names.
        """
        spider = self._crawler.spider
        named = (urlsplit(spider.site).hostname or "") if isinstance(spider, PoliteSpider) else host
        if not is_public(peer) and not is_same_machine(host, named):
            raise PrivateAddress(f"The name leads to the private address {peer}.")

    async def download_request(self, request: Request) -> Response:
        """Return the answer to *request*; the exchange is kept also when the answer is then refused
        for its size.

        Raises SentAway when the site is, by now, perhaps another run's: a request may have waited
        for its turn for long.
        """
        spider = self._crawler.spider
        if not isinstance(spider, PoliteSpider):
            return await self._download(request)
        spider.check_lock()
        try:
            return await self._download(request)
        finally:
            # here, while the slot is still taken: the next request is timed when it is given back
            spider.pace.note_answer(request.meta.get("download_slot", ""))

    async def _download(self, request: Request) -> Response:
        guard = PublicNames.on_reactor()
        try:
            response, recording = await self.recorded(request)
        except CannotResolveHostError:
            guard.check(urlsplit(request.url).hostname or "")
            raise
        if recording is not None:
            request.meta[EXCHANGE] = _exchange(request.url, response, recording)
        return response


def _stop_when_enough(data: bytes, request: Request) -> None:
    """Raise StopDownload, which is no failure, when the bytes that were wanted are there."""
    wanted = request.meta.get(FIRST_BYTES)
    if wanted is not None:
        request.meta[_RECEIVED] = request.meta.get(_RECEIVED, 0) + len(data)
        if request.meta[_RECEIVED] > wanted:
            raise StopDownload(fail=False)


def _exchange(url: str, response: Response, recording: Recording) -> Exchange:
    return Exchange(
        url=url,
        fetched_at=recording.started_at,
        request=b"".join(recording.sent),
        response=final_answer(b"".join(recording.received)),
        ip_address=str(response.ip_address) if response.ip_address else None,
        truncated="length" if "download_stopped" in response.flags else None,
    )
