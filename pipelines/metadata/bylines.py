"""Whom a page shows as its article's authors: in bylines, in a bold line under the headline, in the
box about the author.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from lxml.html import HtmlElement

from pipelines.document import Document, block_text
from pipelines.metadata.author_names import (
    BY,
    GENRE,
    LONGEST_NAME,
    OF,
    OUR_ROLE,
    PLACED,
    TITLE,
    WRITTEN,
    is_name,
    is_set_as_name,
    role_lines,
    signed,
    without_labels,
)
from pipelines.metadata.byline_elements import names_author
from pipelines.metadata.given_names import is_called_so
from pipelines.metadata.stated_authors import completed
from storage.records import Author
from storage.urls import resolve

LONGEST_BOX = 1200
LONGEST_LINE = 90
NEAR_HEADLINE = 3
_LINE_TAGS = "p div span li em small strong h4 h5 h6 address time dd font".split()
_SET = frozenset({"strong", "b", "em", "i", "a", "small"})
_BOX_CLASS = re.compile(
    r"(?:^|[-_\s])(?:byline|author|auteur|schrijver|posted-by|post-meta|entry-meta|meta|artikel-?info)(?:$|[-_\s])",
    re.IGNORECASE,
)
_AUTHOR_BOX = re.compile(
    r"(?:^|[-_\s])(?:byline|author|auteur|schrijver)(?:$|[-_\s])", re.IGNORECASE
)
# What ends a name, and begins none: "Jan Smit op zaterdag", but "Ria op den Camp", "Daan El Amrani".
_GOES_ON = (
    r"(?:(?:op|in|om|on|at|am|le|el|um)\s+\S{0,12}\d|(?-i:op(?!\s(?:de[nr]?|het|'t)\s[A-ZÀ-Þ])"
    r"|in(?!\s(?:de[nr]|'t)\s[A-ZÀ-Þ])|om|on|at|am|um|(?:le|el)(?!\s[A-ZÀ-Þ]))\s)"
)
_BY_LINE = re.compile(
    rf"^(?:[^|•·]{{0,40}}\d\W{{1,4}}(?=door\s))?\W*(?:(?:(?:{WRITTEN}|{GENRE})\s*:?\s+)?(?:{BY})(?!\s(?:en|&)\s)\s*:?\s+(?:{TITLE})?|(?!{PLACED})(?:{WRITTEN})\s*:\s*|(?:{OUR_ROLE}|{OF})\s+)(?P<name>[^|•·\n]{{2,80}}?)"
    rf"(?=\s*(?:$|[|•·–—]|\((?!(?-i:[A-ZÀ-Þ][\w'-]+\)\s\S))|\s@|\s+(?:{_GOES_ON}|(?:voor|for|für|pour|para|vor|il y a|hace)\s)|,?\s+(?:foto'?s?|beeld|fotografie|illustraties?|video|bron|photos?|bilder?)\s?:"
    r"|\s+(?:gisteren|vandaag|yesterday|today|gestern|heute|bijgewerkt|updated|aktualisiert|e-?mail)\b|,\s*\d|\s\d{1,2}\.?\s+\w+\s+\d{4}|\s\d+\s+\w+\s+(?:geleden|ago)\b|\s?\d{1,2}[-/]\d))",
    re.IGNORECASE,
)  # fmt: skip
_PARTS = re.compile(r"\s(?:[/|•·–—]|//|::|--?)\s")
_MAY_SIGN = re.compile(rf"\b(?:{BY}|{OUR_ROLE}|{OF})\b", re.IGNORECASE)
_PLACED_BY = re.compile(
    r"\b(?:geplaatst|geschreven|gepost|ingezonden|ingediend|gepubliceerd|posted|written)\s+(?:door|by)\s++(?P<name>[^|•·\n\d]{2,60}?)(?<!\s)\s+(?:op|on|om|in)\s",
    re.IGNORECASE,
)
# Beside it "Auteur: " names who wrote the book that is written about.
_BOOK_FACT = re.compile(
    r"^\W*(?:uitgever(?:ij)?|isbn|titel|vertal(?:ing|er)|(?:aantal )?pagina['’]?s|druk|genre|bindwijze)\s*:",
    re.IGNORECASE,
)
# "Jan Smit, verslaggever" or "Jan Smit (verslaggever)" or "Jan Smit, 3 mei 2013", as all of a
# byline's text.
_NAME_FIRST = re.compile(
    r"^(?:(?P<house>[A-Z][A-Z0-9.]{1,12})\s?/\s?)?(?P<name>[A-ZÀ-Þ][\w.'’-]*(?:\s+(?:van|de|der|den|het|ten|ter|te|'t|el|al|[A-ZÀ-Þ][\w.'’-]*)){1,5})\s*(?:[,(|•·–—-]\s*(?P<rest>[^|•·]{2,60}?)\)?)?$"
)
_ROLE_CLASS = re.compile(
    r"author[-_]{1,2}(?:title|role|function|functie|job|bio-title|position)|auteur[-_](?:functie|titel)",
    re.IGNORECASE,
)


def bold_line(document: Document, outside: set[HtmlElement]) -> Iterator[Author]:
    """Yield the name that is alone in a line right under the headline: in bold, in italics or
    as a link.
    """
    heading = next(document.tree.iter("h1"), None)
    if heading is None or (document.language or "").lower().startswith("de"):
        return  # German sets every noun with a capital
    for element in islice(
        heading.itersiblings("p", "div", "h4", "h5", "h6", "address"), NEAR_HEADLINE
    ):
        line = " ".join(element.text_content().split())
        alone = element[0] if len(element) == 1 else None
        is_set = alone is not None and alone.tag in _SET and alone.text_content().strip() == line
        if is_set and is_called_so(line) and not is_inside(element, outside):
            yield Author(name=line)
            return


def signed_in(bylines: Iterable[HtmlElement], document: Document) -> Iterator[Author]:
    """Yield the authors whom the first of *bylines* names that names any, and those beside it."""
    first: HtmlElement | None = None
    for element in bylines:
        if first is not None and not _together(first, element):
            continue
        for author in _read_name(element, document) if names_author(element) else _by_line(element):
            first = first if first is not None else element
            yield author


def _together(first: HtmlElement, other: HtmlElement) -> bool:
    """Tell whether two elements are in one byline."""
    near = set(list(first.iterancestors())[:2])
    return any(ancestor in near for ancestor in list(other.iterancestors())[:2])


def _property(element: HtmlElement, *names: str) -> str | None:
    """Return the text of the first of schema.org's properties *names* inside *element*."""
    for name in names:
        for inner in element.iterdescendants():
            if name in (inner.get("itemprop") or "").split():
                return " ".join(inner.text_content().split()) or inner.get("content")
    return None


