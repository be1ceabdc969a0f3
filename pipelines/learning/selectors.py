"""Selectors of an element that may hold on the site's other pages too: by class, id, property and a
named ancestor.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from lxml.html import HtmlElement

from pipelines.document import select

MOST_ANCESTORS = 4
_NAME = re.compile(r"-?[A-Za-z_][A-Za-z_-]*")
# Names that state how an element looks or fares on one page, not what it is.
_PASSING = re.compile(
    r"(?:is|has|js|wp-(?:image|container|elements)|align|size|col|row|m|p|mb|mt|even|odd|alt|first|last|active|current|status|format|hentry|has-\w+)(?:-.*)?|thread-\w+|depth-?",
    re.IGNORECASE,
)
# Of what an article is, in the classes of its outermost element.
_OF_ARTICLE = re.compile(r"(?:category|tag|author|cat)(?:-.*)?", re.IGNORECASE)
_ARTICLES = frozenset({"article", "body", "hentry", "type-post"})
_TELLING_RELATIONS = frozenset({"author", "tag", "category", "category tag"})
_TELLING_TAGS = frozenset({"article", "main", "time", "h1", "cite", "header", "address"})


def own_selectors(element: HtmlElement) -> list[str]:
    """Return the selectors that *element*'s own names make, those that state most first."""
    tag = str(element.tag)
    found = []
    prop, identity = element.get("itemprop") or "", element.get("id") or ""
    if _NAME.fullmatch(prop):
        found.append(f"{tag}[itemprop='{prop}']")
    if _NAME.fullmatch(identity):
        found.append(f"{tag}#{identity}")
    found += [f"{tag}.{token}" for token in _telling_classes(element)]
    if element.get("rel") in _TELLING_RELATIONS:
        found.append(f"{tag}[rel='{element.get('rel')}']")
    if tag in _TELLING_TAGS:
        found.append(tag)
    return found


def _telling_classes(element: HtmlElement) -> list[str]:
    """Return the classes of *element* that name what it is on every page."""
    tokens = [token for token in (element.get("class") or "").split() if _NAME.fullmatch(token)]
    lasting = [token for token in tokens if not _PASSING.fullmatch(token)]
    if not _ARTICLES & {str(element.tag), *tokens}:
        return lasting
    return [token for token in lasting if not _OF_ARTICLE.fullmatch(token)]


def selectors(element: HtmlElement) -> Iterator[str]:
    """Yield selectors of *element*: its own, then those by a named ancestor; a nameless element's
    are under its parent's.
    """
    own = own_selectors(element)
    yield from own
    steps = own or [str(element.tag)]
    for level, ancestor in enumerate(element.iterancestors()):
        if level == MOST_ANCESTORS:
            return
        for name in own_selectors(ancestor):
            yield from (f"{name} > {step}" if level == 0 else f"{name} {step}" for step in steps)


def vote(
    targets: Sequence[tuple[HtmlElement, HtmlElement]],
    pick: Callable[[list[HtmlElement]], HtmlElement | None],
) -> tuple[str, float] | None:
    """Return the selector that finds most *targets*, pairs of a tree and its element, and the share
    of them that it finds.

    *pick* chooses among the elements that a selector finds. Of equals the one that finds least else
    wins, then the shorter.
    """
    ballot = Counter(css for _tree, element in targets for css in dict.fromkeys(selectors(element)))
    best: tuple[float, int, int, str] | None = None
    for css, votes in ballot.most_common(60):
        if best is not None and votes < best[0]:
            break
        hits, extra = 0, 0
        for tree, element in targets:
            found = select(tree, css)
            hits += pick(found) is element
            extra += len(found) - 1
        rank = (hits, -extra, -len(css), css)
        best = rank if best is None or rank > best else best
    return (best[3], best[0] / len(targets)) if best is not None and best[0] else None


def exact(groups: Sequence[tuple[HtmlElement, Iterable[HtmlElement]]]) -> str | None:
    """Return the selector that finds exactly the elements of each of *groups*, pairs of a tree and
    its elements; None without one.
    """
    wanted = [(tree, list(elements)) for tree, elements in groups]
    first = next((elements[0] for _tree, elements in wanted if elements), None)
    if first is None:
        return None
    for css in selectors(first):
        if all(select(tree, css) == elements for tree, elements in wanted):
            return css
    return None
