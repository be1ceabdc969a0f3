"""A site's kept pages read again to learn from, and what its feeds stated when fetched."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

from sqlalchemy import Connection

from crawler.extraction.page_reading import KeptPage, with_threads
from crawler.extraction.worker import stated_by
from pipelines.article import check_type
from pipelines.comments import BadSource, read_source
from pipelines.document import Document, Unreadable, open_document
from pipelines.learning import StatedEvidence, joined, learn
from pipelines.page_kind import NotAnArticle
from pipelines.profiles import Profile
from pipelines.snapshots import Group, group_captures
from storage.articles import article_pages, find_page, page_addresses, teaching_pages
from storage.crawl import unprofiled_pages
from storage.progress import Report, no_report
from storage.records import Comment, Page, StoredCapture
from storage.urls import is_comment_page, same_site
from storage.warc import CaptureReader, Unavailable, captures_of

PAGES_TO_LEARN = 24


def kept_pages(
    connection: Connection, folder: Path, page_ids: Sequence[int], report: Report = no_report
) -> list[KeptPage]:
    """Return the newest look at each of the pages that has one which can be read."""
    reader = CaptureReader(folder / "warc", connection)
    addresses = page_addresses(connection, page_ids)
    found = []
    for done, page_id in enumerate(page_ids, 1):
        captures = captures_of(connection, page_id)
        looks = [
            group
            for group in group_captures(addresses[page_id], captures)
            if not group.main.is_gone
        ]
        with suppress(Unavailable):
            found += [
                KeptPage(reader.read(look.main), tuple(_source_comments(reader, looks)))
                for look in looks[-1:]
            ]
        report("pages read", done, len(page_ids))
    return found


def newest_look(connection: Connection, folder: Path, url: str) -> Page | None:
    """Return the newest capture of the page that *url* leads to, None where none can be read.

    Raises NotThere where the archive never heard of that address.
    """
    kept = kept_pages(connection, folder, [find_page(connection, url)])
    return kept[0].page if kept else None


def _source_comments(reader: CaptureReader, looks: Sequence[Group]) -> Iterator[Comment]:
    """Yield the comments in the newest answers of the page's own source: a later look without them
    takes nothing away.
    """
    parts = [
        capture
        for look in looks
        for capture in look.parts
        if not capture.is_gone
        and not is_comment_page(capture.url)
        and same_site(capture.url, look.main.url)
    ]
    for capture in {capture.url: capture for capture in parts}.values():
        with suppress(Unavailable, BadSource):
            page = reader.read(capture)
            yield from read_source(page.body, page.fetched_at)


def kept_evidence(
    connection: Connection, folder: Path, site_id: int, most: int | None = None
) -> dict[str, StatedEvidence]:
    """Return by address what the site's feeds and lists of posts, all or the first *most*, stated
    when they were last fetched.
    """
    reader = CaptureReader(folder / "warc", connection)
    stated: dict[str, StatedEvidence] = {}
    for page_id, kind in teaching_pages(connection, site_id)[:most]:
        captures: list[StoredCapture] = [
            capture for capture in captures_of(connection, page_id) if not capture.is_gone
        ]
        with suppress(IndexError, Unavailable):
            stated = joined(stated, stated_by(kind, reader.read(captures[-1])))
    return stated


def learn_site(
    connection: Connection, folder: Path, site_id: int, site: str, report: Report = no_report
) -> tuple[Profile, ...]:
    """Return what the newest captures of a site's articles teach, without keeping it."""
    page_ids = article_pages(connection, site_id)
    chosen = set(Random(len(page_ids)).sample(page_ids, min(PAGES_TO_LEARN, len(page_ids))))  # noqa: S311  # a fair choice, no secret
    chosen |= set(unprofiled_pages(connection, site_id, PAGES_TO_LEARN // 2))
    kept = kept_pages(connection, folder, sorted(chosen), report)
    stated = with_threads(kept_evidence(connection, folder, site_id), kept)
    return learn(site, documents_of(one.page for one in kept), stated)


def documents_of(pages: Iterable[Page]) -> list[Document]:
    """Return those of *pages* that can be opened as documents."""
    found = []
    for page in pages:
        with suppress(NotAnArticle, Unreadable):
            check_type(page)
            found.append(open_document(page))
    return found
