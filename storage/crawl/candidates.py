"""Candidates become pages: new rows for what is new, and for known pages what a site's own lists
state of them.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.crawl.frontier import CHUNK, SETTLED, queue_pages
from storage.database import pages, sites
from storage.records import Candidate
from storage.urls import variant_key

CLOCKS_DIFFER = timedelta(minutes=10)
# A site that stamps every page anew each night teaches nothing: after so many idle looks its
# lastmod counts only when it
# was right for a tenth of them.
IDLE_LOOKS = 20

# Built once: to build a statement costs as much as to run it.
_SITE = select(sites.c.pages, sites.c.lastmod_right, sites.c.lastmod_wrong).where(
    sites.c.id == bindparam("key")
)
_STATED = (
    "priority", "lastmod", "feed_published", "last_comment", "comments_listed", "listed_in",
    "found_how",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Where and when candidates were found: the site, the page that names them, whether that is a
    sitemap.

    *follows_on* states whether news on the page makes its next page worth a look as well.
    """

    site_id: int
    now: datetime
    cap: int
    page_id: int | None = None
    is_list: bool = False
    follows_on: bool = True


@dataclass(frozen=True, slots=True)
class Added:
    """The addresses that became new pages, how many found no room under the site's cap, how many
    known pages are due again.
    """

    new: tuple[str, ...]
    refused: int
    due: int


def add_candidates(
    connection: Connection, candidates: Iterable[Candidate], listing: Listing
) -> Added:
    """Make a row for each candidate that has none; queue known pages that a list calls changed.

    When there is any news, the page that goes on where the list ends is queued as well.
    """
    wanted = {candidate.url: candidate for candidate in candidates}
    known = _known(connection, list(wanted))
    pairs = [(row, wanted[url]) for url, row in known.items()]
    site = connection.execute(_SITE, {"key": listing.site_id}).one()
    due = _queue_hinted(connection, pairs, site)
    _note(connection, pairs, listing)
    goes_on = listing.follows_on and _goes_on(wanted, known, due)
    fresh = [
        candidate
        for url, candidate in wanted.items()
        if url not in known and (goes_on or not _is_more_comments(candidate))
    ]
    new = fresh[: max(0, listing.cap - site.pages)]
    if new:
        connection.execute(insert(pages), [_row(candidate, listing) for candidate in new])
        grown = sites.c.pages + len(new)
        connection.execute(update(sites).where(sites.c.id == listing.site_id).values(pages=grown))
    if goes_on:
        more = [row.id for row, candidate in pairs if candidate.is_next and row.state in SETTLED]
        queue_pages(connection, more, "more")
    return Added(tuple(candidate.url for candidate in new), len(fresh) - len(new), len(due))


def find_or_add_page(
    connection: Connection, candidate: Candidate, listing: Listing
) -> tuple[int, int]:
    """Return the key of a candidate's page, made where it is new, and the number of its lease."""
    add_candidates(connection, [candidate], listing)
    columns = (pages.c.id, pages.c.lease_token)
    row = connection.execute(select(*columns).where(pages.c.url == candidate.url)).one()
    return int(row.id), int(row.lease_token)


def _goes_on(wanted: Mapping[str, Candidate], known: Mapping[str, Any], due: Set[str]) -> bool:
    """Return whether a list's next page may hold news: where entries are in order, only if its
    last one is news itself.
    """
    entries = [url for url, candidate in wanted.items() if not candidate.is_next]
    kinds = {candidate.kind for candidate in wanted.values() if candidate.is_next}
    if "comments" in kinds and not due:
        return False  # what is new here is read under its article
    asked = entries[-1:] if kinds & {"changes", "comments"} else entries
    return any(url in due or url not in known for url in asked)


def _is_more_comments(candidate: Candidate) -> bool:
    """All the comments of a site are read under their articles; its list of them is only read as
    far as it has news.
    """
    return candidate.is_next and candidate.kind == "comments"


