"""The article's own words: from its container where the page names one, else as trafilatura finds them."""

import re
from collections.abc import Container
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.block_text import block_text

LEAST_TEXT = 80

# Names of the element that holds an article's text, best first.
_CONTAINERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"articlebody",
        r"(?:wp-block-)?(?:entry|post|article|artikel)[-_]+(?:content|body|tekst|text|inhoud|inner|main)|articlecontent|artikeltekst|post-entry|td-post-content|single-content|story-?body|nieuws-?(?:tekst|inhoud)|field--name-body|field-name-body|blog-?(?:content|tekst|post-content)|(?:article|post)__(?:content|body|text|entry|inner)|body-?text|content-?body|postarea|e-content|post-full-content|gh-content|entry|recipe-?(?:content|description)|markdown|prose|rte|wysiwyg",
        r"(?:main|page)?-?content(?:-?(?:area|main|text|wrapper|inner))?|inhoud|tekst|bericht(?:-?tekst|-?inhoud)?",
    )
)
# "door", and two to five words of which first and last are names.
_BYLINE = re.compile(r"(?:[Dd]oor|[Tt]ekst|[Bb]y)\s*:?\s+[A-ZÀ-Þ][\w.'’-]*(?:\s+[\w.'’-]+){0,3}\s+[A-ZÀ-Þ][\w'’-]*")


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article and how it was found."""

    text: str
    method: str
    container: HtmlElement | None = None


def find_container(tree: HtmlElement, skip: Container[HtmlElement]) -> HtmlElement | None:
    """Return the element that the page names as its article's text: the one with most words of its own of the best name.

    None when there is none, or when several of one name share the page (a listing, or an article in parts).
    """
    named: list[list[HtmlElement]] = [[] for _ in _CONTAINERS]
    for element in tree.iter("div", "section", "article", "main", "td"):
        names = [*(element.get("class") or "").split(), element.get("id") or "", element.get("itemprop") or ""]
        for rank, pattern in enumerate(_CONTAINERS):
            if any(name and pattern.fullmatch(name) for name in names):
                named[rank].append(element)
                break
    for elements in named:
        found = _largest([e for e in elements if e not in skip and not any(a in skip for a in e.iterancestors())])
        if found is not None:
            return found
    return None


def _largest(elements: list[HtmlElement]) -> HtmlElement | None:
    """Return the innermost element that holds nearly all of the text that its equals hold."""
    sizes = [(_prose(element), element) for element in elements]
    sizes = [(size, element) for size, element in sizes if size >= LEAST_TEXT]
    if not sizes:
        return None
    most = max(size for size, _element in sizes)
    near = [element for size, element in sizes if size >= 0.85 * most]
    innermost = [e for e in near if not any(other is not e and any(a is e for a in other.iterancestors()) for other in near)]
    return innermost[0] if len(innermost) == 1 else None


def _prose(element: HtmlElement) -> int:
    """Return how many characters of running text an element holds: links and lists of links do not count."""
    total = len(" ".join(element.text_content().split()))
    linked = sum(len(" ".join(link.text_content().split())) for link in element.iter("a"))
    return total - linked


def read_container(container: HtmlElement, skip: Container[HtmlElement], headline: str | None) -> str:
    """Return the text of *container* without *skip* and without the head that it repeats."""
    return without_head(block_text(container, skip), headline)


def without_head(text: str, headline: str | None) -> str:
    """Return *text* without the headline, and a byline such as "door Wil Terpstra", that it begins with."""
    first, _, rest = text.partition("\n\n")
    if headline and _folded(first) == _folded(headline):
        return without_head(rest.lstrip(), None)
    return rest.lstrip() if rest and _BYLINE.fullmatch(first) else text


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
