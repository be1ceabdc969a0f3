"""Where a page shows its dates: around the headline, under the text, and in what is marked up as a
date.

| place | what counts there |
| --- | --- |
| head: between headline and text, or a small block right before them | any element marked as a
date, any line that is about its date | | tail: a small block right after the text, without links to
other pages | the same, but a line must be labelled or classed | | text: among the article's own
paragraphs | only what is labelled or marked as the date of publication | | elsewhere: site header,
side columns, lists of other articles | nothing |
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from lxml.html import HtmlElement

from pipelines.content import ArticlePlace, Ground, survey
from pipelines.dates import agree
from pipelines.document import Document
from pipelines.metadata.dated_lines import (
    LONGEST_BYLINE,
    is_age,
    is_byline,
    is_labelled,
    is_of_another_matter,
    other_words,
    read_element,
    words_beside_date,
)
from pipelines.metadata.page_date import PageDate
from pipelines.page_kind import leads_elsewhere

_DATE_CLASS = re.compile(
    r"(?:^|[-_\s])(?:date|datum|published|entry-date|post-date|posted-on|publicatiedatum|pubdate|postdate|timestamp|tijd|dateline)(?:$|[-_\s])",
    re.IGNORECASE,
)
_PUBLISHED_CLASS = re.compile(
    r"entry-date|post-?date|published|publicatie|pubdate|posted-on", re.IGNORECASE
)
_LINE_TAGS = frozenset(
    "p div span li small em td dd font address h2 h3 h4 h5 h6 b strong i a label cite abbr".split()
)
MOST_PER_KIND = 3
# A day that is shown in the writer's zone may be the one before a moment that is stated.
ZONES_APART = timedelta(days=2)
NEAR_HEADLINE = 2
MOST_OTHER_WORDS = 5
LARGEST_ASIDE, MOST_PARTS = 300, 50  # letters and elements
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
MOST_OF_A_NAME = 3  # words
LONGEST_NAME = 30  # of a person or a subject; longer links are headlines


@dataclass(frozen=True, slots=True)
class ShownDates:
    """The dates of publication and of change that a page shows, most trusted first."""

    published: tuple[PageDate, ...]
    modified: tuple[PageDate, ...]


def shown_dates(document: Document, place: ArticlePlace) -> ShownDates:
    """Return the dates that the page shows as its article's own; *place* is where that article
    is.
    """
    ground = survey(document.tree, place)
    published: dict[str, list[PageDate]] = {"microdata": [], "time": [], "byline": []}
    above: dict[str, list[PageDate]] = {"microdata": [], "time": [], "byline": []}
    modified: list[PageDate] = []
    for index, kind, found, is_change in _counting(ground, place, document):
        is_above = ground.headline is not None and index < ground.headline
        if kind == "byline" and is_above and _is_of_site(index, found, ground, document):
            continue
        (modified if is_change else (above if is_above else published)[kind]).append(found)
    # What is under the headline is nearer to the article than what is over it.
    return _kept({kind: [*published[kind], *above[kind]] for kind in published}, modified)


def _counting(
    ground: Ground, place: ArticlePlace, document: Document
) -> Iterator[tuple[int, str, PageDate, bool]]:
    """Yield the dates that count where they are, each with its index and kind and with whether it
    is that of a change. What is around a date is looked at last: few elements have one.
    """
    own = tuple(filter(None, (document.url, document.canonical)))
    for index, kind, shown in _dated(ground):
        element = ground.elements[index]
        for found, is_change in read_element(element, kind, shown, document):
            if found.raw in place.headline or not _counts(index, kind, shown, ground, document):
                continue
            if is_of_another_matter(shown) or _is_other_headline(element, shown, own):
                break
            yield index, kind, found, is_change


def is_dated_aside(element: HtmlElement, url: str) -> bool:
    """Tell whether an ``aside`` holds no more than a marked date and what is stated beside it, as
    some pages set the article's own; *url* is the page's.
    """
    if element.tag != "aside" or len(" ".join(element.text_content().split())) > LARGEST_ASIDE:
        return False
    parts = [*islice(element.iterdescendants("*"), MOST_PARTS + 1)]
    if len(parts) > MOST_PARTS or any(part.tag in _HEADING_TAGS for part in parts):
        return False  # what has a heading is of another matter
    marked = [one for one in parts if _kind(one) in {"microdata", "time"}]
    beside = dict.fromkeys(box for one in marked if (box := one.getparent()) is not None)
    is_teaser = any(_links(box, url) for box in beside)
    return bool(marked) and not is_teaser and max(_links(element, url), default=0) <= LONGEST_NAME


def _links(box: HtmlElement, url: str) -> list[int]:
    """Return the lengths of the links in *box* that lead to another page than *url*."""
    links = ((link.text_content().strip(), link.get("href")) for link in box.iter("a"))
    return [len(text) for text, href in links if text and leads_elsewhere(href, url)]


def _dated(ground: Ground) -> Iterator[tuple[int, str, str]]:
    """Yield index, kind and text of the elements that may hold the date of the article."""
    for index, element in enumerate(ground.elements):
        kind = _kind(element)
        if kind is None or (element in ground.trunk and kind != "microdata"):
            continue
        yield index, kind, ground.text(element) if len(element) < 20 else ""


def _is_other_headline(element: HtmlElement, shown: str, own: Sequence[str]) -> bool:
    """Tell whether *element*, of which *shown* is the text, is or stands in a link to another page
    than *own* that names more than a date.
    """
    if not shown or len(shown) > 2 * LONGEST_BYLINE:
        return False
    words = shown.split()
    first = next((link for link in element.iter("a") if link.text_content().strip()), None)
    inside = [first] if first is not None and first.text_content().split() == words else []
    for link in (*element.iterancestors("a"), *inside):
        named = words_beside_date(" ".join(link.text_content().split())[:LONGEST_BYLINE])
        is_other = all(leads_elsewhere(link.get("href"), url) for url in own)
        if named >= MOST_OF_A_NAME and is_other:
            return True
    return False


def dates_in(elements: Iterable[HtmlElement], document: Document) -> ShownDates:
    """Return the dates that *elements*, known to be the article's own, state."""
    published: dict[str, list[PageDate]] = {"microdata": [], "time": [], "byline": []}
    modified: list[PageDate] = []
    for element in elements:
        shown = " ".join(element.text_content().split())
        if is_of_another_matter(shown):
            continue
        for kind, found, is_change in dates_of(element, shown, document):
            (modified if is_change else published[kind]).append(found)
    return _kept(published, modified)


