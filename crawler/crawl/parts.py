"""The other parts of an article: further pages of its text and thread, and the comment source that
its page names.
"""

from __future__ import annotations

from collections import deque

from crawler.crawl.trail import Trail
from crawler.downloader import Stop
from crawler.extraction import ExtractionFailed, PageReading
from pipelines import comments, content
from storage.records import Article, Comment
from storage.urls import canonical, variant_key


async def gather_pages(first: Article, trail: Trail, most: int) -> Article:
    """Return *first* together with the further pages of its thread and its text, at most *most*.

    Raises Stop when the run is ending: half a thread is not stored when a later run can have the
    whole.
    """
    parts: list[Article] = []
    seen = {canonical(first.url), variant_key(first.url)}
    waiting = deque((*first.body_pages, *first.comment_pages))
    while waiting and len(parts) < most:
        url = trail.address_within(waiting.popleft())
        if url is None or url in seen:
            continue
        seen.add(url)
        reading = await _open(url, trail)
        part = reading.article if reading is not None else None
        if part is not None:
            parts.append(part)
            waiting.extend((*part.body_pages, *part.comment_pages))
    return content.merge(first, parts) if parts else first


async def ask_source(article: Article, trail: Trail, most: int) -> tuple[Comment, ...]:
    """Return what the comment source of *article*, on its own site, states in at most *most*
    requests.

    A source that does not answer states nothing: its fetch is kept and the gap stays. Raises Stop
    when the run is ending.
    """
    found: list[Comment] = []
    sources = (url for url in article.comment_sources if trail.address_within(url) is not None)
    address = next(sources, None)
    for _request in range(most):
        reading = None if address is None else await _open(address, trail, kind="thread")
        if address is None or reading is None:
            break
        found += reading.comments
        address = comments.next_address(address, len(reading.comments))
    return tuple(found)


async def _open(url: str, trail: Trail, kind: str | None = None) -> PageReading | None:
    """Return what a further address holds; None when it cannot be had, which its fetch states."""
    try:
        return (await trail.open(url, kind))[1]
    except ExtractionFailed:
        return None
    except Stop as stop:
        if stop.state == "put_back":
            raise
        return None
