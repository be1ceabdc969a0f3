"""Is this page one article at all? A listing, a tag page, an archive or a page about the site is
refused with its reason.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.document import (
    ARTICLE_TYPES,
    LISTING_TYPES,
    Document,
    article_object,
    meta,
    types_of,
)
from pipelines.page_kind.listing import (
    LISTING_PATH,
    LISTING_TITLE,
    PERSON_PATH,
    TITLE_IN_PATH,
    are_teasers,
    holds_one_text,
    is_mostly_teasers,
    is_topic_list,
    lists_titles,
    teasers_of,
)
from pipelines.page_kind.refusal import NotAnArticle
from storage.urls import why_unfollowed, without_index

# Tokens of the body's class (WordPress and its kin).
_ARCHIVE_TOKENS = set("home blog archive category tag author date tax post-type-archive".split())
_LISTED_TOKENS = _ARCHIVE_TOKENS | {"page-list", "section", "taxonomy", "list", "term"}
_SEARCH_TOKENS = {"search", "search-results", "search-no-results"}
_ERROR_TOKEN = "error404"  # noqa: S105  # a class name, no secret
_POST_TOKEN = re.compile(r"^postid-\d+$")
_SINGLE = re.compile(
    r"^(?:single(?:-\w+)?|node-type-(?:article|blog|story|nieuws)|page-node-type-(?:article|blog|nieuws|recipe|recept)|post-template-default|single-post)$"
)
_PAGE_TOKEN = re.compile(r"^(?:page-id-\d+|node-type-page|page-node-type-page)$")
_POST_KIND = re.compile(
    r"single-(?:post|format|article|artikel|blog|news|nieuws|bericht|recipe|recept|story|column)"
)
_STATIC_PATH = re.compile(
    r"/(?:over(?:-(?:ons|mij|deze-site|deze-website|dit-blog))?|about(?:-us)?|contact(?:formulier)?|colofon|disclaimer|privacy(?:-?(?:beleid|verklaring|policy|statement))?|cookies?(?:-?(?:beleid|verklaring|policy))?"
    r"|algemene-voorwaarden|voorwaarden|adverteren|sitemap|faq|veelgestelde-vragen|inschrijven|aanmelden|nieuwsbrief|archief|links|doneren|abonneren|vacatures|agenda|zoeken|search"
    r"|login|inloggen|wp-login\.php|registreren|winkelwagen|404)(?:\.html?|\.php)?/?$",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"^\W*(?:404|pagina (?:kon )?niet (?:worden )?gevonden|(?:page )?not found|oeps|helaas).{0,60}$|niet gevonden|bestaat niet",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a page tells of its kind: by its body's classes, by machine-readable types, by its
    address, by its headline.
    """

    tokens: frozenset[str]
    types: frozenset[str]
    og_type: str
    has_published: bool
    url: str
    headline: str
    tree: HtmlElement
    links: tuple[HtmlElement, ...]
    has_thread: bool
    titles: Sequence[HtmlElement] = ()

    @property
    def path(self) -> str:
        """The path of its address, without a folder's index.html."""
        return without_index(urlsplit(self.url).path)

    @property
    def is_root(self) -> bool:
        """Its address is the site's own, without a query, which may name a post."""
        return self.path in {"", "/"} and not urlsplit(self.url).query

    @property
    def is_post(self) -> bool:
        """Its system calls it a post: not a place, a picture or another kind of its own."""
        kinds = {token for token in self.tokens if token.startswith("single-")}
        is_other = bool(kinds) and not any(map(_POST_KIND.match, kinds))
        return not is_other and (self.has_token(_POST_TOKEN) or self.has_token(_SINGLE))

    @property
    def states_article(self) -> bool:
        """JSON-LD calls it an article."""
        return bool(self.types & ARTICLE_TYPES)

    @property
    def is_article(self) -> bool:
        """Some machine-readable statement calls it an article."""
        return self.states_article or self.og_type == "article" or self.has_published

    @property
    def holds_one_text(self) -> bool:
        """Most of its running text stands in one place, under no teaser."""
        return holds_one_text(self.tree, self.url)

    @property
    def is_wordpress(self) -> bool:
        """It is made by WordPress, whose body classes mean what they say."""
        named = (*self.links, *self.tree.iter("script"))
        return any("/wp-content/" in (e.get("href") or e.get("src") or "") for e in named)

    def has_token(self, pattern: "re.Pattern[str]") -> bool:
        """A class of the body matches *pattern*."""
        return any(pattern.match(token) for token in self.tokens)


