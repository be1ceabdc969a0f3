"""The stored original: a fetch's answer, read back from its WARC file as it came over the wire."""

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from sqlalchemy import Connection, Row, select

from storage.crawl_schema import fetches
from storage.http_answer import BadAnswer, parse_answer

MOST_HOPS = 5


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
    place: Any = fetch
    for _hop in range(MOST_HOPS):
        record = _record(folder, place)
        if record.record_type != WarcRecordType.revisit:
            break
        told = record.headers.get("WARC-Refers-To")
        place = connection.execute(
            select(fetches).where(fetches.c.warc_record_id == told, fetches.c.digest == fetch.digest)
        ).first()
        if place is None:
            raise NoOriginal("The answer is the same as an earlier one, which is not in this archive.")
    try:
        answer = parse_answer(record.reader.read())
    except BadAnswer as error:
        raise NoOriginal(f"The kept answer cannot be read: {error}") from error
    return Original(
        fetch_id=fetch.id,
        page_id=fetch.page_id,
        url=fetch.url,
        fetched_at=fetch.fetched_at,
        content_type=fetch.content_type,
        warc_file=fetch.warc_file,
        record_id=fetch.warc_record_id,
        body=answer.body,
    )


def _record(folder: Path, place: Row[Any]) -> WarcRecord:
    name = Path(place.warc_file).name
    path = next((path for path in (folder / name, folder / f"{name}.open") if path.exists()), None)
    if path is None:
        raise NoOriginal(f"The WARC file {name} is not in {folder}.")
    with path.open("rb") as file:
        file.seek(place.warc_offset)
        member = file.read(place.warc_length)
    for record in ArchiveIterator(io.BytesIO(member), parse_http=False):
        record.freeze()
        return record
    raise NoOriginal(f"The record in {name} at {place.warc_offset} cannot be read.")
