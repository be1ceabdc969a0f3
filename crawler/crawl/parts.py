"""The other parts of an article: further pages of its text and thread, and the comments that
its page's script, or the site's second source, states.
"""

from __future__ import annotations

from collections import deque

from crawler.crawl.trail import Trail
from crawler.downloader import Stop
from crawler.extraction import ExtractionFailed, PageReading
from pipelines import comments, content
from pipelines.comments import SourceAnswer, SourceThread
from storage.records import Article, ThreadSource
from storage.urls import canonical, variant_key


async def gather_pages(first: Article, trail: Trail, most: int) -> tuple[Article, tuple[str, ...]]:
    """Return *first* together with the further pages of its thread and its text, at most *most*,
    and their addresses.

    Raises Stop when the run is ending: half a thread is not stored when a later run can have the
    whole.
    """
    opened: list[Article] = []
    seen = {canonical(first.url), variant_key(first.url)}
    waiting = deque((*first.body_pages, *first.comment_pages))
    while waiting and len(opened) < most:
        url = trail.address_within(waiting.popleft())
        if url is None or url in seen:
            continue
        seen.add(url)
        reading = await _open(url, trail)
        part = reading.article if reading is not None else None
        if part is not None:
            opened.append(part)
            is_own = content.is_part(first, part)
            waiting.extend((*part.body_pages, *part.comment_pages) if is_own else ())
    parts = tuple(part.url for part in opened if content.is_part(first, part))
    return content.merge(first, opened) if opened else first, parts


async def ask_sources(article: Article, trail: Trail, most: int) -> SourceThread | None:
    """Return what the first source of *article*'s comments that can be read states, in at most
    *most* requests; None where none can.

    A source that does not answer states nothing: its fetch is kept and the gap stays. Raises Stop
    when the run is ending.
    """
    stated: SourceThread | None = None
    for source in filter(trail.may_ask, comments.sources_of(article)):
        stated = comments.SourceThread(source)
        for _request in range(most):
            asked = stated.next_source()
            if asked is None:
                break
            stated.take(await _ask(asked, trail))
        if stated.is_answered:
            return stated
    return stated


async def _ask(source: ThreadSource, trail: Trail) -> SourceAnswer | None:
    """Return what a source answers; None when it cannot be had or read, which its fetch states."""
    try:
        return (await trail.ask(source)).answer
    except ExtractionFailed:
        return None
    except Stop as stop:
        if stop.state == "put_back":
            raise
        return None


async def _open(url: str, trail: Trail) -> PageReading | None:
    """Return what a further address holds; None when it cannot be had, which its fetch states."""
    try:
        return (await trail.open(url))[1]
    except ExtractionFailed:
        return None
    except Stop as stop:
        if stop.state == "put_back":
            raise
        return None
