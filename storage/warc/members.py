"""WARC files as rows of members: each record's place, so that records can be taken over byte for
byte.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

# What an archive keeps captures in: answers, what repeats one, and bare documents, saved by
# somebody or drawn by a browser.
DOCUMENTS = (WarcRecordType.resource, WarcRecordType.conversion)
CAPTURES = (
    WarcRecordType.response
    | WarcRecordType.revisit
    | WarcRecordType.resource
    | WarcRecordType.conversion
)


@dataclass(frozen=True, slots=True)
class Member:
    """A record's bytes: from *offset* to *end*; *about* is the record it belongs to, *payload* what
    a revisit repeats.
    """

    offset: int
    record_id: str
    about: str | None
    payload: str | None
    end: int = 0


class DamagedFile(Exception):
    """Raised when a WARC file cannot be read to its end; its text names it."""


@contextlib.contextmanager
def refusing_damage(name: str) -> Iterator[None]:
    """Turn what FastWARC raises on damaged bytes into DamagedFile."""
    try:
        yield
    except OSError as error:
        raise DamagedFile(
            f"The WARC file {name} cannot be read ({error}); knipsel verify shows where."
        ) from error


def target_of(record: WarcRecord) -> str:
    """Return the address of a record. Raises OSError for one that ends within its own head."""
    target: str | None = record.headers.get("WARC-Target-URI")
    if not target:
        raise OSError("a record ends within its head")
    return target


def warc_files(folder: Path) -> list[Path]:
    """Return the WARC files in *folder*, those that a killed run left open among them."""
    return sorted(
        path
        for path in folder.glob("*.warc.gz*")
        if path.name.endswith((".warc.gz", ".warc.gz.open"))
    )


def read_members(path: Path) -> Iterator[Member]:
    """Yield each record's place; a tail that a killed run left unreadable belongs to no record and
    is not copied.

    Raises DamagedFile.
    """
    before: Member | None = None
    with refusing_damage(path.name), path.open("rb") as stream:
        for record in ArchiveIterator(stream, parse_http=False):
            if before is not None:
                yield replace(before, end=record.stream_pos)
            revisit = record.record_type == WarcRecordType.revisit
            about = record.headers.get("WARC-Concurrent-To") or record.headers.get("WARC-Refers-To")
            payload = record.headers.get("WARC-Payload-Digest") if revisit else None
            before = Member(record.stream_pos, str(record.record_id), about, payload)
    if before is not None:
        yield replace(before, end=path.stat().st_size)
