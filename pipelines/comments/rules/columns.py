"""Where a template puts its authors, the place that in most records holds a short text, another one
each time; and its dates.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

from lxml.html import HtmlElement

from pipelines.comments.page import View
from pipelines.comments.record import (
    LONGEST_SHORT_NAME,
    MAY_BE_DATE,
    Head,
    Slot,
    Template,
    Zone,
    find_date,
    is_label,
    is_member_link,
    name_in,
    read_byline,
    read_words,
    slot_of,
)
from pipelines.dates import Reference, read_date

SAMPLE = 40
COVERED = 0.6
DATED = 0.8
MOST_WORDS = 5
_NAME_TAGS = frozenset({"cite", "strong", "b", "a", "h3", "h4", "h5", "h6", "dt", "em"})


def author_slot(zones: Sequence[Zone], view: View) -> Slot | None:
    """Return the place of the authors in *zones* on the page of *view*, None where no place holds
    names in most of them.
    """
    seen: dict[Slot, list[tuple[int, str, HtmlElement]]] = defaultdict(list)
    sample = zones[:SAMPLE]
    for zone in sample:
        met: set[Slot] = set()
        for order, element in enumerate(zone.elements):
            slot = slot_of(element)
            name = _name_of(view.short_text(element), view.reference) if slot not in met else None
            if name:
                met.add(slot)
                seen[slot].append((order, name, element))
    rated = [
        (_rate(found, len(sample)), slot)
        for slot, found in seen.items()
        if len(found) >= COVERED * len(sample)
    ]
    best = max(rated, default=None)
    return best[1] if best and best[0] > 0 else None


def date_slot(zones: Sequence[Zone], reference: Reference) -> Slot | None:
    """Return the place of the dates in *zones*, None where most records do not show theirs in one
    place.
    """
    sample = zones[:SAMPLE]
    found = (find_date(Head(zone.elements, zone.names), reference) for zone in sample)
    slots = Counter(
        slot_of(dated.element)
        for dated in found
        if dated.element is not None and dated.source == "text"
    )
    slot, times = slots.most_common(1)[0] if slots else (None, 0)
    return slot if times >= DATED * len(sample) else None


@lru_cache(maxsize=4096)
def _name_of(text: str, reference: Reference) -> str | None:
    if not 1 < len(text) <= LONGEST_SHORT_NAME + 20 or is_label(text) or text[-1] in ".!?":
        return None
    name = name_in(text)
    if (
        name is None
        or len(name) > LONGEST_SHORT_NAME
        or len(name.split()) > MOST_WORDS
        or not any(map(str.isalpha, name))
    ):
        return None
    return None if MAY_BE_DATE.search(name) and read_date(name, reference) else name


def _rate(found: list[tuple[int, str, HtmlElement]], number: int) -> float:
    """Return how much a slot looks like that of the authors: in every record, another name each
    time, near its head, linked or set apart.
    """
    names = [name for _order, name, _element in found]
    distinct = len(set(names)) / len(names)
    if len(set(names)) < min(2, len(names)):
        return 0.0
    order = sum(order for order, _name, _element in found) / len(found)
    apart = sum(element.tag in _NAME_TAGS for _o, _n, element in found) / len(found)
    member = sum(
        is_member_link(element) or element.get("rel") == "nofollow" for _o, _n, element in found
    ) / len(found)
    capital = sum(name[:1].isupper() for name in names) / len(names)
    return (
        len(found) / number
        + min(distinct, 0.7)
        + 0.5 * apart
        + 0.8 * member
        + 0.3 * capital
        - 0.03 * order
    )


TEXT_SAMPLE = 30
TEXT_COVERED = 0.7
REPEATED = 0.1
HELD = 0.4
DISTINCT = 0.7
_CLICKED = frozenset({"a", "span", "li", "small", "strong", "b", "label", "em"})


def text_slot(zones: Sequence[Zone], template: Template) -> Slot | None:
    """Return the outermost place that holds the words of most records in *zones* and nothing of
    their bylines, None when there is none.

    A place that a record has several times, as a paragraph, is none.
    """
    sample = zones[:TEXT_SAMPLE]
    words: Counter[Slot] = Counter()
    texts: dict[Slot, list[str]] = defaultdict(list)
    repeated: Counter[Slot] = Counter()
    total = 0
    for zone in sample:
        around = read_byline(zone, None, template)[0]
        total += len(read_words(zone, None, around).text)
        met: set[Slot] = set()
        for slot, text in _places(
            zone,
            template,
            [e for e in (around.author_element, around.date_element) if e is not None],
        ):
            if slot in met:
                repeated[slot] += 1
                continue
            met.add(slot)
            texts[slot].append(text)
            words[slot] += len(text)
    able = [slot for slot, said in texts.items() if _is_able(said, repeated[slot], len(sample))]
    best = max(able, key=words.__getitem__, default=None)
    return best if best is not None and words[best] >= HELD * total else None


def _is_able(said: Sequence[str], repeated: int, number: int) -> bool:
    """Tell whether a place can be that of the words: in most records, once in each, with other
    words each time.
    """
    return (
        len(said) >= TEXT_COVERED * number
        and repeated <= REPEATED * number
        and len(set(said)) >= DISTINCT * len(said)
    )


def _places(zone: Zone, template: Template, named: Sequence[object]) -> list[tuple[Slot, str]]:
    """Return the places in *zone* that hold neither an element of its byline nor a button, each
    with what it says.
    """
    index = template.index
    marks = [
        index.place[e]
        for e in zone.elements
        if e in named or (e.tag in _CLICKED and is_label((e.text or "").strip()))
    ]
    found = []
    for element in zone.elements:
        if element in zone.roots:
            continue
        start, end = index.place[element], index.end(element)
        text = element.text_content().strip()
        if text and not any(start <= mark < end for mark in marks):
            found.append((slot_of(element), text))
    return found
