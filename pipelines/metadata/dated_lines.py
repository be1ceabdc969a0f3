"""The dates that a line or a marked element of a page states: of publication, and of a change."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml.html import HtmlElement

from pipelines.dates import (
    FOREIGN_DATE_WORDS,
    DutchDate,
    agree,
    any_of,
    finer,
    is_clock_of_home,
    misstates,
    parse_page_date,
)
from pipelines.document import Document
from pipelines.metadata.page_date import PageDate

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
# In lower case; the first letters of its words spare most places of a line all of them.
_ANOTHER_MATTER = re.compile(
    r"(?=[©ceagormbzs])(?:©|copyright|\bevent|agenda|aanvang|geboren|overleden"
    r"|\breport (?:this )?(?:comment|abuse)|\bmeld misbruik|\brapporteer|\bongepast|\bbeantwoord(?:en)?\b|\breply\b|\b(?:zegt|says|schreef)\s?:)"
)
_LIFE = re.compile(
    r"\d{1,2}[\s./-]\w{1,12}[\s./-](?P<born>(?:19|20)\d\d)\s?[–—†-]\s?"
    r"\d{1,2}[\s./-]\w{1,12}[\s./-](?P<died>(?:19|20)\d\d)\b"
)
SHORTEST_LIFE = 13  # years; a shorter span is one of a page's own dates, or of an event
_WHEN = re.compile(r"^\W*(?:datum|wanneer|date|when)\b", re.IGNORECASE)
_PLACE_FACT = r"locatie|plaats|waar|aanvang|zaal|toegang|entree|prijs|kosten|tickets?"
_EVENT_FACT = re.compile(rf"^\W*(?:{_PLACE_FACT}|tijd(?:stip)?)\b\s*:", re.IGNORECASE)
# In the line of the date itself: there a time alone may be that of publication.
_OWN_FACT = re.compile(rf"^\W*(?:{_PLACE_FACT})\b\s*:", re.IGNORECASE)
# Not "eerder geplaatst": that was elsewhere, or another article.
_PUBLISHES = re.compile(
    r"(?:^|[|•·/–—-])\W{0,3}(?:(?:bericht|artikel|nieuws|datum)\s)?(?:geplaatst|gepubliceerd|gepost"
    r"|publicatiedatum|plaatsingsdatum|posted|published)\b",
    re.IGNORECASE,
)
# What a line may state beside its date and names and still be a byline.
_BYLINE_WORDS = re.compile(
    r"\b(?:[a-zé]{2,9}dag|jan\w*|feb\w*|maart|mrt|april|mei|juni?|juli?|aug\w*|sept?\w*|okt\w*|nov\w*|dec\w*|om|op|op:|uur|door|by|on|at|in|van|de|der|den|het|en|tekst|beeld|foto|bron"
    r"|geleden|gisteren|vandaag|dagen|uren|minuten|reacties?|comments?|leestijd|min|lezen|keer|gelezen|geplaatst|gepubliceerd|gepost|geschreven|posted|published|datum|auteur|redactie|bijgewerkt"
    rf"|gewijzigd|laatst|laatste|update|categorie|nieuws|views?|{any_of(FOREIGN_DATE_WORDS)})\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?:(?<![\s|•·,(–-])[\s|•·,(–-]+)?(?:(?<![\d/.-])(?:\d{1,3}(?:[.,]\d{3}){0,3}\s*|(?:geen|één|no|one)\s+))?(?:reacties?|comments?|reageer|reageren|leave a comment)"
    r"(?:\s+(?:uitgeschakeld|gesloten|off|closed))?\s*\)?$",
    re.IGNORECASE,
)
_AGO = re.compile(r"\b(?:geleden|ago)\b", re.IGNORECASE)
_IN_WORDS = re.compile(r"\b(?:(?:eer)?gisteren|yesterday)\b", re.IGNORECASE)
_GLUED_LABEL = re.compile(r"(?<=[^\W\d_]:)(?=\d)")  # "<b>Datum:</b>3 mei 2014"
_CLOCK_ALONE = re.compile(r"\D{0,12}\d{1,2}[:.u]\d\d(?::\d\d)?\D{0,6}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOWER_WORD = re.compile(r"(?<![\w'’])[a-zà-ÿ]{3,}")
_STROKES = re.compile(r"(?:(?<!\s)\s+)?[|•·]\s*|(?<!\s)\s+[/–—-]\s+")
_AROUND = " |•·–—-/,;:("
LONGEST_BYLINE = 220
LONGEST_CLASSED = 1200


def read_element(
    element: HtmlElement, kind: str, shown: str, document: Document
) -> Iterator[tuple[PageDate, bool]]:
    """Yield the dates of one element, each with whether it is that of a change."""
    if kind == "byline":
        yield from _of_line(element, shown, document)
        return
    changed = _around_change(shown)[1]
    is_parted = bool(changed) and _names_moment(shown.replace(changed, "", 1))
    if is_parted and len(shown) <= LONGEST_BYLINE and not element.get("datetime"):
        yield from _of_parts(kind, element, shown, document)
    elif (found := _of_element(element, kind, shown, document)) is not None:
        yield found, _is_marked_change(element) or (bool(changed) and not is_parted)


def is_of_another_matter(shown: str) -> bool:
    """Tell whether a line's date is no article's: a copyright, an event, a life, a comment."""
    life = _LIFE.search(shown[:LONGEST_BYLINE])
    if life is not None and int(life["died"]) - int(life["born"]) >= SHORTEST_LIFE:
        return True
    return bool(_ANOTHER_MATTER.search(shown[:LONGEST_BYLINE].lower()))


def is_labelled(shown: str) -> bool:
    """Tell whether a line has a word about publication."""
    return bool(_LABELLED.search(shown))


def is_published(shown: str) -> bool:
    """Tell whether a line has a word about publication, in any language known here."""
    return is_labelled(shown) or bool(_PUBLISHED_WORD.search(shown))


def is_age(shown: str) -> bool:
    """Tell whether a line counts back from the visit ("3 dagen geleden")."""
    return bool(_AGO.search(shown))


def is_byline(element: HtmlElement) -> bool:
    """Tell whether an element is classed as a byline."""
    return bool(_BYLINE_CLASS.search(element.get("class") or ""))


def speaks_of_change(element: HtmlElement) -> bool:
    """Tell whether an element is marked as a date of change, or begins with words about one."""
    is_marked = "odified" in (element.get("itemprop") or "") or _is_updated_class(
        element.get("class") or ""
    )
    words = element.text
    return is_marked or (words is not None and not words.isspace() and bool(_UPDATED.search(words)))


@lru_cache(maxsize=1024)  # a site's pages share their names
def _is_updated_class(names: str) -> bool:
    return bool(_UPDATED_CLASS.search(names))


def _is_marked_change(element: HtmlElement) -> bool:
    """Tell whether an element's names call its date that of a change."""
    names = element.get("class") or ""
    is_updated = bool(_UPDATED_CLASS.search(names)) and "published" not in names
    return is_updated or "modified" in (element.get("itemprop") or "").lower()


