"""What an article says of itself: headline, description, section, keywords, language, address."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

from lxml.html import HtmlElement

from pipelines.document import Document
from pipelines.structured import article_object, by_id, listed, meta, metas, text, types_of

_SEPARATORS = re.compile(r"\s+[|–—•·»«:-]+\s+|\s*[|»«]\s*")
_HEADLINE_CLASS = re.compile(
    r"(?:^|[-_\s])(?:entry-title|post-title|article-title|headline|artikel-?titel|page-title|title|titel|wp-block-post-title)(?:$|[-_\s])",
    re.IGNORECASE,
)
_SITE_CLASS = re.compile(r"(?:^|[-_\s])(?:site-title|logo|site-name|brand|sitenaam)(?:$|[-_\s])", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
_TAG_BOX = re.compile(
    r"(?:^|[-_\s])(?:tags?|tag-?links|tag-?list|keywords?|trefwoorden|labels?|post-tags|taxonomy-post_tag|onderwerpen)(?:$|[-_\s])",
    re.IGNORECASE,
)
_CATEGORY_BOX = re.compile(
    r"(?:^|[-_\s])(?:cat-?links|category|categorie|categories|rubriek|taxonomy-category|kicker|post-?category|entry-category)(?:$|[-_\s])|(?:^|\s)(?:section|sectie)(?:$|\s)",
    re.IGNORECASE,
)
_TAG_PATH = re.compile(r"/(?:tags?|label|labels|trefwoord(?:en)?|onderwerp(?:en)?|keyword|thema)/", re.IGNORECASE)
_CATEGORY_PATH = re.compile(r"/(?:categor(?:y|ie|ies)|rubriek(?:en)?|sectie|section|topics?)/", re.IGNORECASE)
_DUTCH = frozenset("de het een en van is dat niet op te zijn met voor die er aan ook maar naar om bij dit wordt wij".split())
_ENGLISH = frozenset("the and of to in is that it for was with as on are this be not have you at from by".split())
# French and Spanish have "de" and "en", German has "die": a text with more of these is in none of the two.
_NEITHER = frozenset(
    "le la les des du et est une que dans pour qui el los las del y por con una se und das ist nicht mit auf für".split()
)
LONGEST_KEYWORD = 60


def stated_titles(document: Document) -> list[str]:
    """Return the titles that the page states: in JSON-LD, in its meta elements, in its head."""
    stated = (text(article_object(document).get("headline")), meta(document, "og:title", "twitter:title"), document.title)
    return [title for title in stated if title]


def read_headline(document: Document, excluded: Iterable[HtmlElement] = ()) -> str | None:
    """Return the article's headline as the page shows it, without the site's name; None when it shows and states none."""
    stated = stated_titles(document)
    outside = set(excluded)
    shown = [heading for heading in _headings(document.tree) if not any(a in outside for a in heading.iterancestors())]
    best = max(shown, key=lambda heading: _worth(heading, stated), default=None)
    if best is not None and _worth(best, stated) > 0:
        return " ".join(best.text_content().split())
    alone = [heading for heading in shown if heading.tag == "h1"]
    if len(alone) == 1 and len(stated) == 1 and not any(link.get("href") in {"/", "index.html"} for link in alone[0].iter("a")):
        return " ".join(alone[0].text_content().split())  # the only thing said of the page elsewhere is a title of another matter
    return _without_site(stated, document) if stated else None


def _headings(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in tree.iter("h1", "h2", "h3"):
        if element.text_content().strip():
            yield element


def _worth(heading: HtmlElement, stated: list[str]) -> float:
    """Return how likely a heading is the article's: it agrees with what the page states, and is set as a headline."""
    names = heading.get("class") or ""
    words = _bag(heading.text_content())
    agreement = max((len(words & _bag(title)) / max(len(words | _bag(title)), 1) for title in stated), default=0.0)
    contained = max((len(words & _bag(title)) / max(len(words), 1) for title in stated), default=0.0)
    parts = [_bag(part) for title in stated for part in _SEPARATORS.split(title)[1:]]
    if words in parts and not any(words == _bag(_SEPARATORS.split(title)[0]) for title in stated):
        return agreement - 0.5  # what the page's title says last is the site
    if _SITE_CLASS.search(names) or any(
        _SITE_CLASS.search(a.get("class") or "") for a in heading.iterancestors("div", "header", "p")
    ):
        return agreement - 0.5
    if heading.tag != "h1" and not _HEADLINE_CLASS.search(names) and not (contained > 0.9 and agreement > 0.3):
        return -1.0
    worth = 2 * agreement + contained
    worth += (
        0.6 * (heading.tag == "h1")
        + 0.5 * bool(_HEADLINE_CLASS.search(names))
        + 0.5 * ("headline" in (heading.get("itemprop") or ""))
    )
    worth -= 0.8 * any(ancestor.tag in {"aside", "footer", "nav"} for ancestor in heading.iterancestors())
    worth -= 0.7 * any(
        link.get("rel") == "home" or (link.get("href") or "").rstrip("/").count("/") <= 2 for link in heading.iter("a")
    )
    return worth if not stated or contained > 0.3 else worth - 1.5


