"""What is read from a page: an article, its authors, its readers' comments, what was cut.

Field names are schema.org's words in snake_case. Every parsed date keeps its ``*_raw`` text,
``*_precision`` ("second", "minute", "hour", "day", "month" or "year") and ``*_source``. Moments are
aware datetimes.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from storage.records.field import Meaning

_POSTED = re.compile(r"[?&]__wb_method=POST(?:&.*)?$", re.DOTALL)
_RAW = Meaning("the date as the page prints it")
_PRECISION = Meaning("how exactly the page states it: second, minute, hour, day, month or year")
_SOURCE = Meaning("where on the page the date was found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Somebody who wrote an article."""

    name: Annotated[str, Meaning("name as the page prints it", "name")]
    role: Annotated[str | None, Meaning("job title as the page prints it", "jobTitle")] = None
    organisation: Annotated[
        str | None, Meaning("organisation as the page prints it", "affiliation")
    ] = None
    url: Annotated[str | None, Meaning("the author's page", "url")] = None

    def __repr__(self) -> str:
        """Name the record without its texts: whatever is logged holds no reader's words."""
        return "Author(...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedBlock:
    """A piece of boilerplate that was cut from the article's text, and why."""

    reason: Annotated[str, Meaning("why it was cut from the article's text")]
    text: Annotated[str, Meaning("its words")]

    def __repr__(self) -> str:
        """Name the record without its texts: whatever is logged holds no reader's words."""
        return f"RemovedBlock({self.reason!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link in a text: where it leads, and the words that lead there."""

    url: Annotated[str, Meaning("where it leads: http, https, mailto or tel", "url")]
    canonical_url: Annotated[
        str | None, Meaning("the same as the archive writes addresses; none of mailto and tel")
    ] = None
    domain: Annotated[str | None, Meaning("the domain that can be registered: nu.nl")] = None
    text: Annotated[str, Meaning("the words that are the link")]

    def __repr__(self) -> str:
        """Name the record without its texts: whatever is logged holds no reader's words."""
        return "Link(...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What one reader wrote under an article; *parent_position* is an index into the thread."""

    author: Annotated[
        str | None, Meaning("who wrote it, as the page prints it", "author", True, "name")
    ] = None
    author_url: Annotated[str | None, Meaning("the author's page", personal=True)] = None
    author_is_staff: Annotated[bool, Meaning("whether the site marks the author as its own")] = (
        False
    )
    source_id: Annotated[str | None, Meaning("the site's own id of the comment", personal=True)] = (
        None
    )
    url: Annotated[str | None, Meaning("the comment's address", "url", personal=True)] = None
    date_created: Annotated[datetime | None, Meaning("when it was written", "dateCreated")] = None
    date_created_raw: Annotated[str | None, _RAW] = None
    date_created_precision: Annotated[str | None, _PRECISION] = None
    date_created_source: Annotated[str | None, _SOURCE] = None
    text: Annotated[str, Meaning("the comment's text", "text")]
    links: Annotated[tuple[Link, ...], Meaning("links in the text", kind="links")] = ()
    status: Annotated[str, Meaning("visible, or withheld by the site")] = "visible"
    upvotes: Annotated[int | None, Meaning("votes for", "upvoteCount")] = None
    downvotes: Annotated[int | None, Meaning("votes against", "downvoteCount")] = None
    parent_position: Annotated[
        int | None, Meaning("place in the thread of the comment that it answers", is_kept=False)
    ] = None
    parent_source_id: Annotated[
        str | None, Meaning("the site's own id of the comment that it answers", personal=True)
    ] = None
    parent_how: Annotated[
        str | None,
        Meaning("what the parent rests on: attribute, link, nesting, depth, name or guess"),
    ] = None
    method: Annotated[str | None, Meaning("what read it: a system's rules, a profile, JSON")] = None

    def __repr__(self) -> str:
        """Name the record without its texts: whatever is logged holds no reader's words."""
        return "Comment(...)"


@dataclass(frozen=True, slots=True)
class ThreadSource:
    """An address that states an article's comments, and the *system* that answers there; a
    *payload* of JSON is posted to it, without one it is simply asked for.

    *is_scripted* says that the page itself shows none of them: its script asks this address.
    """

    system: str
    url: str
    payload: str | None = None
    is_scripted: bool = True

    @property
    def address(self) -> str:
        """The address under which the answer is kept: what was posted is part of it."""
        return self.url if self.payload is None else posted_address(self.url, self.payload)


def posted_address(url: str, payload: str) -> str:
    """Return how web archives index the answer to a *payload* that is posted to *url*:
    ``__wb_method=POST`` and the leaves of its JSON, or its form's fields, are added to the address.
    """
    try:
        posted = list(_leaves(json.loads(payload)))
    except (ValueError, RecursionError):
        posted = parse_qsl(payload, keep_blank_values=True)
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}{urlencode([('__wb_method', 'POST'), *posted])}"


