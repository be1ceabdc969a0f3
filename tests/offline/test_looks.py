"""Which look at a page its further pages belong to."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.snapshots import group_captures
from storage.records import StoredCapture

PAGE = "https://dorp.example/nieuws/pont"
NOON = datetime(2025, 3, 2, 12, tzinfo=UTC)


def capture(name: str, seconds: float, run: int | None) -> StoredCapture:
    url = PAGE if name == "page" else f"{PAGE}?deel={name}"
    moment = NOON + timedelta(seconds=seconds)
    return StoredCapture(
        url=url, fetched_at=moment, file=f"{name}.warc.gz", offset=0, digest=None, run_id=run
    )


@pytest.mark.parametrize(
    ("captures", "looks"),
    [
        ([("page", 0, 1), ("2", 7, 1), ("page", 10, 2), ("3", 12, 2)], [["2"], ["3"]]),
        ([("2", 0, 1), ("page", 9, 1), ("3", 8, 2), ("page", 20, 2)], [["2"], ["3"]]),
        ([("page", 0, 1), ("2", 7, 1), ("page", 10, 1)], [[], ["2"]]),
        ([("page", 0, 1), ("2", 7, 3), ("page", 10, 2)], [[], ["2"]]),
        ([("page", 0, None), ("2", 7, None), ("page", 10, None)], [[], ["2"]]),
        ([("2", 7, 1)], []),
    ],
    ids=["runs at once", "parts first", "one run", "a run of parts", "no runs", "no page"],
)
def test_a_further_page_belongs_to_the_look_of_its_run(
    captures: list[tuple[str, float, int | None]], looks: list[list[str]]
) -> None:
    grouped = group_captures(PAGE, [capture(*one) for one in captures])
    found = [[part.url.rpartition("=")[2] for part in group.parts] for group in grouped]
    assert found == looks
