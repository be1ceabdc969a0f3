"""Comment threads in the archive: each comment keeps its key, whatever happens around it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from storage.articles.dates import HAS_YEAR, date_values
from storage.database import (
    SEALS,
    ThreadMember,
    articles,
    comment_versions,
    comments,
    seal,
    seal_comment,
    seal_thread,
    sealed_rows,
    secret_of,
)
from storage.records import Article, Comment, copied_fields, dates_of
from storage.text_hash import hash_text

# A capture with one of these gaps did not see the whole thread, so what it lacks is not gone.
CUT_OFF = "cut_off"
PARTIAL = frozenset({"pagination", "widget", CUT_OFF})

_COPIED = copied_fields(Comment)


@dataclass(frozen=True, slots=True)
class CommentSighting:
    """The article, the run and the moment in which a thread was seen; *keys* are those that
    comments had before, by identity, *thread_hash* is the seal that the thread had.
    """

    article_id: int
    run_id: int
    seen_at: datetime
    keys: Mapping[str, int] = field(default_factory=dict)
    thread_hash: str | None = None


@dataclass(frozen=True, slots=True)
class CommentChanges:
    """How many comments are new, changed their text, or are gone; *written* are the keys of those
    whose rows state what was seen, by their places.
    """

    new: int = 0
    changed: int = 0
    gone: int = 0
    written: Mapping[int, int] = field(default_factory=dict, compare=False, repr=False)


def save_comments(
    connection: Connection, article: Article, seen: CommentSighting
) -> CommentChanges:
    """Store an article's thread: known comments keep their key, vanished ones get ``gone_at``, none
    is deleted.
    """
    query = select(comments).where(comments.c.article_id == seen.article_id)
    old = {row["identity"]: row for row in connection.execute(query).mappings()}
    secret = secret_of(connection, SEALS)
    identities = list(identities_of(article.comments, secret))
    rows = [
        values_of(comment, position, old.get(identity))
        for position, (comment, identity) in enumerate(
            zip(article.comments, identities, strict=True)
        )
    ]
    depths = depths_of(article.comments, old)
    for row, depth in zip(rows, depths, strict=True):
        row["depth"] = depth
    keys = {identity: int(row["id"]) for identity, row in old.items()}
    new = [
        (identity, row)
        for identity, row in zip(identities, rows, strict=True)
        if identity not in old
    ]
    keys |= _insert(connection, new, seen)
    _link_parents(article.comments, identities, rows, keys, old)
    for row in rows:
        row["record_hash"] = seal_comment(secret, row)
    # The last words of a page that was cut off are no words that somebody took back.
    is_cut = article.comments_gap_reason == CUT_OFF
    known = [] if is_cut else list(zip(identities, rows, strict=True))
    changed = _update(connection, known, old, seen)
    _set_parents(connection, new, keys)
    missing = [] if article.comments_gap_reason in PARTIAL else old.keys() - set(identities)
    gone = [old[identity]["id"] for identity in missing if old[identity]["gone_at"] is None]
    if gone:
        connection.execute(
            update(comments).where(comments.c.id.in_(gone)).values(gone_at=seen.seen_at)
        )
    if old:
        _seal_known(connection, old, identities, seen, frozenset(missing))
    written = {
        place: keys[one] for place, one in enumerate(identities) if not (is_cut and one in old)
    }
    return CommentChanges(len(new), changed, len(gone), written)


def _seal_known(
    connection: Connection,
    old: Mapping[str, Any],
    identities: Sequence[str],
    seen: CommentSighting,
    missing: frozenset[str],
) -> None:
    """Seal a thread that was known anew, where it is another now."""
    present = frozenset(identities)
    members: list[ThreadMember] = [
        (one, seen.seen_at, None) for one in identities if one not in old
    ]
    for one, row in old.items():
        gone = row["gone_at"] or seen.seen_at if one in missing else row["gone_at"]
        members.append((one, row["first_seen"], None if one in present else gone))
    fresh = seal_thread(secret_of(connection, SEALS), members)
    if fresh != seen.thread_hash:
        of_article = update(articles).where(articles.c.id == seen.article_id)
        connection.execute(of_article.values(thread_hash=fresh))


def seal_first(thread: Sequence[Comment], seen_at: datetime, secret: bytes) -> str | None:
    """Return the seal of a thread that is seen for the first time."""
    return seal_thread(secret, [(one, seen_at, None) for one in identities_of(thread, secret)])


def identities_of(thread: Sequence[Comment], secret: bytes) -> Iterator[str]:
    """Yield a key for each comment that is the same on every visit: the site's id, else author,
    date text and ordinal, sealed with the archive's *secret*: the key must not show who wrote.
    """
    met: Counter[str] = Counter()
    for comment in thread:
        if comment.source_id:
            key = f"id:{comment.source_id}"
        else:
            raw = comment.date_created_raw or ""
            # "3 dagen geleden" is another text tomorrow, so the comment's own words replace
            # it.
            when = raw if HAS_YEAR.search(raw) else _text_key(comment.text)
            key = f"by:{seal(secret, [comment.author or '', when])}"
        met[key] += 1
        yield key if met[key] == 1 else f"{key}#{met[key]}"


def _text_key(words: str) -> str:
    text = json.dumps(words, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def values_of(comment: Comment, position: int, old: Any) -> dict[str, Any]:
    """Return the columns that *comment* fills at its place in the thread, seen beside its *old*
    row.
    """
    values: dict[str, Any] = {name: getattr(comment, name) for name in _COPIED}
    for name in dates_of(Comment):
        values |= date_values(comment, name, old)
    values["position"] = position
    return values


def depths_of(thread: Sequence[Comment], old: Mapping[str, Any]) -> list[int]:
    """Return the depth of each comment; a reply to one of an earlier capture is below that
    one.
    """
    depths = [0] * len(thread)
    for index, comment in enumerate(thread):
        depth, top, met = 0, comment, {index}
        while (parent := top.parent_position) is not None and parent not in met:
            met.add(parent)
            depth, top = depth + 1, thread[parent]
        earlier = (
            old.get(f"id:{top.parent_source_id}")
            if top.parent_source_id and top.parent_position is None
            else None
        )
        depths[index] = depth + (earlier["depth"] + 1 if earlier else 0)
    return depths


def _insert(
    connection: Connection, new: list[tuple[str, dict[str, Any]]], seen: CommentSighting
) -> dict[str, int]:
    moments = {"first_seen": seen.seen_at, "last_seen": seen.seen_at}
    made = [
        {
            **row,
            **moments,
            "text_hash": hash_text(row["text"]),
            "article_id": seen.article_id,
            "identity": key,
            "record_hash": "",
        }
        for key, row in new
    ]
    for row in made:
        if row["identity"] in seen.keys:
            row["id"] = seen.keys[row["identity"]]
    statement = insert(comments).returning(comments.c.id, sort_by_parameter_order=True)
    keys: dict[str, int] = {}
    # One statement takes rows of one shape: those that had a key before, and those that get one.
    for rows in ([row for row in made if "id" in row], [row for row in made if "id" not in row]):
        ids = connection.execute(statement, rows).scalars() if rows else ()
        keys |= {row["identity"]: int(key) for row, key in zip(rows, ids, strict=True)}
    return keys


def _link_parents(
    thread: Sequence[Comment],
    identities: Sequence[str],
    rows: Sequence[dict[str, Any]],
    keys: Mapping[str, int],
    old: Mapping[str, Any],
) -> None:
    """Set each row's parent: by its place in the thread, else by the site's id among the comments
    known before.
    """
    for comment, row in zip(thread, rows, strict=True):
        parent = None
        if comment.parent_position is not None:
            parent = keys[identities[comment.parent_position]]
        elif comment.parent_source_id and f"id:{comment.parent_source_id}" in old:
            parent = keys[f"id:{comment.parent_source_id}"]
        row["parent_id"] = parent


def _set_parents(
    connection: Connection, new: list[tuple[str, dict[str, Any]]], keys: Mapping[str, int]
) -> None:
    linked = [
        {"key": keys[identity], "parent": row["parent_id"], "hash": row["record_hash"]}
        for identity, row in new
    ]
    if linked:
        statement = update(comments).where(comments.c.id == bindparam("key"))
        values: dict[str, Any] = {
            "parent_id": bindparam("parent"),
            "record_hash": bindparam("hash"),
        }
        connection.execute(statement.values(values), linked)


def _update(
    connection: Connection,
    pairs: list[tuple[str, dict[str, Any]]],
    old: Mapping[str, Any],
    seen: CommentSighting,
) -> int:
    """Refresh known comments and return how many changed their text; what a changed one was before
    becomes a version.
    """
    known = [(old[identity], row) for identity, row in pairs if identity in old]
    if not known:
        return 0
    changed = 0
    for before, row in known:
        if not is_refined(before, row) and before["gone_at"] is None:
            continue
        differs = (before["text"], before["status"]) != (row["text"], row["status"])
        changed += differs
        if differs or before["gone_at"] is not None:
            _keep_versions(connection, before, seen)
        fresh = {**row, "text_hash": hash_text(row["text"]), "gone_at": None}
        connection.execute(update(comments).where(comments.c.id == before["id"]).values(fresh))
    ids = [before["id"] for before, _row in known]
    connection.execute(
        update(comments).where(comments.c.id.in_(ids)).values(last_seen=seen.seen_at)
    )
    return changed


def is_refined(before: RowMapping, row: Mapping[str, Any]) -> bool:
    """Return whether a comment reads otherwise than its row *before*; only hashes do not count."""
    return any(before[name] != row[name] for name in row.keys() - {"record_hash"})


def _keep_versions(connection: Connection, before: Any, seen: CommentSighting) -> None:
    """Keep what a comment was: as it was read, and then as gone when it was missing in between."""
    gone = before["gone_at"]
    read = {
        "status": before["status"],
        "seen_at": before["last_seen"],
        "replaced_at": gone or seen.seen_at,
    }
    kept = (
        [read, {"status": "gone", "seen_at": gone, "replaced_at": seen.seen_at}] if gone else [read]
    )
    whose = {"comment_id": before["id"], "run_id": seen.run_id, "text": before["text"]}
    rows = sealed_rows(connection, comment_versions, [{**whose, **version} for version in kept])
    connection.execute(insert(comment_versions), rows)
