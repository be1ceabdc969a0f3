"""What stands between strangers' texts and the browser: every answer names what it may load, and
only loopback may ask.

A page on the web could point a name of its own at 127.0.0.1 and read the archive through the
visitor's browser: so a request whose Host is not this server is refused.
"""

import sqlite3
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from lxml import etree, html

from pipelines.document import decode_body
from storage.database import dictionary
from storage.warc import Original

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

OUR_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
OUR_PAGES = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Datasette's own pages hold scripts and styles in the page itself; they load nothing from elsewhere
# either.
DATASETTE_PAGES = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
THE_ORIGINAL = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-dns-prefetch-control", b"off"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
POLICY = b"content-security-policy"


def guard(app: App) -> App:
    """Return *app* with the rules above."""

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_ours(
            dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        ):
            await _refuse(send)
            return

        async def send_with_rules(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                if POLICY not in {name.lower() for name, _ in headers}:
                    headers.append((POLICY, DATASETTE_PAGES.encode()))
                message = {**message, "headers": [*headers, *ALWAYS]}
            await send(message)

        await app(scope, receive, send_with_rules)

    return guarded


def _is_ours(host: str) -> bool:
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name in OUR_HOSTS


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send(
        {"type": "http.response.body", "body": b"This reading room answers on loopback only.\n"}
    )


LOADERS = (
    "script", "link", "base", "iframe", "frame", "object", "embed", "applet", "portal",
)  # fmt: skip
PAGES = ("text/html", "application/xhtml+xml")


def shown_original(original: Original) -> tuple[str, str]:
    """Return the stored answer as text to show, and its type: "text/html" for a page, "text/plain"
    for anything else.
    """
    text, _charset = decode_body(original.body, original.content_type)
    kind = (original.content_type or PAGES[0]).partition(";")[0].strip().lower()
    if kind not in PAGES:
        return text, "text/plain"
    try:
        tree = html.document_fromstring(
            text.encode("utf-8", "replace"),
            parser=html.HTMLParser(encoding="utf-8", huge_tree=True),
        )
    except (etree.LxmlError, ValueError):
        return text, "text/plain"
    for element in list(tree.iter(*LOADERS)):
        element.drop_tree() if element.getparent() is not None else None
    for element in list(tree.iter("meta")):
        if element.get("http-equiv") and element.getparent() is not None:
            element.drop_tree()
    return "<!doctype html>\n" + etree.tostring(tree, method="html", encoding="unicode"), PAGES[0]


SECRET = frozenset({("secrets", "value")})
NAMES = dictionary.personal_columns()

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


def make_authorizer(*, names: bool) -> Authorizer:
    """Return what ``sqlite3.Connection.set_authorizer`` takes."""
    hidden = SECRET if names else SECRET | NAMES

    def authorize(
        action: int,
        table: str | None,
        column: str | None,
        _database: str | None,
        _within: str | None,
    ) -> int:
        if action == sqlite3.SQLITE_READ and (table, column) in hidden:
            return sqlite3.SQLITE_IGNORE
        return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK

    return authorize
