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

# Letters. Other work on the machine may make one of them look steep: what is steep is so in all.
LENGTHS = (3_200, 12_800, 51_200)
NEGLIGIBLE = 0.003  # seconds for the longest text
ABORTED = 3.0
STEEPEST = 1.3
RUNS = 9
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


def cost(used: Used, text: str, times: int = 1) -> float:
    """Return the seconds in which *used* goes over *text* so many *times*."""
    said: Any = text if isinstance(used.pattern.pattern, str) else text.encode("utf-8", "replace")
    begun = perf_counter()
    try:
        with _alarm():
            for method in sorted(used.methods) * times:
                _go_over(used.pattern, method, said)
    except TooSlow:
        return math.inf
    return perf_counter() - begun


def _go_over(pattern: "re.Pattern[Any]", method: str, said: Any) -> None:
    if method in {"match", "fullmatch", "search"}:
        getattr(pattern, method)(said)
    else:
        for _found in pattern.finditer(said):
            pass


def steepness(used: Used, attack: tuple[str, str, str], length: int) -> float:
    """Return the exponent by which the cost of a text of *attack* grows from a quarter of *length*
    to it.
    """
    before, pump, behind = attack
    bound = next((most for where, most in BOUNDED.items() if used.where.startswith(where)), None)
    longest = bound or length

    def text(length: int) -> str:
        said = before + pump * max(1, length // len(pump)) + behind
        return " ".join(said.split()) if bound else said

    whole, quarter = text(longest), text(longest // 4)
    costs: list[tuple[float, float]] = []
    for _ in range(RUNS):
        # Four times a quarter takes as long where the growth is linear, and is disturbed as often.
        costs.append((cost(used, whole), cost(used, quarter, times=4)))
        long, quarters = map(min, zip(*costs, strict=True))
        if long < NEGLIGIBLE:
            return 0.0
        if long == math.inf:
            return long
    return 1 + math.log(long / max(quarters, 1e-7)) / math.log(4)


@pytest.mark.parametrize("used", patterns(), ids=lambda used: used.where)
def test_no_pattern_grows_faster_than_its_text(used: Used) -> None:
    for attack in attacks(used.pattern):
        steep = math.inf
        for length in LENGTHS:
            steep = min(steep, steepness(used, attack, length))
            if steep <= STEEPEST:
                break
        assert steep <= STEEPEST, f"{attack!r} costs n^{steep:.2f} by {sorted(used.methods)}"