def _read_name(element: HtmlElement, document: Document) -> Iterator[Author]:
    """Yield who *element* names: by its microdata, else by its first line."""
    stated = _property(element, "name")
    if stated and is_name(stated) and len(stated) <= LONGEST_NAME:
        marked = _marked_author(element, stated, document)
        yield from (completed(author, marked) for author in signed(stated) or [marked])
        return
    lines = [line.strip() for line in block_text(element).split("\n") if line.strip()]
    if lines:
        beside = _author_beside(element, lines, document)
        yield from (completed(author, beside) for author in signed(lines[0]))


def _marked_author(element: HtmlElement, name: str, document: Document) -> Author:
    """Return the author *name* with what schema.org's properties inside *element* state."""
    hrefs = (link.get("href") for link in element.iter("a"))
    return Author(
        name=name,
        role=_property(element, "jobTitle"),
        organisation=_property(element, "worksFor", "affiliation"),
        url=next((resolve(href, document.url) for href in hrefs if href), None),
    )


def _author_beside(element: HtmlElement, lines: list[str], document: Document) -> Author:
    """Return an author without a name, with the address, role and organisation beside the first of
    the *lines* of *element*.
    """
    link = element if element.tag == "a" else next(element.iter("a"), None)
    href = link.get("href") if link is not None else None
    leads_on = href and not href.startswith(("mailto:", "#", "javascript:"))
    role, organisation = role_lines(
        lines[1:] or _lines_after(element, without_labels(lines[0])) or _role_beside(element)
    )
    url = resolve(href, document.url) if href and leads_on else None
    return Author(name="", role=role, organisation=organisation, url=url)


