"""Reservations of text and data mining, by file, header and page."""

import json

import pytest

from pipelines.tdm import Reservation, from_header, from_rules, read_rules, strongest

SITE = "https://voorbeeld.nl"

RULES = json.dumps(
    [
        {"location": "/blog/open/*", "tdm-reservation": 0},
        {"location": "/blog/*", "tdm-reservation": 1, "tdm-policy": f"{SITE}/tdm.json"},
        {"location": "/feed$", "tdm-reservation": 1},
        {"geen": "regel"},
    ]
).encode()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/blog/stuk/", Reservation("1", f"{SITE}/tdm.json", "file")),
        ("/blog/open/stuk/", Reservation("0", None, "file")),
        ("/feed", Reservation("1", None, "file")),
        ("/feed/meer", None),
        ("/over/", None),
    ],
)
def test_the_first_rule_of_a_site_s_file_that_fits_counts(
    path: str, expected: Reservation | None
) -> None:
    assert from_rules(read_rules(RULES), SITE + path) == expected


def test_rubbish_reserves_nothing_and_a_reservation_outweighs_none() -> None:
    assert read_rules(b"<html>") == read_rules(b'{"a": 1}') == read_rules(b"[" * 100_000) == ()
    assert from_header("ja", None) is None
    header, page = from_header("0", None), Reservation("1", None, "meta")
    assert strongest(None, header, page) == page
    assert strongest(header, None) == header
    assert strongest(None) is None
