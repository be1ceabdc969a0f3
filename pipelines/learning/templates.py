"""Learning a site's templates: pages that are built alike are taken together, and each kind becomes
a profile that was tried on them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from lxml.html import HtmlElement

from pipelines.content import find_furniture
from pipelines.document import Document
from pipelines.learning.alignment import shown_dates
from pipelines.learning.evidence import StatedEvidence, evidence_for, shown_as, site_parts
from pipelines.learning.fields import learn_facts
from pipelines.learning.lessons import Lesson, make_lesson
from pipelines.learning.recurring import recurring
from pipelines.learning.scopes import asides, best_scope, frame
from pipelines.learning.selectors import own_selectors, vote
from pipelines.learning.thread_lessons import teach_threads
from pipelines.learning.trial import COMPARED, likeness
from pipelines.profiles import CHECKED, Profile, frame_by, talking
from storage.records import Article

NO_FEEDS: Mapping[str, StatedEvidence] = MappingProxyType({})
LEAST_PAGES, MOST_PAGES = 3, 10
FEW_SILENT = 3
LEAST_CONFIDENCE = 0.9


def learn(
    site: str, documents: Sequence[Document], feeds: Mapping[str, StatedEvidence] = NO_FEEDS
) -> tuple[Profile, ...]:
    """Return the profiles of the templates in *documents*, pages of one *site*; none for a kind
    with fewer than three pages.

    What *feeds* (by storage.urls.variant_key) and JSON-LD state of an article comes before what
    was read of it. Each was tried on the pages it was learned from: ``confidence`` is the share of
    their fields that it reads as the generic way does.
    """
    kinds: dict[tuple[str, ...], list[Lesson]] = {}
    for document in documents:
        lesson = make_lesson(document, evidence_for(document, feeds))
        if lesson is not None:
            kinds.setdefault(_build(lesson.body), []).append(lesson)
    found: list[Profile] = []
    for lessons in sorted(
        kinds.values(), key=lambda ones: -sum("article_body" in lesson.taught for lesson in ones)
    ):
        rest = [lesson for lesson in lessons if not _is_misread(lesson, found)]
        profile = _learn_kind(site, rest) if len(rest) >= LEAST_PAGES else None
        found += [profile] if profile is not None else []
    return tuple(sorted(found, key=lambda profile: -len(profile.learned_from)))


def _is_misread(lesson: Lesson, found: Sequence[Profile]) -> bool:
    """Tell whether a page of which no evidence speaks is of a template whose text, as evidence has
    it on other pages, is elsewhere.
    """
    taught = [
        profile
        for profile in found
        if "article_body" in profile.taught and not lesson.evidence.body
    ]
    return any(frame_by(lesson.document, profile) is not None for profile in taught)


def _build(body: HtmlElement) -> tuple[str, ...]:
    """Return how the way to a body is built: its names and those of the elements around it."""
    return tuple(
        next(iter(own_selectors(element)), str(element.tag))
        for element in (body, *list(body.iterancestors())[:3])
    )


def _learn_kind(site: str, all_lessons: Sequence[Lesson]) -> Profile | None:
    lessons = _telling(all_lessons)
    found = vote([(lesson.document.tree, lesson.body) for lesson in lessons], _largest)
    if found is None or found[1] < LEAST_CONFIDENCE:
        return None
    lessons, thread = teach_threads(lessons)
    silent = {
        name
        for lesson in all_lessons
        if not lesson.thread.comments
        for name in talking(lesson.document.tree)
    } | {""}
    first = Profile(
        site=site,
        body=found[0],
        drop=_drops(lessons),
        thread=thread,
        silent=tuple(sorted(silent))
        if any(not lesson.thread.comments for lesson in all_lessons)
        else (),
        unshown=_unshown(all_lessons),
        headline=_taught(lessons, "headline", lambda article: article.headline),
        authors=_taught(lessons, "authors", lambda article: article.authors[0].name),
        date=_taught_date(lessons),
        taught=tuple(sorted(frozenset().union(*(lesson.taught for lesson in lessons)))),
        learned_from=tuple(lesson.document.url for lesson in lessons),
        valid_from=min(lesson.document.fetched_at for lesson in all_lessons),
    )
    best, chosen = best_scope(first, lessons)
    if best < LEAST_CONFIDENCE:
        return None
    chosen = replace(
        chosen, aside=tuple(asides(chosen, lessons, best)), frame=frame(chosen, lessons)
    )
    # A date elsewhere on the page that contradicts the article's is no reason to search every page
    # for it.
    compared = tuple(name for name in COMPARED if name != "date_conflict")
    searched = likeness(chosen, lessons, compared)
    rules = learn_facts(
        chosen,
        _scoped(chosen, lessons),
        lambda tried: likeness(tried, lessons, compared) >= searched,
    )
    expected = {name: _share(name, lessons) for name in CHECKED}
    return replace(
        chosen,
        facts=rules,
        confidence=round(best, 4),
        expected=expected,
        furniture=recurring(all_lessons),
    )


def _scoped(profile: Profile, lessons: Sequence[Lesson]) -> list[tuple[Lesson, HtmlElement]]:
    """Return the lessons that *profile* fits, each with its scope."""
    found = [(lesson, frame_by(lesson.document, profile)) for lesson in lessons]
    return [(lesson, frame.scope) for lesson, frame in found if frame is not None]


def _unshown(lessons: Sequence[Lesson]) -> str | None:
    """Return why comments are declared and not shown, where no page shows any and all that declare
    some have one reason.
    """
    reasons = {lesson.thread.gap_reason for lesson in lessons if lesson.thread.declared}
    return (
        reasons.pop()
        if len(reasons) == 1 and not any(lesson.thread.comments for lesson in lessons)
        else None
    )


def _telling(lessons: Sequence[Lesson]) -> Sequence[Lesson]:
    """Return the lessons that teach most: those with most comments, and a few with fewest."""
    ranked = sorted(lessons, key=lambda lesson: -len(lesson.thread.comments))
    return (
        ranked
        if len(ranked) <= MOST_PAGES
        else [*ranked[: MOST_PAGES - FEW_SILENT], *ranked[-FEW_SILENT:]]
    )


def _taught(lessons: Sequence[Lesson], name: str, words: Callable[[Article], str]) -> str | None:
    """Return the selector of a field where evidence has it otherwise than it is read; None where
    reading does.
    """
    targets = []
    for lesson in lessons:
        shown = (
            shown_as(lesson.document, words(lesson.article), set(lesson.thread.elements))
            if name in lesson.taught
            else ()
        )
        targets += [(lesson.document.tree, element) for element in shown][:1]
    found = vote(targets, lambda elements: elements[0] if elements else None) if targets else None
    return found[0] if found is not None else None


def _taught_date(lessons: Sequence[Lesson]) -> str | None:
    """Return the selector of the date where evidence has it otherwise than it is read; None where
    reading does.
    """
    targets = []
    for lesson in lessons:
        moment, outside = (
            lesson.evidence.published,
            set(lesson.thread.elements) | site_parts(lesson.document.tree),
        )
        shown = (
            shown_dates(lesson.document, moment, outside)
            if moment and "date_published" in lesson.taught
            else ()
        )
        targets += [(lesson.document.tree, element) for element in shown][:1]
    found = vote(targets, lambda elements: elements[0] if elements else None) if targets else None
    return found[0] if found is not None else None


def _largest(elements: list[HtmlElement]) -> HtmlElement | None:
    return max(elements, key=lambda one: len(one.text_content()), default=None)


def _share(name: str, lessons: Sequence[Lesson]) -> float:
    return round(sum(bool(getattr(lesson.article, name)) for lesson in lessons) / len(lessons), 3)


def _drops(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    """Return selectors of what the whole page's reading cuts inside the bodies, but a look at the
    body alone does not.
    """
    found: dict[str, None] = {}
    for lesson in lessons:
        alone = find_furniture(lesson.body)
        for element in find_furniture(lesson.document.tree):
            if element not in alone and any(
                ancestor is lesson.body for ancestor in element.iterancestors()
            ):
                found.update(dict.fromkeys(own_selectors(element)[:1]))
    return tuple(found)
