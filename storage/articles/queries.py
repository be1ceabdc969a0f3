"""One article with everything that the archive knows of it, and one commenter's comments."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, Table, func, or_, select, text

from storage.articles.addresses import NotThere
from storage.articles.versions import Story, story_of
from storage.database import (
    articles,
    authors,
    comments,
    fetches,
    keywords,
    pages,
    removed_blocks,
    sites,
)

MOST_COMMENTS = 500
NEWEST = (fetches.c.id.desc(),)

Row = RowMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """An article's row with its site's name, and the rows that belong to it; *fetches* are the kept
    answers, newest first.
    """

    article: Row
    authors: tuple[Row, ...]
    keywords: tuple[str, ...]
    removed: tuple[Row, ...]
    comments: tuple[Row, ...]
    story: Story
    same_as: tuple[Row, ...]
    page: Row
    fetches: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommenterView:
    """A commenter's comments, newest first, 500 at most; *per_site* counts all of them."""

    author: str
    per_site: Mapping[str, int]
    comments: tuple[Row, ...]


def read_article(connection: Connection, article_id: int) -> ArticleView:
    """Return the article with that key.

    Raises NotThere when there is none.
    """
    query = select(articles, sites.c.name.label("site")).join(
        sites, sites.c.id == articles.c.site_id
    )
    article = connection.execute(query.where(articles.c.id == article_id)).mappings().one_or_none()
    if article is None:
        raise NotThere(f"There is no article {article_id} in this archive.")
    same = text(
        "SELECT a.id, a.url, s.how, s.similarity FROM same_as s JOIN articles a ON "
        "a.id = s.same_as_id WHERE s.article_id = :id"
    )
    return ArticleView(
        article=article,
        authors=_parts(connection, authors, article_id),
        keywords=tuple(row["keyword"] for row in _parts(connection, keywords, article_id)),
        removed=_parts(connection, removed_blocks, article_id),
        comments=_thread(connection, article_id),
        story=story_of(connection, article_id),
        same_as=tuple(connection.execute(same, {"id": article_id}).mappings()),
        page=connection.execute(select(pages).where(pages.c.id == article["page_id"]))
        .mappings()
        .one(),
        fetches=_answers(connection, article["page_id"], article["url"]),
    )


def _answers(connection: Connection, page_id: int, url: str) -> tuple[Row, ...]:
    """Return the kept answers of a page, whose article is at *url*, and of those that lead to it,
    the newest first.
    """
    leading = select(pages.c.id).where(or_(pages.c.id == page_id, pages.c.redirects_to == url))
    query = select(fetches).where(
        fetches.c.page_id.in_(leading), fetches.c.warc_file.is_not(None), fetches.c.status == 200
    )
    return tuple(connection.execute(query.order_by(*NEWEST)).mappings())


def newest_capture(connection: Connection, article_id: int) -> int:
    """Return the key of the newest kept answer of an article's page.

    Raises NotThere when none is kept.
    """
    known = select(articles.c.page_id, articles.c.url).where(articles.c.id == article_id)
    row = connection.execute(known).one_or_none()
    kept = _answers(connection, row.page_id, row.url) if row is not None else ()
    if row is None or not kept:
        raise NotThere(f"No capture of article {article_id} is kept in this archive.")
    own = (fetch for fetch in kept if fetch["url"] == row.url)
    return int(next(own, kept[0])["id"])


def _parts(connection: Connection, table: Table, article_id: int) -> tuple[Row, ...]:
    query = select(table).where(table.c.article_id == article_id).order_by(table.c.position)
    return tuple(connection.execute(query).mappings())


def _thread(connection: Connection, article_id: int) -> tuple[Row, ...]:
    query = (
        select(comments)
        .where(comments.c.article_id == article_id)
        .order_by(comments.c.position, comments.c.id)
    )
    return tuple(connection.execute(query).mappings())


def read_commenter(connection: Connection, author: str) -> CommenterView:
    """Return what one name wrote.

    Raises NotThere when nobody of that name did.
    """
    of_author = comments.c.author == author
    counted = (
        select(sites.c.name, func.count())
        .select_from(comments)
        .join(articles, articles.c.id == comments.c.article_id)
    )
    counted = (
        counted.join(sites, sites.c.id == articles.c.site_id)
        .where(of_author)
        .group_by(sites.c.name)
        .order_by(sites.c.name)
    )
    shown = (
        select(comments, articles.c.headline)
        .join(articles, articles.c.id == comments.c.article_id)
        .where(of_author)
    )
    rows = connection.execute(
        shown.order_by(comments.c.date_created.desc(), comments.c.id.desc()).limit(MOST_COMMENTS)
    ).mappings()
    found = CommenterView(
        author=author,
        per_site={row[0]: row[1] for row in connection.execute(counted)},
        comments=tuple(rows),
    )
    if not found.comments:
        raise NotThere("Nobody of that name wrote a comment in this archive.")
    return found


def commenter_names(connection: Connection) -> list[str]:
    """Return the name of everybody who wrote a comment."""
    names = select(comments.c.author).where(comments.c.author.is_not(None)).distinct()
    return list(connection.execute(names).scalars())
