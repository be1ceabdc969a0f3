"""Pages read back from WARC files."""

from collections.abc import Iterator
from datetime import UTC
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

from storage.records import Page
from storage.warc.http import BadAnswer, parse_answer


def read_pages(stream: BinaryIO) -> Iterator[Page]:
    """Yield the page of every answer with status 200 in a WARC *stream*, decoded from the wire's
    encodings.

    FastWARC's own decoding is not used: it ends the stream at the first body that is both chunked
    and compressed.
    """
    for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=False):
        try:
            answer = parse_answer(record.reader.read())
        except BadAnswer:
            continue
        if answer.status == 200:
            yield Page(
                url=record.headers["WARC-Target-URI"],
                body=answer.body,
                fetched_at=record.record_date.astimezone(UTC),
                content_type=answer.headers.get("content-type"),
            )
