"""What recurs across a site's pages inside the articles' texts: standard lines, boxes, invitations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.content import find_furniture
from pipelines.document import Block, leaf_blocks
from pipelines.learning.lessons import Lesson
from pipelines.profiles import Furniture

LEAST_PAGES = 4
LEAST_SHARE = 0.6
# A long recurring block is the article's own (a series' introduction) unless it is on nearly
# every page.
LONGEST_LINE = 300
SHARE_OF_LONG = 0.9
LEAST_PAGES_OF_LONG = 8
# Few pages in a row may be of one series: of few, a block has to be on all.
MANY = 8
LARGEST_CUT = 0.5


@dataclass(slots=True)
class _Met:
    """On how many pages a block was, since when, and how it begins."""

    begin: str
    length: int
    pages: int = 0
    since: datetime | None = field(default=None)


def recurring(lessons: Sequence[Lesson]) -> tuple[Furniture, ...]:
    """Return the blocks that recur in the texts of *lessons*, pages of one template; none where
    they are most of a text.
    """
    texts = [_blocks(lesson) for lesson in lessons]
    found = _met_often(lessons, texts)
    known = {one.fingerprint for one in found}
    for blocks in texts:
        total = sum(len(block.text) for block in blocks.values())
        if (
            sum(len(block.text) for key, block in blocks.items() if key in known)
            > LARGEST_CUT * total
        ):
            return ()
    return found


def _blocks(lesson: Lesson) -> dict[str, Block]:
    """Return the blocks of a lesson's text by fingerprint, without what every reading cuts."""
    cut = set(find_furniture(lesson.document.tree)) | set(lesson.thread.elements)
    inside = {element for root in cut for element in root.iter()}
    return {
        block.fingerprint: block
        for block in leaf_blocks(lesson.body)
        if block.element not in inside
    }


def _met_often(
    lessons: Sequence[Lesson], texts: Sequence[dict[str, Block]]
) -> tuple[Furniture, ...]:
    met: dict[str, _Met] = {}
    for lesson, blocks in zip(lessons, texts, strict=True):
        for block in blocks.values():
            one = met.setdefault(block.fingerprint, _Met(block.text[:80], len(block.text)))
            one.pages += 1
            moment = lesson.document.fetched_at
            one.since = moment if one.since is None else min(one.since, moment)
    return tuple(
        Furniture(
            fingerprint=key,
            begin=one.begin,
            pages=one.pages,
            share=round(one.pages / len(lessons), 3),
            since=one.since,
        )
        for key, one in met.items()
        if _recurs(one, len(lessons))
    )


def _recurs(met: _Met, pages: int) -> bool:
    share = met.pages / pages
    if pages < MANY and share < 1:
        return False
    if met.length > LONGEST_LINE:
        return met.pages >= LEAST_PAGES_OF_LONG and share >= SHARE_OF_LONG
    return met.pages >= LEAST_PAGES and share >= LEAST_SHARE
