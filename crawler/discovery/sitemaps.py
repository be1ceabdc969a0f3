"""Sitemaps: XML, gzipped or plain text, read to the last whole entry; bombs are refused."""

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from pipelines.dates import parse_date
from storage.urls import BadAddress, canonical

LARGEST = 50 * 1024 * 1024  # sitemaps.org: at most 50 MB unpacked
MOST_ENTRIES = 50_000
USUAL = (
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/wp-sitemap.xml",
    "/sitemap-index.xml",
    "/sitemap.xml.gz",
)


class BadSitemap(ValueError):
    """Raised when a sitemap is refused; its text says why."""


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


def read_sitemap(body: bytes, url: str, now: datetime) -> Sitemap:
    """Return what the sitemap at *url* names; broken XML is read to the last whole entry.

    Raises BadSitemap for gzip and entity bombs and for what is no sitemap at all.
    """
    data = unpack(body)
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return Sitemap(tuple(_text_entries(data)), ())
    if b"<!ENTITY" in data[:4096] or (
        b"<!DOCTYPE" in data[:1024] and b"<html" in data[:4096].lower()
    ):
        raise BadSitemap("It declares entities or is an HTML page.")
    pages: list[SitemapEntry] = []
    sitemaps: list[SitemapEntry] = []
    for kind, entry in _xml_entries(data, url, now):
        (sitemaps if kind == "sitemap" else pages).append(entry)
        if len(pages) + len(sitemaps) >= MOST_ENTRIES:
            break
    return Sitemap(tuple(pages), tuple(sitemaps))


def unpack(body: bytes) -> bytes:
    """Return *body*, gunzipped when it is gzip.

    Raises BadSitemap when it unpacks to more than 50 MB or is broken from the start.
    """
    if not body.startswith(b"\x1f\x8b"):
        return body[:LARGEST]
    try:
        data = gzip.GzipFile(fileobj=io.BytesIO(body)).read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadSitemap(f"It is broken gzip: {error}.") from error
    if len(data) > LARGEST:
        raise BadSitemap("It unpacks to more than 50 MB.")
    return data


def _text_entries(data: bytes) -> Iterator[SitemapEntry]:
    for line in data.decode("utf-8", "replace").splitlines()[:MOST_ENTRIES]:
        try:
            yield SitemapEntry(canonical(line), None)
        except BadAddress:
            continue


def _xml_entries(data: bytes, url: str, now: datetime) -> Iterator[tuple[str, SitemapEntry]]:
    parser = etree.iterparse(
        io.BytesIO(data),
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
    try:
        for _event, element in parser:
            kind = _local(element)
            if kind not in {"url", "sitemap"}:
                continue
            fields = {_local(child): (child.text or "").strip() for child in element}
            element.clear()
            if not fields.get("loc"):
                continue  # cut off in the middle
            try:
                yield (
                    kind,
                    SitemapEntry(
                        canonical(fields["loc"], url), _moment(fields.get("lastmod"), now)
                    ),
                )
            except BadAddress:
                continue
    except etree.XMLSyntaxError:
        return  # what stood before the break was yielded


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _moment(text: str | None, now: datetime) -> datetime | None:
    found = parse_date(text, reference=now) if text else None
    return found.moment if found else None
