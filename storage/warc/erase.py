"""Taking records out of WARC files: a new file is written beside the old, every record that stays
is copied byte for byte.
"""

import os
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from storage.warc.http import BadAnswer, parse_answer
from storage.warc.members import CAPTURES, DOCUMENTS, read_members, target_of, warc_files

_GENERATION = re.compile(r"(?:\.e(\d+))?\.warc\.gz(\.open)?$")


@dataclass(frozen=True, slots=True)
class ErasableCapture:
    """An answer or a saved document in a WARC file: its address, record id, payload digest and
    decoded body.
    """

    url: str
    record_id: str
    digest: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file without what was erased: *moved* has where each record that stayed is now,
    *removed* which are gone.
    """

    old: Path
    new: Path
    moved: dict[str, int]
    removed: frozenset[str]


def find_captures(
    stream: BinaryIO, wanted: Callable[[ErasableCapture], bool]
) -> Iterator[ErasableCapture]:
    """Yield the answers and documents in a WARC file that *wanted* chooses to be taken out."""
    for record in ArchiveIterator(stream, record_types=CAPTURES, parse_http=False):
        is_revisit = record.record_type == WarcRecordType.revisit
        digest = None if is_revisit else record.headers.get("WARC-Payload-Digest")
        body = b"" if is_revisit else _body(record)
        capture = ErasableCapture(target_of(record), str(record.record_id), digest, body)
        if wanted(capture):
            yield capture


def _body(record: WarcRecord) -> bytes:
    """Return what a record contains; one that cannot be decoded is searched as it is."""
    message: bytes = record.reader.read()
    if record.record_type in DOCUMENTS:
        return message
    try:
        return parse_answer(message).body or message
    except BadAnswer:
        return message


def rewrite(path: Path, captures: Collection[ErasableCapture]) -> Rewritten | None:
    """Write *path* anew without *captures*, their requests and the revisits of their payloads; the
    old file stays for now.

    None when nothing in the file is to be taken out.
    """
    members = list(read_members(path))
    erased = {capture.record_id for capture in captures}
    payloads = {capture.digest for capture in captures if capture.digest}
    removed = {
        one.record_id
        for one in members
        if one.record_id in erased or (one.payload and one.payload in payloads)
    }
    removed |= {one.record_id for one in members if one.about in removed}
    if not removed:
        return None
    fresh, moved = _next_name(path), {}
    with path.open("rb") as old, fresh.open("wb") as new:
        for member in members:
            if member.record_id not in removed:
                moved[member.record_id] = new.tell()
                old.seek(member.offset)
                new.write(old.read(member.end - member.offset))
        os.fsync(new.fileno())
    return Rewritten(path, fresh, moved, frozenset(removed))


def _next_name(path: Path) -> Path:
    """Return the name of the file that follows *path*: another name, so that no row ever points
    into the wrong one.
    """
    found = _GENERATION.search(path.name)
    number = int(found[1] or 0) + 1 if found else 1
    return path.with_name(f"{_GENERATION.sub('', path.name)}.e{number}.warc.gz")


def drop_superseded(folder: Path, named: Collection[str | None]) -> None:
    """Finish what a killed erasure left: of two generations of one file only the one that the
    archive names stays.
    """
    files: dict[str, list[Path]] = {}
    for path in warc_files(folder):
        files.setdefault(_GENERATION.sub("", path.name), []).append(path)
    for generations in files.values():
        if any(path.name.removesuffix(".open") in named for path in generations):
            for path in generations:
                if path.name.removesuffix(".open") not in named:
                    path.unlink()
