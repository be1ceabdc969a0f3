"""What a worker process does with kept captures: reads pages again, without a network, and reports
what that changes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

from sqlalchemy import Connection

from crawler.extraction import learn_site, load_profiles
from crawler.offline.page_history import PageHistory
from crawler.offline.results import LearnedSite, PageTask, Reread, SiteTask
from pipelines.snapshots import Group, SnapshotSighting
from storage.articles import (
    CARRIED_OVER,
    CUT_OFF,
    Stored,
    differences,
    is_silent,
    last_seen,
    sites_of_pages,
    stored_articles,
)
from storage.database import Archive
from storage.exports import ExportedPart, ExportPart, export_part
from storage.warc import CaptureReader, captures_of_pages


class Rereader:
    """Reads pages of one archive again, lot by lot."""

    def __init__(self, database: str, folder: Path, modules: Sequence[str] = ()) -> None:
        self._archive = Archive.open(database)
        self._folder = folder
        self._modules = modules

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()

    def reextract(self, tasks: Sequence[PageTask]) -> list[Reread]:
        """Return what today's code reads of pages: of the last look at an article, or of every look
        where there is none.
        """
        with self._archive.read() as connection:
            held = stored_articles(connection, [task.page_id for task in tasks])
            return [
                _reextracted(history, held.get(history.task.page_id))
                for history in self._histories(connection, tasks)
            ]

    def read_imported(self, tasks: Sequence[PageTask]) -> list[Reread]:
        """Return what imported captures of pages show: these alone where all are newer than what is
        known, else all.
        """
        with self._archive.read() as connection:
            return [
                _imported(history, last_seen(connection, history.task.page_id))
                for history in self._histories(connection, tasks)
            ]

    def learn(self, tasks: Sequence[SiteTask]) -> list[LearnedSite]:
        """Return what the newest captures of sites teach."""
        with self._archive.read() as connection:
            return [
                LearnedSite(task, learn_site(connection, self._folder, task.site_id, task.site))
                for task in tasks
            ]

    def export_part(self, parts: Sequence[ExportPart]) -> list[ExportedPart]:
        """Write parts of an export, as it was at the moment that all parts share."""
        with self._archive.read() as connection:
            return [export_part(connection, part) for part in parts]

    def _histories(
        self, connection: Connection, tasks: Sequence[PageTask]
    ) -> Iterator[PageHistory]:
        """Yield the looks at each page; what the archive knows of all of them is asked at once."""
        captures = captures_of_pages(connection, {task.page_id: task.url for task in tasks})
        sites = sites_of_pages(connection, list(captures))
        profiles = {
            site: load_profiles(connection, *site, self._modules) for site in set(sites.values())
        }
        reader = CaptureReader(self._folder / "warc", connection)
        for task in tasks:
            yield PageHistory(
                connection, reader, task, captures[task.page_id], profiles[sites[task.page_id]]
            )


def _reextracted(history: PageHistory, held: Stored | None) -> Reread:
    task = history.task
    if held is None:
        seen = tuple(map(history.at, history.groups))
        shown = tuple(sighting for sighting in seen if sighting.article is not None)
        return Reread(task.page_id, task.url, shown, seen[-1] if seen else None)
    alive = [group for group in history.groups if not group.main.is_gone]
    if not alive:
        return Reread(task.page_id, task.url, refusal="unavailable")
    newest = _newest(history, alive)
    if newest.article is None:
        return Reread(task.page_id, task.url, refusal=newest.outcome)
    observed = history.observe(alive[-1].main)
    article = newest.article
    changes = differences(held, article)
    if is_silent(article) and not CARRIED_OVER.isdisjoint(changes.fields):
        article = history.completed(article, alive[:-1])
        changes = differences(held, article)
    newest = replace(newest, article=article)
    return Reread(
        task.page_id, task.url, (newest,) if changes.any else (), changes=changes, observed=observed
    )


def _newest(history: PageHistory, alive: Sequence[Group]) -> SnapshotSighting:
    """Return what the newest look shows that was not cut off, the newest of all where each was."""
    newest = history.at(alive[-1])
    for group in reversed(alive):
        seen = history.at(group)
        if seen.article is None or seen.article.comments_gap_reason != CUT_OFF:
            return seen if seen.article is not None or group is alive[-1] else newest
    return newest


def _imported(history: PageHistory, known: datetime | None) -> Reread:
    task = history.task
    unread = [group for group in history.groups if group.is_unread]
    is_replay = known is not None and any(group.main.fetched_at <= known for group in unread)
    groups = history.groups if is_replay else unread
    sightings = tuple(map(history.at, groups))
    if not groups:
        newest = SnapshotSighting(
            datetime.now(UTC), None, "part", "Only further pages of this article were captured."
        )
        return Reread(task.page_id, task.url, newest=newest)
    return Reread(
        task.page_id,
        task.url,
        sightings,
        sightings[-1] if history.groups[-1].is_unread else None,
        is_replay=is_replay,
        gone_at=_gone_since(history.groups),
    )


def _gone_since(groups: Sequence[Group]) -> datetime | None:
    """Return the moment of the first of the captures at the end of *groups* that found no page;
    None where the last found one.
    """
    ending = [
        group.main.fetched_at
        for group in takewhile(lambda group: group.main.is_gone, reversed(groups))
    ]
    return ending[-1] if ending else None
