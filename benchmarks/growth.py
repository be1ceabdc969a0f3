"""How the cost of reading a page grows with its size, family by family.

    python -m benchmarks.growth [--largest 1000000] [--only FAMILY ...] [--steepest 1.3] [--jobs 1]

Each family is a page of one kind (nested, flat, wide, many attributes ...) at four sizes, each
twice the one before, up to the largest. Prints the seconds of CPU of each, and the exponent of the
growth over the last two doublings, or over the last where that is less: a page that begins to be
read as a thread there is no power of its size. Ends with 1 when a family grows faster than that,
n^1.3 if not told, in each of three tries; what is read in less than a fifth of a second proves
nothing and counts as fast.
"""

import argparse
import math
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from time import process_time

from benchmarks.growing_pages import FAMILIES, WORDS, Family
from pipelines.article import NotAnArticle, extract
from storage.records import Page

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
NEGLIGIBLE = 0.2  # seconds
TRIES = 3
ABORTED = 20.0


class TooSlow(BaseException):
    """Raised when a page is not read in twenty seconds of CPU."""


def _abort(_signal: int, _frame: object) -> None:
    raise TooSlow


def seconds(family: Family, size: int) -> float:
    """Return the seconds of CPU that reading a page of *family* takes."""
    body = (
        "<!doctype html><html lang=nl><head><title>Molen</title></head><body><article>"
        f"<h1>Molen aan de dijk</h1><p>Door Sanne Vos, 3 mei 2019</p>{f'<p>{WORDS}</p>' * 3}"
        f"</article>{family(size)}</body></html>"
    )
    page = Page(
        url="http://a.nl/2019/05/molen-aan-de-dijk/",
        body=body.encode(),
        fetched_at=NOW,
        content_type="text/html",
    )
    signal.signal(signal.SIGVTALRM, _abort)
    signal.setitimer(signal.ITIMER_VIRTUAL, ABORTED)
    begun = process_time()
    try:
        extract(page)
    except NotAnArticle:
        pass
    except TooSlow:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return process_time() - begun


def growth(family: Family, largest: int) -> tuple[list[float], float]:
    """Return what four sizes cost, and the exponent over the last two doublings."""
    costs: list[float] = []
    for size in (largest // 8, largest // 4, largest // 2, largest):
        costs.append(seconds(family, size))
        if costs[-1] == math.inf:
            return costs, math.inf
    if costs[-1] < NEGLIGIBLE:
        return costs, 0.0
    _first, quarter, half, whole = (max(cost, 1e-6) for cost in costs)
    return costs, min(math.log2(whole / quarter) / 2, math.log2(whole / half))


def least_growth(name: str, largest: int, steepest: float) -> tuple[list[float], float]:
    """Return the growth of the family *name*, of up to three tries the first that is no steeper
    than *steepest*, else the last: a busy moment may be why one is.
    """
    found = growth(FAMILIES[name], largest)
    for _again in range(TRIES - 1):
        if found[1] <= steepest:
            break
        found = growth(FAMILIES[name], largest)
    return found


def main() -> int:
    """Measure the families and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="*", default=list(FAMILIES))
    parser.add_argument("--steepest", type=float, default=1.3)
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    measure = partial(least_growth, largest=asked.largest, steepest=asked.steepest)
    steep = []
    with ProcessPoolExecutor(asked.jobs, initializer=_load) as pool:
        for name, (costs, exponent) in zip(asked.only, pool.map(measure, asked.only), strict=True):
            said = "  ".join(f"{cost:7.2f}" for cost in costs)
            print(f"{name:34} {said} s  n^{exponent:.2f}", flush=True)
            if exponent > asked.steepest:
                steep.append(name)
    print(
        f"{len(asked.only) - len(steep)} of {len(asked.only)} families at most n^{asked.steepest}"
    )
    if steep:
        print("steeper: " + ", ".join(steep))
    return 1 if steep else 0


def _load() -> None:
    """Read a page, so that what is loaded once is no part of a family's cost."""
    seconds(FAMILIES["wide paragraphs"], 10_000)


if __name__ == "__main__":
    sys.exit(main())
