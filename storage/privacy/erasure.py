"""Carrying out an erasure: rows, index, captures and copies lose what falls under it, and
tombstones keep it away.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, select, text, update

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
    profiles,
    removed_blocks,
    reseal,
    runs,
    sites,
)
from storage.privacy.erasure_plan import Plan
from storage.privacy.tombstones import add_tombstones, sequences
from storage.warc import (
    Rewritten,
    bring_home,
    delete_stored,
    drop_superseded,
    forget_stored,
    rewrite,
    stored_files,
    warc_files,
)

ERASED = "an erased page"


def clear_traces(connection: Connection, plan: Plan) -> None:
    """Take the addresses of erased pages out of profiles and runs, and erased words out of what
    profiles quote of furniture.
    """
    _clear_profiles(connection, plan)
    if plan.urls:
        _clear_runs(connection, plan)


def _clear_profiles(connection: Connection, plan: Plan) -> None:
    tells = _teller(plan)
    for row in connection.execute(
        select(profiles.c.id, profiles.c.profile, profiles.c.learned_from)
    ).all():
        kept = [url for url in row.learned_from or () if url not in plan.urls]
        profile = {**row.profile, "learned_from": kept}
        if "furniture" in profile:
            profile["furniture"] = [
                _unquoted(block) if tells(block["begin"]) else block
                for block in profile["furniture"]
            ]
        if profile != {"learned_from": [], **row.profile}:
            connection.execute(
                update(profiles)
                .where(profiles.c.id == row.id)
                .values(profile=profile, learned_from=kept)
            )


def _unquoted(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return a block of furniture without its words; its fingerprint recognises it all the same."""
    return {**block, "begin": ""}


def _teller(plan: Plan) -> Callable[[str], bool]:
    lengths, told = {len(words) for words in plan.words}, {" ".join(words) for words in plan.words}
    return lambda text: any(
        said in told for _count, said in sequences(text.encode("utf-8", "replace"), lengths)
    )


def _clear_runs(connection: Connection, plan: Plan) -> None:
    """A run's verdict names the first page on which a template had changed."""
    for row in connection.execute(select(runs.c.id, runs.c.counters, runs.c.reasons)).all():
        reasons = [_unnamed(reason, plan) for reason in row.reasons or ()]
        drift = [_unnamed(change, plan) for change in (row.counters or {}).get("drift", ())]
        if reasons != (row.reasons or []):
            connection.execute(update(runs).where(runs.c.id == row.id).values(reasons=reasons))
        if drift != (row.counters or {}).get("drift", []):
            connection.execute(
                update(runs)
                .where(runs.c.id == row.id)
                .values(counters={**row.counters, "drift": drift})
            )


def _unnamed(sentence: str, plan: Plan) -> str:
    for url in plan.urls:
        sentence = sentence.replace(url, ERASED)
    return sentence


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


def erase(archive: Archive, plan: Plan, folder: Path) -> Receipt:
    """Carry out *plan* and return its receipt.

    The WARC files are written anew first; rows, tombstones and the new places of captures change in
    one transaction; then the old files and the database's free pages go. A process killed in
    between has erased nothing or all, and can be run again.
    """
    now = datetime.now(UTC)
    with archive.read() as connection:
        named = set(connection.execute(select(fetches.c.warc_file).distinct()).scalars())
    drop_superseded(folder / "warc", named)
    payloads = [capture for found in plan.captures.values() for capture in found]
    fetched = _bring_home(archive, plan, folder / "warc")
    paths = warc_files(folder / "warc") if payloads else []
    rewritten = [done for path in paths if (done := rewrite(path, payloads)) is not None]
    with archive.begin() as connection:
        rows = _delete(connection, plan)
        for done in rewritten:
            _move_captures(connection, done)
        for name in fetched:
            forget_stored(connection, name)
        _forget_answers(connection, plan)
        clear_traces(connection, plan)
        stones = add_tombstones(connection, plan.tombstones, now)
    for path in (*(done.old for done in rewritten), *plan.copies):
        path.unlink()
    for address in fetched.values():
        delete_stored(address)
    _clean(archive)
    records = sum(len(done.removed) for done in rewritten)
    return Receipt(now, rows, stones, len(rewritten), records, len(plan.copies))


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
        brought = [bring_home(connection, folder, name) for name in sorted(names & stored.keys())]
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
    counts["origins"] = connection.execute(
        origins.delete().where(origins.c.origin.in_(plan.origins))
    ).rowcount
    for url in plan.urls:
        connection.execute(update(pages).where(pages.c.found_on == url).values(found_on=None))
        connection.execute(fetches.delete().where(fetches.c.url == url))
    reseal(connection, touched, answers)
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
    """Return the cut furniture that holds what is erased: "Laatste reacties" names people."""
    lengths, told = {len(words) for words in plan.words}, {" ".join(words) for words in plan.words}
    found = set()
    for row in (
        connection.execute(select(removed_blocks.c.id, removed_blocks.c.text)) if told else ()
    ):
        if any(
            said in told for _count, said in sequences(row.text.encode("utf-8", "replace"), lengths)
        ):
            found.add(row.id)
    return found


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


def _clean(archive: Archive) -> None:
    """Overwrite what the database has let go of: search index, free pages, write-ahead log."""
    if archive.dialect == "sqlite":
        with archive.begin() as connection:
            for index in ("article_search", "comment_search"):
                connection.execute(text(f"INSERT INTO {index} ({index}) VALUES ('optimize')"))  # noqa: S608  # our own names
        archive.outside_transactions("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        archive.outside_transactions("VACUUM (FULL, ANALYZE)")


def receipt_text(receipt: Receipt) -> str:
    """Return a receipt as JSON."""
    told = {
        "erased_at": receipt.erased_at.isoformat(timespec="seconds"),
        "rows": receipt.rows,
        "tombstones": receipt.tombstones,
        "warc_files_rewritten": receipt.warc_files,
        "warc_records_removed": receipt.warc_records,
        "older_copies_removed": receipt.copies,
    }
    return json.dumps(told, indent=2)
