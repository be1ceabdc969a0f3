"""The file of benchmarks: the document shows what it holds, and two of them are compared: what got
slower is named, what merely differs is not.
"""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from benchmarks.bench_all import figure_of
from benchmarks.bench_table import ASKED, BEGIN, END, asked_of, placed, table
from benchmarks.compare import losses, slower
from tests.crawling import ROOT

ABOUT = {"commit": "abc", "load": 0.2, "cores": 2, "python": "3.11.7"}
HEAD = "| figure | asked, at most | least | median | largest | runs |"
# Nothing but these is measured only where there is a PostgreSQL.
IN_POSTGRES = {"Dask: *"}


def newest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "benchmarks" / "bench.json").read_text("utf-8"))
    return found


def bench(**figures: tuple[float, ...]) -> dict[str, Any]:
    return {**ABOUT, "figures": {name: figure_of(runs) for name, runs in figures.items()}}


def test_the_document_shows_the_newest_file() -> None:
    document = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert placed(document, newest()) == document


def test_what_is_asked_is_asked_of_a_figure() -> None:
    figures = newest()["figures"]
    of_none = {one for one in ASKED if not any(fnmatchcase(name, one) for name in figures)}
    assert of_none <= IN_POSTGRES


def test_a_figure_has_the_least_the_middle_and_the_largest_of_its_runs() -> None:
    assert figure_of([3.0, 1.0, 2.00004]) == {"min": 1.0, "median": 2.0, "max": 3.0, "runs": 3}


def test_a_table_has_a_line_for_each_figure_beside_what_is_asked() -> None:
    lines = list(table(bench(reading=(0.9, 1, 1.1), lag=(9.99, 12, 1300))))
    assert lines[0] == "Commit abc, load 0.2 at the start, 2 cores, Python 3.11.7."
    assert lines[2] == HEAD
    assert lines[-2:] == [
        "| reading |  | 0.90 | 1.00 | 1.10 | 3 |",
        "| lag |  | 9.99 | 12.0 | 1300 | 3 |",
    ]
    assert asked_of("known template: a.nl, median ratio") == "0.20"
    assert asked_of("comments: 500, known markup, s") == ""


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    document = placed(f"before\n{BEGIN}old\n{END}\nafter\n", bench(reading=(1, 1, 1)))
    assert document.startswith(f"before\n{BEGIN}Commit abc")
    assert document.endswith(f"| 3 |\n{END}\nafter\n")
    assert "old" not in document
    with pytest.raises(ValueError, match="unpack"):
        placed("no marks", bench())


def test_what_grew_by_more_than_five_percent_is_named() -> None:
    old = bench(reading=(0.9, 1.0, 1.1), starting=(0.5, 0.5, 0.5))
    new = bench(reading=(1.05, 1.06, 1.2), starting=(0.52, 0.52, 0.53))
    assert list(losses(old, new)) == ["slower: reading: 1.000 -> 1.060 (+6%)"]
    assert not list(losses(old, new, more=0.1))


def test_runs_that_merely_differ_are_no_loss() -> None:
    old, new = bench(reading=(0.9, 1.0, 1.3)), bench(reading=(0.95, 1.1, 1.3))
    assert not list(losses(old, new))


def test_what_got_faster_or_is_new_is_no_loss_and_what_is_missing_is_said() -> None:
    old = bench(reading=(0.9, 1.0, 1.1), gone=(1, 1, 1))
    new = bench(reading=(0.5, 0.6, 0.7), added=(9, 9, 9))
    assert not list(slower(old["figures"], new["figures"]))
    assert list(losses(old, new)) == ["missing: gone"]


def test_what_was_nothing_and_is_something_is_named() -> None:
    old, new = bench(changed=(0, 0, 0)), bench(changed=(1, 1, 1))
    assert list(losses(old, new)) == ["slower: changed: 0.000 -> 1.000"]
