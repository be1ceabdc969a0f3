"""Nightly hours and opt-outs of a crawl."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.politeness import BadHours, is_open, read_hours
from crawler.politeness.optout import OptOut

SITE = "https://voorbeeld.nl"


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        (None, datetime(2026, 7, 1, 12, 0, tzinfo=UTC), True),
        (
            "22:00-06:00",
            datetime(2026, 7, 1, 20, 30, tzinfo=UTC),
            True,
        ),  # 22.30 in Amsterdam, in summer
        ("22:00-06:00", datetime(2026, 1, 1, 20, 30, tzinfo=UTC), False),  # 21.30 in winter
        ("22:00-06:00", datetime(2026, 1, 1, 4, 59, tzinfo=UTC), True),
        ("22:00-06:00", datetime(2026, 1, 1, 5, 0, tzinfo=UTC), False),
        ("09:00-17:00", datetime(2026, 1, 1, 12, 0, tzinfo=UTC), True),
        ("09:00-17:00", datetime(2026, 1, 1, 18, 0, tzinfo=UTC), False),
    ],
)
def test_a_nightly_window_is_by_the_clock_in_amsterdam(
    hours: str | None, moment: datetime, *, expected: bool
) -> None:
    assert is_open(hours, moment) is expected


@pytest.mark.parametrize("text", ["", "22-6", "25:00-06:00", "22:00", "'s nachts"])
def test_what_is_no_window_is_said(text: str) -> None:
    with pytest.raises(BadHours, match="say 22:00-06:00"):
        read_hours(text)


def test_the_opt_out_list_knows_hosts_and_patterns_and_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "optout.txt"
    optout = OptOut(path)
    assert not optout.covers("https://weg.nl/stuk/")
    path.write_text(
        "# op verzoek\nweg.nl   # 2026-01-02\n\n*/profiel/*\nhttps://half.nl/prive*\n",
        encoding="utf-8",
    )
    for url in (
        "https://weg.nl/stuk/",
        "http://www.weg.nl/",
        "https://oud.weg.nl/x",
        f"{SITE}/profiel/jan",
        "https://half.nl/prive/x",
    ):
        assert optout.covers(url), url
    for url in ("https://niet-weg.nl/", "https://half.nl/", f"{SITE}/profielen"):
        assert not optout.covers(url), url
    path.write_text("", encoding="utf-8")
    os.utime(path, (1, 1))
    assert not optout.covers("https://weg.nl/stuk/")