@dataclass(frozen=True, slots=True)
class _Sign:
    """A sign that a page is no article: when it holds, how much it weighs, what it says then."""

    holds: Callable[[_Facts], bool]
    weight: float
    reason: str
    sentence: str


# What speaks for one article. A thread, or one long text, keeps a page that is called a page of the
# site; neither keeps what the system itself calls a list.
_FOR: tuple[tuple[Callable[[_Facts], bool], float], ...] = (
    (lambda facts: facts.has_token(_POST_TOKEN) or facts.has_token(_SINGLE), 8.0),
    (lambda facts: facts.states_article, 4.0),
    (lambda facts: facts.has_published, 2.5),
    (lambda facts: facts.og_type == "article", 2.0),
    (lambda facts: facts.has_thread, 6.0),
    (lambda facts: facts.holds_one_text, 2.0),
    (lambda facts: bool(TITLE_IN_PATH.search(facts.path)), 2.5),
)
_DECLARED: tuple[_Sign, ...] = (
    _Sign(
        lambda facts: next(facts.tree.iter("frameset"), None) is not None,
        20.0,
        "listing",
        "The page is a frameset: what it shows stands in its frames.",
    ),
    _Sign(
        lambda facts: is_topic_list(facts.tree, facts.url),
        20.0,
        "listing",
        "The page is a forum's list of topics.",
    ),
    _Sign(
        lambda facts: "attachment" in facts.tokens,
        20.0,
        "attachment",
        "The page shows a picture or a file, no article.",
    ),
    _Sign(
        lambda facts: bool(_NOT_FOUND.match(facts.headline)) or _ERROR_TOKEN in facts.tokens,
        20.0,
        "error_page",
        "The page says that there is no such page.",
    ),
    _Sign(
        lambda facts: bool(facts.tokens & _ARCHIVE_TOKENS) and facts.is_wordpress,
        12.0,
        "listing",
        "The page says of itself that it is a listing.",
    ),
    _Sign(
        lambda facts: bool(facts.tokens & _SEARCH_TOKENS),
        9.0,
        "search",
        "The page says of itself that it is a search.",
    ),
)
_SHOWN: tuple[_Sign, ...] = (
    _Sign(
        lambda facts: facts.has_token(_PAGE_TOKEN) and not facts.has_token(_POST_TOKEN),
        2.0,
        "static_page",
        "The page says of itself that it is a page of the site, not a post.",
    ),
    _Sign(
        lambda facts: bool(facts.tokens & _LISTED_TOKENS) and not facts.is_wordpress,
        2.0,
        "listing",
        "The page says of itself that it is a listing.",
    ),
    _Sign(
        lambda facts: bool(LISTING_PATH.search(facts.path)),
        3.9,
        "listing",
        "The address is that of a listing or an archive.",
    ),
    _Sign(
        lambda facts: bool(LISTING_TITLE.match(facts.headline)),
        2.5,
        "listing",
        "The headline is that of a listing.",
    ),
    _Sign(
        lambda facts: facts.path in {"", "/"} and _looks_like_home(facts),
        4.0,
        "listing",
        "The address is that of the site's home page.",
    ),
    _Sign(
        lambda facts: facts.is_root and not facts.is_article,
        1.0,
        "listing",
        "The address is that of the site's home page, and nothing makes it an article's.",
    ),
    _Sign(
        lambda facts: "Product" in facts.types or facts.og_type == "product",
        4.0,
        "product",
        "The page says of itself that it sells a product.",
    ),
    _Sign(
        lambda facts: bool(facts.types & LISTING_TYPES),
        3.5,
        "listing",
        "The page states in JSON-LD that it is a collection.",
    ),
    _Sign(
        lambda facts: (
            bool(_STATIC_PATH.search(facts.path)) or why_unfollowed(facts.url) == "machinery"
        ),
        7.5,
        "static_page",
        "The address is that of a page about the site, or of a form.",
    ),
    _Sign(
        lambda facts: bool(PERSON_PATH.search(facts.path)),
        7.5,
        "listing",
        "The address is that of a person's page.",
    ),
    _Sign(
        lambda facts: not facts.has_thread and is_mostly_teasers(facts.tree, facts.url),
        3.0,
        "listing",
        "The page is a list of teasers that lead elsewhere.",
    ),
    _Sign(
        lambda facts: not facts.has_thread and lists_titles(facts.tree, facts.url, facts.titles),
        3.0,
        "listing",
        "The page is a list of titles that lead elsewhere, each with its author or its day.",
    ),
)


