"""The history of one page: what each of its captures shows, read without a network by
today's code.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import Connection

from crawler.offline.results import PageTask
from pipelines.article import NotAnArticle, check_type, read_by
from pipelines.comments import BadSource, SourceAnswer, read_answer
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
from storage.articles import CUT_OFF, carry_over, is_silent
from storage.records import Article, Page, StoredCapture, ThreadSource
from storage.urls import BadAddress, canonical
from storage.warc import CaptureReader, Unavailable, captures_at


class PageHistory:
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
            return look(group, Sources(self._article, self._answer, self._find))
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
        """Return *article* with the date and the authors that only a look of *before* shows, the
        latest that did.
        """
        for group in reversed(before):
            if not is_silent(article):
                break
            earlier = self.at(group).article
            article = carry_over(article, earlier) if earlier is not None else article
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

    def _answer(self, capture: StoredCapture, source: ThreadSource) -> SourceAnswer | None:
        page = self._reader.read(capture)
        try:
            return read_answer(source, page.body, page.fetched_at)
        except BadSource:
            return None  # what a crawl does with such an answer too: the gap stays

    def observe(self, capture: StoredCapture) -> Observation | None:
        """Return what a page by itself showed of the profile that read it, None where the site has
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
    article = read_by(document, profile_for(profiles, urlsplit(page.url).path, page.fetched_at))
    return replace(article, comments_gap_reason=CUT_OFF) if page.is_partial else article
