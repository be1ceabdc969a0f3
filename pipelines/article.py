"""One page becomes one Article with its comments, or the reason why it is none."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial
from typing import Any

from lxml.html import HtmlElement

from pipelines.comments import Thread, as_topic, find_sources, read_thread
from pipelines.content import (
    ENOUGH,
    Body,
    Signed,
    Suspect,
    find_body_pages,
    furniture_among,
    other_articles,
    read_body,
    removed_blocks,
    suspects,
    without_byline,
    without_head,
    without_thread_heading,
)
from pipelines.document import (
    Document,
    Unreadable,
    is_within,
    mark_up,
    open_document,
    select,
)
from pipelines.metadata import (
    Facts,
    Surroundings,
    read_description,
    read_headline,
    read_languages,
    search_facts,
)
from pipelines.page_kind import NotAnArticle, access_of, check_declared, check_kind, check_walls
from pipelines.profiles import (
    Frame,
    Profile,
    facts_by,
    frame_by,
    is_missed,
    links_to_pages,
    settled,
)
from storage.records import Article, Page

__all__ = ["NotAnArticle", "check_type", "extract", "read_article", "read_beside"]

HTML_TYPES = ("text/html", "application/xhtml", "application/xml", "text/xml", "text/plain")


def extract(page: Page, profile: Profile | Sequence[Profile] | None = None) -> Article:
    """Return the article on *page* with its comments, read by the first profile that fits it, where
    there is one.

    Raises NotAnArticle, whose ``reason`` is one word and whose text a sentence.
    """
    check_type(page)
    try:
        document = open_document(page)
    except Unreadable as error:
        raise NotAnArticle("unreadable", str(error)) from error
    return read_by(document, (profile,) if isinstance(profile, Profile) else profile or ())


def read_by(document: Document, profiles: Sequence[Profile]) -> Article:
    """Return the article of an opened page by the first of *profiles* that fits it, field by field
    the generic way where that fails.
    """
    recurring = frozenset().union(*(profile.fingerprints for profile in profiles))
    for profile in profiles:
        frame = frame_by(document, profile)
        if frame is not None:
            article = _read_by_rules(frame, profile)
            return settled(
                article, frame, profile, partial(_search_around, frame, article.headline)
            )
    article = read_article(document, recurring)
    # A picture with a line under it is no change of the template: its place is there, and there is
    # little to write.
    named = next(
        (profile.template for profile in profiles if select(document.tree, profile.body)), None
    )
    if named is not None and len(article.article_body) < ENOUGH:
        return replace(article, field_methods=(("article_body", "short"), ("template", named)))
    missed = ", ".join(profile.template for profile in profiles if is_missed(document, profile))
    return (
        replace(article, field_methods=(("article_body", "generic"), ("missed", missed)))
        if missed
        else article
    )


def check_type(page: Page) -> None:
    """Raise NotAnArticle with "not_html" when *page* is labelled as something else, or is binary."""
    kind = (page.content_type or "text/html").partition(";")[0].strip().lower()
    if kind and not kind.startswith(HTML_TYPES):
        raise NotAnArticle("not_html", f"The answer is {kind}, not a page.")
    if page.body[:4096].count(b"\x00") > 64 and not page.body.startswith(
        (b"\xff\xfe", b"\xfe\xff")
    ):
        raise NotAnArticle("not_html", "The answer is binary, not a page.")


def read_article(document: Document, recurring: frozenset[str] = frozenset()) -> Article:
    """Return the article of an opened page, see extract; *recurring* are the fingerprints of what
    is on other pages of its site, too.
    """
    check_walls(document)
    check_declared(document)
    document.hold()
    return _read_beside(document, read_thread(document, recurring))


def read_beside(document: Document, thread: Thread) -> Article:
    """Return the article of an opened page beside its *thread*, which is known, see read_article."""
    document.hold()
    check_walls(document)
    return _read_beside(document, thread)


def _read_by_rules(frame: Frame, profile: Profile) -> Article:
    """Return the article in *frame*."""
    if len(frame.text) < ENOUGH:
        check_walls(frame.document)  # what is there may ask for a password
    page = replace(frame.document, tree=frame.scope)
    facts = facts_by(frame, profile)
    is_declared = facts is not None and check_kind(
        page, facts.headline, frame.thread.elements if frame.thread.comments else ()
    )
    text = without_head(frame.text, facts.headline if facts else None)
    body = Body(text, "profile", blocks=frame.blocks)
    has_words = body.is_article_at(page.url) or bool(frame.thread.comments)
    if facts is None or not (has_words or is_declared):
        raise NotAnArticle("no_text", "The page has no headline or no running text.")
    pages = (
        find_body_pages(frame.document, set(frame.thread.elements)) if links_to_pages(frame) else ()
    )
    return _compose(
        frame.document,
        frame.thread,
        facts,
        body,
        furniture=frame.furniture,
        access=access_of(frame.document, body.text, frame.scope),
        body_pages=pages,
    )


def _search_around(frame: Frame, headline: str) -> dict[str, Any]:
    """Return the columns of what the whole page states of the article in *frame*, called *headline*,
    wherever its template has it. Raises NotAnArticle where the page states that it is none.
    """
    document, threaded = frame.document, set(frame.thread.elements)
    check_walls(document)
    check_declared(document)
    furniture = _furniture_beside(document, suspects(document.tree), frame.body, threaded)
    around = Surroundings.of(document, furniture, threaded, frame.body)
    return search_facts(around, headline).columns()


def _read_beside(document: Document, thread: Thread) -> Article:
    """Return the article beside *thread*."""
    threaded = set(thread.elements)
    headline = read_headline(document, threaded)
    is_declared = thread.is_topic or check_kind(
        document, headline, thread.elements if thread.comments else (), thread.titles
    )
    suspected = tuple(suspects(document.tree))
    others = set(other_articles(document.tree, headline or "", threaded))
    body = _body_beside(document, thread, headline, suspected, others)
    # A post may be one line or a picture; a page that is not called an article must have text.
    has_words = body.is_article_at(document.url) or bool(thread.comments and body.text)
    if not headline or not (has_words or is_declared):
        raise NotAnArticle("no_text", "The page has no headline or no running text.")
    furniture = _furniture_beside(document, suspected, body.container, threaded)
    furniture |= dict.fromkeys(others, "related")
    place = Surroundings.of(document, furniture, threaded | others, body.container)
    facts = search_facts(place, headline)
    return _compose(
        document,
        thread,
        facts,
        body,
        furniture=furniture,
        access=access_of(document, body.text),
        body_pages=find_body_pages(document, threaded),
    )


def _furniture_beside(
    document: Document,
    suspected: Iterable[Suspect],
    container: HtmlElement | None,
    threaded: Set[HtmlElement],
) -> dict[HtmlElement, str]:
    """Return which of those *suspected* are furniture, beside the text and the thread."""
    return {
        element: reason
        for element, reason in furniture_among(suspected, document.tree).items()
        if not _holds(element, container) and not is_within(element, threaded)
    }


def _body_beside(
    document: Document,
    thread: Thread,
    headline: str | None,
    suspected: Sequence[Suspect],
    others: Set[HtmlElement],
) -> Body:
    """Return the text beside *thread* and *others*, which are articles of their own; none on a
    forum's page, where only notices are beside the thread.
    """
    if thread.is_topic:
        return Body("", "topic")
    outside = {*thread.elements, *others}
    stated = "\n".join(comment.text for comment in thread.comments)
    return read_body(document, outside, headline, suspected, comments=stated)


def _compose(
    document: Document,
    thread: Thread,
    facts: Facts,
    body: Body,
    *,
    furniture: Mapping[HtmlElement, str],
    **around: Any,
) -> Article:
    """Return the article of these parts; *around* are the fields that depend on where they were
    looked for.
    """
    document.trace.note_area(thread.elements)
    document.trace.note_cut(furniture)
    has_thread = bool(thread.comments) or thread.declared is not None
    text = without_thread_heading(body.text) if has_thread else body.text
    text = without_byline(
        text, Signed.of(document, facts.authors, facts.dates.raws, facts.dates.moments)
    )
    # Of a picture under its title nothing is stated but the title.
    text = text if "".join(text.split()) != "".join(facts.headline.split()) else ""
    marked = mark_up(text, body.blocks, document.url)
    article = Article(
        url=document.url,
        headline=facts.headline,
        article_body=text,
        article_html=marked.html,
        links=marked.links,
        canonical_url=document.canonical,
        description=read_description(document),
        comments=thread.comments,
        comments_declared=thread.declared,
        pingbacks=thread.pingbacks,
        comments_gap_reason=thread.gap_reason,
        comment_order=thread.order,
        comment_system=thread.system,
        comment_pages=thread.page_urls,
        comment_sources=find_sources(document.tree, document.url),
        comment_threads=thread.sources,
        method=body.method,
        removed_blocks=removed_blocks(furniture),
        **around,
        **read_languages(document, text),
        **facts.columns(),
    )
    is_opened = body.method == "topic" and thread.opens and bool(thread.comments)
    return as_topic(article) if is_opened else article


def _holds(element: HtmlElement, container: HtmlElement | None) -> bool:
    return container is not None and is_within(container, {element})
