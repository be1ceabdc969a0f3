"""An article's section and keywords, as stated for machines or shown as links."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from pipelines.document import (
    Document,
    article_object,
    by_id,
    listed,
    meta,
    metas,
    stated_text,
    types_of,
)

_TAG_BOX = re.compile(
    r"(?:^|[-_\s])(?:tags?|tag-?links|tag-?list|keywords?|trefwoorden|labels?|post-tags|taxonomy-post_tag|onderwerpen)(?:$|[-_\s])",
    re.IGNORECASE,
)


_CATEGORY_BOX = re.compile(
    r"(?:^|[-_\s])(?:cat-?links|category|categorie|categories|rubriek|taxonomy-category|kicker|post-?category|entry-category)(?:$|[-_\s])|(?:^|\s)(?:section|sectie)(?:$|\s)",
    re.IGNORECASE,
)


_TAG_PATH = re.compile(
    r"/(?:tags?|label|labels|trefwoord(?:en)?|onderwerp(?:en)?|keyword|thema)/", re.IGNORECASE
)


_CATEGORY_PATH = re.compile(
    r"/(?:categor(?:y|ie|ies)|rubriek(?:en)?|sectie|section|topics?)/", re.IGNORECASE
)


LONGEST_KEYWORD = 60
LONGEST_BOX = 300
_MARKED_UP = etree.XPath("descendant-or-self::*[@itemprop]")
_HASHED = re.compile(r"#(\w[\w-]{1,40})")
_LABEL = re.compile(
    r"^\W*(?:tags?|keywords?|trefwoord(?:en)?|labels?|onderwerp(?:en)?|categorie(?:ën)?|category|rubriek|in|meer over)\b(?:\s*:)?\s*",
    re.IGNORECASE,
)


def read_section(document: Document, excluded: Iterable[HtmlElement] = ()) -> str | None:
    """Return the section (category) of the article, the first where there are several."""
    links = _kind_links(document.tree, excluded, _CATEGORY)
    return (
        _stated_section(document)
        or section_among(links, document)
        or next(_unlinked(document.tree, set(excluded), _CATEGORY), None)
    )


def section_among(links: Iterable[str], document: Document) -> str | None:
    """Return the section that the page states, else the first of the words of *links* to sections,
    else that of its breadcrumbs.
    """
    shown = (words for words in links if not _NO_SECTION.match(words))
    return _stated_section(document) or next(shown, None) or _crumb(document)


def _stated_section(document: Document) -> str | None:
    stated = next(
        (stated_text(value) for value in listed(article_object(document).get("articleSection"))),
        None,
    )
    return (
        stated
        or meta(document, "article:section")
        or next(_microdata(document.tree, "articleSection"), None)
    )


def _microdata(tree: HtmlElement, name: str) -> Iterator[str]:
    """Yield what elements are marked up as the property *name* of the page's article."""
    for element in _MARKED_UP(tree):
        if name in element.get("itemprop").split():
            worded = element.get("content") or element.text_content()
            if len(worded.split()) > 0 and len(worded) <= LONGEST_KEYWORD:
                yield " ".join(worded.split())


def _crumb(document: Document) -> str | None:
    """Return the last step of the breadcrumbs in JSON-LD that is between the home page and the
    article.
    """
    for thing in document.json_ld:
        if "BreadcrumbList" in types_of(thing):
            steps = [
                by_id(document, step.get("item")) | step
                for step in listed(thing.get("itemListElement"))
                if isinstance(step, dict)
            ]
            names = [name for name in (stated_text(step.get("name")) for step in steps) if name]
            return names[-2] if len(names) > 2 else None
    return None


def read_keywords(
    document: Document, section: str | None, excluded: Iterable[HtmlElement] = ()
) -> tuple[str, ...]:
    """Return the article's keywords, each on its own, as the page shows or states them."""
    outside = set(excluded)
    links = _kind_links(document.tree, outside, _TAG)
    stated = keywords_among(links, document, section)
    return stated or _unique(_unlinked(document.tree, outside, _TAG), section)


def keywords_among(
    links: Sequence[str], document: Document, section: str | None
) -> tuple[str, ...]:
    """Return the words of *links* to keywords, else the keywords that the page states; not what is
    the *section*.
    """
    found = list(links)
    if not found:
        stated = [
            stated_text(value) or "" for value in listed(article_object(document).get("keywords"))
        ]
        stated = [value for value in stated if value] or list(metas(document, "article:tag"))
        found = [part for value in stated for part in re.split(r"\s*[,;]\s*", value)]
    if not found:
        found = re.split(r"\s*[,;]\s*", meta(document, "news_keywords", "keywords") or "")
    return _unique(found, section)


def _unique(found: Iterable[str], section: str | None) -> tuple[str, ...]:
    unique = dict.fromkeys(word.strip(" #\t\n") for word in found)
    return tuple(
        word for word in unique if word and len(word) <= LONGEST_KEYWORD and word != section
    )


@dataclass(frozen=True, slots=True)
class _Kind:
    """How links of one kind, tags or categories, are recognised: the box around them, their
    address, their relation.
    """

    box: "re.Pattern[str]"
    path: "re.Pattern[str]"
    relation: str
    # A section is often one link in a box of its own; a tag's box may be wider.
    reach: int


