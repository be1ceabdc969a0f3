"""No pattern of the project takes much longer for a text twice as long, whatever the text."""

import math
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time
from typing import Any

import pytest
from patterns import Used, attacks, patterns

SHORT = 1500  # letters; the longest text is four times as long
NEGLIGIBLE = 0.004  # seconds for the longest text
ABORTED = 1.5
STEEPEST = 1.3
# Patterns that see short texts only, with the most letters that their callers hand them.
BOUNDED = {
    "pipelines.dates.": 300,  # parse.LONGEST
}


class TooSlow(BaseException):
    """Raised where a pattern is not done in time."""


def _abort(_signal: int, _frame: object) -> None:
    raise TooSlow


@contextmanager
def _alarm() -> Iterator[None]:
    before = signal.signal(signal.SIGVTALRM, _abort)
    signal.setitimer(signal.ITIMER_VIRTUAL, ABORTED)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def cost(used: Used, text: str, runs: int) -> float:
    """Return the least CPU seconds of *runs* in which *used* went over the whole of *text*."""
    said: Any = text if isinstance(used.pattern.pattern, str) else text.encode("utf-8", "replace")
    costs = []
    for _ in range(runs):
        begun = process_time()
        try:
            with _alarm():
                for method in used.methods:
                    _go_over(used.pattern, method, said)
        except TooSlow:
            return math.inf
        costs.append(process_time() - begun)
    return min(costs)


def _go_over(pattern: "re.Pattern[Any]", method: str, said: Any) -> None:
    if method in {"match", "fullmatch", "search"}:
        getattr(pattern, method)(said)
    else:
        for _found in pattern.finditer(said):
            pass


def steepness(used: Used, attack: tuple[str, str, str], longest: int) -> float:
    """Return the exponent by which the cost of a text of *attack* grows with its length."""
    before, pump, behind = attack

    def text(length: int) -> str:
        return before + pump * max(1, length // len(pump)) + behind

    if cost(used, text(longest), 1) < NEGLIGIBLE or cost(used, text(longest), 3) < NEGLIGIBLE:
        return 0.0
    whole = cost(used, text(longest), 3)
    if whole == math.inf:
        return math.inf
    return math.log(whole / max(cost(used, text(longest // 4), 5), 1e-7)) / math.log(4)


@pytest.mark.parametrize("used", patterns(), ids=lambda used: used.where)
def test_no_pattern_grows_faster_than_its_text(used: Used) -> None:
    longest = next((most for where, most in BOUNDED.items() if used.where.startswith(where)), None)
    for attack in attacks(used.pattern):
        steep = steepness(used, attack, longest or 4 * SHORT)
        assert steep <= STEEPEST, f"{attack!r} costs n^{steep:.2f} by {sorted(used.methods)}"
