"""Articles with their comments: one current reading, what it replaced, and nothing changed that did
not change.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, bindparam, delete, insert, select, update

from storage.articles import comments as threads
from storage.articles.dates import date_values, stored_moment
from storage.articles.links import save_links, stated_links
from storage.database import (
    SEALS,
    article_versions,
    articles,
    authors,
    keywords,
    links,
    pages,
    removed_blocks,
    seal_article,
    sealed_rows,
    secret_of,
)
from storage.privacy import Tombstones
from storage.records import DATE_PARTS, Article, Author, copied_fields, dates_of, fields_of
from storage.storable import make_storable

# Built once: to build a statement costs as much as to run it.
_ON_PAGE = select(articles).where(articles.c.page_id == bindparam("key"))
_SITE_OF = select(pages.c.site_id).where(pages.c.id == bindparam("key"))
_INSERT = insert(articles).returning(articles.c.id)
CARRIED_OVER = frozenset({"date_published", "authors"})
_DATE = tuple(f"date_published{part}" for part in DATE_PARTS)


def carry_over(article: Article, earlier: Article) -> Article:
    """Return *article* with the date of publication and the authors that only *earlier* states,
    marked so in ``field_methods``.

    Under another headline the address shows another article: nothing is carried over then.
    """
    if _plain(article.headline) != _plain(earlier.headline):
        return article
    stated: dict[str, Any] = {}
    if article.date_published is None and earlier.date_published is not None:
        stated |= {name: getattr(earlier, name) for name in _DATE}
    if not article.authors and earlier.authors:
        stated["authors"] = earlier.authors
    if not stated:
        return article
    methods = dict(article.field_methods) | {
        name: "earlier" for name in CARRIED_OVER if name in stated
    }
    return replace(article, **stated, field_methods=tuple(sorted(methods.items())))


def is_silent(article: Article) -> bool:
    """Return whether *article* lacks something that an earlier look may have shown."""
    return article.date_published is None or not article.authors


def stated_before(connection: Connection, row: RowMapping) -> Article:
    """Return what the archive's *row* of an article has of its headline, its date and its
    authors.
    """
    of_article = (
        select(authors).where(authors.c.article_id == row["id"]).order_by(authors.c.position)
    )
    names = tuple(
        Author(name=one.name, role=one.role, organisation=one.organisation, url=one.url)
        for one in connection.execute(of_article)
    )
    dated = {name: row[name] for name in _DATE}
    dated["date_published"] = stored_moment(row, "date_published")
    return Article(
        url=row["url"], headline=row["headline"], article_body="", authors=names, **dated
    )


def _plain(headline: str) -> str:
    return " ".join(headline.split()).casefold()


_COPIED = copied_fields(Article)
# How a field was read is no change of its value.
_WAYS = tuple(one.name for one in fields_of(Article) if one.is_reading)
_NO_FIELDS = frozenset({"word_count", "content_hash", "record_hash", "gone_at", *_WAYS})


@dataclass(frozen=True, slots=True)
class Sighting:
    """The run, the moment and the extractor by which an article was seen; *keys* are those that all
    had before.
    """

    run_id: int
    seen_at: datetime
    extractor_version: str
    keys: "Keys | None" = None


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an article and, by identity, of its comments."""

    article_id: int
    comments: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving changed: the article's own record, and how many of its comments."""

    article_id: int
    new: bool
    changed: bool
    comments: threads.CommentChanges


def save_article(connection: Connection, page_id: int, article: Article, seen: Sighting) -> Saved:
    """Store *article* and its comments under a page, in the caller's transaction.

    An article that reads as before only gets a new ``last_seen``. A changed text is kept as it was
    in ``article_versions``. A date or authors that a later look does not show any more stay. What
    was erased on request is not stored again; Erased is raised when that is the article itself.
    """
    article, _mended = make_storable(article)
    article = Tombstones.current(connection).withhold_from(article)
    old = connection.execute(_ON_PAGE, {"key": page_id}).mappings().one_or_none()
    if old is not None and seen.seen_at > old["last_seen"] and is_silent(article):
        article = carry_over(article, stated_before(connection, old))
    values, changed, is_less = values_of(article, old), False, False
    secret = secret_of(connection, SEALS)
    signed = [asdict(author) for author in article.authors]
    values["record_hash"] = seal_article(secret, values, signed, article.keywords)
    if old is None:
        thread_hash = threads.seal_first(article.comments, seen.seen_at, secret)
        row = {**values, "page_id": page_id, "thread_hash": thread_hash}
        article_id = _insert(connection, row, seen)
    else:
        article_id = int(old["id"])
        is_less = _takes_away(article, old)
        if is_less:
            there = update(articles).where(articles.c.id == article_id)
            connection.execute(there.values(last_seen=seen.seen_at, gone_at=None))
        else:
            changed = bool(changed_fields(old, _parts_of(connection, article_id), article))
            _refresh(connection, old, values, seen, changed=changed)
    if old is None or changed:
        _replace_parts(connection, article_id, article, new=old is None)
    sighting = threads.CommentSighting(
        article_id,
        seen.run_id,
        seen.seen_at,
        seen.keys.comments if seen.keys else {},
        old["thread_hash"] if old is not None else None,
    )
    saved = threads.save_comments(connection, article, sighting)
    stated = stated_links(article, saved.written, has_text=not is_less)
    save_links(connection, article_id, stated, is_first=old is None)
    return Saved(article_id, old is None, changed, saved)


