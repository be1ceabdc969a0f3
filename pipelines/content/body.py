"""The article's own words: from its container where the page names one, else as trafilatura finds
them.
"""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from pipelines.document import block_text, find_holder

LEAST_TEXT = 80
PARTS_SHARE = 0.8
LEAST_PARTS = 500
LEAST_LEAD = 40

# Names of the element that holds an article's text, best first.
_CONTAINERS = tuple(
    re.compile(rf"(?:[a-z]{{1,4}}-)?(?:{pattern})", re.IGNORECASE)
    for pattern in (
        r"articlebody",
        r"(?:wp-block-)?(?:entry|post|article|artikel)[-_]+(?:content|body|tekst|text|inhoud|inner|main)|articlecontent|artikeltekst|post-entry|td-post-content|single-content|story-?body|nieuws-?(?:tekst|inhoud)|field--name-body|field-name-body|blog-?(?:content|tekst|post-content)|(?:article|post)__(?:content|body|text|entry|inner)|body-?text|content-?body|postarea|e-content|post-full-content|gh-content|entry|recipe-?(?:content|description)|markdown|prose|rte|wysiwyg",
        r"(?:main|page)?-?content(?:-?(?:area|main|text|wrapper|inner))?|inhoud|tekst|bericht(?:-?tekst|-?inhoud)?",
    )
)
# "door", and two to five words of which first and last are names.
_BYLINE = re.compile(
    r"(?:[Dd]oor|[Tt]ekst|[Bb]y)\s*:?\s+[A-ZÀ-Þ][\w.'’-]*(?:\s+[\w.'’-]+){0,3}\s+[A-ZÀ-Þ][\w'’-]*"
)
_DATE = r"(?:[a-z]{2,9}dag,?\s)?\d{1,2}[-/. ]\s?(?:\d{1,2}|[a-z]{3,9}\.?)[-/. ]\s?(?:19|20)?\d\d(?:\W{1,4}(?:om\s)?\d{1,2}[:.u]\d\d(?:\suur)?)?"
_DATE_LINE = re.compile(
    rf"\W*(?:(?:geplaatst|gepubliceerd|datum)\W*(?:op\s)?)?{_DATE}(?:\W{{1,4}}door\s.{{2,30}})?\W*",
    re.IGNORECASE,
)
_SIGNED_DATE = re.compile(rf"{_BYLINE.pattern}(?:\s?[,|•·–-]|\sop)\s(?i:{_DATE})\W*")
_TAIL_LINE = re.compile(
    r"\W*(?:(?:ga )?terug(?: naar .{2,30})?|(?:naar )?(?:boven|top)|print(?:en)?(?: dit (?:artikel|bericht))?|afdrukken|doorsturen|stuur door|mail dit (?:artikel|bericht)|home|reageer|reageren|delen|vorige|volgende)\W*",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"\W*(?:©|copyright\b|\(c\)\s).{0,100}", re.IGNORECASE)
