"""An HTTP answer as bytes, read forgivingly: other people's captures keep, drop or mislabel its
encodings.
"""

import io
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastwarc.stream_io import BrotliReader, ZstdReader

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})")
_CHUNK = re.compile(rb"\s*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_ENCODING_NAMES = (
    "content-encoding",
    "x-crawl-content-encoding",
    "x-archive-orig-content-encoding",
)
LARGEST_BODY = 64_000_000


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """One answer: its status, its headers by lower-case name, its body without chunk framing and
    compression.

    *problem* is "broken_encoding" when the body ends or breaks before its encoding does, else None.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    problem: str | None = None


class BadAnswer(ValueError):
    """Raised when bytes are no HTTP answer; its text says why."""


def parse_answer(message: bytes) -> HttpAnswer:
    """Return the answer in *message*, whose header may promise encodings that its body does not
    have, or the reverse.

    Raises BadAnswer when it does not begin as an HTTP answer does.
    """
    status = _STATUS.match(message)
    if status is None:
        raise BadAnswer("The record does not begin with an HTTP status line.")
    end = re.search(rb"\r?\n\r?\n", message)
    head, body = (message[: end.start()], message[end.end() :]) if end else (message, b"")
    headers = _headers(head)
    body, problem = _unpacked(
        _dechunked(body), next((headers[name] for name in _ENCODING_NAMES if name in headers), "")
    )
    return HttpAnswer(int(status[1]), headers, body, problem)


def _headers(head: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _dechunked(body: bytes) -> bytes:
    """Return *body* without chunk framing; one that is not framed to its end, whatever its header
    says, stays as it is.
    """
    pieces: list[bytes] = []
    place = 0
    while (match := _CHUNK.match(body, place)) is not None:
        size = int(match[1], 16)
        if size == 0:
            return b"".join(pieces)
        pieces.append(body[match.end() : match.end() + size])
        place = match.end() + size
        if place >= len(body) and pieces[0][:1] in {b"<", b"\x1f", b"\n", b" "}:
            return b"".join(pieces)  # cut off: what there is of it was framed
    return body


def _unpacked(body: bytes, encoding: str) -> tuple[bytes, str | None]:
    """Return *body* decompressed as its first bytes demand; a header without such bytes is a
    leftover of the capture.
    """
    names = encoding.lower()
    if body.startswith(b"\x1f\x8b"):
        return _inflated(body, 31)
    if body.startswith(b"\x28\xb5\x2f\xfd"):
        return _unpacked_by(ZstdReader, body)
    is_plain = body.lstrip()[:1] == b"<"
    if "br" in names.replace(" ", "").split(",") and not is_plain:
        return _unpacked_by(BrotliReader, body)
    if "deflate" in names and not is_plain:
        return _inflated(body, 15 if body[:1] == b"\x78" else -15)
    return body, None


def _inflated(body: bytes, window: int) -> tuple[bytes, str | None]:
    """Return what can be inflated of *body*, also where its end is missing."""
    machine = zlib.decompressobj(window)
    try:
        text = machine.decompress(body, LARGEST_BODY)
    except zlib.error:
        return b"", "broken_encoding"
    return text, None if machine.eof else "broken_encoding"


def _unpacked_by(reader: Any, body: bytes) -> tuple[bytes, str | None]:
    try:
        return bytes(reader(io.BytesIO(body)).read(LARGEST_BODY)), None
    except OSError:
        return b"", "broken_encoding"
