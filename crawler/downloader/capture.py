"""Capture: each request and its answer, byte for byte as they crossed the wire.

Scrapy shows a parsed answer only. The handler here is Scrapy's own HTTP/1.1 handler on connections
that remember their bytes; the names it builds on are Scrapy's private ones, so the Scrapy version
is pinned and tests/downloader/test_capture.py watches them.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _ScrapyAgent,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, StopDownload
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import HTTP11ClientProtocol
from twisted.web._newclient import Request as WireRequest
from twisted.web.iweb import IResponse

from crawler.downloader.public_names import (
    PrivateAddress,
    PublicNames,
    is_public,
    is_same_machine,
)
from storage.records import Exchange
from storage.warc import final_answer

EXCHANGE = "knipsel_exchange"
FIRST_BYTES = "knipsel_first_bytes"  # of a request: so many bytes of the answer are enough
THREAD = "knipsel_thread"  # marks a request for a thread that a page's script draws
LARGEST_HEAD = 256 * 1024
_RECEIVED = "knipsel_received_bytes"


class HeaderTooLarge(Exception):
    """Raised when an answer's head does not end within 256 KiB."""


class _Recording:
    """The bytes of one request and its answer on one connection."""

    def __init__(self) -> None:
        self.started_at = datetime.now(UTC)
        self.sent: list[bytes] = []
        self.received: list[bytes] = []
        self.head_bytes = 0


class _RecordingTransport:
    """A transport that notes what is written to it; everything else is the real transport's."""

    def __init__(self, transport: Any, recording: _Recording) -> None:
        self._transport = transport
        self._recording = recording

    def write(self, data: bytes) -> None:
        self._recording.sent.append(data)
        self._transport.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:  # noqa: N802  # Twisted's name
        self.write(b"".join(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _RecordingProtocol(_LenientHTTP11ClientProtocol):
    """A connection that keeps a recording of the exchange it is in."""

    _recording: _Recording | None = None
    named_host = ""

    def request(self, request: WireRequest) -> "Deferred[IResponse]":
        transport: Any = self.transport
        peer = getattr(transport.getPeer(), "host", "")
        asked = request.headers.getRawHeaders(b"host", [b""])[0].decode("latin-1")
        host = urlsplit(f"//{asked}").hostname or ""
        if not is_public(peer) and not is_same_machine(host, self.named_host):
            transport.abortConnection()
            return fail(PrivateAddress(f"The name leads to the private address {peer}."))
        recording = self._recording = _Recording()
        self.transport = _RecordingTransport(transport, recording)  # type: ignore[assignment]  # stands in for it
        try:
            answer: Deferred[IResponse] = super().request(request)
        finally:
            self.transport = transport
        return answer.addCallback(_attach, recording)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  # Twisted's name
        if self._recording is not None:
            self._recording.received.append(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted's clients are untyped
        if self._recording is not None and getattr(self._parser, "state", "") in {
            "STATUS",
            "HEADER",
        }:
            self._recording.head_bytes += len(data)
            if self._recording.head_bytes > LARGEST_HEAD:
                too_large = Failure(HeaderTooLarge("The answer's head does not end."))  # type: ignore[no-untyped-call]  # as above
                self._giveUp(too_large)  # type: ignore[no-untyped-call]  # as above


def _attach(response: Any, recording: _Recording) -> Any:
    response.knipsel_recording = recording
    return response


class _RecordingFactory(_LenientHTTP11ClientFactory):
    noisy = False

    def __init__(self, *args: Any, named_host: str) -> None:
        super().__init__(*args)  # type: ignore[no-untyped-call]  # Twisted's clients are untyped
        self._named_host = named_host

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: ARG002, N802  # Twisted's signature
        protocol = _RecordingProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # as above
        protocol.named_host = self._named_host
        return protocol


class _RecordingAgent(_ScrapyAgent):
    """Scrapy's agent for one request, which keeps hold of the recording of the answer it got."""

    recording: _Recording | None = None

    def _cb_bodyready(self, txresponse: Any, request: Request) -> Any:
        self.recording = txresponse.knipsel_recording
        return super()._cb_bodyready(txresponse, request)


class _Pace(Protocol):
    def note_answer(self, key: str) -> None: ...


@runtime_checkable
class PoliteSpider(Protocol):
    """A spider that has a site to itself, and a pace."""

    pace: _Pace

    def check_lock(self) -> None:
        """Raise SentAway when a request may not go out."""


class CapturingHandler(HTTP11DownloadHandler):
    """Downloads as Scrapy's handler does and leaves the Exchange in
    ``request.meta["knipsel_exchange"]``.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        site = urlsplit(getattr(crawler.spider, "site", ""))
        # Only who names a private address itself may reach it; a public name that turns private is
        # refused (DNS rebinding).
        named_host = site.hostname or ""
        factory: Any = partial(_RecordingFactory, named_host=named_host)
        self._pool._factory = factory  # noqa: SLF001  # Scrapy's handler sets it the same way
        crawler.signals.connect(_stop_when_enough, signals.bytes_received)

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
        agent = _RecordingAgent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        guard = PublicNames.on_reactor()
        try:
            with wrap_twisted_exceptions():
                response: Response = await maybe_deferred_to_future(agent.download_request(request))
        except CannotResolveHostError:
            guard.check(urlsplit(request.url).hostname or "")
            raise
        if agent.recording is not None:
            request.meta[EXCHANGE] = _exchange(request.url, response, agent.recording)
        return response


def _stop_when_enough(data: bytes, request: Request) -> None:
    """Raise StopDownload, which is no failure, when the bytes that were wanted are there."""
    wanted = request.meta.get(FIRST_BYTES)
    if wanted is not None:
        request.meta[_RECEIVED] = request.meta.get(_RECEIVED, 0) + len(data)
        if request.meta[_RECEIVED] > wanted:
            raise StopDownload(fail=False)


def _exchange(url: str, response: Response, recording: _Recording) -> Exchange:
    return Exchange(
        url=url,
        fetched_at=recording.started_at,
        request=b"".join(recording.sent),
        response=final_answer(b"".join(recording.received)),
        ip_address=str(response.ip_address) if response.ip_address else None,
        truncated="length" if "download_stopped" in response.flags else None,
    )