def _date(text: str, document: Document) -> DutchDate | None:
    if _CLOCK_ALONE.fullmatch(text) and not _IN_WORDS.search(text):
        return None  # a comment's "21:45" may be today's; an article's is beside its day
    parted = _GLUED_LABEL.sub(" ", text)
    return parse_page_date(parted, language=document.language, reference=document.fetched_at)


def _of_element(element: HtmlElement, kind: str, shown: str, document: Document) -> PageDate | None:
    """Return the date of a marked element: its attribute, made more precise by its text where the
    two agree.
    """
    attribute = _date_attribute(element)
    stated = _date(attribute, document) if attribute else None
    visible = _date(shown, document) if 3 < len(shown) <= LONGEST_BYLINE else None
    if stated is None or visible is None:
        date = stated or visible
    else:
        date = visible if _is_better(visible, stated, document) else stated
    raw = _without_count(shown)[:LONGEST_BYLINE] or attribute or ""
    return PageDate(kind, raw, date, is_stated=stated is not None) if date else None


def _is_better(visible: DutchDate, stated: DutchDate, document: Document) -> bool:
    """Tell whether what an element shows is more precise than its attribute, or right where that
    has another zone's clock.
    """
    if agree(visible, stated) and finer(visible, stated):
        return True
    # Of a page that names no language nobody knows whose clock it shows.
    return is_clock_of_home(document.language or "en") and misstates(stated, visible)


