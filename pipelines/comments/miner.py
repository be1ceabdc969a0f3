"""Records of a template never seen: what repeats around the marks of comments.

Marks of one kind that stand in equal surroundings are taken for one in each record. The record is the largest element around its mark that
holds no other record's; where that leaves the words outside, as in rows of a table, it goes on through the siblings up to the next.
Repetition is no evidence: what a group must show before it counts is in evidence.py.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.comments.evidence import Evidence, is_page_worth, weigh
from pipelines.comments.index import Index
from pipelines.comments.marks import KINDS, Marks, find_marks
from pipelines.comments.markups import is_in_widget, spans
from pipelines.comments.reading import GENERIC, Reading, read_records
from pipelines.comments.zone import Roots
from pipelines.document import Document

HIGHEST = 12
LEAST_WORDS = 12
MOST_CANDIDATES = 10
SAMPLE = 30
DISTINCT = 0.9

_NO_RECORD = frozenset({"html", "body", "head", "main", "form", "tbody", "table", "ul", "ol", "nav", "footer", "aside"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """Records that may be a thread, and by which kind of mark they were found."""

    kind: str
    records: tuple[Roots, ...]


def mine(index: Index, document: Document) -> Reading | None:
    """Return the reading of the best group of repeated records on the page that shows itself to be a thread; None when none does."""
    if not is_page_worth(index, document):
        return None
    marks = find_marks(index, document.fetched_at)
    best: tuple[float, Candidate] | None = None
    for candidate in _candidates(index, marks):
        score = weigh(Evidence(candidate.records, index, document, marks))
        if score is not None and (best is None or score > best[0]):
            best = (score, candidate)
    return read_records(GENERIC, best[1].records, index, document) if best else None


def _candidates(index: Index, marks: Marks) -> list[Candidate]:
    """Return the groups worth a reading, the largest first, each set of records once."""
    found: dict[tuple[Roots, ...], Candidate] = {}
    for kind in KINDS:
        for places in _groups(index, getattr(marks, kind)):
            for records in _records(index, places):
                found.setdefault(records, Candidate(kind, records))
    return sorted(found.values(), key=lambda candidate: -len(candidate.records))[:MOST_CANDIDATES]


def _groups(index: Index, places: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of marks that stand in equal surroundings: by tags alone, and by tags and classes."""
    by_tags: dict[tuple[str, ...], list[int]] = defaultdict(list)
    by_names: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in places:
        element = index.elements[place]
        around = [element, *_ancestors(element, 3)]
        tags = tuple(str(box.tag) for box in around)
        by_tags[tags[:3]].append(place)
        by_names[(*tags, *((box.get("class") or "").partition(" ")[0] for box in around[:3]))].append(place)
    yield from (group for group in by_tags.values() if len(group) > 1)
    yield from (group for group in by_names.values() if len(group) > 1)


def _ancestors(element: HtmlElement, most: int) -> Iterator[HtmlElement]:
    for level, ancestor in enumerate(element.iterancestors()):
        if level == most:
            return
        yield ancestor


def _records(index: Index, places: Sequence[int]) -> Iterator[tuple[Roots, ...]]:
    """Yield the records around marks: elements, and elements with the siblings up to the next."""
    units = _units([index.elements[place] for place in places])
    known: dict[HtmlElement, bool] = {}
    units = [unit for unit in units if unit.tag not in _NO_RECORD and not is_in_widget(unit, known)]
    if len(units) < 2:
        return
    yield tuple((unit,) for unit in units)
    if _leaves_words_outside(units):
        yield tuple(spans(units))
        if _ends_with_marks(units):
            yield tuple(_spans_before(units))


def _units(marked: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Return the largest boxes around *marked* that are still one for each: as many levels up as leave nearly all apart."""
    levels = [list(dict.fromkeys(marked))]
    met = dict.fromkeys(levels[0], 0)
    for level in range(1, HIGHEST):
        above = [parent for element in levels[-1] if (parent := element.getparent()) is not None]
        distinct = list(dict.fromkeys(above))
        if len(distinct) < max(2, DISTINCT * len(levels[-1])) or any(box.tag in {"body", "html"} for box in distinct):
            break
        around = [met[box] for box in distinct if box in met]
        if around:
            return levels[min(around)]  # a record's list of replies leads back to the record itself
        levels.append(distinct)
        met.update(dict.fromkeys(distinct, level))
    return levels[-1]


def _leaves_words_outside(units: Sequence[HtmlElement]) -> bool:
    """Tell whether siblings between *units* say more than they do."""
    heads = set(units)
    inside = outside = 0
    for unit in units[:SAMPLE]:
        inside += len(unit.text_content())
        for sibling in unit.itersiblings():
            if sibling in heads:
                break
            outside += len(sibling.text_content()) if isinstance(sibling.tag, str) else 0
    return outside > inside


def _ends_with_marks(units: Sequence[HtmlElement]) -> bool:
    """Tell whether a record ends with its mark: words stand before the first and hardly any after the last."""
    before = sum(len(s.text_content()) for s in units[0].itersiblings(preceding=True) if isinstance(s.tag, str))
    after = sum(len(s.text_content()) for s in units[-1].itersiblings() if isinstance(s.tag, str))
    return before > after


def _spans_before(units: Sequence[HtmlElement]) -> Iterator[Roots]:
    """Yield each of *units* after the siblings that precede it, down to the one before."""
    heads = set(units)
    for unit in units:
        roots = [unit]
        for sibling in unit.itersiblings(preceding=True):
            if sibling in heads or len(roots) > LEAST_WORDS:
                break
            if isinstance(sibling.tag, str):
                roots.append(sibling)
        yield tuple(reversed(roots))
