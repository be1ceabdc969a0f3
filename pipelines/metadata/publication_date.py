"""When an article was published and changed: candidates from every source, and one rule that
chooses.

| trust | source | where it is |
| --- | --- | --- |
| 1 | json-ld | ``datePublished`` of the article's object |
| 2 | meta | ``article:published_time`` and its kin; ``date``, unless the page shows one day |
| 3 | microdata | ``itemprop=datePublished`` |
| 4 | time | a ``time`` element, or one classed as a date, in the article's head |
| 5 | byline | the text of the byline |
| 5 | time, byline | elsewhere on the page, where nothing of the above is found and all name one
day; a dateline that opens the text |
| 6 | feed | the entry of the feed that named the page |
| - | address | ``/2013/12/30/`` in the address |

Of what is shown without microdata, a line that calls its date that of publication comes before
dates that it contradicts. The most trusted date that is plausible wins; a more precise one takes its place only if it agrees
with it, to its precision. The address alone makes no date: it states where the page was filed;
where it contradicts the page, that is kept as a conflict. Dates inside comments, related boxes,
sidebars and footers are never candidates.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.content import ArticlePlace
from pipelines.dates import (
    EARLIEST,
    DutchDate,
    agree,
    finer,
    is_clock_of_home,
    misstates,
    parse_date,
    plausible,
    shows_utc,
    states_utc,
)
from pipelines.document import Document, FieldCandidate, article_object, metas, stated_text
from pipelines.metadata.dated_elements import ShownDates, shown_dates
from pipelines.metadata.dated_lines import (
    words_beside_date,
)
from pipelines.metadata.page_date import PageDate
from pipelines.metadata.remote_dates import find_remote

_PUBLISHED_META = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "publishdate",
    "pubdate",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.issued",
    "dcterms.available",
    "parsely-pub-date",
    "sailthru.date",
)
# These state some date: of publication, of a printed issue, of the last time that it was saved.
_DATED_META = ("dc.date", "dcterms.date", "date")
_MODIFIED_META = (
    "article:modified_time",
    "datemodified",
    "og:updated_time",
    "dcterms.modified",
    "last-modified",
)

_STATED = frozenset({"json-ld", "meta"})
_DAYS = frozenset({"day", "month", "year"})
_NAMES_OFFSET = re.compile(r"[+-]\d\d:?\d\d\s*$")
_PATH = re.compile(r"/(?:19|20)\d\d/\d\d?/(?:\d\d?/)?")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The date that was chosen, and what contradicts it or kept it from being used."""

    date: PageDate | None
    conflict: str | None


@dataclass(frozen=True, slots=True)
class ArticleDates:
    """When an article was published and when it was last changed."""

    published: Chosen
    modified: Chosen

    @property
    def raws(self) -> tuple[str, ...]:
        """What the page says at the places of both."""
        return tuple(found.raw for found in self._chosen)

    @property
    def moments(self) -> frozenset[datetime]:
        """The moments of both."""
        return frozenset(found.date.moment for found in self._chosen if found.date)

    @property
    def _chosen(self) -> tuple[PageDate, ...]:
        return tuple(one for one in (self.published.date, self.modified.date) if one is not None)


def read_dates(document: Document, place: ArticlePlace) -> ArticleDates:
    """Return when the article at *place* was published and changed; nothing found: no date, never
    an invented one.
    """
    shown = shown_dates(document, place)
    names = (*_PUBLISHED_META, *_DATED_META)
    if not shown.published and not any(_stated(document, "datePublished", names)):
        found = find_remote(document, place)
        shown = replace(shown, published=() if found is None else (found,))
    return choose_dates(document, shown)


def choose_dates(document: Document, shown: ShownDates) -> ArticleDates:
    """Return when an article was published and changed, by what the page shows, what it states, its
    feed and its address.
    """
    dated = [*_in_metas(document, _DATED_META)]
    is_told = _is_one_day(shown.published)
    own = [
        *_stated(document, "datePublished", _PUBLISHED_META),
        *(shown.published if is_told else dated),
        *(dated if is_told else shown.published),
    ]
    published = [*sorted(own, key=_is_coarse), *_from_outside(document)]
    modified = [*_stated(document, "dateModified", _MODIFIED_META), *shown.modified]
    chosen = ArticleDates(_choose(published, document), _choose(modified, document))
    document.trace.note_field("date_published", _noted(published, chosen.published))
    document.trace.note_field("date_modified", _noted(modified, chosen.modified))
    return chosen


def _noted(candidates: list[PageDate], chosen: Chosen) -> Iterator[FieldCandidate]:
    """Yield the candidates as they are shown to people, the chosen one first."""
    for one in sorted(candidates, key=lambda one: one != chosen.date):
        against = "not understood" if one.date is None else None
        yield FieldCandidate(one.date, one.raw, one.source, against=against)


def _stated(document: Document, prop: str, names: tuple[str, ...]) -> Iterator[PageDate]:
    """Yield what JSON-LD and the meta elements state."""
    stated = stated_text(article_object(document).get(prop))
    if stated:
        yield _parsed("json-ld", stated, document)
    yield from _in_metas(document, names)


