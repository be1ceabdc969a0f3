"""How many comments the page states."""

import re
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from pipelines.comments.page import View, heading_words
from pipelines.comments.record import COMMENT_NOUN, is_in_widget
from pipelines.dates import NUMBERS
from pipelines.document import (
    Index,
    JsonObject,
    is_of_other_page,
)
from storage.numbers import whole_number

LONGEST = 160
MOST_REPEATED = 3  # times that a page states its own count; a list of articles states many

# "Reactie 1" numbers a comment, "Reacties 1" counts them.
_ONE = r"(?:reactie|comment|opmerking|antwoord|bericht|bijdrage|response|reply|gedachte|thought|kommentar|commentaire|comentario|antwort|réponse|reaction|post|mening|inzending)"
_NUMBER = r"(\d{1,3}(?:[.,]\d{3})+|\d{1,6})"
_LEAD = r"(?:(?:alle|toon|bekijk|lees|de|er (?:zijn|is|staan)|view|all|see|read|show|there are|inmiddels|al|nu|totaal|in totaal)\s+)*"
_WORD = "|".join(sorted(NUMBERS, key=len, reverse=True))
_OF = r"(?:van(?: de)?|of|von|sur)"
_OF_MANY = re.compile(rf"(?<!\d)\d+\s*(?:{_OF}|/)\s*{_NUMBER}\s+{COMMENT_NOUN}\b", re.IGNORECASE)
_NUMBER_FIRST = re.compile(
    rf"^\W*{_LEAD}{_NUMBER}\s+(?:(?!dagen|jaar|uur|maanden)\w+\s+)?{COMMENT_NOUN}\b", re.IGNORECASE
)
_WORD_FIRST = re.compile(
    rf"^\W*{_LEAD}({_WORD}|eén|one|two|three|four|five)\s+{COMMENT_NOUN}\b", re.IGNORECASE
)
_NUMBER_LAST = re.compile(
    rf"\b(?:{COMMENT_NOUN}|discussie|discussion|commentaar|meepraten|(?:praten|praat|denken) mee)(?:\s*(?:op|bij|on|van) .{{3,100}})?\s*[:(\[–-]\s*(?:\d{{1,6}}\s*{_OF}\s*)?{_NUMBER}\s*[)\]]?\W*$|^(?!\W*{_ONE}\s)\W*{COMMENT_NOUN}\s+{_NUMBER}\W*$",
    re.IGNORECASE,
)
_TIMES = re.compile(
    rf"^\W*{_LEAD}{_NUMBER}\s*(?:x|keer|maal)\s+gereageerd|^\W*{_NUMBER}\s+(?:lezers|mensen|personen)\s+(?:hebben\s+)?(?:reageerden|gereageerd)",
    re.IGNORECASE,
)
_NONE = re.compile(
    rf"^\W*(?:geen|(?:er zijn )?nog geen|no|er zijn (?:nog )?geen|there are no|keine|aucun)\s+{COMMENT_NOUN}\b"
    r"|^\W*(?:wees|ben|be|reageer|plaats|geef|schrijf)\s+(?:jij |u )?(?:als |de |the )?(?:eerste|first)\b",
    re.IGNORECASE,
)
_COUNT_NAME = re.compile(
    r"(?:comment|reactie|reaction|replies|response)s?[-_]*(?:count|title|heading|number|aantal|link|titel|total|num|kop)|aantal-?reacties|(?:num|count|nr|no)-?of-?comments|num-?comments|comments?-?(?:popup|meta)",
    re.IGNORECASE,
)
_WORDS = {"eén": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend", "summary", "caption"})
_STATING = frozenset({"h2", "h3", "h4", "h5", "h6", "legend", "summary", "button", "a"})
_ANCHORS = ("#comments", "#reacties", "#respond", "#comment", "#discussie", "#reageer")


def declared_count(
    areas: Sequence[HtmlElement], view: View, within: range = range(0)
) -> int | None:
    """Return the number of comments that the page states: over the thread, else beside the
    headline, else in JSON-LD, else anywhere.

    *within* are the places of the records: what they hold is a reader's word.
    """
    for element in _around(areas, view, within):
        count = read_count(_words(element))
        if count is not None and not _is_in_records(element, view.index, within):
            return count
    for thing in view.document.json_ld:
        count = _stated(thing)
        if count is not None and not is_of_other_page(view.document, thing):
            return count
    found = [*_elsewhere(view, within)]
    return found[0] if found and len(set(found)) == 1 and len(found) <= MOST_REPEATED else None


def _is_in_records(element: HtmlElement, index: Index, within: range) -> bool:
    """Return whether records have similar words in an element of the same class: how much a writer
    has written before.
    """
    alike = index.classes.get(element.get("class") or "", ())
    inside = [other for other in alike if index.place[other] in within]
    return any(read_count(_words(other)) is not None for other in inside)


def _stated(thing: JsonObject) -> int | None:
    """Return the number of comments that a JSON-LD object states."""
    value = thing.get("commentCount")
    counters = thing.get("interactionStatistic")
    for counter in counters if isinstance(counters, list) else [counters]:
        if isinstance(counter, dict) and "CommentAction" in str(counter.get("interactionType")):
            value = counter.get("userInteractionCount") if value is None else value
    return whole_number(value)


def _around(areas: Sequence[HtmlElement], view: View, within: range) -> Iterator[HtmlElement]:
    """Yield what may state the count, the likeliest first."""
    index, url = view.index, view.document.url
    named = _named_places(index, within)
    for area in areas:
        yield from _headings_in(area, index, within, set(named))
    if within:
        yield from _headings_before(index, within.start)
    known: dict[HtmlElement, bool] = {}
    boxes = (index.elements[place] for place in named)
    yield from (e for e in boxes if e.tag != "body" and is_own(e, url, known))
    anchors = (e for e in index.elements[0].iter("a") if (e.get("href") or "").endswith(_ANCHORS))
    yield from (e for e in anchors if is_own(e, url, known))


def _named_places(index: Index, within: range) -> list[int]:
    """Return the places of the elements outside the records whose classes name a count."""
    counting = (elements for names, elements in index.classes.items() if _is_count_name(names))
    places = (index.place[element] for elements in counting for element in elements)
    return sorted(place for place in places if place not in within)


def _headings_in(
    area: HtmlElement, index: Index, within: range, named: Set[int]
) -> Iterator[HtmlElement]:
    """Yield the headings, and what is *named* for a count, in *area* before and behind the
    records.
    """
    start, end = index.place[area], index.end(area)
    before = range(start, min(end, max(start, within.start) if within else end))
    behind = range(max(start, within.stop), end if within else start)
    for place in (*before, *behind):
        if place in named or index.elements[place].tag in _HEADINGS:
            yield index.elements[place]


def _elsewhere(view: View, within: range) -> Iterator[int]:
    """Yield the numbers in headings, buttons and links outside the thread."""
    known: dict[HtmlElement, bool] = {}
    for element, line in view.headings:
        count = (
            read_count(line)
            if element.tag in _STATING and view.index.place[element] not in within
            else None
        )
        if count is not None and is_own(element, view.document.url, known):
            yield count


def is_own(element: HtmlElement, url: str, known: dict[HtmlElement, bool]) -> bool:
    """Return whether what *element* states is about the page itself: it stands in no widget and
    links to no other page.
    """
    links = [link for link in (*element.iter("a"), *element.iterancestors("a")) if link.get("href")]
    return not any(_leads_away(link.get("href") or "", url) for link in links) and not is_in_widget(
        element, known
    )


def _leads_away(href: str, url: str) -> bool:
    if href.startswith("#"):
        return False
    try:
        path = urlsplit(urljoin(url, href)).path.rstrip("/")
    except ValueError:
        return True
    own = urlsplit(url).path.rstrip("/")
    # The comments of an article may have an address of their own under it: "/stuk/reacties".
    return path != own and not (len(own) > 1 and path.startswith(f"{own}/"))


def _headings_before(index: Index, start: int) -> Iterator[HtmlElement]:
    """Yield the headings, and what else is short, shortly before a thread."""
    for place in range(start - 1, max(start - 30, 0), -1):
        element = index.elements[place]
        if element.tag in _HEADINGS or (
            len(element) < 3
            and element.tag in {"p", "div", "span", "strong", "b", "td", "a", "font"}
        ):
            yield element


def _words(element: HtmlElement) -> str:
    return heading_words(element)[: LONGEST + 1] if len(element) < 8 else ""


@lru_cache(maxsize=1024)
def _is_count_name(names: str) -> bool:
    return bool(_COUNT_NAME.search(names))


def read_count(text: str) -> int | None:
    """Return the number of comments that a heading such as "11 reacties" states, None when it
    states none.
    """
    line = " ".join(text.split())
    return _counted(line) if 4 < len(line) <= LONGEST else None


@lru_cache(maxsize=1024)  # a page's pieces are asked several times
def _counted(line: str) -> int | None:
    if _NONE.match(line):
        return 0
    if any(map(str.isdigit, line)):
        match = (
            _OF_MANY.search(line)
            or _NUMBER_FIRST.match(line)
            or _TIMES.match(line)
            or _NUMBER_LAST.search(line)
        )
        if match:
            return whole_number(re.sub("[.,]", "", next(filter(None, match.groups()))))
    match = _WORD_FIRST.match(line)
    return _word_value(match[1].lower()) if match else None


def _word_value(word: str) -> int | None:
    value = _WORDS.get(word) or NUMBERS.get(word)
    return int(value) if value is not None and value == int(value) else None


_HEADING = re.compile(
    r"^\W*(?:\d+\s+)?(?:(?:lezers-?)?reacties?|reageren|comments?|kommentare?|commentaires?|comentarios?|commenti|commentaar|discussie|discussion|opmerkingen|gastenboek|guestbook|responses?|replies|reader comments|wat vind(?:t u| jij| je)|wat is uw mening|(?:praat|discussieer|denk) mee|meepraten|meningen|lezersbrieven|join the (?:discussion|conversation)|koment\w+|комментари\w+|reageer(?:\s.{0,40})?|antworten|réponses?|respuestas)\b.{0,60}$",
    re.IGNORECASE,
)


def is_thread_heading(line: str) -> bool:
    """Return whether *line* can be the heading of a thread: "Reacties", "Praat mee"."""
    return bool(_HEADING.match(line))
