"""Comments that a page states in JSON-LD."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from pipelines.comments.identity import id_in
from pipelines.comments.jsons import name_of, plain_text, stated_date
from pipelines.comments.privacy import without_addresses
from pipelines.document import JsonObject
from storage.records import Comment

MOST = 20_000
MOST_WORDS = 3


def json_ld_comments(objects: Iterable[JsonObject], now: datetime) -> tuple[Comment, ...]:
    """Return the comments of schema.org ``comment`` properties, replies under their parents; a list stated twice counts once."""
    found: list[Comment] = []
    met: set[str] = set()
    for thing in objects:
        roots = [root for root in _listed(thing.get("comment")) if not met & {_key(root)}]
        met |= {_key(root) for root in roots}
        found += _thread(roots, now, len(found))
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
    text = plain_text(thing.get("text") or thing.get("description"))
    if not text:
        return None
    author = name_of(thing.get("author") or thing.get("creator")) or _short_name(thing.get("name"))
    raw = thing.get("dateCreated") or thing.get("datePublished")
    date = stated_date(raw, now)
    url, votes = thing.get("url"), thing.get("upvoteCount")
    return Comment(
        text=without_addresses(text),
        author=without_addresses(author) if author else None,
        date_created=date.moment if date else None,
        date_created_raw=raw if isinstance(raw, str) else None,
        date_created_precision=date.precision if date else None,
        date_created_source="json-ld" if date else None,
        source_id=_identity(thing),
        url=url if isinstance(url, str) else None,
        parent_position=parent,
        parent_how=None if parent is None else "nesting",
        upvotes=votes if isinstance(votes, int) else None,
        method="json-ld",
    )


def _short_name(value: Any) -> str | None:
    """Return what some sites call a comment without an author: its writer's name, where it is as short as one."""
    return value.strip() if isinstance(value, str) and 0 < len(value.split()) <= MOST_WORDS and len(value) <= 40 else None


def _identity(thing: JsonObject) -> str | None:
    """Return the site's id: of an address, only what its fragment or its end says."""
    for name in ("@id", "identifier", "url"):
        value = thing.get(name)
        if isinstance(value, str | int):
            number = id_in(str(value).rpartition("#")[2].rpartition("/")[2])
            if number:
                return number
    return None
