"""The stored original: a fetch's answer, read back from its WARC file as it came over the wire."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from storage.crawl_schema import fetches
from storage.records import StoredCapture
from storage.stored_captures import CaptureReader, Unavailable


class NoOriginal(LookupError):
    """Raised when an answer is not kept or cannot be read; its text says why."""


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


def read_original(connection: Connection, folder: Path, fetch_id: int) -> Original:
    """Return the answer of a fetch, whose WARC file lies in *folder*; a revisit record leads to the answer that it repeats.

    Raises NoOriginal.
    """
    fetch = connection.execute(select(fetches).where(fetches.c.id == fetch_id)).one_or_none()
    if fetch is None or fetch.warc_file is None:
        raise NoOriginal(f"No answer is kept of fetch {fetch_id}.")
    kept = StoredCapture(
        url=fetch.url, fetched_at=fetch.fetched_at, file=fetch.warc_file, offset=fetch.warc_offset, digest=fetch.digest
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
