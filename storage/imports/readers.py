"""Other people's captures: WARC, WACZ and ARC files and folders of saved pages, read to the last
whole record.

What cannot be read is counted in a Counter by its reason; nothing stops at a bad record that has a
good one behind it.
"""

import gzip
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as ArcIterator
from warcio.exceptions import ArchiveLoadFailed

from storage.imports.saved_pages import read_saved_pages
from storage.numbers import whole_number
from storage.warc import payload_digest

LARGEST_RECORD = 64_000_000
_WANTED = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.revisit
_WARC_MAGIC = (b"WARC/", b"\x28\xb5\x2f\xfd")
_GZIP, _ZIP, _ARC = b"\x1f\x8b", b"PK\x03\x04", b"filedesc:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCapture:
    """One record: an HTTP answer byte for byte, or with *media_type* a bare document.

    A revisit record has the answer's head only; *original* then names the address and moment of the
    capture with its payload, and *digest* the payload itself.
    """

    url: str
    fetched_at: datetime
    message: bytes
    media_type: str | None = None
    digest: str | None = None
    is_revisit: bool = False
    original: tuple[str, datetime] | None = None


class NoCaptures(ValueError):
    """Raised when a path holds no captures that can be read at all; its text says why."""


def read_captures(path: Path, counts: "Counter[str]") -> Iterator[ForeignCapture]:
    """Yield the captures in a WARC, WACZ or ARC file, or in a folder of saved pages with its table.

    Records that cannot be read are counted in *counts*. Raises NoCaptures when *path* is none of
    these.
    """
    if path.is_dir():
        for page in read_saved_pages(path, counts):
            yield ForeignCapture(
                url=page.url, fetched_at=page.fetched_at, message=page.body, media_type="text/html"
            )
        return
    try:
        with path.open("rb") as stream:
            yield from _read_file(stream, path.name, counts)
    except OSError as error:
        raise NoCaptures(f"{path} cannot be read: {error.strerror or error}.") from error


def _read_file(stream: IO[bytes], name: str, counts: "Counter[str]") -> Iterator[ForeignCapture]:
    start = stream.read(4)
    stream.seek(0)
    if start == _ZIP:
        yield from _read_wacz(stream, name, counts)
        return
    if start[:2] == _GZIP:
        begin = _first_bytes(stream, name)
        stream.seek(0)
    else:
        begin = stream.read(9)
        stream.seek(0)
    if begin.startswith(_ARC):
        # Members are undone here: warcio reads only ARC files that were compressed record by
        # record.
        yield from _read_arc(
            gzip.GzipFile(fileobj=stream) if start[:2] == _GZIP else stream, counts
        )
    elif begin.startswith(_WARC_MAGIC):
        yield from _read_warc(stream, counts)
    else:
        raise NoCaptures(f"{name} is no WARC, WACZ or ARC file.")


def _first_bytes(stream: IO[bytes], name: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=stream) as plain:
            return plain.read(9)
    except (OSError, EOFError) as error:
        raise NoCaptures(f"{name} is no gzip file that can be read.") from error


def _read_wacz(stream: IO[bytes], name: str, counts: "Counter[str]") -> Iterator[ForeignCapture]:
    try:
        with zipfile.ZipFile(stream) as package:
            inner = [
                entry
                for entry in package.namelist()
                if entry.endswith((".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz"))
            ]
            if not inner:
                raise NoCaptures(f"{name} is a zip file without WARC files in it.")
            for entry in inner:
                with package.open(entry) as file:
                    yield from _read_file(file, f"{name}/{entry}", counts)
    except zipfile.BadZipFile as error:
        raise NoCaptures(f"{name} is a zip file that cannot be read: {error}.") from error


