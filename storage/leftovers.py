"""What a killed process leaves half-made, wherever it was made: noted in the archive's folder
before it is begun, removed by the next command.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "unfinished"


@contextmanager
def scratch(folder: Path, *paths: Path) -> Iterator[None]:
    """Note in the archive's *folder* that *paths* are being made; whatever is there of them at the
    end goes, also when the process is killed: then with the next sweep.
    """
    notes = folder / FOLDER
    notes.mkdir(parents=True, exist_ok=True)
    note = notes / f"{os.getpid()}-{secrets.token_hex(4)}.json"
    with note.open("x", encoding="utf-8") as file:
        # Locked before anything is in it: an empty note is no one's yet.
        fcntl.flock(file, fcntl.LOCK_EX)
        json.dump([str(path.absolute()) for path in paths], file)
        file.flush()
        os.fsync(file.fileno())
        try:
            yield
        finally:
            for path in paths:
                _remove(path)
            note.unlink(missing_ok=True)
            _remove_empty(notes)


def sweep(folder: Path) -> int:
    """Remove what processes that are gone left half-made; return how many notes there were."""
    swept = 0
    for note in sorted((folder / FOLDER).glob("*.json")):
        try:
            swept += _sweep(note)
        except FileNotFoundError:
            continue  # its maker has just finished
        except OSError:
            continue  # the archive is for reading only, or the place is not there today
    if swept:
        _remove_empty(folder / FOLDER)
    return swept


def _sweep(note: Path) -> bool:
    with note.open("r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        try:
            paths = json.load(file)
        except ValueError:
            paths = []  # killed before it had written down anything: nothing was begun
        for path in paths:
            _remove(Path(path))
        note.unlink()
    return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
        return
    for ending in ("", "-wal", "-shm", "-journal"):  # of a database all its files
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # another process is at work
