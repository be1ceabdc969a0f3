"""Templates of the site that is being crawled: learned from its first pages, closed with a date
when they change, learned anew.

Learning itself is done in the extraction pool; here is only which pages teach, and when.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from crawler.extraction.feed_evidence import FeedEvidence
from crawler.extraction.page_reading import KeptPage, LearnedPages, PageReading, with_threads
from crawler.extraction.pool import ExtractionFailed
from crawler.extraction.profile_store import keep_profiles, load_profiles, watch_site
from pipelines.learning import Observation, StatedEvidence, Verdict
from pipelines.profiles import Profile
from storage.articles import page_addresses, teaching_pages
from storage.crawl import (
    close_profile,
    open_profiles,
    queue_outcomes,
    reading_of,
    recent_runs,
    unprofiled_pages,
)
from storage.database import ArchiveUnavailable
from storage.records import Article, Comment, Page

logger = logging.getLogger(__name__)

FIRST_LESSONS = 5
MOST_LESSONS = 24
MOST_LISTS = 5  # of earlier runs' feeds and lists of posts, taken up again
MOST_ASKED, MOST_TAUGHT = (
    20,
    10,
)  # comment sources that are asked in a run only to learn from, and those that tell something
LARGEST_LESSON = 1_000_000  # bytes: what is kept in memory stays small, whatever a site serves
LEAST_OFTEN = 160
MOST_WAITED = 15  # lessons beyond those that are enough, while a list with texts is on its way

Result = TypeVar("Result")


class Teachable(Protocol):
    """What reads by profiles and can learn them: the extraction pool."""

    profiles: tuple[Profile, ...]

    async def learn(
        self, site: str, pages: Sequence[Page], stated: Mapping[str, StatedEvidence]
    ) -> LearnedPages:
        """Return what *pages* of *site* teach, of which its feeds, posts and comment sources state
        what is *stated*.
        """


class ArchiveAccess(Protocol):
    """What runs an operation on the archive, and does not stop the event loop meanwhile: the run's
    hold of its site.
    """

    async def run(self, operation: Callable[[Connection], Result]) -> Result:
        """Return what *operation* answers, once it is committed."""


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site of the archive: its key, its name, and the modules with profiles made by hand."""

    site_id: int
    name: str
    modules: tuple[str, ...]


