"""The table of a file of benchmarks.bench_all, beside what is asked, put into a document.

    python -m benchmarks.bench_table benchmarks/bench.json docs/benchmarks.md

What stands between the document's two marks is replaced.
"""

import argparse
import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- bench -->\n", "<!-- end of bench -->"
ASKED = {
    "unknown site: *, median ratio": "0.90",
    "unknown site: *, p95 of ratios": "1.00",
    "known template: *": "0.20",
    "large page: *, s": "3",
    "large page: *, exponent of growth": "1.30",
    "start: *--help, s": "0.70",
    "start: *, s": "1.50",
    "reader: first page *, s": "0.10",
    "reader: *, MB": "60",
    "crawl: *, CPU of bare crawl and extraction": "1.15",
    "crawl: *, CPU until the first article, s": "3",
    "crawl: *, event loop's lag, p99, ms": "30",
    "second night: *, % of the first run's requests": "2",
    "second night: *, tables that it changed": "0",
    "*: a thread of 5,000 comments, ms": "100, of a million",
    "*: searches, p95, ms": "300, of a million",
    '*: "de het", ms': "1000, of a million",
    "*: cookbook, p95, ms": "1000, of a million",
    "*: reading room: /, ms": "50, of a million",
    "*: export: articles to parquet, µs each": "25 (40,000 a second)",
    "*: export: articles to jsonl, µs each": "40 (25,000 a second)",
    "*: export: *, MB": "300",
    "storing in *: large archive of an empty one, *": "1.30, of a million",
    "bulk: *": "0.33 (six times with two)",
    "Dask: *": "0.56 (1.8 times)",
}


def asked_of(figure: str) -> str:
    """Return what *figure* is to be at most, "" where nothing is asked."""
    return next((most for named, most in ASKED.items() if fnmatchcase(figure, named)), "")


def table(bench: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a file's table."""
    yield (
        f"Commit {bench['commit']}, load {bench['load']:.1f} at the start, {bench['cores']} cores, "
        f"Python {bench['python']}."
    )
    yield ""
    yield "| figure | asked, at most | least | median | largest | runs |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, one in bench["figures"].items():
        cells = (name, asked_of(name), *(_shown(one[key]) for key in ("min", "median", "max")))
        yield f"| {' | '.join(cells)} | {one['runs']} |"


def _shown(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def section(bench: dict[str, Any]) -> str:
    """Return what stands between the marks."""
    return "\n".join(table(bench)) + "\n"


def placed(document: str, bench: dict[str, Any]) -> str:
    """Return *document* with the table of *bench* between its marks. Raises ValueError without."""
    before, rest = document.split(BEGIN)
    _old, after = rest.split(END)
    return f"{before}{BEGIN}{section(bench)}{END}{after}"


def main() -> None:
    """Replace the table."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("file", type=Path)
    arguments.add_argument("document", type=Path)
    asked = arguments.parse_args()
    bench = json.loads(asked.file.read_text(encoding="utf-8"))
    document = placed(asked.document.read_text(encoding="utf-8"), bench)
    asked.document.write_text(document, encoding="utf-8")


if __name__ == "__main__":
    main()