def _bag(title: str) -> set[str]:
    return set(_WORDS.findall(title.lower()))


def _without_site(stated: list[str], document: Document) -> str:
    """Return the page's title without the site's name: the part that the page shows as a line of its own, else what stands first."""
    title = stated[0]
    site = (meta(document, "og:site_name") or "").lower()
    parts = [part.strip() for part in _SEPARATORS.split(title) if part.strip() and part.strip().lower() != site]
    if len(parts) > 1:
        lines = {
            " ".join(e.text_content().split())
            for e in document.tree.iter("b", "strong", "font", "big", "p", "td", "span")
            if len(e) < 3
        }
        shown = [part for part in parts if part in lines]
        if shown:
            return max(shown, key=len)
        if len(parts[-1]) < len(parts[0]) / 2:
            return title[: title.rfind(parts[-1])].rstrip(" |–—•·»«:-")
    return parts[0] if len(parts) == 1 else title


def read_description(document: Document) -> str | None:
    """Return the summary that the page states."""
    return meta(document, "og:description", "description", "twitter:description") or text(
        article_object(document).get("description")
    )


def read_section(document: Document, excluded: Iterable[HtmlElement] = ()) -> str | None:
    """Return the section (category) of the article, the first where there are several."""
    return _stated_section(document) or section_among(_kind_links(document.tree, excluded, _CATEGORY), document)


def section_among(links: Iterable[str], document: Document) -> str | None:
    """Return the section that the page states, else the first of the words of *links* to sections, else that of its breadcrumbs."""
    shown = (words for words in links if not _NO_SECTION.match(words))
    return _stated_section(document) or next(shown, None) or _crumb(document)


def _stated_section(document: Document) -> str | None:
    stated = next((text(value) for value in listed(article_object(document).get("articleSection"))), None)
    return stated or meta(document, "article:section")


def _crumb(document: Document) -> str | None:
    """Return the last step of the breadcrumbs in JSON-LD that stands between the home page and the article."""
    for thing in document.json_ld:
        if "BreadcrumbList" in types_of(thing):
            steps = [
                by_id(document, step.get("item")) | step
                for step in listed(thing.get("itemListElement"))
                if isinstance(step, dict)
            ]
            names = [name for name in (text(step.get("name")) for step in steps) if name]
            return names[-2] if len(names) > 2 else None
    return None


def read_keywords(document: Document, section: str | None, excluded: Iterable[HtmlElement] = ()) -> tuple[str, ...]:
    """Return the article's keywords, each on its own, as the page shows or states them."""
    return keywords_among(_kind_links(document.tree, excluded, _TAG), document, section)


def keywords_among(links: Sequence[str], document: Document, section: str | None) -> tuple[str, ...]:
    """Return the words of *links* to keywords, else the keywords that the page states; not what is the *section*."""
    found = list(links)
    if not found:
        stated = [text(value) or "" for value in listed(article_object(document).get("keywords"))]
        stated = [value for value in stated if value] or list(metas(document, "article:tag"))
        found = [part for value in stated for part in re.split(r"\s*[,;]\s*", value)]
    if not found:
        found = re.split(r"\s*[,;]\s*", meta(document, "news_keywords", "keywords") or "")
    unique = dict.fromkeys(word.strip(" #\t\n") for word in found)
    return tuple(word for word in unique if word and len(word) <= LONGEST_KEYWORD and word != section)


