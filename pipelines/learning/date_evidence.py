"""A page's date as its site says it elsewhere: where the page shows it, when the date that was read is another one."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from pipelines.dates import DutchDate, parse_date
from pipelines.document import Document
from storage.records import Article

LONGEST_LINE = 80
_HOME = ZoneInfo("Europe/Amsterdam")
_MOMENTS = {"second": timedelta(minutes=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_TAGS = ("time", "span", "p", "div", "a", "small", "em", "i", "b", "strong", "li", "td", "dd", "abbr")


def agrees(shown: datetime | None, precision: str | None, told: datetime) -> bool:
    """Tell whether a date of that *precision*, which may be a month or a year, can be the moment *told*."""
    if shown is None:
        return False
    if precision in _MOMENTS:
        return abs(shown - told) <= _MOMENTS[precision]
    parts = {"day": 3, "month": 2, "year": 1}.get(precision or "", 0)
    return parts > 0 and shown.astimezone(_HOME).timetuple()[:parts] == told.astimezone(_HOME).timetuple()[:parts]


def told_date(document: Document, article: Article, told: datetime | None, outside: set[HtmlElement]) -> dict[str, Any]:
    """Return the fields of the date that the page shows where *told* is its moment; none where it was read so, or shows no such.

    What stands in the elements *outside* is no date of the article.
    """
    precision = article.date_published_precision
    # Two clocks may differ by minutes, and the more exact date stays; another day is another date.
    if told is None or agrees(article.date_published, "day" if precision in _MOMENTS else precision, told):
        return {}
    shown = next((_stated(element, document.fetched_at) for element in shown_dates(document, told, outside)), None)
    if shown is None:
        return {}
    return {
        "date_published": shown.moment,
        "date_published_raw": shown.raw,
        "date_published_precision": shown.precision,
        "date_published_source": "selector",
    }


def shown_dates(document: Document, told: datetime, outside: set[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the elements that say the day or the moment *told*, and hardly anything else."""
    for element in document.tree.iter(*_TAGS):
        if len(element) > 3 or len(element.text_content()) > LONGEST_LINE:
            continue
        date = _stated(element, document.fetched_at)
        is_day = date is not None and (date.precision == "day" or date.precision in _MOMENTS)
        if date is None or not is_day or not agrees(date.moment, date.precision, told):
            continue
        if not any(a in outside or a.tag in {"nav", "aside", "footer"} for a in (element, *element.iterancestors())):
            yield element


def _stated(element: HtmlElement, now: datetime) -> DutchDate | None:
    """Return the date that an element says, in the order in which a selector's words are taken."""
    ways = (element.get("datetime"), " ".join(element.text_content().split()), element.get("content"))
    return next((date for raw in ways if raw and (date := parse_date(raw, reference=now)) is not None), None)
