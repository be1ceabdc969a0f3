"""The ground plan of a page: where its article's headline and paragraphs are, and what lies
around them.
"""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from storage.urls import parts_of, resolve

LEAST_PROSE = 80
LARGEST_HEAD_BLOCK = 400
LARGEST_TAIL_BLOCK = 400
LONG_LINK = 15
_SKIPPED = frozenset(
    "head script style noscript template nav form svg iframe button select".split()
)
_UNSHOWN = ("script", "style")
_HEADINGS = frozenset("h1 h2 h3 h4 div span b strong td font a".split())
_PROSE_TAGS = frozenset("p div td section article li blockquote font center dd main span".split())
_SITE_HEADER = re.compile(
    r"(?:^|[-_\s])(?:site-?header|masthead|top(?:bar|nav)?|header|banner|logo|vandaag|today|navbar|menu|breadcrumbs?)(?:$|[-_\s])",
    re.IGNORECASE,
)
_OWN_HEADER = re.compile(
    r"(?:^|[-_\s])(?:article|artikel|post|entry|story|bericht)[-_]?(?:top|header|banner)(?:$|[-_\s])",
    re.IGNORECASE,
)
_OF_THE_ARTICLE = re.compile(
    r"/(?:auteurs?|author|user|users|profile?s?|tags?|categor(?:y|ie|ies)|rubriek(?:en)?|section|feed|rss)(?:/|$)|/(?:19|20)\d\d(?:/\d\d?){0,2}/?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ArticlePlace:
    """Where the article stands: its headline, the element that holds its text where one is known,
    what is no part of it, and what of that holds its *thread*.
    """

    headline: str
    container: HtmlElement | None
    beside: Set[HtmlElement]
    thread: Set[HtmlElement]


@dataclass(frozen=True, slots=True)
class _Weight:
    """What a block holds: characters, links to other pages, and how many of these are headlines."""

    size: int
    links: int
    long: int


@dataclass(frozen=True, slots=True)
class Ground:
    """A page's elements in document order without those beside its article; the indices of its
    headline and of its paragraphs.

    *beside* is what is no part of the article, *around* are the elements that hold some of it.
    *trunk* are those that hold the headline or a paragraph: too large to be about one thing.
    """

    elements: tuple[HtmlElement, ...]
    beside: Set[HtmlElement]
    around: Set[HtmlElement]
    trunk: Set[HtmlElement]
    headline: int | None
    first: int | None
    last: int | None
    # Many elements share a block: what is asked of one is asked once.
    _texts: dict[HtmlElement, str] = field(default_factory=dict)
    _weights: dict[HtmlElement, "_Weight"] = field(default_factory=dict)

    def zone(self, index: int, url: str) -> str:
        """Return where an element is: "head", "tail", "text" or "elsewhere"; see
        pipelines.dated_elements.
        """
        if self.first is None or self.last is None or index < self.first:
            return self._zone_before(index, url)
        if index <= self.last:
            return "text"
        of = self._weight(index, url)
        is_small = of.size <= LARGEST_TAIL_BLOCK and not of.long and of.links <= 1
        return "tail" if is_small else "elsewhere"

    def _zone_before(self, index: int, url: str) -> str:
        """Return where an element before the text is, or one of a page without a text."""
        is_above = self.headline is not None and index < self.headline
        if is_above and self._is_in_site_header(self.elements[index]):
            return "elsewhere"
        of = self._weight(index, url)
        is_small = of.size <= LARGEST_HEAD_BLOCK and of.long <= 2
        return "head" if is_small or not self._anchors() else "elsewhere"

    def _weight(self, index: int, url: str) -> "_Weight":
        block = self.block(index)
        if block not in self._weights:
            self._weights[block] = self._weigh(block, url)
        return self._weights[block]

    def _weigh(self, block: HtmlElement, url: str) -> "_Weight":
        links = [link for link in _foreign_links(block, url) if not self._is_beside(link)]
        return _Weight(len(self.text(block)), len(links), sum(_is_long(link) for link in links))

    def block(self, index: int) -> HtmlElement:
        """Return the block of its own in which an element is beside the headline or a
        paragraph.
        """
        element = self.elements[index]
        blocks = [_branch(element, anchor) for anchor in self._anchors()]
        return min(blocks, key=lambda one: len(self.text(one)), default=element)

    def text(self, element: HtmlElement) -> str:
        """Return the text of *element*, with single spaces, without scripts and what is beside the
        article.
        """
        if element not in self._texts:
            self._texts[element] = self._read(element)
        return self._texts[element]

    def _read(self, element: HtmlElement) -> str:
        if element not in self.around and next(element.iter(*_UNSHOWN), None) is None:
            return " ".join(element.text_content().split())
        walk = etree.iterwalk(element, events=("start", "end"))
        return " ".join("".join(self._pieces(walk, element)).split())

    def _pieces(
        self, walk: "etree.iterwalk[tuple[str, HtmlElement]]", root: HtmlElement
    ) -> Iterator[str]:
        """Yield the pieces of text that a walk through *root* passes, without what is skipped."""
        for event, part in walk:
            if event == "end":
                yield (part.tail or "") if part is not root else ""
            elif part in self.beside or part.tag in _UNSHOWN:
                walk.skip_subtree()
            else:
                yield part.text or ""

    def _is_beside(self, element: HtmlElement) -> bool:
        return any(ancestor in self.beside for ancestor in element.iterancestors())

    def _anchors(self) -> list[HtmlElement]:
        return [
            self.elements[index]
            for index in dict.fromkeys((self.headline, self.first, self.last))
            if index is not None
        ]

    def _is_in_site_header(self, element: HtmlElement) -> bool:
        headline = self.elements[self.headline or 0]
        shared = {headline, *headline.iterancestors()}
        for ancestor in (element, *element.iterancestors()):
            if ancestor in shared:
                return False
            names = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
            if (ancestor.tag == "header" or _SITE_HEADER.search(names)) and not _OWN_HEADER.search(
                names
            ):
                return True
        return False


def survey(tree: HtmlElement, place: ArticlePlace) -> Ground:
    """Return the ground plan of the page *tree*."""
    elements = list(_kept_elements(tree, place.beside))
    titled = (
        index
        for index, element in enumerate(elements)
        if element.tag in _HEADINGS and _says(element, place.headline)
    )
    headline = next(titled, None)
    first, last = _paragraphs(elements, place.container)
    if first is not None and headline is not None and first < headline:
        headline = None  # a headline under the text is no landmark
    around = {ancestor for element in place.beside for ancestor in element.iterancestors()}
    landmarks = [elements[index] for index in (headline, first, last) if index is not None]
    trunk = {ancestor for element in landmarks for ancestor in element.iterancestors()}
    return Ground(tuple(elements), place.beside, around, trunk, headline, first, last)


def _kept_elements(tree: HtmlElement, beside: Set[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the elements of *tree* in document order without those that are *beside* the article."""
    walk = etree.iterwalk(tree, events=("start",))
    for _event, element in walk:
        if element in beside or element.tag in _SKIPPED:
            walk.skip_subtree()
        else:
            yield element


def _paragraphs(
    elements: list[HtmlElement], container: HtmlElement | None
) -> tuple[int | None, int | None]:
    """Return the indices of the first and the last paragraph, of those inside *container* where one
    is known.
    """
    inside = set(container.iter()) if container is not None else None
    found = [
        index
        for index, element in enumerate(elements)
        if element.tag in _PROSE_TAGS
        and (inside is None or element in inside)
        and _is_prose(element)
    ]
    return (found[0], found[-1]) if found else (None, None)


def _says(element: HtmlElement, headline: str) -> bool:
    start = (element.text or "").strip()
    if start and not headline.startswith(start[:20]):
        return False
    return len(element) < 6 and " ".join(element.text_content().split()) == headline


def _is_prose(element: HtmlElement) -> bool:
    """Tell whether *element* has running text of its own."""
    own = len((element.text or "").strip())
    for child in element:
        own += len((child.tail or "").strip())
        if own >= LEAST_PROSE:
            return True
    return own >= LEAST_PROSE


def _branch(element: HtmlElement, anchor: HtmlElement) -> HtmlElement:
    """Return the largest element around *element* that does not hold *anchor*."""
    shared = {anchor, *anchor.iterancestors()}
    branch = element
    for ancestor in element.iterancestors():
        if ancestor in shared:
            break
        branch = ancestor
    return branch


def _foreign_links(block: HtmlElement, url: str) -> list[HtmlElement]:
    """Return the links of *block* that lead to another page, which is not one about the article's
    author or tags.
    """
    path = urlsplit(url).path.rstrip("/")
    found = []
    for link in block.iter("a"):
        href = link.get("href") or "#"
        relations = (link.get("rel") or "").lower().split()
        if href.startswith(("#", "mailto:", "javascript:")) or {
            "author",
            "tag",
            "category",
            "bookmark",
        } & set(relations):
            continue
        target = parts_of(resolve(href, url) or "").path
        if target.rstrip("/") == path or target in {"", "/"} or _OF_THE_ARTICLE.search(target):
            continue
        found.append(link)
    return found


def _is_long(link: HtmlElement) -> bool:
    """Tell whether a link is a headline, by its length or by the heading around it."""
    return len(" ".join(link.text_content().split())) >= LONG_LINK or any(
        a.tag in {"h2", "h3", "h4"} for a in link.iterancestors()
    )