def _read_warc(stream: IO[bytes], counts: "Counter[str]") -> Iterator[ForeignCapture]:
    records = iter(
        ArchiveIterator(stream, record_types=_WANTED, parse_http=False, quirks_mode=True)
    )
    while True:
        try:
            record = next(records)
            capture = _from_warc(record, counts)
        except StopIteration:
            return
        except OSError:
            counts["cut_off"] += 1  # what follows in the stream cannot be found again
            return
        if capture is not None:
            yield capture


def _from_warc(record: WarcRecord, counts: "Counter[str]") -> ForeignCapture | None:
    headers = record.headers
    url = (headers.get("WARC-Target-URI") or "").strip().strip("<>")
    message = record.reader.read(LARGEST_RECORD)
    kind = (headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    is_http = message.startswith(b"HTTP/")
    fault = _fault_of(record, url, message, kind)
    if fault is not None:
        counts[fault] += 1
        return None
    if _is_altered(headers.get("WARC-Block-Digest"), message):
        counts["wrong_digest"] += 1  # read all the same: most are wrong labels, not wrong bytes
    is_revisit = record.record_type == WarcRecordType.revisit
    return ForeignCapture(
        url=url,
        fetched_at=record.record_date.astimezone(UTC),
        message=message,
        media_type=None if is_http else kind or "text/html",
        digest=headers.get("WARC-Payload-Digest"),
        is_revisit=is_revisit,
        original=_original(headers) if is_revisit else None,
    )


def _fault_of(record: WarcRecord, url: str, message: bytes, kind: str) -> str | None:
    """Return in a word why a record cannot be used, None when it can."""
    if not url.startswith(("http://", "https://")):
        return "no_web_address"
    if record.record_date is None:
        return "no_moment"
    if len(message) < min(record.content_length, LARGEST_RECORD):
        return "cut_off"
    is_answer = record.record_type == WarcRecordType.response or kind.startswith("application/http")
    return "mislabelled" if is_answer and not message.startswith(b"HTTP/") else None


def _is_altered(digest: str | None, block: bytes) -> bool:
    name, _, value = (digest or "").partition(":")
    return (
        name.lower() == "sha1" and len(value) == 32 and payload_digest(block)[5:] != value.upper()
    )


def _original(headers: Any) -> tuple[str, datetime] | None:
    url, moment = headers.get("WARC-Refers-To-Target-URI"), headers.get("WARC-Refers-To-Date")
    if not url or not moment:
        return None
    try:
        return url.strip("<>"), _moment(moment)
    except ValueError:
        return None


def _read_arc(stream: Any, counts: "Counter[str]") -> Iterator[ForeignCapture]:
    records: Any = iter(ArcIterator(stream, no_record_parse=True, arc2warc=True))  # type: ignore[no-untyped-call]  # warcio is untyped
    while True:
        try:
            record = next(records)
            if record.rec_type not in {"response", "resource"}:
                continue
            message = record.raw_stream.read()
        except StopIteration:
            return
        except (ArchiveLoadFailed, OSError, EOFError, ValueError):
            counts["cut_off"] += 1
            return
        capture = _from_arc(record.rec_headers, message, counts)
        if capture is not None:
            yield capture


def _from_arc(headers: Any, message: bytes, counts: "Counter[str]") -> ForeignCapture | None:
    url, moment = headers.get_header("WARC-Target-URI") or "", headers.get_header("WARC-Date")
    if not url.startswith(("http://", "https://")):
        counts["no_web_address"] += 1
        return None
    length = whole_number(headers.get_header("Content-Length"))
    if length is not None and len(message) < length:
        counts["cut_off"] += 1
        return None
    if not message.startswith(b"HTTP/"):
        counts["mislabelled"] += 1
        return None
    try:
        fetched_at = _moment(moment)
    except (ValueError, TypeError):
        counts["no_moment"] += 1
        return None
    return ForeignCapture(url=url, fetched_at=fetched_at, message=message)


def _moment(text: str) -> datetime:
    """Return the moment that a WARC header tells; without a zone it is UTC, as the standard has it.
    Raises ValueError.
    """
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
