"""What a page states for machines: JSON-LD objects by type, meta elements, links in its head."""

import html
from typing import Any

from pipelines.document.document import Document, JsonObject

ARTICLE_TYPES = frozenset(
    "Article NewsArticle BlogPosting TechArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle ReviewNewsArticle Review Report ScholarlyArticle SocialMediaPosting Recipe LiveBlogPosting BackgroundNewsArticle DiscussionForumPosting QAPage".split()
)
LISTING_TYPES = frozenset(
    {"CollectionPage", "SearchResultsPage", "Blog", "ProfilePage", "ItemList"}
)


def types_of(thing: JsonObject) -> set[str]:
    """Return the schema.org types of a JSON-LD object, without their namespace."""
    value = thing.get("@type")
    values = value if isinstance(value, list) else [value]
    return {str(item).rpartition("/")[2] for item in values if item}


def article_object(document: Document) -> JsonObject:
    """Return the JSON-LD object of the article itself; an empty one where none is stated."""
    return next((thing for thing in document.json_ld if types_of(thing) & ARTICLE_TYPES), {})


def by_id(document: Document, reference: Any) -> JsonObject:
    """Return a JSON-LD object that stands here or is named by ``@id``."""
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
