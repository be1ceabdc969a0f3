"""A site's second source of comments: where a page names one, and what its answer holds.

WordPress has ``wp-json/wp/v2/comments`` and a feed of each article's comments, Blogger a feed. They
show dates, parents and comments that the page may not show. Fetching them is the crawler's work.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree
from lxml.html import HtmlElement

from pipelines.comments.record import absolute, id_in
from pipelines.comments.stated.json_ld import plain_text, stated_comment, stated_date
from pipelines.dates import DutchDate, parse_date
from pipelines.document import JsonObject
from storage.numbers import whole_number
from storage.records import Article, Comment
from storage.urls import parts_of, resolve

PAGE_SIZE = 100

# What is asked of WordPress: without avatars, whose addresses are made of mail addresses.
_FIELDS = "id,parent,author_name,author_url,date,date_gmt,content,link,type"
_QUERY = urlencode({"per_page": PAGE_SIZE, "order": "asc", "_fields": _FIELDS})
_ATOM = "{http://www.w3.org/2005/Atom}"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
_FEEDS = frozenset({"application/rss+xml", "application/atom+xml"})
_POST_ID = re.compile(r"/wp/v2/posts/(\d+)|[?&]p=(\d+)|(?:^|\s)postid-(\d+)(?:\s|$)")
_BY = re.compile(
    r"^(?:door|by|von|par|reactie op .{1,200} door|comment on .{1,200} by)\s*:?\s+", re.IGNORECASE
)
_IN_REPLY = re.compile(
    r"^(?:als antwoord op|in antwoord op|in reactie op|in reply to|als antwort auf|en réponse à)\s.{1,80}?\.\s*",
    re.IGNORECASE,
)
_PARENT = re.compile(r"#comment-(\d+)")
_EXCERPT = re.compile(r"^\[(?:…|\.\.\.)\].*\[(?:…|\.\.\.)\]$", re.DOTALL)


class BadSource(ValueError):
    """Raised when a source's answer holds no list of comments; its text states why."""


def find_sources(tree: HtmlElement, url: str) -> tuple[str, ...]:
    """Return the absolute addresses of the comment sources that a page names for its own article,
    the richest first.
    """
    links = list(tree.iter("link"))
    api = _last_href(link for link in links if link.get("rel") == "https://api.w.org/")
    post = _post_id(tree, links)
    address = absolute(url, api) if api and post else None
    if address and post:
        return (_api_address(address, post),)
    feed = resolve(_last_href(link for link in links if _is_comment_feed(link, url)), url)
    return (feed,) if feed else ()


def _last_href(links: Iterable[HtmlElement]) -> str | None:
    """Return the address of the last of *links*, None when there is none."""
    return next((link.get("href") or "" for link in reversed(list(links))), None)


def _post_id(tree: HtmlElement, links: Iterable[HtmlElement]) -> str | None:
    """Return WordPress's number of the article, as the page's links or its body's classes state
    it.
    """
    own = (link for link in links if link.get("rel") in {"alternate", "shortlink"})
    for found in filter(None, (_POST_ID.search(link.get("href") or "") for link in own)):
        if number := found[1] or found[2]:
            return str(number)
    body = next(tree.iter("body"), None)
    in_class = _POST_ID.search(body.get("class") or "") if body is not None else None
    return in_class[3] if in_class else None


def _is_comment_feed(link: HtmlElement, url: str) -> bool:
    """Return whether *link* names the feed of the comments on the article at *url*, not that of the
    site.
    """
    if link.get("rel") != "alternate" or link.get("type") not in _FEEDS:
        return False
    path, own = (parts_of(one).path.rstrip("/") for one in (link.get("href") or "", url))
    return bool(re.search(r"/feeds/\d+/comments/", path)) or (
        len(own) > 1 and path == f"{own}/feed"
    )


def _api_address(api: str, post: str) -> str:
    mark = "&" if "rest_route=" in api else "?"
    return f"{api.rstrip('/')}/wp/v2/comments{mark}post={post}&{_QUERY}"


def is_wanted(article: Article) -> bool:
    """Return whether a source can add to what the page told: a thread that a script draws, a
    comment, a date to the minute, an id.
    """
    exact = {"minute", "second"}
    is_open = bool(article.comment_threads)
    return (
        is_open
        or article.comments_gap_reason not in {None, "surplus"}
        or any(
            comment.date_created_precision not in exact or comment.source_id is None
            for comment in article.comments
        )
    )


