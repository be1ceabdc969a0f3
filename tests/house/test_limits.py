"""Limits of size: a file, a function, the decisions in it, a room that only one other imports."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PRODUCT = ("storage", "pipelines", "crawler")
LARGEST_FILE = 300  # lines
LONGEST_FUNCTION = 50  # lines of its body
MOST_DECISIONS = 10
SMALLEST_ROOM = 60  # lines, of a room that only one other imports

FILES = sorted(
    path
    for folder in (*PRODUCT, "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "pages" not in path.relative_to(ROOT).parts
)
# Each is one subject's cases, which are read together.
LONG_TESTS = set(
    """
    tests/comments/test_comment_sources.py
    tests/content/test_body.py
    tests/crawl/test_crawl.py
    tests/crawl/test_frontier.py
    tests/crawl/test_reruns.py
    tests/database/test_archive.py
    tests/exports/test_exports.py
    tests/hostile/test_any_input.py
    tests/imports/test_import.py
    tests/privacy/test_erasure.py
    tests/profiles/test_profiles.py
    tests/reading_room/test_browse.py
""".split()
)
SMALL_ROOMS = {
    "crawler.crawl.upload": "where do WARC files go? a noun people ask for",
    "crawler.downloader.encoding": "Scrapy's own middleware in another form, named in settings",
    "crawler.extraction.feed_evidence": "what feeds state: a subject of its own beside templates",
    "crawler.extraction.preload": "what all reading processes share, named to the fork server",
    "crawler.politeness.run": "the Protocol by which the middleware knows the run",
    "crawler.rendering.blocking": "which requests of a page are never sent? the tables of them",
    "crawler.reading_room.format": "how a value reads to a person: day, number, mark",
    "crawler.reading_room.translations": "the words of the reading room, by language",
    "pipelines.comments.rules.fitting": "what the fit of the weights takes from the reader",
    "pipelines.content.roles": "what a class or id says of a part of a page, by its role",
    "crawler.spiders.articles": "the spider of every site without one of its own",
    "crawler.spiders.wiring": "what a crawl of Knipsel's is made of, asked as settings are",
    "pipelines.items": "Scrapy's item pipeline, named in settings",
    "storage.articles.links": "what becomes of links when their text is seen again: a noun",
    "storage.database.search_index": "the triggers of the index, used by migrations too",
    "storage.database.limits": "what the databases can hold, asked of one place",
    "storage.warc.reader": "read_pages: the one way to read a WARC file as pages",
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function, without those of the functions and classes within it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node
            yield from own_nodes(node)


def decisions(function: ast.AST) -> int:
    """Count branches, loops, handlers, further operands of and/or, conditions of comprehensions."""
    found = 0
    for node in own_nodes(function):
        match node:
            case ast.BoolOp():
                found += len(node.values) - 1
            case ast.comprehension():
                found += len(node.ifs)
            case ast.If() | ast.For() | ast.AsyncFor() | ast.While() | ast.IfExp():
                found += 1
            case ast.ExceptHandler() | ast.match_case():
                found += 1
    return found


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_is_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LARGEST_FILE or name(path) in LONG_TESTS


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_function_is_short_and_decides_little(path: Path) -> None:
    if path.is_relative_to(ROOT / "tests"):
        return
    for function in functions(path):
        length = (function.end_lineno or 0) - function.body[0].lineno
        assert length <= LONGEST_FUNCTION, f"{function.name} is {length} lines long"
        assert decisions(function) <= MOST_DECISIONS, function.name


def test_the_list_of_long_tests_only_becomes_shorter() -> None:
    """Take out of the list what fits by now."""
    long = {name(path) for path in FILES if len(path.read_text().splitlines()) > LARGEST_FILE}
    gone = {one for one in LONG_TESTS if not (ROOT / one).exists()}
    assert LONG_TESTS - long - gone == set()


def handed_out() -> dict[tuple[str, str], str]:
    """Return the room of each name that a door hands out, by door and name."""
    rooms: dict[tuple[str, str], str] = {}
    for stub in (path for floor in PRODUCT for path in (ROOT / floor).rglob("__init__.pyi")):
        door = ".".join(stub.parent.relative_to(ROOT).parts)
        for node in ast.walk(ast.parse(stub.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    rooms[door, alias.name] = f"{door}.{node.module or alias.name}"
    return rooms


def users() -> dict[str, set[str]]:
    """Return who imports each room, itself or by its door."""
    doors, found = handed_out(), defaultdict[str, set[str]](set)
    for path in (path for path in FILES if path.relative_to(ROOT).parts[0] in PRODUCT):
        importer = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        known: dict[str, str] = {}  # a door by the name that it has here
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    found[f"{node.module}.{alias.name}"].add(importer)
                    found[doors.get((node.module, alias.name), node.module)].add(importer)
                    known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                room = doors.get((known.get(node.value.id, ""), node.attr))
                if room is not None:
                    found[room].add(importer)
    return found


def test_no_small_room_has_a_single_user() -> None:
    used = users()
    small = set()
    for path in (path for path in FILES if path.relative_to(ROOT).parts[0] in PRODUCT):
        room = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        is_free = path.name == "__init__.py" or "migrations" in room or ".commands." in room
        short = len(path.read_text(encoding="utf-8").splitlines()) < SMALLEST_ROOM
        if short and not is_free and len(used[room] - {room}) <= 1:
            small.add(room)
    assert small - SMALL_ROOMS.keys() == set(), "put it beside its only user, or say why it stands"
