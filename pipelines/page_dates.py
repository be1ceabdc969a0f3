"""When an article was published and changed: candidates from every source, and one rule that chooses.

| trust | source | where it stands |
| --- | --- | --- |
| 1 | json-ld | ``datePublished`` of the article's object |
| 2 | meta | ``article:published_time`` and its kin |
| 3 | microdata | ``itemprop=datePublished`` |
| 4 | time | a ``time`` element, or one classed as a date, in the article's head |
| 5 | byline | the text of the byline |
| 6 | feed | the entry of the feed that named the page |
| - | address | ``/2013/12/30/`` in the address |

The most trusted date that is plausible wins; a more precise one takes its place only if it agrees with it, to its precision. The address alone makes
no date: it says where the page was filed; where it contradicts the page, that is kept as a conflict. Dates inside comments, related boxes, sidebars and
footers are never candidates.
"""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipelines.dates import DutchDate, parse_date, plausible
from pipelines.document import Document
from pipelines.structured import article_object, meta, text

_ORDER = ("second", "minute", "hour", "day", "month", "year")
_PUBLISHED_META = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "publishdate",
    "pubdate",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "date",
    "parsely-pub-date",
    "sailthru.date",
)
_MODIFIED_META = ("article:modified_time", "datemodified", "og:updated_time", "dcterms.modified", "last-modified")
_DATE_CLASS = re.compile(
    r"(?:^|[-_\s])(?:date|datum|published|entry-date|post-date|posted-on|publicatiedatum|pubdate|postdate|timestamp|tijd|dateline)(?:$|[-_\s])",
    re.IGNORECASE,
)
_BYLINE_CLASS = re.compile(
    r"(?:^|[-_\s])(?:byline|\w*meta\w*|info|posted|entry-header|post-header|article-header|details|kop|subline|author|auteur)(?:$|[-_\s])",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"(?:^|[-_\s])(?:updated|modified|bijgewerkt|gewijzigd)(?:$|[-_\s])", re.IGNORECASE)
_UPDATED_WORDS = re.compile(
    r"\b(?:bijgewerkt|gewijzigd|laatste update|updated|modified|aangepast)\b(?!.*\b(?:geplaatst|gepubliceerd)\b)", re.IGNORECASE
)
_BORN = re.compile(r"©|copyright|\bevent|agenda|aanvang|geboren|overleden", re.IGNORECASE)
_ARCHIVE = re.compile(r"/(?:19|20)\d\d(?:/\d\d?){0,2}/?$")
_WHEN = re.compile(r"^\W*(?:datum|wanneer|date|when)\b", re.IGNORECASE)
_EVENT_FACT = re.compile(
    r"^\W*(?:locatie|plaats|waar|aanvang|tijd(?:stip)?|zaal|toegang|entree|prijs|kosten|tickets?)\b\s*:", re.IGNORECASE
)
LONGEST_BYLINE = 220
LONGEST_CLASSED = 1200


