"""Is this page one article at all? A listing, a tag page, an archive or a page about the site is
refused with its reason.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.document import ARTICLE_TYPES, LISTING_TYPES, Document, meta, types_of
from pipelines.page_kind.listing import holds_one_text, is_mostly_teasers, is_topic_list, teasers_of
from storage.urls import without_index


class NotAnArticle(Exception):
    """Raised when a page holds no article.

    *reason* is one word ("listing", "no_text", "consent", "login", "bot_check", "not_html",
    "error_page", "unreadable" ...); the exception's text is a sentence.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type["NotAnArticle"], tuple[str, str]]:
        """Survive the way back from a worker process."""
        return type(self), (self.reason, self.detail)


# Tokens of the body's class (WordPress and its kin).
_ARCHIVE_TOKENS = frozenset(
    "home blog archive category tag author date tax post-type-archive".split()
)
_LIST_TOKENS = frozenset("page-list section taxonomy list term".split())
_SEARCH_TOKENS = frozenset("search search-results search-no-results".split())
_ERROR_TOKEN = "error404"  # noqa: S105  # a class name, no secret
_POST_TOKEN = re.compile(r"^postid-\d+$")
_SINGLE = re.compile(
    r"^(?:single(?:-\w+)?|node-type-(?:article|blog|story|nieuws)|page-node-type-(?:article|blog|nieuws|recipe|recept)|post-template-default|single-post)$"
)
_PAGE_TOKEN = re.compile(r"^(?:page-id-\d+|node-type-page|page-node-type-page)$")
_LISTING_PATH = re.compile(
    r"/(?:tags?|label|categor(?:y|ie|ies)|rubriek(?:en)?|onderwerp(?:en)?|auteurs?|author|thema|dossiers?|archie(?:f|ven)|archives?|trefwoord(?:en)?)(?:/[^/]*){0,2}/?$"
    r"|/(?:page|pagina)/\d+/?$|^(?:/[a-z-]+){0,2}/(?:19|20)\d\d(?:/\d\d?){0,2}/?$",
    re.IGNORECASE,
)
# Under an address of lists that has articles too, what an article's own title or number looks like.
_TITLE_IN_PATH = re.compile(
    r"/(?:archie(?:f|ven)|archives?|thema|dossiers?|onderwerp(?:en)?|rubriek(?:en)?)/(?:[^/]*/)?"
    r"(?:(?:[^/-]+-){3}[^/]*/?|[^/]*[a-z][^/]*\.(?:html?|php|aspx?)|\d{4,}(?:-[^/]*)?/?)$",
    re.IGNORECASE,
)
_STATIC_PATH = re.compile(
    r"/(?:over(?:-(?:ons|mij|deze-site|deze-website|dit-blog))?|about(?:-us)?|contact(?:formulier)?|colofon|disclaimer|privacy(?:-?(?:beleid|verklaring|policy|statement))?|cookies?(?:-?(?:beleid|verklaring|policy))?"
    r"|algemene-voorwaarden|voorwaarden|adverteren|sitemap|faq|veelgestelde-vragen|inschrijven|aanmelden|nieuwsbrief|archief|links|gastenboek|doneren|abonneren|vacatures|agenda|zoeken|search"
    r"|login|inloggen|wp-login\.php|registreren|winkelwagen|404)(?:\.html?|\.php)?/?$",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"^\W*(?:404|pagina (?:kon )?niet (?:worden )?gevonden|(?:page )?not found|oeps|helaas).{0,60}$|niet gevonden|bestaat niet",
    re.IGNORECASE,
)
_LISTING_TITLE = re.compile(
    r"^(?:categorie(?: archieven)?|category(?: archives)?|tag(?: archieven| archives)?|(?:maand|dag|jaar)?archie(?:f|ven)|archives?|auteur|author|zoekresultaten|search results|label|onderwerp|berichten (?:van|door|met|in))\b\s*[:‘'\"(]?",
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

    @property
    def path(self) -> str:
        """The path of its address, without a folder's index.html."""
        return without_index(urlsplit(self.url).path)

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


Rule = tuple[Callable[[_Facts], bool], str, str]

# What comes before the page's own claim to be a post, and what comes after it; the first rule that
# holds refuses the page.
_BEFORE_CLAIM: tuple[Rule, ...] = (
    (
        lambda facts: next(facts.tree.iter("frameset"), None) is not None,
        "listing",
        "The page is a frameset: what it shows stands in its frames.",
    ),
    (
        lambda facts: is_topic_list(facts.tree, facts.url),
        "listing",
        "The page is a forum's list of topics.",
    ),
    (
        lambda facts: "attachment" in facts.tokens,
        "attachment",
        "The page shows a picture or a file, no article.",
    ),
    (
        lambda facts: bool(_NOT_FOUND.match(facts.headline)) or _ERROR_TOKEN in facts.tokens,
        "error_page",
        "The page says that there is no such page.",
    ),
    (
        lambda facts: (
            facts.has_token(_PAGE_TOKEN)
            and not facts.has_token(_POST_TOKEN)
            and not facts.states_article
        ),
        "static_page",
        "The page says of itself that it is a page of the site, not a post.",
    ),
)
_AFTER_CLAIM: tuple[Rule, ...] = (
    (
        lambda facts: (
            bool(facts.tokens & _ARCHIVE_TOKENS)
            and (facts.is_wordpress or not facts.holds_one_text)
        ),
        "listing",
        "The page says of itself that it is a listing.",
    ),
    (
        lambda facts: (
            bool(facts.tokens & _LIST_TOKENS) and not (facts.is_article or facts.holds_one_text)
        ),
        "listing",
        "The page says of itself that it is a listing.",
    ),
    (
        lambda facts: bool(facts.tokens & _SEARCH_TOKENS),
        "search",
        "The page says of itself that it is a search.",
    ),
    (
        lambda facts: (
            bool(_LISTING_PATH.search(facts.path))
            and not (
                facts.states_article or (_TITLE_IN_PATH.search(facts.path) and facts.holds_one_text)
            )
        ),
        "listing",
        "The address is that of a listing or an archive.",
    ),
    (
        lambda facts: bool(_LISTING_TITLE.match(facts.headline)) and not facts.is_article,
        "listing",
        "The headline is that of a listing.",
    ),
    (
        lambda facts: facts.path in {"", "/"} and not facts.is_article and _looks_like_home(facts),
        "listing",
        "The address is that of the site's home page.",
    ),
    (
        lambda facts: (
            ("Product" in facts.types or facts.og_type == "product") and not facts.is_article
        ),
        "product",
        "The page says of itself that it sells a product.",
    ),
    (
        lambda facts: bool(facts.types & LISTING_TYPES) and not facts.states_article,
        "listing",
        "The page states in JSON-LD that it is a collection.",
    ),
    (
        lambda facts: bool(_STATIC_PATH.search(facts.path)),
        "static_page",
        "The address is that of a page about the site.",
    ),
    (
        lambda facts: (
            not (facts.is_article or facts.has_thread) and is_mostly_teasers(facts.tree, facts.url)
        ),
        "listing",
        "The page is a list of teasers that lead elsewhere.",
    ),
)


def check_declared(document: Document) -> None:
    """Raise NotAnArticle for a page that WordPress declares to be an archive, a search or an error:
    none of its posts needs to be read.
    """
    facts = _read_facts(document, None, has_thread=False)
    declared = facts.tokens & (_ARCHIVE_TOKENS | _SEARCH_TOKENS | {_ERROR_TOKEN})
    if (
        declared
        and facts.is_wordpress
        and not (facts.has_token(_POST_TOKEN) or facts.has_token(_SINGLE))
    ):
        _refuse((*_BEFORE_CLAIM, *_AFTER_CLAIM), facts)


def check_kind(document: Document, headline: str | None, *, has_thread: bool) -> bool:
    """Return whether the page says of itself that it is one article; raise NotAnArticle when it is
    none.

    *has_thread* says that readers' comments stand on it: then it is no list of teasers. The reasons
    are "listing", "search", "error_page", "attachment", "product" and "static_page". What the page
    says of itself comes first, then its address, then what it shows.
    """
    facts = _read_facts(document, headline, has_thread=has_thread)
    _refuse(_BEFORE_CLAIM, facts)
    if facts.has_token(_POST_TOKEN) or facts.has_token(_SINGLE):
        return True
    _refuse(_AFTER_CLAIM, facts)
    return facts.is_article


def _refuse(rules: tuple[Rule, ...], facts: _Facts) -> None:
    for holds, reason, sentence in rules:
        if holds(facts):
            raise NotAnArticle(reason, sentence)


def _read_facts(document: Document, headline: str | None, *, has_thread: bool) -> _Facts:
    body = document.tree.getroottree().getroot().find(".//body")
    types: set[str] = set().union(*(types_of(thing) for thing in document.json_ld))
    return _Facts(
        tokens=frozenset((body.get("class") or "").lower().split())
        if body is not None
        else frozenset(),
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