def _known(connection: Connection, urls: Sequence[str]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    columns = [
        pages.c[name] for name in ("id", "url", "kind", "state", "visits", "last_visit", *_STATED)
    ]
    for start in range(0, len(urls), CHUNK):
        rows = connection.execute(
            select(*columns).where(pages.c.url.in_(urls[start : start + CHUNK]))
        )
        known |= {row.url: row for row in rows}
    return known


def _row(candidate: Candidate, listing: Listing) -> dict[str, Any]:
    copied = (
        "url", "kind", "found_how", "found_on", "priority", "depth", "lastmod", "feed_published",
        "last_comment",
        "comments_listed",
    )  # fmt: skip
    return {
        **{name: getattr(candidate, name) for name in copied},
        "site_id": listing.site_id,
        "state": "queued",
        "first_seen": listing.now,
        "listed_in": listing.page_id if listing.is_list else None,
        "variant": variant_key(candidate.url),
    }


def _queue_hinted(
    connection: Connection, pairs: Sequence[tuple[Any, Candidate]], site: Any
) -> Set[str]:
    """Queue the known pages that the list calls changed and return their addresses; the row of
    their *site* states whether its lastmod is trusted.
    """
    by_hint: dict[str, list[int]] = {}
    due: set[str] = set()
    trusts = site.lastmod_wrong < IDLE_LOOKS or 10 * site.lastmod_right >= site.lastmod_wrong
    for row, candidate in pairs:
        hint = hint_of(row, candidate, trusts_lastmod=trusts)
        if hint is not None:
            by_hint.setdefault(hint, []).append(row.id)
            due.add(row.url)
    for hint, ids in by_hint.items():
        queue_pages(connection, ids, hint)
    return due


def hint_of(row: Any, candidate: Candidate, *, trusts_lastmod: bool) -> str | None:
    """Return in a word why a list makes a known page worth a visit: "comment" or "lastmod"; None
    when it does not.
    """
    if row.last_visit is None or row.state not in SETTLED:
        return None
    if candidate.last_comment is not None:
        known = row.last_comment or row.last_visit - CLOCKS_DIFFER
        if candidate.last_comment > known:
            return "comment"
    counts = {candidate.comments_listed, row.comments_listed} - {None}
    if len(counts) == 2:
        return "comment"
    return "lastmod" if _is_newer(row, candidate, trusts_lastmod=trusts_lastmod) else None


def _is_newer(row: Any, candidate: Candidate, *, trusts_lastmod: bool) -> bool:
    if candidate.lastmod is None or (row.kind == "page" and not trusts_lastmod):
        return False
    known: datetime = row.lastmod or row.last_visit
    return candidate.lastmod > known


def _note(connection: Connection, pairs: Sequence[tuple[Any, Candidate]], listing: Listing) -> None:
    """Keep what the list states of known pages: dates and counts as it states them, a better
    priority of pages never visited, that robots.txt names them.
    """
    changed = []
    for row, candidate in pairs:
        old = {name: getattr(row, name) for name in _STATED}
        stated = {name: getattr(candidate, name, None) for name in _STATED}
        new = {name: value if stated[name] is None else stated[name] for name, value in old.items()}
        new["priority"] = min(row.priority, candidate.priority) if row.visits == 0 else row.priority
        if row.last_comment and new["last_comment"]:
            new["last_comment"] = max(row.last_comment, new["last_comment"])
        if listing.is_list:
            new["listed_in"] = listing.page_id
        # what was only guessed is a list of the site from now on
        new["found_how"] = "robots" if candidate.found_how == "robots" else row.found_how
        if new != old:
            changed.append({"key": row.id, **{f"new_{name}": value for name, value in new.items()}})
    if changed:
        values: dict[str, Any] = {
            name: bindparam(f"new_{name}", type_=pages.c[name].type) for name in _STATED
        }
        connection.execute(
            update(pages).where(pages.c.id == bindparam("key")).values(values), changed
        )
