"""What a second reading of kept captures changes: told beforehand, and then stored beside what was."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update

from storage import comments as threads
from storage.articles import Keys, Saved, Sighting, save_article, values_of
from storage.crawl_schema import fetches, pages, runs, sites
from storage.records import Article
from storage.schema import article_versions, articles, authors, comment_versions, comments, keywords, removed_blocks
from storage.tombstones import Tombstones

# How a field was read is no change of what it says.
_NO_FIELDS = frozenset({"content_hash", "record_hash", "gone_at", "method", "field_methods"})
_NONE = threads.Changes()
_ENDINGS = ("_offset", "_raw", "_precision", "_source")


@dataclass(frozen=True, slots=True)
class Differences:
    """What saving an article would change: its fields by name, and how many of its comments."""

    is_new: bool = False
    fields: tuple[str, ...] = ()
    comments: threads.Changes = _NONE
    comments_refined: int = 0

    @property
    def any(self) -> bool:
        """Tell whether anything would change."""
        changes = self.comments
        return bool(self.is_new or self.fields or self.comments_refined or changes.new or changes.changed or changes.gone)


def differences(connection: Connection, page_id: int, article: Article) -> Differences:
    """Return what saving *article* under a page would change, without changing it."""
    old = connection.execute(select(articles).where(articles.c.page_id == page_id)).mappings().one_or_none()
    if old is None:
        return Differences(is_new=True, comments=threads.Changes(new=len(article.comments)))
    values = values_of(article, old)
    fields = {_field(name) for name, value in values.items() if name not in _NO_FIELDS and old[name] != value}
    fields |= _changed_parts(connection, int(old["id"]), article)
    changes, refined = _changed_comments(connection, int(old["id"]), article)
    return Differences(fields=tuple(sorted(fields)), comments=changes, comments_refined=refined)


def _field(column: str) -> str:
    return next((column.removesuffix(ending) for ending in _ENDINGS if column.endswith(ending)), column)


def _changed_parts(connection: Connection, article_id: int, article: Article) -> set[str]:
    changed = set()
    parts: tuple[tuple[str, Any, list[dict[str, Any]]], ...] = (
        ("authors", authors, [asdict(author) for author in article.authors]),
        ("keywords", keywords, [{"keyword": keyword} for keyword in article.keywords]),
    )
    for name, table, wanted in parts:
        query = select(table).where(table.c.article_id == article_id).order_by(table.c.position)
        known = [dict(row) for row in connection.execute(query).mappings()]
        if [{key: row[key] for key in one} for row, one in zip(known, wanted, strict=False)] != wanted or len(known) != len(
            wanted
        ):
            changed.add(name)
    return changed


def _changed_comments(connection: Connection, article_id: int, article: Article) -> tuple[threads.Changes, int]:
    query = select(comments).where(comments.c.article_id == article_id)
    old = {row["identity"]: row for row in connection.execute(query).mappings()}
    identities = list(threads.identities_of(article.comments))
    depths = threads.depths_of(article.comments, old)
    changed = refined = 0
    for position, (comment, identity) in enumerate(zip(article.comments, identities, strict=True)):
        before = old.get(identity)
        if before is None:
            continue
        row = {**threads.values_of(comment, position, before), "depth": depths[position], "gone_at": None}
        if (before["text"], before["status"]) != (row["text"], row["status"]):
            changed += 1
        elif any(before[name] != value for name, value in row.items()):
            refined += 1
    missing = () if article.comments_gap_reason in threads.PARTIAL else old.keys() - set(identities)
    gone = sum(old[identity]["gone_at"] is None for identity in missing)
    return threads.Changes(len(set(identities) - old.keys()), changed, gone), refined


def last_seen(connection: Connection, page_id: int) -> datetime | None:
    """Return when the article of a page was last seen, None when the page has none."""
    moment: datetime | None = connection.execute(
        select(articles.c.last_seen).where(articles.c.page_id == page_id)
    ).scalar_one_or_none()
    return moment


def save_again(connection: Connection, page_id: int, article: Article, seen: Sighting) -> Saved:
    """Store a new reading of what was seen before: what it replaces becomes a version, moments of sightings stay."""
    known = last_seen(connection, page_id)
    moment = max(known, seen.seen_at) if known is not None else seen.seen_at
    gone_at = connection.execute(select(articles.c.gone_at).where(articles.c.page_id == page_id)).scalar_one_or_none()
    saved = save_article(connection, page_id, article, Sighting(seen.run_id, moment, seen.extractor_version))
    if gone_at is not None and seen.seen_at <= gone_at:
        mark_gone(connection, page_id, gone_at)
    return saved


def mark_gone(connection: Connection, page_id: int, moment: datetime | None) -> None:
    """Note since when the article of a page is gone from its site; None where it is there."""
    connection.execute(update(articles).where(articles.c.page_id == page_id).values(gone_at=moment))


def replay(connection: Connection, page_id: int, sightings: Sequence[tuple[datetime, Article]], seen: Sighting) -> None:
    """Make the history of a page's article anew from all its *sightings*, oldest first; it and its comments keep their keys.

    Raises Erased when the article was erased on request. Versions that another extractor read stay as they are. Without
    sightings nothing changes.
    """
    old = connection.execute(select(articles).where(articles.c.page_id == page_id)).mappings().one_or_none()
    tombstones = Tombstones.current(connection)
    sightings = [(moment, tombstones.withhold_from(article)) for moment, article in sightings]
    keys: Keys | None = None
    kept: list[dict[str, Any]] = []
    if old is not None and sightings:
        _reserve_keys(connection, int(old["id"]), [article for _moment, article in sightings], seen.seen_at)
        keys, kept = _take_out(connection, dict(old), seen.extractor_version)
    for place, (moment, article) in enumerate(sightings):
        save_article(connection, page_id, article, Sighting(seen.run_id, moment, seen.extractor_version, keys))
        if place == 0 and kept:
            connection.execute(insert(article_versions), kept)


def _reserve_keys(connection: Connection, article_id: int, readings: Sequence[Article], now: datetime) -> None:
    """Make a row for every comment that has none, so that none gets a key that one of those taken out had."""
    known = set(connection.execute(select(comments.c.identity).where(comments.c.article_id == article_id)).scalars())
    wanted = {identity: None for article in readings for identity in threads.identities_of(article.comments)}
    blank = {
        "article_id": article_id, "position": 0, "depth": 0, "author_is_staff": False, "text": "", "status": "visible",
        "record_hash": "", "first_seen": now, "last_seen": now,
    }  # fmt: skip
    rows = [{**blank, "identity": identity} for identity in wanted if identity not in known]
    if rows:
        connection.execute(insert(comments), rows)


def _take_out(connection: Connection, old: Mapping[str, Any], version: str) -> tuple[Keys, list[dict[str, Any]]]:
    """Remove what was derived from captures; return its keys, and the versions that today's extractor cannot make again."""
    of_article = comments.c.article_id == old["id"]
    ids = {row.identity: int(row.id) for row in connection.execute(select(comments.c.identity, comments.c.id).where(of_article))}
    others = select(article_versions).where(
        article_versions.c.article_id == old["id"], article_versions.c.extractor_version != version
    )
    kept = [dict(row) for row in connection.execute(others).mappings()]
    if old["extractor_version"] != version:
        names = ("headline", "article_body", "content_hash", "extractor_version")
        reading = {name: old[name] for name in names}
        run = connection.execute(select(runs.c.id).order_by(runs.c.id).limit(1)).scalar_one()
        kept.append(
            {**reading, "article_id": old["id"], "run_id": run, "seen_at": old["last_seen"], "replaced_at": old["last_seen"]}
        )
    in_thread = select(comments.c.id).where(of_article)
    connection.execute(delete(comment_versions).where(comment_versions.c.comment_id.in_(in_thread)))
    connection.execute(update(comments).where(of_article).values(parent_id=None))
    connection.execute(delete(comments).where(of_article))
    for table in (authors, keywords, removed_blocks, article_versions):
        connection.execute(delete(table).where(table.c.article_id == old["id"]))
    connection.execute(delete(articles).where(articles.c.id == old["id"]))
    return Keys(int(old["id"]), ids), [{key: value for key, value in row.items() if key != "id"} for row in kept]


