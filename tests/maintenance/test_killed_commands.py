"""A backup, a copy and an export that are killed, wherever that happens, are made whole by the same
command asked again, and leave nothing half-made.
"""

import multiprocessing
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from storage.database import Archive, default_database
from storage.exports import ExportRequest, export
from storage.leftovers import FOLDER, sweep
from storage.maintenance import back_up, copy_archive, verify_archive
from storage.privacy import open_pseudonyms
from tests.sample_archive import fill, rows_of

KILL_POINTS = 6
WATCHED = ("storage/maintenance/", "storage/exports/", "storage/leftovers.py")


def make_backup(archive: Archive, folder: Path, target: Path) -> None:
    back_up(archive, folder, target)


def make_copy(archive: Archive, _folder: Path, target: Path) -> None:
    copied = Archive.open(default_database(target))
    copy_archive(archive, copied)
    copied.close()


def make_export(archive: Archive, folder: Path, target: Path) -> None:
    request = ExportRequest(dataset="threads", form="jsonl")
    export(archive, request, open_pseudonyms(folder), target / "archive.jsonl")


MADE: dict[str, Callable[[Archive, Path, Path], None]] = {
    "backup": make_backup, "copy": make_copy, "export": make_export,
}  # fmt: skip


def make_and_die(made: str, folder: Path, after: int, steps: Any) -> None:
    """Make it, and end as kill -9 would at the call or return number *after* of our own code."""
    archive = Archive.open(default_database(folder / "archive"))

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        if event in {"call", "return"} and any(one in frame.f_code.co_filename for one in WATCHED):
            steps.value += 1
            if steps.value == after:
                os._exit(9)

    sys.setprofile(watch)
    MADE[made](archive, folder / "archive", folder / "target")
    sys.setprofile(None)
    archive.close()


def killed_at(made: str, folder: Path, after: int) -> int:
    context = multiprocessing.get_context("fork")
    steps = context.Value("i", 0)
    child = context.Process(target=make_and_die, args=(made, folder, after, steps))
    child.start()
    child.join(120)
    assert child.exitcode == (9 if after else 0)
    return int(steps.value)


def content(folder: Path) -> dict[str, str | bytes]:
    """Return what stands in the target: rows of a database, bytes of a dataset."""
    found: dict[str, str | bytes] = {}
    for path in sorted(folder.rglob("*")):
        if path.name == "archive.db":
            made = Archive.open(default_database(folder))
            found[path.name] = rows_of(made)
            made.close()
        elif path.suffix == ".jsonl":
            found[path.name] = path.read_bytes()
        elif path.is_file() and path.suffix not in {".db-wal", ".db-shm"}:
            found[path.name] = "there"
    return found


@pytest.mark.parametrize("made", MADE)
def test_what_is_killed_anywhere_is_made_whole_by_the_next(made: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    archive = Archive.open(default_database(source / "archive"))
    fill(archive)
    archive.close()
    open_pseudonyms(source / "archive")
    calm = tmp_path / "calm"
    shutil.copytree(source, calm)
    total, expected = killed_at(made, calm, 0), content(calm / "target")
    assert total > KILL_POINTS
    for point in range(1, KILL_POINTS + 1):
        folder = tmp_path / f"killed-{point}"
        shutil.copytree(source, folder)
        killed_at(made, folder, max(1, total * point // KILL_POINTS - 1))
        sweep(folder / "archive")
        again = Archive.open(default_database(folder / "archive"))
        if made == "copy" and "archive.db" in content(folder / "target"):
            shutil.rmtree(folder / "target")  # it was whole already, or its schema stands
        MADE[made](again, folder / "archive", folder / "target")
        assert content(folder / "target") == expected, point
        assert [one.text for one in verify_archive(again, folder / "archive") if one.grave] == []
        again.close()
        assert not (folder / "archive" / FOLDER).exists()
        assert not [path for path in folder.rglob("*") if "partial" in path.name], point
