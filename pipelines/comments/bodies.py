"""Where a template that is not known by name puts what its readers say: the place that holds most words beside author, date and buttons."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from pipelines.comments.fields import Template, read_byline
from pipelines.comments.slots import Slot, slot_of
from pipelines.comments.wording import is_label
from pipelines.comments.words import read_words
from pipelines.comments.zone import Zone

SAMPLE = 30
COVERED = 0.7
REPEATED = 0.1
HELD = 0.4
DISTINCT = 0.7
_CLICKED = frozenset({"a", "span", "li", "small", "strong", "b", "label", "em"})


def text_slot(zones: Sequence[Zone], template: Template) -> Slot | None:
    """Return the outermost place that holds the words of most records in *zones* and nothing of their bylines, None when there is none.

    A place that a record has several times, as a paragraph, is none.
    """
    sample = zones[:SAMPLE]
    words: Counter[Slot] = Counter()
    texts: dict[Slot, list[str]] = defaultdict(list)
    repeated: Counter[Slot] = Counter()
    total = 0
    for zone in sample:
        around = read_byline(zone, None, template)[0]
        total += len(read_words(zone, None, around).text)
        met: set[Slot] = set()
        for slot, text in _places(zone, template, [e for e in (around.author_element, around.date_element) if e is not None]):
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
    """Tell whether a place can be that of the words: in most records, once in each, with other words each time."""
    return len(said) >= COVERED * number and repeated <= REPEATED * number and len(set(said)) >= DISTINCT * len(said)


def _places(zone: Zone, template: Template, named: Sequence[object]) -> list[tuple[Slot, str]]:
    """Return the places in *zone* that hold neither an element of its byline nor a button, each with what it says."""
    index = template.index
    marks = [index.place[e] for e in zone.elements if e in named or (e.tag in _CLICKED and is_label((e.text or "").strip()))]
    found = []
    for element in zone.elements:
        if element in zone.roots:
            continue
        start, end = index.place[element], index.end(element)
        text = element.text_content().strip()
        if text and not any(start <= mark < end for mark in marks):
            found.append((slot_of(element), text))
    return found
