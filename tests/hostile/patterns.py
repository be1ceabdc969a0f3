"""Every compiled pattern of the project, how it is used, and the texts that would make it slow."""

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]  # the parse of a pattern, as `re` itself reads it
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any

from pipelines.dates import Form

ROOT = Path(__file__).parent.parent.parent
FLOORS = ("storage", "pipelines", "crawler")
UNLOADED = ("storage.database.migrations", "crawler.commands")
METHODS = frozenset("match search fullmatch finditer findall sub subn split".split())
MOST_ATTACKS = 40
# How patterns are called that stand in a table.
CALLED = {
    "storage.urls._SESSIONS": "fullmatch",
    "pipelines.content.edges._BYLINE": "fullmatch",
    "pipelines.content.edges._COUNT": "fullmatch",
    "pipelines.content.edges._READING_TIME": "fullmatch",
    "pipelines.content.edges._RIGHTS": "fullmatch",
    "pipelines.content.edges._SIGNED_DATE": "fullmatch",
    "pipelines.dates.clock.CLOCKS": "match",
    "pipelines.dates.clock.WORD_CLOCK": "match",
}
# What any text is made of; each pattern's own pieces come beside these.
PUMPS = (
    *(" ", "\n", "a", "A", "1", "-", ",", ".", "(", "<", "/", "=", '"', "&", "@", ":", "'"),
    *(
        "a ",
        "1 ",
        "a-",
        "a.",
        "1.",
        "1,",
        ", ",
        " - ",
        "a@",
        "<a ",
        "2024 ",
        "3 mei ",
        "Jan ",
        "\n\n",
        "a\n",
        " a,",
    ),
)


@dataclass(frozen=True)
class Used:
    """A pattern: where it stands, and by which of its methods it is called."""

    where: str
    pattern: "re.Pattern[Any]"
    methods: frozenset[str]


@cache
def patterns() -> tuple[Used, ...]:
    """Return every pattern that a module of the project keeps, each once."""
    calls = _calls()
    found: dict[re.Pattern[Any], Used] = {}
    for module in _modules():
        for name, value in sorted(vars(importlib.import_module(module)).items()):
            for pattern in _patterns_in(value):
                where = f"{module}.{name}"
                methods = {CALLED[where]} if where in CALLED else calls.get(name, {"search"})
                used = Used(where, pattern, frozenset(methods))
                known = found.get(pattern)
                if known is None or (calls.get(name) and not calls.get(known.where.split(".")[-1])):
                    found[pattern] = used
    return tuple(sorted(found.values(), key=lambda used: used.where))


def _modules() -> Iterator[str]:
    for floor in FLOORS:
        for found in pkgutil.walk_packages([str(ROOT / floor)], f"{floor}."):
            if not found.name.startswith(UNLOADED):
                yield found.name


def _patterns_in(value: Any, depth: int = 3) -> Iterator["re.Pattern[Any]"]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        for inner in (*value, *value.values()):
            yield from _patterns_in(inner, depth - 1)
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from _patterns_in(inner, depth - 1)
    elif isinstance(value, Form):
        yield value.pattern


def _calls() -> dict[str, set[str]]:
    """Return by which methods each name is called anywhere in the project."""
    calls: dict[str, set[str]] = defaultdict(set)
    for path in (path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Attribute) and node.attr in METHODS):
                continue
            if isinstance(node.value, ast.Name):
                calls[node.value.id].add(node.attr)
    return calls


def attacks(pattern: "re.Pattern[Any]") -> list[tuple[str, str, str]]:
    """Return texts that may make *pattern* slow, each as what stands before, what is repeated and
    what stands behind: the bodies of its own repetitions, and pieces of any text.
    """
    source = pattern.pattern
    parsed = sre.parse(
        source if isinstance(source, str) else source.decode("latin-1"),
        pattern.flags & ~re.DEBUG & ~re.UNICODE,
    )
    own = [
        (before, pump, end)
        for before, pump in _repetitions(parsed, "")
        if pump
        for end in ("\x01", "")
    ]
    whole = _example(parsed)
    usual = [
        (before, pump, "\x01")
        for pump in (*PUMPS, whole[:60])
        if pump
        for before in ("", whole[:1])
    ]
    return list(dict.fromkeys([*own[:MOST_ATTACKS], *usual]))


def _repetitions(parsed: Any, before: str) -> Iterator[tuple[str, str]]:
    """Yield what leads to each repetition of a parsed pattern, and one round of it."""
    for code, value in parsed:
        for inner in _inner(code, value):
            yield from _repetitions(inner, before)
        if code in {op.MAX_REPEAT, op.MIN_REPEAT} and value[1] > 3:
            for choice in range(2):
                yield before, _example(value[2], choice)
        before += _one(code, value, 0)


def _inner(code: Any, value: Any) -> list[Any]:
    if code in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        return [value[2]]
    if code is op.SUBPATTERN:
        return [value[3]]
    if code is op.BRANCH:
        return list(value[1])
    if code in {op.ASSERT, op.ASSERT_NOT}:
        return [value[1]]
    return [value] if code is op.ATOMIC_GROUP else []


def _example(parsed: Any, choice: int = 0) -> str:
    return "".join(_one(code, value, choice) for code, value in parsed)


def _one(code: Any, value: Any, choice: int) -> str:
    """Return a short text that one step of a parsed pattern takes; *choice* takes another way."""
    if code is op.LITERAL:
        return chr(value)
    if code in {op.NOT_LITERAL, op.ANY}:
        return "b" if value == ord("a") else "a"
    if code is op.IN:
        return _member(value, choice)
    if code in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        return _example(value[2], choice) * min(max(value[0], 1), 20)
    if code is op.BRANCH:
        return _example(value[1][choice % len(value[1])], choice)
    return "".join(
        _example(inner, choice)
        for inner in _inner(code, value)
        if code in {op.SUBPATTERN, op.ATOMIC_GROUP}
    )


_CATEGORIES = {
    op.CATEGORY_DIGIT: "1",
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_WORD: "a",
    op.CATEGORY_NOT_DIGIT: "a",
    op.CATEGORY_NOT_SPACE: "a",
    op.CATEGORY_NOT_WORD: " ",
}


def _member(members: Any, choice: int) -> str:
    if members[0][0] is op.NEGATE:
        taken = {value for code, value in members if code is op.LITERAL}
        spaces = any(value is op.CATEGORY_SPACE for _code, value in members)
        free = [
            letter
            for letter in ("a", "1" if spaces else " ", "-", "b", "2")
            if ord(letter) not in taken
        ]
        return free[choice % len(free)] if free else "é"
    code, value = members[choice % len(members)]
    if code is op.LITERAL:
        return chr(value)
    return chr(value[0]) if code is op.RANGE else _CATEGORIES.get(value, "a")
