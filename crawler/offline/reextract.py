"""Re-extraction: kept captures are read again with today's code, and what reads differently is
stored as a new version.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import Connection

from crawler.extraction import watch_site
from crawler.offline.results import PageTask, Reread
from crawler.offline.tasks import Pool
from pipelines.learning import Verdict
from storage.articles import Sighting, page_addresses, pages_to_reread, replay, save_again
from storage.crawl import (
    Ending,
    chosen_sites,
    close_profile,
    end_run,
    note_progress,
    resume_or_begin,
)
from storage.database import Archive, WriteRefused, set_apart
from storage.imports import set_read_state
from storage.privacy import Erased
from storage.progress import Report


class NothingToReread(Exception):
    """Raised when there is nothing that could be read again; its text gives the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is read again: one site or all, pages since a day, only those without an article;
    *is_dry* stores nothing.
    """

    site: str | None = None
    since: date | None = None
    only_failed: bool = False
    is_dry: bool = False

    def arguments(self, site: str) -> dict[str, Any]:
        """Return what the run's row keeps; a run with equal arguments that was cut off is gone on
        with.
        """
        since = str(self.since) if self.since else None
        return {
            "command": "reextract",
            "site": site,
            "since": since,
            "only_failed": self.only_failed,
            "extractor": version("knipsel"),
        }


@dataclass(slots=True)
class ReextractChanges:
    """What differs from what was stored, counted."""

    pages: int = 0
    articles: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    comments: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    drift: list[str] = field(default_factory=list)

    def add(self, reread: Reread) -> None:
        """Count one page."""
        self.pages += 1
        if reread.refusal is not None:
            self.refusals[reread.refusal] += 1
        elif reread.changes is None:
            self.articles["new" if reread.sightings else "still none"] += 1
            self.comments["new"] += sum(
                len(s.article.comments) for s in reread.sightings[-1:] if s.article is not None
            )
        else:
            found = reread.changes
            self.articles["changed" if found.any else "unchanged"] += 1
            self.fields.update(found.fields)
            self.comments["new"] += found.comments.new
            self.comments["changed"] += found.comments.changed
            self.comments["no longer read"] += found.comments.gone
            self.comments["other details"] += found.comments_refined


def reextract_pages(archive: Archive, pool: Pool, order: Order, report: Report) -> ReextractChanges:
    """Read the pages that *order* names again and store what changed, lot by lot; *report* is
    called with how far it is.

    Raises NothingToReread.
    """
    changes = ReextractChanges()
    with archive.read() as connection:
        sites = chosen_sites(connection, order.site)
        todo = {
            site: pages_to_reread(connection, key, order.since, only_failed=order.only_failed)
            for key, site in sites
        }
    if not any(todo.values()):
        what = f"a page of {order.site}" if order.site else "any page"
        raise NothingToReread(
            f"The archive has no captures of {what} that could be read again; crawl "
            "or import some first."
        )
    total = sum(map(len, todo.values()))
    for site_id, site in sites:
        with archive.read() as connection:
            watch = watch_site(connection, site_id)
        for lot in _SiteWork(archive, pool, order, site_id, site).lots(todo[site]):
            for reread in lot:
                changes.add(reread)
                closed = watch.add(reread.observed) if reread.observed is not None else {}
                changes.drift += [f"{site}: {verdict}" for verdict in closed.values()]
                if not order.is_dry:
                    _close(archive, closed)
            report("pages", changes.pages, total)
    return changes


def _close(archive: Archive, verdicts: Mapping[int, Verdict]) -> None:
    for profile_id, verdict in verdicts.items():
        with archive.begin() as connection:
            close_profile(connection, profile_id, verdict.moment)


@dataclass(frozen=True, slots=True)
class _SiteWork:
    """The re-extraction of one site."""

    archive: Archive
    pool: Pool
    order: Order
    site_id: int
    site: str

    def lots(self, page_ids: Sequence[int]) -> "Any":
        """Yield what came of each lot of pages, after it is stored."""
        if self.order.is_dry:
            yield from self.pool.run("reextract", self._tasks(page_ids))
            return
        with self.archive.begin() as connection:
            run_id, after = resume_or_begin(
                connection, self.site_id, self.order.arguments(self.site), datetime.now(UTC)
            )
        done = 0
        for lot in self.pool.run(
            "reextract", self._tasks([key for key in page_ids if key > after])
        ):
            with self.archive.begin() as connection:
                for reread in lot:
                    store(connection, reread, run_id)
                note_progress(connection, run_id, {"after": lot[-1].page_id})
            done += len(lot)
            yield lot
        with self.archive.begin() as connection:
            end_run(connection, run_id, Ending({"pages": done}, "ok", ()), datetime.now(UTC))

    def _tasks(self, page_ids: Sequence[int]) -> "Any":
        for start in range(0, len(page_ids), 500):
            with self.archive.read() as connection:
                addresses = page_addresses(connection, page_ids[start : start + 500])
            yield from (PageTask(key, addresses[key]) for key in page_ids[start : start + 500])


def store(connection: Connection, reread: Reread, run_id: int) -> None:
    """Store what came of one page in the caller's transaction; what was erased on request is not
    stored again, and a page that the database refuses is put aside.
    """
    try:
        with suppress(Erased), set_apart(connection):
            _store(connection, reread, run_id)
    except WriteRefused as refused:
        set_read_state(connection, reread.page_id, ("not_stored", str(refused)))


def _store(connection: Connection, reread: Reread, run_id: int) -> None:
    shown = [sighting for sighting in reread.sightings if sighting.article is not None]
    if not shown:
        return
    seen = Sighting(run_id, shown[-1].moment, version("knipsel"))
    if reread.changes is not None:
        assert shown[-1].article is not None  # noqa: S101  # chosen above
        save_again(connection, reread.page_id, shown[-1].article, seen)
        return
    replay(
        connection,
        reread.page_id,
        [(s.moment, s.article) for s in shown if s.article is not None],
        seen,
    )
    newest = reread.newest
    set_read_state(connection, reread.page_id, (newest.outcome, newest.detail) if newest else None)
