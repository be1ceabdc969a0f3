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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from pipelines.content import ArticlePlace, Ground, survey
from pipelines.dates import DutchDate, agree, finer, parse_page_date
from pipelines.document import Document

_DATE_CLASS = re.compile(
    r"(?:^|[-_\s])(?:date|datum|published|entry-date|post-date|posted-on|publicatiedatum|pubdate|postdate|timestamp|tijd|dateline)(?:$|[-_\s])",
    re.IGNORECASE,
)
_PUBLISHED_CLASS = re.compile(
    r"entry-date|post-?date|published|publicatie|pubdate|posted-on", re.IGNORECASE
)
_BYLINE_CLASS = re.compile(
    r"(?:^|[-_\s])(?:byline|\w*meta\w*|info|posted|submitted|create|entry-header|post-header|article-header|(?:post|entry|article)-footer|details|kop|subline|author|auteur)(?:$|[-_\s])",
    re.IGNORECASE,
)
_UPDATED_CLASS = re.compile(
    r"(?:^|[-_\s])(?:updated|modified|bijgewerkt|gewijzigd)(?:$|[-_\s])", re.IGNORECASE
)
_UPDATED = re.compile(
    r"\b(?:(?:laatst(?:e)?\s+)?(?:bijgewerkt|gewijzigd|aangepast|herzien|ge[üu]pdatet|geactualiseerd|bewerkt)|laatste (?:update|wijziging|bewerking|aanpassing)|(?:last )?(?:update|updated|modified|revised|edited)"
    r"|(?:zuletzt )?(?:aktualisiert|geändert|bearbeitet)|letzte (?:aktualisierung|änderung)|mis à jour|modifié|dernière (?:mise à jour|modification)|actualizado|modificado|última actualización)\b",
    re.IGNORECASE,
)  # fmt: skip
_PUBLISHED_WORD = re.compile(
    r"\b(?:geplaatst|gepubliceerd|gepost|verschenen|oorspronkelijk|posted|published|first published|veröffentlicht|erschienen|erstellt|publié|paru|publicado)\b",
    re.IGNORECASE,
)  # fmt: skip
_COARSE = frozenset({"month", "year"})
_LABELLED = re.compile(
    r"\b(?:geplaatst|gepubliceerd|gepost|publicatiedatum|verschenen|ingezonden|posted|published|geschreven)\b|^\W*(?:datum|door|tekst|by)\b",
    re.IGNORECASE,
)
_ANOTHER_MATTER = re.compile(
    r"©|copyright|\bevent|agenda|aanvang|geboren|overleden"
    r"|\breport (?:this )?(?:comment|abuse)|\bmeld misbruik|\brapporteer|\bongepast|\bbeantwoord(?:en)?\b|\breply\b|\b(?:zegt|says|schreef)\s?:",
    re.IGNORECASE,
)
_WHEN = re.compile(r"^\W*(?:datum|wanneer|date|when)\b", re.IGNORECASE)
_EVENT_FACT = re.compile(
    r"^\W*(?:locatie|plaats|waar|aanvang|tijd(?:stip)?|zaal|toegang|entree|prijs|kosten|tickets?)\b\s*:",
    re.IGNORECASE,
)
# What a line may say beside its date and names and still be a byline.
_BYLINE_WORDS = re.compile(
    r"\b(?:[a-zé]{2,9}dag|jan\w*|feb\w*|maart|mrt|april|mei|juni?|juli?|aug\w*|sept?\w*|okt\w*|nov\w*|dec\w*|om|op|op:|uur|door|by|on|at|in|van|de|der|den|het|en|tekst|beeld|foto|bron"
    r"|geleden|gisteren|vandaag|dagen|uren|minuten|reacties?|comments?|leestijd|min|lezen|keer|gelezen|geplaatst|gepubliceerd|gepost|geschreven|posted|published|datum|auteur|redactie|bijgewerkt"
    r"|gewijzigd|laatst|laatste|update|categorie|nieuws|views?)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"[\s|•·,(–-]*(?:(?<![\d/.-])(?:\d{1,3}(?:[.,]\d{3})*\s*|(?:geen|één|no|one)\s+))?(?:reacties?|comments?|reageer|reageren|leave a comment)"
    r"(?:\s+(?:uitgeschakeld|gesloten|off|closed))?\s*\)?$",
    re.IGNORECASE,
)
_AGO = re.compile(r"\b(?:geleden|ago)\b", re.IGNORECASE)
_IN_WORDS = re.compile(r"\b(?:(?:eer)?gisteren|yesterday)\b", re.IGNORECASE)
_CLOCK_ALONE = re.compile(r"\D{0,12}\d{1,2}[:.u]\d\d(?::\d\d)?\D{0,6}")
_LOWER_WORD = re.compile(r"(?<![\w'’])[a-zà-ÿ]{3,}")
_LINE_TAGS = frozenset(
    "p div span li small em td dd font address h2 h3 h4 h5 h6 b strong i a label cite abbr".split()
)
_STROKES = re.compile(r"\s*[|•·]\s*|\s+[/–—-]\s+")
_AROUND = " |•·–—-/,;:("
LONGEST_BYLINE = 220
LONGEST_CLASSED = 1200
MOST_PER_KIND = 3
NEAR_HEADLINE = 2
MOST_OTHER_WORDS = 5


@dataclass(frozen=True, slots=True)
class PageDate:
    """One candidate: where it stands and what it says; *raw* is kept also where the moment cannot
    be used.
    """

    source: str
    raw: str
    date: DutchDate | None


@dataclass(frozen=True, slots=True)
class ShownDates:
    """The dates of publication and of change that a page shows, most trusted first."""

    published: tuple[PageDate, ...]
    modified: tuple[PageDate, ...]


def shown_dates(document: Document, place: ArticlePlace) -> ShownDates:
    """Return the dates that the page shows as its article's own; *place* says where that article
    stands.
    """
    ground = survey(document.tree, place)
    published: dict[str, list[PageDate]] = {"microdata": [], "time": [], "byline": []}
    above: dict[str, list[PageDate]] = {"microdata": [], "time": [], "byline": []}
    modified: list[PageDate] = []
    for index, element in enumerate(ground.elements):
        kind = _kind(element)
        if kind is None or (element in ground.trunk and kind != "microdata"):
            continue
        shown = ground.text(element) if len(element) < 20 else ""
        if _ANOTHER_MATTER.search(shown[:LONGEST_BYLINE]):
            continue
        is_above = ground.headline is not None and index < ground.headline
        for found, is_change in _read(element, kind, shown, document):
            if found.raw in place.headline or not _counts(index, kind, shown, ground, document):
                continue
            if kind == "byline" and is_above and _is_of_site(index, found, ground, document):
                continue
            (modified if is_change else (above if is_above else published)[kind]).append(found)
    # What stands under the headline is nearer to the article than what stands over it.
    return _kept({kind: [*published[kind], *above[kind]] for kind in published}, modified)


def dates_in(elements: Iterable[HtmlElement], document: Document) -> ShownDates:
    """Return the dates that *elements*, known to be the article's own, say."""
    published: dict[str, list[PageDate]] = {"microdata": [], "time": [], "byline": []}
    modified: list[PageDate] = []
    for element in elements:
        kind, shown = _kind(element), " ".join(element.text_content().split())
        if kind is None or _ANOTHER_MATTER.search(shown[:LONGEST_BYLINE]):
            continue
        for found, is_change in _read(element, kind, shown, document):
            (modified if is_change else published[kind]).append(found)
    return _kept(published, modified)


def speaks_of_change(element: HtmlElement) -> bool:
    """Tell whether an element is marked as a date of change, or begins with words about one."""
    is_marked = "odified" in (element.get("itemprop") or "") or _is_updated_class(
        element.get("class") or ""
    )
    words = element.text
    return is_marked or (words is not None and not words.isspace() and bool(_UPDATED.search(words)))


@lru_cache(maxsize=8192)  # a site's pages share their names
def _is_updated_class(names: str) -> bool:
    return bool(_UPDATED_CLASS.search(names))


def _kept(published: Mapping[str, list[PageDate]], modified: list[PageDate]) -> ShownDates:
    kept = (
        *published["microdata"][:1],
        *published["time"][:MOST_PER_KIND],
        *published["byline"][:MOST_PER_KIND],
    )
    return ShownDates(kept, tuple(modified[:MOST_PER_KIND]))


def _kind(element: HtmlElement) -> str | None:
    prop = (element.get("itemprop") or "").lower()
    if prop in {"datepublished", "datecreated", "datemodified"}:
        return "microdata"
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag == "time":
        return "time"
    if element.tag not in _LINE_TAGS:
        return None
    if len(names) > 1 and _DATE_CLASS.search(names) and element.find(".//time") is None:
        return "time"
    return "byline" if element.tag != "a" and len(element) < 8 else None


def _read(
    element: HtmlElement, kind: str, shown: str, document: Document
) -> Iterator[tuple[PageDate, bool]]:
    """Yield the dates of one element, each with whether it is that of a change."""
    if kind == "byline":
        yield from _of_line(element, shown, document)
        return
    changed = _around_change(shown)[1]
    is_parted = bool(changed) and _says_when(shown.replace(changed, "", 1))
    if is_parted and len(shown) <= LONGEST_BYLINE and not element.get("datetime"):
        yield from _of_parts(kind, element, shown, document)
    elif (found := _of_element(element, kind, shown, document)) is not None:
        yield found, _is_marked_change(element) or (bool(changed) and not is_parted)


def _is_marked_change(element: HtmlElement) -> bool:
    """Tell whether an element's names call its date that of a change."""
    names = element.get("class") or ""
    is_updated = bool(_UPDATED_CLASS.search(names)) and "published" not in names
    return is_updated or "modified" in (element.get("itemprop") or "").lower()


def _date(text: str, document: Document) -> DutchDate | None:
    if _CLOCK_ALONE.fullmatch(text):
        return None  # a comment's "21:45" may be today's; an article's stands beside its day
    return parse_page_date(text, language=document.language, reference=document.fetched_at)


def _of_element(element: HtmlElement, kind: str, shown: str, document: Document) -> PageDate | None:
    """Return the date of a marked element: its attribute, made more precise by its text where the
    two agree.
    """
    attribute = (
        element.get("datetime")
        or element.get("content")
        or (element.get("title") if element.tag in {"time", "abbr", "span", "a", "small"} else None)
    )
    by_attribute = _date(attribute, document) if attribute else None
    by_text = _date(shown, document) if 3 < len(shown) <= LONGEST_BYLINE else None
    if (
        by_attribute is not None
        and by_text is not None
        and agree(by_text, by_attribute)
        and finer(by_text, by_attribute)
    ):
        by_attribute = by_text
    date = by_attribute or by_text
    return (
        PageDate(kind, _without_count(shown)[:LONGEST_BYLINE] or attribute or "", date)
        if date
        else None
    )


def _of_line(
    element: HtmlElement, shown: str, document: Document
) -> Iterator[tuple[PageDate, bool]]:
    """Yield the dates of a short text that is classed as a byline, or is about nothing but its
    date.
    """
    if _is_about_its_date(element, shown):
        yield from _of_parts("byline", element, shown, document)


def _of_parts(
    kind: str, element: HtmlElement, shown: str, document: Document
) -> Iterator[tuple[PageDate, bool]]:
    """Yield the date of change that a line tells, and that of publication before or after it."""
    before, changed, after = _around_change(shown)
    if changed and (moment := _date(changed, document)) is not None:
        yield PageDate(kind, _own_words(element, shown, moment, document), moment), True
    for part in (before, after):
        date = _date(part, document) if _says_when(part) else None
        if date is not None and (date.precision not in _COARSE or _AGO.search(part)):
            yield PageDate(kind, _own_words(element, shown, date, document), date), False
            return


def _says_when(words: str) -> bool:
    """Return whether *words* may name a moment: by a number, "een jaar geleden", "gisteren"."""
    return any(map(str.isdigit, words)) or bool(_AGO.search(words) or _IN_WORDS.search(words))


def _own_words(element: HtmlElement, shown: str, date: DutchDate, document: Document) -> str:
    """Return what a line says of its *date* without the names and numbers beside it: the first text
    or the first part between strokes that means the same moment; else all of it.
    """
    texts = (" ".join(text.split()) for text in element.itertext())
    for piece in (*texts, *_STROKES.split(shown)):
        words = piece.strip(_AROUND)
        if _says_when(words) and len(words) < len(shown):
            found = _date(words, document)
            if found is not None and found[:2] == date[:2]:
                return _without_count(words)
    return _without_count(shown)


def _is_about_its_date(element: HtmlElement, shown: str) -> bool:
    classed = is_byline(element)
    longest = LONGEST_CLASSED if classed else LONGEST_BYLINE
    if not 5 < len(shown) <= longest or not _says_when(shown):
        return False
    if not classed and (len(shown) > 100 or _other_words(shown) > 2):
        return False
    return not _is_event_fact(element, shown)


def _around_change(shown: str) -> tuple[str, str, str]:
    """Return what a line says before its words about a change, of the change, and of the
    publication after that; all of it is before where it tells of none.
    """
    update = _UPDATED.search(shown)
    if update is None:
        return shown, "", ""
    label = _PUBLISHED_WORD.search(shown, update.end())
    end = label.start() if label else len(shown)
    return shown[: update.start()], shown[update.start() : end], shown[end:]


def _without_count(shown: str) -> str:
    """Return a line without the number of comments at its end: with each comment the date would
    seem to be another.
    """
    return _COUNT.sub("", shown) or shown


def is_byline(element: HtmlElement) -> bool:
    """Tell whether an element is classed as a byline."""
    return bool(_BYLINE_CLASS.search(element.get("class") or ""))


def _counts(index: int, kind: str, shown: str, ground: Ground, document: Document) -> bool:
    """Tell whether a date of *kind* counts where it stands; see the table above."""
    if kind == "microdata":
        return True
    element = ground.elements[index]
    is_labelled = bool(_LABELLED.search(shown))
    is_marked = kind == "time" and _is_published(element)
    zone = ground.zone(index, document.url)
    if zone == "tail":
        is_small = _other_words(
            ground.text(ground.block(index))
        ) <= MOST_OTHER_WORDS and not _AGO.search(shown)
        return is_labelled or is_marked or is_byline(element) or is_small
    if zone == "text":
        return (
            is_marked
            or (is_labelled and kind == "byline" and len(shown) < LONGEST_BYLINE)
            or _is_only_time(element, ground)
        )
    return zone == "head"


def _is_of_site(index: int, found: PageDate, ground: Ground, document: Document) -> bool:
    """Tell whether a line above the headline is the site's, or an archive's: it neither is marked
    nor stands in one box with the headline, or says no more than the day of the visit.
    """
    element = ground.elements[index]
    if found.date is None or is_byline(element) or _LABELLED.search(found.raw):
        return False
    today = document.fetched_at.astimezone(found.date.moment.tzinfo).date()
    if found.date.precision == "day" and found.date.moment.date() == today:
        return True
    headline = ground.elements[ground.headline or 0]
    boxes = [one for one in islice(headline.iterancestors(), NEAR_HEADLINE) if one.tag != "body"]
    return not any(one in boxes for one in element.iterancestors())


def _is_only_time(element: HtmlElement, ground: Ground) -> bool:
    return element.tag == "time" and sum(other.tag == "time" for other in ground.elements) == 1


def _other_words(shown: str) -> int:
    """Return how many words of *shown* are no part of a byline: in lower case, and none that
    bylines use.
    """
    return len(_LOWER_WORD.findall(_BYLINE_WORDS.sub("", shown)))


def _is_published(element: HtmlElement) -> bool:
    """Tell whether an element, or the box that holds nothing else, is marked as the date of
    publication.
    """
    box = element.getparent()
    names = element.get("class") or ""
    if box is not None and len(box) == 1:
        names = f"{names} {box.get('class') or ''}"
    return element.get("pubdate") is not None or bool(_PUBLISHED_CLASS.search(names))


def _is_event_fact(element: HtmlElement, shown: str) -> bool:
    """Tell whether "Datum: ..." stands in an event's facts, beside its place, its time or its
    price.
    """
    if not _WHEN.match(shown):
        return False
    before, after = (
        next(element.itersiblings("*", preceding=True), None),
        next(element.itersiblings("*"), None),
    )
    beside = [other for other in (before, after) if other is not None]
    return any(_EVENT_FACT.match(" ".join(other.text_content().split())) for other in beside)
