"""The element that the page names as its article's text, and the running text that it holds; and
those that hold other articles.
"""

import re
from collections.abc import Container, Iterator, Set
from functools import lru_cache

from lxml.html import HtmlElement

from pipelines.document import has_more, is_within

LEAST_TEXT = 80
PARTS_SHARE = 0.8
LEAST_PARTS = 500
IN_FULL = 400  # letters of an article
_TITLES = ("h1", "h2", "h3")

_SHOWN = ("img", "iframe", "video", "audio", "embed", "object")
# Names of the element that holds an article's text, best first.
_CONTAINERS = tuple(
    re.compile(rf"(?:[a-z]{{1,4}}-)?(?:{pattern})", re.IGNORECASE)
    for pattern in (
        r"articlebody",
        r"(?:wp-block-)?(?:entry|post|article|artikel)[-_]+(?:content|body|tekst|text|inhoud|inner|main)|articlecontent|artikeltekst|post-entry|td-post-content|single-content|story-?body|nieuws-?(?:tekst|inhoud)|field--name-body|field-name-body|blog-?(?:content|tekst|post-content)|(?:article|post)__(?:content|body|text|entry|inner)|body-?text|content-?body|postarea|e-content|post-full-content|gh-content|entry|recipe-?(?:content|description)|markdown|prose|rte|wysiwyg",
        r"(?:main|page)?-?content(?:-?(?:area|main|text|wrapper|inner))?|inhoud|tekst|bericht(?:-?tekst|-?inhoud)?",
    )
)


def find_container(
    tree: HtmlElement, skip: Container[HtmlElement], holder: HtmlElement | None
) -> HtmlElement | None:
    """Return the element that the page names as its article's text: the one with most words of its
    own of the best name; *holder*, which has most of the running text, where none has enough.

    None when there is none, or when several of one name share the page (a listing, or an article in
    parts).
    """
    named: list[list[HtmlElement]] = [[] for _ in _CONTAINERS]
    for element in tree.iter("div", "section", "article", "main", "td"):
        rank = _rank(element)
        if rank is not None and not is_within(element, skip):
            named[rank].append(element)
    for elements in named:
        found = _largest(elements)
        if found is not None:
            return found
    return holder if holder is not None else _only([*named[0], *named[1]])


def _rank(element: HtmlElement) -> int | None:
    """Return the place in _CONTAINERS of the best of an element's names, None where none is one."""
    names = (*(element.get("class") or "").split(), element.get("id"), element.get("itemprop"))
    ranks = [rank for name in names if name and (rank := _rank_of(name)) is not None]
    return min(ranks, default=None)


@lru_cache(maxsize=1024)  # a site's pages share their names
def _rank_of(name: str) -> int | None:
    return next((rank for rank, pattern in enumerate(_CONTAINERS) if pattern.fullmatch(name)), None)


def _only(elements: list[HtmlElement]) -> HtmlElement | None:
    """Return the one element with a few words, a picture or a film among those that are named as an
    article's text.
    """
    short = [
        element
        for element in elements
        if (size := _prose(element)) < LEAST_TEXT and (size or has_more(element.iter(*_SHOWN), 0))
    ]
    return short[0] if len(short) == 1 else None


def _largest(elements: list[HtmlElement]) -> HtmlElement | None:
    """Return the innermost element that holds nearly all of the text that its equals hold."""
    sizes = [(_prose(element), element) for element in elements]
    sizes = [(size, element) for size, element in sizes if size >= LEAST_TEXT]
    if not sizes:
        return None
    most = max(size for size, _element in sizes)
    near = [element for size, element in sizes if size >= 0.85 * most]
    innermost = _innermost(near)
    if not innermost:
        return None
    whole = _whole(innermost[0], [element for _size, element in sizes])
    return whole if whole is not None or len(innermost) > 1 else innermost[0]


def _innermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    """Return those of *elements* that hold none of the others."""
    around = {ancestor for element in elements for ancestor in element.iterancestors()}
    return [element for element in elements if element not in around]


def _whole(part: HtmlElement, named: list[HtmlElement]) -> HtmlElement | None:
    """Return the element that holds one text of which *part* and its twins by tag and class are
    parts, None where it is no part.
    """
    kind = part.tag, part.get("class")
    twins = [element for element in named if (element.tag, element.get("class")) == kind]
    parts = [one for one in twins if not any(a in twins for a in one.iterancestors())]
    return _in_parts(parts) if len(parts) > 1 else None


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
    size = sum(map(_prose, parts))
    return whole if size >= max(LEAST_PARTS, PARTS_SHARE * _prose(whole)) else None


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


def other_articles(
    tree: HtmlElement, headline: str, skip: Set[HtmlElement]
) -> Iterator[HtmlElement]:
    """Yield each ``article`` in full other than that called *headline*, outside of it and of *skip*.

    None where the headline is in no article with a text: its parts may be articles as well.
    """
    heading = _heading_of(tree, headline)
    boxes = () if heading is None else heading.iterancestors("article")
    own = next((box for box in boxes if _size(box) >= IN_FULL), None)
    if own is None or heading is None:
        return
    inside, around = {own, *skip}, set(own.iterancestors())
    for one in tree.iter("article"):
        is_apart = one not in around and not is_within(one, inside)
        if is_apart and _is_headed(one, heading) and _size(one) >= IN_FULL:
            yield one


def _heading_of(tree: HtmlElement, headline: str) -> HtmlElement | None:
    words = headline.split()
    return next((one for one in tree.iter(*_TITLES) if _words_of(one) == words), None)


def _words_of(element: HtmlElement) -> list[str]:
    return str(element.text_content()).split()


def _size(box: HtmlElement) -> int:
    return len(" ".join(_words_of(box)))


def _is_headed(box: HtmlElement, heading: HtmlElement) -> bool:
    """Tell whether *box* has a headline as *heading* is one, or one that leads elsewhere: what is
    under a subhead is a part of a text.
    """
    own = next(box.iter(*_TITLES), None)
    if own is None or _words_of(own) == _words_of(heading):
        return False
    return own.tag == heading.tag == "h1" or _is_linked(own)
