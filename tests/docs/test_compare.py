"""Two files of benchmarks are compared: what got slower is named, what merely differs is not."""

from benchmarks.bench_all import table
from benchmarks.compare import slower


def figure(*runs: float) -> dict[str, float]:
    least, middle, largest = runs
    return {"min": least, "median": middle, "max": largest}


def test_what_grew_by_more_than_five_percent_is_named() -> None:
    old = {"reading": figure(0.9, 1.0, 1.1), "starting": figure(0.5, 0.5, 0.5)}
    new = {"reading": figure(1.05, 1.06, 1.2), "starting": figure(0.52, 0.52, 0.53)}
    assert list(slower(old, new)) == ["reading"]


def test_runs_that_merely_differ_are_no_loss() -> None:
    old, new = {"reading": figure(0.9, 1.0, 1.3)}, {"reading": figure(0.95, 1.1, 1.3)}
    assert not list(slower(old, new))


def test_what_got_faster_or_is_new_is_no_loss() -> None:
    old = {"reading": figure(0.9, 1.0, 1.1), "gone": figure(1, 1, 1)}
    new = {"reading": figure(0.5, 0.6, 0.7), "added": figure(9, 9, 9)}
    assert not list(slower(old, new))


def test_a_table_has_a_line_for_each_figure() -> None:
    about = {"commit": "abc", "load": 0.2, "cores": 2, "python": "3.11.7", "runs": 5}
    lines = list(table({**about, "figures": {"reading": figure(0.9, 1.0, 1.1)}}))
    assert lines[0].startswith("Commit abc, load 0.2")
    assert lines[-1] == "| reading | 0.90 | 1.00 | 1.10 |"
