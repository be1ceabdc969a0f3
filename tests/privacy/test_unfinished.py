"""An erasure that is killed, wherever that happens, is finished by the next command; the receipt
says only what is true on disk.
"""

import gzip
import multiprocessing
import os
import sqlite3
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.engine import make_url

from crawler.archive import finish_unfinished
from storage.database import Archive, default_database, fetches, metadata
from storage.exports import WaczRequest, export_wacz
from storage.leftovers import FOLDER, scratch, sweep
from storage.maintenance import back_up, verify_archive
from storage.privacy import (
    ErasureRequest,
    NothingToErase,
    StillRead,
    erase,
    finish_erasures,
    make_plan,
    orders,
    unfinished_orders,
)
from storage.records import Exchange
from storage.warc import WarcWriter
from tests.conftest import new_database
from tests.sample_archive import FIRST, PASSIE, fill

NAME = "Hanneke de Wit"
KILL_POINTS = 16
WATCHED = ("storage/privacy/", "storage/warc/", "storage/database/archive.py")


def build(folder: Path, url: str) -> None:
    archive = Archive.open(url)
    fill(archive)
    writer = WarcWriter(folder / "warc", software="tests", operator="tests@example.org")
    body = "".join(f"<p>{one.author}: {one.text}</p>" for one in PASSIE.comments).encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    place = writer.write(Exchange(url=PASSIE.url, fetched_at=FIRST, request=b"", response=answer))
    other = b"HTTP/1.1 200 OK\r\n\r\n<p>Een molen draait.</p>"
    writer.write(
        Exchange(url="https://molen.example/", fetched_at=FIRST, request=b"", response=other)
    )
    writer.close()
    kept = {
        "warc_file": place.file, "warc_offset": place.offset, "warc_length": place.length,
        "warc_record_id": place.record_id, "digest": place.payload_digest,
    }  # fmt: skip
    with archive.begin() as connection:
        connection.execute(update(fetches).where(fetches.c.url == PASSIE.url).values(kept))
    archive.close()


def hits(folder: Path, archive: Archive) -> int:
    """How often the name is in any byte of the folder, or in any row."""
    found = 0
    for path in folder.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            body = gzip.decompress(body) if path.name.endswith(".gz") else body
            found += body.count(NAME.encode())
    with archive.read() as connection:
        for table in metadata.sorted_tables:
            rows = connection.execute(text(f"SELECT * FROM {table.name}"))
            found += sum(NAME in str(tuple(row)) for row in rows)
    return found


def erase_and_die(url: str, folder: Path, after: int, steps: Any) -> None:
    """Erase, and end as kill -9 would at the call or return number *after* of our own code, counted
    from when the order was placed.
    """
    archive = Archive.open(url)
    plan = make_plan(archive, ErasureRequest(author=NAME), folder)
    place = orders.place_order

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        if event in {"call", "return"} and any(one in frame.f_code.co_filename for one in WATCHED):
            steps.value += 1
            if steps.value == after:
                os._exit(9)

    def placed(*arguments: Any) -> int:
        key = place(*arguments)
        sys.setprofile(watch)
        return key

    from storage.privacy import erasure  # noqa: PLC0415  # the room itself: its name is patched

    erasure.place_order = placed  # type: ignore[attr-defined]
    erase(archive, plan, folder)
    sys.setprofile(None)
    archive.close()


def killed_at(url: str, folder: Path, after: int) -> int:
    context = multiprocessing.get_context("fork")
    steps = context.Value("i", 0)
    child = context.Process(target=erase_and_die, args=(url, folder, after, steps))
    child.start()
    child.join(120)
    assert child.exitcode == (9 if after else 0)
    return int(steps.value)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_erasure_killed_anywhere_is_finished_by_the_next_command(
    kind: str, tmp_path: Path
) -> None:
    with new_database(kind, tmp_path / "whole") as url:
        build(tmp_path / "whole", url)
        total = killed_at(url, tmp_path / "whole", 0)
    assert total > 50
    share = 1 if kind == "sqlite" else 4
    for point in range(1, KILL_POINTS + 1, share):
        folder = tmp_path / f"{kind}-{point}"
        with new_database(kind, folder) as url:
            build(folder, url)
            killed_at(url, folder, max(1, total * point // KILL_POINTS - 1))
            archive = Archive.open(url)
            unfinished = unfinished_orders(archive)
            if unfinished:
                findings = [one.text for one in verify_archive(archive, folder) if one.grave]
                assert any("erasure" in one for one in findings), point
            finish_unfinished(archive, folder)
            assert hits(folder, archive) == 0, point
            assert unfinished_orders(archive) == []
            assert [one.text for one in verify_archive(archive, folder) if one.grave] == [], point
            with pytest.raises(NothingToErase):
                make_plan(archive, ErasureRequest(author=NAME), folder)
            assert not list(folder.rglob(".*"))
            archive.close()


def test_a_reader_of_an_older_state_is_named_and_the_receipt_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = default_database(tmp_path)
    build(tmp_path, url)
    archive = Archive.open(url)
    archive.outside_transactions("PRAGMA wal_checkpoint(TRUNCATE)")
    monkeypatch.setattr("storage.database.archive.BUSY_TIMEOUT_MILLISECONDS", 300)
    quick = Archive.open(url)
    reader = sqlite3.connect(make_url(url).database or "")
    reader.execute("BEGIN")
    reader.execute("SELECT COUNT(*) FROM comments").fetchone()
    plan = make_plan(quick, ErasureRequest(author=NAME), tmp_path)
    with pytest.raises(StillRead, match="reads an older state"):
        erase(quick, plan, tmp_path)
    assert len(unfinished_orders(quick)) == 1
    reader.close()
    assert finish_erasures(quick, tmp_path) == 1
    assert hits(tmp_path, quick) == 0
    quick.close()
    archive.close()


def test_what_a_killed_command_left_half_made_goes_with_the_next(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "archive", tmp_path / "elsewhere"
    build(folder, default_database(folder))
    elsewhere.mkdir()
    context = multiprocessing.get_context("fork")

    def die_in(work: str) -> None:
        archive = Archive.open(default_database(folder))

        def die(*_: Any, **__: Any) -> None:
            os._exit(9)

        if work == "backup":
            import storage.maintenance.backup as room  # noqa: PLC0415

            def half(_source: Path, made: Path) -> None:
                made.write_bytes(b"half")
                die()

            room.shutil.copy2 = half  # type: ignore[assignment]
            back_up(archive, folder, elsewhere)
        else:
            import storage.exports.wacz as packing  # noqa: PLC0415

            packing._pack = die  # type: ignore[assignment]
            export_wacz(archive, folder, WaczRequest(), elsewhere / "a.wacz")

    for work in ("backup", "wacz"):
        child = context.Process(target=die_in, args=(work,))
        child.start()
        child.join(60)
        assert child.exitcode == 9
        assert [one for one in elsewhere.rglob("*") if ".partial" in one.name], work
        assert sweep(folder) == 1
        assert [one for one in elsewhere.rglob("*") if ".partial" in one.name] == [], work
        assert not (folder / FOLDER).exists()


def test_what_is_still_being_made_is_left_alone(tmp_path: Path) -> None:
    made = tmp_path / "half"
    with scratch(tmp_path, made):
        made.write_text("x", encoding="utf-8")
        assert sweep(tmp_path) == 0
        assert made.exists()
    assert not made.exists()
