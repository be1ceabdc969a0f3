"""All ratios that can be measured in some minutes, in one file, to be compared with another day's.

    python -m benchmarks.bench_all SHARED_FOLDER [--to build/bench.json] [--runs 5]
    python -m benchmarks.bench_all --table build/bench.json

The file holds the commit, the machine's load at the start, and of each figure the least, the median
and the largest of all runs; of each figure less is better. A row of BENCHMARKS is measured anew in
each run. The second form prints a file's table, as docs/benchmarks.md has it.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import comment_cost, growth, paired, startup

RUNS = 5
EVERY = 24  # pages of the public sets
PAGE = 250_000  # letters of the made pages
FAMILIES = ("nested blocks", "wide paragraphs", "links", "flat comments", "page state")
COMMANDS = (("--help",), ("export", "--help"), ("sites",))

Figures = Iterator[tuple[str, float]]


def unknown_site(shared: Path) -> Figures:
    """Yield what pages of sites never seen cost, of trafilatura with metadata."""
    for name, pairs in paired.unknown(shared, EVERY):
        yield from ((f"{name}, {what}", value) for what, value in paired.figures(pairs).items())


def known_template(shared: Path) -> Figures:
    """Yield what pages cost by a learned profile, of trafilatura with metadata."""
    for site, pairs in paired.known(shared):
        yield f"{site}, median ratio", paired.figures(pairs)["median ratio"]


def comments(_shared: Path) -> Figures:
    """Yield the seconds of threads of growing length."""
    for length, known, unknown in comment_cost.threads():
        yield f"{length}, known markup, s", known
        yield f"{length}, unknown markup, s", unknown


def large_pages(_shared: Path) -> Figures:
    """Yield the seconds of large pages of one kind of thing."""
    for name in FAMILIES:
        yield f"{name}, s", growth.seconds(growth.FAMILIES[name], PAGE)


def starting(_shared: Path) -> Figures:
    """Yield the CPU seconds of commands, and of a crawl until its first request."""
    with tempfile.TemporaryDirectory() as name:
        for words in COMMANDS:
            yield f"{' '.join(words)}, s", startup.whole(words, Path(name))
        yield "crawl, first request, s", startup.until_first_request(Path(name))


BENCHMARKS: dict[str, Callable[[Path], Figures]] = {
    "unknown site": unknown_site,
    "known template": known_template,
    "comments": comments,
    "large page": large_pages,
    "start": starting,
}


def measure(shared: Path, runs: int) -> dict[str, Any]:
    """Return the figures of *runs* runs, with what they were measured on."""
    about = {
        "commit": _commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load": os.getloadavg()[0],
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "runs": runs,
    }
    found: dict[str, list[float]] = defaultdict(list)
    for number in range(runs):
        for name, benchmark in BENCHMARKS.items():
            for figure, value in benchmark(shared):
                found[f"{name}: {figure}"].append(value)
        print(f"run {number + 1} of {runs}", flush=True)
    return about | {"figures": {name: _of(values) for name, values in found.items()}}


def _of(values: list[float]) -> dict[str, float]:
    rounded = (min(values), statistics.median(values), max(values))
    return dict(zip(("min", "median", "max"), (round(one, 4) for one in rounded), strict=True))


def _commit() -> str:
    asked = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607  # the developer's own git
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"


def table(bench: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a file's table."""
    yield (
        f"Commit {bench['commit']}, load {bench['load']:.1f} at the start, {bench['cores']} cores, "
        f"Python {bench['python']}, {bench['runs']} runs."
    )
    yield ""
    yield "| figure | least | median | largest |"
    yield "| --- | --- | --- | --- |"
    for name, one in bench["figures"].items():
        yield f"| {name} | {one['min']:.2f} | {one['median']:.2f} | {one['max']:.2f} |"


def main() -> None:
    """Measure and write the file, or print the table of one."""
    warnings.simplefilter("ignore")
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("shared", type=Path, nargs="?")
    arguments.add_argument("--to", type=Path, default=Path("build/bench.json"))
    arguments.add_argument("--runs", type=int, default=RUNS)
    arguments.add_argument("--table", type=Path)
    asked = arguments.parse_args()
    if asked.table is None:
        if asked.shared is None:
            arguments.error("the folder of shared pages is needed")
        bench = measure(asked.shared, asked.runs)
        asked.to.parent.mkdir(parents=True, exist_ok=True)
        asked.to.write_text(json.dumps(bench, indent=1) + "\n", encoding="utf-8")
    print("\n".join(table(json.loads((asked.table or asked.to).read_text(encoding="utf-8")))))


if __name__ == "__main__":
    main()
