"""Sitemaps: XML, gzipped or plain text, read to the last whole entry; bombs are refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from pipelines.dates import parse_date
from pipelines.document import base_of, local_name
from storage.urls import BadAddress, canonical
from storage.warc import unpack_body

LARGEST = 50 * 1024 * 1024  # sitemaps.org: at most 50 MB unpacked
MOST_ENTRIES = 50_000
USUAL = (
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/wp-sitemap.xml",
    "/sitemap-index.xml",
    "/sitemap.xml.gz",
)
ROOTS = frozenset({"urlset", "sitemapindex", "url", "sitemap"})
_OF_MEDIA = ("image", "video")
_END = re.compile(
    rb"</(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex|rss|rdf|feed|channel)\s{0,20}>", re.IGNORECASE
)
_TAIL = 65_536  # bytes: what a cache or a debugger writes after a list is shorter


class BadSitemap(ValueError):
    """Raised when a sitemap is refused; its text gives the reason."""


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A page or, in an index, another sitemap."""

    url: str
    lastmod: datetime | None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names: pages, and further sitemaps."""

    pages: tuple[SitemapEntry, ...]
    sitemaps: tuple[SitemapEntry, ...]


def sitemap_of(root: etree._Element, url: str, now: datetime) -> Sitemap:
    """Return what the sitemap whose *root* is given names, read to the last whole entry.
    Raises BadSitemap when it is the root of something else.
    """
    if local_name(root) not in ROOTS:
        is_page = local_name(root) == "html"
        raise BadSitemap("It is an HTML page." if is_page else "It is no sitemap.")
    pages: list[SitemapEntry] = []
    sitemaps: list[SitemapEntry] = []
    for kind, entry in _xml_entries(root, url, now):
        (sitemaps if kind == "sitemap" else pages).append(entry)
        if len(pages) + len(sitemaps) >= MOST_ENTRIES:
            break
    return Sitemap(tuple(pages), tuple(sitemaps))


def unpack(body: bytes) -> bytes:
    """Return *body*, unpacked when it is gzip, however often; of a broken one what there is.

    Raises BadSitemap when it unpacks to more than 50 MB or is broken from the start.
    """
    data, problem = unpack_body(body, "", LARGEST)
    if problem == "too_large":
        raise BadSitemap("It unpacks to more than 50 MB.")
    if problem is not None and not data:
        raise BadSitemap("It is broken gzip.")
    return data[:LARGEST]


def is_in_part(body: bytes) -> bool:
    """Return whether the list *body*, unpacked, is read in part only: XML without its end, or with
    more entries than are read.
    """
    if not body[:100].lstrip(b"\xef\xbb\xbf\xff\xfe\x00\t\n\r ").startswith(b"<"):
        return False  # lines, or JSON, of which a part is none
    tail = body[-_TAIL:].replace(b"\x00", b"")  # the same letters in UTF-16
    return not _END.search(tail) or body.count(b"</loc>") > MOST_ENTRIES


def plain_sitemap(text: str) -> Sitemap:
    """Return what a sitemap that is a list of lines names."""
    return Sitemap(tuple(_text_entries(text)), ())


def _text_entries(text: str) -> Iterator[SitemapEntry]:
    for line in text.splitlines()[:MOST_ENTRIES]:
        try:
            yield SitemapEntry(canonical(line), None)
        except BadAddress:
            continue


def _xml_entries(
    root: etree._Element, url: str, now: datetime
) -> Iterator[tuple[str, SitemapEntry]]:
    for element in root.iter():
        kind = local_name(element)
        if kind not in {"url", "sitemap"}:
            continue
        fields: dict[str, str] = {}
        for child in element:
            if (child.text or "").strip() and not _is_of_media(child):
                fields.setdefault(local_name(child), (child.text or "").strip())
        try:
            address = canonical(fields.get("loc", ""), base_of(element, url))
        except BadAddress:
            continue
        if "loc" in fields:  # else it was cut off in the middle
            yield kind, SitemapEntry(address, _moment(fields.get("lastmod"), now))


def _is_of_media(element: etree._Element) -> bool:
    """Return whether an element is of the extension for pictures or films, which have a loc too."""
    tag = element.tag
    space = tag.rpartition("}")[0] or tag.rpartition(":")[0] if isinstance(tag, str) else ""
    return any(word in space for word in _OF_MEDIA)


def _moment(text: str | None, now: datetime) -> datetime | None:
    found = parse_date(text, reference=now) if text else None
    return found.moment if found else None
