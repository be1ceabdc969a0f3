"""Is this page one article at all? A listing, a tag page, an archive or a page about the site is
refused with its reason.
"""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.document import Document, article_object, meta, types_of
from pipelines.page_kind.listing import are_teasers
from pipelines.page_kind.refusal import NotAnArticle
from pipelines.page_kind.signs import DECLARED, FOR, PAGE_TOKEN, SHOWN, KindFacts, Sign
from storage.urls import without_index


def check_declared(document: Document) -> None:
    """Raise NotAnArticle for a page that its system declares to be an archive, a search or an
    error: none of its posts needs to be read.
    """
    _weigh(DECLARED, _read_facts(document, None, has_thread=False))


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
    _weigh((*DECLARED, *SHOWN), facts)
    return (
        facts.is_post
        or facts.states_article
        or facts.has_published
        or (facts.og_type == "article" and not facts.has_token(PAGE_TOKEN))
    )


def _weigh(signs: tuple[Sign, ...], facts: KindFacts) -> None:
    """Raise NotAnArticle, for the heaviest of *signs* that hold, where together they outweigh what
    speaks for an article.
    """
    against = [sign for sign in signs if sign.holds(facts)]
    if not against:
        return
    spoken_for = sum(weight for holds, weight in FOR if holds(facts))
    if sum(sign.weight for sign in against) > spoken_for:
        heaviest = max(against, key=lambda sign: sign.weight)
        raise NotAnArticle(heaviest.reason, heaviest.sentence)


def _read_facts(document: Document, headline: str | None, *, has_thread: bool) -> KindFacts:
    body = document.tree.getroottree().getroot().find(".//body")
    types: set[str] = set().union(
        *(types_of(thing) for thing in (*document.json_ld, article_object(document)))
    )
    tokens = frozenset((body.get("class") or "").lower().split() if body is not None else ())
    is_root = without_index(urlsplit(document.url).path) in {"", "/"}
    return KindFacts(
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
