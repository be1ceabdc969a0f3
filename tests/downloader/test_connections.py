"""The one room that builds on private names of Scrapy's and Twisted's, and for which versions."""

import ast
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

from crawler.downloader import connections

ROOT = Path(__file__).parent.parent.parent
ROOM = ROOT / "crawler" / "downloader" / "connections.py"
FRAMEWORKS = ("scrapy", "twisted")


def private_imports(path: Path) -> list[str]:
    """Return what *path* imports of names that the frameworks keep to themselves."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(FRAMEWORKS):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [name for name in names if re.search(r"\._[a-zA-Z]", name)]
    return found


def test_only_this_room_builds_on_private_names() -> None:
    rooms = [
        path
        for floor in ("crawler", "pipelines", "storage")
        for path in (ROOT / floor).rglob("*.py")
        if private_imports(path)
    ]
    assert rooms == [ROOM]
    assert len(ROOM.read_text(encoding="utf-8").splitlines()) < 120


def test_the_versions_for_which_it_holds_are_those_that_are_installed_and_allowed() -> None:
    minor = ".".join(version("scrapy").split(".")[:2])
    assert minor in connections.HOLDS_FOR
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (pin,) = [line for line in project["dependencies"] if line.startswith("scrapy")]
    oldest, newest = connections.HOLDS_FOR
    major, last = newest.split(".")
    assert pin == f"scrapy>={oldest},<{major}.{int(last) + 1}"
