"""Learning where a template's facts are: each rule is tried on all lessons, and kept where these
are read as before.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from lxml.html import HtmlElement

from pipelines.content import find_furniture
from pipelines.document import select
from pipelines.learning.lessons import Lesson
from pipelines.learning.selectors import selectors
from pipelines.metadata import (
    PageDate,
    ShownDates,
    authors_in,
    choose_dates,
    dates_in,
    keywords_among,
    section_among,
)
from pipelines.profiles import FactRules, Profile
from storage.records import Article

MOST_TRIED = 6
MOST_BESIDE = 3
LEAST_HITS = 0.9
LONGEST_BYLINE = 220

Scoped = tuple[Lesson, HtmlElement]
Finder = Callable[[Lesson, HtmlElement], Iterable[HtmlElement]]


def learn_facts(
    profile: Profile, scoped: Sequence[Scoped], reads_as_well: Callable[[Profile], bool]
) -> FactRules:
    """Return the rules for the facts that are in the scopes of the lessons; none for a fact that
    is better searched for.

    *reads_as_well* returns whether a profile reads all lessons as they were read without rules.
    """
    for name, find in _FINDERS.items():
        trials: list[dict[str, Any]] = list(_trials(name, find, scoped))
        is_stated = name in _STATED and all(_STATED[name](lesson) for lesson, _scope in scoped)
        trials += [{"stated": (*profile.facts.stated, name)}] if is_stated else []
        tried = (replace(profile, facts=replace(profile.facts, **rule)) for rule in trials)
        profile = next((one for one in tried if reads_as_well(one)), profile)
    return profile.facts


def _trials(name: str, find: Finder, scoped: Sequence[Scoped]) -> Iterator[dict[str, Any]]:
    """Yield the rules to be tried for a fact; for dates also with the line about a change, for
    authors with the box about them.
    """
    first = _ballot(find, scoped)[:MOST_TRIED]
    yield from ({name: css} for css in first)
    if name == "dates":
        changed = _ballot(_of_change, scoped)[:MOST_BESIDE]
        yield from ({name: f"{css}, {other}"} for css in first for other in changed if css != other)
    if name == "authors":
        about = _ballot(_about, scoped)[:MOST_BESIDE]
        yield from ({name: css, "about": box} for css in (*first, None) for box in about)


def _ballot(find: Finder, scoped: Sequence[Scoped]) -> list[str]:
    """Return the selectors whose first element is a sought one on nearly all pages that have one:
    those that find least else, and state least else, first.
    """
    sought = [(scope, dict.fromkeys(find(lesson, scope))) for lesson, scope in scoped]
    sought = [(scope, elements) for scope, elements in sought if elements]
    votes = Counter(
        css
        for _scope, elements in sought
        for css in dict.fromkeys(css for one in elements for css in _names(one))
    )
    ranked = []
    for css, count in votes.items():
        if count < LEAST_HITS * len(sought):
            continue
        found = [select(scope, css) for scope, _elements in sought]
        hits = sum(
            bool(one) and one[0] in elements
            for one, (_scope, elements) in zip(found, sought, strict=True)
        )
        extra = sum(
            len(set(one) - elements.keys())
            for one, (_scope, elements) in zip(found, sought, strict=True)
        )
        words = sum(len(_words(one[0])) for one in found if one)
        if hits >= LEAST_HITS * len(sought):
            ranked.append((-hits, extra, words, len(css), css))
    return [rank[-1] for rank in sorted(ranked)]


def _names(element: HtmlElement) -> Iterator[str]:
    """Yield the selectors of an element in a scope, where its tag alone may do."""
    yield from selectors(element)
    yield str(element.tag)


def _beside(lesson: Lesson, scope: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements of the scope outside the thread."""
    threaded = set(lesson.thread.elements)
    for element in scope.iterdescendants():
        if not any(ancestor in threaded for ancestor in (element, *element.iterancestors())):
            yield element


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _headlines(lesson: Lesson, scope: HtmlElement) -> Iterator[HtmlElement]:
    return (
        element for element in _beside(lesson, scope) if _words(element) == lesson.article.headline
    )


def _bylines(lesson: Lesson, scope: HtmlElement) -> Iterator[HtmlElement]:
    names = {author.name for author in lesson.article.authors}
    for element in _beside(lesson, scope):
        words = _words(element)
        if len(words) <= LONGEST_BYLINE and any(name in words for name in names):
            signed = {author.name for author in authors_in((element,), lesson.document)}
            if signed and signed <= names:
                yield element


def _about(_lesson: Lesson, scope: HtmlElement) -> Iterator[HtmlElement]:
    return (element for element, reason in find_furniture(scope).items() if reason == "author_box")


def _dated(
    lesson: Lesson, scope: HtmlElement
) -> Iterator[tuple[HtmlElement, tuple[PageDate, ...], tuple[PageDate, ...]]]:
    for element in _beside(lesson, scope):
        words = _words(element)
        if len(words) <= LONGEST_BYLINE and any(
            map(str.isdigit, f"{words}{element.get('datetime') or ''}")
        ):
            dates = dates_in((element,), lesson.document)
            yield element, dates.published, dates.modified


def _of_publication(lesson: Lesson, scope: HtmlElement) -> Iterator[HtmlElement]:
    return (
        e
        for e, published, _modified in _dated(lesson, scope)
        if any(_is_published(one, lesson.article) for one in published)
    )


def _is_published(date: PageDate, article: Article) -> bool:
    """Tell whether a date is the article's, by its text or, where the article's is stated for
    machines, by its day.
    """
    if article.date_published is None or date.date is None:
        return False
    return (
        date.raw == article.date_published_raw
        or date.date.moment.date() == article.date_published.date()
    )


def _of_change(lesson: Lesson, scope: HtmlElement) -> Iterator[HtmlElement]:
    raw = lesson.article.date_modified_raw
    return (
        e
        for e, _published, modified in _dated(lesson, scope)
        if any(one.raw == raw for one in modified)
    )


def _sections(lesson: Lesson, scope: HtmlElement) -> Iterator[HtmlElement]:
    return (link for link in scope.iter("a") if _words(link) == lesson.article.article_section)


def _keywords(lesson: Lesson, scope: HtmlElement) -> Iterator[HtmlElement]:
    return (link for link in scope.iter("a") if _words(link).strip(" #") in lesson.article.keywords)


# Whether a page shows no more of a fact than it states for machines.
_STATED: dict[str, Callable[[Lesson], bool]] = {
    "authors": lambda lesson: authors_in((), lesson.document) == lesson.article.authors,
    "dates": lambda lesson: _stated_date(lesson) == lesson.article.date_published_raw,
    "section": lambda lesson: section_among((), lesson.document) == lesson.article.article_section,
    "keywords": lambda lesson: (
        keywords_among((), lesson.document, lesson.article.article_section)
        == lesson.article.keywords
    ),
}


def _stated_date(lesson: Lesson) -> str | None:
    chosen = choose_dates(lesson.document, ShownDates((), ())).published.date
    return None if chosen is None else chosen.raw


_FINDERS: dict[str, Finder] = {
    "headline": _headlines,
    "authors": _bylines,
    "dates": _of_publication,
    "section": _sections,
    "keywords": _keywords,
}
