"""Hold the product against the shared gold and the pinned floors: scores may only rise.

    python benchmarks/quality.py SHARED_FOLDER FLOORS_JSON [--raise] [--only pages corpus bench]

Runs the scorers in SHARED_FOLDER/score; with --raise the floors of FLOORS_JSON are lifted to what
was reached.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

SLACK = 0.0005
LESS_IS_BETTER = frozenset({"leak", "invented", "noisy", "sites_at_0"})
# What score_bench.py prints of a set: its name, then the shares below it.
_SET = re.compile(r"^(\w+): \d+ pages", re.MULTILINE)
_SHARES = {
    "body": re.compile(r"^  body +F1 ([\d.]+)", re.MULTILINE),
    "title": re.compile(r"^  title +right \d+ \(([\d.]+)\)", re.MULTILINE),
    "author": re.compile(r"^  author +right \d+ \(([\d.]+)\)", re.MULTILINE),
    "date": re.compile(r"^  date +right \d+ \(([\d.]+)\)", re.MULTILINE),
    "posts": re.compile(r"^  posts .* F1 ([\d.]+)", re.MULTILINE),
    "post_author": re.compile(r"^  of posts +author ([\d.]+)", re.MULTILINE),
    "post_day": re.compile(r"^  of posts .* day ([\d.]+)", re.MULTILINE),
}

Floors = dict[str, dict[str, float]]


def score_pages(shared: Path) -> Floors:
    """Return the shares of every set of pages with hand-made gold."""
    sets = [shared / "gold" / "pages", shared / "gold" / "pages2"]
    sets += sorted((shared / "gold" / "samples").iterdir())
    rows: list[dict[str, Any]] = _answer(shared, "score_pages.py", sets)
    return {row["set"]: _floats(row) for row in rows}


def score_corpus(shared: Path) -> Floors:
    """Return the means over sites of the silver corpus of threads."""
    found = _answer(shared, "score_corpus.py", [shared / "corpus"])
    keys = ("macro_f1", "author", "day", "parent", "count", "noisy", "sites_at_0")
    return {"corpus": {key: float(found[key]) for key in keys}}


def score_bench(shared: Path) -> Floors:
    """Return the shares that the article and forum benchmarks print."""
    command = _command(shared, "score_bench.py", [shared / "bench"])
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(shown)
    starts = [*_SET.finditer(shown)]
    ends = [found.start() for found in starts[1:]] + [len(shown)]
    return {
        start[1]: {
            key: float(share[1])
            for key, pattern in _SHARES.items()
            if (share := pattern.search(shown[start.start() : end]))
        }
        for start, end in zip(starts, ends, strict=True)
    }


# The longest first: they work side by side.
JUDGES = {"corpus": score_corpus, "bench": score_bench, "pages": score_pages}


def _command(shared: Path, script: str, folders: list[Path]) -> list[str]:
    return [sys.executable, str(shared / "score" / script), "product:page", *map(str, folders)]


def _answer(shared: Path, script: str, folders: list[Path]) -> Any:
    with tempfile.NamedTemporaryFile(suffix=".json") as answer:
        command = [*_command(shared, script, folders), "--json", answer.name]
        print(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        return json.loads(Path(answer.name).read_text(encoding="utf-8"))


def _floats(row: dict[str, Any]) -> dict[str, float]:
    return {key: value for key, value in row.items() if isinstance(value, float)}


def below(floors: Floors, found: Floors) -> list[str]:
    """Return a sentence for every share that is worse than its floor."""
    low = []
    for name, shares in floors.items():
        for key, floor in shares.items():
            share = found[name][key]
            worse = share > floor + SLACK if key in LESS_IS_BETTER else share < floor - SLACK
            if worse:
                low.append(f"{name}: {key} is {share:.4f}, the floor is {floor:.4f}")
    return low


def main() -> int:
    """Print the scores; 1 when one is below its floor."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("shared", type=Path)
    arguments.add_argument("floors", type=Path)
    arguments.add_argument("--raise", action="store_true", dest="lift")
    arguments.add_argument("--only", nargs="+", choices=JUDGES, default=list(JUDGES))
    options = arguments.parse_args()
    pinned = json.loads(options.floors.read_text(encoding="utf-8"))
    low = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each judge is a process of its own
        every = list(pool.map(lambda name: JUDGES[name](options.shared), options.only))
    for name, found in zip(options.only, every, strict=True):
        missed = below(pinned.get(name, {}), found)
        low += missed
        if options.lift and not missed:
            pinned[name] = {
                one: {key: round(share, 4) for key, share in shares.items()}
                for one, shares in found.items()
            }
    for sentence in low:
        print(f"below the floor: {sentence}", file=sys.stderr)
    if options.lift:
        options.floors.write_text(
            json.dumps(pinned, indent=2, sort_keys=True) + "\n", encoding="utf-8"
        )
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
