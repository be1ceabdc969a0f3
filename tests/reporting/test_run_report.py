"""The figures of a run's report."""

from datetime import timedelta

from storage.reporting.run_report import busiest_minute
from tests.sample_archive import FIRST


def test_the_busiest_minute_counts_what_lies_within_sixty_seconds() -> None:
    moments = [FIRST + timedelta(seconds=second) for second in (0, 30, 59, 60, 61, 200)]
    assert busiest_minute(moments) == 4
    assert busiest_minute([]) == 0
