"""The records that travel through the house: frozen, slotted dataclasses, standard library only.

Field names are schema.org's words in snake_case. Every parsed date keeps its ``*_raw`` text,
``*_precision`` ("second", "minute", "hour", "day", "month" or "year") and ``*_source``. Moments are
aware datetimes.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fetched page: bytes with an address and the moment they were fetched, wherever they came
    from.
    """

    url: str
    body: bytes
    fetched_at: datetime
    content_type: str | None = None
    status: int = 200
    feed_published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Somebody who wrote an article; *role* and *organisation* as the page prints them."""

    name: str
    role: str | None = None
    organisation: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedBlock:
    """A piece of page furniture that was cut from the article's text, and why."""

    reason: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What one reader wrote under an article.

    *parent_position* is an index into the thread's comments. *parent_source_id* names the parent by
    the site's own id, also where that comment stands on another page of the thread. *parent_how*
    tells what the parent rests on ("attribute", "link", "nesting", "depth", "name", "guess").
    *status* is "visible" or "withheld".
    """

    text: str
    author: str | None = None
    author_url: str | None = None
    author_is_staff: bool = False
    date_created: datetime | None = None
    date_created_raw: str | None = None
    date_created_precision: str | None = None
    date_created_source: str | None = None
    source_id: str | None = None
    url: str | None = None
    parent_position: int | None = None
    parent_source_id: str | None = None
    parent_how: str | None = None
    upvotes: int | None = None
    downvotes: int | None = None
    status: str = "visible"
    method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article with its readers' comments, as read from one page or merged from several.

    *access* is "full", "teaser" or "paywall". *comment_pages* and *body_pages* are absolute
    addresses of further pages of the thread and of the text that are not yet part of this record,
    *comment_sources* those of JSON or feeds with the same comments. *comment_order* is "oldest" or
    "newest" first. *pingbacks* are those that the thread shows: sites count them as comments.
    *field_methods* tell field by field how it was read where a profile was known: "profile",
    "selector", "generic" (the profile missed), "recounted", "short" or "absent"; "template" names
    the profile, "missed" those that should have fitted; "earlier" is what only an earlier look
    told.
    """

    url: str
    headline: str
    article_body: str
    canonical_url: str | None = None
    description: str | None = None
    authors: tuple[Author, ...] = ()
    article_section: str | None = None
    keywords: tuple[str, ...] = ()
    in_language: str | None = None
    date_published: datetime | None = None
    date_published_raw: str | None = None
    date_published_precision: str | None = None
    date_published_source: str | None = None
    date_modified: datetime | None = None
    date_modified_raw: str | None = None
    date_modified_precision: str | None = None
    date_modified_source: str | None = None
    date_conflict: str | None = None
    access: str = "full"
    comments: tuple[Comment, ...] = ()
    comments_declared: int | None = None
    pingbacks: int = 0
    comments_gap_reason: str | None = None
    comment_order: str | None = None
    comment_system: str | None = None
    comment_pages: tuple[str, ...] = ()
    comment_sources: tuple[str, ...] = ()
    body_pages: tuple[str, ...] = ()
    removed_blocks: tuple[RemovedBlock, ...] = ()
    method: str | None = None
    field_methods: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A canonical address worth a visit, and how it was found.

    *kind* is "page", "sitemap", "feed", "changes" (articles by their last change), "comments" (a
    site's newest comments) or "posts" (its newest articles with their texts, to learn from).
    *found_how* is "start", "robots", "sitemap", "feed", "archive", "link" or "redirect"; *found_on*
    the address that named it. Lower *priority* is visited first. *last_comment* and
    *comments_listed* are what a list tells of the page's thread.
    *is_next* marks the page that goes on where a list ends: it is worth a visit again when the list
    brought news.
    """

    url: str
    kind: str = "page"
    found_how: str = "link"
    found_on: str | None = None
    priority: int = 50
    depth: int = 0
    lastmod: datetime | None = None
    feed_published: datetime | None = None
    last_comment: datetime | None = None
    comments_listed: int | None = None
    is_next: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer, byte for byte as they went over the wire (chunked and compressed
    bodies left so).

    Of an imported capture the request may be unknown (empty). With *media_type*, *response* is a
    bare document without a header.
    """

    url: str
    fetched_at: datetime
    request: bytes
    response: bytes
    ip_address: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """The outcome of one request: every one is kept, also those that failed.

    *outcome* is one word ("ok", "redirect", "not_found", "timeout", "dns", "too_large", "robots"
    ...), *detail* one sentence.
    *tdm_reservation* ("1" or "0"), *tdm_policy* and *tdm_source* ("file", "header" or "meta") are
    the site's word on text and data mining (TDMRep), *robots_tag* the tokens of X-Robots-Tag and of
    the robots meta element ("noai, noimageai").
    """

    url: str
    fetched_at: datetime
    outcome: str
    detail: str | None = None
    status: int | None = None
    content_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    elapsed_seconds: float | None = None
    tdm_reservation: str | None = None
    tdm_policy: str | None = None
    tdm_source: str | None = None
    robots_tag: str | None = None
    exchange: Exchange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A page of the frontier that is ours to visit until the lease expires.

    *token* is the number of this lease of the page: what comes in under an older number is not
    stored. *hint* says in a word why a known page is looked at again ("lastmod", "comment",
    "unlisted", "more", "refresh"), None when its time had come.
    """

    page_id: int
    url: str
    kind: str
    depth: int
    attempts: int
    token: int = 0
    feed_published: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    last_full_visit: datetime | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """All that came of one leased page; stored whole or not at all.

    *state* is the page's next state: "done" (an article, a listing, a sitemap was read), "refused"
    (looked at, not an article), "gone" (the site has it no more), "unchanged" (as at the last
    visit), "retry" (come back later), "failed" (put aside) or "put_back" (not our page's fault: as
    if it had not been leased). *outcome* and *detail* say why. *url* is the canonical address under
    which the article is stored: the leased page's own or, after a redirect, the final one.
    """

    page_id: int
    url: str
    state: str
    outcome: str
    token: int = 0
    detail: str | None = None
    fetches: tuple[Fetch, ...] = ()
    article: Article | None = None
    candidates: tuple[Candidate, ...] = ()
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture:
    """One answer in the archive's WARC files; *is_gone* says that it told of the page's end,
    *is_unread* that it was imported.
    """

    url: str
    fetched_at: datetime
    file: str
    offset: int
    digest: str | None
    feed_published: datetime | None = None
    is_gone: bool = False
    is_unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is known of a page right after a look at it, for the question when the next one is worth
    it.

    *last_news* is when it last brought something new: for an article its publication, its newest
    comment or its last change, for a list the last time it named an unknown page. *attempts* counts
    failures in a row, *is_further* marks a list's later pages; *lists_articles* is False for a
    sitemap of nothing but tags, authors and the like.
    """

    url: str
    kind: str
    state: str
    outcome: str
    now: datetime
    last_news: datetime
    visits: int = 1
    attempts: int = 0
    lastmod: datetime | None = None
    is_further: bool = False
    lists_articles: bool = True
    site_has_lists: bool = False
