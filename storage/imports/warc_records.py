"""The records of other people's WARC files, read forgivingly: header names in any case, lines that
end in LF, and past a damaged place the next record that can be found.
"""

import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from storage.numbers import whole_number

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK = 1 << 18
LARGEST_RECORD = 64_000_000
LONGEST_LINE = 64_000
MOST_LINES = 1_000
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_MEMBER = b"\x1f\x8b\x08"
_BEGIN = re.compile(rb"WARC/\d+\.\d+\r?\n")


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record: its headers by lower-case name, and its block, 64 MB of it at most.

    *is_whole* states whether the block is as long as the record states.
    """

    headers: Mapping[str, str]
    block: bytes
    is_whole: bool

    @property
    def kind(self) -> str:
        """What the record is: "response", "revisit", "resource", "metadata" or another word."""
        return self.headers.get("warc-type", "").lower()


class _Broken(Exception):
    """Raised where a stream's bytes cannot be read as what they should be."""


def read_records(stream: IO[bytes], counts: "Counter[str]") -> Iterator[RawRecord]:
    """Yield the records of a WARC file, plain or compressed; places that cannot be read are counted
    in *counts* as "cut_off".
    """
    start = stream.read(4)
    stream.seek(0)
    if start[:2] == _GZIP:
        for member in _members(stream, counts):
            yield from _records_in(member, counts)
    elif start == _ZSTD:
        with zstd.ZstdFile(stream) as plain:
            yield from _records_in(_Plain(plain), counts)
    else:
        yield from _records_in(_Plain(stream), counts)


class _Plain:
    """Bytes that are read forward, a line or a block at a time."""

    def __init__(self, stream: IO[bytes] | zstd.ZstdFile | None) -> None:
        self._stream = stream
        self._buffer = b""
        self.is_counted = False

    def more(self) -> bytes:
        """Return the next bytes, none at the end. Raises _Broken."""
        try:
            return self._stream.read(CHUNK) if self._stream is not None else b""
        except (OSError, EOFError, zlib.error, zstd.ZstdError) as error:
            raise _Broken from error

    def read(self, size: int) -> bytes:
        """Return the next *size* bytes, fewer at the end or before a broken place."""
        pieces, missing = [], size
        while missing > 0:
            if not self._buffer:
                try:
                    self._buffer = self.more()
                except _Broken:
                    break
                if not self._buffer:
                    break
            pieces.append(self._buffer[:missing])
            self._buffer = self._buffer[missing:]
            missing -= len(pieces[-1])
        return b"".join(pieces)

    def put_back(self, block: bytes) -> None:
        """Have *block* read again."""
        self._buffer = block + self._buffer

    def skip(self, size: int) -> int:
        """Pass over *size* bytes and return how many there were."""
        passed = 0
        while passed < size and (piece := self.read(min(CHUNK, size - passed))):
            passed += len(piece)
        return passed

    def line(self) -> bytes:
        """Return the next line with its end; b"" at the end. Raises _Broken for an endless one."""
        while b"\n" not in self._buffer:
            if len(self._buffer) > LONGEST_LINE:
                raise _Broken
            piece = self.more()
            if not piece:
                rest, self._buffer = self._buffer, b""
                return rest
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        if len(line) > LONGEST_LINE:
            raise _Broken
        return line + b"\n"

    def find_record(self) -> bool:
        """Go on to where a record begins, and return whether one does."""
        while True:
            found = _BEGIN.search(self._buffer)
            if found:
                self._buffer = self._buffer[found.start() :]
                return True
            try:
                piece = self.more()
            except _Broken:
                return False
            if not piece:
                return False
            self._buffer = self._buffer[-20:] + piece


