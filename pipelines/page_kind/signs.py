"""What speaks for and against a page's being one article: each sign with its weight."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.document import ARTICLE_TYPES, LISTING_TYPES
from pipelines.page_kind.headlines import may_say_missing, names_list, says_missing
from pipelines.page_kind.listing import (
    LISTING_PATH,
    PERSON_PATH,
    TITLE_IN_PATH,
    holds_one_text,
    is_mostly_teasers,
    is_topic_list,
    is_under_its_heading,
    lists_titles,
    teasers_of,
)
from pipelines.page_kind.records import is_made_of_records, is_signed
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
PAGE_TOKEN = re.compile(r"^(?:page-id-\d+|node-type-page|page-node-type-page)$")
_POST_KIND = re.compile(
    r"single-(?:post|format|article|artikel|blog|news|nieuws|bericht|recipe|recept|story|column)"
)
_STATIC_PATH = re.compile(
    r"/(?:over(?:-(?:ons|mij|deze-site|deze-website|dit-blog))?|about(?:-us)?|contact(?:formulier)?|colofon|disclaimer|privacy(?:-?(?:beleid|verklaring|policy|statement))?|cookies?(?:-?(?:beleid|verklaring|policy))?"
    r"|algemene-voorwaarden|voorwaarden|adverteren|sitemap|faq|veelgestelde-vragen|inschrijven|aanmelden|nieuwsbrief|archief|links|doneren|abonneren|vacatures|agenda|zoeken|search"
    r"|login|inloggen|wp-login\.php|registreren|winkelwagen|404)(?:\.html?|\.php)?/?$",
    re.IGNORECASE,
)
# One piece of an archive is named by its number.
_ARCHIVED = re.compile(
    r"/archief(?:\.\w{3,5})?\?(?:\w{1,20}=\w{1,20}&){0,3}(?:\w{0,10}id|artikel|bericht|item|nr)=\d",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class KindFacts:
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
class Sign:
    """A sign that a page is no article: when it holds, how much it weighs, what it says then."""

    holds: Callable[[KindFacts], bool]
    weight: float
    reason: str
    sentence: str


# What speaks for one article. A thread, or one long text, keeps a page that is called a page of the
# site; neither keeps what the system itself calls a list.
FOR: tuple[tuple[Callable[[KindFacts], bool], float], ...] = (
    (lambda facts: facts.has_token(_POST_TOKEN) or facts.has_token(_SINGLE), 8.0),
    (lambda facts: facts.states_article, 4.0),
    (lambda facts: facts.has_published, 2.5),
    (lambda facts: facts.og_type == "article", 2.0),
    (lambda facts: facts.has_thread, 6.0),
    (lambda facts: facts.holds_one_text, 2.0),
    (lambda facts: bool(TITLE_IN_PATH.search(facts.path)), 2.5),
)
DECLARED: tuple[Sign, ...] = (
    Sign(
        lambda facts: next(facts.tree.iter("frameset"), None) is not None,
        20.0,
        "listing",
        "The page is a frameset: what it shows stands in its frames.",
    ),
    Sign(
        lambda facts: is_topic_list(facts.tree, facts.url),
        20.0,
        "listing",
        "The page is a forum's list of topics.",
    ),
    Sign(
        lambda facts: "attachment" in facts.tokens,
        20.0,
        "attachment",
        "The page shows a picture or a file, no article.",
    ),
    Sign(
        lambda facts: _ERROR_TOKEN in facts.tokens,
        20.0,
        "error_page",
        "The page says that there is no such page.",
    ),
    Sign(
        lambda facts: bool(facts.tokens & _ARCHIVE_TOKENS) and facts.is_wordpress,
        12.0,
        "listing",
        "The page says of itself that it is a listing.",
    ),
    Sign(
        lambda facts: bool(facts.tokens & _SEARCH_TOKENS),
        9.0,
        "search",
        "The page says of itself that it is a search.",
    ),
)
SHOWN: tuple[Sign, ...] = (
    Sign(
        lambda facts: says_missing(facts.headline),
        3.9,
        "error_page",
        "The headline says that there is no such page.",
    ),
    Sign(
        lambda facts: may_say_missing(facts.headline),
        1.9,
        "error_page",
        "The headline is an excuse, and there is no text.",
    ),
    Sign(
        lambda facts: facts.has_token(PAGE_TOKEN) and not facts.has_token(_POST_TOKEN),
        2.0,
        "static_page",
        "The page says of itself that it is a page of the site, not a post.",
    ),
    Sign(
        lambda facts: bool(facts.tokens & _LISTED_TOKENS) and not facts.is_wordpress,
        2.0,
        "listing",
        "The page says of itself that it is a listing.",
    ),
    Sign(
        lambda facts: bool(LISTING_PATH.search(facts.path)),
        3.9,
        "listing",
        "The address is that of a listing or an archive.",
    ),
    Sign(
        lambda facts: names_list(facts.headline),
        2.5,
        "listing",
        "The headline is that of a listing.",
    ),
    Sign(
        lambda facts: facts.path in {"", "/"} and _looks_like_home(facts),
        4.0,
        "listing",
        "The address is that of the site's home page.",
    ),
    Sign(
        lambda facts: "Product" in facts.types or facts.og_type == "product",
        4.0,
        "product",
        "The page says of itself that it sells a product.",
    ),
    Sign(
        lambda facts: bool(facts.types & LISTING_TYPES),
        3.5,
        "listing",
        "The page states in JSON-LD that it is a collection.",
    ),
    Sign(
        lambda facts: (
            (bool(_STATIC_PATH.search(facts.path)) or why_unfollowed(facts.url) == "machinery")
            and not (_ARCHIVED.search(facts.url) and facts.holds_one_text)
        ),
        7.5,
        "static_page",
        "The address is that of a page about the site, or of a form.",
    ),
    Sign(
        lambda facts: (
            bool(PERSON_PATH.search(facts.path))
            and not (facts.states_article and facts.holds_one_text)
        ),
        7.5,
        "listing",
        "The address is that of a person's page.",
    ),
    Sign(
        lambda facts: (
            not facts.has_thread
            and is_mostly_teasers(facts.tree, facts.url)
            and not is_under_its_heading(facts.tree, facts.url, facts.headline)
            and not (facts.is_article and is_signed(facts.tree, facts.url))
        ),
        3.0,
        "listing",
        "The page is a list of teasers that lead elsewhere.",
    ),
    Sign(
        lambda facts: (
            not (facts.is_article or facts.is_post or facts.has_thread)
            and is_made_of_records(facts.tree, facts.url)
        ),
        3.0,
        "listing",
        "The page is made of records that lead elsewhere.",
    ),
    Sign(
        lambda facts: not facts.has_thread and lists_titles(facts.tree, facts.url, facts.titles),
        3.0,
        "listing",
        "The page is a list of titles that lead elsewhere, each with its author or its day.",
    ),
)


def _looks_like_home(facts: KindFacts) -> bool:
    return (
        facts.og_type == "website"
        or "WebSite" in facts.types
        or len(teasers_of(facts.tree, facts.url)) > 1
    )
