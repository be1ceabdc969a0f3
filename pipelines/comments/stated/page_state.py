"""Comments in the state that a page carries for its own scripts: Discourse's preload, Next, Nuxt
and their kin.
"""

from dataclasses import replace

from pipelines.comments.stated.json_ld import (
    first,
    name_of,
    plain_text,
    stated_comment,
    stated_date,
)
from pipelines.comments.stated.own_lists import own_lists
from pipelines.comments.stated.states import states_of
from pipelines.comments.stated.vocabulary import (
    AUTHORS,
    DATES,
    IDS,
    PARENTS,
    REPLIES,
    TEXTS,
    is_gone,
    node_of,
)
from pipelines.document import Document, JsonObject, PageNames
from storage.records import Comment

MOST = 20_000


def state_comments(document: Document) -> tuple[Comment, ...]:
    """Return the comments that the page's state holds: the longest list under a key that speaks of
    comments, and of no other page.
    """
    best: list[Comment] = []
    for data, method in states_of(document):
        for things in own_lists(data, PageNames.of(document)):
            found = [replace(comment, method=method) for comment in _thread(things, document)]
            if len(found) > len(best):
                best = found
    return tuple(best)


def _thread(roots: list[JsonObject], document: Document) -> list[Comment]:
    found: list[Comment] = []
    places: dict[str, int] = {}
    waiting: list[tuple[JsonObject, int | None]] = [(thing, None) for thing in reversed(roots)]
    while waiting and len(found) < MOST:
        thing, above = waiting.pop()
        parent = _parent_id(thing)
        if above is None and parent is not None:
            above = places.get(parent)
        comment = _comment(thing, above, parent, document)
        if comment is None:
            continue
        for key in (thing.get("post_number"), first(thing, IDS)):
            if key is not None:
                places.setdefault(str(key), len(found))
        waiting += [(reply, len(found)) for reply in reversed(_replies(thing))]
        found.append(comment)
    return found


def _parent_id(thing: JsonObject) -> str | None:
    named = first(thing, PARENTS)
    return str(named.get("id") if isinstance(named, dict) else named) if named else None


def _replies(thing: JsonObject) -> list[JsonObject]:
    replies = first(thing, REPLIES)
    return [node_of(r) for r in replies if isinstance(r, dict)] if isinstance(replies, list) else []


def _comment(
    thing: JsonObject, above: int | None, parent: str | None, document: Document
) -> Comment | None:
    stated = first(thing, TEXTS)
    text = plain_text(stated)
    author = name_of(first(thing, AUTHORS))
    is_away = is_gone(thing)
    if not text and not is_away:
        return None
    date = stated_date(first(thing, DATES), document.fetched_at)
    number = first(thing, IDS)
    is_post = "post_number" in thing  # Discourse names a parent by its place, not by its id
    return replace(
        stated_comment(text, author, date, "state", stated),
        status="withheld" if is_away else "visible",
        source_id=str(number) if isinstance(number, str | int) else None,
        parent_position=above,
        parent_source_id=None if is_post or not parent or parent == "0" else parent,
        parent_how=None if above is None else "attribute",
    )
