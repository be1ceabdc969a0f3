"""Who is named beside an article's date, in a line that has neither a name of its own nor a word
such as "door": "12 mei 2013 - Jan Smit", "Jan Smit | 12 mei 2013, 10:21".
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.document import Document
from pipelines.metadata.author_names import FULL_NAME, without_labels
from pipelines.metadata.bylines import is_inside
from storage.records import Author
from storage.urls import resolve

LONGEST_LINE = 120
BOXES = 3
# In lines whose spaces are single, so that no run of them is read twice.
_STROKES = re.compile(r" ?[|•·@/] ?| [-–—] |^[-–—,] ?| ?[-–—,(]$")
_CLOCK = re.compile(r"^\W*\d{1,2}[:.]\d\d(?:\s*uur)?")
# What opens the names of places, which stand beside dates, too.
_OPENS_A_PLACE = re.compile(
    r"(?:Den?|Het|'t|Sint|St\.?|San|Santa|Los|Las|New|Nieuwe?|Oude?|Bad|Saint|El|Le|La)\s"
)
# What is written beside dates with capitals, and is nobody.
_NOBODY = re.compile(
    r"\b(?:comments?|reacties?|reageer|filed|under|posted|published|geplaatst|gepubliceerd|read|lees"
    r"|more|meer|share|deel|print|tags?|categor\w+|rubriek|nieuws|news|blog|home|archie\w+|leave|geen"
    r"|permalink|views?|edit|bewerk\w*|page|pagina|update\w*)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"/(?:authors?|auteurs?|users?|gebruikers?|members?|leden|lid|profiles?|profiel|people|"
    r"medewerkers?|redacti(?:e|on)|team|schrijvers?)(?:/|$)",
    re.IGNORECASE,
)


def names_beside(
    document: Document, outside: set[HtmlElement], raws: Sequence[str]
) -> Iterator[Author]:
    """Yield whoever is named in the line of the first of the dates *raws*, as the page writes them."""
    if (document.language or "").lower().startswith("de"):
        return  # German sets every noun with a capital
    for raw in raws:
        line = next(_lines_with(raw, document.tree, outside), None)
        if line is not None:
            yield from _named_in(line, raw, document)
            return


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


def _named_in(line: HtmlElement, raw: str, document: Document) -> Iterator[Author]:
    """Yield the people whom the texts of *line* name, beside its date *raw*."""
    for element in line.iter("*"):
        texts = [element.text, *(child.tail for child in element)]
        link = element if element.tag == "a" else None
        if link is not None and not _leads_to_person(link):
            continue
        for text in filter(None, texts):
            for part in _parts(text.replace(raw, " | ") if raw != text.strip() else text):
                if _is_person(part):
                    url = (
                        resolve(link.get("href") or "", document.url) if link is not None else None
                    )
                    yield Author(name=part, url=url)


def _is_person(name: str) -> bool:
    """Tell whether *name* is set as a person's, and none of a place or of a button."""
    is_name = FULL_NAME.fullmatch(name) is not None
    return is_name and not _OPENS_A_PLACE.match(name) and not _NOBODY.search(name)


def _leads_to_person(link: HtmlElement) -> bool:
    rel = (link.get("rel") or "").lower().split()
    return "author" in rel or bool(_PERSON.search(urlsplit(link.get("href") or "").path))


def _parts(text: str) -> Iterator[str]:
    """Yield the parts of a line between its strokes, without the labels and dates beside names."""
    for part in _STROKES.split(" ".join(text.split())):
        words = without_labels(_CLOCK.sub("", part).strip(" ,:"))
        if words:
            yield words