class _Member(_Plain):
    """One member of a gzip file, whose end is seen before the next begins."""

    def __init__(self, source: IO[bytes], offset: int) -> None:
        super().__init__(None)
        self._source = source
        self._machine = zlib.decompressobj(31)
        self._place = offset
        self._waiting = b""
        self.end: int | None = None

    def more(self) -> bytes:
        """Return the next bytes of the member. Raises _Broken."""
        while not self._machine.eof:
            if not self._waiting:
                self._source.seek(self._place)
                self._waiting = self._source.read(CHUNK)
                self._place += len(self._waiting)
                if not self._waiting:
                    raise _Broken
            try:
                out = self._machine.decompress(self._waiting, CHUNK)
            except zlib.error as error:
                raise _Broken from error
            self._waiting = self._machine.unconsumed_tail
            if self._machine.eof:
                self.end = self._place - len(self._machine.unused_data)
            if out:
                return out
        return b""

    def finish(self) -> bool:
        """Read to the member's end and return whether it has one."""
        try:
            while self.more():
                pass
        except _Broken:
            return False
        return self.end is not None


def _members(stream: IO[bytes], counts: "Counter[str]") -> Iterator[_Member]:
    """Yield the members of a gzip file; behind a damaged one the next that holds a record."""
    offset: int | None = 0
    while offset is not None:
        member = _Member(stream, offset)
        yield member
        whole = member.finish()
        following = member.end if whole and member.end is not None else offset + 1
        stream.seek(following)
        start = stream.read(2)
        if whole and (start == _GZIP or not start):
            offset = following if start else None
            continue
        if not whole and not member.is_counted:
            counts["cut_off"] += 1
        offset = _next_member(stream, following)


def _next_member(stream: IO[bytes], offset: int) -> int | None:
    """Return where the next member begins that holds a record, None where there is none."""
    while True:
        stream.seek(offset)
        piece = stream.read(CHUNK)
        at = piece.find(_MEMBER)
        while at >= 0:
            if _holds_record(stream, offset + at):
                return offset + at
            at = piece.find(_MEMBER, at + 1)
        if len(piece) < CHUNK:
            return None
        offset += len(piece) - len(_MEMBER) + 1


def _holds_record(stream: IO[bytes], offset: int) -> bool:
    stream.seek(offset)
    try:
        begin = zlib.decompressobj(31).decompress(stream.read(4_096), 64)
    except zlib.error:
        return False
    return begin.startswith(b"WARC/")


def _records_in(plain: _Plain, counts: "Counter[str]") -> Iterator[RawRecord]:
    while True:
        record: RawRecord | None = None
        try:
            if not _begins(plain):
                return
            record = _record(plain)
        except _Broken:
            pass  # counted below, with the records that end too soon
        if record is not None and record.is_whole:
            yield record
            continue
        counts["cut_off"] += 1
        plain.is_counted = True
        if record is not None:
            plain.put_back(record.block)  # with too long a length it has swallowed the next ones
        if not plain.find_record():
            return


def _begins(plain: _Plain) -> bool:
    """Read the line that begins a record, and return whether there is one. Raises _Broken for
    another line.
    """
    line = plain.line()
    while line in {b"\r\n", b"\n"}:
        line = plain.line()
    if line and not _BEGIN.fullmatch(line):
        raise _Broken
    return bool(line)


def _record(plain: _Plain) -> RawRecord:
    headers = _headers(plain)
    length = whole_number(headers.get("content-length", ""))
    if length is None:
        raise _Broken
    block = plain.read(min(length, LARGEST_RECORD))
    rest = length - len(block)
    there = len(block) + (plain.skip(rest) if len(block) == LARGEST_RECORD else 0)
    return RawRecord(headers, block, there == length)


def _headers(plain: _Plain) -> dict[str, str]:
    """Return a record's headers; a line that begins with white space goes on with the last."""
    headers: dict[str, str] = {}
    name = ""
    for _line in range(MOST_LINES):
        line = plain.line()
        if line in {b"\r\n", b"\n"}:
            return headers
        if not line:
            break
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text[:1] in {" ", "\t"} and name:
            headers[name] += f" {text.strip()}"
            continue
        key, colon, value = text.partition(":")
        if colon:
            name = key.strip().lower()
            headers.setdefault(name, value.strip())
    raise _Broken
