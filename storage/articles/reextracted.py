"""A second reading of kept captures is stored beside what was; which pages there are to
read again.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update

from storage.articles import comments as threads
from storage.articles.store import Keys, Saved, Sighting, save_article
from storage.database import (
    SEALS,
    article_versions,
    articles,
    authors,
    comment_versions,
    comments,
    fetches,
    keywords,
    links,
    pages,
    removed_blocks,
    runs,
    sealed_rows,
    secret_of,
    sites,
)
from storage.local_time import start_of_day
from storage.privacy import Tombstones
from storage.records import Article


def last_seen(connection: Connection, page_id: int) -> datetime | None:
    """Return when the article of a page was last seen, None when the page has none."""
    moment: datetime | None = connection.execute(
        select(articles.c.last_seen).where(articles.c.page_id == page_id)
    ).scalar_one_or_none()
    return moment


def save_again(connection: Connection, page_id: int, article: Article, seen: Sighting) -> Saved:
    """Store a new reading of what was seen before: what it replaces becomes a version, moments of
    sightings stay.
    """
    known = last_seen(connection, page_id)
    moment = max(known, seen.seen_at) if known is not None else seen.seen_at
    gone_at = connection.execute(
        select(articles.c.gone_at).where(articles.c.page_id == page_id)
    ).scalar_one_or_none()
    saved = save_article(
        connection, page_id, article, Sighting(seen.run_id, moment, seen.extractor_version)
    )
    if gone_at is not None and seen.seen_at <= gone_at:
        mark_gone(connection, page_id, gone_at)
    return saved


def mark_gone(connection: Connection, page_id: int, moment: datetime | None) -> None:
    """Note since when the article of a page is gone from its site; None where it is there."""
    connection.execute(update(articles).where(articles.c.page_id == page_id).values(gone_at=moment))


def replay(
    connection: Connection,
    page_id: int,
    sightings: Sequence[tuple[datetime, Article]],
    seen: Sighting,
) -> None:
    """Make the history of a page's article anew from all its *sightings*, oldest first; it and its
    comments keep their keys.

    Raises Erased when the article was erased on request. Versions that another extractor read stay
    as they are. Without sightings nothing changes.
    """
    old = (
        connection.execute(select(articles).where(articles.c.page_id == page_id))
        .mappings()
        .one_or_none()
    )
    tombstones = Tombstones.current(connection)
    sightings = [(moment, tombstones.withhold_from(article)) for moment, article in sightings]
    keys: Keys | None = None
    kept: list[dict[str, Any]] = []
    if old is not None and sightings:
        _reserve_keys(
            connection, int(old["id"]), [article for _moment, article in sightings], seen.seen_at
        )
        keys, kept = _take_out(connection, dict(old), seen.extractor_version)
    for place, (moment, article) in enumerate(sightings):
        save_article(
            connection,
            page_id,
            article,
            Sighting(seen.run_id, moment, seen.extractor_version, keys),
        )
        if place == 0 and kept:
            connection.execute(
                insert(article_versions), sealed_rows(connection, article_versions, kept)
            )


def _reserve_keys(
    connection: Connection, article_id: int, readings: Sequence[Article], now: datetime
) -> None:
    """Make a row for every comment that has none, so that none gets a key that one of those taken
    out had.
    """
    secret = secret_of(connection, SEALS)
    known = set(
        connection.execute(
            select(comments.c.identity).where(comments.c.article_id == article_id)
        ).scalars()
    )
    wanted = {
        identity: None
        for article in readings
        for identity in threads.identities_of(article.comments, secret)
    }
    blank = {
        "article_id": article_id, "position": 0, "depth": 0, "author_is_staff": False, "text": "",
        "status": "visible",
        "record_hash": "", "first_seen": now, "last_seen": now,
    }  # fmt: skip
    rows = [{**blank, "identity": identity} for identity in wanted if identity not in known]
    if rows:
        connection.execute(insert(comments), rows)


def _take_out(
    connection: Connection, old: Mapping[str, Any], version: str
) -> tuple[Keys, list[dict[str, Any]]]:
    """Remove what was derived from captures; return its keys, and the versions that today's
    extractor cannot make again.
    """
    of_article = comments.c.article_id == old["id"]
    ids = {
        row.identity: int(row.id)
        for row in connection.execute(select(comments.c.identity, comments.c.id).where(of_article))
    }
    others = select(article_versions).where(
        article_versions.c.article_id == old["id"], article_versions.c.extractor_version != version
    )
    kept = [dict(row) for row in connection.execute(others).mappings()]
    if old["extractor_version"] != version:
        names = ("headline", "article_body", "content_hash", "extractor_version")
        reading = {name: old[name] for name in names}
        run = connection.execute(select(runs.c.id).order_by(runs.c.id).limit(1)).scalar_one()
        kept.append(
            {
                **reading,
                "article_id": old["id"],
                "run_id": run,
                "seen_at": old["last_seen"],
                "replaced_at": old["last_seen"],
            }
        )
    in_thread = select(comments.c.id).where(of_article)
    connection.execute(delete(comment_versions).where(comment_versions.c.comment_id.in_(in_thread)))
    connection.execute(delete(links).where(links.c.article_id == old["id"]))
    connection.execute(update(comments).where(of_article).values(parent_id=None))
    connection.execute(delete(comments).where(of_article))
    for table in (authors, keywords, removed_blocks, article_versions):
        connection.execute(delete(table).where(table.c.article_id == old["id"]))
    connection.execute(delete(articles).where(articles.c.id == old["id"]))
    return Keys(int(old["id"]), ids), [
        {key: value for key, value in row.items() if key != "id"} for row in kept
    ]


def pages_to_reread(
    connection: Connection, site_id: int, since: date | None, *, only_failed: bool
) -> list[int]:
    """Return the pages of a site that have captures: all of them, or only those that gave no
    article.
    """
    has_article = exists().where(articles.c.page_id == pages.c.id)
    captured = exists().where(
        fetches.c.page_id == pages.c.id, fetches.c.warc_file.is_not(None), fetches.c.outcome == "ok"
    )
    where = [pages.c.site_id == site_id, pages.c.kind == "page", pages.c.state != "redirect"]
    where.append(~has_article & captured if only_failed else has_article | captured)
    if since is not None:
        where.append(pages.c.last_visit >= start_of_day(since))
    return [
        int(key)
        for key in connection.execute(
            select(pages.c.id).where(*where).order_by(pages.c.id)
        ).scalars()
    ]


def page_addresses(connection: Connection, page_ids: Sequence[int]) -> dict[int, str]:
    """Return the address of each of *page_ids*."""
    rows = connection.execute(select(pages.c.id, pages.c.url).where(pages.c.id.in_(page_ids)))
    return {int(row.id): row.url for row in rows}


def article_pages(connection: Connection, site_id: int) -> list[int]:
    """Return the pages of a site that hold articles."""
    query = (
        select(pages.c.id)
        .join(articles, articles.c.page_id == pages.c.id)
        .where(pages.c.site_id == site_id)
    )
    return [int(key) for key in connection.execute(query.order_by(pages.c.id)).scalars()]


def teaching_pages(connection: Connection, site_id: int) -> list[tuple[int, str]]:
    """Return key and kind of the pages of a site that are lists of its articles with their texts:
    posts first, then feeds.
    """
    teaches = pages.c.kind.in_(("feed", "posts")) & (pages.c.outcome == pages.c.kind)
    query = select(pages.c.id, pages.c.kind).where(pages.c.site_id == site_id, teaches)
    return [
        (int(row.id), row.kind)
        for row in connection.execute(query.order_by(pages.c.kind.desc(), pages.c.id))
    ]


def sites_of_pages(connection: Connection, page_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Return key and name of the site that each of *page_ids* is on."""
    query = (
        select(pages.c.id, sites.c.id.label("site_id"), sites.c.name)
        .join(sites)
        .where(pages.c.id.in_(page_ids))
    )
    return {int(row.id): (int(row.site_id), row.name) for row in connection.execute(query)}
