"""Hold the date reader against dateparser on gold rows: right, wrong and missed answers by
category, and the time of each.

    python benchmarks/dates.py ROWS_TSV

ROWS_TSV has the columns text, reference_now, expected (NONE: no date), precision, category. Each
reader takes each row twice: "first" is what a crawl pays for a text that is new to it, "again" what
the next element of the page pays that holds the same.
"""

import argparse
import csv
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import dateparser

from pipelines.dates import ABSOLUTE, INCOMPLETE, RELATIVE, parse_date

Reader = Callable[[str, datetime], datetime | None]
SETTINGS = {
    "DATE_ORDER": "DMY",
    "PREFER_DATES_FROM": "past",
    "TIMEZONE": "Europe/Amsterdam",
    "RETURN_AS_TIMEZONE_AWARE": True,
}


@dataclass(frozen=True)
class Row:
    """One text with what it means."""

    text: str
    now: datetime
    expected: datetime | None
    category: str


@dataclass
class Score:
    """What one reader made of the rows."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: int = 0
    microseconds: dict[str, list[float]] = field(default_factory=lambda: {"first": [], "again": []})


def rows(path: Path) -> Iterator[Row]:
    """Yield the rows of the gold file."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            text = row["text"].replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
            expected = (
                None if row["expected"] == "NONE" else datetime.fromisoformat(row["expected"])
            )
            yield Row(text, datetime.fromisoformat(row["reference_now"]), expected, row["category"])


def own(text: str, now: datetime) -> datetime | None:
    """Read with Knipsel."""
    found = parse_date(text, reference=now)
    return found.moment if found else None


def other(text: str, now: datetime) -> datetime | None:
    """Read with dateparser, told all that it can be told."""
    naive = now.replace(tzinfo=None)
    return dateparser.parse(
        text, languages=["nl", "en"], settings={**SETTINGS, "RELATIVE_BASE": naive}
    )  # type: ignore[arg-type]  # a plain dict


def minute(moment: datetime | None) -> datetime | None:
    """Return a moment to the minute, in UTC: in the hour that comes twice, equal moments of two
    zones do not compare as equal.
    """
    return moment.astimezone(UTC).replace(second=0) if moment else None


def judge(score: Score, reader: Reader, row: Row) -> None:
    """Let *reader* read *row* twice and note answer and times."""
    for turn in ("first", "again"):
        started = time.perf_counter()
        found = reader(row.text, row.now)
        score.microseconds[turn].append((time.perf_counter() - started) * 1e6)
    if minute(found) == minute(row.expected):
        score.right[row.category] += 1
    elif found is not None:
        score.wrong += 1


def import_milliseconds() -> float:
    """Return what importing the date reader costs a fresh process, less the process itself (median
    of nine).
    """
    codes = (
        "import datetime, zoneinfo, typing, functools",
        "import datetime, zoneinfo, typing, functools; import pipelines.dates",
    )
    times: dict[str, list[float]] = {code: [] for code in codes}
    for _ in range(9):
        for code in codes:
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)  # our own command
            times[code].append((time.perf_counter() - started) * 1e3)
    return statistics.median(times[codes[1]]) - statistics.median(times[codes[0]])


def iso_ratio() -> float:
    """Return the time of an ISO text against ``datetime.fromisoformat`` and its zone (median of
    pairs, no text twice).
    """
    texts = [
        f"2013-12-{day:02}T{hour:02}:{minute:02}:05+01:00"
        for day in range(1, 29)
        for hour in range(24)
        for minute in range(0, 60, 7)
    ]
    now = datetime.fromisoformat("2014-06-18T12:00:00+02:00")
    zone = parse_date("2013-12-30", reference=now).moment.tzinfo  # type: ignore[union-attr]  # it is a date
    ratios = []
    for text in texts:
        started = time.perf_counter()
        datetime.fromisoformat(text).astimezone(zone)
        middle = time.perf_counter()
        parse_date(text, reference=now)
        ratios.append((time.perf_counter() - middle) / (middle - started))
    return statistics.median(ratios)


def print_line(name: str, *cells: object) -> None:
    """Print a line of the table."""
    print(f"{name:<22}" + "".join(f"{cell!s:>12}" for cell in cells))


def main() -> None:
    """Print the tables."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("rows", type=Path)
    gold = list(rows(arguments.parse_args().rows))
    scores = {"knipsel": Score(), "dateparser": Score()}
    for reader, score in ((own, scores["knipsel"]), (other, scores["dateparser"])):
        for form in (*ABSOLUTE, *INCOMPLETE, *RELATIVE):
            reader(
                form.example, gold[0].now
            )  # patterns and language data are loaded once a process
        for row in gold:
            judge(score, reader, row)
    print_line("category", "rows", *scores)
    for category, total in sorted(Counter(row.category for row in gold).items()):
        print_line(category, total, *(score.right[category] for score in scores.values()))
    print_line("all", len(gold), *(score.right.total() for score in scores.values()))
    for name, score in scores.items():
        means = ", ".join(
            f"{turn} {statistics.fmean(times):.1f}" for turn, times in score.microseconds.items()
        )
        print(f"{name}: wrong answers {score.wrong}; microseconds a text: {means}")
    for turn in ("first", "again"):
        mine, theirs = (statistics.fmean(scores[name].microseconds[turn]) for name in scores)
        print(f"times faster, {turn}: {theirs / mine:.1f}")
    print(f"ISO text against datetime.fromisoformat and zone: {iso_ratio():.2f} times its time")
    print(f"import of pipelines.dates: {import_milliseconds():.0f} ms")


if __name__ == "__main__":
    main()
