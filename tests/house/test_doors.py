"""Doors: a folder is a subject whose `__init__` names what others may use, and folders import only
down their order.
"""

import ast
import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FLOORS = ("storage", "pipelines", "crawler")
# From the bottom up: a folder may use what is named before it.
ORDER = """
storage.numbers storage.outcomes storage.records storage.storable storage.urls storage.url_patterns
storage.contacts storage.text_hash storage.progress storage.local_time storage.leftovers
storage.shown storage.extras
storage.database storage.warc storage.search storage.privacy storage.articles storage.exports
storage.crawl storage.maintenance storage.imports storage.reporting
pipelines.document pipelines.dates pipelines.page_kind
pipelines.comments.record pipelines.comments.stated pipelines.comments.scripted
pipelines.comments.rules pipelines.comments
pipelines.content pipelines.metadata pipelines.profiles pipelines.article pipelines.learning
pipelines.inspection
crawler.archive crawler.downloader crawler.discovery crawler.cli crawler.politeness
crawler.extraction crawler.rendering crawler.crawl crawler.offline crawler.reports crawler.spiders
crawler.extensions crawler.demo crawler.reading_room crawler.commands
""".split()
INNER = "pipelines.comments"  # its rooms are the ground on which its own folders stand
DOORS = sorted(path.parent for floor in FLOORS for path in (ROOT / floor).rglob("__init__.pyi"))
ROOMS = sorted(
    path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if path.name != "__init__.py"
)
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ROOMS}
READERS = sorted(
    path
    for folder in ("tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if not path.is_relative_to(ROOT / "tests" / "pages")
)
# Tests of what is no subject's own: the documents, this house, and a browser's tour.
OUTSIDE_SUBJECTS = {"docs", "hostile", "house", "browser", "commands", "pages"}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_room = inner in MODULES or (ROOT / Path(*inner.split("."))) in DOORS
                yield inner if is_room else node.module


def rank(module: str) -> int | None:
    fitting = [one for one in ORDER if module == one or module.startswith(f"{one}.")]
    return ORDER.index(max(fitting, key=len)) if fitting else None


def closed_door(importer: str, imported: str) -> str | None:
    """Return the outermost door past which *importer* reaches into *imported*, None where it goes
    through it.
    """
    parts = imported.split(".")
    for length in range(1, len(parts)):
        door = ".".join(parts[:length])
        folder = ROOT / Path(*parts[:length])
        if folder in DOORS and not importer.startswith(f"{door}."):
            stub = (folder / "__init__.pyi").read_text(encoding="utf-8")
            return None if length == len(parts) - 1 and f'"{parts[-1]}"' in stub else door
    return None


def subjects() -> set[str]:
    """Return the names that a folder of tests may bear: those of the product's folders and
    rooms.
    """
    return {path.stem for path in ROOMS} | {path.parent.name for path in ROOMS}


def is_own_subject(path: Path, imported: str) -> bool:
    """Return whether *path* is a test that stands beside the subject that it imports."""
    parts = path.relative_to(ROOT).parts
    return parts[0] == "tests" and len(parts) == 3 and parts[1] in imported.split(".")


@pytest.mark.parametrize("path", ROOMS, ids=module_of)
def test_nobody_imports_past_a_door(path: Path) -> None:
    importer = module_of(path)
    past = [(module, closed_door(importer, module)) for module in imports(path)]
    assert [pair for pair in past if pair[1] is not None] == []


@pytest.mark.parametrize("path", READERS, ids=module_of)
def test_tests_and_benchmarks_come_in_by_the_door(path: Path) -> None:
    past = [
        module
        for module in imports(path)
        if closed_door("", module) is not None and not is_own_subject(path, module)
    ]
    assert past == [], "a room's own tests stand in the folder that bears its subject's name"


def test_folders_of_tests_mirror_the_subjects() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if any(path.glob("*.py"))}
    assert folders - subjects() - OUTSIDE_SUBJECTS == set()
    assert [path.name for path in (ROOT / "tests").glob("test_*.py")] == []


@pytest.mark.parametrize("path", ROOMS, ids=module_of)
def test_folders_import_only_down_their_order(path: Path) -> None:
    importer = module_of(path)
    own = rank(importer)
    if own is None:
        return
    up = [
        module
        for module in imports(path)
        if (other := rank(module)) is not None
        and other > own
        and not (importer.startswith(INNER) and module.rpartition(".")[0] == INNER)
    ]
    assert up == []


@pytest.mark.parametrize("folder", DOORS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_a_door_is_short_and_hands_out_what_it_names(folder: Path) -> None:
    door = importlib.import_module(".".join(folder.relative_to(ROOT).parts))
    assert len((folder / "__init__.py").read_text(encoding="utf-8").splitlines()) <= 15
    stub = (folder / "__init__.pyi").read_text(encoding="utf-8")
    named = re.findall(r'^    "(\w+)",$|"(\w+)"', stub[stub.index("__all__") :], re.MULTILINE)
    assert sorted(one or other for one, other in named) == sorted(door.__all__)
    rooms = {path.stem for path in folder.iterdir()}
    for name in door.__all__:
        assert getattr(door, name) is not None
        handed_out = getattr(door, name)
        assert name not in rooms or handed_out.__name__.endswith(f".{name}"), "a name and a room"


def test_every_folder_of_rooms_has_a_door() -> None:
    folders = {path.parent for path in ROOMS}
    outside = {"storage", "pipelines", "crawler", "crawler/commands"}
    without = {str(folder.relative_to(ROOT)) for folder in folders - set(DOORS)}
    assert {one for one in without if "migrations" not in one} == outside


def test_class_names_are_unique() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in ROOMS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(module_of(path))
    shared = {name: rooms for name, rooms in homes.items() if len(rooms) > 1}
    assert shared.keys() == {"Command"}, (
        "Scrapy finds a command by that name; every other is one's own"
    )
