"""Which figures of two files of benchmarks.bench_all got worse.

    python -m benchmarks.compare OLD.json NEW.json [--more 0.05]

Names each figure whose median grew by more than five percent and whose least run is above the old
median: below it the runs merely differ. Ends with 1 where there is one.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MORE = 0.05

Figure = Mapping[str, float]


def slower(
    old: Mapping[str, Figure], new: Mapping[str, Figure], more: float = MORE
) -> Iterator[str]:
    """Yield the names of the figures of both files that grew by more than *more*."""
    for name, was in old.items():
        now = new.get(name)
        if now is None:
            continue
        if now["median"] > (1 + more) * was["median"] and now["min"] > was["median"]:
            yield name


def losses(old: Mapping[str, Any], new: Mapping[str, Any], more: float = MORE) -> Iterator[str]:
    """Yield a line for each figure of *old* that got slower in *new* or is missing there."""
    was, now = old["figures"], new["figures"]
    for name in slower(was, now, more):
        before, after = was[name]["median"], now[name]["median"]
        share = f" ({after / before - 1:+.0%})" if before else ""
        yield f"slower: {name}: {before:.3f} -> {after:.3f}{share}"
    yield from (f"missing: {name}" for name in was if name not in now)


def main() -> int:
    """Print what got slower or is missing; 1 where something did or is."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("old", type=Path)
    arguments.add_argument("new", type=Path)
    arguments.add_argument("--more", type=float, default=MORE)
    asked = arguments.parse_args()
    old, new = (_read(path) for path in (asked.old, asked.new))
    lost = list(losses(old, new, asked.more))
    print(f"{old['commit']} (load {old['load']:.1f}) -> {new['commit']} (load {new['load']:.1f})")
    for line in lost:
        print(line)
    print(f"{len(lost)} of {len(old['figures'])} figures got slower or are missing.")
    return 1 if lost else 0


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    sys.exit(main())
