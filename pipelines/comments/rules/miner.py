"""Records of a template never seen: what repeats around the marks of comments.

Marks of one kind that stand in equal surroundings are taken for one in each record. The record is
the largest element around its mark that holds no other record's; where that leaves the words
outside, as in rows of a table, it goes on through the siblings up to the next. Repetition is no
evidence: what a group must show before it counts is in evidence.py.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from lxml.html import HtmlElement

from pipelines.comments.declared import read_count
from pipelines.comments.model import GENERIC, ThreadReading
from pipelines.comments.page import View
from pipelines.comments.record import Roots, is_in_widget
from pipelines.comments.rules.features import KINDS, Marks, find_marks, is_forum
from pipelines.comments.rules.reader import read_records
from pipelines.comments.rules.score import ThreadEvidence, is_page_worth, weigh
from pipelines.comments.rules.systems import spans
from pipelines.document import Index, siblings

HIGHEST = 12
LEAST_WORDS = 12
STRAY = 3  # times the longest other record
MOST_ABOVE = 2  # records before a heading that are the article's
MOST_BEFORE = 4  # elements of a record that may stand before its mark
MOST_CANDIDATES = 10
SAMPLE = 30
LONGEST_HEADING = 60
MOST_HEADINGS = 12  # that are looked under: a list of articles has one for each
UNDER = 12  # elements after a heading among which the box of its list stands
DISTINCT = 0.9
PROSE, ARTICLE = 100, 600  # letters of a paragraph, and of an article
LARGER_WINS = 1.5  # points by which a group may be worse than one that it holds

_SECTIONS = frozenset({"h1", "h2", "h3"})
_TITLES = frozenset({"h2", "h3", "h4", "h5", "h6", "legend", "summary"})
_NO_RECORD = frozenset({"html", "body", "head", "main", "form", "tbody", "nav", "footer", "aside"})


def mine(view: View) -> ThreadReading | None:
    """Return the reading of the best group of repeated records on the page that shows itself to be
    a thread; None when none does.
    """
    if not is_page_worth(view):
        return None
    index = view.index
    marks = find_marks(index, view.reference)
    weighed = [
        (weigh(ThreadEvidence(records, view, marks)), records)
        for records in _candidates(view, marks)
    ]
    scored = [(score, records) for score, records in weighed if score is not None]
    best = max(scored, key=lambda one: one[0], default=None)
    if best is None:
        return None
    # Replies, too, are records: of two groups the one that holds the other is the thread.
    larger = [
        one for one in scored if one[0] > best[0] - LARGER_WINS and set(one[1]) > set(best[1])
    ]
    records = max([best, *larger], key=lambda one: len(one[1]))[1]
    return read_records(GENERIC, records, view)


def _candidates(view: View, marks: Marks) -> list[tuple[Roots, ...]]:
    """Return the groups worth a reading, the largest first, each set of records once."""
    found: dict[tuple[Roots, ...], None] = {}
    for kind in KINDS:
        for places in _groups(view.index, getattr(marks, kind)):
            found.update(dict.fromkeys(_records(view, places)))
    found.update(dict.fromkeys(_counted(view)))
    return sorted(found, key=len, reverse=True)[:MOST_CANDIDATES]


def _counted(view: View) -> Iterator[tuple[Roots, ...]]:
    """Yield what stands under a heading "3 reacties" three times: records that may bear no other
    mark than a name.
    """
    index = view.index
    titles = (
        one for one in view.headings if one[0].tag in _TITLES and len(one[1]) <= LONGEST_HEADING
    )
    for element, line in islice(titles, MOST_HEADINGS):
        number = read_count(line)
        if number is None or number < 2:
            continue
        place = index.place[element]
        for box in (element.getparent(), *index.elements[place + 1 : place + UNDER]):
            children = [c for c in box if index.place[c] > place] if box is not None else []
            counts = Counter(_look(child) for child in children)
            kind = next((kind for kind, times in counts.items() if times == number), None)
            if kind is not None:
                yield tuple((child,) for child in children if _look(child) == kind)


def _groups(index: Index, places: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of marks that stand in equal surroundings: by tags alone, and by tags and
    classes.
    """
    by_tags: dict[tuple[str, ...], list[int]] = defaultdict(list)
    by_names: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in places:
        element = index.elements[place]
        around = [element, *_ancestors(element, 3)]
        tags = tuple(str(box.tag) for box in around)
        by_tags[tags[:3]].append(place)
        by_names[
            (*tags, *((box.get("class") or "").partition(" ")[0] for box in around[:3]))
        ].append(place)
    yield from (group for group in by_tags.values() if len(group) > 1)
    yield from (group for group in by_names.values() if len(group) > 1)


def _ancestors(element: HtmlElement, most: int) -> Iterator[HtmlElement]:
    for level, ancestor in enumerate(element.iterancestors()):
        if level == most:
            return
        yield ancestor


