"""Import: other people's captures come into the archive, and are read as a crawl of their days
would have read them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection

from crawler.archive import finish_unfinished
from crawler.offline.pool import OfflinePool
from crawler.offline.results import PageTask, Reread
from crawler.offline.selection import CaptureSelection, Imported, Wanted
from pipelines.snapshots import spellings
from storage.articles import Sighting, mark_gone, page_addresses, replay, save_again
from storage.crawl import begin_run, register_site
from storage.database import Archive, WriteRefused, set_apart
from storage.imports import (
    ForeignCapture,
    Incoming,
    NoCaptures,
    NoTable,
    add_captures,
    end_imports,
    known_pages,
    read_captures,
    set_read_state,
    unread_pages,
)
from storage.privacy import Erased
from storage.progress import Report, no_report
from storage.records import Article
from storage.urls import site_of
from storage.warc import (
    WarcWriter,
    known_captures,
)

BATCH = 100


@dataclass(frozen=True, slots=True)
class ImportPlace:
    """Where an archive is: its database, its folder, and how many processes may work on it (0: one
    a core).
    """

    database: str
    folder: Path
    workers: int = 0


def import_into(
    place: ImportPlace,
    paths: Sequence[Path],
    wanted: Wanted,
    *,
    report: Report,
    known_in: Archive | None = None,
) -> Imported:
    """Take the captures of *paths* into the archive at *place*, read their pages, and return what
    came of it.

    Captures that *known_in*, another archive, has are left. Raises ArchiveUnavailable, NoCaptures
    or NoTable.
    """
    archive = Archive.open(place.database)
    finish_unfinished(archive, place.folder)
    warc = WarcWriter(
        place.folder / "warc", software=f"knipsel/{version('knipsel')}", operator="import"
    )
    try:
        work = Import(archive, place.folder, warc, wanted)
        try:
            work.take_in(paths, known_in, report)
        finally:
            warc.close()
        with OfflinePool(place.database, place.folder, place.workers) as pool:
            work.read(pool, report)
        return work.result
    finally:
        archive.close()


class Import:
    """One import into one archive, whose WARC files get a copy of every capture that is taken."""

    def __init__(self, archive: Archive, folder: Path, warc: WarcWriter, wanted: Wanted) -> None:
        self.result = Imported()
        self._archive = archive
        self._folder = folder
        self._warc = warc
        self._runs: dict[str, tuple[int, int]] = {}
        self._selected = CaptureSelection(archive, folder, wanted, self.result.left_out)

    def take_in(
        self, paths: Sequence[Path], known_in: Archive | None = None, report: Report = no_report
    ) -> None:
        """Copy the captures of *paths*, each once; those that *known_in*, another archive, has are
        left.

        Raises NoCaptures or NoTable when nothing could be read of any of them.
        """
        failures, taken = [], count(1)
        for path in paths:
            try:
                self._take(
                    _counted(
                        read_captures(path, self.result.left_out),
                        lambda: report("captures", next(taken), None),
                    ),
                    known_in,
                )
            except (NoCaptures, NoTable) as error:
                failures.append(error)
                self.result.left_out["unreadable_file"] += 1
        if len(failures) == len(paths):
            raise failures[0]
        self._take(self._selected.with_payloads(), known_in)
        self._selected.close()

    def _take(self, captures: Iterator[ForeignCapture], known_in: Archive | None) -> None:
        batch: list[Incoming] = []
        for capture in captures:
            one = self._selected.incoming(capture)
            if one is not None:
                batch.append(one)
            if len(batch) == BATCH or self._selected.is_full:
                self._keep(batch, known_in)
                batch = []
                if self._selected.is_full:
                    self._keep(list(self._selected.threads()), known_in)
        self._keep(batch, known_in)
        self._keep(list(self._selected.threads()), known_in)

    def _keep(self, batch: list[Incoming], known_in: Archive | None) -> None:
        batch = self._under_known_addresses(batch)
        known: set[tuple[str, datetime]] = set()
        for archive in (self._archive, *([known_in] if known_in else [])):
            with archive.read() as connection:
                known |= known_captures(connection, {one.page_url for one in batch})
        fresh = {(one.capture.url, one.capture.fetched_at): one for one in reversed(batch)}
        fresh = {key: one for key, one in reversed(fresh.items()) if key not in known}
        self.result.known += len(batch) - len(fresh)
        self.result.taken += len(fresh)
        by_site: dict[str, list[Incoming]] = {}
        for one in fresh.values():
            by_site.setdefault(site_of(one.page_url), []).append(one)
        with self._archive.begin() as connection:
            for site, captures in by_site.items():
                site_id, run_id = self._run(connection, site, captures[0].page_url)
                add_captures(connection, self._warc, site_id, run_id, captures)

    def _under_known_addresses(self, batch: list[Incoming]) -> list[Incoming]:
        """Return *batch* with each page under the address by which the archive knows it: http or
        https, "www." or not.
        """
        wanted = {one.page_url: spellings(one.page_url) for one in batch}
        with self._archive.read() as connection:
            known = known_pages(connection, {url for urls in wanted.values() for url in urls})
        first: dict[tuple[str, ...], str] = {}
        for url, urls in wanted.items():
            first.setdefault(urls, next((spelling for spelling in urls if spelling in known), url))
        return [replace(one, page_url=first[wanted[one.page_url]]) for one in batch]

    def _run(self, connection: Connection, site: str, url: str) -> tuple[int, int]:
        if site not in self._runs:
            parts = urlsplit(url)
            site_id = register_site(connection, f"{parts.scheme}://{parts.netloc}/")
            run_id = begin_run(
                connection, site_id, {"command": "import", "site": site}, datetime.now(UTC)
            )
            self._runs[site] = site_id, run_id
        return self._runs[site]

    def read(self, pool: OfflinePool, report: Report) -> None:
        """Read every page that has captures which are not read yet, also those that an import left
        that was cut off.
        """
        with self._archive.read() as connection:
            page_ids = unread_pages(connection)
        done = 0
        for lot in pool.run("read_imported", self._tasks(page_ids)):
            with self._archive.begin() as connection:
                for reread in lot:
                    self._store(connection, reread)
            done += len(lot)
            report("pages", done, len(page_ids))
        with self._archive.begin() as connection:
            end_imports(connection, (run for _site, run in self._runs.values()), datetime.now(UTC))

    def _tasks(self, page_ids: Sequence[int]) -> Iterator[PageTask]:
        for start in range(0, len(page_ids), 500):
            with self._archive.read() as connection:
                addresses = page_addresses(connection, page_ids[start : start + 500])
            yield from (PageTask(key, addresses[key]) for key in page_ids[start : start + 500])

    def _store(self, connection: Connection, reread: Reread) -> None:
        run_id = self._run(connection, site_of(reread.url), reread.url)[1]
        shown: list[tuple[datetime, Article]] = [
            (s.moment, s.article) for s in reread.sightings if s.article is not None
        ]
        self._count(reread, shown)
        newest = (reread.newest.outcome, reread.newest.detail) if reread.newest else None
        try:
            with set_apart(connection):
                _save_sightings(connection, reread, shown, run_id)
        except Erased as error:
            newest = "erased", str(error)
        except WriteRefused as refused:
            newest = "not_stored", str(refused)
        mark_gone(connection, reread.page_id, reread.gone_at)
        newest = (reread.refusal, None) if reread.refusal else newest
        set_read_state(connection, reread.page_id, newest)

    def _count(self, reread: Reread, shown: Sequence[tuple[datetime, Article]]) -> None:
        """Count what came of a page: *shown* are the articles that its captures show."""
        if shown:
            self.result.pages["article"] += 1
            self.result.comments += len(shown[-1][1].comments)
            return
        newest = reread.newest or (reread.sightings[-1] if reread.sightings else None)
        outcome = newest.outcome if newest else reread.refusal
        self.result.pages[outcome or "no_capture"] += 1


def _save_sightings(
    connection: Connection, reread: Reread, shown: list[tuple[datetime, Article]], run_id: int
) -> None:
    if shown and reread.is_replay:
        seen = Sighting(run_id, shown[-1][0], version("knipsel"))
        replay(connection, reread.page_id, shown, seen)
        return
    for moment, article in shown:
        seen = Sighting(run_id, moment, version("knipsel"))
        save_again(connection, reread.page_id, article, seen)


def _counted(
    captures: Iterator[ForeignCapture], report: Callable[[], None]
) -> Iterator[ForeignCapture]:
    for capture in captures:
        report()
        yield capture
