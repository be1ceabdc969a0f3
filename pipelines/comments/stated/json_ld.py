"""Comments that a page states in JSON-LD."""

import html
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from pipelines.comments.record import id_in, is_withheld
from pipelines.dates import DutchDate, parse_date, plausible
from pipelines.document import (
    Document,
    JsonObject,
    block_text,
    is_of_other_page,
    links_in,
    media_text,
    text_segments,
)
from storage.contacts import without_addresses
from storage.records import Comment, Link

_EPOCH = (946_684_800, 4_102_444_800)  # the years 2000 to 2100, in seconds


def plain_text(value: Any) -> str:
    """Return a JSON text, which may be HTML, as plain text; the addresses of what it shows where it
    holds no words, an empty one where *value* is none.
    """
    if not isinstance(value, str):
        return ""
    if "<" not in value:
        return html.unescape(value).strip()
    stated = _fragment(value)
    return "" if stated is None else block_text(stated) or media_text(stated, "")


def _fragment(value: str) -> lxml_html.HtmlElement | None:
    """Return what a JSON text holds as an element, None where it is no HTML."""
    try:
        return lxml_html.fragment_fromstring(value, create_parent="div")
    except (etree.ParserError, ValueError):
        return None


def _stated_links(value: Any, text: str) -> tuple[Link, ...]:
    """Return the links in a JSON text, which may be HTML and reads as *text*."""
    stated = _fragment(value) if isinstance(value, str) and "<a" in value else None
    return () if stated is None else links_in(text, text_segments(stated), "")


def stated_date(value: Any, now: datetime) -> DutchDate | None:
    """Return the moment that a JSON value states: a date text, or seconds or milliseconds since
    1970.
    """
    if isinstance(value, str) and not value.isdigit():
        date = parse_date(value, reference=now)
        return date if date is not None and plausible(date.moment, now) else None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        number = float(value)
        seconds = number / 1000 if number > _EPOCH[1] else number
        if _EPOCH[0] <= seconds < _EPOCH[1]:
            return DutchDate(datetime.fromtimestamp(seconds, UTC), "second", str(value))
    return None


def name_of(value: Any) -> str | None:
    """Return the name in a text, an object with a name, or a list of such."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = first(
            value,
            (
                "name",
                "displayName",
                "display_name",
                "username",
                "userName",
                "nickname",
                "naam",
                "login",
                "title",
            ),
        )
    name = html.unescape(value).strip() if isinstance(value, str) else ""
    return name or None


def first(thing: JsonObject, names: Iterable[str]) -> Any:
    """Return the first value under one of *names* that is not empty, None when there is none."""
    return next((thing[name] for name in names if thing.get(name) not in (None, "", [], {})), None)


MOST = 20_000
MOST_WORDS = 3


def json_ld_comments(document: Document) -> tuple[Comment, ...]:
    """Return the comments of the schema.org ``comment`` properties of what is not another page's,
    replies under their parents; a list stated twice counts once.
    """
    found: list[Comment] = []
    met: set[str] = set()
    for thing in document.json_ld:
        roots = [root for root in _listed(thing.get("comment")) if not met & {_key(root)}]
        if roots and is_of_other_page(document, thing):
            continue
        met |= {_key(root) for root in roots}
        found += _thread(roots, document.fetched_at, len(found))
    return tuple(found)


def _key(thing: JsonObject) -> str:
    return str(thing.get("@id") or thing.get("url") or thing.get("identifier") or thing)


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
    stated = thing.get("text") or thing.get("description")
    text = plain_text(stated)
    author = _author(thing)
    if not text and not is_withheld(author or ""):
        return None
    raw = thing.get("dateCreated") or thing.get("datePublished")
    url, votes = thing.get("url"), thing.get("upvoteCount")
    return replace(
        stated_comment(text, author, stated_date(raw, now), "json-ld", stated),
        date_created_raw=raw if isinstance(raw, str) else None,
        source_id=_identity(thing),
        url=url if isinstance(url, str) else None,
        parent_position=parent,
        parent_how=None if parent is None else "nesting",
        upvotes=votes if isinstance(votes, int) else None,
    )


def _author(thing: JsonObject) -> str | None:
    return name_of(thing.get("author") or thing.get("creator")) or _short_name(thing.get("name"))


def stated_comment(
    text: str, author: str | None, date: DutchDate | None, source: str, stated: Any
) -> Comment:
    """Return the comment that *source* states: its words, as HTML perhaps in *stated*, its author,
    its date; withheld where these say that it was taken away.
    """
    is_gone = is_withheld(author or "")
    return Comment(
        text=without_addresses(text),
        links=_stated_links(stated, without_addresses(text)),
        author=without_addresses(author) if author and not is_gone else None,
        status="withheld" if is_gone or is_withheld(text) else "visible",
        date_created=date.moment if date else None,
        date_created_raw=date.raw if date else None,
        date_created_precision=date.precision if date else None,
        date_created_source=source if date else None,
        method=source,
    )


def _short_name(value: Any) -> str | None:
    """Return what some sites call a comment without an author: its writer's name, where it is as
    short as one.
    """
    return (
        value.strip()
        if isinstance(value, str) and 0 < len(value.split()) <= MOST_WORDS and len(value) <= 40
        else None
    )


def _identity(thing: JsonObject) -> str | None:
    """Return the site's id: of an address, only what its fragment or its end states."""
    for name in ("@id", "identifier", "url"):
        value = thing.get(name)
        if isinstance(value, str | int):
            number = id_in(str(value).rpartition("#")[2].rpartition("/")[2])
            if number:
                return number
    return None
