"""What worker processes hand back, and what is kept of it to learn from; it is a room of its own,
so that who only asks need not load the readers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipelines import comments, learning, profiles, tdm
from storage.records import Article, Candidate, Comment, Page
from storage.urls import variant_key


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """What one answer holds: an article, or the reason why there is none, the addresses that it
    names, or the *answer* of a source of comments.

    *observed* is what an article showed of the site's profiles, None where there are none; *stated*
    what a list states of its articles; *unread* are fields that the page shows and the article
    lacks; of a list, that it is broken off ("entries").
    """

    article: Article | None = None
    outcome: str = "article"
    detail: str | None = None
    charset: str | None = None
    candidates: tuple[Candidate, ...] = ()
    redirect: str | None = None
    reservation: tdm.Reservation | None = None
    robots_tag: str | None = None
    answer: comments.SourceAnswer | None = None
    observed: learning.Observation | None = None
    stated: Mapping[str, learning.StatedEvidence] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LearnedPages:
    """The profiles that pages taught, and the places among these of the pages that no profile
    reads.
    """

    profiles: tuple[profiles.Profile, ...]
    left: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An article's own page, and the comments that its second source states of it; none where it
    was not asked.
    """

    page: Page
    comments: tuple[Comment, ...] = ()


def with_threads(
    stated: Mapping[str, learning.StatedEvidence], pages: Iterable[KeptPage]
) -> dict[str, learning.StatedEvidence]:
    """Return what is *stated* of articles with what their own pages' comment sources told."""
    return learning.joined(
        stated,
        {
            variant_key(kept.page.url): learning.StatedEvidence(comments=kept.comments)
            for kept in pages
            if kept.comments
        },
    )
