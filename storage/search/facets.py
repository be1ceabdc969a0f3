"""What the hits of a query have in common: how many there are of each site, year, section,
author.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from storage.database import authors
from storage.search.query import RANKED, Query, matching_texts

MOST_VALUES = 12

_FIELDS = {
    "articles": "SELECT m.id, s.name AS site, a.date_published AS date, "
    "a.article_section AS section "
    "FROM matching m JOIN articles a ON a.id = m.id JOIN sites s ON s.id = a.site_id",
    "comments": "SELECT m.id, s.name AS site, c.date_created AS date, NULL AS "
    "section "
    "FROM matching m JOIN comments c ON c.id = m.id JOIN articles a ON a.id = "
    "c.article_id JOIN sites s ON s.id = a.site_id",
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
