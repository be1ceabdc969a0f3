"""WARC files: exchanges are written as they went over the wire, pages are read back from them.

ISO 28500 (WARC 1.1), one gzip member a record. The payload digest is taken over the body as it
is in the record, chunk framing included: that is what warcio and wget write and what `warcio
check` verifies.
"""

import base64
import fcntl
import gzip
import hashlib
import io
import os
import secrets
import socket
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from fastwarc.warc import WarcRecord, WarcRecordType

from storage.database import ArchiveUnavailable
from storage.records import Exchange
from storage.warc.http import split_head

GZIP_LEVEL = 6
LARGEST_FILE = 1_000_000_000
REMEMBERED_PAYLOADS = 100_000
REMEMBERED_ANSWERS = 1_000
SMALLEST_REVISIT = 256
IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@dataclass(frozen=True, slots=True)
class WarcPlace:
    """Where an answer is: the file's name, the record's offset and length in it, its id and
    payload digest.
    """

    file: str
    offset: int
    length: int
    record_id: str
    payload_digest: str


@dataclass(frozen=True, slots=True)
class _Original:
    url: str
    date: str
    record_id: str


class WarcWriter:
    """Writes exchanges into new files of *folder*, a new one each run and each gigabyte.

    A file is called ``*.open`` while it is written. Each record is flushed whole, so that a killed
    process leaves at most the last one unreadable.
    """

    def __init__(
        self, folder: Path, software: str, operator: str, max_bytes: int = LARGEST_FILE
    ) -> None:
        self._folder = folder
        self._info = {"software": software, "operator": operator, "hostname": socket.gethostname()}
        self._max_bytes = max_bytes
        self._prefix = f"knipsel-{datetime.now(UTC):%Y%m%d%H%M%S}-{secrets.token_hex(3)}"
        self._number = 0
        self._file: BinaryIO | None = None
        self._name = ""
        self._payloads: OrderedDict[str, _Original] = OrderedDict()
        self._answers: OrderedDict[str, str] = OrderedDict()

    def write(self, exchange: Exchange) -> WarcPlace:
        """Write the answer, or a revisit record when its payload was written before, and its
        request.

        Raises ArchiveUnavailable when the disk takes no more; the file then ends with its last
        whole record.
        """
        head, payload = split_head(exchange.response)
        if exchange.media_type is not None:
            return self._append(self._document(exchange), payload_digest(exchange.response))
        digest = payload_digest(payload)
        original = self._payloads.get(digest) if len(payload) >= SMALLEST_REVISIT else None
        answer = _record(WarcRecordType.revisit if original else WarcRecordType.response, exchange)
        answer.headers["WARC-Payload-Digest"] = digest
        if original:
            answer.headers["WARC-Profile"] = IDENTICAL_PAYLOAD
            answer.headers["WARC-Refers-To"] = original.record_id
            answer.headers["WARC-Refers-To-Target-URI"] = original.url
            answer.headers["WARC-Refers-To-Date"] = original.date
        answer.set_bytes_content(head + b"\r\n\r\n" if original else exchange.response)
        place = self._append(answer, digest)
        _note(self._answers, exchange.url, place.record_id, REMEMBERED_ANSWERS)
        if exchange.request:
            request = _record(WarcRecordType.request, exchange)
            request.headers["WARC-Concurrent-To"] = answer.headers["WARC-Record-ID"]
            request.set_bytes_content(exchange.request)
            self._append(request, digest)
        if original is None:
            original = _Original(exchange.url, answer.headers["WARC-Date"], place.record_id)
            _note(self._payloads, digest, original, REMEMBERED_PAYLOADS)
        return place

    def close(self) -> None:
        """Finish the file: it gets its name without ``.open``."""
        if self._file is None:
            return
        (self._folder / f"{self._name}.open").rename(self._folder / self._name)
        self._file.close()
        self._file = None

    def _document(self, exchange: Exchange) -> WarcRecord:
        """Return the record of a bare document: somebody saved it, no server's answer is known; or
        a browser drew it, then it is a conversion of the answer.
        """
        kind = WarcRecordType.conversion if exchange.is_drawn else WarcRecordType.resource
        record = _record(kind, exchange)
        record.headers["Content-Type"] = exchange.media_type or "text/html"
        record.headers["WARC-Payload-Digest"] = payload_digest(exchange.response)
        if exchange.is_drawn and exchange.url in self._answers:
            record.headers["WARC-Refers-To"] = self._answers[exchange.url]
        record.set_bytes_content(exchange.response)
        return record

    def _append(self, record: WarcRecord, digest: str) -> WarcPlace:
        member = _member(record)
        file = self._opened(len(member))
        start = file.tell()
        _put(file, member)
        return WarcPlace(self._name, start, len(member), record.headers["WARC-Record-ID"], digest)

    def _opened(self, wanted: int) -> BinaryIO:
        if self._file is not None and self._file.tell() + wanted > self._max_bytes:
            self.close()
        if self._file is None:
            self._file = self._new_file()
        return self._file

    def _new_file(self) -> BinaryIO:
        self._name = f"{self._prefix}-{self._number:05d}.warc.gz"
        self._number += 1
        info = WarcRecord()
        info.init_headers(WarcRecordType.warcinfo)
        info.headers["WARC-Filename"] = self._name
        info.headers["Content-Type"] = "application/warc-fields"
        fields = {
            **self._info,
            "format": "WARC File Format 1.1",
            "conformsTo": "https://www.iso.org/standard/68004.html",
        }
        info.set_bytes_content(
            "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
        )
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = (self._folder / f"{self._name}.open").open("xb", buffering=0)
        except OSError as error:
            raise ArchiveUnavailable(
                f"No WARC file can be made in {self._folder}: {error.strerror}."
            ) from error
        fcntl.flock(
            file, fcntl.LOCK_EX | fcntl.LOCK_NB
        )  # freed when the process dies: so others know that it is finished
        _put(file, _member(info))
        return file


def payload_digest(payload: bytes) -> str:
    """Return a payload's digest as WARC writes it: SHA-1 in base 32."""
    return "sha1:" + base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode(
        "ascii"
    )


def _note(noted: "OrderedDict[str, Any]", key: str, value: Any, most: int) -> None:
    """Note *value*, and forget the oldest of more than *most*."""
    noted[key] = value
    if len(noted) > most:
        noted.popitem(last=False)


def _record(kind: WarcRecordType, exchange: Exchange) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(kind)
    message = "request" if kind == WarcRecordType.request else "response"
    record.headers["Content-Type"] = f"application/http; msgtype={message}"
    record.headers["WARC-Target-URI"] = exchange.url
    record.headers["WARC-Date"] = exchange.fetched_at.astimezone(UTC).strftime(
        "%Y-%m-%dT%H:%M:%S.%fZ"
    )
    if exchange.truncated and kind != WarcRecordType.request:
        record.headers["WARC-Truncated"] = exchange.truncated
    if exchange.ip_address:
        record.headers["WARC-IP-Address"] = exchange.ip_address
    return record


def _member(record: WarcRecord) -> bytes:
    plain = io.BytesIO()
    record.write(plain)
    return gzip.compress(plain.getvalue(), GZIP_LEVEL, mtime=0)


def _put(file: BinaryIO, member: bytes) -> None:
    """Write *member* whole or not at all."""
    start = file.tell()
    try:
        written = 0
        while written < len(member):
            written += file.write(member[written:])
    except OSError as error:
        os.ftruncate(file.fileno(), start)
        file.seek(start)
        raise ArchiveUnavailable(f"The WARC file takes no more: {error.strerror}.") from error
