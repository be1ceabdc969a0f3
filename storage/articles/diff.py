"""What a second reading of a page would change in the archive: shown beforehand, without changing
it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, RowMapping, Table, select

from storage.articles import comments as threads
from storage.articles.store import KeptParts, changed_fields
from storage.database import SEALS, articles, authors, comments, keywords, links, secret_of
from storage.records import Article

_NONE = threads.CommentChanges()


@dataclass(slots=True)
class Stored:
    """What the archive holds of a page's article; *secret* seals its comments' identities."""

    article: RowMapping
    secret: bytes
    authors: list[RowMapping] = field(default_factory=list)
    keywords: list[RowMapping] = field(default_factory=list)
    links: list[RowMapping] = field(default_factory=list)
    comments: dict[str, RowMapping] = field(default_factory=dict)


def stored_articles(connection: Connection, page_ids: Sequence[int]) -> dict[int, Stored]:
    """Return what is held of the articles of those of *page_ids* that have one."""
    rows = connection.execute(select(articles).where(articles.c.page_id.in_(page_ids))).mappings()
    secret = secret_of(connection, SEALS)
    found = {int(row["id"]): Stored(row, secret) for row in rows}
    for row in _parts(connection, authors, found):
        found[row["article_id"]].authors.append(row)
    for row in _parts(connection, keywords, found):
        found[row["article_id"]].keywords.append(row)
    for row in _parts(connection, links, found):
        found[row["article_id"]].links.append(row)
    for row in _parts(connection, comments, found):
        found[row["article_id"]].comments[row["identity"]] = row
    return {int(stored.article["page_id"]): stored for stored in found.values()}


def _parts(
    connection: Connection, table: Table, article_ids: Iterable[int]
) -> Iterable[RowMapping]:
    query = (
        select(table)
        .where(table.c.article_id.in_(list(article_ids)))
        .order_by(table.c.article_id, table.c.position)
    )
    return connection.execute(query).mappings()


@dataclass(frozen=True, slots=True)
class Differences:
    """What saving an article would change: its fields by name, and how many of its comments."""

    is_new: bool = False
    fields: tuple[str, ...] = ()
    comments: threads.CommentChanges = _NONE
    comments_refined: int = 0

    @property
    def any(self) -> bool:
        """Return whether anything would change."""
        changes = self.comments
        return bool(
            self.is_new
            or self.fields
            or self.comments_refined
            or changes.new
            or changes.changed
            or changes.gone
        )


def differences(old: Stored | None, article: Article) -> Differences:
    """Return what saving *article* over what is held would change."""
    if old is None:
        return Differences(is_new=True, comments=threads.CommentChanges(new=len(article.comments)))
    fields = changed_fields(old.article, KeptParts(old.authors, old.keywords, old.links), article)
    changes, refined = _changed_comments(old, article)
    return Differences(fields=fields, comments=changes, comments_refined=refined)


def _changed_comments(stored: Stored, article: Article) -> tuple[threads.CommentChanges, int]:
    old, identities = stored.comments, list(threads.identities_of(article.comments, stored.secret))
    depths = threads.depths_of(article.comments, old)
    changed = refined = 0
    for position, (comment, identity) in enumerate(zip(article.comments, identities, strict=True)):
        before = old.get(identity)
        if before is None:
            continue
        row = {
            **threads.values_of(comment, position, before),
            "depth": depths[position],
            "gone_at": None,
        }
        if (before["text"], before["status"]) != (row["text"], row["status"]):
            changed += 1
        elif threads.is_refined(before, row):
            refined += 1
    missing = () if article.comments_gap_reason in threads.PARTIAL else old.keys() - set(identities)
    gone = sum(old[identity]["gone_at"] is None for identity in missing)
    return threads.CommentChanges(len(set(identities) - old.keys()), changed, gone), refined