LONGEST_HEAD_LINE = 100
MOST_HEAD_LINES = 3


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article and how it was found."""

    text: str
    method: str
    container: HtmlElement | None = None


def find_container(tree: HtmlElement, skip: Container[HtmlElement]) -> HtmlElement | None:
    """Return the element that the page names as its article's text: the one with most words of its
    own of the best name.

    None when there is none, or when several of one name share the page (a listing, or an article in
    parts).
    """
    named: list[list[HtmlElement]] = [[] for _ in _CONTAINERS]
    for element in tree.iter("div", "section", "article", "main", "td"):
        names = [
            *(element.get("class") or "").split(),
            element.get("id") or "",
            element.get("itemprop") or "",
        ]
        ranks = [rank for name in names if name and (rank := _rank_of(name)) is not None]
        if ranks:
            named[min(ranks)].append(element)
    for elements in named:
        found = _largest(
            [e for e in elements if e not in skip and not any(a in skip for a in e.iterancestors())]
        )
        if found is not None:
            return found
    holder = find_holder(tree, skip)
    return (
        holder
        if holder is not None
        else _only([one for elements in named[:2] for one in elements if one not in skip])
    )


@lru_cache(maxsize=8192)  # a site's pages share their names
def _rank_of(name: str) -> int | None:
    return next((rank for rank, pattern in enumerate(_CONTAINERS) if pattern.fullmatch(name)), None)


def _only(elements: list[HtmlElement]) -> HtmlElement | None:
    """Return the one element with a few words among those that are named as an article's text: a
    picture or film with a line.
    """
    short = [element for element in elements if 0 < _prose(element) < LEAST_TEXT]
    return short[0] if len(short) == 1 else None


def _largest(elements: list[HtmlElement]) -> HtmlElement | None:
    """Return the innermost element that holds nearly all of the text that its equals hold."""
    sizes = [(_prose(element), element) for element in elements]
    sizes = [(size, element) for size, element in sizes if size >= LEAST_TEXT]
    if not sizes:
        return None
    most = max(size for size, _element in sizes)
    near = [element for size, element in sizes if size >= 0.85 * most]
    innermost = [
        e
        for e in near
        if not any(other is not e and any(a is e for a in other.iterancestors()) for other in near)
    ]
    if not innermost:
        return None
    twins = [
        e
        for _size, e in sizes
        if (e.tag, e.get("class")) == (innermost[0].tag, innermost[0].get("class"))
    ]
    parts = [e for e in twins if not any(a in twins for a in e.iterancestors())]
    whole = _in_parts(parts) if len(parts) > 1 else None
    return whole if whole is not None or len(innermost) > 1 else innermost[0]


def _in_parts(parts: list[HtmlElement]) -> HtmlElement | None:
    """Return the element that holds one text in several *parts*, None where headings part them:
    posts of a list, or teasers.
    """
    around = [
        element
        for element in parts[0].iterancestors()
        if all(element in part.iterancestors() for part in parts)
    ]
    whole = around[0] if around else None
    if (
        whole is None
        or whole.tag in {"body", "html"}
        or any(map(_is_linked, whole.iter("h1", "h2", "h3", "h4")))
    ):
        return None
    said = sum(map(_prose, parts))
    return whole if said >= max(LEAST_PARTS, PARTS_SHARE * _prose(whole)) else None


def _is_linked(heading: HtmlElement) -> bool:
    return heading.find(".//a[@href]") is not None or any(
        ancestor.tag == "a" for ancestor in heading.iterancestors()
    )


def _prose(element: HtmlElement) -> int:
    """Return how many characters of running text an element holds: links and lists of links do not
    count.
    """
    total = len(" ".join(element.text_content().split()))
    linked = sum(len(" ".join(link.text_content().split())) for link in element.iter("a"))
    return total - linked


def read_container(
    container: HtmlElement, skip: Container[HtmlElement], headline: str | None
) -> str:
    """Return the text of *container* without *skip* and without the head that it repeats."""
    return without_tail(without_head(block_text(container, skip), headline))


_LEAD = re.compile(
    r"(?:^|[-_\s])(?:intro(?:ductie|duction)?|lead|lede|inleiding|chapeau|stand-?first|summary|samenvatting|excerpt|sub-?title|ondertitel|description|deck)(?:$|[-_\s])",
    re.IGNORECASE,
)


def find_lead(
    tree: HtmlElement, headline: str, container: HtmlElement, skip: Container[HtmlElement]
) -> str:
    """Return the paragraphs that stand between the headline and *container*: the article's lead,
    where its text begins outside it.
    """
    begun = False
    lead: list[str] = []
    walk = etree.iterwalk(tree, events=("start",))
    for _event, element in walk:
        if element is container:
            break
        if element in skip:
            walk.skip_subtree()
        elif element.tag in {"h1", "h2"} and _folded(element.text_content()) == _folded(headline):
            begun, lead = True, []
        elif begun and element.tag in {"p", "div", "h2", "strong"} and _is_lead(element):
            lead.append(block_text(element, skip))
            walk.skip_subtree()
    else:
        return ""  # the headline or the lead is inside the container
    return "\n\n".join(lead)


def _is_lead(element: HtmlElement) -> bool:
    text = " ".join(element.text_content().split())
    if len(text) < LEAST_LEAD or _prose(element) < 0.8 * len(text):
        return False
    is_named = bool(_LEAD.search(element.get("class") or "")) and element.find(".//div") is None
    return is_named or (
        element.tag == "p"
        and len(text) >= LEAST_TEXT
        and text.endswith((".", "!", "?", "’", "”", "'", '"', "…"))
    )


def without_head(text: str, headline: str | None) -> str:
    """Return *text* without what it repeats of the page's head at its beginning: the headline, the
    line with date and author under it.

    A date with which a text begins that does not repeat its headline is the text's own.
    """
    lines = text.split("\n")
    place = _after_headline(lines, headline) if headline else 0
    repeats = place > 0
    while (
        place < len(lines)
        and len(lines[place]) <= LONGEST_HEAD_LINE
        and _is_head_line(lines[place], repeats=repeats)
    ):
        place += 1
    return "\n".join(lines[place:]).lstrip() if place < len(lines) else text


def _after_headline(lines: list[str], headline: str) -> int:
    """Return the place after the line that repeats the headline, at most a few short lines from the
    beginning; else 0.
    """
    wanted = _folded(headline)
    said = 0
    for place, line in enumerate(lines):
        if _folded(line) == wanted:
            return place + 1
        said += bool(line.strip())
        if said > MOST_HEAD_LINES or len(line) > LONGEST_HEAD_LINE:
            break
    return 0


def _is_head_line(line: str, *, repeats: bool) -> bool:
    if _BYLINE.fullmatch(line) or _SIGNED_DATE.fullmatch(line):
        return True
    return repeats and (not line.strip() or bool(_DATE_LINE.fullmatch(line)))


def without_tail(text: str) -> str:
    """Return *text* without the links that its container ends with, such as "Terug" or "Print dit
    artikel".
    """
    return without_last(text, lambda line: bool(_TAIL_LINE.fullmatch(line)))


def without_rights(text: str) -> str:
    """Return *text*, gathered from a whole page, without the line that says whose the page is."""
    return without_last(text, lambda line: bool(_RIGHTS.fullmatch(line)))


def without_last(text: str, is_idle: Callable[[str], bool]) -> str:
    """Return *text* without the last lines that are empty or idle; of one line all is kept."""
    lines = text.rstrip().split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or is_idle(lines[-1])):
        lines.pop()
    return "\n".join(lines)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
