"""Whether an archive is whole: rows against each other, texts against their hashes, captures
against their digests.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from storage.database import Archive, articles, comments, fetches, pages
from storage.maintenance.findings import ArchiveFinding, check_seals
from storage.privacy import unfinished_orders
from storage.progress import Report, no_report
from storage.records import asked_of
from storage.warc import (
    CAPTURES,
    DOCUMENTS,
    open_warc,
    payload_digest,
    split_head,
    stored_files,
    target_of,
    warc_files,
)


@dataclass(frozen=True, slots=True)
class _Place:
    url: str
    offset: int
    digest: str | None


def verify_archive(
    archive: Archive, folder: Path, report: Report = no_report
) -> Iterator[ArchiveFinding]:
    """Yield what does not fit in an archive and the WARC files of its *folder*; *report* is called
    with how far it is.
    """
    for order in unfinished_orders(archive):
        done = "nothing of it is erased yet" if order.left is None else "its rows are erased"
        yield ArchiveFinding(
            True, f"An erasure is not finished ({done}): any command that may write finishes it."
        )
    with archive.read() as connection:
        yield from _check_database(connection)
        yield from check_seals(connection, report)
        yield from _unharmed(_check_rows(connection))
        yield from _unharmed(_check_sources(connection))
        yield from _unharmed(_check_captures(connection, folder / "warc", report))


def _unharmed(checks: Iterator[ArchiveFinding]) -> Iterator[ArchiveFinding]:
    """Yield what a check finds; where the database cannot be read on, the next check begins."""
    try:
        yield from checks
    except (SQLAlchemyError, ValueError, OverflowError) as error:
        reason = type(error).__name__ if not isinstance(error, DatabaseError) else error.orig
        yield ArchiveFinding(True, f"A check ends at a row that cannot be read ({reason}).")


def _check_database(connection: Connection) -> Iterator[ArchiveFinding]:
    if connection.dialect.name != "sqlite":
        return
    yield from _found_by(connection, "PRAGMA integrity_check", lambda row: _damage_in(row[0]))
    yield from _found_by(
        connection,
        "PRAGMA foreign_key_check",
        lambda row: f"Row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there.",
    )
    for index in ("article_search", "comment_search"):
        try:
            connection.execute(
                text(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608  # our own names
            )
        except DatabaseError as error:
            if "readonly" in str(error.orig):
                yield ArchiveFinding(False, f"{index} was not checked: that takes a written file.")
                continue
            yield ArchiveFinding(
                True,
                f"The index {index} does not fit the texts; docs/archive.md shows how "
                "to make it anew.",
            )


def _check_sources(connection: Connection) -> Iterator[ArchiveFinding]:
    """Name the articles of which no answer is kept: nobody can look up what was read."""
    is_kept = fetches.c.warc_file.is_not(None) & fetches.c.outcome.in_(("ok", "captured"))
    own = select(fetches.c.id).where(is_kept, fetches.c.page_id == articles.c.page_id)
    led = select(fetches.c.id).join(pages, pages.c.id == fetches.c.page_id)
    led = led.where(is_kept, pages.c.redirects_to == articles.c.url)
    query = select(articles.c.url).where(~own.exists(), ~led.exists())
    urls = list(connection.execute(query.order_by(articles.c.id)).scalars())
    if urls:
        yield ArchiveFinding(False, f"{len(urls)} articles have no capture, such as {urls[0]}")


def _damage_in(line: str) -> str | None:
    return None if line == "ok" else f"The database file is damaged: {line}."


def _found_by(
    connection: Connection, question: str, finding: Callable[[Any], str | None]
) -> Iterator[ArchiveFinding]:
    """Yield what SQLite's own check finds; a file that is too damaged for it is named, too."""
    try:
        for row in connection.execute(text(question)):
            if (damage := finding(row)) is not None:
                yield ArchiveFinding(True, damage)
    except DatabaseError as error:
        yield ArchiveFinding(True, f"The database file is damaged: {error.orig}.")


def _check_rows(connection: Connection) -> Iterator[ArchiveFinding]:
    parent = comments.alias("parent")
    strange = select(comments.c.id).join(parent, comments.c.parent_id == parent.c.id)
    for key in connection.execute(
        strange.where(comments.c.article_id != parent.c.article_id)
    ).scalars():
        yield ArchiveFinding(True, f"Comment {key} answers a comment under another article.")
    moved = (
        select(articles.c.id)
        .join(pages)
        .where(articles.c.site_id.is_distinct_from(pages.c.site_id))
    )
    for key in connection.execute(moved).scalars():
        yield ArchiveFinding(True, f"Article {key} is not on its page's site.")


