"""Comments in the state that a page carries for its own scripts: Discourse's preload, Next, Nuxt
and their kin.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipelines.comments.stated.json_ld import first, name_of, plain_text, stated_date
from pipelines.document import Document, JsonObject
from storage.contacts import without_addresses
from storage.records import Comment

MOST = 20_000
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
        text = script.text or ""
        if len(text) < 60:
            continue
        begun = 0 if script.get("type") == "application/json" else _begun(text)
        if begun is not None and any(map(text.__contains__, _SPOKEN)) and _LISTS.search(text):
            yield from ((data, "state") for data in _parsed(text[begun:]))
    for element in (
        document.tree.iter("div", "discourse-assets-json")
        if b"data-preloaded" in document.page.body
        else ()
    ):
        preloaded = element.get("data-preloaded")
        if preloaded and "post_stream" in preloaded:
            yield from ((data, "discourse") for data in _parsed(preloaded))


def _begun(text: str) -> int | None:
    """Return where the state that a script assigns begins in its *text*, None where it assigns
    none.
    """
    match = _ASSIGNED.match(text)
    return match.end() if match else None


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
        if (
            isinstance(value, str)
            and speaks is False
            and value[:1] == "{"
            and "post_stream" in value
        ):
            pending += [
                (inner, False, depth + 1) for inner in _parsed(value)
            ]  # Discourse keeps JSON in JSON
        elif isinstance(value, dict):
            pending += [
                (inner, speaks or bool(_KEY.search(key)), depth + 1) for key, inner in value.items()
            ]
        elif isinstance(value, list):
            things = [_node(thing) for thing in value if isinstance(thing, dict)]
            if speaks and things and all(_is_comment(thing) for thing in things):
                yield things
            else:
                pending += [(inner, speaks, depth + 1) for inner in value]


def _node(thing: JsonObject) -> JsonObject:
    node = thing.get("node")  # GraphQL wraps each item of a list
    return node if isinstance(node, dict) else thing


def _is_comment(thing: JsonObject) -> bool:
    return bool(
        isinstance(first(thing, _TEXTS), str)
        and name_of(first(thing, _AUTHORS))
        and first(thing, _DATES)
    )


def _thread(roots: list[JsonObject], document: Document) -> list[Comment]:
    found: list[Comment] = []
    places: dict[str, int] = {}
    waiting: list[tuple[JsonObject, int | None]] = [(thing, None) for thing in reversed(roots)]
    while waiting and len(found) < MOST:
        thing, above = waiting.pop()
        named = first(thing, _PARENTS)
        parent = str(named.get("id") if isinstance(named, dict) else named) if named else None
        if above is None and parent is not None:
            above = places.get(parent)
        comment = _comment(thing, above, parent, document)
        if comment is None:
            continue
        for key in (thing.get("post_number"), first(thing, _IDS)):
            if key is not None:
                places.setdefault(str(key), len(found))
        replies = first(thing, _REPLIES)
        waiting += [
            (_node(r), len(found))
            for r in reversed(replies if isinstance(replies, list) else [])
            if isinstance(r, dict)
        ]
        found.append(comment)
    return found


def _comment(
    thing: JsonObject, above: int | None, parent: str | None, document: Document
) -> Comment | None:
    text = plain_text(first(thing, _TEXTS))
    if not text:
        return None
    author = name_of(first(thing, _AUTHORS))
    date = stated_date(first(thing, _DATES), document.fetched_at)
    number = first(thing, _IDS)
    is_post = "post_number" in thing  # Discourse names a parent by its place, not by its id
    return Comment(
        text=without_addresses(text),
        author=without_addresses(author) if author else None,
        date_created=date.moment if date else None,
        date_created_raw=date.raw if date else None,
        date_created_precision=date.precision if date else None,
        date_created_source="state" if date else None,
        source_id=str(number) if isinstance(number, str | int) else None,
        parent_position=above,
        parent_source_id=None if is_post or not parent or parent == "0" else parent,
        parent_how=None if above is None else "attribute",
    )
