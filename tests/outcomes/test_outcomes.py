"""The one table of outcomes: each status and failure has its row, and only the table knows them."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from storage import outcomes
from storage.outcomes import GONE_STATUSES, TROUBLES, WALLS, outcome_of, state_of
from tests.crawling import ROOT

STATES = {"done", "refused", "gone", "unchanged", "retry", "failed", "put_back"}
STATUSES = {429, 503, 451, 410, 408, 402}


def rows() -> tuple[outcomes.Outcome, ...]:
    return outcomes._TABLE


def test_each_cause_has_one_row_and_each_row_a_state() -> None:
    assert [cause for cause, n in Counter(row.cause for row in rows()).items() if n > 1] == []
    assert {row.state for row in rows()} == STATES
    assert {mark for row in rows() for mark in row.marks} <= set("RUWT")


@pytest.mark.parametrize(
    ("status", "name", "state"),
    [
        (200, "ok", "done"),
        (206, "ok", "done"),
        (302, "redirect", "refused"),
        (304, "not_modified", "unchanged"),
        (404, "not_found", "gone"),
        (418, "client_error", "refused"),
        (429, "too_many_requests", "retry"),
        (503, "server_error", "retry"),
        (599, "server_error", "retry"),
        (999, "client_error", "refused"),  # as some sites answer whom they take for a robot
    ],
)
def test_a_status_has_its_own_row_or_its_class_s(status: int, name: str, state: str) -> None:
    assert (outcome_of(status).name, outcome_of(status).state) == (name, state)


def test_who_asks_for_rest_is_one_table_s_word() -> None:
    resting = [row.cause for row in rows() if row.asks_for_rest]
    assert resting == [429, 503]
    assert [status for status in (200, 404, 429, 500, 503) if outcome_of(status).closes_robots] == [
        429,
        500,
        503,
    ]
    assert GONE_STATUSES == (404, 410)


def test_walls_are_refused_and_troubles_are_what_a_verdict_counts() -> None:
    assert {state_of(name) for name in WALLS} == {"refused"}
    assert {"paywall", "robots", "opted_out"} == WALLS - TROUBLES
    assert state_of("listing") == "refused"


@pytest.mark.parametrize("status", [400, 401, 403, 405, 406, 418, 451, 499, 999, 500, 503])
def test_a_page_that_the_site_refuses_is_trouble_whatever_its_number(status: int) -> None:
    assert outcome_of(status).name in TROUBLES


@pytest.mark.parametrize("status", [200, 304, 402, 404, 410])
def test_what_is_not_there_or_for_sale_is_no_trouble(status: int) -> None:
    assert outcome_of(status).name not in TROUBLES


def literals(path: Path) -> set[int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {value for value in found if type(value) is int}


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_a_status_is_written_in_one_product_file(status: int) -> None:
    folders = ("storage", "pipelines", "crawler")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    users = [str(path.relative_to(ROOT)) for path in paths if status in literals(path)]
    assert users == ["storage/outcomes.py"]