def _check_captures(
    connection: Connection, folder: Path, report: Report
) -> Iterator[ArchiveFinding]:
    columns = (
        fetches.c.warc_file,
        fetches.c.warc_record_id,
        fetches.c.warc_offset,
        fetches.c.url,
        fetches.c.digest,
    )
    rows = connection.execute(select(*columns).where(fetches.c.warc_file.is_not(None)))
    named: dict[str, dict[str, _Place]] = {}
    for row in rows:
        named.setdefault(row.warc_file, {})[row.warc_record_id] = _Place(
            row.url, row.warc_offset, row.digest
        )
    files = {path.name.removesuffix(".open"): path.name for path in warc_files(folder)}
    files |= {name: name for name in stored_files(connection) if name not in files}
    for name in sorted(named.keys() - files.keys()):
        yield ArchiveFinding(True, f"{name} is missing: {len(named[name])} captures are in it.")
    total, read = sum(map(len, named.values())), count(1)
    for name, shown in files.items():
        if shown.endswith(".open"):
            yield ArchiveFinding(
                False, f"{shown} was left open by a run that was killed, or is being written."
            )
        try:
            with open_warc(connection, folder, name) as stream:
                yield from _check_file(
                    stream,
                    shown,
                    named.get(name, {}),
                    lambda: report("captures", next(read), total),
                )
        except OSError as error:
            yield ArchiveFinding(True, f"{shown} cannot be read: {error}.")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A capture as its file has it; *fits* states whether its payload has the digest that its
    record states.
    """

    record_id: str
    url: str
    offset: int
    digest: str | None
    fits: bool


def _read_captures(
    stream: BinaryIO, name: str, offsets: Sequence[int]
) -> Iterator[_Kept | ArchiveFinding]:
    """Yield what is in a file; past a damaged place reading goes on at the next of *offsets*, where
    captures begin.
    """
    start = reached = 0
    while True:
        stream.seek(start)
        try:
            for record in ArchiveIterator(stream, record_types=CAPTURES, parse_http=False):
                reached = record.stream_pos
                yield _kept(record)
        except OSError as error:
            if reached >= start:  # else it is the damage that is named already
                yield ArchiveFinding(True, f"{name} is damaged past byte {reached}: {error}.")
            following = [offset for offset in offsets if offset > max(start, reached)]
            if following:
                start = following[0]
                continue
        return


def _kept(record: WarcRecord) -> _Kept:
    block = record.reader.read()
    is_document = record.record_type in DOCUMENTS
    stated = record.headers.get("WARC-Payload-Digest")
    fits = True
    if record.record_type != WarcRecordType.revisit:
        found = payload_digest(block if is_document else split_head(block)[1])
        fits, stated = stated is None or found == stated, stated or found
    return _Kept(str(record.record_id), target_of(record), record.stream_pos, stated, fits)


def _misplaced(place: _Place, kept: _Kept) -> str | None:
    """Return what a capture's row states otherwise than the file, None where both agree."""
    if (place.offset, asked_of(place.url)) != (kept.offset, kept.url):
        return "is at another place than its row states."
    if place.digest and kept.digest and place.digest != kept.digest:
        return "has another digest than its row states."
    return None


def _check_file(
    stream: BinaryIO, name: str, places: dict[str, _Place], report: Callable[[], None]
) -> Iterator[ArchiveFinding]:
    unnamed, missing = 0, dict(places)
    for kept in _read_captures(stream, name, sorted(place.offset for place in places.values())):
        if isinstance(kept, ArchiveFinding):
            yield kept
            continue
        report()
        place = missing.pop(kept.record_id, None)
        if not kept.fits:
            yield ArchiveFinding(
                True, f"{name}: the capture of {kept.url} does not fit its digest."
            )
        if place is None:
            unnamed += 1
        elif (fault := _misplaced(place, kept)) is not None:
            yield ArchiveFinding(True, f"{name}: the capture of {place.url} {fault}")
    if missing:
        yield ArchiveFinding(
            True,
            f"{name} lacks {len(missing)} captures that rows name: "
            f"{next(iter(missing.values())).url}.",
        )
    if unnamed:
        yield ArchiveFinding(
            False,
            f"{name} holds {unnamed} captures that no row names: a run was killed "
            "before it stored them.",
        )
