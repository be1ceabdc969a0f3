"""A page as runs of text in document order, each of one element; every question about a group of
records is one about ranges of runs.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from lxml.html import HtmlElement

from pipelines.comments.declared import read_count
from pipelines.comments.record import MAY_BE_DATE, OTHER_DATE, is_member_link, kinds_in
from pipelines.document import Index, without_numbers

LONGEST_MARK, LONGEST_SAYS, LONGEST_DATED = 40, 70, 100
MOST_TOKENS = 8
LEAST_NOSCRIPT = 600  # letters of one that holds the page itself
LONGEST_FORM = 1500  # of one that is there to write in
FEW, RUNNING, LONG_BYLINE = 3, 6, 12  # runs of a name; words in a row that are no name or byline

_SKIPPED = frozenset(
    "script style template textarea select option svg iframe object head datalist math".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_PICTURES = frozenset({"img", "picture", "video"})
_MOMENTS = frozenset({"datetime", "data-time", "data-timestamp", "data-utime", "data-date", "date"})
_REPLY = re.compile(
    r"^\W*(?:beantwoord(?:en)?|reageer(?: op (?:dit|deze) (?:bericht|reactie))?|reageren|antwoord(?:en)?(?: op \w+)?|reply(?: to (?:this )?\w+)?|replies|respond|citeer(?:en)?|quote|multi-?quote|reply with quote|"
    r"zitieren|antworten|répondre|citer|responder|citar|rispondi|svara|svar|odpowiedz|(?:meld|rapporteer|report)(?: \w+){0,3}|permalink|permanente link|log in (?:to reply|om te reageren))\W*$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?:\bzegt|\bschreef|\bschrijft|\breageerde|\bzei|\bsays|\bsaid|\bwrote|\bsagt|\bschrieb|\bdijo|\ba dit|geplaatst door .{2,40}|posted by .{2,40})\b(?:\s+(?:op|on)\b.{0,40})?(?:\s*:)?\s*$",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:(?:19|20)\d\d|['’]\d\d)\b|\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|geleden|\bago\b|\bhace \w|il y a \w|\bvor \w+ [a-z]|gister|vandaag|yesterday|today|\d\s?(?:d|h|u|w|m|min|uur)\b|\b\d{1,2}\.? [a-zéä]{3,9}\b|\b[a-z]{3,9}\.? \d{1,2}\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^\W*(?:lees (?:verder|meer)|verder lezen|meer lezen|read (?:more|the rest|on)|continue reading|weiterlesen|mehr lesen|lire la suite|leer más|sigue leyendo|leggi tutto|les mer|full (?:story|article)|more|meer)\b",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(r"#[\w-]*\d$|[?&](?:p|pid|post|comment|cid)=\d+|replytocom=\d+")

MARKS = ("words", "dates", "replies", "says", "members", "permalinks", "linked", "running", "named", "pictures", "headings", "more", "counts")  # fmt: skip


@dataclass(slots=True)
class Runs:
    """Parallel lists. By an element's place in the page's index: its parent's place, the place
    after its subtree, its tag, its step and path (equal for elements that a template makes alike),
    its path of tags alone, the tokens of its names, its id with its number folded, what kinds these
    speak of (bits, see roles.KINDS), its range of runs. By a run: its text, its element.

    The lists named in MARKS are prefix sums over runs: of words, of those in links, in
    running text, of runs that are dates, reply buttons, "zegt:", "lees meer", "3 reacties", at which
    a heading, a picture, a link to a member or to one comment, or a name by its class begins.
    *headline* is the run of the first h1, *forms* are those where an answer form was.
    """

    parent: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    tag: list[str] = field(default_factory=list)
    tokens: list[tuple[str, ...]] = field(default_factory=list)
    identity: list[str | None] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    step: list[int] = field(default_factory=list)
    path: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    marks: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    forms: list[int] = field(default_factory=list)
    headline: int = 0

    def has(self, name: str, first: int, last: int) -> bool:
        """Tell whether there is a mark of *name* among the runs from *first* up to *last*."""
        sums = self.marks[name]
        return sums[min(last, len(sums) - 1)] > sums[max(first, 0)]


def read_runs(index: Index) -> Runs:
    """Return the runs of the page of *index*. Takes linear time."""
    walk = _Walk(index.elements)
    walk.run()
    runs = walk.runs
    _steps(runs)
    number = len(runs.text)
    runs.marks = {name: runs.marks.get(name) or [0] * number for name in MARKS}
    for name, run in walk.noted:
        if run < number:
            runs.marks[name][run] = 1
    runs.marks = {name: list(accumulate(marks, initial=0)) for name, marks in runs.marks.items()}
    return runs


class _Walk:
    """The walk over a page's elements that fills its runs."""

    def __init__(self, elements: Sequence[HtmlElement]) -> None:
        self.elements = elements
        self.runs = Runs()
        self.noted: list[tuple[str, int]] = []  # marks, with the run that bears each
        self._stack: list[int] = []
        self._skipped = -1  # the place of the skipped element that the walk is in
        self._links = 0

    def run(self) -> None:
        """Walk over all elements."""
        for place, element in enumerate(self.elements):
            parent = element.getparent()
            while self._stack and self.elements[self._stack[-1]] is not parent:
                self._leave(place)
            self._enter(place, element)
        while self._stack:
            self._leave(len(self.elements))

    def _enter(self, place: int, element: HtmlElement) -> None:
        runs, tag, named = self.runs, str(element.tag), element.keys()
        runs.parent.append(self._stack[-1] if self._stack else -1)
        runs.tag.append(tag)
        runs.first.append(len(runs.text))
        tokens, identity, kinds = _names_of(element) if named else ((), None, 0)
        runs.tokens.append(tokens)
        runs.identity.append(identity)
        runs.kinds.append(kinds)
        runs.end.append(0)
        runs.last.append(0)
        self._stack.append(place)
        if self._skipped >= 0:
            return
        if tag in _SKIPPED or (tag in {"form", "noscript"} and self._is_aside(element)):
            self._skipped = place
            return
        self._note(tag, element)
        text = element.text
        if text and not text.isspace():
            self._say(text, place)
        if named and _states_moment(tag, element, named):
            self._date(place, element)

    def _is_aside(self, element: HtmlElement) -> bool:
        """Tell whether a form is there to write in (old forums put whole topics into one form, so
        it must be short), or what only a page without scripts shows is no part of it.
        """
        if element.tag == "noscript":
            return len(element.text_content()) < LEAST_NOSCRIPT
        is_written_in = next(element.iter("textarea"), None) is not None
        if not is_written_in or len(element.text_content()) >= LONGEST_FORM:
            return False
        if next(element.iter("article", "time", "blockquote"), None) is not None:
            return False
        self.runs.forms.append(len(self.runs.text))
        return True

    def _note(self, tag: str, element: HtmlElement) -> None:
        here = len(self.runs.text)
        if tag == "a":
            self._links += 1
            self.noted += [(name, here) for name in _leads_to(element)]
        elif tag in _PICTURES:
            self.noted.append(("pictures", here))
        elif tag in _HEADINGS:
            self.noted.append(("headings", here))
            if tag == "h1" and not self.runs.headline:
                self.runs.headline = here

    def _date(self, place: int, element: HtmlElement) -> None:
        """Note that *element*, at *place*, states a moment; where it shows none, a script would."""
        first = self.runs.first[place]
        if first == len(self.runs.text) and not len(element):
            self._add("", place, None)
        self.noted.append(("dates", first))

    def _leave(self, following: int) -> None:
        runs, place = self.runs, self._stack.pop()
        runs.end[place], runs.last[place] = following, len(runs.text)
        if self._skipped == place:
            self._skipped = -1
        elif self._skipped >= 0:
            return
        elif runs.tag[place] == "a":
            self._links -= 1
        if 0 < runs.last[place] - runs.first[place] <= FEW and runs.kinds[place] & 1:
            self.noted.append(("named", runs.first[place]))
        tail = self.elements[place].tail
        if tail and self._stack and not tail.isspace():
            self._say(tail, self._stack[-1])

    def _say(self, text: str, owner: int) -> None:
        text = " ".join(text.split())
        self._add(text, owner, _mark_of(text) if len(text) <= LONGEST_DATED else None)

    def _add(self, text: str, owner: int, mark: str | None) -> None:
        runs = self.runs
        words = text.count(" ") + 1 if text else 0
        if mark is not None:
            self.noted.append((mark, len(runs.text)))
        runs.text.append(text)
        runs.owner.append(owner)
        runs.marks["words"].append(words)
        runs.marks["linked"].append(words if self._links else 0)
        is_running = not self._links and words >= (RUNNING if mark is None else LONG_BYLINE)
        runs.marks["running"].append(words if is_running else 0)


