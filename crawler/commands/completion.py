"""``knipsel completion SHELL``: what a shell needs to complete commands, options and their
values.
"""

import argparse
from importlib import import_module

from scrapy.commands import ScrapyCommand

from crawler import console
from crawler.cli import CommandResult, OurCommand, Refused

Completion = dict[str, str | dict[str, str]]

SHELLS = ("bash", "zsh", "fish")


class Command(OurCommand):
    """Print a completion script."""

    promise = (
        "Print a script with which bash, zsh or fish complete commands, options and their values"
    )
    explanation = (
        "Load it in the shell's start file, or keep it where the shell looks for completions."
    )
    arguments = "bash|zsh|fish"
    examples = (
        'eval "$(knipsel completion bash)"',
        "knipsel completion bash > ~/.local/share/bash-completion/completions/knipsel",
        "knipsel completion zsh > ~/.zfunc/_knipsel",
        "knipsel completion fish > ~/.config/fish/completions/knipsel.fish",
    )
    choices = SHELLS

    def answer(self, args: list[str], opts: argparse.Namespace) -> CommandResult:
        """Make the script."""
        import shtab  # noqa: PLC0415  # loaded when it is needed

        if len(args) != 1 or args[0] not in SHELLS:
            raise Refused("For which shell? Say: knipsel completion bash, zsh or fish")
        script = shtab.complete(self._parser(shtab.FILE), args[0])
        return CommandResult({"shell": args[0], "script": script}, (script,))

    def _parser(self, files: Completion) -> argparse.ArgumentParser:
        """Return all commands as one parser, with words for those arguments that Scrapy leaves to
        each command.
        """
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        parser = argparse.ArgumentParser(prog="knipsel")
        subparsers = parser.add_subparsers()
        for name, command in sorted(_all_commands().items()):
            promise = command.short_desc().partition("\n")[0].replace("%", "%%")
            command.settings = self.settings
            _describe(
                subparsers.add_parser(name, help=promise, conflict_handler="resolve"),
                command,
                files,
            )
        return parser


def _all_commands() -> dict[str, ScrapyCommand]:
    """Return a command by each name that may be typed after ``knipsel``."""
    modules = {name: f"scrapy.commands.{name}" for name in console.scrapy_commands()}
    modules |= {name: f"crawler.commands.{name}" for name in console.commands()}
    return {name: import_module(module).Command() for name, module in modules.items()}


def _describe(parser: argparse.ArgumentParser, command: ScrapyCommand, files: Completion) -> None:
    command.add_options(parser)
    if isinstance(command, OurCommand) and command.choices:
        parser.add_argument("word", choices=command.choices)
    if isinstance(command, OurCommand) and command.files:
        parser.add_argument("file", nargs="*").complete = files  # type: ignore[attr-defined]  # shtab looks for it there