@dataclass(frozen=True, slots=True)
class PageDate:
    """One candidate: where it stands and what it says; *raw* is kept also where the moment cannot be used."""

    source: str
    raw: str
    date: DutchDate | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The date that was chosen, and the one that contradicts it."""

    date: PageDate | None
    conflict: str | None


def published(document: Document, excluded: Iterable[HtmlElement], headline: str) -> Chosen:
    """Return when the article was published; nothing found: no date, never an invented one.

    Dates in *headline* are what the article is about, and those in *excluded* belong to something else.
    """
    return _choose(list(_published(document, set(excluded), headline)), document.fetched_at)


def modified(document: Document) -> Chosen:
    """Return when the article was last changed, as the page states it."""
    stated = [
        ("json-ld", text(article_object(document).get("dateModified"))),
        ("meta", meta(document, *_MODIFIED_META)),
    ]
    found = [_parsed(source, raw, document) for source, raw in stated if raw]
    return _choose(found, document.fetched_at)


def _published(document: Document, outside: set[HtmlElement], headline: str) -> Iterator[PageDate]:
    stated = text(article_object(document).get("datePublished"))
    if stated:
        yield _parsed("json-ld", stated, document)
    named = meta(document, *_PUBLISHED_META)
    if named:
        yield _parsed("meta", named, document)
    yield from _in_elements(document, outside, headline)
    if document.page.feed_published is not None:
        moment = document.page.feed_published
        yield PageDate("feed", moment.isoformat(), DutchDate(moment, "minute", moment.isoformat()))
    path = re.search(r"/(?:19|20)\d\d/\d\d?/(?:\d\d?/)?", document.url)
    if path:
        yield _parsed("address", path[0], document)


def _parsed(source: str, raw: str, document: Document) -> PageDate:
    return PageDate(source, raw, parse_date(raw, reference=document.fetched_at))


def _in_elements(document: Document, outside: set[HtmlElement], headline: str) -> Iterator[PageDate]:
    """Yield the dates of microdata, dated elements and bylines outside of *outside*, best source first."""
    microdata: list[PageDate] = []
    timed: list[PageDate] = []
    lines: list[PageDate] = []
    around = {ancestor for element in outside for ancestor in element.iterancestors()}
    for element in document.tree.iter("*"):
        kind = _element_kind(element)
        if kind is None or any(a in outside for a in (element, *element.iterancestors())):
            continue
        if _is_teaser(element, document.url) or (
            _UPDATED.search(element.get("class") or "") and "published" not in (element.get("class") or "")
        ):
            continue
        shown = _shown(element, outside if element in around else frozenset())
        found = _of_element(element, kind, shown, document)
        if found is not None and found.date is not None and not (kind == "byline" and found.date.raw in headline):
            {"microdata": microdata, "time": timed, "byline": lines}[kind].append(found)
    yield from microdata[:1]
    yield from timed[:3]
    yield from lines[:3]


def _is_teaser(element: HtmlElement, url: str) -> bool:
    """Tell whether *element* stands in a link to another page, whose date it then tells."""
    link = element if element.tag == "a" else next(element.iterancestors("a"), None)
    path = urlsplit(urljoin(url, link.get("href") or "")).path if link is not None else ""
    return bool(path) and path.rstrip("/") != urlsplit(url).path.rstrip("/") and not _ARCHIVE.search(path)


def _element_kind(element: HtmlElement) -> str | None:
    prop = (element.get("itemprop") or "").lower()
    if prop in {"datepublished", "datecreated"}:
        return "microdata"
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag in {"body", "html", "article", "main", "head", "script", "style", "ul", "ol"}:
        return None
    if element.tag == "time" or (len(names) > 1 and _DATE_CLASS.search(names) and element.find(".//time") is None):
        return "time"
    if (
        element.tag in {"p", "div", "span", "li", "small", "em", "td", "h2", "h3", "h4", "h5", "h6", "b", "strong", "i"}
        and len(element) < 8
    ):
        return "byline"
    return None


def _shown(element: HtmlElement, outside: Set[HtmlElement]) -> str:
    """Return the text of *element* without that of the elements in *outside*; nothing for one that holds half the page."""
    if len(element) >= 20:
        return ""
    if not outside:
        return " ".join(element.text_content().split())
    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end", "comment"))
    for event, part in walk:
        if event == "start" and part in outside:
            walk.skip_subtree()
        elif event == "start":
            pieces.append(part.text or "")
        if event != "start" and part is not element:
            pieces.append(part.tail or "")
    return " ".join("".join(pieces).split())


def _of_element(element: HtmlElement, kind: str, shown: str, document: Document) -> PageDate | None:
    """Return the date of an element: its attribute, made more precise by its text where the two agree."""
    if _BORN.search(shown[:LONGEST_BYLINE]):
        return None
    if kind == "byline":
        return _of_line(element, shown, document)
    if _UPDATED_WORDS.search(shown[:40]) and kind == "time":
        return None
    attribute = (
        element.get("datetime")
        or element.get("content")
        or (element.get("title") if element.tag in {"time", "abbr", "span"} else None)
    )
    by_attribute = parse_date(attribute, reference=document.fetched_at) if attribute else None
    by_text = parse_date(shown, reference=document.fetched_at) if 3 < len(shown) <= LONGEST_BYLINE else None
    if by_attribute is not None and by_text is not None and _agrees(by_text, by_attribute) and _finer(by_text, by_attribute):
        by_attribute = by_text
    date = by_attribute or by_text
    return PageDate(kind, shown[:LONGEST_BYLINE] or attribute or "", date) if date else None


def _of_line(element: HtmlElement, shown: str, document: Document) -> PageDate | None:
    """Return the date of a byline: a short text that is classed as one, or is about nothing but its date."""
    classed = bool(_BYLINE_CLASS.search(element.get("class") or ""))
    if not 5 < len(shown) <= (LONGEST_CLASSED if classed else LONGEST_BYLINE) or not any(map(str.isdigit, shown)):
        return None
    if not classed and (len(shown) > 60 or (element.find(".//a") is not None and len(shown) > 100)):
        return None
    date = parse_date(shown, reference=document.fetched_at)
    if date is None or date.precision in {"month", "year"} or _UPDATED_WORDS.search(shown):
        return None
    if _is_event_fact(element, shown):
        return None
    words = re.findall(r"[^\W\d_]{3,}", shown)
    return PageDate("byline", shown, date) if classed or len(words) <= 7 else None


def _is_event_fact(element: HtmlElement, shown: str) -> bool:
    """Tell whether "Datum: ..." stands in an event's facts, beside its place, its time or its price."""
    if not _WHEN.match(shown):
        return False
    beside = [other for other in (element.getprevious(), element.getnext()) if other is not None and isinstance(other.tag, str)]
    return any(_EVENT_FACT.match(" ".join(other.text_content().split())) for other in beside)


