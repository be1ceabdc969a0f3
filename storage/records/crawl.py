"""The records of a crawl: pages, candidates, requests with their answers, leases and visits."""

from dataclasses import dataclass, field
from datetime import datetime

from storage.records.article import Article, ThreadSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fetched page: bytes with an address and the moment they were fetched, wherever they came
    from; *is_partial* states that it was cut off: what it lacks may be there all the same.
    *source* is what was asked, where it is the answer of a source of comments.
    """

    url: str
    body: bytes = field(repr=False)
    fetched_at: datetime
    content_type: str | None = None
    status: int = 200
    feed_published: datetime | None = None
    is_partial: bool = False
    source: ThreadSource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A canonical address worth a visit, and how it was found.

    *kind* is "page", "sitemap", "feed", "changes" (articles by their last change), "comments" (a
    site's newest comments) or "posts" (its newest articles with their texts, to learn from).
    *found_how* is "start", "robots", "sitemap", "feed", "archive", "link" or "redirect"; *found_on*
    the address that named it. Lower *priority* is visited first. *last_comment* and
    *comments_listed* are what a list states of the page's thread, *comments_linked* how many
    comments another page's link to it counts ("3 reacties").
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
    comments_linked: int | None = None
    is_next: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer, byte for byte as they went over the wire (chunked and compressed
    bodies left so).

    Of an imported capture the request may be unknown (empty). With *media_type*, *response* is a
    bare document without a header; *is_drawn* says that a browser made it of the answer at this
    address that was written before it. *truncated* states why less is kept than was sent, in WARC's
    words ("length").
    """

    url: str
    fetched_at: datetime
    request: bytes = field(repr=False)
    response: bytes = field(repr=False)
    ip_address: str | None = None
    media_type: str | None = None
    is_drawn: bool = False
    truncated: str | None = None


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
    stored. *hint* states in a word why a known page is looked at again ("lastmod", "comment",
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
    if it had not been leased). *outcome* and *detail* are the reason. *url* is the canonical
    address under which the article is stored: the leased page's own or, after a redirect, the final
    one. *unread* are fields that the page shows and its article lacks; of a list, that it is broken
    off ("entries"). *drawn* are words for what was met when a browser drew the page, None where
    none did.
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
    unread: tuple[str, ...] = ()
    retry_after_seconds: float | None = None
    drawn: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture:
    """One answer in the archive's WARC files; *is_gone* marks one of the page's end,
    *is_unread* that it was imported, *run_id* is the run that fetched or imported it.
    """

    url: str
    fetched_at: datetime
    file: str
    offset: int
    digest: str | None
    feed_published: datetime | None = None
    is_gone: bool = False
    is_unread: bool = False
    run_id: int | None = None


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
