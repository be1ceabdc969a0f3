"""What came of one request, as the fetch that is kept: every answer and failure has its outcome."""

import string
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import responses
from urllib.parse import quote_from_bytes, urljoin

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from w3lib.url import safe_url_string

from crawler.downloader.capture import EXCHANGE
from crawler.downloader.public_names import PrivateAddress
from crawler.downloader.recording import HeaderTooLarge
from pipelines.tdm import RULES, from_header, from_rules, strongest
from storage.outcomes import LONGEST_REST_SECONDS, outcome_of
from storage.records import Exchange, Fetch
from storage.urls import as_browsers_read

REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Forbidden(IgnoreRequest):
    """Raised when robots.txt forbids an address."""


class RobotsUnavailable(IgnoreRequest):
    """Raised when robots.txt gives no answer: RFC 9309 then closes the whole site."""


class OptedOut(IgnoreRequest):
    """Raised when the opt-out list covers an address."""


class HostResting(IgnoreRequest):
    """Raised when the host of a thread, which is not the site's, may not be asked for now: it wants
    rest, or its robots.txt gives no answer.
    """


class SentAway(IgnoreRequest):
    """Raised when nothing may go out any more: the site wants rest, or the run is to stop."""


@dataclass(frozen=True, slots=True)
class Stop(Exception):
    """Raised when a visit ends without a page to read: the page's next state, the outcome in a
    word, a sentence.
    """

    state: str
    outcome: str
    detail: str
    retry_after_seconds: float | None = None

    @classmethod
    def because(cls, cause: str, detail: str = "") -> "Stop":
        """Return what a failure, named as in the table of outcomes, means for its page."""
        outcome = outcome_of(cause)
        return cls(outcome.state, outcome.name, detail or outcome.sentence)

    def __str__(self) -> str:
        return self.detail


# Failure -> its cause in the table of outcomes. The first class that fits is taken.
_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (Forbidden, "robots"),
    (OptedOut, "opted_out"),
    (HostResting, "resting"),
    (SentAway, "sent_away"),
    (RobotsUnavailable, "robots_unavailable"),
    (PrivateAddress, "private_address"),
    (HeaderTooLarge, "head_size"),
    (CannotResolveHostError, "dns"),
    (DownloadTimeoutError, "timeout"),
    (DownloadConnectionRefusedError, "refused"),
    (DownloadCancelledError, "size"),
    (ResponseDataLossError, "cut_off"),
    (DownloadFailedError, "lost"),
    (UnsupportedURLSchemeError, "bad_scheme"),
    (zlib.error, "bad_encoding"),
    (IgnoreRequest, "unpacked_size"),
)


REBUILT = "The capture was made of the answer: what fetched it kept no bytes."
_OF_THE_WIRE = frozenset({b"content-encoding", b"transfer-encoding", b"content-length"})


def fetch_of(response: Response, request: Request, charset: str | None = None) -> Fetch:
    """Return the Fetch for an answer."""
    kept: Exchange | None = request.meta.get(EXCHANGE)
    exchange = kept or rebuilt(response, request)
    status = response.status
    outcome = outcome_of(status)
    stated = strongest(
        from_header(header(response, "tdm-reservation"), header(response, "tdm-policy")),
        from_rules(request.meta.get(RULES, ()), request.url),
    )
    return Fetch(
        url=request.url,
        fetched_at=exchange.fetched_at,
        outcome="redirect" if status in REDIRECTS else outcome.name,
        detail=_detail(status, is_rebuilt=kept is None),
        status=status,
        content_type=header(response, "Content-Type"),
        charset=charset,
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        elapsed_seconds=request.meta.get("download_latency"),
        tdm_reservation=stated.reserved if stated else None,
        tdm_policy=stated.policy if stated else None,
        tdm_source=stated.source if stated else None,
        robots_tag=header(response, "X-Robots-Tag"),
        exchange=exchange,
    )


def _detail(status: int, *, is_rebuilt: bool) -> str | None:
    sentences = (
        [] if outcome_of(status).name == "ok" or status in REDIRECTS else [_sentence(status)]
    )
    return " ".join([*sentences, *([REBUILT] if is_rebuilt else [])]) or None


def rebuilt(response: Response, request: Request) -> Exchange:
    """Return a capture made of an answer whose bytes nobody kept (a cache, another handler, a
    browser): nothing is stored without one. Its head shows it.
    """
    status = f"{response.status} {responses.get(response.status, '')}".strip()
    named = [
        (name, value)
        for name, values in response.headers.items()
        for value in values
        if name.lower() not in _OF_THE_WIRE
    ]
    length = str(len(response.body)).encode()
    named += [(b"Content-Length", length), (b"X-Knipsel-Capture", b"rebuilt")]
    head = b"".join(name + b": " + value + b"\r\n" for name, value in named)
    answer = b"HTTP/1.1 " + status.encode() + b"\r\n" + head + b"\r\n" + response.body
    return Exchange(url=request.url, fetched_at=datetime.now(UTC), request=b"", response=answer)


def failed_fetch(error: BaseException, request: Request) -> Fetch:
    """Return the Fetch for a request that got no answer that could be used."""
    stop = stop_for(error)
    return Fetch(
        url=request.url,
        fetched_at=datetime.now(UTC),
        outcome=stop.outcome,
        detail=stop.detail,
        elapsed_seconds=request.meta.get("download_latency"),
        exchange=request.meta.get(EXCHANGE),
    )


def stop_for(error: BaseException) -> Stop:
    """Return what a failed request means for its page."""
    causes = tuple(_causes(error))
    for kind, failure in _FAILURES:
        if any(isinstance(cause, kind) for cause in causes):
            return Stop.because(failure)
    detail = f"The request failed: {type(error).__name__}: {error}"
    return Stop.because("fetch_error", detail[:500])


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield *error* and what it was made of: Scrapy wraps Twisted's errors, Twisted gathers the
    reasons of a lost answer.
    """
    current: BaseException | None = error
    while current is not None:
        yield current
        yield from (reason.value for reason in getattr(current, "reasons", ()))
        current = current.__cause__


def check_status(response: Response) -> None:
    """Raise Stop unless *response* holds a page."""
    outcome = outcome_of(response.status)
    if outcome.name != "ok":
        sentence = _sentence(response.status)
        raise Stop(outcome.state, outcome.name, sentence, retry_after(response))


def _sentence(status: int) -> str:
    return f"{outcome_of(status).sentence} (status {status})"


def retry_after(response: Response) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110: seconds or a date), at most
    a week.
    """
    value = header(response, "Retry-After")
    if value is None:
        return None
    if value.strip().isdecimal():
        return min(float(value), LONGEST_REST_SECONDS)
    try:
        wait = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(wait, 0.0), LONGEST_REST_SECONDS)


def location(response: Response) -> str | None:
    """Return the absolute address that a redirect leads to, None when it names none.

    A header is bytes: what is not ASCII in it is read as UTF-8, or else kept as the octets it is.
    Raises Stop when it names what is no address.
    """
    value = response.headers.get("Location")
    if response.status not in REDIRECTS or not value or not value.strip():
        return None
    try:
        text = value.decode("utf-8").strip()
    except UnicodeDecodeError:
        text = quote_from_bytes(value.strip(), safe=string.punctuation)
    try:
        return (
            safe_url_string(urljoin(response.url, as_browsers_read(text))).encode("ascii").decode()
        )
    except ValueError as error:
        raise Stop(
            "refused", "bad_address", f"The redirect leads to no address: {error}"
        ) from error


def header(response: Response, name: str) -> str | None:
    """Return a header's value as text, None when the answer has none."""
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value is not None else None
