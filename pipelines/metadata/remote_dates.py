"""The date of an article that shows none near its headline or its text: the one day that all its
marked dates agree on, or the dateline that its text opens with.
"""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from pipelines.content import LEAST_PROSE, ArticlePlace, Ground, survey
from pipelines.dates import parse_page_date
from pipelines.document import Document
from pipelines.metadata.dated_elements import dates_of
from pipelines.metadata.dated_lines import (
    LONGEST_BYLINE,
    is_byline,
    is_of_another_matter,
    is_published,
)
from pipelines.metadata.page_date import YEAR, PageDate
from pipelines.page_kind import leads_elsewhere

BOXES, LARGEST_BOX = 6, 400  # around a date, and letters of the largest that is about it
OPENINGS = 3  # paragraphs: a lead may stand before the dateline
LONG_LINK = 15  # letters: such a link in the box makes it a teaser
_UNSEEN = frozenset({"script", "style", "noscript", "template", "nav", "form", "svg", "head"})
_DATELINE = re.compile(
    r"^\W*(?:[A-Z][\w .'’-]{2,30}(?:,|:|\s[-–—/])\s*)?"
    r"((?!(?:op|am|on|le|sinds|tot|vanaf|in)\b)\S.{4,34}?\b(?:19|20)\d\d)"
    r"\s*(?:\)|[-–—:.|]\s|[„“\"»]|,\s(?=[A-Z]))",
    re.IGNORECASE,
)


def find_remote(document: Document, place: ArticlePlace) -> PageDate | None:
    """Return the date of publication that the page of the article at *place* shows away from it:
    where all marked dates, or else all lines that are labelled as its date, name one day; else that
    of a dateline. None where they differ, or there is none.
    """
    marked: list[PageDate] = []
    lines: list[PageDate] = []
    for element in _apart(document.tree, place.thread):
        for kind, found in _own_dates(element, document):
            if kind != "byline":
                marked.append(found)
            elif is_published(_text(element)) or is_byline(element):
                lines.append(found)
    return _agreed(marked or lines) or _dateline(document, survey(document.tree, place))


def _apart(tree: HtmlElement, thread: Set[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the elements that are shown, without those of the *thread*."""
    walk = etree.iterwalk(tree, events=("start",))
    for _event, element in walk:
        if element in thread or element.tag in _UNSEEN:
            walk.skip_subtree()
        else:
            yield element


def _own_dates(element: HtmlElement, document: Document) -> Iterator[tuple[str, PageDate]]:
    """Yield the dates of publication of an element that is no part of a teaser, of an event or of
    the site's own head; with their kind.
    """
    if len(element) > BOXES or len(shown := _text(element)) > LONGEST_BYLINE:
        return
    stated = (shown, element.get("datetime"), element.get("content"), element.get("title"))
    if is_of_another_matter(shown) or not YEAR.search(" ".join(filter(None, stated))):
        return
    for kind, found, is_change in dates_of(element, shown, document):
        if is_change or found.date is None or _is_todays(found, kind, document):
            continue
        if not _is_teaser(element, document.url):
            yield kind, found


def _text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _is_todays(found: PageDate, kind: str, document: Document) -> bool:
    """Tell whether a date is the day of the visit, which sites show in their heads."""
    assert found.date is not None  # noqa: S101  # the caller asks for dates that were read
    today = document.fetched_at.astimezone(found.date.moment.tzinfo).date()
    return kind != "microdata" and found.date.moment.date() == today


def _is_teaser(element: HtmlElement, url: str) -> bool:
    """Tell whether a date stands in a small box with a headline that leads elsewhere."""
    boxes = [element, *islice(element.iterancestors(), BOXES)]
    near = [box for box in boxes if len(box.text_content()) <= LARGEST_BOX]
    links = near[-1].iter("a") if near else iter(())
    return any(
        len(_text(link)) >= LONG_LINK and leads_elsewhere(link.get("href"), url) for link in links
    )


def _agreed(found: Sequence[PageDate]) -> PageDate | None:
    """Return the first of the dates to the minute, else the first, where all name one day."""
    days = {one.date.moment.date() for one in found if one.date is not None}
    if len(days) != 1:
        return None
    fine = (one for one in found if one.date is not None and one.date.precision != "day")
    return next(fine, found[0])


def _dateline(document: Document, ground: Ground) -> PageDate | None:
    """Return the full date that one of the text's first paragraphs opens with, before a stroke or a
    stop: "Utrecht, 3 mei 2014 - ...".
    """
    for opening in islice(_openings(ground), OPENINGS):
        match = _DATELINE.match(opening)
        if match is None:
            continue
        raw = match[1]
        date = parse_page_date(raw, language=document.language, reference=document.fetched_at)
        if date is not None and date.precision == "day":
            return PageDate("byline", raw, date)
    return None


def _openings(ground: Ground) -> Iterator[str]:
    """Yield how the paragraphs of the text begin, what introduces it among them."""
    if ground.first is None or ground.last is None:
        return
    begins = ground.first if ground.headline is None else ground.headline
    for index in range(begins, ground.last + 1):
        element = ground.elements[index]
        if index == ground.first or element.tag == "p":
            shown = ground.text(element)
            if len(shown) >= LEAST_PROSE:
                yield shown[: 2 * LEAST_PROSE]