def _date_attribute(element: HtmlElement) -> str | None:
    stated = element.get("datetime") or element.get("content")
    if not stated and element.tag in {"time", "abbr", "span", "a", "small"}:
        return element.get("title")
    return stated


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
    """Yield the date of change that a line states, and that of publication before or after it."""
    before, changed, after = _around_change(shown)
    if changed and (moment := _date(changed, document)) is not None:
        yield PageDate(kind, _own_words(element, shown, moment, document), moment), True
    for part in (before, after):
        date = _date(part, document) if _names_moment(part) else None
        if date is not None and (date.precision not in _COARSE or _AGO.search(part)):
            raw, is_called = _own_words(element, shown, date, document), _calls(part)
            yield PageDate(kind, raw, date, is_called=is_called), False
            return


def _calls(part: str) -> bool:
    """Tell whether *part* of a line calls its date that of publication."""
    return bool(_PUBLISHES.search(part))


def _names_moment(words: str) -> bool:
    """Return whether *words* may name a moment: by a number, "een jaar geleden", "gisteren"."""
    return any(map(str.isdigit, words)) or bool(_AGO.search(words) or _IN_WORDS.search(words))


def _own_words(element: HtmlElement, shown: str, date: DutchDate, document: Document) -> str:
    """Return the words of a line about its *date* without the names and numbers beside it: the
    first text or the first part between strokes that means the same moment; else all of it.
    """
    texts = (" ".join(text.split()) for text in element.itertext())
    for piece in (*texts, *_STROKES.split(shown)):
        words = piece.strip(_AROUND)
        if _names_moment(words) and len(words) < len(shown):
            found = _date(words, document)
            if found is not None and found[:2] == date[:2]:
                return _without_count(words)
    return _without_count(shown)


def _is_about_its_date(element: HtmlElement, shown: str) -> bool:
    classed = is_byline(element)
    longest = LONGEST_CLASSED if classed else LONGEST_BYLINE
    if not 5 < len(shown) <= longest or not _names_moment(shown):
        return False
    if not classed and (len(shown) > 100 or other_words(shown) > 2):
        return False
    return not _is_event_fact(element, shown)


def _around_change(shown: str) -> tuple[str, str, str]:
    """Return the words of a line before those about a change, those of the change, and those of the
    publication after that; all of it is before where there is no change.
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


def other_words(shown: str) -> int:
    """Return how many words of *shown* are no part of a byline: in lower case, and none that
    bylines use.
    """
    return len(_LOWER_WORD.findall(_BYLINE_WORDS.sub("", shown)))


def words_beside_date(shown: str) -> int:
    """Return how many words of *shown* are no part of a byline, names among them."""
    return len(_WORD.findall(_BYLINE_WORDS.sub("", shown)))


def _is_event_fact(element: HtmlElement, shown: str) -> bool:
    """Tell whether "Datum: ..." is in an event's facts, with or beside its place, its time or its
    price.
    """
    if not _WHEN.match(shown):
        return False
    pieces = (piece for text in element.itertext() for piece in _STROKES.split(text))
    if any(map(_OWN_FACT.match, pieces)):
        return True
    before, after = (
        next(element.itersiblings("*", preceding=True), None),
        next(element.itersiblings("*"), None),
    )
    beside = [other for other in (before, after) if other is not None]
    return any(_EVENT_FACT.match(" ".join(other.text_content().split())) for other in beside)
