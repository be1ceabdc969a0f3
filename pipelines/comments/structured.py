"""Comments that a page states in JSON-LD."""

import html
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from pipelines.block_text import block_text
from pipelines.dates import parse_date
from pipelines.document import JsonObject
from storage.records import Comment

MOST = 20_000
_DIGITS = re.compile(r"(\d+)\D*$")


def json_ld_comments(objects: Iterable[JsonObject], now: datetime) -> tuple[Comment, ...]:
    """Return the comments of schema.org ``comment`` properties, replies under their parents."""
    found: list[Comment] = []
    for thing in objects:
        found += _thread(_listed(thing.get("comment")), now, len(found))
    return tuple(found)


def _thread(roots: list[JsonObject], now: datetime, offset: int) -> Iterator[Comment]:
    waiting: list[tuple[JsonObject, int | None]] = [(root, None) for root in reversed(roots)]
    position = offset
    while waiting and position < MOST:
        thing, parent = waiting.pop()
        comment = _comment(thing, parent, now)
        if comment is None:
            continue
        yield comment
        waiting += [(reply, position) for reply in reversed(_listed(thing.get("comment")))]
        position += 1


def _listed(value: Any) -> list[JsonObject]:
    things = value if isinstance(value, list) else [value]
    return [thing for thing in things if isinstance(thing, dict)]


def _comment(thing: JsonObject, parent: int | None, now: datetime) -> Comment | None:
    text = _plain(thing.get("text") or thing.get("description"))
    if not text:
        return None
    authors = _listed(thing.get("author"))
    name = authors[0].get("name") if authors else thing.get("author")
    raw = thing.get("dateCreated") or thing.get("datePublished")
    date = parse_date(raw, reference=now) if isinstance(raw, str) else None
    identity = _DIGITS.search(str(thing.get("@id") or thing.get("identifier") or thing.get("url") or ""))
    return Comment(
        text=text,
        author=html.unescape(name).strip() if isinstance(name, str) and name.strip() else None,
        date_created=date.moment if date else None,
        date_created_raw=raw if isinstance(raw, str) else None,
        date_created_precision=date.precision if date else None,
        date_created_source="json-ld" if date else None,
        source_id=identity[1] if identity else None,
        url=thing["url"] if isinstance(thing.get("url"), str) else None,
        parent_position=parent,
        parent_how=None if parent is None else "nesting",
        method="json-ld",
    )


def _plain(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    if "<" not in value:
        return html.unescape(value).strip()
    try:
        return block_text(lxml_html.fragment_fromstring(value, create_parent="div"))
    except (etree.ParserError, ValueError):
        return ""
