"""Discovery: from a site's answers to the addresses worth a visit. Pure functions over bytes and
trees.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.discovery import feeds, sitemaps, wordpress
from crawler.discovery.feeds import BadFeed, Feed, feed_of
from crawler.discovery.sitemaps import (
    MOST_ENTRIES,
    BadSitemap,
    Sitemap,
    plain_sitemap,
    sitemap_of,
    unpack,
)
from crawler.discovery.traps import is_of_post
from pipelines.comments import linked_count
from pipelines.document import BadXml, Document, local_name, parse_xml, xml_text
from storage.records import Candidate
from storage.urls import (
    BadAddress,
    at_host_of,
    canonical,
    is_address,
    resolve,
    same_site,
    why_unfollowed,
    without_index,
)

# Lower comes first: what the site itself lists as its pages, then what looks like an article, then
# the ways to more of them.
START, LISTED, ARTICLE_LIKE, PAGINATION, LISTING, OTHER, NESTED = 5, 10, 20, 30, 40, 50, 60
MOST_LISTING_PAGES = 2000
# The protocol knows no index within an index: one is read all the same, after everything else, so
# that a site which makes up ever more of them keeps nobody from its articles.
DEEPEST_SITEMAP = 3
MOST_NESTED = 1000  # sitemaps that such an index may name
DEEPEST_LINK = 30
MOST_LINKS_ON_A_PAGE = 3000
# Sitemaps and feeds state absolute dates: no relative date is ever counted from this.
_FAR_FUTURE = datetime(2100, 1, 1, tzinfo=UTC)

_FRAMES = frozenset({"frame", "iframe"})
_SITE_COMMENTS = re.compile(r"/(?:comments|reacties)/feed/?")
_PAGE_NUMBER = re.compile(
    r"(?:/(?:page|pagina|blz)/|[?&](?:page|paged|pagina|p|start|offset)=)(\d+)", re.IGNORECASE
)
_LISTING_PATH = re.compile(
    r"/(?:tags?|label|onderwerpe?n?|thema|dossiers?|category|categorie|categories|"
    r"rubriek|sectie|author|auteurs?|archief"
    r"|archives?|page|pagina|blog|nieuws|artikelen|archive)(?:/[^/]*)?/?$|/(?:19|20)"
    r"\d\d(?:/\d\d?){0,2}/?$",
    re.IGNORECASE,
)
_DATED_PATH = re.compile(r"/(?:19|20)\d\d/\d\d?/(?:\d\d?/)?[^/]{3,}/?$")
_SLUG = re.compile(
    r"/[^/a-z]*[a-z][^/_-]*[-_][^/_-]*[-_][^/]+/?$|/(?=[^/]*\d{4})[^/]+/?$|\.html?$", re.IGNORECASE
)
_NEXT_WORDS = re.compile(
    r"^(?:«|‹|←|→|›|»|\s)*(?:volgende|vorige|ouder|nieuwer|older|newer|next|previous|meer)\b",
    re.IGNORECASE,
)


def start_candidates(site: str) -> tuple[Candidate, ...]:
    """Return the addresses from which any site is begun: its home page and the usual places of
    sitemaps and feeds.
    """
    found = [Candidate(url=canonical(site), found_how="start", priority=START)]
    for kind, usual in (("sitemap", sitemaps.USUAL), ("feed", feeds.USUAL)):
        found += [
            Candidate(
                url=canonical(path, site),
                kind=kind,
                found_how="start",
                priority=START + (kind == "feed"),
            )
            for path in usual
        ]
    return tuple(found)


def candidates_from_sitemap(body: bytes, url: str, depth: int) -> tuple[Candidate, ...]:
    """Return the pages and further sitemaps that the sitemap at *url* names, on this site only; a
    feed may be one, too (sitemaps.org).

    Raises BadSitemap when it is refused.
    """
    text = xml_text(unpack(body))
    if not text.lstrip().startswith("<"):
        return _of_sitemap(plain_sitemap(text), url, depth)
    try:
        return _of_xml(text, url, depth)
    except (BadXml, BadFeed) as error:
        raise BadSitemap(str(error)) from error


def _of_xml(text: str, url: str, depth: int) -> tuple[Candidate, ...]:
    root = parse_xml(text)
    if local_name(root) in feeds.ROOTS:
        return _of_feed(feed_of(root, url, _FAR_FUTURE), url, depth)
    return _of_sitemap(sitemap_of(root, url, _FAR_FUTURE), url, depth)


def _of_sitemap(sitemap: Sitemap, url: str, depth: int) -> tuple[Candidate, ...]:
    listed = partial(Candidate, found_how="sitemap", found_on=url, depth=depth + 1)
    pages = [
        listed(url=at_host_of(url, entry.url), priority=LISTED, lastmod=entry.lastmod)
        for entry in sitemap.pages
        if same_site(entry.url, url) and why_unfollowed(entry.url) is None
    ]
    if depth >= DEEPEST_SITEMAP:
        return tuple(pages)
    most, priority = (MOST_ENTRIES, START) if depth == 0 else (MOST_NESTED, NESTED)
    children = [
        listed(
            url=at_host_of(url, entry.url),
            kind="sitemap",
            priority=priority,
            lastmod=entry.lastmod,
        )
        for entry in sitemap.sitemaps[:most]
        if same_site(entry.url, url)
    ]
    return (*children, *pages)


def candidates_from_feed(body: bytes, url: str, depth: int) -> tuple[Candidate, ...]:
    """Return the articles that the feed at *url* names, and its next page; a sitemap under a feed's
    name is read as what it is.

    Raises BadFeed when it is no feed.
    """
    try:
        return _of_xml(xml_text(unpack(body)), url, depth)
    except (BadXml, BadSitemap) as error:
        raise BadFeed(str(error)) from error


def _of_feed(feed: Feed, url: str, depth: int) -> tuple[Candidate, ...]:
    found = [
        Candidate(
            url=at_host_of(url, entry.url),
            found_how="feed",
            found_on=url,
            priority=LISTED,
            depth=depth + 1,
            feed_published=entry.published,
            comments_listed=entry.comments,
        )
        for entry in feed.entries
        if same_site(entry.url, url) and why_unfollowed(entry.url) is None
    ]
    if feed.next_url and same_site(feed.next_url, url) and depth < MOST_LISTING_PAGES:
        next_url = at_host_of(url, feed.next_url)
        further = Candidate(
            url=next_url,
            kind="feed",
            found_how="archive",
            found_on=url,
            priority=START,
            depth=depth + 1,
            is_next=True,
        )
        found.append(further)
    return tuple(found)


def candidates_from_page(document: Document, depth: int) -> tuple[Candidate, ...]:
    """Return the addresses inside the site that a page links to, each once, and its feeds.

    "nofollow", on a link or in a page's robots meta element, is about credit in search engines;
    what may be fetched is decided by robots.txt.
    """
    if depth >= DEEPEST_LINK:
        return ()
    base = _base(document)
    found: dict[str, Candidate] = {}
    for candidate in _links(document, base):
        if candidate.url != document.url:
            found[candidate.url] = _better(found.get(candidate.url, candidate), candidate)
        if len(found) >= MOST_LINKS_ON_A_PAGE:
            break
    return tuple(
        replace(candidate, found_on=document.url, depth=depth + 1) for candidate in found.values()
    )


def _better(known: Candidate, other: Candidate) -> Candidate:
    """Return what two links to one page make it: the sooner visit, and what either counts."""
    chosen = other if other.priority < known.priority else known
    return replace(chosen, comments_linked=known.comments_linked or other.comments_linked)


def _base(document: Document) -> str:
    for element in document.tree.iter("base"):
        base = resolve(element.get("href"), document.url)
        if base is not None and is_address(base):
            return base
    return document.url


def _links(document: Document, base: str) -> Iterator[Candidate]:
    for element in document.tree.iter("a", "area", "link", "frame", "iframe"):
        href = element.get("src" if element.tag in _FRAMES else "href")
        if not href or href.startswith("#"):
            continue
        try:
            url = canonical(href, base)
        except BadAddress:
            continue
        if not same_site(url, document.url) or (element.tag == "a" and is_of_post(href)):
            continue
        url = at_host_of(document.url, url)
        if element.tag == "link":
            yield from _head_links(element, url)
        else:
            yield from _body_links(element, url, document.url)


_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})


def _head_links(element: HtmlElement, url: str) -> Iterator[Candidate]:
    relations = (element.get("rel") or "").lower().split()
    kind = (element.get("type") or "").lower()
    if "https://api.w.org/" in relations:
        yield from wordpress.lists_of(url)
    elif "alternate" in relations and kind in _FEED_TYPES:
        found = _feed_kind(url, element.get("title") or "")
        if found is not None:
            yield Candidate(url=url, kind=found, found_how="feed", priority=START + 1)
    elif "next" in relations or "prev" in relations:
        yield from _classed(url, pagination=True, is_next="next" in relations)


def _feed_kind(url: str, title: str) -> str | None:
    """Return "feed" or "comments" for a feed of the site, None for one of a single article."""
    path = urlsplit(url).path
    if _SITE_COMMENTS.fullmatch(path):
        return "comments"
    is_comments = "/comments/" in url or "reacties" in title.lower() or url.count("/feed") > 1
    is_of_article = path.rstrip("/").count("/") > 1 and "/feed" in url
    return None if is_comments or is_of_article else "feed"


def _body_links(element: HtmlElement, url: str, page: str) -> Iterator[Candidate]:
    relations = (element.get("rel") or "").lower().split()
    words = " ".join(element.itertext())[:40].strip()
    is_pagination = bool({"next", "prev"} & set(relations)) or bool(_NEXT_WORDS.match(words))
    is_next = "next" in relations or _number_of(url) == (_number_of(page) or 1) + 1
    for candidate in _classed(url, pagination=is_pagination, is_next=is_next):
        yield replace(candidate, comments_linked=linked_count(element))


def _number_of(url: str) -> int | None:
    parts = urlsplit(url)
    number = _PAGE_NUMBER.search(parts.path + (f"?{parts.query}" if parts.query else ""))
    return int(number[1][:9]) if number is not None else None


def _classed(url: str, *, pagination: bool, is_next: bool) -> Iterator[Candidate]:
    if why_unfollowed(url) is not None:
        return
    parts = urlsplit(url)
    path = without_index(parts.path)
    target = path + (f"?{parts.query}" if parts.query else "")
    number = _PAGE_NUMBER.search(target)
    if number is not None and _is_endless(number[1], target):
        return
    found_how, priority = "link", OTHER
    if number is not None or pagination:
        found_how, priority = "archive", PAGINATION
    elif _DATED_PATH.search(path):
        priority = ARTICLE_LIKE
    elif _LISTING_PATH.search(path):
        found_how, priority = "archive", LISTING
    elif _SLUG.search(parts.path):
        priority = ARTICLE_LIKE
    yield Candidate(
        url=url, found_how=found_how, priority=priority, is_next=is_next and priority == PAGINATION
    )


def _is_endless(number: str, target: str) -> bool:
    """Return whether a page number is beyond what a listing has; ``?p=123456`` is WordPress's
    number of a post.
    """
    return len(number) > 8 or (int(number) > MOST_LISTING_PAGES and "?p=" not in target)
