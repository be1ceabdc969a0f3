"""The facts of an article beside its text, and the search for each of them around the article."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any, Self

from lxml.html import HtmlElement

from pipelines.content import ArticlePlace
from pipelines.document import Document
from pipelines.metadata.authors import read_authors
from pipelines.metadata.dated_elements import is_dated_aside
from pipelines.metadata.publication_date import ArticleDates, Chosen, read_dates
from pipelines.metadata.topics import read_keywords, read_section
from storage.records import Author

# What is in these blocks belongs to the article's head, not beside it.
_HEAD = frozenset({"byline", "caption", "toc", "navigation", "form"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What an article states of itself."""

    headline: str
    authors: tuple[Author, ...]
    section: str | None
    keywords: tuple[str, ...]
    dates: ArticleDates

    def columns(self) -> dict[str, Any]:
        """Return what is stated beside the headline, by the fields of an Article."""
        return {
            "authors": self.authors,
            "article_section": self.section,
            "keywords": self.keywords,
            "date_conflict": self.dates.published.conflict,
            **_dated("date_published", self.dates.published),
            **_dated("date_modified", self.dates.modified),
        }


def _dated(name: str, chosen: Chosen) -> dict[str, Any]:
    found = chosen.date
    if found is None:
        return {}
    columns: dict[str, Any] = {f"{name}_raw": found.raw[:200], f"{name}_source": found.source}
    if found.date is not None:
        columns |= {name: found.date.moment, f"{name}_precision": found.date.precision}
    return columns


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where facts are searched for: a page, the element with the article's text where one is known,
    what is *beside* the article, what of that holds its *thread*, and the boxes *about* its author.
    """

    document: Document
    container: HtmlElement | None
    beside: Set[HtmlElement]
    thread: Set[HtmlElement]
    about: tuple[HtmlElement, ...]

    @classmethod
    def of(
        cls,
        document: Document,
        furniture: dict[HtmlElement, str],
        threaded: Set[HtmlElement],
        container: HtmlElement | None,
    ) -> Self:
        """Return what lies around the article of a page with that *furniture* and thread."""
        beside = set(threaded) | {
            element
            for element, reason in furniture.items()
            if reason not in _HEAD
            and not (reason == "sidebar" and is_dated_aside(element, document.url))
        }
        about = tuple(element for element, reason in furniture.items() if reason == "author_box")
        return cls(document, container, beside, threaded, about)


def search_facts(around: Surroundings, headline: str) -> Facts:
    """Return all facts of the article called *headline*."""
    section = search_section(around)
    keywords = search_keywords(around, section)
    dates = search_dates(around, headline)
    return Facts(headline, search_authors(around, dates), section, keywords, dates)


def search_authors(around: Surroundings, dates: ArticleDates) -> tuple[Author, ...]:
    """Return the authors of the article of those *dates*."""
    return read_authors(around.document, around.beside, around.about, dates.raws)


def search_section(around: Surroundings) -> str | None:
    """Return the article's section."""
    return read_section(around.document, around.beside)


def search_keywords(around: Surroundings, section: str | None) -> tuple[str, ...]:
    """Return the article's keywords, without its *section*."""
    return read_keywords(around.document, section, around.beside)


def search_dates(around: Surroundings, headline: str) -> ArticleDates:
    """Return when the article called *headline* was published and changed."""
    place = ArticlePlace(headline, around.container, around.beside, around.thread)
    return read_dates(around.document, place)
