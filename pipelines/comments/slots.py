"""Where a template puts its authors, the place that in most records holds a short text, another one each time; and its dates."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

from lxml.html import HtmlElement

from pipelines.comments.byline import LONGEST_SHORT_NAME, is_member_link
from pipelines.comments.dated import MAY_BE_DATE, Head, find_date, short_text
from pipelines.comments.moments import Reference, read_date
from pipelines.comments.signature import read_signature
from pipelines.comments.wording import is_label, name_in
from pipelines.comments.zone import Zone

Slot = tuple[str, ...]

SAMPLE = 40
COVERED = 0.6
DATED = 0.8
MOST_WORDS = 5
_CELLS = frozenset({"td", "tr"})  # they all look alike
_NAME_TAGS = frozenset({"cite", "strong", "b", "a", "h3", "h4", "h5", "h6", "dt", "em"})


def author_slot(zones: Sequence[Zone], reference: Reference) -> Slot | None:
    """Return the place of the authors in *zones*, None where no place holds names in most of them."""
    seen: dict[Slot, list[tuple[int, str, HtmlElement]]] = defaultdict(list)
    sample = zones[:SAMPLE]
    for zone in sample:
        met: set[Slot] = set()
        for order, element in enumerate(zone.elements):
            slot = slot_of(element)
            name = _name(element, reference) if slot not in met else None
            if name:
                met.add(slot)
                seen[slot].append((order, name, element))
    rated = [(_rate(found, len(sample)), slot) for slot, found in seen.items() if len(found) >= COVERED * len(sample)]
    best = max(rated, default=None)
    return best[1] if best and best[0] > 0 else None


def date_slot(zones: Sequence[Zone], reference: Reference) -> Slot | None:
    """Return the place of the dates in *zones*, None where most records do not show theirs in one place."""
    sample = zones[:SAMPLE]
    found = (find_date(Head(zone.elements, zone.names), reference) for zone in sample)
    slots = Counter(slot_of(dated.element) for dated in found if dated.element is not None and dated.source == "text")
    slot, times = slots.most_common(1)[0] if slots else (None, 0)
    return slot if times >= DATED * len(sample) else None


def slot_of(element: HtmlElement) -> Slot:
    """Return what the place of *element* in its template looks like: its tag and class, and those around it."""
    parent = element.getparent()
    around = (parent.tag, (parent.get("class") or "").partition(" ")[0]) if parent is not None else ("", "")
    return (str(element.tag), (element.get("class") or "").partition(" ")[0], str(around[0]), around[1])


def in_slot(elements: Sequence[HtmlElement], slot: Slot) -> HtmlElement | None:
    """Return the first of *elements* in *slot* that says something."""
    return next((e for e in elements if e.tag == slot[0] and slot_of(e) == slot and short_text(e)), None)


def only_in(elements: Sequence[HtmlElement], slot: Slot, reference: Reference) -> HtmlElement | None:
    """Return that of *elements* in *slot* which is neither a byline nor a button; of several the fullest cell of a table, else None."""
    found = [element for element in elements if element.tag == slot[0] and slot_of(element) == slot]
    if len(found) > 1:
        found = [e for e in found if (said := short_text(e)) == "" or not (is_label(said) or read_signature(said, reference))]
    if len(found) > 1 and slot[0] not in _CELLS:
        return None
    return max(found, key=lambda element: len(element.text_content()), default=None)


def _name(element: HtmlElement, reference: Reference) -> str | None:
    return _name_of(short_text(element), reference)


@lru_cache(maxsize=4096)  # groups of records overlap: many places are judged several times
def _name_of(text: str, reference: Reference) -> str | None:
    if not 1 < len(text) <= LONGEST_SHORT_NAME + 20 or is_label(text) or text[-1] in ".!?":
        return None
    name = name_in(text)
    if name is None or len(name) > LONGEST_SHORT_NAME or len(name.split()) > MOST_WORDS or not any(map(str.isalpha, name)):
        return None
    return None if MAY_BE_DATE.search(name) and read_date(name, reference) else name


def _rate(found: list[tuple[int, str, HtmlElement]], number: int) -> float:
    """Return how much a slot looks like that of the authors: in every record, another name each time, near its head, linked or set apart."""
    names = [name for _order, name, _element in found]
    distinct = len(set(names)) / len(names)
    if len(set(names)) < min(2, len(names)):
        return 0.0
    order = sum(order for order, _name, _element in found) / len(found)
    apart = sum(element.tag in _NAME_TAGS for _o, _n, element in found) / len(found)
    member = sum(is_member_link(element) or element.get("rel") == "nofollow" for _o, _n, element in found) / len(found)
    capital = sum(name[:1].isupper() for name in names) / len(names)
    return len(found) / number + min(distinct, 0.7) + 0.5 * apart + 0.8 * member + 0.3 * capital - 0.03 * order
