"""Carrying out an erasure: rows, index, captures and copies lose what falls under it, and
tombstones keep it away.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, select, update

from storage.database import (
    Archive,
    articles,
    authors,
    chunks,
    comments,
    delete_rows,
    fetches,
    origins,
    pages,
    removed_blocks,
    reseal,
    sites,
)
from storage.leftovers import scratch
from storage.privacy.erasure_plan import make_plan
from storage.privacy.erasure_request import ErasureRequest, NothingFound, NothingToErase, Plan
from storage.privacy.orders import (
    ErasureAtWork,
    Leftovers,
    erasing,
    finish_order,
    note_erased,
    place_order,
    unfinished_orders,
)
from storage.privacy.spellings import finder_of
from storage.privacy.tombstones import add_tombstones
from storage.privacy.traces import clear_traces
from storage.warc import (
    Rewritten,
    bring_home,
    drop_superseded,
    forget_stored,
    rewrite,
    stored_files,
    warc_files,
)


def count_rows(archive: Archive, plan: Plan) -> dict[str, int]:
    """Return how many rows *plan* takes away, by table: they are deleted in a transaction that is
    not kept.
    """
    with archive.read() as connection:
        return _delete(connection, plan)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an erasure did, without saying what it erased."""

    erased_at: datetime
    rows: dict[str, int]
    tombstones: int
    warc_files: int
    warc_records: int
    copies: int


def erase(archive: Archive, plan: Plan, folder: Path, order: int | None = None) -> Receipt:
    """Carry out *plan* and return its receipt, once nothing of it is on disk any more.

    The *order* is a row from the beginning on, made where none is given. The WARC files are written
    anew first; rows, tombstones and the new places of captures change in one transaction; then the
    old files and the database's free pages go. A process killed in between has left the order, and
    the next command finishes it. Raises StillRead when somebody reads an older state of the
    database: its bytes are still there, and the order stays unfinished.
    """
    now = datetime.now(UTC)
    with erasing(folder):
        if order is None:
            order = place_order(archive, plan.request, now)
        with archive.read() as connection:
            named = set(connection.execute(select(fetches.c.warc_file).distinct()).scalars())
        drop_superseded(folder / "warc", named)
        payloads = [capture for found in plan.captures.values() for capture in found]
        fetched = _bring_home(archive, plan, folder / "warc")
        paths = warc_files(folder / "warc") if payloads else []
        rewritten = [done for path in paths if (done := rewrite(path, payloads)) is not None]
        left = Leftovers(
            files=[
                str(path.absolute()) for path in (*(one.old for one in rewritten), *plan.copies)
            ],
            stored=list(fetched.values()),
        )
        with archive.begin() as connection:
            rows = _delete(connection, plan)
            for done in rewritten:
                _move_captures(connection, done)
            for name in fetched:
                forget_stored(connection, name)
            _forget_answers(connection, plan)
            clear_traces(connection, plan)
            stones = add_tombstones(connection, plan.tombstones, now)
            note_erased(connection, order, left)
        finish_order(archive, order, left)
    records = sum(len(done.removed) for done in rewritten)
    return Receipt(now, rows, stones, len(rewritten), records, len(plan.copies))


def finish_erasures(archive: Archive, folder: Path) -> int:
    """Finish the erasures that a killed process left; return how many there were.

    One that another process is at work on is left to it. Raises StillRead as erase does.
    """
    waiting = unfinished_orders(archive)
    if not waiting:
        return 0
    try:
        with erasing(folder):
            for order in waiting:
                if order.left is not None:
                    finish_order(archive, order.key, order.left)
    except ErasureAtWork:
        return 0
    for order in waiting:
        if order.request is not None:
            _begin_again(archive, folder, order.key, order.request)
    return len(waiting)


def _begin_again(archive: Archive, folder: Path, key: int, request: ErasureRequest) -> None:
    """Carry out an erasure that was killed before anything was erased."""
    try:
        plan = make_plan(archive, request, folder)
    except NothingFound:
        finish_order(archive, key, Leftovers())
    except NothingToErase:
        return  # a crawl is at work, or a file is damaged: the order stays, and verify names it
    else:
        erase(archive, plan, folder, key)


def _bring_home(archive: Archive, plan: Plan, folder: Path) -> dict[str, str]:
    """Copy the files with captures to erase, or revisits of them, from their store into *folder*;
    return where each came from.
    """
    names = {path.name for path in plan.captures}
    digests = {
        capture.digest for found in plan.captures.values() for capture in found if capture.digest
    }
    with archive.read() as connection:
        for chunk in chunks(digests):
            names |= set(
                connection.execute(
                    select(fetches.c.warc_file).where(fetches.c.digest.in_(chunk))
                ).scalars()
            )
        stored = stored_files(connection)
        wanted = sorted(names & stored.keys())
        with scratch(folder.parent, *(folder / f".{name}.coming" for name in wanted)):
            brought = [bring_home(connection, folder, name) for name in wanted]
    return {path.name: address for path, address in brought if address is not None}


