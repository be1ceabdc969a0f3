"""The part of a template's pages that a profile reads: the smallest scope around the text, the
boxes in it that can be left out, and the frame outside that shows the same template.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from pipelines.document import select
from pipelines.learning.lessons import Lesson
from pipelines.learning.selectors import own_selectors, selectors
from pipelines.learning.trial import likeness
from pipelines.profiles import Profile

LEAST_WORDS = 20  # letters of a box that is worth leaving out
MOST_BOXES = 25
MOST_FRAME = 20


def best_scope(profile: Profile, lessons: Sequence[Lesson]) -> tuple[float, Profile]:
    """Return how well *profile* reads in the smallest scope in which it reads best, and the
    profile: what is outside costs nothing.
    """
    best = (0.0, profile)
    for in_body in (False, True):
        for scope in _scopes(lessons):
            tried = replace(profile, scope=scope, facts_in_body=in_body)
            alike = likeness(tried, lessons)
            if alike > best[0]:
                best = (alike, tried)
            if alike == 1.0:
                return best
    return best


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


def asides(profile: Profile, lessons: Sequence[Lesson], least: float) -> list[str]:
    """Return selectors of the boxes beside the body that can be left out without a change in any
    lesson, one after the other.
    """
    left_out: list[str] = []
    for css in _boxes(profile, lessons):
        tried = replace(profile, aside=(*left_out, css))
        if likeness(tried, lessons) >= least:
            left_out.append(css)
    return left_out


def _boxes(profile: Profile, lessons: Sequence[Lesson]) -> list[str]:
    """Return selectors of the boxes with words in the scope that neither hold the body or a
    headline nor are in the body.
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


def frame(profile: Profile, lessons: Sequence[Lesson]) -> tuple[str, ...]:
    """Return selectors of the boxes outside scope and thread that every lesson has, those that
    come first.
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
