"""A query for the full-text index: its words, read, and the SQL that finds the texts that match.

Words are joined by AND and mean all their Dutch forms; "a phrase" is taken as written, a word
after ``-`` must not occur, OR between two words lets either do.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.database import within_days
from storage.search.stemming import STOP_WORDS, WORD, forms
from storage.urls import site_named

# Of a query that more texts answer, the texts stored last are ranked: ranking half an archive takes
# seconds and proves nothing.
RANKED = 2_000
_TERM = re.compile(r'-?"[^"]*"|\S+')

# The newest are taken first and ranked then, for PostgreSQL would read all that match to rank them;
# in the order in which they are stored, so that the system reads ahead.
_POSTGRESQL = (
    "SELECT x.id, ts_rank(x.search, websearch_to_tsquery('dutch', :query), 1) AS score, "
    "COUNT(*) OVER () AS ranked FROM "
    "(SELECT * FROM (SELECT x.id, x.search FROM {table} x "
    "WHERE x.search @@ websearch_to_tsquery('dutch', :query) AND x.id > :floor {filters} "
    "ORDER BY x.id DESC LIMIT :ranked) newest ORDER BY id OFFSET 0) x"
)
_MATCHING = {
    (
        "sqlite",
        "articles",
    ): "SELECT rowid AS id, -bm25(article_search, 4.0, 1.0) AS score FROM article_search x "
    "WHERE article_search MATCH :query {filters} ORDER BY rowid DESC LIMIT :ranked",
    (
        "sqlite",
        "comments",
    ): "SELECT rowid AS id, -bm25(comment_search) AS score FROM comment_search x "
    "WHERE comment_search MATCH :query {filters} ORDER BY rowid DESC LIMIT :ranked",
    ("postgresql", "articles"): _POSTGRESQL.replace("{table}", "articles"),
    ("postgresql", "comments"): _POSTGRESQL.replace("{table}", "comments"),
}


_OF_SITE = {
    "articles": "SELECT id FROM articles WHERE site_id = (SELECT id FROM sites WHERE name = :site)",
    "comments": "SELECT c.id FROM comments c JOIN articles a ON a.id = c.article_id "
    "WHERE a.site_id = (SELECT id FROM sites WHERE name = :site)",
}
_OF_ARTICLE = {
    "author": "{key} IN (SELECT article_id FROM authors WHERE name = :author)",
    "section": "EXISTS (SELECT 1 FROM articles f "
    "WHERE f.id = {key} AND f.article_section = :section)",
}


LONGEST_QUERY = 500  # letters: each word more is another look into the index


class BadQuery(Exception):
    """Raised when nothing can be searched for; its text gives the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is searched for: *words*, in "articles" or "comments", of one site, written on or after
    a day and before another.

    *section* and *author* (of the article) hold for articles only.
    """

    words: str
    within: str = "articles"
    site: str | None = None
    since: date | None = None
    before: date | None = None
    section: str | None = None
    author: str | None = None
    limit: int = 10


def matching_texts(dialect: str, query: Query) -> tuple[str, dict[str, Any]]:
    """Return the SELECT of the keys and scores that are ranked, and its values.

    Raises BadQuery when the query holds no word that can be searched for.
    """
    terms = read_terms(query.words)
    filters, values = _filters(query, dialect)
    values |= (
        {"query": _fts5(terms), "ranked": RANKED}
        if dialect == "sqlite"
        else {"query": query.words, "ranked": RANKED, "floor": 0}
    )
    return _MATCHING[dialect, query.within].format(filters=filters), values


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or one phrase, of a query."""

    words: tuple[str, ...]
    phrase: bool = False
    refused: bool = False
    alternative: bool = False


def read_terms(words: str) -> list[Term]:
    """Return the terms of a query. Raises BadQuery when none can be searched for."""
    found: list[Term] = []
    alternative = False
    if len(words) > LONGEST_QUERY:
        raise BadQuery(
            f"That is a query of {len(words)} letters, and {LONGEST_QUERY} are the most: "
            "say fewer words."
        )
    for part in _TERM.findall(words):
        if part == "OR":
            alternative = bool(found)
            continue
        parts = tuple(WORD.findall(part))
        phrase = len(parts) > 1
        if parts and (phrase or parts[0].lower() not in STOP_WORDS):
            found.append(Term(parts, phrase, part.startswith("-"), alternative))
            alternative = False
    if not any(not term.refused for term in found):
        raise BadQuery(
            f"{words!r} holds no word to search for; words like de, het and een are in every text."
        )
    return found


def _fts5(terms: list[Term]) -> str:
    groups: list[list[str]] = []
    for term in terms:
        if term.refused:
            continue
        pattern = (
            _quoted(" ".join(term.words))
            if term.phrase
            else " OR ".join(_quoted(form) for form in forms(term.words[0]))
        )
        if term.alternative and groups:
            groups[-1].append(pattern)
        else:
            groups.append([pattern])
    wanted = " AND ".join(f"({' OR '.join(group)})" for group in groups)
    refused = [_quoted(form) for term in terms if term.refused for form in _refused_forms(term)]
    return f"({wanted}) NOT ({' OR '.join(refused)})" if refused else wanted


def _refused_forms(term: Term) -> tuple[str, ...]:
    return (" ".join(term.words),) if term.phrase else forms(term.words[0])


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _filters(query: Query, dialect: str) -> tuple[str, dict[str, Any]]:
    """Return the conditions on site and day, as lists of keys from covering indexes: the texts
    themselves are long to read.
    """
    # The plus keeps SQLite from asking the index for each key of the list apart, which takes
    # minutes on a large archive.
    key = "+x.rowid" if dialect == "sqlite" else "x.id"
    values: dict[str, Any] = {}
    conditions = []
    if query.site:
        values["site"] = site_named(query.site)
        conditions.append(f"{key} IN ({_OF_SITE[query.within]})")
    column = "date_published" if query.within == "articles" else "date_created"
    bounds, days = within_days(column, query.since, query.before)
    values |= days
    if bounds:
        conditions.append(f"{key} IN (SELECT id FROM {query.within} WHERE {' AND '.join(bounds)})")  # noqa: S608  # our own parts
    if query.within == "articles":
        for name, condition in _OF_ARTICLE.items():
            if value := getattr(query, name):
                values[name] = value
                conditions.append(condition.format(key=key))
    return " ".join(f"AND {condition}" for condition in conditions), values