def asked_of(address: str) -> str:
    """Return the address that was asked for what is kept under *address*: what was posted is part
    of the latter only (``__wb_method=POST``).
    """
    return _POSTED.sub("", address, count=1)


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the leaves of a JSON value that say something, each under the name next to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name)
    elif value is not None:
        yield name, str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article with its readers' comments, as read from one page or merged from several.

    Pages and sources that are not yet part of the record are absolute addresses. *field_methods*
    pairs a field with "profile", "selector", "generic" (the profile missed), "recounted", "short",
    "absent" or "earlier" (only an earlier visit had it); "template" names the profile, "missed"
    those that should have fitted.
    """

    url: Annotated[str, Meaning("address under which it was read", "url")]
    canonical_url: Annotated[str | None, Meaning("address that the page calls its own")] = None
    article_type: Annotated[
        str,
        Meaning("schema.org's type: Article, DiscussionForumPosting ...", "@type"),
    ] = "Article"
    headline: Annotated[str, Meaning("headline", "headline")]
    description: Annotated[str | None, Meaning("summary that the page gives", "description")] = None
    authors: Annotated[
        tuple[Author, ...],
        Meaning("authors in the page's order, as the page prints them", "author", kind="authors"),
    ] = ()
    article_section: Annotated[str | None, Meaning("section", "articleSection")] = None
    keywords: Annotated[tuple[str, ...], Meaning("keywords in the page's order", "keywords")] = ()
    in_language: Annotated[
        str | None, Meaning("language: the declared one unless another was found", "inLanguage")
    ] = None
    language_declared: Annotated[str | None, Meaning("language that the page declares")] = None
    language_found: Annotated[
        str | None, Meaning("language that the text is found to be in; empty where that is unsure")
    ] = None
    date_published: Annotated[datetime | None, Meaning("publication", "datePublished")] = None
    date_published_raw: Annotated[str | None, _RAW] = None
    date_published_precision: Annotated[str | None, _PRECISION] = None
    date_published_source: Annotated[str | None, _SOURCE] = None
    date_modified: Annotated[
        datetime | None, Meaning("last change that the page states", "dateModified")
    ] = None
    date_modified_raw: Annotated[str | None, _RAW] = None
    date_modified_precision: Annotated[str | None, _PRECISION] = None
    date_modified_source: Annotated[str | None, _SOURCE] = None
    date_conflict: Annotated[
        str | None, Meaning("what contradicts the date, or why a stated one is not used")
    ] = None
    article_body: Annotated[
        str, Meaning("the article's text, paragraphs divided by an empty line", "articleBody")
    ]
    article_html: Annotated[
        str,
        Meaning(
            "the same text with its headings, lists, quotes, emphasis, links and tables, clean"
        ),
    ] = ""
    links: Annotated[tuple[Link, ...], Meaning("links in the text", kind="links")] = ()
    access: Annotated[str, Meaning("full, teaser or paywall", "conditionsOfAccess")] = "full"
    comments: Annotated[
        tuple[Comment, ...],
        Meaning("the comments in the thread's order", "comment", kind="comments"),
    ] = ()
    comments_declared: Annotated[
        int | None, Meaning("how many comments the page states", "commentCount")
    ] = None
    pingbacks: Annotated[
        int, Meaning("those in the thread, which sites count as comments", is_kept=False)
    ] = 0
    comments_gap_reason: Annotated[
        str | None,
        Meaning(
            "why they differ: pagination, pingbacks, top_level, withheld, closed, widget, cut_off,"
            " erased, surplus, unknown"
        ),
    ] = None
    comment_order: Annotated[str | None, Meaning("oldest or newest first")] = None
    comment_system: Annotated[str | None, Meaning("what the site makes its threads with")] = None
    comment_pages: Annotated[
        tuple[str, ...], Meaning("further pages of the thread", is_kept=False)
    ] = ()
    comment_sources: Annotated[
        tuple[str, ...], Meaning("JSON or feeds with the same comments", is_kept=False)
    ] = ()
    comment_threads: Annotated[
        tuple[ThreadSource, ...],
        Meaning("what the page's script asks for its thread", kind="sources", is_kept=False),
    ] = ()
    body_pages: Annotated[tuple[str, ...], Meaning("further pages of the text", is_kept=False)] = ()
    removed_blocks: Annotated[
        tuple[RemovedBlock, ...], Meaning("what was cut from the text", kind="blocks")
    ] = ()
    method: Annotated[str | None, Meaning("what read the text", is_reading=True)] = None
    field_methods: Annotated[
        tuple[tuple[str, str], ...], Meaning("how each field was read", is_reading=True)
    ] = ()

    def __repr__(self) -> str:
        """Name the record without its texts: whatever is logged holds no reader's words."""
        return f"Article({self.url!r})"
