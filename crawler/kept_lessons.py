"""What the archive keeps of a site to learn from: articles' pages, what their comment sources told, what lists say of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from crawler.reading import said_by
from pipelines.addresses import is_comment_page
from pipelines.assembling import Group, group_captures
from pipelines.comments.sources import BadSource, read_source
from pipelines.learning.evidence import Evidence, joined
from storage.addresses import variant_key
from storage.counting import Report, tell_nobody
from storage.records import Comment, Page, StoredCapture
from storage.rereading import page_addresses, teaching_pages
from storage.stored_captures import CaptureReader, Unavailable, captures_of


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An article's own page, and the comments that its second source told of it; none where it was not asked."""

    page: Page
    comments: tuple[Comment, ...] = ()


def kept_pages(connection: Connection, folder: Path, page_ids: Sequence[int], report: Report = tell_nobody) -> list[KeptPage]:
    """Return the newest look at each of the pages that has one which can be read."""
    reader = CaptureReader(folder / "warc", connection)
    addresses = page_addresses(connection, page_ids)
    found = []
    for done, page_id in enumerate(page_ids, 1):
        captures = captures_of(connection, page_id)
        looks = [group for group in group_captures(addresses[page_id], captures) if not group.main.is_gone]
        with suppress(Unavailable):
            found += [KeptPage(reader.read(look.main), tuple(_told(reader, looks))) for look in looks[-1:]]
        report("pages read", done, len(page_ids))
    return found


def _told(reader: CaptureReader, looks: Sequence[Group]) -> Iterator[Comment]:
    """Yield the comments in the newest answers of the page's own source: a later look without them takes nothing away."""
    parts = [capture for look in looks for capture in look.parts if not capture.is_gone and not is_comment_page(capture.url)]
    for capture in {capture.url: capture for capture in parts}.values():
        with suppress(Unavailable, BadSource):
            page = reader.read(capture)
            yield from read_source(page.body, page.fetched_at)


def kept_evidence(connection: Connection, folder: Path, site_id: int, most: int | None = None) -> dict[str, Evidence]:
    """Return by address what the site's feeds and lists of posts, all or the first *most*, said when they were last fetched."""
    reader = CaptureReader(folder / "warc", connection)
    said: dict[str, Evidence] = {}
    for page_id, kind in teaching_pages(connection, site_id)[:most]:
        captures: list[StoredCapture] = [capture for capture in captures_of(connection, page_id) if not capture.is_gone]
        with suppress(IndexError, Unavailable):
            said = joined(said, said_by(kind, reader.read(captures[-1])))
    return said


def with_threads(said: Mapping[str, Evidence], pages: Iterable[KeptPage]) -> dict[str, Evidence]:
    """Return what is *said* of articles with what their own pages' comment sources told."""
    return joined(said, {variant_key(kept.page.url): Evidence(comments=kept.comments) for kept in pages if kept.comments})