def _delete(connection: Connection, plan: Plan) -> dict[str, int]:
    counts: dict[str, int] = {}
    names = select(authors.c.id).where(authors.c.name.in_(plan.author_names))
    signed = set(connection.execute(names).scalars()) if plan.author_names else set()
    touched, answers = _recount(connection, plan.comments)
    signed_in = select(authors.c.article_id).where(authors.c.id.in_(signed))
    touched |= set(connection.execute(signed_in).scalars())
    work: tuple[tuple[Table, Collection[int]], ...] = (
        (comments, plan.comments),
        (authors, signed),
        (removed_blocks, _blocks(connection, plan)),
        (pages, plan.pages),
        (sites, plan.sites),
    )
    for table, keys in work:
        for name, count in delete_rows(connection, table, keys).items():
            counts[name] = counts.get(name, 0) + count
    among = pages.c.redirects_to.in_(plan.urls)
    connection.execute(update(pages).where(among).values(redirects_to=None))
    counts["origins"] = connection.execute(
        origins.delete().where(origins.c.origin.in_(plan.origins))
    ).rowcount
    for url in plan.urls:
        connection.execute(update(pages).where(pages.c.found_on == url).values(found_on=None))
        connection.execute(fetches.delete().where(fetches.c.url == url))
    reseal(connection, touched, answers)
    there = select(func.count()).where(pages.c.site_id == sites.c.id).scalar_subquery()
    connection.execute(update(sites).where(sites.c.pages != there).values(pages=there))
    return {name: count for name, count in sorted(counts.items()) if count}


def _recount(connection: Connection, keys: Collection[int]) -> tuple[set[int], set[int]]:
    """The thread keeps its declared number, and the erasure is the reason why fewer are there;
    replies lose their parent. Return the keys of articles and replies that this changes.
    """
    touched: set[int] = set()
    replies: set[int] = set()
    for chunk in chunks(keys):
        among = comments.c.id.in_(chunk)
        touched |= set(connection.execute(select(comments.c.article_id).where(among)).scalars())
        lost = select(comments.c.article_id, func.count()).where(
            among, comments.c.gone_at.is_(None), comments.c.status == "visible"
        )
        for article_id, count in connection.execute(lost.group_by(comments.c.article_id)).all():
            reason = func.coalesce(articles.c.comments_gap_reason, "erased")
            fresh = {
                "comments_captured": articles.c.comments_captured - count,
                "comments_gap_reason": reason,
            }
            connection.execute(update(articles).where(articles.c.id == article_id).values(fresh))
        answering = comments.c.parent_id.in_(chunk)
        replies |= set(connection.execute(select(comments.c.id).where(answering)).scalars())
        answers = update(comments).where(answering)
        connection.execute(answers.values(parent_id=None, parent_source_id=None))
    return touched, replies


def _blocks(connection: Connection, plan: Plan) -> set[int]:
    """Return the cut boilerplate that holds what is erased: "Laatste reacties" names people."""
    if not plan.words:
        return set()
    finds = finder_of(plan.words)
    blocks = connection.execute(select(removed_blocks.c.id, removed_blocks.c.text))
    return {row.id for row in blocks if finds(row.text)}


def _move_captures(connection: Connection, done: Rewritten) -> None:
    query = select(fetches.c.id, fetches.c.warc_record_id).where(
        fetches.c.warc_file == done.old.name.removesuffix(".open")
    )
    for key, record_id in connection.execute(query).all():
        offset = done.moved.get(record_id)
        place: dict[str, Any] = {"warc_file": done.new.name, "warc_offset": offset}
        if offset is None:
            place = dict.fromkeys(
                ("warc_file", "warc_offset", "warc_length", "warc_record_id", "digest")
            )
        connection.execute(update(fetches).where(fetches.c.id == key).values(place))


def _forget_answers(connection: Connection, plan: Plan) -> None:
    """A page whose capture went is asked without conditions next time: "not modified" would leave
    it without one.
    """
    for chunk in chunks(plan.emptied_pages):
        connection.execute(
            update(pages).where(pages.c.id.in_(chunk)).values(etag=None, last_modified=None)
        )


def receipt_text(receipt: Receipt) -> str:
    """Return a receipt as JSON."""
    stated = {
        "erased_at": receipt.erased_at.isoformat(timespec="seconds"),
        "rows": receipt.rows,
        "tombstones": receipt.tombstones,
        "warc_files_rewritten": receipt.warc_files,
        "warc_records_removed": receipt.warc_records,
        "older_copies_removed": receipt.copies,
    }
    return json.dumps(stated, indent=2)
