"""WordPress's own lists: articles by their last change, a site's newest comments, and its newest
posts with their texts.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from crawler.discovery.feeds import BadFeed, read_feed
from storage.numbers import whole_number
from storage.records import Candidate
from storage.urls import (
    BadAddress,
    at_host_of,
    canonical,
    first_comment_page,
    same_site,
    why_unfollowed,
)

PER_PAGE = 100
LISTED, LISTS = 10, 6
# Of a post whose text is known: before what is only listed, because from such pages a template is
# learned best; and of those the
# posts with comments first.
TAUGHT, TALKED_ABOUT = 9, 8
MOST_POSTS = 10
_CHANGES = {
    "orderby": "modified",
    "order": "desc",
    "per_page": PER_PAGE,
    "_fields": "link,modified_gmt",
}
_COMMENTS = {
    "orderby": "date_gmt",
    "order": "desc",
    "per_page": PER_PAGE,
    "_fields": "link,date_gmt,post",
}
# Apart from the list of changes, which is read in every run and stays small without texts.
_POSTS = {
    "per_page": MOST_POSTS,
    "_embed": "author",
    "_fields": "link,date_gmt,title,content,_links,_embedded",
}
_LISTS = (
    ("changes", "wp/v2/posts", _CHANGES),
    ("comments", "wp/v2/comments", _COMMENTS),
    ("posts", "wp/v2/posts", _POSTS),
)
_FAR_FUTURE = datetime(2100, 1, 1, tzinfo=UTC)


class BadListing(ValueError):
    """Raised when an answer is no list of WordPress; its text gives the reason."""


def lists_of(api_root: str) -> tuple[Candidate, ...]:
    """Return the three lists below *api_root*, the address that a WordPress page gives as
    rel="https://api.w.org/".
    """
    found = []
    for kind, path, asked in _LISTS:
        parts = urlsplit(api_root)
        if "rest_route=" in parts.query:
            query = urlencode({"rest_route": f"/{path}", **asked})
            address = urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
        else:
            address = f"{api_root.rstrip('/')}/{path}?{urlencode(asked)}"
        found.append(Candidate(url=canonical(address), kind=kind, found_how="feed", priority=LISTS))
    return tuple(found)


def _posts_commented(rows: list[dict[str, Any]], url: str, depth: int) -> tuple[Candidate, ...]:
    """Return the list of the posts that readers commented on last, beside that of the comments at
    *url*; none without any.
    """
    posts = (whole_number(row.get("post")) for row in rows)
    numbers = dict.fromkeys(str(post) for post in posts if post is not None)
    parts = urlsplit(url)
    root = parse_qs(parts.query).get("rest_route")
    asked = {**_POSTS, "include": ",".join(list(numbers)[:MOST_POSTS])}
    path = parts.path if root else parts.path.removesuffix("comments") + "posts"
    query = urlencode({"rest_route": "/wp/v2/posts", **asked} if root else asked)
    address = canonical(urlunsplit((parts.scheme, parts.netloc, path, query, "")))
    found = Candidate(
        url=address, kind="posts", found_how="feed", found_on=url, priority=LISTS, depth=depth + 1
    )
    return (found,) if numbers and "page=" not in parts.query.replace("per_page=", "") else ()


def candidates_from_changes(body: bytes, url: str, depth: int) -> tuple[Candidate, ...]:
    """Return the articles that the list at *url* names, with their last change, and the list's next
    page.

    Raises BadListing when it is no such list.
    """
    rows = _rows(body)
    found = [
        replace(_named(address, url, depth), lastmod=_moment(row, "modified_gmt"))
        for row in rows
        if (address := _address(row, url)) is not None
    ]
    return (*found, *_next(rows, "changes", url, depth))


def candidates_from_posts(body: bytes, url: str, depth: int) -> tuple[Candidate, ...]:
    """Return the articles whose texts the list at *url* holds, to be visited before others.

    Raises BadListing when it is no such list.
    """
    addresses = dict.fromkeys(
        address for row in _rows(body) if (address := _address(row, url)) is not None
    )
    priority = TALKED_ABOUT if "include=" in url else TAUGHT
    return tuple(
        Candidate(url=address, found_how="feed", found_on=url, priority=priority, depth=depth + 1)
        for address in addresses
    )


def candidates_from_comments(body: bytes, url: str, depth: int) -> tuple[Candidate, ...]:
    """Return the articles that have the newest comments, with the moment of the newest,
    their texts' list, the next page.

    *body* is WordPress's JSON or a feed of comments. Raises BadListing when it is neither.
    """
    if body.lstrip()[:1] == b"<":
        return _from_feed(body, url, depth)
    rows = _rows(body)
    newest: dict[str, datetime | None] = {}
    for row in rows:
        address, moment = _address(row, url), _moment(row, "date_gmt")
        if address is not None:
            known = newest.get(address)
            newest[address] = max(moment, known) if moment and known else moment or known
    return (
        *_posts_commented(rows, url, depth),
        *_commented(newest, url, depth),
        *_next(rows, "comments", url, depth),
    )


def _from_feed(body: bytes, url: str, depth: int) -> tuple[Candidate, ...]:
    try:
        feed = read_feed(body, url, _FAR_FUTURE, comments=True)
    except BadFeed as error:
        raise BadListing(str(error)) from error
    newest: dict[str, datetime | None] = {}
    for entry in feed.entries:
        address = _article_address(entry.url, url)
        if address is not None and entry.published is not None:
            newest[address] = max(entry.published, newest.get(address) or entry.published)
    return _commented(newest, url, depth)


def _commented(newest: dict[str, datetime | None], url: str, depth: int) -> tuple[Candidate, ...]:
    return tuple(
        replace(_named(address, url, depth), last_comment=moment)
        for address, moment in newest.items()
    )


def _named(address: str, url: str, depth: int) -> Candidate:
    """Return the article at *address* as a candidate that the list at *url* names."""
    return Candidate(url=address, found_how="feed", found_on=url, priority=LISTED, depth=depth + 1)


def _rows(body: bytes) -> list[dict[str, Any]]:
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadListing(f"It is no JSON: {error}") from error
    if not isinstance(rows, list):
        raise BadListing("It is no list.")
    return [row for row in rows if isinstance(row, dict)]


def _address(row: dict[str, Any], url: str) -> str | None:
    return _article_address(str(row.get("link") or ""), url)


def _article_address(link: str, url: str) -> str | None:
    try:
        address = first_comment_page(canonical(link, url))
    except BadAddress:
        return None
    if not same_site(address, url) or why_unfollowed(address) is not None:
        return None
    return at_host_of(url, address)


def _moment(row: dict[str, Any], name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(str(row.get(name))).replace(tzinfo=UTC)
    except ValueError:
        return None


def _next(rows: list[dict[str, Any]], kind: str, url: str, depth: int) -> tuple[Candidate, ...]:
    if len(rows) < PER_PAGE:
        return ()
    parts = urlsplit(url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    asked["page"] = str((whole_number(asked.get("page", "1")) or 1) + 1)
    address = canonical(urlunsplit((*parts[:3], urlencode(asked), "")))
    return (
        Candidate(
            url=address,
            kind=kind,
            found_how="archive",
            found_on=url,
            priority=LISTS,
            depth=depth + 1,
            is_next=True,
        ),
    )
