"""One page for a person who looks at it: fetched once, by the rules of a crawl, and not stored.

Without Scrapy's engine, which a command of a second has no time for.
"""

import http.client
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from crawler.downloader.public_names import is_public
from storage.outcomes import outcome_of
from storage.records import Page
from storage.urls import same_site
from storage.warc import unpack_body

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 5
ACCEPTED = "gzip, deflate"


class NotFetched(Exception):
    """Raised when an address gives no page; its text gives the reason in one sentence."""


@dataclass(frozen=True, slots=True)
class SingleFetch:
    """How a page is asked for: as whom, for how many seconds, up to how many bytes; *check* raises
    for an address that may not be asked for.
    """

    user_agent: str
    timeout: float
    most: int
    check: Callable[[str], None]

    def page(self, url: str) -> Page:
        """Return the page at *url*, redirects within its site followed. Raises NotFetched."""
        at = url
        for _hop in range(MOST_REDIRECTS):
            self.check(at)
            answer = self.answer(at)
            if answer.status not in REDIRECTS or not answer.location:
                return self._page(at, answer)
            at = urljoin(at, answer.location).partition("#")[0]
            if not same_site(at, url):
                raise NotFetched(f"The page redirects to another site: {at}")
        raise NotFetched(f"The redirects from {url} do not end.")

    def _page(self, url: str, answer: "SingleAnswer") -> Page:
        outcome = outcome_of(answer.status)
        if outcome.name != "ok":
            raise NotFetched(f"{outcome.sentence} (status {answer.status})")
        return Page(
            url=url,
            body=answer.body,
            fetched_at=datetime.now(UTC),
            content_type=answer.content_type,
            status=answer.status,
        )

    def answer(self, url: str) -> "SingleAnswer":
        """Return what *url* answers, whatever its status. Raises NotFetched."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NotFetched(f"{url} is no address of a page.")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"User-Agent": self.user_agent, "Accept-Encoding": ACCEPTED, "Accept": "*/*"}
        connection = self._connection(parts.scheme, parts.hostname, parts.port)
        try:
            connection.connect()
            self._check_peer(parts.hostname, connection)
            connection.request("GET", path, headers=headers)
            return self._read(connection.getresponse())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotFetched(
                f"{url} cannot be fetched: {error or type(error).__name__}."
            ) from error
        finally:
            connection.close()

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self.timeout)
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=self.timeout, context=context)

    @staticmethod
    def _check_peer(host: str, connection: http.client.HTTPConnection) -> None:
        """Refuse a public name that leads to a private address."""
        peer = str(connection.sock.getpeername()[0])
        if is_public(host) and not is_public(peer):
            raise NotFetched(f"The name leads to the private address {peer}.")

    def _read(self, response: http.client.HTTPResponse) -> "SingleAnswer":
        raw = response.read(self.most + 1)
        body, problem = unpack_body(raw, response.headers.get("Content-Encoding", ""), self.most)
        if len(raw) > self.most or problem == "too_large":
            raise NotFetched(f"The answer is larger than {self.most} bytes (DOWNLOAD_MAXSIZE).")
        headers = response.headers
        return SingleAnswer(response.status, body, headers["Content-Type"], headers["Location"])


@dataclass(frozen=True, slots=True)
class SingleAnswer:
    """An answer: its status, its body unpacked, and the two headers that count."""

    status: int
    body: bytes
    content_type: str | None
    location: str | None