def _leads_to(link: HtmlElement) -> list[str]:
    """Return the marks of where *link* leads: to one comment, to a member."""
    href = link.get("href")
    if not href:
        return []
    is_permalink = ("#" in href or "=" in href) and _FRAGMENT.search(href)
    found = ["permalinks"] if is_permalink else []
    return [*found, "members"] if is_member_link(link) else found


def _states_moment(tag: str, element: HtmlElement, named: Sequence[str]) -> bool:
    """Tell whether *element* states by its tag or its attributes, those *named*, that it is a date."""
    if tag == "time" or not _MOMENTS.isdisjoint(named):
        return True
    stated = element.get("title") or (element.get("content") if "content" in named else None)
    if not stated or not 8 < len(stated) <= LONGEST_SAYS:
        return False
    return sum(map(str.isdigit, stated)) >= 6 and bool(_DATED.search(stated))


@lru_cache(maxsize=1024)
def _mark_of(text: str) -> str | None:
    """Return what a run states by itself, as the name of a mark; None for words."""
    if len(text) < 4:
        return None
    if len(text) <= LONGEST_MARK and _REPLY.match(text):
        return "replies"
    is_short = len(text) <= LONGEST_SAYS
    if is_short and read_count(text) is not None:
        return "counts"  # "3 reacties" looks much like "3 maart"
    if _is_dated(text):
        return "dates"
    return _short_mark(text) if is_short else None


