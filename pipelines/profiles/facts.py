"""The facts of an article by the rules of its profile; what these do not find is searched for in
the page narrowed to the article.
"""

import re
from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from lxml import etree
from lxml.html import HtmlElement

from pipelines.content import find_furniture
from pipelines.document import Document, around, select
from pipelines.metadata import (
    ArticleDates,
    Facts,
    Surroundings,
    authors_in,
    choose_dates,
    dates_in,
    keywords_among,
    read_headline,
    search_authors,
    search_dates,
    search_keywords,
    search_section,
    section_among,
    speaks_of_author,
    speaks_of_change,
    speaks_of_keywords,
    speaks_of_section,
    stated_titles,
)
from pipelines.profiles.profile import Profile
from pipelines.profiles.reader import Frame, narrowed
from storage.records import Author

LONGEST_HEADLINE = 400
_WORDS = re.compile(r"\w+")
# What speaks of a fact, wherever it is: quick looks, which spare most pages a search for what
# they do not have.
_SIGNS: dict[str, Callable[[HtmlElement], bool]] = {
    "authors": speaks_of_author,
    "section": speaks_of_section,
    "keywords": speaks_of_keywords,
    "dates": speaks_of_change,
}
Value = TypeVar("Value")


def facts_by(frame: Frame, profile: Profile) -> Facts | None:
    """Return the facts of the article in *frame*, each checked; None where it has no headline."""
    reading = _Reading(frame, profile)
    headline = reading.headline()
    if not headline:
        return None
    section, dates = reading.section(), reading.dates(headline)
    return Facts(headline, reading.authors(dates), section, reading.keywords(section), dates)


class _Reading:
    """One page's facts: first by the rules, then, where a rule is missing or finds nothing, in the
    narrowed page.
    """

    def __init__(self, frame: Frame, profile: Profile) -> None:
        self._frame = frame
        self._profile = profile
        self._rules = profile.facts

    @cached_property
    def _narrowed(self) -> Surroundings:
        document = narrowed(self._frame, self._profile)
        return Surroundings.of(
            document, find_furniture(document.tree, self._frame.scope), frozenset(), None
        )

    def _at(self, css: str | None) -> list[HtmlElement]:
        return select(self._frame.scope, css) if css is not None else []

    def _settled(
        self, name: str, read: Callable[[list[HtmlElement]], Value], search: Callable[[], Value]
    ) -> Value:
        """Return what *read* makes of the elements where a fact should be; what it is without
        any where nothing speaks of it; else search.
        """
        css: str | None = getattr(self._rules, name)
        found = self._at(css)
        is_stated = name in self._rules.stated
        value = read(found) if found or is_stated else None
        if value:
            return value
        # A link to the section may be marked as one to a keyword.
        known = self._at(self._rules.section) if name == "keywords" else []
        is_bare = (
            not found and (is_stated or css is not None) and not self._is_mentioned(name, known)
        )
        return read([]) if is_bare else search()

    def _is_mentioned(self, name: str, found: list[HtmlElement]) -> bool:
        """Return whether something in the scope speaks of a fact, outside the text, the thread,
        what is aside and what was *found*.
        """
        hits = (element for element in self._outside if _SIGNS[name](element))
        return any(
            not self._is_aside(hit) and not any(a in found for a in (hit, *hit.iterancestors()))
            for hit in hits
        )

    def _is_aside(self, element: HtmlElement) -> bool:
        return any(around(element, css) is not None for css in self._profile.aside)

    @cached_property
    def _outside(self) -> list[HtmlElement]:
        """The elements of the scope outside text and thread."""
        left_out = {*self._frame.body, *self._frame.thread.elements}
        found = []
        walk = etree.iterwalk(self._frame.scope, events=("start",))
        for _event, element in walk:
            if element in left_out:
                walk.skip_subtree()
            elif element is not self._frame.scope:
                found.append(element)
        return found

    def headline(self) -> str | None:
        """Return the headline where it is, if the page states something like it."""
        words = next(iter(_words_of(self._at(self._rules.headline))), "")
        if words and len(words) <= LONGEST_HEADLINE and _agrees(words, self._frame.document):
            return words
        return read_headline(self._narrowed.document)

    def authors(self, dates: ArticleDates) -> tuple[Author, ...]:
        """Return whom the byline names, or the line of the article's *dates*."""
        about = self._at(self._rules.about)
        return self._settled(
            "authors",
            lambda found: authors_in(found, self._frame.document, about),
            lambda: search_authors(self._narrowed, dates),
        )

    def section(self) -> str | None:
        """Return the section."""
        return self._settled(
            "section",
            lambda found: section_among(_words_of(found), self._frame.document),
            lambda: search_section(self._narrowed),
        )

    def keywords(self, section: str | None) -> tuple[str, ...]:
        """Return the keywords."""
        return self._settled(
            "keywords",
            lambda found: keywords_among(_words_of(found), self._frame.document, section),
            lambda: search_keywords(self._narrowed, section),
        )

    def dates(self, headline: str) -> ArticleDates:
        """Return the dates; a page that speaks of a change where no lesson did is searched."""
        found = self._at(self._rules.dates)
        is_known = bool(found) or "dates" in self._rules.stated
        if is_known and not self._is_mentioned("dates", found):
            dates = choose_dates(self._frame.document, dates_in(found, self._frame.document))
            if dates.published.date is not None and dates.published.date.date is not None:
                return dates
        return search_dates(self._narrowed, headline)


def _words_of(elements: list[HtmlElement]) -> list[str]:
    found = (" ".join(element.text_content().split()) for element in elements)
    return [words for words in found if words]


def _agrees(headline: str, document: Document) -> bool:
    """Return whether the page states a title that shares a word with *headline*, or none at all."""
    words = set(_WORDS.findall(headline.lower()))
    titles = [set(_WORDS.findall(title.lower())) for title in stated_titles(document)]
    return not titles or any(words & title for title in titles)
