"""What a page states for machines: JSON-LD objects by type, meta elements, links in its head."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pipelines.document.document import Document
from pipelines.document.json_ld import JsonObject, opened
from storage.urls import resolve

ARTICLE_TYPES = frozenset(
    "Article NewsArticle BlogPosting TechArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle ReviewNewsArticle Review Report ScholarlyArticle SocialMediaPosting Recipe LiveBlogPosting BackgroundNewsArticle AskPublicNewsArticle AdvertiserContentArticle SatiricalArticle DiscussionForumPosting QAPage HowTo".split()
)
# What these are about may be something on the page, or on another one.
_OF_SOMETHING = frozenset({"Review", "Recipe", "QAPage", "Report", "HowTo"})
_WORD = re.compile(r"\w+")
LISTING_TYPES = frozenset(
    {"CollectionPage", "SearchResultsPage", "Blog", "ProfilePage", "ItemList"}
)


def types_of(thing: JsonObject) -> set[str]:
    """Return the schema.org types of a JSON-LD object, without their namespace."""
    value = thing.get("@type")
    values = value if isinstance(value, list) else [value]
    return {str(item).rpartition("/")[2] for item in values if item}


def article_object(document: Document) -> JsonObject:
    """Return the JSON-LD object of the article itself, held against the page's address and titles:
    an empty one where none is stated, or where those that are stated are about something else.
    """
    if "article" not in document.known:
        things = list(opened(document.json_ld))
        found = _own_article(document, [t for t in things if types_of(t) & ARTICLE_TYPES])
        document.known["article"] = found or _own_page(document, things)
    article: JsonObject = document.known["article"]
    return article


def _own_article(document: Document, things: list[JsonObject]) -> JsonObject:
    """Return the one of *things* that fits the page best, the first of equals."""
    if not things:
        return {}
    names = PageNames.of(document)
    claims = [_claim(thing, names) for thing in things]
    best = max(range(len(things)), key=lambda place: (claims[place], -place))
    return things[best] if claims[best] > 0 else {}


def _claim(thing: JsonObject, names: "PageNames") -> float:
    """Return how far *thing* is about the page: above 0 it is."""
    claim = 1.0 if types_of(thing) & (ARTICLE_TYPES - _OF_SOMETHING) else 0.0
    is_found, is_titled = names.has_address(_addresses_in(thing)), names.has_title(_title_of(thing))
    if is_found is not None:
        claim += 3 if is_found else -1
    if is_titled is not None:
        claim += 2 if is_titled else -1
    elif is_found is None and not claim:
        claim = -1
    return claim


def is_of_other_page(document: Document, thing: JsonObject) -> bool:
    """Return whether a JSON-LD object is another page's: what names it is not the page's, its
    address and its title both, or the one it has where another article is the page's own.
    """
    own = article_object(document)
    if thing is own:
        return False
    names = PageNames.of(document)
    stated = (names.has_address(_addresses_in(thing)), names.has_title(_title_of(thing)))
    told = [one for one in stated if one is not None]
    is_sure = len(told) > 1 or (bool(own) and bool(types_of(thing) & ARTICLE_TYPES))
    return is_sure and bool(told) and not any(told)


def _title_of(thing: JsonObject) -> str | None:
    return stated_text(thing.get("headline") or thing.get("name"))


def _own_page(document: Document, things: list[JsonObject]) -> JsonObject:
    """Return the ``WebPage`` that has the page's own address and a date, an empty object where none
    has.
    """
    names = PageNames.of(document)
    for thing in things:
        is_page = any(kind.endswith("Page") for kind in types_of(thing))
        if is_page and "datePublished" in thing and names.has_address(_addresses_in(thing)):
            return thing
    return {}


def _addresses_in(thing: JsonObject) -> list[str]:
    """Return the addresses under which *thing* is to be found."""
    of = [thing.get("url"), thing.get("@id"), *listed(thing.get("mainEntityOfPage"))]
    inner = [
        value for one in of if isinstance(one, dict) for value in (one.get("@id"), one.get("url"))
    ]
    return [value for value in (*of, *inner) if isinstance(value, str) and value]


def _plain_address(base: str, address: str) -> str:
    """Return what of *address* divides pages of one site; an empty text for its home page."""
    resolved = resolve(address, base)
    if resolved is None:
        return ""
    parts = urlsplit(resolved)
    query = f"?{parts.query}" if parts.query else ""
    return parts.path.rstrip("/").lower() + query


def _word_set(title: str) -> frozenset[str]:
    return frozenset(_WORD.findall(title.lower()[:300]))


@dataclass(frozen=True, slots=True)
class PageNames:
    """What a page is called: the address it was read from, what of its addresses divides pages of
    one site, the words of these, and those of its titles.
    """

    url: str
    addresses: frozenset[str]
    address_words: tuple[frozenset[str], ...]
    titles: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, document: Document) -> "PageNames":
        """Return what *document* is called, which is worked out once."""
        if "names" not in document.known:
            document.known["names"] = cls._read(document)
        names: PageNames = document.known["names"]
        return names

    @classmethod
    def _read(cls, document: Document) -> "PageNames":
        links = (e.get("href") for e in document.links if e.get("rel") == "canonical")
        own = (document.url, next(links, None), meta(document, "og:url"))
        addresses = frozenset(_plain_address(document.url, one) for one in own if one) - {""}
        shown = [heading.text_content() for heading in document.tree.iter("h1")]
        stated = [document.title, meta(document, "og:title", "twitter:title"), *shown[:5]]
        titles = (_word_set(title) for title in stated if title)
        words = tuple(map(_word_set, addresses))
        return cls(document.url, addresses, words, tuple(filter(None, titles)))

    def has_address(self, named: Iterable[str]) -> bool | None:
        """Return whether one of the addresses *named* is the page's, None where none is a page's."""
        plain = {_plain_address(self.url, one) for one in named} - {""}
        return bool(plain & self.addresses) if plain else None

    def has_in_address(self, part: str) -> bool:
        """Return whether all words of *part* are in one of the page's addresses."""
        words = _word_set(part)
        return bool(words) and any(words <= one for one in self.address_words)

    def has_title(self, title: str | None) -> bool | None:
        """Return whether *title* is much like one of the page's, None where one of them is not known."""
        if not title or not self.titles:
            return None
        words = _word_set(title)
        return any(2 * len(words & one) >= min(len(words), len(one)) for one in self.titles)


def by_id(document: Document, reference: Any) -> JsonObject:
    """Return a JSON-LD object that is here or is named by ``@id``."""
    if not isinstance(reference, dict):
        return {}
    identity = reference.get("@id")
    if identity and len(reference) <= 2:
        return next(
            (t for t in document.json_ld if t.get("@id") == identity and len(t) > len(reference)),
            reference,
        )
    return reference


def listed(value: Any) -> list[Any]:
    """Return a JSON-LD value, of which there may be none, one or several, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def meta(document: Document, *names: str) -> str | None:
    """Return the content of the first meta element that has one of *names* as name, property or
    itemprop, in the order of *names*.
    """
    return next((found[0] for name in names if (found := document.metas.get(name))), None)


def metas(document: Document, name: str) -> tuple[str, ...]:
    """Return the contents of all meta elements called *name*."""
    return document.metas.get(name, ())


def stated_text(value: Any) -> str | None:
    """Return a JSON-LD text, unescaped and with single spaces; None when it is none."""
    if not isinstance(value, str):
        return None
    plain = " ".join(html.unescape(value).split())
    return plain or None
