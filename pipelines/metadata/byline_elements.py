"""Which elements of a page are named for the author of its article: by what is marked up for
machines, else by their classes.
"""

import re
from functools import lru_cache

from lxml.html import HtmlElement

from pipelines.document import Document

_NAME_CLASS = re.compile(
    r"^(?:fn|author|author-name|author_name|auteur|auteur-naam|byline-?(?:name|author)|post-author(?:-name)?|entry-author(?:-name|-link)?|article-?author(?:-name)?|wp-block-post-author(?:-name)?(?:__name)?|posted-by|p-author|schrijver|meta-author)$",
    re.IGNORECASE,
)
# Whatever a theme puts before it ("td-post-author-name"), but for what is of somebody else.
_LIKE_A_NAME_CLASS = re.compile(
    r"^(?!.*(?:comment|reacti|related|about|over-|bypost|avatar|has-|is-|no-|photo|foto|image|img|pic|"
    r"caption|credit|quote|review|testimonial|user))"
    r"(?:[^\W_]+[-_]+)*(?:post|entry|article|byline|meta)?(?:author|auteur|schrijver)"
    r"(?:[-_]*(?:full-?)?(?:name|naam|link))*$",
    re.IGNORECASE,
)


def find_bylines(document: Document, outside: set[HtmlElement]) -> list[HtmlElement]:
    """Return the elements named for an author, in the part of the page that comes before the
    comments.
    """
    known = dict.fromkeys(outside, True)
    named = [
        element
        for element in document.tree.iter("*")
        if names_author(element)
        and not any(_is_apart(one, known) for one in (element, *element.iterancestors()))
    ]
    # What is marked up as the author for machines is one; a class called "author" may be about
    # anything, and one that only resembles it even more so.
    marked = [element for element in named if _is_marked(element)]
    found = marked or [element for element in named if is_called_author(element)] or named
    around = {ancestor for element in found for ancestor in element.iterancestors()}
    return [element for element in found if element not in around]


def _is_apart(box: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Return whether a box stands beside the article; *known* has those that were asked."""
    if box not in known:
        is_aside = box.tag in {"aside", "footer"}
        known[box] = is_aside and box.find(".//h1") is None and _is_site_part(box)
    return known[box]


def _is_marked(element: HtmlElement) -> bool:
    return (
        "author" in (element.get("rel") or "").lower().split()
        or "author" in (element.get("itemprop") or "").split()
    )


def _is_site_part(element: HtmlElement) -> bool:
    return not any(ancestor.tag == "article" for ancestor in element.iterancestors())


def names_author(element: HtmlElement) -> bool:
    if element.tag in {"body", "html", "article", "img", "meta", "link", "svg", "section", "main"}:
        return False
    if not element.keys():
        return False
    return is_called_author(element) or _has_class(element, _LIKE_A_NAME_CLASS)


def is_called_author(element: HtmlElement) -> bool:
    """Tell whether an element is marked or called as the author, rather than like one."""
    return _is_marked(element) or _has_class(element, _NAME_CLASS)


def _has_class(element: HtmlElement, names: "re.Pattern[str]") -> bool:
    return _matches(element.get("class") or "", names)


@lru_cache(maxsize=1024)  # a site's pages share their names
def _matches(stated: str, names: "re.Pattern[str]") -> bool:
    return any(names.match(token) for token in stated.split())
