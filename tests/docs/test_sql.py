"""docs/sql.md: every query answers what is shown, on both databases."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from storage.database import Archive
from tests.crawling import ROOT

QUESTION = re.compile(r"```sql\n(.*?)```\s+```text\n(.*?)```", re.DOTALL)


def shown(archive: Archive, query: str) -> list[str]:
    """Return what a query answers as the document shows it."""
    columns, rows = archive.select(query.replace(":", r"\:"))
    return [" | ".join(columns)] + [" | ".join(map(cell, row.values())) for row in rows]


def cell(value: Any) -> str:
    said = f"{float(value):g}" if isinstance(value, float | Decimal) else str(value)
    return said.replace("\n", "⏎")


def questions() -> Iterator[Any]:
    found = QUESTION.findall((ROOT / "docs" / "sql.md").read_text(encoding="utf-8"))
    assert len(found) >= 20
    for number, (query, answer) in enumerate(found, 1):
        yield pytest.param(query, answer, id=str(number))


@pytest.mark.parametrize(("query", "answer"), list(questions()))
def test_a_query_answers_what_the_cookbook_shows(sample: Archive, query: str, answer: str) -> None:
    assert shown(sample, query) == answer.rstrip("\n").split("\n")
    assert len(answer.splitlines()) > 1, "an empty answer shows nothing"
