"""Feeds: RSS 2.0, RSS 1.0 and Atom, read for the addresses of articles and their dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from crawler.discovery.sitemaps import BadSitemap, unpack
from pipelines.dates import parse_date
from pipelines.document import BadXml, base_of, local_name, parse_xml, xml_text
from storage.numbers import whole_number
from storage.urls import BadAddress, canonical, same_site

USUAL = ("/feed/", "/rss.xml", "/atom.xml", "/index.xml")
ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_COUNT = "{http://purl.org/rss/1.0/modules/slash/}comments"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_DATES = ("published", "pubdate", "date", "issued")
_PAGES = frozenset({"", "text/html", "application/xhtml+xml"})


class BadFeed(ValueError):
    """Raised when an answer is no feed; its text gives the reason."""


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
        root = parse_xml(xml_text(unpack(body)))
    except (BadSitemap, BadXml) as error:
        raise BadFeed(str(error)) from error
    return feed_of(root, url, now, comments=comments)


def feed_of(root: etree._Element, url: str, now: datetime, *, comments: bool = False) -> Feed:
    """Return what the feed whose *root* is given names, as read_feed does. Raises BadFeed."""
    if local_name(root) not in ROOTS:
        raise BadFeed("It is neither RSS nor Atom.")
    if not comments and _is_comment_feed(root):
        return Feed((), None)
    return Feed(tuple(_entries(root, url, now)), _next(root, url))


def _is_comment_feed(root: etree._Element) -> bool:
    title = next(
        (element.text or "" for element in root.iter() if local_name(element) == "title"), ""
    ).lower()
    return title.startswith(
        ("reacties op", "comments on", "comments for", "reacties voor", "commentaar op")
    )


def _entries(root: etree._Element, url: str, now: datetime) -> Iterator[FeedEntry]:
    for element in root.iter():
        if local_name(element) not in {"item", "entry"}:
            continue
        fields: dict[str, str] = {}
        for child in element:
            value = (child.text or "").strip()
            if value:
                fields.setdefault("count" if child.tag == _COUNT else local_name(child), value)
        address = _address(element, url)
        if address is not None:
            yield FeedEntry(address, _published(fields, now), whole_number(fields.get("count")))


def _address(entry: etree._Element, url: str) -> str | None:
    """Return the address of an entry's page: of those it names the first on the site of the feed,
    which a service may have sent its links around.
    """
    found: list[str] = []
    for address, base in sorted_addresses(entry, url):
        try:
            found.append(canonical(address, base))
        except BadAddress:
            continue
    return next((one for one in found if same_site(one, url)), found[0] if found else None)


def sorted_addresses(entry: etree._Element, url: str) -> list[tuple[str, str]]:
    """Return what an entry names as its address, the likeliest first, each with its base.

    ``feedburner:origLink``, a link to a page, a guid that is a permalink, RSS 1.0's ``rdf:about``;
    links to other forms of it (JSON, a picture) are none.
    """
    ranked = [one for child in entry if (one := _ranked(child, url)) is not None]
    ranked.append((4, entry.get(_ABOUT) or "", url))
    return [(address, base) for _rank, address, base in sorted(ranked, key=_rank) if address]


def _ranked(child: etree._Element, url: str) -> tuple[int, str, str] | None:
    """Return how likely an element of an entry names its page (0 is likeliest), the address and its
    base; None where it names none.
    """
    name, value = local_name(child), (child.text or "").strip()
    is_absolute = value.startswith(("http://", "https://"))
    if name == "origlink" and value:
        return 0, value, base_of(child, url)
    if name == "link" and _is_to_page(child):
        return 1, child.get("href", "").strip() or value, base_of(child, url)
    ranks = {"guid": 2, "id": 3}
    if name in ranks and is_absolute and child.get("isPermaLink", "true").lower() != "false":
        return ranks[name], value, url
    return None


def _rank(one: tuple[int, str, str]) -> int:
    return one[0]


def _is_to_page(link: etree._Element) -> bool:
    kind = (link.get("type") or "").partition(";")[0].strip().lower()
    return link.get("rel", "alternate") == "alternate" and kind in _PAGES


def _published(fields: dict[str, str], now: datetime) -> datetime | None:
    for name in _DATES:
        found = parse_date(fields[name], reference=now) if name in fields else None
        if found is not None:
            return found.moment
    return None


def _next(root: etree._Element, url: str) -> str | None:
    for element in root.iter():
        if local_name(element) == "link" and element.get("rel") == "next" and element.get("href"):
            try:
                return canonical(element.get("href", ""), base_of(element, url))
            except BadAddress:
                return None
    return None