# Words of links beside a section that are none.
_NO_SECTION = re.compile(
    r"^\W*(?:home(?:page)?|startpagina|e-?mail|print(?:en)?|afdrukken|delen|share|reageer|reacties?|comments?|(?:meer|more|alle|all|bekijk|view)\b.*|lees verder|\d+)\W*$",
    re.IGNORECASE,
)


_TAG = _Kind(_TAG_BOX, _TAG_PATH, "tag", reach=4)


_CATEGORY = _Kind(_CATEGORY_BOX, _CATEGORY_PATH, "category", reach=2)


def _kind_links(tree: HtmlElement, excluded: Iterable[HtmlElement], kind: _Kind) -> list[str]:
    """Return the words of the links that are tags (or categories) of this article, not of a cloud
    or a menu.

    Links that state their relation count for all; where none does, those in a box of the kind.
    """
    outside = set(excluded)
    related: list[str] = []
    boxed: list[str] = []
    for link in tree.iter("a"):
        if (link.get("href") or "#").startswith(("#", "javascript:")):
            continue
        if _is_related(link, kind):
            found = related
        elif "category" not in _relations(link) and _is_boxed(link, kind):
            found = boxed
        else:
            continue
        words = " ".join(link.text_content().split())
        if words and not _is_furniture(link, outside):
            found.append(words)
    return related or boxed


def _relations(element: HtmlElement) -> list[str]:
    return (element.get("rel") or "").lower().split()


def _is_related(element: HtmlElement, kind: _Kind) -> bool:
    """Tell whether an element states that it is of *kind*; WordPress calls a category a tag, too."""
    relations = _relations(element)
    is_category = kind.relation == "tag" and "category" in relations
    return kind.relation in relations and not is_category


def _unlinked(tree: HtmlElement, outside: Set[HtmlElement], kind: _Kind) -> Iterator[str]:
    """Yield the words that a small box named for *kind* holds without links, in elements of their
    own or divided by commas or hash signs: "#fietspad #zwembad".
    """
    for box in tree.iter("p", "div", "ul", "span", "li", "dd", "footer"):
        names = f"{box.get('class') or ''} {box.get('id') or ''}"
        if (
            len(names) < 2
            or not _names(kind, names)
            or next(box.iter("a", "form"), None) is not None
        ):
            continue
        worded = " ".join(box.text_content().split())
        if worded and len(worded) <= LONGEST_BOX and not _is_furniture(box, outside):
            yield from _words_of(box, worded, kind)
            return


def _words_of(box: HtmlElement, worded: str, kind: _Kind) -> list[str]:
    """Return the words of a box one by one, without its label ("Trefwoorden:"); one word that is
    neither labelled nor behind a hash sign may be anything but a keyword.
    """
    pieces = [" ".join(child.text_content().split()) for child in box]
    if not pieces or sum(map(len, pieces)) < len(worded) / 2:
        pieces = _HASHED.findall(worded) or re.split(r"\s*[,;|•·]\s*", _LABEL.sub("", worded))
    words = [piece.strip(" #,;|•·") for piece in pieces if not _LABEL.fullmatch(piece)]
    is_stated = len(words) > 1 or bool(_LABEL.match(worded)) or worded.startswith("#")
    are_words = all(0 < len(word) <= LONGEST_KEYWORD for word in words)
    return words if are_words and (is_stated or kind is _CATEGORY) else []


def speaks_of_keywords(element: HtmlElement) -> bool:
    """Tell whether an element is named for keywords and holds a link, or is a link to one."""
    return _is_of(element, _TAG)


def speaks_of_section(element: HtmlElement) -> bool:
    """Tell whether an element is named for the section and holds a link, or is a link to it."""
    return _is_of(element, _CATEGORY)


def _is_of(element: HtmlElement, kind: _Kind) -> bool:
    if _is_related(element, kind):
        return True
    is_named = any(
        _names(kind, names) for names in (element.get("class"), element.get("id")) if names
    )
    return is_named and next(element.iter("a"), None) is not None


@lru_cache(maxsize=1024)  # a site's pages share their names
def _names(kind: _Kind, names: str) -> bool:
    return bool(kind.box.search(names))


def _is_furniture(link: HtmlElement, outside: Set[HtmlElement]) -> bool:
    ancestors = list(link.iterancestors())
    own_footer = any(a.tag == "article" for a in ancestors)
    if any(
        a in outside or a.tag in {"nav", "aside"} or (a.tag == "footer" and not own_footer)
        for a in ancestors
    ):
        return True
    return any("cloud" in names or "menu" in names for names in _names_around(link, 4))


def _names_around(link: HtmlElement, reach: int) -> list[str]:
    near = list(link.iterancestors())[:reach]
    return [
        f"{a.get('class') or ''} {a.get('id') or ''}"
        for a in near
        if a.tag not in {"body", "article", "main"}
    ]


def _is_boxed(link: HtmlElement, kind: _Kind) -> bool:
    if not any(_names(kind, names) for names in _names_around(link, kind.reach)):
        return False
    is_addressed = kind.path.search(link.get("href") or "") or _names(kind, link.get("class") or "")
    return kind is _TAG or bool(is_addressed) or _fills_box(link)


def _fills_box(link: HtmlElement) -> bool:
    """Tell whether a link is all that its box states."""
    box = link.getparent()
    return box is not None and box.text_content().split() == link.text_content().split()
