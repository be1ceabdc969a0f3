"""Full-text search over articles and comments: one query language and one kind of ranking on both
databases.

Words are joined by AND and stand for all their Dutch forms; "a phrase" is taken as written, a word
after ``-`` must not occur, OR between two words lets either do. The words' frequency counts against
the text's length, words of the headline count more.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from storage.database import authors
from storage.search.stemming import STOP_WORDS, WORD, forms, stem
from storage.urls import site_named

# Of a query that more texts answer, the texts stored last are ranked: ranking half an archive takes
# seconds and tells nothing.
RANKED = 2_000
# PostgreSQL's index knows no places of words, so texts are read to find a phrase: those stored
# last, then four times as many.
PHRASE_WINDOW = 20_000
SNIPPET_WORDS = 28

_TERM = re.compile(r'-?"[^"]*"|\S+')

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
    (
        "postgresql",
        "articles",
    ): "SELECT x.id, ts_rank(x.search, websearch_to_tsquery('dutch', :query), 1) AS score "
    "FROM articles x WHERE x.search @@ websearch_to_tsquery('dutch', :query) AND x.id > :floor {filters} "
    "ORDER BY x.id DESC LIMIT :ranked",
    (
        "postgresql",
        "comments",
    ): "SELECT x.id, ts_rank(x.search, websearch_to_tsquery('dutch', :query), 1) AS score "
    "FROM comments x WHERE x.search @@ websearch_to_tsquery('dutch', :query) AND x.id > :floor {filters} "
    "ORDER BY x.id DESC LIMIT :ranked",
}
_SHOWN = {
    "articles": "SELECT a.id AS article_id, NULL AS comment_id, a.url, s.name AS site, a.headline, NULL AS author, "
    "a.date_published AS date, a.article_body AS text, m.score "
    "FROM matching m JOIN articles a ON a.id = m.id JOIN sites s ON s.id = a.site_id",
    "comments": "SELECT a.id AS article_id, c.id AS comment_id, a.url, s.name AS site, a.headline, c.author, "
    "c.date_created AS date, c.text, m.score "
    "FROM matching m JOIN comments c ON c.id = m.id JOIN articles a ON a.id = c.article_id JOIN sites s ON s.id = a.site_id",
}


class BadQuery(Exception):
    """Raised when nothing can be searched for; its text says why."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article or a comment that answers a query; in *snippet* the words found stand between "["
    and "]".
    """

    article_id: int
    comment_id: int | None
    url: str
    site: str
    headline: str
    author: str | None
    date: datetime | None
    snippet: str
    score: float


def search(connection: Connection, query: Query) -> tuple[Hit, ...]:
    """Return the best hits, best first.

    Raises BadQuery when the query holds no word that can be searched for.
    """
    terms = _terms(query.words)
    matching, values = matching_texts(connection.dialect.name, query)
    best = f"SELECT * FROM ({matching}) x ORDER BY score DESC, id DESC LIMIT :limit"  # noqa: S608  # our own parts
    statement = f"WITH matching AS ({best}) {_SHOWN[query.within]} ORDER BY m.score DESC, m.id DESC"
    rows: Sequence[Any] = ()
    for floor in _floors(
        connection, query.within, any(term.phrase and not term.refused for term in terms)
    ):
        rows = (
            connection.execute(text(statement), {**values, **floor, "limit": query.limit})
            .mappings()
            .all()
        )
        if len(rows) == query.limit:
            break
    stems = {stem(word) for term in terms if not term.refused for word in term.words}
    return tuple(_hit(row, stems) for row in rows)


def _floors(connection: Connection, within: str, phrase: bool) -> Iterator[dict[str, int]]:
    """Yield above which key is searched: above none, but for a phrase on PostgreSQL, which goes
    back until a page is full.
    """
    if phrase and connection.dialect.name == "postgresql":
        newest = int(
            connection.execute(text(f"SELECT COALESCE(max(id), 0) FROM {within}")).scalar_one()  # noqa: S608  # our own names
        )  # our own names
        width = PHRASE_WINDOW
        while width < newest:
            yield {"floor": newest - width}
            width *= 4
    yield {}


def matching_texts(dialect: str, query: Query) -> tuple[str, dict[str, Any]]:
    """Return the SELECT of the keys and scores that are ranked, and its values.

    Raises BadQuery when the query holds no word that can be searched for.
    """
    terms = _terms(query.words)
    filters, values = _filters(query, dialect)
    values |= (
        {"query": _fts5(terms), "ranked": RANKED}
        if dialect == "sqlite"
        else {"query": query.words, "ranked": RANKED, "floor": 0}
    )
    return _MATCHING[dialect, query.within].format(filters=filters), values


@dataclass(frozen=True, slots=True)
class _Term:
    words: tuple[str, ...]
    phrase: bool = False
    refused: bool = False
    alternative: bool = False


def _terms(words: str) -> list[_Term]:
    found: list[_Term] = []
    alternative = False
    for part in _TERM.findall(words):
        if part == "OR":
            alternative = bool(found)
            continue
        parts = tuple(WORD.findall(part))
        phrase = len(parts) > 1
        if parts and (phrase or parts[0].lower() not in STOP_WORDS):
            found.append(_Term(parts, phrase, part.startswith("-"), alternative))
            alternative = False
    if not any(not term.refused for term in found):
        raise BadQuery(
            f"{words!r} holds no word to search for; words like de, het and een are in every text."
        )
    return found


def _fts5(terms: list[_Term]) -> str:
    groups: list[list[str]] = []
    for term in terms:
        if term.refused:
            continue
        said = (
            _quoted(" ".join(term.words))
            if term.phrase
            else " OR ".join(_quoted(form) for form in forms(term.words[0]))
        )
        if term.alternative and groups:
            groups[-1].append(said)
        else:
            groups.append([said])
    wanted = " AND ".join(f"({' OR '.join(group)})" for group in groups)
    refused = [_quoted(form) for term in terms if term.refused for form in _refused_forms(term)]
    return f"({wanted}) NOT ({' OR '.join(refused)})" if refused else wanted


def _refused_forms(term: _Term) -> tuple[str, ...]:
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
    of_site = "site_id = (SELECT id FROM sites WHERE name = :site)"
    conditions = []
    if query.site:
        values["site"] = site_named(query.site)
        inner = f"SELECT id FROM articles WHERE {of_site}"  # noqa: S608  # our own parts
        if query.within == "comments":
            inner = f"SELECT c.id FROM comments c JOIN articles a ON a.id = c.article_id WHERE a.{of_site}"  # noqa: S608  # our own parts
        conditions.append(f"AND {key} IN ({inner})")
    table, column = {
        "articles": ("articles", "date_published"),
        "comments": ("comments", "date_created"),
    }[query.within]
    bounds = []
    for name, day, sign in (("since", query.since, ">="), ("before", query.before, "<")):
        if day:
            values[name] = f"{day.isoformat()} 00:00:00+00:00"
            bounds.append(
                f"{column} {sign} "
                + (f":{name}" if dialect == "sqlite" else f"CAST(:{name} AS timestamptz)")
            )
    if bounds:
        conditions.append(f"AND {key} IN (SELECT id FROM {table} WHERE {' AND '.join(bounds)})")  # noqa: S608  # our own parts
    if query.within == "articles" and query.author:
        values["author"] = query.author
        conditions.append(f"AND {key} IN (SELECT article_id FROM authors WHERE name = :author)")  # noqa: S608  # our own parts
    if query.within == "articles" and query.section:
        values["section"] = query.section
        conditions.append(
            f"AND EXISTS (SELECT 1 FROM articles f WHERE f.id = {key} AND f.article_section = :section)"  # noqa: S608  # our own names
        )  # our own parts
    return " ".join(conditions), values


def _hit(row: Any, stems: set[str]) -> Hit:
    when = row["date"]
    return Hit(
        article_id=row["article_id"],
        comment_id=row["comment_id"],
        url=row["url"],
        site=row["site"],
        headline=row["headline"],
        author=row["author"],
        date=datetime.fromisoformat(when) if isinstance(when, str) else when,
        snippet=make_snippet(row["text"], stems),
        score=float(row["score"]),
    )


def make_snippet(body: str, stems: set[str]) -> str:
    """Return the stretch of *body* with the most different words of *stems*, those words between
    "[" and "]".
    """
    words = body.split()
    marked = [{stem(part) for part in WORD.findall(word)} & stems for word in words]
    places = [index for index, found in enumerate(marked) if found]
    best = max(
        places, key=lambda at: (len(set().union(*marked[at : at + SNIPPET_WORDS])), -at), default=0
    )
    start = max(0, min(best - 4, len(words) - SNIPPET_WORDS))
    shown = [
        f"[{word}]" if found else word
        for word, found in zip(
            words[start : start + SNIPPET_WORDS], marked[start : start + SNIPPET_WORDS], strict=True
        )
    ]
    before, after = "… " if start else "", " …" if start + SNIPPET_WORDS < len(words) else ""
    return before + " ".join(shown) + after


MOST_VALUES = 12

_FIELDS = {
    "articles": "SELECT m.id, s.name AS site, CAST(a.date_published AS TEXT) AS date, a.article_section AS section "
    "FROM matching m JOIN articles a ON a.id = m.id JOIN sites s ON s.id = a.site_id",
    "comments": "SELECT m.id, s.name AS site, CAST(c.date_created AS TEXT) AS date, NULL AS section "
    "FROM matching m JOIN comments c ON c.id = m.id JOIN articles a ON a.id = c.article_id JOIN sites s ON s.id = a.site_id",
}


@dataclass(frozen=True, slots=True)
class Facets:
    """How many hits there are (*is_capped*: only the newest are counted), and per facet its
    commonest values with counts.
    """

    hits: int
    is_capped: bool
    counts: Mapping[str, tuple[tuple[str, int], ...]]


def find_facets(connection: Connection, query: Query) -> Facets:
    """Return the facets of a query's hits.

    Raises BadQuery when the query holds no word that can be searched for.
    """
    matching, values = matching_texts(connection.dialect.name, query)
    rows = connection.execute(
        text(f"WITH matching AS ({matching}) {_FIELDS[query.within]}"), values
    ).all()
    counters = {
        "site": Counter(row.site for row in rows),
        "year": Counter(row.date[:4] for row in rows if row.date),
        "section": Counter(row.section for row in rows if row.section),
    }
    counts = {name: tuple(counter.most_common(MOST_VALUES)) for name, counter in counters.items()}
    counts["year"] = tuple(sorted(counts["year"], reverse=True))
    if query.within == "articles":
        counts["author"] = _authors(connection, [row.id for row in rows])
    return Facets(
        len(rows), len(rows) == RANKED, {name: found for name, found in counts.items() if found}
    )


def _authors(connection: Connection, article_ids: list[int]) -> tuple[tuple[str, int], ...]:
    counted = func.count()
    query = (
        select(authors.c.name, counted)
        .where(authors.c.article_id.in_(article_ids))
        .group_by(authors.c.name)
    )
    return tuple(
        (name, count)
        for name, count in connection.execute(
            query.order_by(counted.desc(), authors.c.name).limit(MOST_VALUES)
        )
    )
