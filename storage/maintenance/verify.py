"""Whether an archive is what it says: rows against each other, texts against their hashes, captures
against their digests.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DatabaseError

from storage.articles import digest
from storage.database import Archive, articles, comments, fetches, pages
from storage.privacy import unfinished_orders
from storage.progress import Report, tell_nobody
from storage.text_hash import hash_text
from storage.warc import (
    open_warc,
    payload_digest,
    split_head,
    stored_files,
    target_of,
    warc_files,
)

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class ArchiveFinding:
    """Something that does not fit; *grave* when what is kept is damaged or missing, else only worth
    knowing.
    """

    grave: bool
    text: str


@dataclass(frozen=True, slots=True)
class _Place:
    url: str
    offset: int
    digest: str | None


def verify_archive(
    archive: Archive, folder: Path, report: Report = tell_nobody
) -> Iterator[ArchiveFinding]:
    """Yield what does not fit in an archive and the WARC files of its *folder*; *report* is told
    how far it is.
    """
    for order in unfinished_orders(archive):
        done = "nothing of it is erased yet" if order.left is None else "its rows are erased"
        yield ArchiveFinding(
            True, f"An erasure is not finished ({done}): any command that may write finishes it."
        )
    with archive.read() as connection:
        yield from _check_database(connection)
        yield from _check_texts(connection, report)
        yield from _check_rows(connection)
        yield from _check_captures(connection, folder / "warc", report)


def _check_database(connection: Connection) -> Iterator[ArchiveFinding]:
    if connection.dialect.name != "sqlite":
        return
    for line in connection.execute(text("PRAGMA integrity_check")).scalars():
        if line != "ok":
            yield ArchiveFinding(True, f"The database file is damaged: {line}.")
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield ArchiveFinding(
            True, f"Row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there."
        )
    for index in ("article_search", "comment_search"):
        try:
            connection.execute(
                text(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608  # our own names
            )  # our own names
        except DatabaseError:
            yield ArchiveFinding(
                True,
                f"The index {index} does not fit the texts; docs/archive.md tells how "
                "to make it anew.",
            )


def _check_texts(connection: Connection, report: Report) -> Iterator[ArchiveFinding]:
    """A text that does not fit its hash was changed outside Knipsel, or decayed."""
    columns = (
        articles.c.id,
        articles.c.url,
        articles.c.headline,
        articles.c.article_body,
        articles.c.content_hash,
    )
    streamed = {"stream_results": True, "max_row_buffer": BATCH}
    total = sum(
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (articles, comments)
    )
    read = count(1)
    for row in connection.execute(select(*columns).execution_options(**streamed)):
        if digest([row.headline, row.article_body]) != row.content_hash:
            yield ArchiveFinding(
                True, f"The text of article {row.id} ({row.url}) does not fit its hash."
            )
        report("texts", next(read), total)
    said = select(comments.c.id, comments.c.text, comments.c.text_hash).execution_options(
        **streamed
    )
    for key, body, kept in connection.execute(said):
        report("texts", next(read), total)
        if hash_text(body) != kept:
            yield ArchiveFinding(True, f"The text of comment {key} does not fit its hash.")


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
    fetched = select(fetches.c.id).where(fetches.c.page_id == articles.c.page_id).exists()
    unseen = connection.execute(
        select(func.count()).select_from(articles).where(~fetched)
    ).scalar_one()
    if unseen:
        yield ArchiveFinding(
            False, f"{unseen} articles have no fetch: they came by an import, or by a redirect."
        )


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
    """A capture as its file has it; *fits* tells whether its payload has the digest that its record
    states.
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
    kinds, start, reached = WarcRecordType.response | WarcRecordType.revisit, 0, 0
    while True:
        stream.seek(start)
        try:
            for record in ArchiveIterator(stream, record_types=kinds, parse_http=False):
                reached = record.stream_pos
                yield _kept(record)
        except OSError as error:
            if reached >= start:  # else it is the damage that is told of already
                yield ArchiveFinding(True, f"{name} is damaged past byte {reached}: {error}.")
            following = [offset for offset in offsets if offset > max(start, reached)]
            if following:
                start = following[0]
                continue
        return


def _kept(record: WarcRecord) -> _Kept:
    payload = split_head(record.reader.read())[1]
    said = record.headers.get("WARC-Payload-Digest")
    fits = (
        record.record_type != WarcRecordType.response or not said or payload_digest(payload) == said
    )
    return _Kept(str(record.record_id), target_of(record), record.stream_pos, said, fits)


def _misplaced(place: _Place, kept: _Kept) -> str | None:
    """Return what a capture's row states otherwise than the file, None where both agree."""
    if (place.offset, place.url) != (kept.offset, kept.url):
        return "stands at another place than its row says."
    if place.digest and kept.digest and place.digest != kept.digest:
        return "has another digest than its row says."
    return None


def _check_file(
    stream: BinaryIO, name: str, places: dict[str, _Place], tell: Callable[[], None]
) -> Iterator[ArchiveFinding]:
    unnamed, missing = 0, dict(places)
    for kept in _read_captures(stream, name, sorted(place.offset for place in places.values())):
        if isinstance(kept, ArchiveFinding):
            yield kept
            continue
        tell()
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
