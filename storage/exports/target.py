"""Where an export goes: it is made under temporary names, which take the place of the old ones when
all is whole.
"""

import contextlib
import glob
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from storage.exports.fields import BadExport

MANIFEST = "manifest.json"
# What describes a dataset: in its folder under these names, beside a file under its name and these.
DESCRIPTIONS = (MANIFEST, "README.md", "datapackage.json", "croissant.json")


def partial_paths(target: Path) -> tuple[Path, ...]:
    """Return under which names this process makes the files of an export to *target*."""
    fresh = target.with_name(f".{target.name}.partial-{os.getpid()}")
    return fresh, *(_beside(fresh, name) for name in DESCRIPTIONS)


@contextlib.contextmanager
def temporary(target: Path) -> Iterator[Path]:
    """Give the name under which an export to *target* is made; nothing is left under it."""
    _clear(target, lambda maker: not _is_running(maker))
    try:
        yield partial_paths(target)[0]
    finally:
        _clear(target, lambda maker: maker == os.getpid())


def publish_file(fresh: Path, target: Path, descriptions: Mapping[str, str]) -> None:
    """Put the file *fresh* in the place of *target*, and its *descriptions* by name beside it."""
    for name, text in descriptions.items():
        _beside(fresh, name).write_text(text, encoding="utf-8")
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(target)
    for name in descriptions:
        _beside(fresh, name).replace(_beside(target, name))


def publish_folder(fresh: Path, target: Path, descriptions: Mapping[str, str]) -> None:
    """Put the folder *fresh* with its *descriptions* by name in the place of *target*.

    Raises BadExport where a folder that no export made is there.
    """
    fresh.mkdir(exist_ok=True)
    for name, text in descriptions.items():
        (fresh / name).write_text(text, encoding="utf-8")
    if target.exists() and not (target / MANIFEST).exists():
        raise BadExport(f"{target} is there already and is no export: name another folder.")
    if not target.exists():
        fresh.rename(target)
        return
    old = target.with_name(f".{target.name}.old-{os.getpid()}")
    target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old)


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.name}.{name}")


def _clear(target: Path, whose: Callable[[int], bool]) -> None:
    """Remove temporary files of exports to *target*: one's own, or what a killed one could not take
    away.
    """
    for path in target.parent.glob(f".{glob.escape(target.name)}.partial-*"):
        if not whose(int(path.name.rpartition(".partial-")[2].partition(".")[0])):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
