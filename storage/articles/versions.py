"""What articles and comments were before they changed: each reading with the moments between which
the archive held it.
"""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.articles.addresses import NotThere, find_article
from storage.database import article_versions, articles, comment_versions, comments


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """A text as the archive held it from *since* on, until *until* (None: still)."""

    text: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentStory:
    """One comment's readings, oldest first; *gone_at* is when it was first missing (None: it is
    there).
    """

    author: str | None
    position: int
    first_seen: datetime
    gone_at: datetime | None
    readings: tuple[ArticleVersion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All readings of one article, oldest first, and of its comments in the thread's order."""

    url: str
    readings: tuple[ArticleVersion, ...]
    comments: tuple[CommentStory, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of a text: *kind* is "same", "removed" or "added"."""

    kind: str
    text: str


def read_story(connection: Connection, url: str) -> Story | None:
    """Return the history of the article at *url*, any address that leads to it, None when the
    archive has none.
    """
    try:
        return story_of(connection, find_article(connection, url))
    except NotThere:
        return None


def story_of(connection: Connection, article_id: int) -> Story:
    """Return the history of the article with that key."""
    query = select(articles).where(articles.c.id == article_id)
    article = connection.execute(query).mappings().one()
    versions = (
        select(article_versions)
        .where(article_versions.c.article_id == article["id"])
        .order_by(article_versions.c.id)
    )
    past = [(_shown(row), row["replaced_at"]) for row in connection.execute(versions).mappings()]
    return Story(
        url=article["url"],
        readings=_readings(past, _shown(article), article["first_seen"]),
        comments=tuple(_comment_stories(connection, article["id"])),
    )


def _shown(row: Any) -> str:
    return f"{row['headline']}\n\n{row['article_body']}"


def _readings(
    past: Sequence[tuple[str, datetime]], current: str, first_seen: datetime
) -> tuple[ArticleVersion, ...]:
    since, readings = first_seen, []
    for text, until in past:
        readings.append(ArticleVersion(text, since, until))
        since = until
    return (*readings, ArticleVersion(current, since, None))


def _comment_stories(connection: Connection, article_id: int) -> Iterator[CommentStory]:
    of_article = comments.c.article_id == article_id
    past: dict[int, list[tuple[str, datetime]]] = {}
    versions = (
        select(comment_versions).join(comments).where(of_article).order_by(comment_versions.c.id)
    )
    for row in connection.execute(versions).mappings():
        text = "" if row["status"] == "gone" else row["text"]
        past.setdefault(row["comment_id"], []).append((text, row["replaced_at"]))
    query = select(comments).where(of_article).order_by(comments.c.position, comments.c.id)
    for row in connection.execute(query).mappings():
        yield CommentStory(
            author=row["author"],
            position=row["position"],
            first_seen=row["first_seen"],
            gone_at=row["gone_at"],
            readings=_readings(past.get(row["id"], []), row["text"], row["first_seen"]),
        )


def changes(old: str, new: str) -> tuple[Change, ...]:
    """Return *new* against *old*: what stayed, what was removed and what was added, in reading
    order.

    Lines are compared first, then the words of lines that changed, so that a long text costs
    little.
    """
    found: list[Change] = []
    for kind, before, after in _blocks(
        old.splitlines(keepends=True), new.splitlines(keepends=True)
    ):
        if kind == "same":
            found.append(Change(kind, before))
            continue
        for part, removed, added in _blocks(_words(before), _words(after)):
            if part == "same":
                found.append(Change(part, removed))
                continue
            found += [
                Change(name, text)
                for name, text in (("removed", removed), ("added", added))
                if text
            ]
    return tuple(found)


def _blocks(before: list[str], after: list[str]) -> Iterator[tuple[str, str, str]]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        yield (
            "same" if kind == "equal" else "changed",
            "".join(before[start:end]),
            "".join(after[new_start:new_end]),
        )


def _words(text: str) -> list[str]:
    """Split a text into words, each with the white space behind it."""
    pieces, start = [], 0
    for index in range(1, len(text)):
        if text[index - 1].isspace() and not text[index].isspace():
            pieces.append(text[start:index])
            start = index
    return [*pieces, text[start:]]
