"""How far long work is: what storage reports to whoever asked for it."""

from collections.abc import Callable

Report = Callable[[str, int, int | None], None]
"""Called with what is counted ("rows"), how many are done, and of how many where that is known."""


def no_report(what: str, done: int, total: int | None) -> None:
    """Be a Report that nobody reads."""
