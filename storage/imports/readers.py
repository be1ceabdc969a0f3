"""Other people's captures: WARC, WACZ and ARC files and folders of saved pages, read to the last
whole record.

What cannot be read is counted in a Counter by its reason; nothing stops at a bad record that has a
good one behind it.
"""

import gzip
import logging
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator as ArcIterator
from warcio.exceptions import ArchiveLoadFailed

from storage.imports.posted import with_posted
from storage.imports.saved_pages import read_saved_pages
from storage.imports.warc_records import LARGEST_RECORD, RawRecord, read_records
from storage.numbers import whole_number
from storage.warc import is_cut_off, payload_digest

logger = logging.getLogger(__name__)

PAGE_TYPES = ("text/html", "application/xhtml", "application/http")
_WANTED = frozenset({"response", "resource", "revisit", "metadata", "conversion"})
_WARC_MAGIC = (b"WARC/", b"\x28\xb5\x2f\xfd")
_GZIP, _ZIP, _ARC = b"\x1f\x8b", b"PK\x03\x04", b"filedesc:"
# What zipfile raises for one file of a package: wrong sum, locked or packed in a way that it does
# not know, cut off, damaged.
_BAD_ENTRY = (zipfile.BadZipFile, RuntimeError, EOFError, zlib.error, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCapture:
    """One record: an HTTP answer byte for byte, or with *media_type* a bare document; *url* has
    what was posted for it, as ThreadSource.address does. A revisit record has the answer's head
    only; *original* then names the address and moment of the capture with its payload, and *digest*
    the payload itself. *is_partial* states that the answer was cut off: what it lacks may be there.
    """

    url: str
    fetched_at: datetime
    message: bytes
    media_type: str | None = None
    digest: str | None = None
    is_revisit: bool = False
    is_partial: bool = False
    original: tuple[str, datetime] | None = None


class NoCaptures(ValueError):
    """Raised when a path holds no captures that can be read at all; its text gives the reason."""


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
    if not path.is_file():
        raise NoCaptures(f"{path} is no regular file and no folder.")
    try:
        with path.open("rb") as stream:
            yield from _read_file(stream, path.name, counts)
    except OSError as error:
        raise NoCaptures(f"{path} cannot be read: {error.strerror or error}.") from error


def _read_file(
    stream: IO[bytes], name: str, counts: "Counter[str]", *, inside: bool = False
) -> Iterator[ForeignCapture]:
    start = stream.read(4)
    stream.seek(0)
    if start == _ZIP:
        if inside:
            raise NoCaptures(f"{name} is a package inside a package, which is not opened.")
        yield from _read_wacz(stream, name, counts)
        return
    if start[:2] == _GZIP:
        begin = _first_bytes(stream)
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
    elif start[:2] == _GZIP:
        yield from _read_behind_damage(stream, name, counts)
    else:
        raise NoCaptures(f"{name} is no WARC, WACZ or ARC file.")


def _first_bytes(stream: IO[bytes]) -> bytes:
    """Return how a compressed file begins, nothing where its first member is damaged."""
    try:
        with gzip.GzipFile(fileobj=stream) as plain:
            return plain.read(9)
    except (OSError, EOFError, zlib.error):
        return b""


def _read_behind_damage(
    stream: IO[bytes], name: str, counts: "Counter[str]"
) -> Iterator[ForeignCapture]:
    """Yield the captures of a compressed file that does not begin with one: those of the members
    behind the damage. Raises NoCaptures where there are none.
    """
    behind: Counter[str] = Counter()
    is_read = False
    for capture in _read_warc(stream, behind):
        is_read = True
        yield capture
    if not is_read:
        raise NoCaptures(f"{name} is no compressed WARC or ARC file that can be read.")
    counts.update(behind)


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
                yield from _read_entry(package, entry, f"{name}/{entry}", counts)
    except zipfile.BadZipFile as error:
        raise NoCaptures(f"{name} is a zip file that cannot be read: {error}.") from error


def _read_entry(
    package: zipfile.ZipFile, entry: str, name: str, counts: "Counter[str]"
) -> Iterator[ForeignCapture]:
    """Yield the captures of one file in a package; one that cannot be read costs itself only."""
    try:
        with package.open(entry) as file:
            yield from _read_file(file, name, counts, inside=True)
    except (NoCaptures, *_BAD_ENTRY) as fault:
        counts["unreadable_file"] += 1
        logger.warning("%s is left out: %s", name, fault)


def _read_warc(stream: IO[bytes], counts: "Counter[str]") -> Iterator[ForeignCapture]:
    for record in with_posted(read_records(stream, counts)):
        capture = _from_warc(record, counts) if record.kind in _WANTED else None
        if capture is not None:
            yield capture


def _from_warc(record: RawRecord, counts: "Counter[str]") -> ForeignCapture | None:
    url = record.headers.get("warc-target-uri", "").strip("<>")
    kind = record.headers.get("content-type", "").partition(";")[0].strip().lower()
    if _is_note(record, kind):
        return None
    moment = _moment_of(record.headers.get("warc-date"))
    fault = _fault_of(record, url, moment, kind)
    if fault is not None or moment is None:
        counts[fault or "no_moment"] += 1
        return None
    is_cut = _is_cut(record)
    if _has_wrong_digest(record):
        counts["wrong_digest"] += 1
    if is_cut:
        counts["partial"] += 1
    is_revisit = record.kind == "revisit"
    return ForeignCapture(
        url=url,
        fetched_at=moment,
        message=record.block,
        media_type=None if record.block.startswith(b"HTTP/") else kind or "text/html",
        digest=record.headers.get("warc-payload-digest"),
        is_revisit=is_revisit,
        is_partial=is_cut and not is_revisit,
        original=_original(record.headers) if is_revisit else None,
    )


def _is_note(record: RawRecord, kind: str) -> bool:
    """Return whether a record is what a crawler noted of a capture, or made of it, and no page."""
    is_page = record.block.startswith(b"HTTP/") or kind.startswith(PAGE_TYPES)
    return record.kind in {"metadata", "conversion"} and not is_page


def _is_cut(record: RawRecord) -> bool:
    """Return whether a record holds only the beginning of its answer."""
    if "warc-truncated" in record.headers:
        return True
    return record.block.startswith(b"HTTP/") and is_cut_off(record.block)


def _has_wrong_digest(record: RawRecord) -> bool:
    """Return whether a record does not fit its digest; it is read all the same: most are wrong
    labels, not wrong bytes.
    """
    return _is_altered(record.headers.get("warc-block-digest"), record.block)


def _moment_of(stated: str | None) -> datetime | None:
    try:
        return _moment(stated) if stated else None
    except (ValueError, OverflowError):
        return None


def _fault_of(record: RawRecord, url: str, moment: datetime | None, kind: str) -> str | None:
    """Return in a word why a record cannot be used, None when it can."""
    if not url.startswith(("http://", "https://")):
        return "no_web_address"
    if moment is None:
        return "no_moment"
    is_answer = record.kind == "response" or kind.startswith("application/http")
    if is_answer and not record.block.startswith(b"HTTP/"):
        return "mislabelled"
    return None if record.block else "cut_off"


def _is_altered(digest: str | None, block: bytes) -> bool:
    name, _, value = (digest or "").partition(":")
    return (
        name.lower() == "sha1" and len(value) == 32 and payload_digest(block)[5:] != value.upper()
    )


def _original(headers: Mapping[str, str]) -> tuple[str, datetime] | None:
    url, moment = headers.get("warc-refers-to-target-uri"), headers.get("warc-refers-to-date")
    if not url or not moment:
        return None
    try:
        return url.strip("<>"), _moment(moment)
    except (ValueError, OverflowError):
        return None


def _read_arc(stream: Any, counts: "Counter[str]") -> Iterator[ForeignCapture]:
    records: Any = iter(ArcIterator(stream, no_record_parse=True, arc2warc=True))  # type: ignore[no-untyped-call]  # warcio is untyped
    while True:
        try:
            record = next(records)
            if record.rec_type not in {"response", "resource"}:
                continue
            message = record.raw_stream.read(LARGEST_RECORD)
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
    except (ValueError, TypeError, OverflowError):
        counts["no_moment"] += 1
        return None
    return ForeignCapture(url=url, fetched_at=fetched_at, message=message)


def _moment(text: str) -> datetime:
    """Return the moment in a WARC header; without a zone it is UTC, as the standard has it.
    Raises ValueError.
    """
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
