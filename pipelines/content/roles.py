"""What the names of an element (class, id, itemprop) state about the part of a page that it is:
evidence, never a verdict.
"""

import re
from functools import lru_cache

from lxml.html import HtmlElement

_ROLES = {
    "ad": r"adv|\bads?\b|ad-|-ad|sponsor|banner|dfp|gpt|commercial|affiliate",
    "authored": r"wp-block-(?!post|query|template|navig|site|comment|latest|social|search|login|archiv|categ|tag|group|column|cover|separator|button)|paragraph--type|block-(?:paragraph|rich|heading)|sqs-html|text-editor|kg-\w+-card|rich-?text|wysiwyg",
    "box": r"box|card|block|inset|pull|quote|fact|module|component|embed|list|item|table",
    "caption": r"caption|figure|gallery|image|photo|foto|slide|carousel|video|media|player|img|bijschrift|bild",
    "comment": r"comment|reac|respon|disqus|kommentar",
    "content": r"article|artikel|content|entry|post|body|story|text|tekst|main|bericht|blog|prose|inhoud|copy|rte|wysiwyg|markdown",
    "foot": r"foot|colofon|copyright|legal|disclaimer",
    "letter": r"newsletter|nieuwsbrief|subscri|signup|abonn|mail|donat|paywall|member|login|register|cookie|consent|modal|popup|overlay|alert",
    "meta": r"meta|byline|date|time|author|auteur|bio|info|credit|source",
    "nav": r"nav|menu|breadcrumb|toolbar|pagin|skip|tabs?\b|toc",
    "print": r"print|hidden|sr-only|screen-reader|hide",
    "related": r"relat|recommend|more|also|popular|trending|latest|recent|teaser|promo|outbrain|taboola|suggest|next|prev|gerelateerd|lees|verwandt",
    "share": r"share|social|follow|like|tweet|deel|teilen",
    "side": r"side|rail|widget|zijbalk|\bright|column|col-?\d",
    "tags": r"tag|categor|topic|label|keyword",
}  # fmt: skip
_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in _ROLES.items())
NAMES = tuple(_ROLES)


def roles_of(element: HtmlElement) -> frozenset[str]:
    """Return the parts of a page of which the names of *element* speak."""
    if element.tag in {"body", "html"} or not element.keys():
        return frozenset()
    return _roles_in(element.get("class"), element.get("id"), element.get("itemprop"))


@lru_cache(maxsize=1024)  # a site's pages share their names
def _roles_in(*names: str | None) -> frozenset[str]:
    stated = " ".join(name for name in names if name)[:400].lower()
    return frozenset(role for role, pattern in _PATTERNS if pattern.search(stated))
