"""What a worker process does with kept captures: reads pages again, without a network, and tells
what that changes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import takewhile
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection

from crawler.extraction import learn_site, load_profiles
from pipelines.article import NotAnArticle, check_type, read_by
from pipelines.comments import BadSource, read_source
from pipelines.document import Unreadable, open_document, refresh_target
from pipelines.learning import Observation, is_checked, observe
from pipelines.profiles import Profile, profile_for
from pipelines.snapshots import (
    Group,
    SnapshotSighting,
    Sources,
    group_captures,
    look,
    page_of,
    spellings,
)
from storage.articles import (
    CARRIED,
    Differences,
    Stored,
    carry,
    differences,
    is_silent,
    last_seen,
    sites_of_pages,
    stored_articles,
)
from storage.database import Archive
from storage.exports import ExportedPart, ExportPart, export_part
from storage.records import Article, Comment, Page, StoredCapture
from storage.urls import BadAddress, canonical
from storage.warc import CaptureReader, Unavailable, captures_at, captures_of_pages


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page to read again: its key and its address."""

    page_id: int
    url: str

    def failed(self) -> "Reread":
        """Return the answer of a page that killed its worker, or kept it for too long, twice."""
        return Reread(self.page_id, self.url, refusal="extraction_failed")


@dataclass(frozen=True, slots=True)
class SiteTask:
    """A site to learn: its key and its name."""

    site_id: int
    site: str

    def failed(self) -> "LearnedSite":
        """Return the answer of a site whose pages killed their worker: nothing was learned."""
        return LearnedSite(self, ())


@dataclass(frozen=True, slots=True)
class LearnedSite:
    """What the kept pages of a site taught."""

    task: SiteTask
    profiles: tuple[Profile, ...]


@dataclass(frozen=True, slots=True)
class Reread:
    """What came of one page.

    *sightings* are to be stored one after the other or, with *is_replay*, in the place of all
    before. *newest* is what the newest look showed, None where that was known before. *refusal*
    tells why an article that the archive has is none by today's code; *changes* what storing the
    article changes; *observed* what the page told of its profile; *gone_at* since when looks find
    no page any more.
    """

    page_id: int
    url: str
    sightings: tuple[SnapshotSighting, ...] = ()
    newest: SnapshotSighting | None = None
    is_replay: bool = False
    refusal: str | None = None
    changes: Differences | None = None
    gone_at: datetime | None = None
    observed: Observation | None = None


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
                _reextracted(looks, held.get(looks.task.page_id))
                for looks in self._looks(connection, tasks)
            ]

    def read_imported(self, tasks: Sequence[PageTask]) -> list[Reread]:
        """Return what imported captures of pages show: these alone where all are newer than what is
        known, else all.
        """
        with self._archive.read() as connection:
            return [
                _imported(looks, last_seen(connection, looks.task.page_id))
                for looks in self._looks(connection, tasks)
            ]

    def learn(self, tasks: Sequence[SiteTask]) -> list[LearnedSite]:
        """Return what the newest captures of sites teach."""
        with self._archive.read() as connection:
            return [
                LearnedSite(task, learn_site(connection, self._folder, task.site_id, task.site))
                for task in tasks
            ]

    def export_part(self, parts: Sequence[ExportPart]) -> list[ExportedPart]:
        """Write parts of an export, as it stood at the moment that all parts share."""
        with self._archive.read() as connection:
            return [export_part(connection, part) for part in parts]

    def _looks(self, connection: Connection, tasks: Sequence[PageTask]) -> Iterator["_Looks"]:
        """Yield the looks at each page; what the archive knows of all of them is asked at once."""
        captures = captures_of_pages(connection, {task.page_id: task.url for task in tasks})
        sites = sites_of_pages(connection, list(captures))
        profiles = {
            site: load_profiles(connection, *site, self._modules) for site in set(sites.values())
        }
        reader = CaptureReader(self._folder / "warc", connection)
        for task in tasks:
            yield _Looks(
                connection, reader, task, captures[task.page_id], profiles[sites[task.page_id]]
            )


def _reextracted(looks: "_Looks", held: Stored | None) -> Reread:
    task = looks.task
    if held is None:
        seen = tuple(map(looks.at, looks.groups))
        shown = tuple(sighting for sighting in seen if sighting.article is not None)
        return Reread(task.page_id, task.url, shown, seen[-1] if seen else None)
    alive = [group for group in looks.groups if not group.main.is_gone]
    if not alive:
        return Reread(task.page_id, task.url, refusal="unavailable")
    newest = looks.at(alive[-1])
    if newest.article is None:
        return Reread(task.page_id, task.url, refusal=newest.outcome)
    observed = looks.observe(alive[-1].main)
    article = newest.article
    changes = differences(held, article)
    if is_silent(article) and not CARRIED.isdisjoint(changes.fields):
        article = looks.completed(article, alive[:-1])
        changes = differences(held, article)
    newest = replace(newest, article=article)
    return Reread(
        task.page_id, task.url, (newest,) if changes.any else (), changes=changes, observed=observed
    )