def _in_metas(document: Document, names: tuple[str, ...]) -> Iterator[PageDate]:
    """Yield the first day that the meta elements called *names* state, else what the first states."""
    named = [
        _parsed("meta", content, document) for name in names for content in metas(document, name)
    ]
    if named:
        yield next((one for one in named if one.date and not _is_coarse(one)), named[0])


def _is_one_day(shown: tuple[PageDate, ...]) -> bool:
    """Tell whether all dates that the page shows name one day, each with its year, and none stands
    in a sentence: "Aangenomen voor plaatsing op 16 december 2022." is of another deed.
    """
    if any(one.raw.endswith(".") and words_beside_date(one.raw) for one in shown):
        return False
    days = {one.date.moment.date() for one in shown if one.date is not None}
    return len(days) == 1 and all(one.names_year and not _is_coarse(one) for one in shown)


def _is_coarse(candidate: PageDate) -> bool:
    """Tell whether a date names no day: a page's references state the years of other works."""
    return candidate.date is not None and candidate.date.precision in {"month", "year"}


def _from_outside(document: Document) -> Iterator[PageDate]:
    """Yield what the feed and the address state of the page."""
    moment = document.page.feed_published
    if moment is not None:
        yield PageDate("feed", moment.isoformat(), DutchDate(moment, "minute", moment.isoformat()))
    path = _PATH.search(document.url)
    if path:
        yield _parsed("address", path[0], document)


def _parsed(source: str, raw: str, document: Document) -> PageDate:
    return PageDate(source, raw, parse_date(raw, reference=document.fetched_at))


def _choose(candidates: list[PageDate], document: Document) -> Chosen:
    usable = [one for one in candidates if _is_plausible(one, document.fetched_at)]
    if not usable or usable[0].source == "address":
        return _unused(candidates)
    best = _on_the_clock(_with_its_year(_backed(usable), usable), usable, document)
    conflict = None
    for other in usable:
        if other is best or _is_same_clock(other, best):
            continue
        if not _agrees(other, best):
            conflict = conflict or f"{best.source}: {best.raw} | {other.source}: {other.raw}"
        elif other.source != "address" and _is_finer(other, best):
            best = other
    return Chosen(best, conflict)


def _is_plausible(candidate: PageDate, now: datetime) -> bool:
    return candidate.date is not None and plausible(candidate.date.moment, now)


def _unused(candidates: list[PageDate]) -> Chosen:
    """Return the first date that the page states, without its moment, and why it is not used."""
    first = next((one for one in candidates if one.source != "address"), None)
    if first is None:
        return Chosen(None, None)
    return Chosen(PageDate(first.source, first.raw, None), _why_unused(first))


def _agrees(one: PageDate, other: PageDate) -> bool:
    return one.date is not None and other.date is not None and agree(one.date, other.date)


def _is_finer(one: PageDate, other: PageDate) -> bool:
    return one.date is not None and other.date is not None and finer(one.date, other.date)


def _on_the_clock(best: PageDate, usable: list[PageDate], document: Document) -> PageDate:
    """Return *best*, or the same day or time of day in the page's own zone where *best* misstates
    it.
    """
    is_ours = is_clock_of_home(document.language)
    answered = (other for other in usable if is_ours or _NAMES_OFFSET.search(other.raw))
    return next((other for other in answered if _is_same_clock(best, other)), best)


def _is_same_clock(one: PageDate, other: PageDate) -> bool:
    """Tell whether what *one* calls a time of day in UTC, or midnight for want of one, is *other*'s
    in another zone.
    """
    if one.date is None or other.date is None or "address" in {one.source, other.source}:
        return False
    if one.source in _STATED and misstates(one.date, other.date):
        return True  # an element's own words have been held against its attribute
    is_given = states_utc(other.date.moment, other.raw)
    if is_given or not states_utc(one.date.moment, one.raw):
        return False
    if {one.date.precision, other.date.precision} & _DAYS:
        return False
    is_elsewhere = one.date.moment != other.date.moment
    return is_elsewhere and shows_utc(one.date.moment, other.date.moment)


def _with_its_year(best: PageDate, usable: list[PageDate]) -> PageDate:
    """Return *best*, of the year that another date names for its day where it names none itself."""
    if best.date is None or best.names_year or best.source not in {"time", "byline"}:
        return best
    day = f"{best.date.moment:%m-%d}"
    named = (one.date for one in usable if one.names_year and not _is_coarse(one))
    years = (date for date in named if date is not None and f"{date.moment:%m-%d}" == day)
    return replace(best, date=next(years, best.date))


def _backed(usable: list[PageDate]) -> PageDate:
    """Return the most trusted date; of dates that the page merely shows, one that the address backs
    comes before.
    """
    first, filed = usable[0], usable[-1]
    if first.source not in {"time", "byline"} or filed.source != "address":
        return first
    assert filed.date is not None  # noqa: S101  # usable ones have a date
    backed = (c for c in usable[:-1] if c.date is not None and agree(c.date, filed.date))
    return next(backed, first)


def _why_unused(candidate: PageDate) -> str:
    if candidate.date is None:
        return f"{candidate.source}: {candidate.raw} | not understood"
    why = "before 1990" if candidate.date.moment < EARLIEST else "after the moment of fetching"
    return f"{candidate.source}: {candidate.raw} | {why}"