def _lines_after(element: HtmlElement, name: str) -> list[str]:
    """Return the short lines that follow a name inside its own small box: role, then organisation."""
    box = element.getparent()
    while box is not None and box.tag in {"span", "strong", "b", "a", "em", "h4", "h5"}:
        box = box.getparent()
    if (
        box is None
        or box.tag in {"body", "article", "main", "header"}
        or len(box.text_content()) > 250
    ):
        return []
    lines = [line.strip(" ,|•·") for line in block_text(box).split("\n")]
    lines = [line for line in lines if line]
    places = [index for index, line in enumerate(lines) if line == name]
    return lines[places[-1] + 1 :] if places else []


def _role_beside(element: HtmlElement) -> list[str]:
    """Return the text of the element right after a name that is classed as its role."""
    following = next(element.itersiblings("*"), None)
    if following is None or not _ROLE_CLASS.search(following.get("class") or ""):
        return []
    return [" ".join(following.text_content().split())]


def speaks_of_author(element: HtmlElement) -> bool:
    """Tell whether an element is named for an author, or may state who wrote the article."""
    if names_author(element):
        return True
    shown = (words for words in (element.text, element.tail) if words and not words.isspace())
    return any(_MAY_SIGN.search(words) for words in shown)


def by_lines(document: Document, outside: set[HtmlElement]) -> list[Author]:
    """Return the authors of the first visible line such as "Door Jan Smit op 3 mei 2013"."""
    for element in document.tree.iter(*_LINE_TAGS):
        if len(element) > 6:
            continue
        found = _by_line(element)
        # Asked last: both look around it.
        if found and not is_inside(element, outside) and not _is_of_book(element):
            return found
    return []


def _is_of_book(element: HtmlElement) -> bool:
    """Tell whether *element* is a line of a book's facts."""
    beside = chain(
        islice(element.itersiblings("*"), 2), islice(element.itersiblings("*", preceding=True), 2)
    )
    return any(_BOOK_FACT.match(_shown_line(other)) for other in beside)


def _by_line(element: HtmlElement) -> list[Author]:
    """Return the authors whom the line of *element* names, none where it is no byline."""
    line = _shown_line(element)
    names = element.get("class") or ""
    is_boxed = _is_box(names)
    match = _signature(line) if 5 < len(line) < 160 else None
    if match is None and is_boxed and len(line) < LONGEST_BOX:
        match = _PLACED_BY.search(line[:400])
    if match is None:
        return _name_alone(line) if is_boxed and _AUTHOR_BOX.search(names) else []
    named = signed(match["name"].strip(" ,./"))
    return named if is_boxed or _are_names(named, match.string) else []


def _is_box(names: str) -> bool:
    """Tell whether the classes *names* are those of a box about the article."""
    return "meta" in names or any(map(_BOX_CLASS.search, names.split()))


def _are_names(named: list[Author], line: str) -> bool:
    """Tell whether a short *line* outside a byline's box names its authors as names are set."""
    return len(line) < LONGEST_LINE and all(is_set_as_name(author.name) for author in named)


def _name_alone(line: str) -> list[Author]:
    """Return the author of a line that is a name with at most a role or a date behind it."""
    named = _NAME_FIRST.match(line)
    if named is None or not is_name(named["name"]):
        together = signed(line) if len(line) < LONGEST_LINE else []
        is_shown = all(is_called_so(one.name) for one in together)
        return together if is_shown else []
    role, organisation = role_lines([named["rest"]] if named["rest"] else [])
    return [Author(name=named["name"], role=role, organisation=organisation or named["house"])]


def _signature(line: str) -> "re.Match[str] | None":
    """Return what in *line* states who wrote the article: the line itself, or one of the parts that
    it is divided into ("Gemeente / Tekst: Jan Smit / 3 mei 2013").
    """
    found = (_BY_LINE.match(part) for part in (line, *_PARTS.split(line)))
    return next((match for match in found if match is not None), None)


def is_inside(element: HtmlElement, others: set[HtmlElement]) -> bool:
    return any(one in others for one in (element, *element.iterancestors()))


def _shown_line(element: HtmlElement) -> str:
    """Return the text of *element*, of a long one its beginning; where it is short without what is
    in scripts.
    """
    line = " ".join(element.text_content().split(None, LONGEST_BOX)[:LONGEST_BOX])
    if len(line) < LONGEST_BOX and next(element.iter("script", "style"), None) is not None:
        return " ".join(block_text(element).split())
    return line