def dates_of(
    element: HtmlElement, shown: str, document: Document
) -> Iterator[tuple[str, PageDate, bool]]:
    """Yield the dates of one element that shows *shown*: its kind ("microdata", "time", "byline"),
    the date, and whether it is that of a change.
    """
    kind = _kind(element)
    if kind is not None:
        for found, is_change in read_element(element, kind, shown, document):
            yield kind, found, is_change


def _kept(published: Mapping[str, list[PageDate]], modified: list[PageDate]) -> ShownDates:
    shown = [
        *published["time"][:MOST_PER_KIND],
        *sorted(published["byline"], key=lambda one: not one.is_called)[:MOST_PER_KIND],
    ]
    kept = (*published["microdata"][:1], *_called_first(shown))
    return ShownDates(kept, tuple(modified[:MOST_PER_KIND]))


def _called_first(shown: list[PageDate]) -> list[PageDate]:
    """Return the dates with one that is called that of publication before others that contradict
    it.
    """
    called = next((one for one in shown if one.is_called), None)
    if called is None or called.date is None or shown[0].date is None:
        return shown
    apart = abs(called.date.moment - shown[0].date.moment)
    is_same = agree(called.date, shown[0].date) or (shown[0].is_stated and apart < ZONES_APART)
    is_first = shown[0].is_called or is_same
    return shown if is_first else [called, *(one for one in shown if one is not called)]


def _kind(element: HtmlElement) -> str | None:
    """Return how an element may hold a date: "microdata", "time" or "byline"; None where it cannot."""
    prop = (element.get("itemprop") or "").lower()
    if prop in {"datepublished", "datecreated", "datemodified"}:
        return "microdata"
    if element.tag == "time":
        return "time"
    if element.tag not in _LINE_TAGS:
        return None
    if _is_classed(element):
        return "time"
    return "byline" if element.tag != "a" and len(element) < 8 else None


def _is_classed(element: HtmlElement) -> bool:
    """Tell whether an element is named for a date that no ``time`` element in it states."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    is_named = len(names) > 1 and bool(_DATE_CLASS.search(names))
    return is_named and element.find(".//time") is None


def _counts(index: int, kind: str, shown: str, ground: Ground, document: Document) -> bool:
    """Tell whether a date of *kind* counts where it is; see the table above."""
    if kind == "microdata":
        return True
    element = ground.elements[index]
    zone = ground.zone(index, document.url)
    if zone not in {"tail", "text"}:
        return zone == "head"
    if kind == "time" and _is_published(element):
        return True
    if zone == "tail":
        return is_labelled(shown) or is_byline(element) or _is_in_small_block(index, shown, ground)
    is_line = kind == "byline" and len(shown) < LONGEST_BYLINE and is_labelled(shown)
    return is_line or _is_only_time(element, ground)


def _is_in_small_block(index: int, shown: str, ground: Ground) -> bool:
    """Tell whether the block of a date that is no age has hardly other words."""
    words = other_words(ground.text(ground.block(index)))
    return words <= MOST_OTHER_WORDS and not is_age(shown)


def _is_of_site(index: int, found: PageDate, ground: Ground, document: Document) -> bool:
    """Tell whether a line above the headline is the site's, or an archive's: it neither is marked
    nor is in one box with the headline, or states no more than the day of the visit.
    """
    element = ground.elements[index]
    if found.date is None or is_byline(element) or is_labelled(found.raw):
        return False
    today = document.fetched_at.astimezone(found.date.moment.tzinfo).date()
    if found.date.precision == "day" and found.date.moment.date() == today:
        return True
    headline = ground.elements[ground.headline or 0]
    boxes = [one for one in islice(headline.iterancestors(), NEAR_HEADLINE) if one.tag != "body"]
    return not any(one in boxes for one in element.iterancestors())


def _is_only_time(element: HtmlElement, ground: Ground) -> bool:
    times = (other for other in ground.elements if other.tag == "time")
    return element.tag == "time" and len(list(islice(times, 2))) == 1


def _is_published(element: HtmlElement) -> bool:
    """Tell whether an element, or the box that holds nothing else, is marked as the date of
    publication.
    """
    box = element.getparent()
    names = element.get("class") or ""
    if box is not None and element.getprevious() is None and element.getnext() is None:
        names = f"{names} {box.get('class') or ''}"
    return element.get("pubdate") is not None or bool(_PUBLISHED_CLASS.search(names))
