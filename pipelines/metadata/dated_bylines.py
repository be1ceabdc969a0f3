"""Who is named beside an article's date, in a line that has neither a name of its own nor a word
such as "door": "12 mei 2013 - Jan Smit", "Jan Smit | 12 mei 2013, 10:21".
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.comments import read_signature
from pipelines.dates import Reference
from pipelines.document import Document
from pipelines.metadata.author_names import BY, OF, WRITTEN, is_person, signed, without_labels
from pipelines.metadata.byline_elements import names_author
from pipelines.metadata.bylines import is_inside
from pipelines.metadata.given_names import is_called_so
from storage.records import Author
from storage.urls import resolve

LONGEST_LINE = 120
BOXES = 3
_SIGNS = re.compile(rf"\b(?:{BY}|{OF}|{WRITTEN})\W{{0,3}}$", re.IGNORECASE)
LONGEST_SIGN = 40
# In lines whose spaces are single, so that no run of them is read twice.
_STROKES = re.compile(r" ?[|•·@/] ?| [-–—] |^[-–—,] ?| ?[-–—,(]$")
_CLOCK = re.compile(r"^\W*\d{1,2}[:.]\d\d(?:\s*uur)?")
_PERSON = re.compile(
    r"/(?:authors?|auteurs?|users?|gebruikers?|members?|leden|lid|profiles?|profiel|people|"
    r"medewerkers?|redacti(?:e|on)|team|schrijvers?)(?:/|$)",
    re.IGNORECASE,
)


def names_beside(
    document: Document,
    outside: set[HtmlElement],
    raws: Sequence[str],
    stated: Container[str] = frozenset(),
) -> Iterator[Author]:
    """Yield whoever is named in the line of the first of the dates *raws*, as the page writes them,
    and is shown to be a person: by the name itself, by what is written before it or what it leads
    to, or by the page, which has *stated* it in lower case elsewhere.
    """
    if (document.language or "").lower().startswith("de"):
        return  # German sets every noun with a capital
    for raw in raws:
        line = next(_lines_with(raw, document.tree, outside), None)
        if line is not None:
            shown = " ".join(" ".join(line.itertext()).split())
            for author, is_marked in _named_in(line, raw, document):
                is_known = is_marked or author.name.lower() in stated
                if is_known or is_called_so(author.name) or _is_signed(author.name, shown):
                    yield author
            return


def _is_signed(name: str, shown: str) -> bool:
    """Tell whether a line that is *shown* has a word of writing right before *name*."""
    before = shown.partition(name)[0]
    return bool(_SIGNS.search(before[-LONGEST_SIGN:]))


def _lines_with(raw: str, tree: HtmlElement, outside: set[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the largest short box around each place that shows *raw*."""
    for element in tree.iter("*"):
        is_own = raw in (element.text or "")
        start = element if is_own else element.getparent()
        if start is None or not (is_own or raw in (element.tail or "")):
            continue
        line = _line_around(start)
        if line is not None and not is_inside(line, outside):
            yield line


def _line_around(element: HtmlElement) -> HtmlElement | None:
    """Return the largest of the boxes around *element* that hold no more than a line, and no
    heading.
    """
    found = None
    for box in (element, *islice(element.iterancestors(), BOXES)):
        if len(" ".join(box.text_content().split())) > LONGEST_LINE or _has_heading(box):
            break
        found = box
    return found


def _has_heading(box: HtmlElement) -> bool:
    return next(box.iter("h1", "h2", "h3"), None) is not None


def _named_in(line: HtmlElement, raw: str, document: Document) -> Iterator[tuple[Author, bool]]:
    """Yield the people whom the texts of *line* name, beside its date *raw*, each with whether the
    page marks it as somebody.
    """
    for element in line.iter("*"):
        link = element if element.tag == "a" else None
        if link is not None and not _leads_to_person(link):
            continue
        url = resolve(link.get("href") or "", document.url) if link is not None else None
        is_marked = link is not None or names_author(element)
        for part in _parts_of(element, raw, document):
            yield from ((replace(author, url=url), is_marked) for author in _people(part))


def _parts_of(element: HtmlElement, raw: str, document: Document) -> Iterator[str]:
    """Yield the parts of the texts right in *element*, without the date *raw*."""
    reference = Reference(document.fetched_at, document.language)
    for text in filter(None, (element.text, *(child.tail for child in element))):
        dated = read_signature(" ".join(text.split()), reference)
        bare = text.replace(raw, " | ") if raw != text.strip() else text
        yield from _parts(bare if dated is None else dated.author or "")


def _people(part: str) -> list[Author]:
    """Return those whom *part* of a line names, nobody where one is not set as a person is, or took
    the pictures.
    """
    named = signed(part)
    drew = any("foto" in (author.role or "") for author in named)
    return named if not drew and all(is_person(author.name) for author in named) else []


def _leads_to_person(link: HtmlElement) -> bool:
    rel = (link.get("rel") or "").lower().split()
    return "author" in rel or bool(_PERSON.search(urlsplit(link.get("href") or "").path))


def _parts(text: str) -> Iterator[str]:
    """Yield the parts of a line between its strokes, without the labels and dates beside names."""
    for part in _STROKES.split(" ".join(text.split())):
        words = without_labels(_CLOCK.sub("", part).strip(" ,:"))
        if words:
            yield words
