"""All ratios that can be measured in half an hour, in one file, to be compared with another day's.

    python -m benchmarks.bench_all SHARED_FOLDER [--to benchmarks/bench.json] [--runs 5]

The file holds the commit, the machine's load at the start, and of each figure the least, the median
and the largest of its runs, and how many; of each figure less is better. Each group of
benchmarks.bench_groups is measured anew in each run. What needs PostgreSQL is measured where
KNIPSEL_TEST_POSTGRES names a server.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import time
import traceback
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.bench_ground import Ground, ground, has_postgres
from benchmarks.bench_groups import GROUPS, Figures, Group

RUNS = 5
QUIET = 1.0  # load


def measure(ground: Ground, runs: int) -> Iterator[dict[str, Any]]:
    """Yield the figures of *runs* runs, with what they were measured on, after each group: who
    stops it keeps what was measured.
    """
    about = {
        "commit": _commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load": os.getloadavg()[0],
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
    print(f"load {about['load']:.1f}, a quiet machine has less than {QUIET:g}", flush=True)
    found: dict[str, list[float]] = defaultdict(list)
    chosen = groups()
    for number in range(runs):
        for name, group in chosen.items():
            began = time.monotonic()
            for figure, value in _measured(group, ground):
                found[f"{name}: {figure}"].append(value)
            took = time.monotonic() - began
            print(f"run {number + 1} of {runs}: {name}, {took:.0f} s", flush=True)
            yield about | {"figures": {one: figure_of(of) for one, of in found.items()}}


def groups() -> dict[str, Group]:
    """Return the groups that can be measured here."""
    if has_postgres():
        return GROUPS
    print("KNIPSEL_TEST_POSTGRES names no server: what needs PostgreSQL is left out", flush=True)
    return {name: group for name, group in GROUPS.items() if not group.in_postgres}


def _measured(group: Group, ground: Ground) -> Figures:
    try:
        yield from group.measure(ground)
    except Exception:  # one group that fails takes no other's figures along; compare misses its own
        traceback.print_exc()


def figure_of(values: Sequence[float]) -> dict[str, float]:
    """Return the least, the median and the largest of *values*, and their number."""
    least, middle, largest = (
        round(one, 4) for one in (min(values), statistics.median(values), max(values))
    )
    return {"min": least, "median": middle, "max": largest, "runs": len(values)}


def _commit() -> str:
    asked = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607  # the developer's own git
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"


def main() -> None:
    """Measure and write the file."""
    warnings.simplefilter("ignore")
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("shared", type=Path)
    arguments.add_argument("--to", type=Path, default=Path("benchmarks/bench.json"))
    arguments.add_argument("--runs", type=int, default=RUNS)
    asked = arguments.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each start compiles all anew
    with ground(asked.shared.resolve()) as place:
        for bench in measure(place, asked.runs):
            asked.to.write_text(json.dumps(bench, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
