"""Learning a site's templates: pages that are built alike are taken together, and each kind becomes
a profile that was tried on them.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from lxml import etree
from lxml.html import HtmlElement

from pipelines.article import read_by
from pipelines.content import find_furniture
from pipelines.document import Document, select
from pipelines.learning.alignment import shown_dates
from pipelines.learning.evidence import StatedEvidence, evidence_for, shown_as, site_parts
from pipelines.learning.fields import learn_facts
from pipelines.learning.lessons import Lesson, make_lesson
from pipelines.learning.likeness import word_f1
from pipelines.learning.recurring import recurring
from pipelines.learning.selectors import own_selectors, selectors, vote
from pipelines.learning.thread_lessons import teach_threads
from pipelines.page_kind import NotAnArticle
from pipelines.profiles import CHECKED, Profile, frame_by, talking
from storage.records import Article

NO_FEEDS: Mapping[str, StatedEvidence] = MappingProxyType({})
LEAST_PAGES, MOST_PAGES = 3, 10
FEW_SILENT = 3
LEAST_WORDS = 20
MOST_BOXES = 25
LEAST_CONFIDENCE = 0.9
MOST_FRAME = 20
LIKE = 0.985
_COMPARED = ("headline", "description", "authors", "date_published", "date_published_precision", "date_modified", "date_conflict", "article_section", "keywords", "canonical_url",
             "access", "body_pages", "comments_declared", "comments_gap_reason", "comment_pages", "in_language")  # fmt: skip


def learn(
    site: str, documents: Sequence[Document], feeds: Mapping[str, StatedEvidence] = NO_FEEDS
) -> tuple[Profile, ...]:
    """Return the profiles of the templates in *documents*, pages of one *site*; none for a kind
    with fewer than three pages.

    What *feeds* (by storage.addresses.variant_key) and JSON-LD say of an article comes before what
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
    it on other pages, stands elsewhere.
    """
    taught = [
        profile for profile in found if "article_body" in profile.taught and not lesson.said.body
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
    best, chosen = _best_scope(first, lessons)
    if best < LEAST_CONFIDENCE:
        return None
    chosen = replace(
        chosen, aside=tuple(_asides(chosen, lessons, best)), frame=_frame(chosen, lessons)
    )
    # A date elsewhere on the page that contradicts the article's is no reason to search every page
    # for it.
    compared = tuple(name for name in _COMPARED if name != "date_conflict")
    searched = _likeness(chosen, lessons, compared)
    rules = learn_facts(
        chosen,
        _scoped(chosen, lessons),
        lambda tried: _likeness(tried, lessons, compared) >= searched,
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
    """Return the lessons that tell most: those with most comments, and a few with fewest."""
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
            lesson.said.published,
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


def _best_scope(profile: Profile, lessons: Sequence[Lesson]) -> tuple[float, Profile]:
    """Return how well *profile* reads in the smallest scope in which it reads best, and the
    profile: what is outside costs nothing.
    """
    best = (0.0, profile)
    for in_body in (False, True):
        for scope in _scopes(lessons):
            tried = replace(profile, scope=scope, facts_in_body=in_body)
            likeness = _likeness(tried, lessons)
            if likeness > best[0]:
                best = (likeness, tried)
            if likeness == 1.0:
                return best
    return best


def _asides(profile: Profile, lessons: Sequence[Lesson], likeness: float) -> list[str]:
    """Return selectors of the boxes beside the body that can be left out without a change in any
    lesson, one after the other.
    """
    left_out: list[str] = []
    for css in _boxes(profile, lessons):
        tried = replace(profile, aside=(*left_out, css))
        if _likeness(tried, lessons) >= likeness:
            left_out.append(css)
    return left_out


def _boxes(profile: Profile, lessons: Sequence[Lesson]) -> list[str]:
    """Return selectors of the boxes with words in the scope that neither hold the body or a
    headline nor stand in the body.
    """
    met: Counter[str] = Counter()
    for lesson in lessons:
        around = {lesson.body, *lesson.body.iterancestors()}
        scope = next(
            (e for e in select(lesson.document.tree, profile.scope or "body") if e in around),
            lesson.body,
        )
        boxes: set[str] = set()
        for element in scope.iter("div", "section", "aside", "nav", "footer", "ul", "header", "p"):
            if (
                element in around
                or element.find(".//h1") is not None
                or lesson.body in set(element.iterancestors())
            ):
                continue
            if len(element.text_content().strip()) >= LEAST_WORDS:
                boxes.update(own_selectors(element)[:1])
        met.update(boxes)
    return [css for css, pages in met.most_common(MOST_BOXES) if pages > 1]


def _frame(profile: Profile, lessons: Sequence[Lesson]) -> tuple[str, ...]:
    """Return selectors of the boxes outside scope and thread that every lesson has, those that
    stand first.
    """
    met: Counter[str] = Counter()
    for lesson in lessons:
        own = {
            lesson.body,
            *lesson.thread.elements,
            *select(lesson.document.tree, profile.scope or profile.body),
        }
        walk = etree.iterwalk(lesson.document.tree, events=("start",))
        names: dict[str, None] = {}
        for _event, element in walk:
            if element in own:
                walk.skip_subtree()
            elif element.tag in {"header", "nav", "footer", "aside", "div", "section", "main"}:
                names.update(dict.fromkeys(own_selectors(element)[:1]))
        met.update(names.keys())
    return tuple(css for css, pages in met.items() if pages == len(lessons))[:MOST_FRAME]


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


def _scopes(lessons: Sequence[Lesson]) -> list[str]:
    """Return selectors of the elements around the bodies that every page has, the innermost first."""
    chain = list(lessons[0].body.iterancestors())
    scopes: list[str] = []
    for ancestor in chain:
        for css in selectors(ancestor) if ancestor.tag != "body" else ("body",):
            if css not in scopes and all(_around(lesson, css) for lesson in lessons):
                scopes.append(css)
                break
    return [css for css in scopes if not css.startswith("html")]


def _around(lesson: Lesson, css: str) -> bool:
    found = set(select(lesson.document.tree, css))
    return any(ancestor in found for ancestor in lesson.body.iterancestors())


def _likeness(
    profile: Profile, lessons: Sequence[Lesson], compared: Sequence[str] = _COMPARED
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
    told = [
        [(c.author, c.text, c.date_created, c.parent_position) for c in article.comments]
        for article in (one, other)
    ]
    return told[0] == told[1]
