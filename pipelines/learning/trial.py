"""A profile tried on its lessons: the share of their fields that it reads as they were read."""

from collections.abc import Sequence

from pipelines.article import read_by
from pipelines.learning.lessons import Lesson
from pipelines.learning.likeness import word_f1
from pipelines.page_kind import NotAnArticle
from pipelines.profiles import Profile
from storage.records import Article

LIKE = 0.985  # of two texts' words
COMPARED = ("headline", "description", "authors", "date_published", "date_published_precision", "date_modified", "date_conflict", "article_section", "keywords", "canonical_url",
             "access", "body_pages", "comments_declared", "comments_gap_reason", "comment_pages", "in_language")  # fmt: skip


def likeness(
    profile: Profile, lessons: Sequence[Lesson], compared: Sequence[str] = COMPARED
) -> float:
    """Return the share of the *compared* fields of all *lessons*, their comments and texts that
    *profile* reads as they were read.
    """
    alike = [share for lesson in lessons for share in _alike(profile, lesson, compared)]
    return sum(alike) / len(alike)


def _alike(profile: Profile, lesson: Lesson, compared: Sequence[str]) -> list[bool]:
    try:
        found = read_by(lesson.document, (profile,))
    except NotAnArticle:
        return [False] * (len(compared) + 2)
    if found.method != "profile":
        return [False] * (len(compared) + 2)
    same = [getattr(found, name) == getattr(lesson.article, name) for name in compared]
    return [
        *same,
        _same_comments(found, lesson.article),
        word_f1(found.article_body, lesson.article.article_body) >= LIKE,
    ]


def _same_comments(one: Article, other: Article) -> bool:
    threads = [
        [(c.author, c.text, c.date_created, c.parent_position) for c in article.comments]
        for article in (one, other)
    ]
    return threads[0] == threads[1]
