"""An HTTP answer as bytes, read forgivingly: other people's captures keep, drop or mislabel its
encodings.
"""

import io
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastwarc.stream_io import BrotliReader, ZstdReader

from storage.numbers import whole_number

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})")
_CHUNK = re.compile(rb"\s*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_ENCODING_NAMES = (
    "content-encoding",
    "x-crawl-content-encoding",
    "x-archive-orig-content-encoding",
)
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
_INTERIM = re.compile(rb"HTTP/\d(?:\.\d)?\s+1\d\d")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LAST_CHUNK = re.compile(rb"(?:^|\r?\n)0+[ \t]*(?:;[^\r\n]*)?\r?\n")
LARGEST_BODY = 64_000_000
MOST_LAYERS = 5


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """One answer: its status, its headers by lower-case name, its body without chunk framing and
    compression.

    *problem* is "broken_encoding" when the body ends or breaks before its encoding does,
    "too_large" when it unpacks to more than 64 MB, else None.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    problem: str | None = None


class BadAnswer(ValueError):
    """Raised when bytes are no HTTP answer; its text gives the reason."""


def parse_answer(message: bytes) -> HttpAnswer:
    """Return the answer in *message*, whose header may promise encodings that its body does not
    have, or the reverse.

    Raises BadAnswer when it does not begin as an HTTP answer does.
    """
    message = final_answer(message)
    status = _STATUS.match(message)
    if status is None:
        raise BadAnswer("The record does not begin with an HTTP status line.")
    head, body = split_head(message)
    headers = _headers(head)
    named = next((headers[name] for name in _ENCODING_NAMES if name in headers), "")
    body, problem = unpack_body(_dechunked(body), named)
    return HttpAnswer(int(status[1]), headers, body, problem)


def is_cut_off(message: bytes) -> bool:
    """Return whether an answer ends before it should: by its own Content-Length, its last chunk, or
    the end of its compression.
    """
    try:
        answer = parse_answer(message)
    except BadAnswer:
        return False
    body = split_head(final_answer(message))[1]
    if answer.problem == "broken_encoding":
        return True
    if "chunked" in answer.headers.get("transfer-encoding", "").lower():
        return _CHUNK.match(body) is not None and not _LAST_CHUNK.search(body[-64:])
    stated = whole_number(answer.headers.get("content-length", ""))
    # A capture that was unpacked is longer than it was on the wire, and none that is longer is cut.
    is_packed = any(name in answer.headers for name in _ENCODING_NAMES)
    is_unpacked = is_packed and answer.body == body
    return stated is not None and not is_unpacked and len(body) < stated


def split_head(message: bytes) -> tuple[bytes, bytes]:
    """Return head and body of an HTTP message: the first empty line parts them, however its lines
    end.
    """
    end = _EMPTY_LINE.search(message)
    return (message[: end.start()], message[end.end() :]) if end else (message, b"")


def final_answer(message: bytes) -> bytes:
    """Return *message* without the interim answers before it (RFC 9110, 15.2: "103 Early
    Hints").
    """
    while _INTERIM.match(message):
        _head, rest = split_head(message)
        if not _STATUS.match(rest):
            break
        message = rest
    return message


def _headers(head: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _dechunked(body: bytes) -> bytes:
    """Return *body* without chunk framing; one that is not framed to its end, whatever its header
    states, stays as it is.
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


def unpack_body(body: bytes, encoding: str, most: int = LARGEST_BODY) -> tuple[bytes, str | None]:
    """Return *body* without its content encodings, and what was wrong with them: "broken_encoding"
    where it ends or breaks too soon, "too_large" where more than *most* bytes come of it (the first
    of them are returned), else None.

    The first bytes decide before the header's *encoding* does, which may lie, or miss a layer.
    """
    names = [name.strip() for name in encoding.lower().split(",")]
    problem = None
    for _layer in range(MOST_LAYERS):
        unpacker = _unpacker_of(body, names)
        if unpacker is None:
            break
        unpacked, problem = unpacker(body, most)
        if problem == "broken_encoding" and _is_text(body):
            return body, None
        body = unpacked
        if problem is not None:
            break
    return body, problem


_Unpacker = Callable[[bytes, int], tuple[bytes, str | None]]


def _unpacker_of(body: bytes, names: list[str]) -> _Unpacker | None:
    """Return what undoes the outermost encoding of *body*, and drop it from *names* when it can be
    recognised by its name only.
    """
    if body.startswith(b"\x1f\x8b"):
        return _gunzipped
    if body.startswith(b"\x28\xb5\x2f\xfd"):
        return partial(_read_by, ZstdReader)
    for name, unpacker in (("br", partial(_read_by, BrotliReader)), ("deflate", _inflated)):
        if name in names and body.lstrip()[:1] != b"<":
            names.remove(name)
            return unpacker
    return None


def _is_text(body: bytes) -> bool:
    """Return whether *body* begins as text does: its header called it compressed, and it is not."""
    return not _CONTROL.search(body[:512])


def _gunzipped(body: bytes, most: int) -> tuple[bytes, str | None]:
    """Return what the members of a gzip file hold; what is behind them does not count."""
    text, problem = b"", None
    while body.startswith(b"\x1f\x8b") and problem is None:
        machine = zlib.decompressobj(31)
        piece, problem = _inflated_by(machine, body, most - len(text))
        text, body = text + piece, machine.unused_data
    return text, problem


def _inflated(body: bytes, most: int) -> tuple[bytes, str | None]:
    return _inflated_by(zlib.decompressobj(15 if body[:1] == b"\x78" else -15), body, most)


def _inflated_by(machine: Any, body: bytes, most: int) -> tuple[bytes, str | None]:
    """Return what *machine* can inflate of *body*, also where its end is missing or broken."""
    before = machine.copy()
    try:
        text = machine.decompress(body, most + 1)
    except zlib.error:
        return _before_the_break(before, body, most), "broken_encoding"
    if len(text) > most:
        return text[:most], "too_large"
    return text, None if machine.eof else "broken_encoding"


def _before_the_break(machine: Any, body: bytes, most: int) -> bytes:
    """Return what *machine* inflates of *body* before the byte at which it breaks."""
    pieces: list[bytes] = []
    size = 0
    try:
        for place in range(len(body)):
            pieces.append(machine.decompress(body[place : place + 1], most - size + 1))
            size += len(pieces[-1])
            if size > most:
                break
    except zlib.error:
        pass  # what was before it is whole
    return b"".join(pieces)[:most]


def _read_by(reader: Any, body: bytes, most: int) -> tuple[bytes, str | None]:
    try:
        text = bytes(reader(io.BytesIO(body)).read(most + 1))
    except OSError:
        return b"", "broken_encoding"
    return text[:most], "too_large" if len(text) > most else None