class SiteTemplates:
    """Takes in the articles of one run, and has *pool* read by the profiles that hold.

    After five articles that no profile fits it learns, and where they teach nothing new again after
    twice as many; the newest 24 such articles are held in memory. *report* is called with the
    verdict on each profile of an earlier run that is closed: what one run learns and finds unfit
    differs among the site's pages, not in time.
    """

    def __init__(
        self,
        pool: Teachable,
        access: ArchiveAccess,
        site: KnownSite,
        report: Callable[[Verdict], None],
    ) -> None:
        self._report = report
        self._pool = pool
        self._access = access
        self._site = site
        self._lessons: deque[KeptPage] = deque(maxlen=MOST_LESSONS)
        self._asked = self._stated = 0
        self._feed_evidence = FeedEvidence()
        self._fresh = 0
        self._patience = FIRST_LESSONS
        self._learning: asyncio.Task[None] | None = None

    def begin(self, connection: Connection, folder: Path) -> None:
        """Take up what earlier runs learned, and the pages from which they did not learn yet.
        Raises BadProfile.
        """
        self._take_up(connection)
        keys = unprofiled_pages(connection, self._site.site_id, MOST_LESSONS // 2)
        if keys:
            self._take_lessons(connection, folder, keys)
        read = [
            key for key, kind in teaching_pages(connection, self._site.site_id) if kind == "posts"
        ]
        self._feed_evidence.know(page_addresses(connection, read).values())

        self._earlier = open_profiles(connection, self._site.site_id)
        earlier = recent_runs(connection, self._site.site_id, 2)[1:]
        # What a run with a limit left is new to the next, however old it is.
        cut = [run.started_at for run in earlier if run.arguments.get("limit") is not None]
        self._last_run = cut[0] if cut else None

    def _take_lessons(self, connection: Connection, folder: Path, keys: Sequence[int]) -> None:
        # They load every reader, which a site without lessons needs in its workers only.
        from crawler.extraction.kept_pages import kept_evidence, kept_pages  # noqa: PLC0415

        pages = kept_pages(connection, folder, keys)
        self._lessons.extend(
            kept for kept in reversed(pages) if len(kept.page.body) <= LARGEST_LESSON
        )
        self._fresh = len(self._lessons)
        if pages:
            stated = kept_evidence(connection, folder, self._site.site_id, MOST_LISTS)
            self._feed_evidence.take_up(stated)

    def _take_up(self, connection: Connection) -> None:
        self._pool.profiles = load_profiles(
            connection, self._site.site_id, self._site.name, self._site.modules
        )
        self._watch = watch_site(connection, self._site.site_id)

    def may_ask(self, article: Article) -> bool:
        """Return whether the comment source of a page may be asked only for what it teaches, and
        count that it is.

        Where no profile fits it, and in a run until ten taught something, or twenty were asked.
        """
        is_open = self._asked < MOST_ASKED and self._stated < MOST_TAUGHT
        may = is_open and _is_unprofiled(article) and bool(article.comment_sources)
        self._asked += may
        return may

    async def note(self, page: Page, reading: PageReading, stated: Sequence[Comment] = ()) -> None:
        """Take in what came of a feed, a list of posts or an article's first page, of which its
        comment source *stated* so much.

        A profile that holds no longer is closed when this returns.
        """
        self._feed_evidence.note(page.url, reading)
        self._stated += bool(stated)
        if reading.observed is not None:
            await self._close(self._watch.add(await self._news(reading.observed, reading)))
        if (
            reading.article is not None
            and _is_unprofiled(reading.article)
            and len(page.body) <= LARGEST_LESSON
        ):
            self._lessons.append(KeptPage(page, tuple(stated)))
            self._fresh += 1
        self._learn_if_due()

    async def _news(self, seen: Observation, reading: PageReading) -> Observation:
        """Return of an observation what can show that a template changed."""
        if not seen.is_unlike or reading.article is None:
            return seen
        known = partial(reading_of, site_id=self._site.site_id, url=seen.url)
        before = await self._access.run(known)
        if before is not None:
            return seen.since(before.seen_at, before.methods)
        published, last = reading.article.date_published, self._last_run
        is_old = published is not None and last is not None and published < last
        return seen.without(seen) if is_old else seen

    def note_lost(self, url: str) -> None:
        """Take in that the page at *url* could not be read."""
        self._feed_evidence.know([url])
        self._learn_if_due()

    def _learn_if_due(self) -> None:
        wanted = self._patience + MOST_WAITED * self._feed_evidence.is_awaited
        if self._fresh >= wanted and self._learning is None:
            self._learning = asyncio.ensure_future(self._learn())

    async def finish_learning(self) -> None:
        """Wait until all is learned that the pages taken in so far can teach."""
        if self._learning is not None:
            await self._learning
        if self._fresh >= self._patience:
            await self._learn()

    async def give_up_learning(self) -> None:
        """End what is being learned, as the run ends: the next one takes up the pages."""
        learning = self._learning
        if learning is not None:
            learning.cancel()
            await asyncio.wait((learning,))

    async def _close(self, verdicts: dict[int, Verdict]) -> None:
        if verdicts:
            self._feed_evidence.expect()
        for profile_id, verdict in verdicts.items():
            if profile_id in self._earlier:
                logger.warning("%s. Its profile is closed; the next is learned.", verdict)
                self._report(verdict)
            await self._access.run(
                partial(close_profile, profile_id=profile_id, moment=verdict.moment)
            )
        if verdicts:
            await self._access.run(self._begin_anew)

    def _begin_anew(self, connection: Connection) -> None:
        """Take up what holds after a change; what the site's own posts state of its newest articles
        is wanted again.
        """
        self._take_up(connection)
        if not queue_outcomes(connection, self._site.site_id, ("posts",)):
            self._feed_evidence.give_up()

    async def _learn(self) -> None:
        kept, self._fresh = tuple(self._lessons), 0
        pages, stated = [one.page for one in kept], with_threads(self._feed_evidence.stated, kept)
        try:
            learned = await self._pool.learn(self._site.name, pages, stated)
            new = await self._access.run(
                lambda connection: self._keep(connection, learned.profiles)
            )
        except (ExtractionFailed, ArchiveUnavailable) as error:
            logger.warning("Nothing was learned of the site's templates: %s", error)
            return
        except Exception:  # the boundary: pages that break our code are no reason to end a crawl
            logger.exception(
                "Nothing was learned of the site's templates from %d pages.", len(pages)
            )
            return
        finally:
            self._learning = None
        known = {page.url for place, page in enumerate(pages) if place not in learned.left}
        left = [one for one in self._lessons if one.page.url not in known]
        self._lessons.clear()
        self._lessons.extend(left)
        self._patience = FIRST_LESSONS if known else min(2 * self._patience, LEAST_OFTEN)
        if new:
            logger.info(
                "Learned from %d pages where articles stand: %s",
                len(pages),
                ", ".join(one.body for one in new),
            )

    def _keep(self, connection: Connection, learned: Sequence[Profile]) -> list[Profile]:
        new = keep_profiles(connection, self._site.site_id, learned)
        if new:
            self._take_up(connection)
        return new


def _is_unprofiled(article: Article) -> bool:
    return dict(article.field_methods).get("template") is None