def _choose(candidates: list[PageDate], now: datetime) -> Chosen:
    usable = [c for c in candidates if c.date is not None and plausible(c.date.moment, now)]
    if not usable or usable[0].source == "address":
        unused = next((c for c in candidates if c.source != "address"), None)
        return Chosen(PageDate(unused.source, unused.raw, None) if unused else None, None)
    best = _backed(usable)
    conflict = None
    for other in usable:
        assert best.date is not None and other.date is not None  # noqa: S101, PT018  # usable ones have a date
        if other is best:
            continue
        if not _agrees(other.date, best.date):
            conflict = conflict or f"{best.source}: {best.raw} | {other.source}: {other.raw}"
        elif _finer(other.date, best.date) and other.source != "address":
            best = other
    return Chosen(best, conflict)


def _backed(usable: list[PageDate]) -> PageDate:
    """Return the most trusted date; of dates that the page merely shows, one that the address backs comes before."""
    first, filed = usable[0], usable[-1]
    if first.source not in {"time", "byline"} or filed.source != "address":
        return first
    assert filed.date is not None  # noqa: S101  # usable ones have a date
    backed = (c for c in usable[:-1] if c.date is not None and _agrees(c.date, filed.date))
    return next(backed, first)


def _agrees(one: DutchDate, other: DutchDate) -> bool:
    """Tell whether two dates are equal, to the coarser of their precisions and on its clock: a day is a local day."""
    coarse = max((one, other), key=lambda date: _ORDER.index(date.precision))
    a, b = one.moment.astimezone(coarse.moment.tzinfo), other.moment.astimezone(coarse.moment.tzinfo)
    fields = [("year", 5), ("month", 4), ("day", 3), ("hour", 2), ("minute", 1), ("second", 0)]
    return all(getattr(a, name) == getattr(b, name) for name, rank in fields if rank >= _ORDER.index(coarse.precision))


def _finer(one: DutchDate, other: DutchDate) -> bool:
    return _ORDER.index(one.precision) < min(_ORDER.index(other.precision), 2)
