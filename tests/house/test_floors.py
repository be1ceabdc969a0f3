"""The house: imports fall downwards, the core is pure, rooms bear nouns."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FLOORS = {"storage": 0, "pipelines": 1, "crawler": 2}
MODULES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
FORBIDDEN_IN_CORE = ("scrapy", "twisted", "sqlalchemy", "alembic")
SQL_CALLS = {"execute", "executemany", "exec_driver_sql"}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_fall_downwards(path: Path) -> None:
    floor = FLOORS[path.relative_to(ROOT).parts[0]]
    above = [module for module in imports(path) if FLOORS.get(module.split(".")[0], -1) > floor]
    assert above == []


def test_the_core_loads_no_scrapy_and_no_sql() -> None:
    core = [
        path
        for path in MODULES
        if path.is_relative_to(ROOT / "pipelines") and path.name != "__init__.py"
    ]
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in core]
    program = (
        f"import sys, {', '.join(modules)}\nprint([m for m in {FORBIDDEN_IN_CORE!r} if "
        "m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_only_content_imports_trafilatura() -> None:
    users = [
        name(path)
        for path in MODULES
        if any(module.split(".")[0] == "trafilatura" for module in imports(path))
    ]
    assert users == ["pipelines/content/proposals.py"]


def test_only_storage_executes_sql() -> None:
    for path in MODULES:
        if path.is_relative_to(ROOT / "storage"):
            continue
        calls = [
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        ]
        assert not SQL_CALLS & set(calls), name(path)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_rooms_are_named_for_what_they_hold(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_functions_take_few_arguments(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args]
            own = [argument for argument in arguments if argument.arg not in {"self", "cls"}]
            assert len(own) <= 5, f"{name(path)}: {node.name} takes {len(own)} arguments"