def _imported(looks: "_Looks", known: datetime | None) -> Reread:
    task = looks.task
    unread = [group for group in looks.groups if group.is_unread]
    is_replay = known is not None and any(group.main.fetched_at <= known for group in unread)
    groups = looks.groups if is_replay else unread
    sightings = tuple(map(looks.at, groups))
    if not groups:
        newest = SnapshotSighting(
            datetime.now(UTC), None, "part", "Only further pages of this article were captured."
        )
        return Reread(task.page_id, task.url, newest=newest)
    return Reread(
        task.page_id,
        task.url,
        sightings,
        sightings[-1] if looks.groups[-1].is_unread else None,
        is_replay=is_replay,
        gone_at=_gone_since(looks.groups),
    )


def _gone_since(groups: Sequence[Group]) -> datetime | None:
    """Return the moment of the first of the looks at the end of *groups* that found no page; None
    where the last found one.
    """
    ending = [
        group.main.fetched_at
        for group in takewhile(lambda group: group.main.is_gone, reversed(groups))
    ]
    return ending[-1] if ending else None


class _Looks:
    """The looks at one page, each capture read at most once."""

    def __init__(
        self,
        connection: Connection,
        reader: CaptureReader,
        task: PageTask,
        captures: Sequence[StoredCapture],
        profiles: Sequence[Profile],
    ) -> None:
        self._connection = connection
        self._profiles = profiles
        self._reader = reader
        self._read: dict[tuple[str, int], Article | NotAnArticle] = {}
        self.task = task
        self.groups = group_captures(task.url, captures)

    def at(self, group: Group) -> SnapshotSighting:
        """Return what one look shows; a page that breaks our code or cannot be read is a sighting
        too, with its reason.
        """
        try:
            return look(group, Sources(self._article, self._comments, self._find))
        except Unavailable as error:
            return SnapshotSighting(group.main.fetched_at, None, "unavailable", str(error))
        except (
            Exception
        ) as error:  # the boundary: a page that breaks our code is put aside, with its reason
            return SnapshotSighting(
                group.main.fetched_at,
                None,
                "internal_error",
                f"{type(error).__name__}: {error}"[:500],
            )

    def completed(self, article: Article, before: Sequence[Group]) -> Article:
        """Return *article* with the date and the authors that only a look of *before* told, the
        latest that did.
        """
        for group in reversed(before):
            if not is_silent(article):
                break
            earlier = self.at(group).article
            article = carry(article, earlier) if earlier is not None else article
        return article

    def _article(self, capture: StoredCapture) -> Article:
        place = capture.file, capture.offset
        if place not in self._read:
            try:
                self._read[place] = _read_page(self._reader.read(capture), self._profiles)
            except NotAnArticle as refusal:
                self._read[place] = refusal
        found = self._read[place]
        if isinstance(found, NotAnArticle):
            raise found
        return found

    def _comments(self, capture: StoredCapture) -> Sequence[Comment]:
        page = self._reader.read(capture)
        try:
            return read_source(page.body, page.fetched_at)
        except BadSource:
            return ()  # what a crawl does with such an answer too: the gap stays

    def observe(self, capture: StoredCapture) -> Observation | None:
        """Return what a page by itself told of the profile that read it, None where the site has
        none then.
        """
        if not any(profile.is_valid_at(capture.fetched_at) for profile in self._profiles):
            return None
        generic = (
            partial(_read_page, self._reader.read(capture), ()) if is_checked(capture.url) else None
        )
        return observe(self._article(capture), capture.fetched_at, generic)

    def _find(self, url: str) -> Sequence[StoredCapture]:
        try:
            return captures_at(self._connection, spellings(page_of(canonical(url))))
        except BadAddress:
            return ()


def _read_page(page: Page, profiles: Sequence[Profile]) -> Article:
    """Return the article on *page*, by the profile valid then; a page that sends its reader on is
    none. Raises NotAnArticle.
    """
    check_type(page)
    try:
        document = open_document(page)
    except Unreadable as error:
        raise NotAnArticle("unreadable", str(error)) from error
    target = refresh_target(document)
    if target is not None:
        raise NotAnArticle("redirect", f"The page sends its reader on to {target}.")
    return read_by(document, profile_for(profiles, urlsplit(page.url).path, page.fetched_at))
