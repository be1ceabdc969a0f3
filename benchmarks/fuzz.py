"""Read mutated golden pages: whatever is done to a page, reading it ends soon, in an article or in
NotAnArticle.

    python benchmarks/fuzz.py [--count 20000] [--seed 1] [--jobs 2] [--minutes 4] [--only N ...]

Each page is a golden page of `tests/pages` with one to four mutations, of its bytes or of its tree,
drawn from the seed and the page's number: `--only N` makes that page again and shows what it
raises. Ends with 1 when a page raised anything else, or cost more than 125 times the CPU of
the median page of the run, whatever the machine. When the time is up before all pages are read, it
says how many were.
"""

import argparse
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from time import monotonic, process_time
from types import FrameType

from mutations import mutated

from pipelines.article import NotAnArticle, extract

ROOT = Path(__file__).parent.parent
SLOWEST = 125  # times the median page, which is two seconds where that takes 16 ms
ABORTED = 10.0
BATCH = 50


class TooSlow(BaseException):
    """Raised in a page that is not read in ten seconds."""


def _abort(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


@dataclass(frozen=True)
class Finding:
    """How the reading of one page ended: "article", the reason of a refusal, or what was raised
    where; and the seconds of CPU that it took.
    """

    number: int
    outcome: str
    seconds: float
    is_fault: bool


def read_one(number: int, seed: int) -> Finding:
    """Read page *number* and tell how that ended."""
    page = mutated(number, seed)
    signal.signal(signal.SIGVTALRM, _abort)
    signal.setitimer(signal.ITIMER_VIRTUAL, ABORTED)
    begun = process_time()
    is_fault = False
    try:
        extract(page)
        outcome = "article"
    except NotAnArticle as refusal:
        outcome = refusal.reason
    except (Exception, TooSlow) as error:
        outcome, is_fault = _described(error), True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    seconds = process_time() - begun
    return Finding(number, outcome, seconds, is_fault)


def _described(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        frame for frame in frames if str(ROOT) in frame.filename and ".venv" not in frame.filename
    ]
    where = " < ".join(
        f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno}" for frame in reversed(own[-3:])
    )
    return f"{type(error).__name__}: {str(error)[:100]!r} at {where}"


def read_batch(numbers: range, seed: int) -> list[Finding]:
    """Read the pages of *numbers*."""
    return [read_one(number, seed) for number in numbers]


def read_all(count: int, seed: int, jobs: int, minutes: float) -> Iterator[Finding]:
    """Yield the findings of all pages, or of as many as can be read in *minutes*."""
    ends = monotonic() + 60 * minutes
    batches = (range(start, min(start + BATCH, count)) for start in range(0, count, BATCH))
    with ProcessPoolExecutor(jobs) as pool:
        while monotonic() < ends and (some := list(islice(batches, 4 * jobs))):
            for findings in pool.map(read_batch, some, [seed] * len(some)):
                yield from findings


def main() -> int:
    """Fuzz, print the outcomes and the faults."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--only", type=int, nargs="*")
    asked = parser.parse_args()
    if asked.only is not None:
        for number in asked.only:
            print(read_one(number, asked.seed))
        return 0
    begun = monotonic()
    findings = list(read_all(asked.count, asked.seed, asked.jobs, asked.minutes))
    allowed = SLOWEST * median(one.seconds for one in findings)
    faults = [one for one in findings if one.is_fault or one.seconds > allowed]
    outcomes = Counter(one.outcome for one in findings if one not in faults)
    slowest = max(findings, key=lambda one: one.seconds)
    print(
        f"{len(findings)} mutated pages (seed {asked.seed}) in {monotonic() - begun:.0f} s: "
        + ", ".join(f"{name} {number}" for name, number in outcomes.most_common())
    )
    print(
        f"slowest: page {slowest.number}, {slowest.seconds:.2f} s of CPU, allowed {allowed:.2f};"
        f" faults: {len(faults)}"
    )
    kinds: dict[str, list[Finding]] = {}
    for one in faults:
        kinds.setdefault(one.outcome, []).append(one)
    for outcome, some in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
        numbers = ", ".join(str(one.number) for one in some[:5])
        print(f"  {len(some)} x {outcome} ({max(one.seconds for one in some):.1f} s): {numbers}")
    if len(findings) < asked.count:
        print(f"the time was up: {len(findings)} of {asked.count} pages were read")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