def check_declared(document: Document) -> None:
    """Raise NotAnArticle for a page that its system declares to be an archive, a search or an
    error: none of its posts needs to be read.
    """
    _weigh(_DECLARED, _read_facts(document, None, has_thread=False))


def check_kind(
    document: Document,
    headline: str | None,
    thread: Sequence[HtmlElement],
    titles: Sequence[HtmlElement] = (),
) -> bool:
    """Return whether the page says of itself that it is one article; raise NotAnArticle where the
    signs that it is none outweigh those that it is: "listing", "search", "error_page",
    "attachment", "product" or "static_page". *thread* are the elements that hold comments, *titles* the
    rows of a list of other pages' titles.
    """
    has_thread = bool(thread) and not are_teasers(document.tree, document.url, thread)
    facts = replace(_read_facts(document, headline, has_thread=has_thread), titles=titles)
    _weigh((*_DECLARED, *_SHOWN), facts)
    return (
        facts.is_post
        or facts.states_article
        or facts.has_published
        or (facts.og_type == "article" and not facts.has_token(_PAGE_TOKEN))
    )


def _weigh(signs: tuple[_Sign, ...], facts: _Facts) -> None:
    """Raise NotAnArticle, for the heaviest of *signs* that hold, where together they outweigh what
    speaks for an article.
    """
    against = [sign for sign in signs if sign.holds(facts)]
    if not against:
        return
    spoken_for = sum(weight for holds, weight in _FOR if holds(facts))
    if sum(sign.weight for sign in against) > spoken_for:
        heaviest = max(against, key=lambda sign: sign.weight)
        raise NotAnArticle(heaviest.reason, heaviest.sentence)


def _read_facts(document: Document, headline: str | None, *, has_thread: bool) -> _Facts:
    body = document.tree.getroottree().getroot().find(".//body")
    types: set[str] = set().union(
        *(types_of(thing) for thing in (*document.json_ld, article_object(document)))
    )
    tokens = frozenset((body.get("class") or "").lower().split() if body is not None else ())
    is_root = without_index(urlsplit(document.url).path) in {"", "/"}
    return _Facts(
        tokens=tokens if is_root else tokens - {"home"},  # some sites call all their pages so
        types=frozenset(types),
        og_type=(meta(document, "og:type") or "").lower(),
        has_published=meta(document, "article:published_time", "datepublished") is not None,
        url=document.url,
        headline=headline or "",
        tree=document.tree,
        links=document.links,
        has_thread=has_thread,
    )


def _looks_like_home(facts: _Facts) -> bool:
    return (
        facts.og_type == "website"
        or "WebSite" in facts.types
        or len(teasers_of(facts.tree, facts.url)) > 1
    )
