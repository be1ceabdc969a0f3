"""What was erased on request stays away: keyed hashes recognise it when it comes back, and keep
nothing of it.

Kinds: "site" (a host), "page" (an address), "author" (a name), "comment" (an article's address with
the site's own id of the comment, or with its words) and "words:N" (N words in a row, by which a
captured page is known that holds what was erased).
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from sqlalchemy import Connection, func, insert, select

from storage.database import erasures, secret_of, secrets
from storage.privacy.spellings import sequences
from storage.records import Article, Comment, Exchange, Fetch, Visit
from storage.text_hash import plain_text
from storage.urls import site_of
from storage.warc import parse_answer

_NEWEST = select(func.max(erasures.c.id))  # built once: that costs as much as to run it
SECRET = "erasures"  # noqa: S105  # the secret's name
NOT_KEPT = "The answer is not kept: it holds what was erased on request."


class Erased(Exception):
    """Raised when an article is to be stored whose address or site was erased on request."""


@dataclass(frozen=True, slots=True)
class Tombstones:
    """The tombstones of one archive, as they were when they were loaded."""

    key: bytes
    marks: frozenset[tuple[str, str]]

    @classmethod
    def load(cls, connection: Connection) -> Self:
        """Return the archive's tombstones; most archives have none."""
        marks = frozenset(
            (row.kind, row.tombstone)
            for row in connection.execute(select(erasures.c.kind, erasures.c.tombstone))
        )
        key = connection.execute(
            select(secrets.c.value).where(secrets.c.name == SECRET)
        ).scalar_one_or_none()
        return cls(bytes.fromhex(key or ""), marks)

    @classmethod
    def current(cls, connection: Connection) -> Self:
        """Return the tombstones as of now, loaded again only when there are new ones."""
        newest = connection.execute(_NEWEST).scalar_one()
        known: tuple[int | None, Self] | None = connection.info.get("tombstones")
        if known is None or known[0] != newest:
            known = connection.info["tombstones"] = (newest, cls.load(connection))
        return known[1]

    def refuses(self, url: str) -> bool:
        """Return whether the page at *url* was erased, or its whole site."""
        return self._holds("page", url) or self._holds("site", site_of(url))

    def withhold(self, visit: Visit) -> Visit:
        """Return *visit* without what was erased; an answer that holds some of it is not kept as it
        came.
        """
        if not self.marks:
            return visit
        if self.refuses(visit.url) or (visit.article and self._refuses_article(visit.article)):
            return replace(
                visit,
                state="refused",
                outcome="erased",
                detail=None,
                article=None,
                candidates=(),
                fetches=(),
            )
        candidates = tuple(
            candidate for candidate in visit.candidates if not self.refuses(candidate.url)
        )
        article = self.withhold_from(visit.article) if visit.article else None
        hidden = article is not visit.article or len(candidates) < len(visit.candidates)
        fetches = tuple(
            _emptied(fetch) if hidden or self._recognised_in(fetch.exchange) else fetch
            for fetch in visit.fetches
        )
        fetches = tuple(fetch for fetch in fetches if not self.refuses(fetch.url))
        return replace(visit, article=article, candidates=candidates, fetches=fetches)

    def withhold_from(self, article: Article) -> Article:
        """Return *article* without erased comments and authors, the very same when it holds none.

        Raises Erased when the article itself was erased.
        """
        if not self.marks:
            return article
        if self._refuses_article(article):
            raise Erased("This article was erased on request and is not stored again.")
        kept = [
            index
            for index, comment in enumerate(article.comments)
            if not self._erased(article, comment)
        ]
        authors = tuple(
            author for author in article.authors if not self._holds("author", author.name)
        )
        if len(kept) == len(article.comments) and len(authors) == len(article.authors):
            return article
        place = {old: new for new, old in enumerate(kept)}
        comments = tuple(
            replace(
                comment,
                parent_position=place.get(
                    comment.parent_position if comment.parent_position is not None else -1
                ),
            )
            for comment in (article.comments[index] for index in kept)
        )
        reason = article.comments_gap_reason or (
            "erased" if len(kept) < len(article.comments) else None
        )
        return replace(article, comments=comments, authors=authors, comments_gap_reason=reason)

    def _refuses_article(self, article: Article) -> bool:
        return self.refuses(article.url) or bool(
            article.canonical_url and self.refuses(article.canonical_url)
        )

    def _erased(self, article: Article, comment: Comment) -> bool:
        if comment.author and self._holds("author", comment.author):
            return True
        return any(
            self._holds("comment", name)
            for name in comment_names(article.url, comment.source_id, comment.text)
        )

    def _recognised_in(self, exchange: Exchange | None) -> bool:
        lengths = {
            int(kind.partition(":")[2]) for kind, _mark in self.marks if kind.startswith("words:")
        }
        if exchange is None or not lengths:
            return False
        return any(
            self._holds(f"words:{count}", words)
            for count, words in sequences(parse_answer(exchange.response).body, lengths)
        )

    def _holds(self, kind: str, value: str) -> bool:
        return (kind, mark(self.key, kind, value)) in self.marks


def _emptied(fetch: Fetch) -> Fetch:
    return replace(fetch, exchange=None, detail=NOT_KEPT) if fetch.exchange else fetch


def mark(key: bytes, kind: str, value: str) -> str:
    """Return the tombstone of *value* under an archive's *key*."""
    return hmac.digest(
        key, f"{kind}\n{plain_text(value)}".encode("utf-8", "surrogatepass"), hashlib.sha256
    ).hex()[:40]


def add_tombstones(connection: Connection, values: Iterable[tuple[str, str]], now: datetime) -> int:
    """Set a tombstone for each (kind, value) that has none and return how many are new."""
    key = secret_of(connection, SECRET)
    known = Tombstones.load(connection).marks
    fresh = {(kind, mark(key, kind, value)) for kind, value in values} - known
    if fresh:
        rows = [
            {"kind": kind, "tombstone": tombstone, "erased_at": now}
            for kind, tombstone in sorted(fresh)
        ]
        connection.execute(insert(erasures), rows)
    return len(fresh)


def comment_names(url: str, source_id: str | None, text: str) -> tuple[str, ...]:
    """Return what a comment of an article is known by: the site's id where there is one, and its
    words.
    """
    words = f"{url} says {plain_text(text)}"
    return (f"{url} id {source_id}", words) if source_id else (words,)