def _insert(connection: Connection, row: Mapping[str, Any], seen: Sighting) -> int:
    """Store a new article's row and return its key."""
    values = {
        **row,
        "first_seen": seen.seen_at,
        "last_seen": seen.seen_at,
        "site_id": connection.execute(_SITE_OF, {"key": row["page_id"]}).scalar_one(),
        "extractor_version": seen.extractor_version,
    }
    if seen.keys is not None:
        values["id"] = seen.keys.article_id
    return int(connection.execute(_INSERT, values).scalar_one())


def _takes_away(article: Article, old: Any) -> bool:
    """Return whether a cut-off look shows less than is held: it then adds comments only."""
    if article.comments_gap_reason != threads.CUT_OFF:
        return False
    is_whole = old["comments_gap_reason"] != threads.CUT_OFF
    return is_whole or len(article.article_body) < len(old["article_body"])


def values_of(article: Article, old: Any) -> dict[str, Any]:
    """Return the columns that *article* fills, seen beside its *old* row."""
    values: dict[str, Any] = {name: getattr(article, name) for name in _COPIED}
    values["comments_captured"] = sum(comment.status == "visible" for comment in article.comments)
    for name in dates_of(Article):
        values |= date_values(article, name, old)
    values["word_count"] = len(article.article_body.split())
    values["content_hash"] = digest([article.headline, article.article_body])
    values["gone_at"] = None
    return {**values, **_ways_of(article)}


@dataclass(frozen=True, slots=True)
class KeptParts:
    """The rows of an article's authors, keywords and links, in order."""

    authors: Sequence[RowMapping] = ()
    keywords: Sequence[RowMapping] = ()
    links: Sequence[RowMapping] = ()


def changed_fields(old: RowMapping, parts: KeptParts, article: Article) -> tuple[str, ...]:
    """Return the names of the fields that saving *article* over the row *old* would change."""
    values = values_of(article, old)
    found = {_field(name) for name in values.keys() - _NO_FIELDS if old[name] != values[name]}
    if not _are(parts.authors, [asdict(author) for author in article.authors]):
        found.add("authors")
    if not _are(parts.keywords, [{"keyword": keyword} for keyword in article.keywords]):
        found.add("keywords")
    own = [row for row in parts.links if row["comment_id"] is None]
    if not _are(own, [asdict(link) for link in article.links]):
        found.add("links")
    return tuple(sorted(found))


def _parts_of(connection: Connection, article_id: int) -> KeptParts:
    return KeptParts(
        *(
            connection.execute(
                select(table).where(table.c.article_id == article_id).order_by(table.c.position)
            )
            .mappings()
            .all()
            for table in (authors, keywords, links)
        )
    )


def _field(column: str) -> str:
    parts = (name for name in dates_of(Article) if column.startswith(f"{name}_"))
    return next(parts, column)


def _are(known: Sequence[RowMapping], wanted: Sequence[Mapping[str, Any]]) -> bool:
    return len(known) == len(wanted) and all(
        row[key] == one[key] for row, one in zip(known, wanted, strict=True) for key in one
    )


def _ways_of(article: Article) -> dict[str, Any]:
    """Return how *article* was read: that another way reads the same is no change."""
    return {"method": article.method, "field_methods": dict(article.field_methods) or None}


def digest(value: Any) -> str:
    """Return a short, stable hash of plain data."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _refresh(
    connection: Connection, old: Any, values: dict[str, Any], seen: Sighting, *, changed: bool
) -> None:
    if old["content_hash"] != values["content_hash"]:
        version = {
            name: old[name]
            for name in ("headline", "article_body", "content_hash", "extractor_version")
        }
        moments = {"seen_at": old["last_seen"], "replaced_at": seen.seen_at}
        row = {**version, **moments, "article_id": old["id"], "run_id": seen.run_id}
        connection.execute(
            insert(article_versions), sealed_rows(connection, article_versions, [row])
        )
    ways = {name: values[name] for name in _WAYS if old[name] != values[name]}
    fresh: dict[str, Any] = {"last_seen": seen.seen_at, **ways}
    if changed or old["gone_at"] is not None:
        fresh |= {**values, "extractor_version": seen.extractor_version}
    connection.execute(update(articles).where(articles.c.id == old["id"]).values(fresh))


def _replace_parts(connection: Connection, article_id: int, article: Article, *, new: bool) -> None:
    parts: tuple[tuple[Table, Iterable[dict[str, Any]]], ...] = (
        (authors, (asdict(author) for author in article.authors)),
        (keywords, ({"keyword": keyword} for keyword in article.keywords)),
        (removed_blocks, (asdict(block) for block in article.removed_blocks)),
    )
    for table, values in parts:
        if not new:
            connection.execute(delete(table).where(table.c.article_id == article_id))
        rows: Sequence[dict[str, Any]] = [
            {**value, "article_id": article_id, "position": position}
            for position, value in enumerate(values)
        ]
        if rows and table is removed_blocks:
            rows = sealed_rows(connection, table, rows)
        if rows:
            connection.execute(insert(table), rows)
