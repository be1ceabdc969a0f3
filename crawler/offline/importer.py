"""Import: other people's captures come into the archive, and are read as a crawl of their days
would have read them.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection

from crawler.offline.pool import OfflinePool
from crawler.offline.worker import PageTask, Reread
from pipelines.snapshots import page_of, spellings
from storage.articles import Sighting, mark_gone, page_addresses, replay, save_again
from storage.crawl import begin_run, register_site
from storage.database import Archive
from storage.imports import (
    ForeignCapture,
    Incoming,
    NoCaptures,
    NoTable,
    add_captures,
    end_imports,
    is_erased,
    known_pages,
    original_place,
    read_captures,
    settle_page,
    unread_pages,
)
from storage.outcomes import GONE_STATUSES
from storage.privacy import Erased, Tombstones
from storage.progress import Report, tell_nobody
from storage.urls import BadAddress, canonical, site_of, why_unfollowed
from storage.warc import (
    BadAnswer,
    CaptureReader,
    Unavailable,
    WarcWriter,
    known_captures,
    parse_answer,
    split_head,
)

BATCH = 100
HTML_TYPES = ("text/html", "application/xhtml", "application/xml", "text/xml", "text/plain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which captures are taken: of these hosts with their subdomains (all when empty), of these
    days, of these types.
    """

    hosts: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    types: tuple[str, ...] = HTML_TYPES

    def refusal(self, capture: ForeignCapture) -> str | None:
        """Return in a word why *capture* is not taken, None when it is."""
        host = site_of(capture.url).partition(":")[0]
        if self.hosts and not any(
            host == wanted or host.endswith(f".{wanted}") for wanted in self.hosts
        ):
            return "other_host"
        day = capture.fetched_at.date()
        if (self.since and day < self.since) or (self.until and day > self.until):
            return "other_day"
        return None


@dataclass(slots=True)
class Imported:
    """What an import brought, counted: captures taken, known and left out by reason; articles and
    comments of the pages read.
    """

    taken: int = 0
    known: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    comments: int = 0


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
        self._wanted = wanted
        self._runs: dict[str, tuple[int, int]] = {}
        self._revisits: list[ForeignCapture] = []
        with archive.read() as connection:
            self._tombstones = Tombstones.load(connection)

    def take_in(
        self, paths: Sequence[Path], known_in: Archive | None = None, report: Report = tell_nobody
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
        self._take(self._with_payloads(), known_in)

    def _take(self, captures: Iterator[ForeignCapture], known_in: Archive | None) -> None:
        batch: list[Incoming] = []
        for capture in captures:
            one = self._incoming(capture)
            if one is not None:
                batch.append(one)
            if len(batch) == BATCH:
                self._keep(batch, known_in)
                batch = []
        self._keep(batch, known_in)

    def _incoming(self, capture: ForeignCapture) -> Incoming | None:
        """Return *capture* ready to be kept; None when it is left out, and counted, or waits for
        its payload.
        """
        why = self._wanted.refusal(capture)
        try:
            url = canonical(capture.url)
            followed = why_unfollowed(url)
            why = why or (followed if followed != "comment_page" else None)
            if why is None and capture.is_revisit:
                self._revisits.append(capture)
                return None
            status, kind = (
                (None, capture.media_type) if capture.media_type else _status_and_type(capture)
            )
        except BadAddress:
            why = "bad_address"
        except BadAnswer:
            why = "mislabelled"
        else:
            why = why or self._why_not(status, kind)
        if why is not None:
            self.result.left_out[why] += 1
            return None
        one = Incoming(page_of(url), capture, status, kind)
        if is_erased(self._tombstones, one):
            self.result.left_out["erased"] += 1
            return None
        return one

    def _why_not(self, status: int | None, kind: str | None) -> str | None:
        if status is not None and not (200 <= status < 300 or status in GONE_STATUSES):
            return f"status_{status}"
        return None if not kind or kind.lower().startswith(self._wanted.types) else "not_html"

    def _with_payloads(self) -> Iterator[ForeignCapture]:
        """Yield the revisit records as answers, each with the payload of the capture that it refers
        to.
        """
        for capture in self._revisits:
            with self._archive.read() as connection:
                urls = (
                    spellings(page_of(canonical(capture.original[0]))) if capture.original else ()
                )
                place = original_place(connection, urls, capture)
                try:
                    stored = (
                        CaptureReader(self._folder / "warc", connection).message_at(*place)
                        if place
                        else None
                    )
                except Unavailable:
                    stored = None
            if stored is None:
                self.result.left_out["revisit_without_payload"] += 1
                continue
            head = capture.message if capture.message.startswith(b"HTTP/") else stored
            message = split_head(head)[0] + b"\r\n\r\n" + split_head(stored)[1]
            yield replace(capture, message=message, is_revisit=False)

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
        shown: list[tuple[datetime, Any]] = [
            (s.moment, s.article) for s in reread.sightings if s.article is not None
        ]
        newest = reread.newest or (reread.sightings[-1] if reread.sightings else None)
        self.result.pages[
            "article" if shown else newest.outcome if newest else reread.refusal or "no_capture"
        ] += 1
        self.result.comments += len(shown[-1][1].comments) if shown else 0
        settled = (reread.newest.outcome, reread.newest.detail) if reread.newest else None
        try:
            if shown and reread.is_replay:
                replay(
                    connection,
                    reread.page_id,
                    shown,
                    Sighting(run_id, shown[-1][0], version("knipsel")),
                )
            else:
                for moment, article in shown:
                    save_again(
                        connection,
                        reread.page_id,
                        article,
                        Sighting(run_id, moment, version("knipsel")),
                    )
        except Erased as error:
            settled = "erased", str(error)
        mark_gone(connection, reread.page_id, reread.gone_at)
        settle_page(
            connection, reread.page_id, (reread.refusal, None) if reread.refusal else settled
        )


def _counted(
    captures: Iterator[ForeignCapture], tell: Callable[[], None]
) -> Iterator[ForeignCapture]:
    for capture in captures:
        tell()
        yield capture


def _status_and_type(capture: ForeignCapture) -> tuple[int, str | None]:
    answer = parse_answer(capture.message)
    return answer.status, answer.headers.get("content-type")
