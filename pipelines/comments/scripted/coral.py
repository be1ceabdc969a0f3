"""Coral: the public stream of a story over GraphQL, as its API overview and schema have it
(``docs/source/03-01-api.md``, ``schema.graphql``).

A server in production answers only the queries of its own scripts unless its owner allows others
(``persistedQuery.ts``): then nothing is read and the gap stays.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from pipelines.comments.scripted.answer import (
    DEEPEST,
    Post,
    Question,
    Received,
    SourceAnswer,
    comments_of,
    inside,
    objects,
)
from pipelines.comments.scripted.script_page import ScriptPage, posted
from pipelines.comments.stated import BadSource
from pipelines.document import JsonObject
from storage.numbers import whole_number
from storage.records import ThreadSource

CORAL = "coral"
_EMBED = r"""((?:https?:)?//[^"'\s]{1,300}?)/assets/js/embed\.js"""
PAGE_SIZE = 50
_EDGES = "{edges{node{%s}}pageInfo{hasNextPage endCursor}}"
_NODE = (
    "id body createdAt status deleted replyCount author{id username}parent{id}tags{code}"
    "actionCounts{reaction{total}}"
)
_BELOW = f"replies(first:{PAGE_SIZE},orderBy:CREATED_AT_ASC)"


def _nodes(levels: int) -> str:
    """Return the fields of a comment with *levels* of answers below it."""
    return _NODE if not levels else f"{_NODE} {_BELOW}{_EDGES % _nodes(levels - 1)}"


_LIST = f"(first:{PAGE_SIZE},after:$after,orderBy:CREATED_AT_ASC)" + _EDGES % _nodes(4)
_STORY = (
    "query($url:String,$id:ID,$after:Cursor){story(url:$url,id:$id)"
    "{id commentCounts{totalPublished}comments" + _LIST + "}}"
)
_COMMENT = "query($id:ID!,$after:Cursor){comment(id:$id){id replies" + _LIST + "}}"


def find_coral(page: ScriptPage) -> Iterator[ThreadSource]:
    """Yield the story that a page's stream is started with: by its id, else by its address. Coral
    is where the settings name it, else where its script comes from.
    """
    base = page.base(page.setting("Coral", "rootURL", "rootUrl") or page.match(_EMBED))
    if not base:
        return
    story = page.setting("Coral", "storyID", "storyId")
    url = page.setting("Coral", "storyURL", "storyUrl") or (
        page.document.canonical or page.plain_url
    )
    yield _asked(base, _STORY, {"id": story} if story else {"url": url})


def coral_question(url: str) -> Question | None:
    """Return what Coral's own script posted at *url*: the first page of a story that it names."""
    base, found, posted_there = url.partition("/api/graphql")
    asked = parse_qs(posted_there.partition("?")[2])
    about = next((asked[name][0] for name in ("storyURL", "url") if name in asked), None)
    if not found or about is None or {"after", "cursor"} & asked.keys():
        return None
    return Question(_asked(base, _STORY, {"url": about}).address, about)


def _asked(base: str, query: str, variables: JsonObject) -> ThreadSource:
    return posted(CORAL, f"{base}/api/graphql", {"query": query, "variables": variables})


def read_coral(received: Received) -> SourceAnswer:
    """Return what a story, or the answers to one comment, hold; further ones are asked for."""
    answer = received.json
    story, comment = inside(answer, "data", "story"), inside(answer, "data", "comment")
    holder = story if isinstance(story, dict) else comment
    edges = inside(story, "comments") or inside(comment, "replies")
    if not isinstance(holder, dict) or not isinstance(edges, dict):
        message = inside((objects(answer.get("errors")) or [{}])[0], "message")
        raise BadSource(f"Coral states no comments of the story: {message or 'no reason given'}")
    entries = tuple(_walk(edges, None if holder is story else holder.get("id")))
    base = received.source.url.removesuffix("/api/graphql")
    return SourceAnswer(
        comments=comments_of((_post(one, above) for one, above in entries), CORAL, received.now),
        following=tuple(_following(base, received.source, edges, entries)),
        declared=whole_number(inside(story, "commentCounts", "totalPublished")),
    )


def _walk(edges: JsonObject, above: Any) -> Iterator[tuple[JsonObject, Any]]:
    """Yield each comment with the id of the one above it, in reading order."""
    waiting = [(node, above, 0) for node in reversed(_listed(edges))]
    while waiting:
        node, parent, depth = waiting.pop()
        yield node, parent
        if depth < DEEPEST:
            below = _listed(inside(node, "replies"))
            waiting += [(one, node.get("id"), depth + 1) for one in reversed(below)]


def _listed(edges: Any) -> list[JsonObject]:
    nodes = [inside(edge, "node") for edge in objects(inside(edges, "edges"))]
    return objects(nodes or inside(edges, "nodes"))


def _post(entry: JsonObject, above: Any) -> Post:
    tags = {str(tag.get("code")) for tag in objects(entry.get("tags"))}
    return Post(
        key=entry.get("id"),
        parent=inside(entry, "parent", "id") or above,
        author=inside(entry, "author", "username"),
        text=entry.get("body"),
        at=entry.get("createdAt"),
        ups=inside(entry, "actionCounts", "reaction", "total"),
        is_staff=bool(tags & {"STAFF", "MODERATOR", "ADMIN"}),
        is_withheld=entry.get("deleted") is True or not entry.get("body"),
    )


def _following(
    base: str, source: ThreadSource, edges: JsonObject, entry: tuple[tuple[JsonObject, Any], ...]
) -> Iterator[ThreadSource]:
    """Yield what asks for the rest of the list, and of the answers to its comments: where a page of
    them ended, or they are deeper than was asked for.
    """
    asked = json.loads(source.payload) if source.payload else {}
    if inside(edges, "pageInfo", "hasNextPage") is True:
        variables = {**(asked.get("variables") or {}), "after": _end(edges)}
        yield _asked(base, str(asked.get("query") or _STORY), variables)
    for one, _above in entry:
        replies = inside(one, "replies")
        is_deeper = replies is None and bool(whole_number(one.get("replyCount")))
        if is_deeper or inside(replies, "pageInfo", "hasNextPage") is True:
            yield _asked(base, _COMMENT, {"id": one.get("id"), "after": _end(replies)})


def _end(edges: Any) -> Any:
    return inside(edges, "pageInfo", "endCursor")
