"""Feeds: RSS 2.0, RSS 1.0 and Atom, read for the addresses of articles and their dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from crawler.discovery.sitemaps import BadSitemap, unpack
from pipelines.dates import parse_date
from storage.numbers import whole_number
from storage.urls import BadAddress, canonical

USUAL = ("/feed/", "/rss.xml", "/atom.xml", "/index.xml")
_COUNT = "{http://purl.org/rss/1.0/modules/slash/}comments"
_DATES = ("published", "pubdate", "date", "issued")


class BadFeed(ValueError):
    """Raised when an answer is no feed; its text says why."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One article (or comment) that a feed names; *comments* is the number that it states of them
    (slash:comments).
    """

    url: str
    published: datetime | None
    comments: int | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed names: articles, and the address of its next page if it has one (RFC 5005)."""

    entries: tuple[FeedEntry, ...]
    next_url: str | None


def read_feed(body: bytes, url: str, now: datetime, *, comments: bool = False) -> Feed:
    """Return what the feed at *url* names; a feed of comments names nothing unless *comments* are
    wanted.

    Raises BadFeed for what is no feed.
    """
    try:
        data = unpack(body)
    except BadSitemap as error:
        raise BadFeed(str(error)) from error
    if b"<!ENTITY" in data[:4096]:
        raise BadFeed("It declares entities.")
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BadFeed(f"It is no XML: {error}.") from error
    if root is None or _local(root) not in {"rss", "rdf", "feed"}:
        raise BadFeed("It is neither RSS nor Atom.")
    if not comments and _is_comment_feed(root):
        return Feed((), None)
    return Feed(tuple(_entries(root, url, now)), _next(root, url))


def _is_comment_feed(root: etree._Element) -> bool:
    title = next(
        (element.text or "" for element in root.iter() if _local(element) == "title"), ""
    ).lower()
    return title.startswith(
        ("reacties op", "comments on", "comments for", "reacties voor", "commentaar op")
    )


def _entries(root: etree._Element, url: str, now: datetime) -> Iterator[FeedEntry]:
    for element in root.iter():
        if _local(element) not in {"item", "entry"}:
            continue
        fields: dict[str, str] = {}
        for child in element:
            name = _local(child)
            if child.tag == _COUNT:
                name = "count"
            value = (child.text or "").strip()
            if name == "link" and child.get("rel", "alternate") == "alternate":
                value = child.get("href") or value
            if value:
                fields.setdefault(name, value)
        address = fields.get("link") or fields.get("guid", "")
        try:
            yield FeedEntry(
                canonical(address, url), _published(fields, now), whole_number(fields.get("count"))
            )
        except BadAddress:
            continue


def _published(fields: dict[str, str], now: datetime) -> datetime | None:
    for name in _DATES:
        found = parse_date(fields[name], reference=now) if name in fields else None
        if found is not None:
            return found.moment
    return None


def _next(root: etree._Element, url: str) -> str | None:
    for element in root.iter():
        if _local(element) == "link" and element.get("rel") == "next" and element.get("href"):
            try:
                return canonical(element.get("href", ""), url)
            except BadAddress:
                return None
    return None


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