def next_address(url: str, number: int) -> str | None:
    """Return where a source that answered *number* comments at *url* goes on, None when that was
    its last page.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if "per_page" not in query or number < PAGE_SIZE:
        return None
    query["page"] = str((whole_number(query.get("page", "1")) or 1) + 1)
    return urlunsplit(parts._replace(query=urlencode(query)))


def read_source(body: bytes, now: datetime) -> tuple[Comment, ...]:
    """Return the comments in a source's answer, parents named by id.

    Raises BadSource when it holds none that can be read.
    """
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in {b"[", b"{"}:
        return tuple(_read_json(body, now))
    if start == b"<":
        return tuple(_read_feed(body, now))
    raise BadSource("The answer is neither JSON nor a feed.")


def _read_json(body: bytes, now: datetime) -> Iterator[Comment]:
    try:
        things = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadSource(f"The answer is no JSON: {error}") from error
    if not isinstance(things, list):
        message = things.get("message") if isinstance(things, dict) else None
        raise BadSource(f"The source gives no list of comments: {message or 'no reason given'}")
    for thing in things:
        if (
            isinstance(thing, dict)
            and thing.get("type", "comment") == "comment"
            and thing.get("id")
        ):
            yield _of_wordpress(thing, now)


def _of_wordpress(thing: JsonObject, now: datetime) -> Comment:
    content = thing.get("content")
    shown = content.get("rendered") if isinstance(content, dict) else content
    gmt, local = thing.get("date_gmt"), thing.get("date")
    date = stated_date(f"{gmt}Z", now) if isinstance(gmt, str) and gmt else stated_date(local, now)
    parent = thing.get("parent")
    author = str(thing.get("author_name") or "")
    found = _comment(plain_text(shown), author, date, "wp-json", shown)
    return replace(
        found,
        author_url=_web(thing.get("author_url")),
        source_id=str(thing["id"]),
        url=_web(thing.get("link")),
        parent_source_id=str(parent) if parent else None,
        parent_how="attribute" if parent else None,
    )


def _read_feed(body: bytes, now: datetime) -> Iterator[Comment]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise BadSource(f"The feed cannot be read: {error}") from error
    if root is None or etree.QName(root).localname not in {"rss", "feed", "RDF"}:
        raise BadSource("The answer is no feed.")
    for item in root.iter("item"):
        comment = _of_rss(item, now)
        if not _EXCERPT.match(comment.text):
            yield comment
    for entry in root.iter(f"{_ATOM}entry"):
        yield _of_atom(entry, now)


def _of_rss(item: Any, now: datetime) -> Comment:
    shown = _text(item, _ENCODED) or _text(item, "description")
    parent = _PARENT.search(shown) if _IN_REPLY.match(plain_text(shown)) else None
    author = _text(item, _CREATOR) or _BY.sub("", _text(item, "title"))
    link = _text(item, "link")
    identity = (_text(item, "guid") or link).rpartition("#")[2]
    found = _comment(
        _IN_REPLY.sub("", plain_text(shown)) if parent else plain_text(shown),
        author,
        _date(_text(item, "pubDate"), now),
        "comment-feed",
        shown,
    )
    return replace(
        found,
        source_id=id_in(identity),
        url=_web(link),
        parent_source_id=parent[1] if parent else None,
        parent_how="link" if parent else None,
    )


def _of_atom(entry: Any, now: datetime) -> Comment:
    links = {link.get("rel"): link.get("href") or "" for link in entry.iter(f"{_ATOM}link")}
    related = re.search(r"/comments/default/(\d+)", links.get("related", ""))
    number = re.search(r"post-(\d+)$", _text(entry, f"{_ATOM}id"))
    author = entry.find(f"{_ATOM}author")
    shown = _text(entry, f"{_ATOM}content") or _text(entry, f"{_ATOM}summary")
    name = _text(author, f"{_ATOM}name") if author is not None else ""
    written = _date(_text(entry, f"{_ATOM}published"), now)
    found = _comment(plain_text(shown), name, written, "blogger-feed", shown)
    return replace(
        found,
        author_url=_web(_text(author, f"{_ATOM}uri")) if author is not None else None,
        source_id=number[1] if number else None,
        url=_web(links.get("alternate")),
        parent_source_id=related[1] if related else None,
        parent_how="link" if related else None,
    )


def _comment(text: str, author: str, date: DutchDate | None, method: str, stated: Any) -> Comment:
    return stated_comment(text, html.unescape(author).strip(), date, method, stated)


def _text(element: Any, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _date(text: str, now: datetime) -> DutchDate | None:
    if not text:
        return None
    found = parse_date(text, reference=now)
    return (
        found
        if found is None
        else DutchDate(found.moment.astimezone(UTC), found.precision, found.raw)
    )


def _web(value: Any) -> str | None:
    return (
        value[:2000]
        if isinstance(value, str) and value.startswith(("http://", "https://")) and "@" not in value
        else None
    )
