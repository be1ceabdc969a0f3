"""Comments in the state that a page carries for its own scripts: Discourse's preload, Next, Nuxt
and their kin.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml.html import HtmlElement

from pipelines.comments.record import is_withheld
from pipelines.comments.stated.json_ld import (
    first,
    name_of,
    plain_text,
    stated_comment,
    stated_date,
)
from pipelines.document import Document, JsonObject
from storage.records import Comment

MOST = 20_000
SHORTEST_STATE = 60  # letters
DEEPEST = 40

_LISTS = re.compile(
    r"""\\?"(?:comments|reacties|reactions|replies|responses|posts|comment_list|commentList|items|edges|nodes)\\?"\s*:\s*(?:\[\s*\{|\[\d|\{|\d)"""
)
_KEY = re.compile(
    r"comment|reactie|reageer|repl(?:y|ies)|response|post_stream|antwoord", re.IGNORECASE
)
_SPOKEN = (
    "omment",
    "eactie",
    "eageer",
    "eply",
    "eplies",
    "esponse",
    "ost_stream",
    "ntwoord",
)  # _KEY, whatever its first letter
_GONE = re.compile(r"(?:is_?)?(?:deleted|removed|verwijderd|withheld)", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"^\s*(?:window\.|var |self\.)?\w*(?:STATE|NUXT|DATA|PRELOADED|APOLLO|props)\w*\s*=\s*(?=[{\[])",
    re.IGNORECASE,
)
_TEXTS = (
    "text",
    "body",
    "content",
    "message",
    "comment",
    "cooked",
    "bericht",
    "tekst",
    "reactie",
    "html",
    "comment_content",
    "bodyHtml",
    "rawText",
)
_AUTHORS = (
    "author",
    "user",
    "username",
    "author_name",
    "authorName",
    "name",
    "naam",
    "auteur",
    "display_name",
    "displayName",
    "nickname",
    "commenter",
    "userName",
    "creator",
    "postedBy",
)
_DATES = (
    "created_at",
    "createdAt",
    "date",
    "created",
    "dateCreated",
    "publishedAt",
    "published_at",
    "datePublished",
    "timestamp",
    "datum",
    "postedAt",
    "posted_at",
    "comment_date",
    "createdOn",
    "time",
)
_PARENTS = (
    "parent_id",
    "parentId",
    "parent",
    "reply_to_post_number",
    "replyTo",
    "reply_to",
    "inReplyTo",
    "parentCommentId",
    "comment_parent",
)
_REPLIES = ("replies", "children", "comments", "answers", "antwoorden", "reacties", "responses")
_IDS = ("id", "_id", "comment_id", "commentId", "comment_ID", "uuid")


def state_comments(document: Document) -> tuple[Comment, ...]:
    """Return the comments that the page's state holds: the longest list under a key that speaks of
    comments.
    """
    best: list[Comment] = []
    for data, method in _states(document):
        for things in _lists(data):
            found = [replace(comment, method=method) for comment in _thread(things, document)]
            if len(found) > len(best):
                best = found
    return tuple(best)


def _states(document: Document) -> Iterator[tuple[Any, str]]:
    """Yield what the page's scripts are given to start with, where it can hold a list of comments,
    and the method's name.
    """
    for script in document.tree.iter("script"):
        begun = _begun(script)
        if begun is not None:
            yield from ((data, "state") for data in _parsed((script.text or "")[begun:]))
    if b"data-preloaded" not in document.page.body:
        return
    for element in document.tree.iter("div", "discourse-assets-json"):
        preloaded = element.get("data-preloaded")
        if preloaded and "post_stream" in preloaded:
            yield from ((data, "discourse") for data in _parsed(preloaded))


def _begun(script: HtmlElement) -> int | None:
    """Return where the state begins that a script holds or assigns, None where it has none that
    can hold a list of comments.
    """
    text = script.text or ""
    if len(text) < SHORTEST_STATE:
        return None
    is_json = script.get("type") == "application/json"
    assigned = None if is_json else _ASSIGNED.match(text)
    if not is_json and assigned is None:
        return None
    if not any(map(text.__contains__, _SPOKEN)) or not _LISTS.search(text):
        return None
    return assigned.end() if assigned else 0


def _parsed(text: str) -> Iterator[Any]:
    try:
        data, _end = json.JSONDecoder(strict=False).raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return
    if isinstance(data, list) and len(data) > 2 and isinstance(data[0], list | dict):
        yield _resolved(data)
    yield data


def _resolved(data: list[Any]) -> Any:
    """Return what Nuxt's flat form means: a list whose objects name their values by place."""
    made: dict[int, Any] = {}

    def value(place: Any, depth: int) -> Any:
        if (
            not isinstance(place, int)
            or isinstance(place, bool)
            or not 0 <= place < len(data)
            or depth > DEEPEST
        ):
            return None
        if place not in made:
            raw = data[place]
            made[place] = raw if not isinstance(raw, dict | list) else None
            if isinstance(raw, dict):
                made[place] = {key: value(inner, depth + 1) for key, inner in raw.items()}
            elif isinstance(raw, list):
                inners = raw[1:] if raw and isinstance(raw[0], str) else raw
                made[place] = [value(inner, depth + 1) for inner in inners]
        return made[place]

    return value(0, 0)


def _lists(data: Any) -> Iterator[list[JsonObject]]:
    """Yield the lists of comment-like objects under a key that speaks of comments."""
    pending: list[tuple[Any, bool, int]] = [(data, False, 0)]
    while pending:
        value, speaks, depth = pending.pop()
        if depth > DEEPEST:
            continue
        things = _comments_in(value) if speaks and isinstance(value, list) else []
        if things:
            yield things
        else:
            pending += [(inner, shown, depth + 1) for inner, shown in _inside(value, speaks=speaks)]


def _comments_in(values: list[Any]) -> list[JsonObject]:
    """Return the objects in a list where all of them are like comments, else none."""
    things = [_node(thing) for thing in values if isinstance(thing, dict)]
    are_all = all(_is_comment(thing) or _is_gone(thing) for thing in things)
    return things if are_all and any(map(_is_comment, things)) else []


def _inside(value: Any, *, speaks: bool) -> Iterator[tuple[Any, bool]]:
    """Yield what a value holds, and whether a key over it speaks of comments."""
    if isinstance(value, dict):
        yield from ((inner, speaks or bool(_KEY.search(key))) for key, inner in value.items())
    elif isinstance(value, list):
        yield from ((inner, speaks) for inner in value)
    elif isinstance(value, str) and not speaks and value[:1] == "{" and "post_stream" in value:
        yield from ((inner, False) for inner in _parsed(value))  # Discourse keeps JSON in JSON


def _node(thing: JsonObject) -> JsonObject:
    node = thing.get("node")  # GraphQL wraps each item of a list
    return node if isinstance(node, dict) else thing


def _is_comment(thing: JsonObject) -> bool:
    return bool(
        isinstance(first(thing, _TEXTS), str)
        and name_of(first(thing, _AUTHORS))
        and first(thing, _DATES)
    )


def _is_gone(thing: JsonObject) -> bool:
    """Return whether an object says that the comment in its place was taken away."""
    shown = (plain_text(first(thing, _TEXTS)), name_of(first(thing, _AUTHORS)) or "")
    is_marked = any(value is True and _GONE.fullmatch(key) for key, value in thing.items())
    return is_marked or any(map(is_withheld, shown))


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
        for key in (thing.get("post_number"), first(thing, _IDS)):
            if key is not None:
                places.setdefault(str(key), len(found))
        waiting += [(reply, len(found)) for reply in reversed(_replies(thing))]
        found.append(comment)
    return found


def _parent_id(thing: JsonObject) -> str | None:
    named = first(thing, _PARENTS)
    return str(named.get("id") if isinstance(named, dict) else named) if named else None


def _replies(thing: JsonObject) -> list[JsonObject]:
    replies = first(thing, _REPLIES)
    return [_node(r) for r in replies if isinstance(r, dict)] if isinstance(replies, list) else []


def _comment(
    thing: JsonObject, above: int | None, parent: str | None, document: Document
) -> Comment | None:
    stated = first(thing, _TEXTS)
    text = plain_text(stated)
    author = name_of(first(thing, _AUTHORS))
    is_gone = _is_gone(thing)
    if not text and not is_gone:
        return None
    date = stated_date(first(thing, _DATES), document.fetched_at)
    number = first(thing, _IDS)
    is_post = "post_number" in thing  # Discourse names a parent by its place, not by its id
    return replace(
        stated_comment(text, author, date, "state", stated),
        status="withheld" if is_gone else "visible",
        source_id=str(number) if isinstance(number, str | int) else None,
        parent_position=above,
        parent_source_id=None if is_post or not parent or parent == "0" else parent,
        parent_how=None if above is None else "attribute",
    )
