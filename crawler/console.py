"""``knipsel``: every command, in any folder, with only the modules that it needs."""

import ast
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

COMMANDS = Path(__file__).parent / "commands"
SITE_URL = ("http://", "https://")
USAGE = 2


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command that *argv* (default: the process's own) names, and exit with its code.

    Exit code 2 where there is no such command or knipsel.toml cannot be used.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help", "help"}:
        print(overview())  # noqa: T201  # what the user asked to see
        sys.exit(0)
    if words[0] in {"-V", "--version"}:
        print(f"Knipsel {version('knipsel')}")  # noqa: T201  # what the user asked to see
        sys.exit(0)
    if words[0] not in promises():
        sys.exit(_refuse(f"There is no command {words[0]!r}: knipsel --help lists them."))
    _run(words[0], words[1:])


def promises() -> Mapping[str, str]:
    """Return each command's name and its promise, read from its source: nothing is imported."""
    sources = sorted(path for path in COMMANDS.glob("*.py") if path.stem != "__init__")
    return {path.stem: _promise(path) for path in sources}


def overview() -> str:
    """Return what ``knipsel --help`` shows."""
    lines = [f"  {name:<12} {promise}" for name, promise in promises().items()]
    head = ["Usage: knipsel COMMAND [options] [arguments]", "", "Commands:"]
    foot = ["", "knipsel COMMAND --help explains one; knipsel init makes a folder of your own."]
    return "\n".join([*head, *lines, *foot])


def arguments_of(name: str, words: Sequence[str]) -> list[str]:
    """Return *words* as Scrapy takes them: ``crawl`` may be given a site's address, or nothing."""
    words = list(words)
    if name != "crawl" or any(word in {"-h", "--help"} for word in words):
        return words
    if words and words[0].startswith(SITE_URL):
        return ["articles", "-a", f"site={words[0]}", *words[1:]]
    return words if words and not words[0].startswith("-") else ["articles", *words]


def _run(name: str, words: Sequence[str]) -> None:
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawler.settings")
    from scrapy.cmdline import execute  # noqa: PLC0415  # `knipsel --help` needs no Scrapy
    from scrapy.utils.project import get_project_settings  # noqa: PLC0415  # as above

    from crawler.configuration import BadConfiguration  # noqa: PLC0415  # as above

    try:
        settings = get_project_settings()
    except BadConfiguration as reason:
        sys.exit(_refuse(str(reason)))
    # One command is loaded instead of all.
    settings.set("COMMANDS_MODULE", f"crawler.commands.{name}", priority="cmdline")
    execute(["knipsel", name, *arguments_of(name, words)], settings)


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
