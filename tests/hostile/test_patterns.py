"""No pattern of the project takes much longer for a text twice as long, whatever the text."""

import math
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import pytest
from patterns import Used, attacks, patterns

SHORT = 800  # letters; the longest text is four times as long
NEGLIGIBLE = 0.003  # seconds for the longest text
ABORTED = 3.0
STEEPEST = 1.3
RUNS = 5
# Patterns that see short texts with single spaces only, and the most letters that they are handed.
BOUNDED = {
    "pipelines.dates.": 300,  # parse.LONGEST, parse.plain_text
    "pipelines.comments.record.vocabulary._LABEL": 60,  # vocabulary.is_label
}


class TooSlow(BaseException):
    """Raised where a pattern is not done in time."""


def _abort(_signal: int, _frame: object) -> None:
    raise TooSlow


@contextmanager
def _alarm() -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _abort)
    signal.setitimer(signal.ITIMER_REAL, ABORTED)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def cost(used: Used, text: str, runs: int, times: int = 1) -> float:
    """Return the least seconds of *runs* in which *used* went over *text* so many *times*: what
    else the machine does only adds to some of them.
    """
    said: Any = text if isinstance(used.pattern.pattern, str) else text.encode("utf-8", "replace")
    costs = []
    for _ in range(runs):
        begun = perf_counter()
        try:
            with _alarm():
                for method in sorted(used.methods) * times:
                    _go_over(used.pattern, method, said)
        except TooSlow:
            return math.inf
        costs.append(perf_counter() - begun)
    return min(costs)


def _go_over(pattern: "re.Pattern[Any]", method: str, said: Any) -> None:
    if method in {"match", "fullmatch", "search"}:
        getattr(pattern, method)(said)
    else:
        for _found in pattern.finditer(said):
            pass


def steepness(used: Used, attack: tuple[str, str, str]) -> float:
    """Return the exponent by which the cost of a text of *attack* grows with its length."""
    before, pump, behind = attack
    bound = next((most for where, most in BOUNDED.items() if used.where.startswith(where)), None)
    longest = bound or 4 * SHORT

    def text(length: int) -> str:
        said = before + pump * max(1, length // len(pump)) + behind
        return " ".join(said.split()) if bound else said

    first = cost(used, text(longest), 1)
    if first < NEGLIGIBLE or first == math.inf:
        return 0.0 if first < NEGLIGIBLE else math.inf
    whole = cost(used, text(longest), RUNS)
    if whole < NEGLIGIBLE:
        return 0.0
    # Four times a quarter takes as long where the growth is linear, and is disturbed as often.
    quarters = cost(used, text(longest // 4), RUNS, times=4)
    return 1 + math.log(whole / max(quarters, 1e-7)) / math.log(4)


@pytest.mark.parametrize("used", patterns(), ids=lambda used: used.where)
def test_no_pattern_grows_faster_than_its_text(used: Used) -> None:
    for attack in attacks(used.pattern):
        # What else the machine does makes a time longer, never shorter: the least of three counts.
        steep = 0.0
        for _ in range(3):
            steep = steepness(used, attack)
            if steep <= STEEPEST:
                break
        assert steep <= STEEPEST, f"{attack!r} costs n^{steep:.2f} by {sorted(used.methods)}"
