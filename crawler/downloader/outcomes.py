"""What came of one request, in one word: every answer and every failure has its outcome."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

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

from crawler.downloader.capture import EXCHANGE, HeaderTooLarge, PrivateAddress
from pipelines.tdm import RULES, from_header, from_rules, strongest
from storage.records import Exchange, Fetch

REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST_REST_SECONDS = 7 * 86400.0


class Forbidden(IgnoreRequest):
    """Raised when robots.txt forbids an address."""


class RobotsUnavailable(IgnoreRequest):
    """Raised when robots.txt gives no answer: RFC 9309 then closes the whole site."""


class OptedOut(IgnoreRequest):
    """Raised when the opt-out list covers an address."""


class SentAway(IgnoreRequest):
    """Raised when nothing may go out any more: the site wants rest, or the run is told to stop."""


@dataclass(frozen=True, slots=True)
class Stop(Exception):
    """Raised when a visit ends without a page to read: the page's next state, the outcome in a
    word, a sentence.
    """

    state: str
    outcome: str
    detail: str
    retry_after_seconds: float | None = None

    def __str__(self) -> str:
        return self.detail


# Failure -> (next state, outcome, sentence). The first class that fits is taken.
_FAILURES: tuple[tuple[type[Exception], str, str, str], ...] = (
    (Forbidden, "refused", "robots", "robots.txt forbids this address."),
    (OptedOut, "refused", "opted_out", "The opt-out list covers this address."),
    (SentAway, "put_back", "sent_away", "Nothing may be sent to the site for now."),
    (
        RobotsUnavailable,
        "put_back",
        "robots_unavailable",
        "robots.txt gives no answer, so nothing may be fetched.",
    ),
    (
        PrivateAddress,
        "failed",
        "private_address",
        "The address leads to a loopback or private host.",
    ),
    (HeaderTooLarge, "failed", "too_large", "The answer's head is larger than 256 KiB."),
    (CannotResolveHostError, "retry", "dns", "The host name does not resolve."),
    (DownloadTimeoutError, "retry", "timeout", "The site did not answer in time."),
    (
        DownloadConnectionRefusedError,
        "retry",
        "connection_refused",
        "The site refused the connection.",
    ),
    (DownloadCancelledError, "failed", "too_large", "The answer is larger than DOWNLOAD_MAXSIZE."),
    (ResponseDataLossError, "retry", "cut_off", "The connection ended before the answer did."),
    (DownloadFailedError, "retry", "connection_lost", "The connection was lost."),
    (UnsupportedURLSchemeError, "failed", "bad_address", "The address is not http or https."),
    (zlib.error, "failed", "bad_encoding", "The answer's content encoding is broken."),
    (IgnoreRequest, "failed", "too_large", "The answer unpacks to more than DOWNLOAD_MAXSIZE."),
)

# Status -> (next state, outcome, sentence); a hundred stands for the rest of its class.
_STATUSES: Mapping[int, tuple[str, str, str]] = {
    304: ("unchanged", "not_modified", "The page has not changed."),
    300: ("refused", "redirect", "The redirect names no address."),
    401: ("refused", "login", "The page wants a login."),
    402: ("refused", "paywall", "The page wants to be paid for."),
    403: ("refused", "forbidden", "The site forbids the page."),
    404: ("gone", "not_found", "There is no such page."),
    408: ("retry", "timeout", "The site gave the request up."),
    410: ("gone", "gone", "The page was removed."),
    429: ("retry", "too_many_requests", "The site asks for fewer requests."),
    451: ("refused", "legal", "The page is withheld for legal reasons."),
    400: ("refused", "client_error", "The site refused the request."),
    500: ("retry", "server_error", "The site failed to answer."),
    100: ("retry", "server_error", "The site gave no final answer."),
}


def fetch_of(response: Response, request: Request, charset: str | None = None) -> Fetch:
    """Return the Fetch for an answer."""
    exchange: Exchange | None = request.meta.get(EXCHANGE)
    status = response.status
    _state, outcome, detail = _judge(status)
    said = strongest(
        from_header(header(response, "tdm-reservation"), header(response, "tdm-policy")),
        from_rules(request.meta.get(RULES, ()), request.url),
    )
    return Fetch(
        url=request.url,
        fetched_at=exchange.fetched_at if exchange else datetime.now(UTC),
        outcome="redirect" if status in REDIRECTS else outcome,
        detail=None if outcome == "ok" or status in REDIRECTS else f"{detail} (status {status})",
        status=status,
        content_type=header(response, "Content-Type"),
        charset=charset,
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        elapsed_seconds=request.meta.get("download_latency"),
        tdm_reservation=said.reserved if said else None,
        tdm_policy=said.policy if said else None,
        tdm_source=said.source if said else None,
        robots_tag=header(response, "X-Robots-Tag"),
        exchange=exchange,
    )


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
    for kind, state, outcome, sentence in _FAILURES:
        if any(isinstance(cause, kind) for cause in causes):
            return Stop(state, outcome, sentence)
    return Stop(
        "retry", "fetch_error", f"The request failed: {type(error).__name__}: {error}"[:500]
    )


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
    state, outcome, detail = _judge(response.status)
    if outcome != "ok":
        raise Stop(state, outcome, f"{detail} (status {response.status})", retry_after(response))


def _judge(status: int) -> tuple[str, str, str]:
    if 200 <= status < 300:
        return "done", "ok", ""
    return _STATUSES.get(status) or _STATUSES.get(status // 100 * 100, _STATUSES[400])


def retry_after(response: Response) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110: seconds or a date), at most
    a week.
    """
    value = header(response, "Retry-After")
    if value is None:
        return None
    if value.strip().isdigit():
        return min(float(value), LONGEST_REST_SECONDS)
    try:
        wait = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return None
    return min(max(wait, 0.0), LONGEST_REST_SECONDS)


def header(response: Response, name: str) -> str | None:
    """Return a header's value as text, None when the answer has none."""
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value is not None else None
