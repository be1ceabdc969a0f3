"""Is this page one article at all? A listing, a tag page, an archive or a page about the site is refused with its reason."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipelines.document import Document
from pipelines.refusal import NotAnArticle
from pipelines.structured import ARTICLE_TYPES, LISTING_TYPES, meta, types_of

FEWEST_TEASERS = 3
LEAST_ARTICLE = 300
MOST_LINKS = 8

# Tokens of the body's class (WordPress and its kin).
_ARCHIVE_TOKENS = frozenset("home blog archive category tag author date tax post-type-archive".split())
_LIST_TOKENS = frozenset("page-list section taxonomy list term".split())
_SEARCH_TOKENS = frozenset("search search-results search-no-results".split())
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
    """What a page tells of its kind: by its body's classes, by machine-readable types, by its address, by its headline."""

    tokens: frozenset[str]
    types: frozenset[str]
    og_type: str
    has_published: bool
    path: str
    headline: str
    tree: HtmlElement
    has_thread: bool

    @property
    def states_article(self) -> bool:
        """JSON-LD calls it an article."""
        return bool(self.types & ARTICLE_TYPES)

    @property
    def is_article(self) -> bool:
        """Some machine-readable statement calls it an article."""
        return self.states_article or self.og_type == "article" or self.has_published

    def has_token(self, pattern: "re.Pattern[str]") -> bool:
        """A class of the body matches *pattern*."""
        return any(pattern.match(token) for token in self.tokens)


Rule = tuple[Callable[[_Facts], bool], str, str]

# What comes before the page's own claim to be a post, and what comes after it; the first rule that holds refuses the page.
_BEFORE_CLAIM: tuple[Rule, ...] = (
    (lambda facts: "attachment" in facts.tokens, "attachment", "The page shows a picture or a file, no article."),
    (
        lambda facts: bool(_NOT_FOUND.match(facts.headline)) or "error404" in facts.tokens,
        "error_page",
        "The page says that there is no such page.",
    ),
    (
        lambda facts: facts.has_token(_PAGE_TOKEN) and not facts.has_token(_POST_TOKEN) and not facts.states_article,
        "static_page",
        "The page says of itself that it is a page of the site, not a post.",
    ),
)
_AFTER_CLAIM: tuple[Rule, ...] = (
    (
        lambda facts: bool(facts.tokens & _ARCHIVE_TOKENS) or (bool(facts.tokens & _LIST_TOKENS) and not facts.is_article),
        "listing",
        "The page says of itself that it is a listing.",
    ),
    (lambda facts: bool(facts.tokens & _SEARCH_TOKENS), "search", "The page says of itself that it is a search."),
    (
        lambda facts: bool(_LISTING_PATH.search(facts.path)) and not facts.states_article,
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
        lambda facts: ("Product" in facts.types or facts.og_type == "product") and not facts.is_article,
        "product",
        "The page says of itself that it sells a product.",
    ),
    (
        lambda facts: bool(facts.types & LISTING_TYPES) and not facts.states_article,
        "listing",
        "The page states in JSON-LD that it is a collection.",
    ),
    (lambda facts: bool(_STATIC_PATH.search(facts.path)), "static_page", "The address is that of a page about the site."),
    (
        lambda facts: not (facts.is_article or facts.has_thread) and _is_mostly_teasers(facts.tree),
        "listing",
        "The page is a list of teasers that lead elsewhere.",
    ),
)


def check_kind(document: Document, headline: str | None, *, has_thread: bool) -> bool:
    """Return whether the page says of itself that it is one article; raise NotAnArticle when it is none.

    *has_thread* says that readers' comments stand on it: then it is no list of teasers. The reasons are "listing", "search", "error_page", "attachment", "product" and "static_page". What the page says of itself comes first, then its
    address, then what it shows.
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
    body = document.tree.find(".//body")
    types: set[str] = set().union(*(types_of(thing) for thing in document.json_ld))
    return _Facts(
        tokens=frozenset((body.get("class") or "").lower().split()) if body is not None else frozenset(),
        types=frozenset(types),
        og_type=(meta(document, "og:type") or "").lower(),
        has_published=meta(document, "article:published_time", "datepublished") is not None,
        path=urlsplit(document.url).path,
        headline=headline or "",
        tree=document.tree,
        has_thread=has_thread,
    )


def _looks_like_home(facts: _Facts) -> bool:
    return facts.og_type == "website" or "WebSite" in facts.types or len(_teasers(facts.tree)) > 1


def _teasers(tree: HtmlElement) -> list[HtmlElement]:
    """Return the headings of the page's main part that lead to another page."""
    main = next(tree.iter("main"), tree)
    headings = [heading for heading in main.iter("h1", "h2", "h3") if _leads_elsewhere(heading)]
    return [heading for heading in headings if not _in_furniture(heading)]


def _is_mostly_teasers(tree: HtmlElement) -> bool:
    """Tell whether the page leads elsewhere: by teasers with no article before them, or by links that are most of its text."""
    main = next(tree.iter("main"), tree)
    teasers = _teasers(tree)
    if len(teasers) >= FEWEST_TEASERS:
        paragraphs = sum(len(p.text_content()) > 200 and p.find(".//a") is None for p in tree.iter("p"))
        return paragraphs < 2 * len(teasers) and _text_before(main, teasers[0]) < LEAST_ARTICLE
    links = [" ".join(link.text_content().split()) for link in main.iter("a") if not _in_furniture(link)]
    linked = sum(len(text) for text in links if len(text) >= 15)
    return len(links) >= MOST_LINKS and linked > len(" ".join(main.text_content().split())) - sum(map(len, links))


def _text_before(main: HtmlElement, teaser: HtmlElement) -> int:
    """Return how many characters of running text stand before the first teaser."""
    size = 0
    walk = etree.iterwalk(main, events=("start", "end"))
    for event, element in walk:
        if element is teaser:
            break
        if event == "end":
            size += len((element.tail or "").strip())
        elif element.tag in {"a", "nav", "header", "footer", "aside", "script", "style", "head", "form"}:
            walk.skip_subtree()
        else:
            size += len((element.text or "").strip()) if isinstance(element.tag, str) else 0
    return size


def _in_furniture(element: HtmlElement) -> bool:
    return any(ancestor.tag in {"nav", "aside", "footer", "header"} for ancestor in element.iterancestors())


def _leads_elsewhere(heading: HtmlElement) -> bool:
    link = next(heading.iter("a"), heading.getparent())
    href = (link.get("href") or "") if link is not None and link.tag == "a" else ""
    return len(href.rstrip("/")) > 1 and not href.startswith("#")
