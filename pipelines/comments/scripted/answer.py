"""What a system's answer states, in words that all systems share; from these come comments."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pipelines.comments.stated import BadSource, plain_text, stated_comment, stated_date
from pipelines.document import JsonObject
from storage.records import Comment, ThreadSource

MOST = 20_000
DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody else's script asked, as Knipsel would have: the *address*, and the page, or
    only its path, that the thread is *about*; None where the address does not state it.
    """

    address: str
    about: str | None


@dataclass(frozen=True, slots=True)
class Received:
    """The *body* of what *source* answered at the moment *now*."""

    source: ThreadSource
    body: bytes = field(repr=False)
    now: datetime

    @property
    def json(self) -> JsonObject:
        """The JSON object that the answer is. Raises BadSource."""
        return json_of(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAnswer:
    """What one answer of a source holds, and which *following* ones hold the rest.

    *declared* is how many comments the thread has by the source's own count; where that counts the
    first level only, *replies_declared* are those below this answer's comments. Without *is_whole*
    it has more than it returns to anybody who asks. *aliases* are other names of comments, such as
    their places, by which replies name them.
    """

    comments: tuple[Comment, ...] = ()
    following: tuple[ThreadSource, ...] = ()
    declared: int | None = None
    replies_declared: int = 0
    is_whole: bool = True
    aliases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One comment as a system states it; what is no text or number there is as good as absent.

    *text* may be HTML. *at* is a date text, or seconds or milliseconds since 1970. *score* counts
    for and against together.
    """

    key: Any
    parent: Any = None
    author: Any = None
    author_url: Any = None
    text: Any = None
    at: Any = None
    url: Any = None
    ups: Any = None
    downs: Any = None
    score: Any = None
    is_staff: bool = False
    is_withheld: bool = False


def comments_of(posts: Iterable[Post], system: str, now: datetime) -> tuple[Comment, ...]:
    """Return the comments that *posts* state, each once, parents by the system's ids; a comment
    that was taken away keeps its place.
    """
    found: dict[str, Comment] = {}
    for post in posts:
        comment = _comment(post, system, now)
        if comment is not None and len(found) < MOST:
            found.setdefault(comment.source_id or "", comment)
    return tuple(found.values())


def _comment(post: Post, system: str, now: datetime) -> Comment | None:
    key = _id(post.key)
    text = "" if post.is_withheld else plain_text(post.text)
    if key is None or not (text or post.is_withheld):
        return None
    parent = _id(post.parent)
    author = plain_text(post.author) or None
    upvotes, downvotes = _votes(post)
    date = stated_date(post.at, now) if post.at not in (None, "") else None
    return replace(
        stated_comment(text, author, date, system, post.text),
        author_url=_web(post.author_url),
        author_is_staff=post.is_staff,
        source_id=key,
        url=_web(post.url),
        parent_source_id=parent,
        parent_how="attribute" if parent else None,
        upvotes=upvotes,
        downvotes=downvotes,
        status="withheld" if post.is_withheld else "visible",
    )


def _votes(post: Post) -> tuple[int | None, int | None]:
    """Return the votes for and against; a score counts on the side of its sign."""
    score = _number(post.score)
    if score is None:
        return _count(post.ups), _count(post.downs)
    return (score, None) if score >= 0 else (None, -score)


def _id(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()
    return text if text not in {"", "0", "-1"} else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _count(value: Any) -> int | None:
    number = _number(value)
    return number if number is not None and number >= 0 else None


def _web(value: Any) -> str | None:
    is_address = isinstance(value, str) and value.startswith(("http://", "https://"))
    return value[:2000] if is_address and "@" not in value else None


def json_of(body: bytes) -> JsonObject:
    """Return the JSON object that an answer is. Raises BadSource."""
    found = parsed(body)
    if not isinstance(found, dict):
        raise BadSource("The answer is no object of JSON.")
    return found


def parsed(body: bytes) -> Any:
    """Return the JSON value that an answer is. Raises BadSource."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadSource(f"The answer is no JSON: {error}") from error


def inside(value: Any, *names: str) -> Any:
    """Return what is stored under *names*, one within the other; None where one is not there."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def objects(value: Any) -> list[JsonObject]:
    """Return the objects in a list; none where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def listed_in(answer: JsonObject, *names: str) -> list[JsonObject]:
    """Return the objects in the list under *names*. Raises BadSource where there is no list."""
    found = inside(answer, *names)
    if not isinstance(found, list):
        raise BadSource(f"The answer has no list {'.'.join(names)}.")
    return objects(found)


def tree(roots: Iterable[JsonObject], name: str) -> Iterator[tuple[JsonObject, JsonObject | None]]:
    """Yield each object with the one above it, of a tree whose replies are stored under *name*, in
    reading order.
    """
    waiting: list[tuple[JsonObject, JsonObject | None, int]] = [
        (root, None, 0) for root in reversed(list(roots))
    ]
    while waiting:
        one, above, depth = waiting.pop()
        yield one, above
        if depth < DEEPEST:
            replies = reversed(objects(one.get(name)))
            waiting += [(reply, one, depth + 1) for reply in replies]
