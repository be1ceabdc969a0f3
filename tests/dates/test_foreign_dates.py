"""Dates on pages in other languages: dateparser under guard, and never on a Dutch page."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from pipelines.dates import parse_page_date

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text", "moment", "precision"),
    [
        ("pl-PL", "12 maja 2014, 10:21", "2014-05-12 10:21", "minute"),
        ("pt", "12 de maio de 2014", "2014-05-12 00:00", "day"),
        ("da", "12. maj 2014", "2014-05-12 00:00", "day"),
        ("tr", "12 Mayıs 2014", "2014-05-12 00:00", "day"),
        ("fr", "12 mai 2014", "2014-05-12 00:00", "day"),
        ("pl", "30 december 2013 om 10u21", "2013-12-30 10:21", "minute"),
    ],
)
def test_a_full_date_is_read_in_the_page_s_language(
    language: str, text: str, moment: str, precision: str
) -> None:
    found = parse_page_date(text, language=language, reference=NOW)
    assert found is not None
    assert (found.moment.strftime("%Y-%m-%d %H:%M"), found.precision) == (moment, precision)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "12 komentarzy"),
        ("pl", "maj 2014"),
        ("pl", "10.21"),
        ("nl", "12 maja 2014"),
        (None, "12 maja 2014"),
        ("xx", "12 maja 2014"),
    ],
)
def test_anything_less_is_no_date(language: str | None, text: str) -> None:
    assert parse_page_date(text, language=language, reference=NOW) is None


def test_dutch_pages_never_import_dateparser() -> None:
    program = (
        "import sys; from datetime import datetime, UTC; from pipelines.dates import parse_page_date\n"
        "parse_page_date('30 foo 2013', language='nl-NL', reference=datetime.now(UTC)); print('dateparser' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"
