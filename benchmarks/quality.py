"""Hold the product against the shared gold and the pinned floors: scores may only rise.

    python benchmarks/quality.py SHARED_FOLDER FLOORS_JSON [--raise]

Runs the scorers in SHARED_FOLDER/score; with --raise the floors of FLOORS_JSON are lifted to what
was reached.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SLACK = 0.0005

Floors = dict[str, dict[str, float]]


def score_pages(shared: Path) -> Floors:
    """Return the shares of every set of pages."""
    sets = [shared / "gold" / "pages", *sorted((shared / "gold" / "samples").iterdir())]
    with tempfile.NamedTemporaryFile(suffix=".json") as answer:
        command = [
            sys.executable,
            str(shared / "score" / "score_pages.py"),
            "product:page",
            *map(str, sets),
        ]
        subprocess.run([*command, "--json", answer.name], check=True)  # our own command
        rows: list[dict[str, Any]] = json.loads(Path(answer.name).read_text(encoding="utf-8"))
    return {
        row["set"]: {key: value for key, value in row.items() if isinstance(value, float)}
        for row in rows
    }


def below(floors: Floors, found: Floors) -> list[str]:
    """Return a sentence for every share under its floor; of "leak" and "invented" less is better."""
    low = []
    for name, shares in floors.items():
        for key, floor in shares.items():
            share = found[name][key]
            worse = share > floor + SLACK if key in {"leak", "invented"} else share < floor - SLACK
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
    options = arguments.parse_args()
    pinned = json.loads(options.floors.read_text(encoding="utf-8"))
    found = score_pages(options.shared)
    low = below(pinned["pages"], found)
    for sentence in low:
        print(f"below the floor: {sentence}", file=sys.stderr)
    if options.lift and not low:
        pinned["pages"] = {
            name: {k: round(v, 4) for k, v in shares.items()} for name, shares in found.items()
        }
        options.floors.write_text(
            json.dumps(pinned, indent=2, sort_keys=True) + "\n", encoding="utf-8"
        )
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
