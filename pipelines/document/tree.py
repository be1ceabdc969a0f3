"""Boxes of a page by what is in them: where a thread ends (the form, the next heading, a note
that it is closed), and which one holds the running text.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterator
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from pipelines.document.visible import is_invisible

LONGEST = 160
LEAST_HELD = 200
HELD_SHARE = 0.6
SHORTEST_PROSE = 25

_TAGS = frozenset({"h1", "form", "nav", "aside", "footer", "textarea"})
_UNSEEN = frozenset({"script", "style", "noscript", "template"})
_PARAGRAPHS = frozenset("p blockquote li ul ol h2 h3 h4 h5 pre figure".split())
_INLINE = frozenset("span font b i em strong u center small ul ol blockquote".split())
# Headings of a list of other pages, or of something else than a thread.
_ELSEWHERE = re.compile(
    r"^\W*+(?:(?:de |the |onze )?(?:laatste|recente(?:ste)?|nieuwste|recent|latest|newest|meest recente?|meeste|neueste|derniers?)\b|lees (?:ook|verder|meer)|(?:meer|ander) (?:over|nieuws|artikelen|berichten)|gerelateerd|verwant|related|more (?:from|news|stories)|populair|most (?:popular|discussed|read|viewed|recent)|meest (?:gelezen|besproken|bekeken)|agenda|evenementen|vacatures|nieuws\b|beoordelingen|reviews?\b|(?:kleine )?advertenties|aanbod|te koop|gevraagd|vraag en aanbod|klantbeoordelingen|ervaringen|in het kort|tijdlijn|liveblog|volgende (?:bericht|artikel)|vorige (?:bericht|artikel)|deel dit|share this)",
    re.IGNORECASE,
)
_FORM_HEADING = re.compile(
    r"^\W*+(?:(?:laat|geef|plaats|schrijf|voeg|deel|typ|verstuur)\s++(?:hier |ook |zelf )?(?:een|je|jouw|uw|de)?\s*+(?:eigen )?(?:reactie|bericht|antwoord|commentaar|opmerking|mening)|(?:ook )?reageren\W*$|zelf reageren|uw reactie\W*$|jouw reactie\W*$|leave a |post a (?:comment|reply)|write a comment|add a comment|schreibe? |hinterlass|laisser un |deja un)",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"^\W*+(?:reageren|reacties?|comments?|de discussie)\b.{0,60}\b(?:niet (?:meer|langer)|gesloten|uitgeschakeld|closed|disabled)\b",
    re.IGNORECASE,
)


def is_other_heading(line: str) -> bool:
    """Return whether *line* can be the heading of something else than a thread: "Laatste reacties",
    "Lees ook".
    """
    return bool(_ELSEWHERE.match(line))


def is_form_heading(line: str) -> bool:
    """Return whether *line* invites to comment: "Laat een reactie achter"."""
    return bool(_FORM_HEADING.match(line))


def is_bound(element: HtmlElement) -> bool:
    """Return whether *element* is after a thread, or between two: a form, its heading, a
    heading of another list.
    """
    if element.tag in _TAGS or next(element.iter("textarea"), None) is not None:
        return True
    if len(element) > 2 or element.tag in _UNSEEN:
        return False
    line = " ".join(element.text_content()[: 2 * LONGEST].split())
    if len(line) > LONGEST:
        return False
    return is_other_heading(line) or is_form_heading(line) or bool(_CLOSED.match(line))


def siblings(element: HtmlElement, *, preceding: bool = False) -> Iterator[HtmlElement]:
    """Yield the siblings of *element* on one side, the nearest first, up to the thread's bound."""
    for sibling in element.itersiblings(preceding=preceding):
        if sibling.tag in _UNSEEN:
            continue
        if is_bound(sibling):
            return
        yield sibling


def has_more(elements: Iterator[HtmlElement], most: int) -> bool:
    """Return whether there are more than *most* elements; no further ones are looked at."""
    return next(islice(elements, most, None), None) is not None


def find_holder(tree: HtmlElement, skip: Container[HtmlElement]) -> HtmlElement | None:
    """Return the element whose own paragraphs are most of the page's running text, whatever it is
    called; None when there is none.
    """
    held: dict[HtmlElement, int] = defaultdict(int)
    total = 0
    for element in _with_prose(tree, skip):
        own = _own_prose(element)
        total += own if own >= SHORTEST_PROSE else 0
        holder = _holder_of(element)
        if own and holder is not None:
            held[holder] += own
    best = max(held, key=held.__getitem__, default=None)
    if best is None or best.tag in {"body", "html"}:
        return None
    return best if held[best] >= max(LEAST_HELD, HELD_SHARE * total) else None


def _with_prose(tree: HtmlElement, skip: Container[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the elements that are seen and are in no link."""
    walk = etree.iterwalk(tree, events=("start",))
    for _event, element in walk:
        if element in skip or is_invisible(element) or element.tag == "a":
            walk.skip_subtree()
        else:
            yield element


def _holder_of(element: HtmlElement) -> HtmlElement | None:
    """Return the box in which the prose of *element* is."""
    holder = element.getparent() if element.tag in _PARAGRAPHS else element
    while holder is not None and holder.tag in _INLINE:
        holder = holder.getparent()
    return holder


def is_within(element: HtmlElement, others: Container[HtmlElement]) -> bool:
    """Return whether *element* is one of *others* or is in one."""
    return element in others or any(ancestor in others for ancestor in element.iterancestors())


def _own_prose(element: HtmlElement) -> int:
    """Return how many characters of text are in *element* itself, in its inline children too,
    links left out.
    """
    own = len((element.text or "").strip())
    return own + sum(len((child.tail or "").strip()) for child in element)