def _records(view: View, places: Sequence[int]) -> Iterator[tuple[Roots, ...]]:
    """Yield the records around marks: elements, and elements with the siblings up to the next."""
    units = _units([view.index.elements[place] for place in places])
    known: dict[HtmlElement, bool] = {}
    units = [unit for unit in units if unit.tag not in _NO_RECORD and not is_in_widget(unit, known)]
    if not is_forum(view.index, view.document.url):
        units = _without_stray(_in_one_section(view.index, units))
    if len(units) < 2:
        return
    yield tuple((unit,) for unit in units)
    if _leaves_words_outside(units):
        yield (
            tuple(_spans_before(units))
            if _end_with_marks(units)
            else tuple(spans(_with_names_before(units)))
        )


def _in_one_section(index: Index, units: list[HtmlElement]) -> list[HtmlElement]:
    """Return *units* without the first, where a heading or an article parts them from the others:
    its own byline looks as theirs.
    """
    gaps = [_is_parted(index, before, after) for before, after in pairwise(units[: SAMPLE + 1])]
    if sum(gaps) * 2 > len(gaps):
        return units  # each record has its title
    parted = [number for number, is_parted in enumerate(gaps[:MOST_ABOVE], start=1) if is_parted]
    return units[parted[-1] :] if parted else units


def _without_stray(units: list[HtmlElement]) -> list[HtmlElement]:
    """Return *units* without one that says many times as much as any other and lies around these,
    or before the box of these: the article.
    """
    if len(units) < MOST_ABOVE + 2:
        return units
    sizes = {unit: len(unit.text_content()) for unit in units}
    largest = max(units, key=sizes.__getitem__)
    others = [unit for unit in units if unit is not largest]
    inside = [unit for unit in others if largest in unit.iterancestors()]
    own = sizes[largest] - sum(sizes[unit] for unit in inside)
    if own < STRAY * max(sizes[unit] for unit in others):
        return units
    if not inside and largest is units[0]:
        around = set(largest.iterancestors())
        box = next((one for one in others[0].iterancestors() if one not in around), None)
        return (
            others
            if box is not None and all(box in unit.iterancestors() for unit in others)
            else units
        )
    return others if len(inside) == len(others) else units


def _is_parted(index: Index, before: HtmlElement, after: HtmlElement) -> bool:
    """Tell whether a section's heading stands between two records, or a whole article between two
    that do not look alike.
    """
    between = index.elements[index.end(before) : index.place[after]]
    alike = _look(before) == _look(after)
    if any(
        element.tag in _SECTIONS and not (alike and _is_within_like(element, after))
        for element in between
    ):
        return True
    prose = (
        len(said)
        for element in between
        if element.tag == "p" and len(said := element.text_content()) >= PROSE
    )
    return not alike and sum(prose) >= ARTICLE


def _is_within_like(heading: HtmlElement, record: HtmlElement) -> bool:
    """Tell whether *heading* is the title of a record without the mark of the others: it stands in
    an element of their class.
    """
    return bool(record.get("class")) and any(
        _look(box) == _look(record) for box in heading.iterancestors()
    )


def _units(marked: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Return the largest boxes around *marked* that are still one for each: as many levels up as
    leave nearly all apart.
    """
    levels = [list(dict.fromkeys(marked))]
    met = dict.fromkeys(levels[0], 0)
    for level in range(1, HIGHEST):
        above = [parent for element in levels[-1] if (parent := element.getparent()) is not None]
        distinct = list(dict.fromkeys(above))
        if len(distinct) < max(2, DISTINCT * len(levels[-1])) or any(
            box.tag in {"body", "html"} for box in distinct
        ):
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
            outside += len(sibling.text_content())
    return outside > inside


def _with_names_before(units: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Return where the records of *units* begin: at what stands before each of them alike, as a
    name before its date.
    """
    before = list(islice(siblings(units[0], preceding=True), MOST_BEFORE))
    for number in range(len(before), 0, -1):
        looks = [_look(element) for element in before[:number]]
        heads = [_before(unit, number) for unit in units]
        if all([_look(element) for element in head] == looks for head in heads):
            return [head[-1] for head in heads]
    return list(units)


def _before(unit: HtmlElement, number: int) -> list[HtmlElement]:
    return list(islice(unit.itersiblings(preceding=True), number))


def _look(element: HtmlElement) -> tuple[str, str | None]:
    return str(element.tag), element.get("class")


def _end_with_marks(units: Sequence[HtmlElement]) -> bool:
    """Tell whether a record ends with its mark: words stand right before the first and hardly any
    right after the last.
    """
    before = sum(len(sibling.text_content()) for sibling in siblings(units[0], preceding=True))
    after = sum(len(sibling.text_content().strip()) for sibling in siblings(units[-1]))
    return before > LEAST_WORDS > after


def _spans_before(units: Sequence[HtmlElement]) -> Iterator[Roots]:
    """Yield each of *units* after the siblings that precede it, down to the one before."""
    heads = set(units)
    for unit in units:
        roots = [unit]
        for sibling in siblings(unit, preceding=True):
            if sibling in heads or sibling.tag in _TITLES or len(roots) > LEAST_WORDS:
                break
            roots.append(sibling)
        yield tuple(reversed(roots))
