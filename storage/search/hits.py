"""Full-text search over articles and comments: one query language and one kind of ranking on both
databases.

The words' frequency counts against the text's length, words of the headline count more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from storage.search.query import RANKED, Query, matching_texts, read_terms
from storage.search.stemming import WORD, stem

# PostgreSQL's index knows no places of words, so texts are read to find a phrase: those stored
# last, then four times as many.
PHRASE_WINDOW = 20_000
SNIPPET_WORDS = 28
_NEWEST = "SELECT COALESCE(MAX(id), 0) FROM {0}"
# It takes long texts for short ones, and would read them all in the order of their keys; where its
# system can, it fetches them ahead.
_FROM_THE_INDEX = (
    "SELECT set_config('enable_indexscan', 'off', true), set_config('effective_io_concurrency', "
    "CASE current_setting('effective_io_concurrency') WHEN '0' THEN '0' ELSE '64' END, true)"
)
_LIKELY = (
    "EXPLAIN (FORMAT JSON) SELECT 1 FROM {0} WHERE search @@ websearch_to_tsquery('dutch', :query)"
)


_SHOWN = {
    "articles": "SELECT a.id AS article_id, NULL AS comment_id, a.url, s.name AS site, "
    "a.headline, NULL AS author, "
    "a.date_published AS date, a.article_body AS text, m.* "
    "FROM matching m JOIN articles a ON a.id = m.id JOIN sites s ON s.id = a.site_id",
    "comments": "SELECT a.id AS article_id, c.id AS comment_id, a.url, s.name AS site, "
    "a.headline, c.author, "
    "c.date_created AS date, c.text, m.* "
    "FROM matching m JOIN comments c ON c.id = m.id JOIN articles a ON a.id = "
    "c.article_id JOIN sites s ON s.id = a.site_id",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article or a comment that answers a query; *date* is as the page shows it, in *snippet*
    the words found are between "[" and "]".
    """

    article_id: int
    comment_id: int | None
    url: str
    site: str
    headline: str
    author: str | None
    date: str | None
    snippet: str
    score: float


def search(connection: Connection, query: Query) -> tuple[Hit, ...]:
    """Return the best hits, best first.

    Raises BadQuery when the query holds no word that can be searched for.
    """
    terms = read_terms(query.words)
    phrase = any(term.phrase and not term.refused for term in terms)
    matching, values = matching_texts(connection.dialect.name, query)
    best = f"SELECT * FROM ({matching}) x ORDER BY score DESC, id DESC LIMIT :limit"  # noqa: S608  # our own parts
    statement = f"WITH matching AS ({best}) {_SHOWN[query.within]} ORDER BY m.score DESC, m.id DESC"
    rows: Sequence[Any] = ()
    for floor in _floors(connection, query, phrase=phrase):
        found = connection.execute(text(statement), {**values, **floor, "limit": query.limit})
        rows = found.mappings().all()
        if len(rows) == query.limit and (phrase or rows[0].get("ranked") == RANKED):
            break
    stems = {stem(word) for term in terms if not term.refused for word in term.words}
    return tuple(_hit(row, stems) for row in rows)


def hit_of(connection: Connection, article_id: int) -> Hit:
    """Return the article with that key as a hit: what was searched for is its address."""
    statement = f"WITH matching AS (SELECT :id AS id, 1.0 AS score) {_SHOWN['articles']}"
    row = connection.execute(text(statement), {"id": article_id}).mappings().one()
    return _hit(row, set())


def _floors(connection: Connection, query: Query, *, phrase: bool) -> Iterator[dict[str, int]]:
    """Yield above which key is searched: above none, but on PostgreSQL back from the newest, until
    as many are found as are ranked; of a phrase, until a page is full.
    """
    if connection.dialect.name == "postgresql":
        newest = connection.execute(text(_NEWEST.format(query.within))).scalar_one()
        width = PHRASE_WINDOW
        if not phrase:
            plan = connection.execute(text(_LIKELY.format(query.within)), {"query": query.words})
            likely = max(1, plan.scalar_one()[0]["Plan"]["Plan Rows"])
            width = max(width, 5 * RANKED * newest // (4 * likely))
        connection.execute(text(_FROM_THE_INDEX))
        while width < newest:
            yield {"floor": newest - width}
            width *= 4
    yield {}


def _hit(row: Any, stems: set[str]) -> Hit:
    return Hit(
        article_id=row["article_id"],
        comment_id=row["comment_id"],
        url=row["url"],
        site=row["site"],
        headline=row["headline"],
        author=row["author"],
        date=row["date"],
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
    shown = WORD.sub(
        lambda word: f"[{word[0]}]" if stem(word[0]) in stems else word[0],
        " ".join(words[start : start + SNIPPET_WORDS]),
    )
    before, after = "… " if start else "", " …" if start + SNIPPET_WORDS < len(words) else ""
    return before + shown + after
