"""The links of an article's text and of its comments in the archive."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from storage.database import links, sealed_rows
from storage.records import Article, Link

# By the comment in which they are, None for the article's text.
Stated = Mapping[int | None, Sequence[Link]]


def stated_links(article: Article, written: Mapping[int, int], *, has_text: bool) -> Stated:
    """Return the links of *article*: of its text, and of the comments whose places have keys in
    *written*.
    """
    own: list[tuple[int | None, Sequence[Link]]] = [(None, article.links)] if has_text else []
    return dict([*own, *((key, article.comments[place].links) for place, key in written.items())])


def save_links(
    connection: Connection, article_id: int, stated: Stated, *, is_first: bool = False
) -> None:
    """Store the links that some texts of an article state; those of its other texts stay, and one
    that *is_first* seen has none.
    """
    known: dict[int | None, list[Any]] = {}
    if not is_first:
        query = select(links).where(links.c.article_id == article_id)
        for row in connection.execute(query.order_by(links.c.position)):
            known.setdefault(row.comment_id, []).append(row)
    changed = [one for one in stated if not _are(known.get(one, ()), stated[one])]
    stale = [row.id for one in changed for row in known.get(one, ())]
    if stale:
        connection.execute(delete(links).where(links.c.id.in_(stale)))
    rows = [
        {**asdict(link), "article_id": article_id, "comment_id": one, "position": position}
        for one in changed
        for position, link in enumerate(stated[one])
    ]
    if rows:
        connection.execute(insert(links), sealed_rows(connection, links, rows))


def _are(rows: Sequence[Any], stated: Sequence[Link]) -> bool:
    return [(row.url, row.text) for row in rows] == [(link.url, link.text) for link in stated]