def _is_dated(text: str) -> bool:
    return bool(MAY_BE_DATE.search(text) and _DATED.search(text) and not OTHER_DATE.match(text))


def _short_mark(text: str) -> str | None:
    return "says" if _SAYS.search(text) else "more" if _MORE.match(text) else None


def _names_of(element: HtmlElement) -> tuple[tuple[str, ...], str | None, int]:
    identity = element.get("id") or element.get("name")
    return _judge(element.get("class"), identity, element.get("itemprop"), element.get("rel"))


@lru_cache(maxsize=1024)
def _judge(
    classes: str | None, identity: str | None, prop: str | None, rel: str | None
) -> tuple[tuple[str, ...], str | None, int]:
    """Return the tokens of an element's names with digits folded, its folded id where that has a
    number, and what kinds they speak of.
    """
    named = [token for names in (classes, prop, rel) if names for token in names.split()]
    tokens = tuple(dict.fromkeys(without_numbers(token) for token in named[:MOST_TOKENS]))
    kinds = 0
    for token in tokens:
        kinds |= kinds_in(token)
    folded = without_numbers(identity) if identity else ""
    if folded:
        kinds |= kinds_in(folded.replace("#", ""))
    return tokens, folded if "#" in folded else None, kinds


def _steps(runs: Runs) -> None:
    """Name each element by its tag and its commonest class token, so that marks of single records
    do not part what is alike.
    """
    looks = Counter(zip(runs.tag, runs.tokens, strict=True))
    counted: Counter[tuple[str, str]] = Counter()
    for (tag, tokens), times in looks.items():
        for token in tokens:
            counted[tag, token] += times
    steps: dict[tuple[str, tuple[str, ...]], int] = {}
    numbers: dict[tuple[str, str | None], int] = {}
    for tag, tokens in looks:
        times, best = max(((counted[tag, token], token) for token in tokens), default=(0, None))
        steps[tag, tokens] = numbers.setdefault((tag, best if times > 1 else None), len(numbers))
    paths: dict[tuple[int, int], int] = {}
    bare: dict[tuple[int, str], int] = {}
    for tag, tokens, up in zip(runs.tag, runs.tokens, runs.parent, strict=True):
        step = steps[tag, tokens]
        runs.step.append(step)
        runs.path.append(paths.setdefault((runs.path[up] if up >= 0 else -1, step), len(paths)))
        runs.tags.append(bare.setdefault((runs.tags[up] if up >= 0 else -1, tag), len(bare)))