def pages_to_reread(connection: Connection, site_id: int, since: date | None, *, only_failed: bool) -> list[int]:
    """Return the pages of a site that have captures: all of them, or only those that gave no article."""
    has_article = exists().where(articles.c.page_id == pages.c.id)
    captured = exists().where(fetches.c.page_id == pages.c.id, fetches.c.warc_file.is_not(None), fetches.c.outcome == "ok")
    where = [pages.c.site_id == site_id, pages.c.kind == "page", pages.c.state != "redirect"]
    where.append(~has_article & captured if only_failed else has_article | captured)
    if since is not None:
        moment = datetime.combine(since, datetime.min.time()).astimezone()
        where.append(pages.c.last_visit >= moment)
    return [int(key) for key in connection.execute(select(pages.c.id).where(*where).order_by(pages.c.id)).scalars()]


def page_addresses(connection: Connection, page_ids: Sequence[int]) -> dict[int, str]:
    """Return the address of each of *page_ids*."""
    rows = connection.execute(select(pages.c.id, pages.c.url).where(pages.c.id.in_(page_ids)))
    return {int(row.id): row.url for row in rows}


def article_pages(connection: Connection, site_id: int) -> list[int]:
    """Return the pages of a site that hold articles."""
    query = select(pages.c.id).join(articles, articles.c.page_id == pages.c.id).where(pages.c.site_id == site_id)
    return [int(key) for key in connection.execute(query.order_by(pages.c.id)).scalars()]


def teaching_pages(connection: Connection, site_id: int) -> list[tuple[int, str]]:
    """Return key and kind of the pages of a site that are lists of its articles with their texts: posts first, then feeds."""
    teaches = pages.c.kind.in_(("feed", "posts")) & (pages.c.outcome == pages.c.kind)
    query = select(pages.c.id, pages.c.kind).where(pages.c.site_id == site_id, teaches)
    return [(int(row.id), row.kind) for row in connection.execute(query.order_by(pages.c.kind.desc(), pages.c.id))]


def site_of_page(connection: Connection, page_id: int) -> tuple[int, str]:
    """Return key and name of the site that a page is on."""
    row = connection.execute(select(sites.c.id, sites.c.name).join(pages).where(pages.c.id == page_id)).one()
    return int(row.id), row.name
