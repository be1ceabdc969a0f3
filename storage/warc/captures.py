"""The captures that the archive keeps: which there are of a page, and what each holds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType
from sqlalchemy import Connection, func, or_, select

from storage.database import fetches, pages
from storage.outcomes import GONE, GONE_STATUSES
from storage.records import Page, StoredCapture
from storage.warc.http import BadAnswer, is_cut_off, parse_answer, split_head
from storage.warc.members import CAPTURES, DOCUMENTS
from storage.warc.object_store import open_warc

UNREAD = "captured"  # the outcome of an imported fetch until its page is read
_READABLE = ("ok", UNREAD)
_COLUMNS = [
    fetches.c[name]
    for name in "page_id run_id url fetched_at warc_file warc_offset digest status outcome".split()
]


class Unavailable(Exception):
    """Raised when a capture's record cannot be read; its text gives the reason."""


def captures_of(connection: Connection, page_id: int) -> tuple[StoredCapture, ...]:
    """Return the captures of a page, oldest first; those of addresses that redirect to it are among
    them.
    """
    url = select(pages.c.url).where(pages.c.id == page_id).scalar_subquery()
    leading = select(pages.c.id).where(or_(pages.c.id == page_id, pages.c.redirects_to == url))
    return _captures(connection, fetches.c.page_id.in_(leading))


def captures_of_pages(
    connection: Connection, urls: Mapping[int, str]
) -> dict[int, tuple[StoredCapture, ...]]:
    """Return the captures of several pages, given their addresses by their keys, each as
    captures_of does.
    """
    keys = {url: key for key, url in urls.items()}
    leading = or_(pages.c.id.in_(list(urls)), pages.c.redirects_to.in_(list(keys)))
    query = select(pages.c.id, pages.c.redirects_to).where(leading)
    led: dict[int, list[int]] = {}
    for row in connection.execute(query):
        led[row.id] = [key for key in {row.id, keys.get(row.redirects_to)} if key in urls]
    found: dict[int, list[StoredCapture]] = {key: [] for key in urls}
    for page_id, capture in _placed(connection, fetches.c.page_id.in_(list(led))):
        for key in led[page_id]:
            found[key].append(capture)
    return {key: tuple(captures) for key, captures in found.items()}


def captures_at(connection: Connection, urls: Sequence[str]) -> tuple[StoredCapture, ...]:
    """Return the captures of the pages whose addresses are among *urls*, oldest first."""
    return _captures(
        connection, fetches.c.page_id.in_(select(pages.c.id).where(pages.c.url.in_(urls)))
    )


def _captures(connection: Connection, where: Any) -> tuple[StoredCapture, ...]:
    return tuple(capture for _page_id, capture in _placed(connection, where))


def _placed(connection: Connection, where: Any) -> Iterator[tuple[int, StoredCapture]]:
    """Yield captures, oldest first, each with the key of its page."""
    query = (
        select(*_COLUMNS, pages.c.feed_published)
        .join(pages, pages.c.id == fetches.c.page_id)
        .where(where, fetches.c.warc_file.is_not(None), fetches.c.outcome.in_((*_READABLE, *GONE)))
        .order_by(fetches.c.fetched_at, fetches.c.id)
    )
    for row in connection.execute(query):
        yield (
            row.page_id,
            StoredCapture(
                url=row.url,
                fetched_at=row.fetched_at,
                file=row.warc_file,
                offset=row.warc_offset,
                digest=row.digest,
                feed_published=row.feed_published,
                is_gone=row.status in GONE_STATUSES,
                is_unread=row.outcome == UNREAD,
                run_id=row.run_id,
            ),
        )


