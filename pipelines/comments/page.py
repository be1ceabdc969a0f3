"""The page that a thread is looked for on: its index, its words, and what its dates are read
against, each made once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, islice, pairwise

from lxml.html import HtmlElement

from pipelines.comments.record import short_text
from pipelines.dates import Reference, is_month_first
from pipelines.document import Document, Index, index_tree

MOST_PARTS = 4
LONGEST_HEADING = 200
MOST_LETTERS = 1000  # of what is no heading, however much white space it has
NEAREST = 2  # siblings before a form that may be its heading
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 strong b legend summary caption button".split())
_BOXES = frozenset("a p div span td font center".split())
_BOXES_IN_BOXES = frozenset("p div td ul ol li table script style".split())
_COMMENT_WORDS = (
    "reac", "reag", "comm", "koment", "comentario", "opmerk", "respon", "respues", "répon", "antwo", "reply", "replies", "gedacht", "thought", "bericht", "bijdrage", "posts",
    "gastenboek", "guestbook", "mening", "inzend", "lezersbrie", "discuss", "praat", "praten", "denk mee", "denken mee", "wat vind", "conversation", "коммент",
)  # fmt: skip
# Words of which one must be there for the pattern to be worth a search, and what states that nobody
# may answer any more.
CLOSED_WORDS = (
    "mogelijk", "toegestaan", "gesloten", "uitgeschakeld", "uitgezet", "closed", "disabled",
    "turned off", "geschlossen", "fermés", "reageren", "no longer",
)  # fmt: skip
CLOSED = re.compile(
    r"(?:reacties?|reageren|comments?|discussie|gesprek|commentaar|commenting|topic|kommentare|commentaires)\s+(?:op dit \w+\s+)?(?:(?:zijn|is|are|sind|sont|kan)\s*)?(?:nu |inmiddels |momenteel |now )?"
    r"(?:niet (?:meer|langer)\b|niet (?:mogelijk|toegestaan)|gesloten|uitgeschakeld|uitgezet|closed|disabled|turned off|geschlossen|fermés)|(?:je|u) kunt? niet meer reageren|no longer (?:possible to comment|accepting comments)",
    re.IGNORECASE,
)
_COUNT_AT_END = re.compile(r"\((\d{1,4})\)\s{0,9}$")


@dataclass(frozen=True)
class View:
    """A page opened for the readers of comments; *recurring* are the fingerprints of blocks that
    are on other pages of its site, too.
    """

    index: Index
    document: Document
    recurring: frozenset[str] = frozenset()
    # Groups of records overlap: most of their elements are asked several times.
    _short_texts: dict[HtmlElement, str] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """All that the page states, scripts included."""
        return str(self.document.tree.text_content())

    @cached_property
    def length(self) -> int:
        """How many letters the page states, with single spaces between its words."""
        return len(" ".join(self.text.split()))

    @cached_property
    def subject(self) -> str:
        """What the first headline states, and what the page's title, in lower case, a line each."""
        places = self.index.headlines[:1]
        headlines = [self.index.elements[place].text_content() for place in places]
        titles = [*headlines, self.document.title or ""]
        return "\n".join(" ".join(title.split()).casefold() for title in titles)

    @cached_property
    def headings(self) -> tuple[tuple[HtmlElement, str], ...]:
        """The small elements whose text may be the heading of a thread, or its number of comments,
        or ends in some number, each with that text.
        """
        found = []
        for element in self.index.elements:
            text = _words_of(element)
            if 4 < len(text) <= LONGEST_HEADING and (speaks(text) or counts(text)):
                found.append((element, " ".join(text.split())))
        return tuple(found)

    def short_text(self, element: HtmlElement) -> str:
        """Return the text of a small element with single spaces, nothing of a large one."""
        if element not in self._short_texts:
            self._short_texts[element] = short_text(element)
        return self._short_texts[element]

    @cached_property
    def forms(self) -> tuple[int, ...]:
        """The places of the boxes in which a reader writes a comment."""
        known: dict[HtmlElement, bool] = {}
        return tuple(
            self.index.place[box]
            for box in self.document.tree.iter("textarea")
            if _is_for_comments(box, known)
        )

    @cached_property
    def notices(self) -> tuple[int, ...]:
        """The places of the lines that stand where a form would, were the thread not closed."""
        return tuple(self.index.place[one] for one, line in self.headings if CLOSED.search(line))

    @cached_property
    def reference(self) -> Reference:
        """What the page's dates are read against."""
        language = self.document.language
        return Reference(
            self.document.fetched_at,
            language,
            is_month_first([self.text], language, self.document.fetched_at),
        )


@lru_cache(maxsize=1024)  # the pages of a site share their boxes
def speaks(text: str) -> bool:
    """Return whether *text* has a word that headings and forms of comments have."""
    lowered = text.lower()
    return any(map(lowered.__contains__, _COMMENT_WORDS))


def counts(text: str) -> int | None:
    """Return the number in brackets that *text* ends with, as a heading of any words may state how
    much is below it: "De lezers (1)".
    """
    found = _COUNT_AT_END.search(text)
    return int(found[1]) if found is not None else None


def _words_of(element: HtmlElement) -> str:
    """Return the text of a heading, or of a box that holds nothing but short words; nothing of any
    other element.
    """
    if element.tag in _HEADINGS:
        return heading_words(element)
    if element.tag not in _BOXES or len(element) >= MOST_PARTS:
        return ""
    if any(len(child) or child.tag in _BOXES_IN_BOXES for child in element):
        return ""
    return heading_words(element)


def heading_words(element: HtmlElement) -> str:
    """Return the text of a heading, its number apart from the word that says what it counts where
    only an element's border parts them: "Reacties<b>4</b>".
    """
    if not len(element):
        return element.text or ""
    text = str(element.text_content())
    if len(text) > MOST_LETTERS or not any(map(str.isdigit, text)):
        return text
    pieces = [piece for piece in element.itertext() if piece]
    apart = (" " if _are_apart(*pair) else "" for pair in pairwise(pieces))
    return "".join(chain(*zip(pieces, chain(apart, [""]), strict=True)))


def _are_apart(piece: str, following: str) -> bool:
    """Return whether a number and a word of comments are next to each other; of "1<sup>e</sup>" the
    letter is the number's.
    """
    if piece[-1].isdigit():
        return following[0].isalpha() and speaks(following)
    return piece[-1].isalpha() and following[0].isdigit() and speaks(piece)


def _is_for_comments(box: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Return whether a box, or what its form is named, says or stands under, speaks of comments;
    *known* has the forms that were looked at.
    """
    form = next(box.iterancestors("form"), box.getparent())
    if form is None:
        return False
    if form not in known:
        before = (one.text_content()[:100] for one in _before(form))
        known[form] = any(map(speaks, (form.text_content()[:600], _named(form), *before)))
    return known[form] or speaks(_named(box))


def _named(element: HtmlElement) -> str:
    names = (element.get(name) or "" for name in ("id", "name", "placeholder"))
    return " ".join(names)


def _before(form: HtmlElement) -> Iterator[HtmlElement]:
    yield from islice(form.itersiblings(preceding=True), NEAREST)


def view_of(document: Document, recurring: frozenset[str] = frozenset()) -> View:
    """Return the view of *document*."""
    return View(index_tree(document.tree), document, recurring)
