"""Connections that remember their bytes: the one room that builds on names which Scrapy and Twisted
keep to themselves, since no hook of theirs shows an answer as it crossed the wire.

HOLDS_FOR: the versions of Scrapy for which it was tried (tests/downloader/test_connections.py).
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _ScrapyAgent,
)
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred, fail
from twisted.python.failure import Failure
from twisted.web._newclient import Request as WireRequest

from crawler.downloader.recording import HeaderTooLarge, Recording, RecordingTransport

HOLDS_FOR = ("2.18", "2.19")

# Raises where a host may not be reached at the address of a peer.
PeerCheck = Callable[[str, str], None]


class _RecordingProtocol(_LenientHTTP11ClientProtocol):
    """A connection that keeps a recording of the exchange it is in."""

    _recording: Recording | None = None
    check_peer: PeerCheck

    def request(self, request: WireRequest) -> "Deferred[Any]":
        transport: Any = self.transport
        asked = request.headers.getRawHeaders(b"host", [b""])[0].decode("latin-1")
        try:
            self.check_peer(urlsplit(f"//{asked}").hostname or "", transport.getPeer().host)
        except Exception as error:
            transport.abortConnection()
            return fail(error)
        recording = self._recording = Recording()
        self.transport = RecordingTransport(transport, recording)  # type: ignore[assignment]  # stands in for it
        try:
            answer: Deferred[Any] = super().request(request)
        finally:
            self.transport = transport
        return answer.addCallback(_attach, recording)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  # Twisted's name
        recording = self._recording
        if recording is not None:
            recording.received.append(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted's clients are untyped
        in_head = getattr(self._parser, "state", "") in {"STATUS", "HEADER"}
        if recording is not None and in_head:
            try:
                recording.note_head(data)
            except HeaderTooLarge:
                self._giveUp(Failure())  # type: ignore[no-untyped-call]  # as above


def _attach(response: Any, recording: Recording) -> Any:
    response.knipsel_recording = recording
    return response


class _RecordingFactory(_LenientHTTP11ClientFactory):
    def __init__(self, *args: Any, check_peer: PeerCheck) -> None:
        super().__init__(*args)  # type: ignore[no-untyped-call]  # Twisted's clients are untyped
        self._check_peer = check_peer

    def buildProtocol(self, addr: Any) -> _RecordingProtocol:  # noqa: ARG002, N802  # Twisted's signature
        protocol = _RecordingProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # as above
        protocol.check_peer = self._check_peer
        return protocol


class _RecordingAgent(_ScrapyAgent):
    """Scrapy's agent for one request, which keeps hold of the recording of the answer it got."""

    recording: Recording | None = None

    def _cb_bodyready(self, txresponse: Any, request: Request) -> Any:
        self.recording = txresponse.knipsel_recording
        return super()._cb_bodyready(txresponse, request)


class RecordingHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler on connections that remember their bytes."""

    def __init__(self, crawler: Crawler, check_peer: PeerCheck) -> None:
        super().__init__(crawler)
        factory: Any = partial(_RecordingFactory, check_peer=check_peer)
        self._pool._factory = factory  # noqa: SLF001  # Scrapy's handler sets it the same way

    async def recorded(self, request: Request) -> tuple[Response, Recording | None]:
        """Return the answer to *request* with the bytes of both."""
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
        with wrap_twisted_exceptions():
            response: Response = await maybe_deferred_to_future(agent.download_request(request))
        return response, agent.recording