class CaptureReader:
    """Reads captures back from the WARC files of one archive, those in a store among them."""

    def __init__(self, folder: Path, connection: Connection) -> None:
        self._folder = folder
        self._connection = connection

    def read(self, capture: StoredCapture) -> Page:
        """Return the page that *capture* holds. Raises Unavailable."""
        kind, headers, message, is_cut = self._record(capture.file, capture.offset)
        fields: dict[str, Any] = {
            "url": capture.url,
            "fetched_at": capture.fetched_at,
            "feed_published": capture.feed_published,
        }
        if kind in DOCUMENTS:
            return Page(body=message, content_type=headers, is_partial=is_cut, **fields)
        if kind == WarcRecordType.revisit:
            message = message + self._payload(capture)
        try:
            answer = parse_answer(message)
        except BadAnswer as error:
            raise Unavailable(str(error)) from error
        return Page(
            body=answer.body,
            content_type=answer.headers.get("content-type"),
            status=answer.status,
            is_partial=is_cut or is_cut_off(message),
            **fields,
        )

    def message_at(self, file: str, offset: int) -> bytes:
        """Return the content of the record at a place. Raises Unavailable."""
        return self._record(file, offset)[2]

    def _payload(self, capture: StoredCapture) -> bytes:
        """Return the payload of the record that a revisit refers to: the first that was written
        with its digest.
        """
        query = select(fetches.c.warc_file, fetches.c.warc_offset).where(
            fetches.c.digest == capture.digest
        )
        for file, offset in self._connection.execute(query.order_by(fetches.c.id)):
            if (file, offset) == (capture.file, capture.offset):
                continue
            kind, _headers, message, _is_cut = self._record(file, offset)
            if kind == WarcRecordType.response:
                return split_head(message)[1]
        raise Unavailable("The record is a revisit whose payload is not in the archive.")

    def _record(self, file: str, offset: int) -> tuple[WarcRecordType, str | None, bytes, bool]:
        """Return a record's kind, media type and block, and whether it calls itself cut off."""
        try:
            with open_warc(self._connection, self._folder, file) as stream:
                stream.seek(offset)
                record = next(
                    iter(ArchiveIterator(stream, record_types=CAPTURES, parse_http=False))
                )
                headers = record.headers
                is_cut = headers.get("WARC-Truncated") is not None
                kind = headers.get("Content-Type")
                return record.record_type, kind, record.reader.read(), is_cut
        except (OSError, StopIteration) as error:
            raise Unavailable(
                f"{file} cannot be read at {offset}: {error or 'no record'}."
            ) from error


def known_captures(connection: Connection, urls: Iterable[str]) -> set[tuple[str, datetime]]:
    """Return address and moment of every capture of the pages *urls*."""
    of_pages = fetches.c.page_id.in_(select(pages.c.id).where(pages.c.url.in_(list(urls))))
    return {
        (row.url, row.fetched_at)
        for row in connection.execute(select(fetches.c.url, fetches.c.fetched_at).where(of_pages))
    }


class NoOriginal(LookupError):
    """Raised when an answer is not kept or cannot be read; its text gives the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """An answer's body without the wire's encodings, and what the archive knows of the fetch."""

    fetch_id: int
    page_id: int | None
    url: str
    fetched_at: datetime
    content_type: str | None
    warc_file: str
    record_id: str | None
    body: bytes


def newest_answers(connection: Connection, urls: Sequence[str]) -> dict[str, int]:
    """Return the newest kept answer of each of *urls* that belongs to no page, by address: robots
    files, style sheets, pictures.
    """
    kept = (fetches.c.page_id.is_(None), fetches.c.status == 200, fetches.c.warc_file.is_not(None))
    query = (
        select(fetches.c.url, func.max(fetches.c.id))
        .where(fetches.c.url.in_(urls), *kept)
        .group_by(fetches.c.url)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def read_original(connection: Connection, folder: Path, fetch_id: int) -> Original:
    """Return the answer of a fetch, whose WARC file lies in *folder*; a revisit record leads to the
    answer that it repeats.

    Raises NoOriginal.
    """
    fetch = connection.execute(select(fetches).where(fetches.c.id == fetch_id)).one_or_none()
    if fetch is None or fetch.warc_file is None:
        raise NoOriginal(f"No answer is kept of fetch {fetch_id}.")
    kept = StoredCapture(
        url=fetch.url,
        fetched_at=fetch.fetched_at,
        file=fetch.warc_file,
        offset=fetch.warc_offset,
        digest=fetch.digest,
    )
    try:
        page = CaptureReader(folder, connection).read(kept)
    except Unavailable as error:
        raise NoOriginal(f"The kept answer cannot be read: {error}") from error
    return Original(
        fetch_id=fetch.id,
        page_id=fetch.page_id,
        url=fetch.url,
        fetched_at=fetch.fetched_at,
        content_type=fetch.content_type,
        warc_file=fetch.warc_file,
        record_id=fetch.warc_record_id,
        body=page.body,
    )
