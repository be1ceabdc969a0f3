"""``knipsel``: every command, in any folder, with only the modules that it needs."""

import ast
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).parent.parent
COMMANDS = ROOT / "crawler" / "commands"
SITE_URL = ("http://", "https://")
USAGE = 2


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command that *argv* (default: the process's own) names, and exit with its code.

    Exit code 2 where there is no such command, where another's package stands before one of ours,
    or where knipsel.toml cannot be used.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help", "help"}:
        print(overview())  # noqa: T201  # what the user asked to see
        sys.exit(0)
    if words[0] in {"-V", "--version"}:
        print(f"Knipsel {version('knipsel')}")  # noqa: T201  # what the user asked to see
        sys.exit(0)
    strangers = shadowing()
    if strangers:
        sys.exit(_refuse(strangers))
    if words[0] not in {*commands(), *scrapy_commands()}:
        sys.exit(_refuse(f"There is no command {words[0]!r}: knipsel --help lists them."))
    # Workers are processes of Python, which looks for packages in the working folder first.
    os.environ["PYTHONSAFEPATH"] = "1"
    _run(words[0], words[1:])


def commands() -> tuple[str, ...]:
    """Return the names of our commands, which are those of their files."""
    return tuple(sorted(path.stem for path in COMMANDS.glob("*.py") if path.stem != "__init__"))


def promises() -> Mapping[str, str]:
    """Return each command's name and its promise, read from its source: nothing is imported."""
    return {name: _promise(COMMANDS / f"{name}.py") for name in commands()}


def scrapy_commands() -> tuple[str, ...]:
    """Return the names of Scrapy's own commands that ours do not replace; nothing is imported."""
    spec = find_spec("scrapy")
    assert spec is not None  # noqa: S101  # it is a dependency
    assert spec.origin is not None  # noqa: S101  # it is a package of files
    theirs = {path.stem for path in (Path(spec.origin).parent / "commands").glob("*.py")}
    return tuple(sorted(theirs - {"__init__", *commands()}))


def overview() -> str:
    """Return what ``knipsel --help`` shows."""
    lines = [f"  {name:<12} {promise}" for name, promise in promises().items()]
    head = ["Usage: knipsel COMMAND [options] [arguments]", "", "Commands:"]
    foot = [
        "",
        "Scrapy's own commands, for spiders of your own (docs/scrapy.md):",
        *wrap(", ".join(scrapy_commands()), 78, initial_indent="  ", subsequent_indent="  "),
        "",
        "knipsel COMMAND --help explains one; knipsel init makes a folder of your own.",
    ]
    return "\n".join([*head, *lines, *foot])


def shadowing(root: Path = ROOT) -> str:
    """Return a sentence on a package that stands before ours of the same name, "" without one."""
    for name in ("pipelines", "storage"):
        spec = find_spec(name)
        found = Path(spec.origin).parent.parent if spec is not None and spec.origin else None
        if found != root:
            return (
                f"The package {name!r} that Python finds is not Knipsel's but in "
                f"{found or 'a folder without __init__.py'}: take that out of PYTHONPATH, or "
                "install Knipsel in an environment of its own."
            )
    return ""


def arguments_of(name: str, words: Sequence[str]) -> list[str]:
    """Return *words* as Scrapy takes them: ``crawl`` may be given a site's address, or nothing."""
    words = list(words)
    if name != "crawl" or any(word in {"-h", "--help"} for word in words):
        return words
    if words and words[0].startswith(SITE_URL):
        return ["articles", "-a", f"site={words[0]}", *words[1:]]
    return words if words and not words[0].startswith("-") else ["articles", *words]


def _run(name: str, words: Sequence[str]) -> None:
    gc.disable()  # what is loaded stays: to search it for garbage is a seventh of every start
    from crawler.cli import (  # noqa: PLC0415  # --help of all needs no Scrapy
        BadProject,
        Refused,
        project_settings,
        run,
        set_contact,
    )
    from crawler.configuration import BadConfiguration  # noqa: PLC0415  # as above

    try:
        settings = project_settings()
        if name in scrapy_commands() and any(word.startswith(SITE_URL) for word in words):
            set_contact(settings)
    except (BadConfiguration, BadProject, Refused) as reason:
        sys.exit(_refuse(str(reason)))
    if name in scrapy_commands():
        from scrapy.cmdline import execute  # noqa: PLC0415  # it loads every command

        gc.enable()
        execute(["knipsel", name, *words], settings)
    sys.exit(run(name, arguments_of(name, words), settings))


def _promise(path: Path) -> str:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id == "promise":
                return str(node.value.value)
    return ""


def _refuse(sentence: str) -> int:
    print(f"knipsel: {sentence}", file=sys.stderr)  # noqa: T201  # the one sentence of a refusal
    return USAGE


if __name__ == "__main__":
    main()