@dataclass(frozen=True, slots=True)
class _Kind:
    """How links of one kind, tags or categories, are told: the box around them, their address, their relation."""

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
    """Return the words of the links that are tags (or categories) of this article, not of a cloud or a menu.

    Links that state their relation stand for all; where none does, those in a box of the kind.
    """
    outside = set(excluded)
    related: list[str] = []
    boxed: list[str] = []
    for link in tree.iter("a"):
        if (link.get("href") or "#").startswith(("#", "javascript:")):
            continue
        relations = (link.get("rel") or "").lower().split()
        if kind.relation in relations and not (kind.relation == "tag" and "category" in relations):
            found = related
        elif "category" not in relations and _is_boxed(link, kind):
            found = boxed
        else:
            continue
        words = " ".join(link.text_content().split())
        if words and not _is_furniture(link, outside):
            found.append(words)
    return related or boxed


def speaks_of_keywords(element: HtmlElement) -> bool:
    """Tell whether an element is named for keywords and holds a link, or is a link to one."""
    return _is_of(element, _TAG)


def speaks_of_section(element: HtmlElement) -> bool:
    """Tell whether an element is named for the section and holds a link, or is a link to it."""
    return _is_of(element, _CATEGORY)


def _is_of(element: HtmlElement, kind: _Kind) -> bool:
    relations = (element.get("rel") or "").lower().split()
    if kind.relation in relations and not (kind.relation == "tag" and "category" in relations):
        return True
    is_named = any(_names(kind, names) for names in (element.get("class"), element.get("id")) if names)
    return is_named and next(element.iter("a"), None) is not None


@lru_cache(maxsize=8192)  # a site's pages share their names
def _names(kind: _Kind, names: str) -> bool:
    return bool(kind.box.search(names))


def _is_furniture(link: HtmlElement, outside: Set[HtmlElement]) -> bool:
    ancestors = list(link.iterancestors())
    own_footer = any(a.tag == "article" for a in ancestors)
    if any(a in outside or a.tag in {"nav", "aside"} or (a.tag == "footer" and not own_footer) for a in ancestors):
        return True
    return any("cloud" in names or "menu" in names for names in _names_around(link, 4))


def _names_around(link: HtmlElement, reach: int) -> list[str]:
    near = list(link.iterancestors())[:reach]
    return [f"{a.get('class') or ''} {a.get('id') or ''}" for a in near if a.tag not in {"body", "article", "main"}]


def _is_boxed(link: HtmlElement, kind: _Kind) -> bool:
    if not any(_names(kind, names) for names in _names_around(link, kind.reach)):
        return False
    is_addressed = kind.path.search(link.get("href") or "") or _names(kind, link.get("class") or "")
    return kind is _TAG or bool(is_addressed) or _fills_box(link)


def _fills_box(link: HtmlElement) -> bool:
    """Tell whether a link is all that its box says."""
    box = link.getparent()
    return box is not None and box.text_content().split() == link.text_content().split()


def read_language(document: Document, body: str) -> str | None:
    """Return the language as the page declares it (BCP 47), else "nl" or "en" by the words of *body*, else None."""
    root = document.tree.getroottree().getroot()
    for declared in (
        root.get("lang"),
        root.get("xml:lang"),
        meta(document, "og:locale", "language", "content-language", "dc.language"),
    ):
        if declared and re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", declared.strip()):
            return declared.strip().replace("_", "-")
    words = _WORDS.findall(body.lower())[:400]
    dutch, english = sum(word in _DUTCH for word in words), sum(word in _ENGLISH for word in words)
    if max(dutch, english) < max(5, sum(word in _NEITHER for word in words)) or dutch == english:
        return None
    return "nl" if dutch > english else "en"


def read_canonical(document: Document) -> str | None:
    """Return the address that the page calls its own."""
    for link in document.links:
        relations = link.get("rel") or ""
        if "anonical" in relations and "canonical" in relations.lower().split() and (href := link.get("href")):
            return urljoin(document.url, href.strip())
    return None
