"""Which page and which article an address means: one is known by every address that led to it."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from storage.database import articles, fetches, pages
from storage.urls import BadAddress, canonical, variant_key

_WITHOUT_SCHEME = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?/\S*")


class NotThere(LookupError):
    """Raised when the archive has nothing under that key."""


def find_article(connection: Connection, url: str) -> int:
    """Return the key of the article at *url*: its own address, its canonical one, one that leads to
    it, or one that differs from these only in scheme, "www." or a slash at its end.

    Raises NotThere when there is none.
    """
    for page_ids in _meant(url):
        query = select(articles.c.id).where(articles.c.page_id.in_(page_ids))
        key = connection.execute(query.order_by(articles.c.id).limit(1)).scalar_one_or_none()
        if key is not None:
            return int(key)
    raise NotThere(f"There is no article at {url} in this archive.")


def article_named(connection: Connection, words: str) -> int | None:
    """Return the key of the article whose address *words* are, with or without "https://", see
    find_article; None where they are no address, or there is none.
    """
    stated = words.strip()
    if "://" not in stated and _WITHOUT_SCHEME.fullmatch(stated):
        stated = f"https://{stated}"
    try:
        return find_article(connection, stated) if "://" in stated else None
    except NotThere:
        return None


def find_page(connection: Connection, url: str) -> int:
    """Return the key of the page at *url*, of an article's where there is one, see find_article.

    Raises NotThere when the archive never heard of it.
    """
    try:
        article = find_article(connection, url)
    except NotThere:
        for page_ids in _meant(url):
            key = connection.execute(page_ids.order_by(pages.c.id).limit(1)).scalar_one_or_none()
            if key is not None:
                return int(key)
        raise
    of_article = select(articles.c.page_id).where(articles.c.id == article)
    return int(connection.execute(of_article).scalar_one())


def _meant(url: str) -> Iterator[Select[Any]]:
    """Yield queries for the keys of the pages that *url* may mean, the surest first."""
    spelled = {url}
    try:
        spelled.add(canonical(url))
        variant = variant_key(url)
    except BadAddress:
        variant = None
    own = or_(articles.c.url.in_(spelled), articles.c.canonical_url.in_(spelled))
    yield select(pages.c.id).where(pages.c.id.in_(select(articles.c.page_id).where(own)))
    yield select(pages.c.id).where(_are(select(pages.c.url).where(pages.c.url.in_(spelled))))
    if variant is not None:
        yield select(pages.c.id).where(
            _are(select(pages.c.url).where(pages.c.variant == variant)),
        )
    # A step between a page and the one that it leads to was never a page itself.
    steps = select(fetches.c.page_id).where(fetches.c.url.in_(spelled))
    yield select(pages.c.id).where(_are(select(pages.c.url).where(pages.c.id.in_(steps))))


def _are(urls: Select[Any]) -> Any:
    """Return the condition for the pages at *urls* and those to which they lead."""
    led = select(pages.c.redirects_to).where(pages.c.url.in_(urls))
    return or_(pages.c.url.in_(urls), pages.c.url.in_(led))
