"""What a worker process does with one answer: bytes in, a PageReading out. Pure, and the same in
every process.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from crawler.discovery import (
    BadFeed,
    BadListing,
    BadSitemap,
    candidates_from_changes,
    candidates_from_comments,
    candidates_from_feed,
    candidates_from_page,
    candidates_from_posts,
    candidates_from_sitemap,
    is_in_part,
    unpack,
)
from crawler.extraction.page_reading import LearnedPages, PageReading
from pipelines.article import NotAnArticle, check_type, read_article, read_by
from pipelines.comments import BadSource, read_answer
from pipelines.document import (
    Document,
    Unreadable,
    open_document,
    refresh_target,
    requisites_of,
)
from pipelines.inspection import unread_fields
from pipelines.learning import (
    Observation,
    StatedEvidence,
    is_checked,
    learn,
    observe,
    read_evidence,
    read_posts,
)
from pipelines.profiles import Profile, frame_by, profile_for
from pipelines.tdm import from_document, robots_tokens
from storage.records import Article, Page, ThreadSource

_LISTS = {
    "sitemap": candidates_from_sitemap,
    "feed": candidates_from_feed,
    "changes": candidates_from_changes,
    "comments": candidates_from_comments,
    "posts": candidates_from_posts,
}

_TEACHERS: Mapping[str, Callable[[bytes], dict[str, StatedEvidence]]] = {
    "feed": read_evidence,
    "posts": read_posts,
}


def read(page: Page, kind: str, depth: int, profiles: Sequence[Profile] = ()) -> PageReading:
    """Return what *page* holds, read as a "page", a "thread" of comments, or a list: the kinds are
    those of Candidate.

    An article is read by the site's *profiles* where they fit.
    """
    if kind == "thread":
        return _read_thread(page)
    reading = _read_list(kind, page, depth) if kind in _LISTS else _read_page(page, depth, profiles)
    if not profile_for(profiles, urlsplit(page.url).path, page.fetched_at):
        return reading
    # Texts to learn from are not asked for where the template is known.
    return replace(
        reading, candidates=tuple(one for one in reading.candidates if one.kind != "posts")
    )


def read_requisites(page: Page) -> tuple[str, ...]:
    """Return the addresses of the style sheets and pictures that *page*, in HTML or CSS, loads."""
    return requisites_of(page)


def _read_thread(page: Page) -> PageReading:
    try:
        source = page.source or ThreadSource("site", page.url, is_scripted=False)
        answer = read_answer(source, page.body, page.fetched_at)
        return PageReading(outcome="comments", answer=answer)
    except BadSource as error:
        return PageReading(outcome="bad_comments", detail=str(error))


def _read_list(kind: str, page: Page, depth: int) -> PageReading:
    try:
        body = unpack(page.body)
        candidates = _LISTS[kind](body, page.url, depth)
    except (BadSitemap, BadFeed, BadListing) as error:
        return PageReading(outcome=f"bad_{kind}", detail=str(error))
    if not candidates and kind != "comments":
        return PageReading(
            outcome=f"empty_{kind}", detail=f"The {kind} names no page of this site."
        )
    is_cut = kind in {"sitemap", "feed"} and is_in_part(body)
    return PageReading(
        outcome=kind,
        detail="It is broken off: not all that it names could be read." if is_cut else None,
        candidates=candidates,
        stated=stated_by(kind, page),
        unread=("entries",) if is_cut else (),
    )


def stated_by(kind: str, page: Page) -> dict[str, StatedEvidence]:
    """Return by address what a feed or a list of posts states of the site's articles; nothing for a
    list of another *kind*.
    """
    teach = _TEACHERS.get(kind)
    return teach(unpack(page.body)) if teach is not None else {}


def _read_page(page: Page, depth: int, profiles: Sequence[Profile]) -> PageReading:
    seen = PageReading(outcome="unreadable")
    try:
        check_type(page)
        document = open_document(page)
        fitting = profile_for(profiles, urlsplit(page.url).path, page.fetched_at)
        seen = PageReading(
            charset=document.charset,
            candidates=candidates_from_page(document, depth),
            reservation=from_document(document),
            robots_tag=robots_tokens(document),
        )
        target = refresh_target(document)
        if target is not None:
            return replace(seen, outcome="redirect", redirect=target, candidates=())
        article = read_by(document, fitting)
        observed = _observed(article, document) if fitting else None
        unread = tuple(unread_fields(article, document))
        return replace(seen, article=article, observed=observed, unread=unread)
    except Unreadable as error:
        return replace(seen, outcome="unreadable", detail=str(error))
    except NotAnArticle as refusal:
        return replace(seen, outcome=refusal.reason, detail=str(refusal))


def _observed(article: Article, document: Document) -> Observation:
    generic = partial(read_article, document) if is_checked(document.url) else None
    return observe(article, document.fetched_at, generic)


def learn_pages(
    site: str, pages: Sequence[Page], known: Sequence[Profile], stated: Mapping[str, StatedEvidence]
) -> LearnedPages:
    """Return what *pages* of *site*, each of which could be read as an article, teach beside the
    *known* profiles that hold.

    *stated* is what the site's feeds state of them. Pages that these fit were read before they were
    known, and teach nothing more.
    """
    documents = {place: open_document(page) for place, page in enumerate(pages)}
    fresh = {place: document for place, document in documents.items() if not _fits(document, known)}
    profiles = learn(site, tuple(fresh.values()), stated)
    return LearnedPages(
        profiles, tuple(place for place, document in fresh.items() if not _fits(document, profiles))
    )


def _fits(document: Document, profiles: Sequence[Profile]) -> bool:
    return any(frame_by(document, profile) is not None for profile in profiles)
