"""What recurs across a site's pages inside the articles' texts: standard lines, boxes, invitations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.fingerprints import leaf_blocks
from pipelines.learning.lessons import Lesson
from pipelines.profile import Furniture

LEAST_PAGES = 4
LEAST_SHARE = 0.6
# A long recurring block is the article's own (a series' introduction) unless it stands on nearly every page.
LONGEST_LINE = 300
SHARE_OF_LONG = 0.9
LEAST_PAGES_OF_LONG = 8


@dataclass(slots=True)
class _Met:
    """On how many pages a block stood, since when, and how it begins."""

    begin: str
    length: int
    pages: int = 0
    since: datetime | None = field(default=None)


def recurring(lessons: Sequence[Lesson]) -> tuple[Furniture, ...]:
    """Return the blocks that recur in the bodies of *lessons*, pages of one template."""
    met: dict[str, _Met] = {}
    for lesson in lessons:
        for block in {block.fingerprint: block for block in leaf_blocks(lesson.body)}.values():
            one = met.setdefault(block.fingerprint, _Met(block.text[:80], len(block.text)))
            one.pages += 1
            moment = lesson.document.fetched_at
            one.since = moment if one.since is None else min(one.since, moment)
    return tuple(
        Furniture(fingerprint=key, begin=one.begin, pages=one.pages, share=round(one.pages / len(lessons), 3), since=one.since)
        for key, one in met.items()
        if _recurs(one, len(lessons))
    )


def _recurs(met: _Met, pages: int) -> bool:
    share = met.pages / pages
    if met.length > LONGEST_LINE:
        return met.pages >= LEAST_PAGES_OF_LONG and share >= SHARE_OF_LONG
    return met.pages >= LEAST_PAGES and share >= LEAST_SHARE
