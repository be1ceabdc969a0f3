"""What is between strangers' texts and the browser: every answer names what it may load, and
only loopback may ask.

A page on the web could point a name of its own at 127.0.0.1 and read the archive through the
visitor's browser: so a request whose Host is not this server is refused.
"""

import re
import sqlite3
from collections.abc import Awaitable, Callable, MutableMapping
from html import unescape
from typing import Any
from urllib.parse import unquote

from lxml import etree, html

from crawler.reading_room.appearance import KeptRequisites
from crawler.reading_room.hidden_names import HiddenNames
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
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' "
    "'unsafe-inline'; img-src 'self' data:; "
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


NOT_SHOWN = "The answer may name commenters; knipsel browse --names shows it."


def shown_original(
    original: Original, hidden: HiddenNames | None = None, kept: KeptRequisites | None = None
) -> tuple[str, str]:
    """Return the stored answer as text to show, and its type: "text/html" for a page, with the
    style sheets and pictures that are *kept* of it, "text/plain" for anything else; with *hidden*
    a page without the names of commenters, and nothing else.
    """
    text, _charset = decode_body(original.body, original.content_type)
    kind = (original.content_type or PAGES[0]).partition(";")[0].strip().lower()
    other = (text if hidden is None else NOT_SHOWN, "text/plain")
    if kind not in PAGES:
        return other
    try:
        tree = html.document_fromstring(
            text.encode("utf-8", "replace"),
            parser=html.HTMLParser(encoding="utf-8", huge_tree=True),
        )
    except (etree.LxmlError, ValueError):
        return other
    if kept is not None:
        kept.write_into(tree, original.url)
    _drop_loaders(tree)
    if hidden is not None:
        hidden.hide_in_tree(tree)
    return "<!doctype html>\n" + etree.tostring(tree, method="html", encoding="unicode"), PAGES[0]


def _drop_loaders(tree: html.HtmlElement) -> None:
    """Take out what would load or lead elsewhere."""
    told = (element for element in tree.iter("meta") if element.get("http-equiv"))
    for element in [*tree.iter(*LOADERS), *told]:
        if element.getparent() is not None:
            element.drop_tree()


def original_source(original: Original, hidden: HiddenNames | None = None) -> str:
    """Return an answer's source; with *hidden* without names, and where a name is written in a way
    that cannot be taken out, what is shown of the page.
    """
    source = original.body.decode("utf-8", "replace")
    if hidden is None:
        return source
    masked = hidden.hide(source)
    plain = unquote(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), unescape(masked)))
    if any(hidden.hide(text) != text for text in (plain, _TAG.sub(" ", plain))):
        return shown_original(original, hidden)[0]
    return masked


_TAG = re.compile(r"<[^>]*(?:>|\Z)")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")

SECRET = frozenset({("secrets", "value")})
# Beside what tells who a reader is: seals, and what quotes names or holds addresses with them.
NAMES = dictionary.personal_columns() | frozenset(
    (table, column)
    for table, columns in {
        "articles": "record_hash thread_hash",
        "article_versions": "record_hash",
        "comments": "record_hash",
        "comment_versions": "record_hash",
        "removed_blocks": "text record_hash",
        "links": "url canonical_url text record_hash",
        "profiles": "profile learned_from",
        "pages": "url found_on redirects_to detail hint",
        "fetches": "url detail",
    }.items()
    for column in columns.split()
)
# SQLite's own looks at the file's pages, at samples of indexes and at other statements.
INNER_TABLES = frozenset({"dbstat", "sqlite_dbpage", "sqlite_stmt", "bytecode", "tables_used"})
PRAGMAS = frozenset(
    """case_sensitive_like compile_options data_version database_list foreign_key_list function_list
    index_info index_list index_xinfo query_only schema_version table_info table_list
    table_xinfo""".split()
)
UNSAFE_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"})
# The file is opened for reading only; these would get around that. (What makes a virtual table
# known to a connection looks to SQLite like a table that is made.)
REFUSED = frozenset(
    {
        sqlite3.SQLITE_ATTACH,
        sqlite3.SQLITE_DETACH,
        sqlite3.SQLITE_CREATE_VTABLE,
        sqlite3.SQLITE_CREATE_TEMP_TABLE,
        sqlite3.SQLITE_CREATE_TEMP_VIEW,
        sqlite3.SQLITE_CREATE_TEMP_INDEX,
        sqlite3.SQLITE_CREATE_TEMP_TRIGGER,
    }
)

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


def make_authorizer(*, names: bool) -> Authorizer:
    """Return what ``sqlite3.Connection.set_authorizer`` takes: reading only, and not everything.

    A hidden column reads as NULL. The one index in the names' order holds only rows of which the
    name is known not to be NULL (storage/database/schema.py), so that no query gets to it then.
    """
    hidden = SECRET if names else SECRET | NAMES

    def authorize(
        action: int,
        first: str | None,
        second: str | None,
        _database: str | None,
        _within: str | None,
    ) -> int:
        if action == sqlite3.SQLITE_READ and (first, second) in hidden:
            return sqlite3.SQLITE_IGNORE
        return sqlite3.SQLITE_OK if _is_reading(action, first, second) else sqlite3.SQLITE_DENY

    return authorize


def _is_reading(action: int, first: str | None, second: str | None) -> bool:
    name = (first or "").lower()
    if action == sqlite3.SQLITE_FUNCTION:
        return (second or "").lower() not in UNSAFE_FUNCTIONS
    if action == sqlite3.SQLITE_PRAGMA:
        return name in PRAGMAS
    return action not in REFUSED and not name.startswith("sqlite_stat") and name not in INNER_TABLES
