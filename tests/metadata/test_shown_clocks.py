"""What a page shows on its own clock, where it states the moment with another offset or none."""

import pytest

from tests.metadata.test_page_dates import STATED, article, local, read


@pytest.mark.parametrize(
    ("head", "line", "expected"),
    [
        ("", '<time datetime="2023-07-03T14:05:00Z">3 juli 2023, 14:05</time>', "14:05 minute"),
        (
            "",
            '<time datetime="2023-07-03T14:05:00+01:00">3 juli 2023, 14:05</time>',
            "14:05 minute",
        ),
        ("", '<time datetime="2023-07-03T00:00:00+02:00">3 juli 2023 14:05</time>', "14:05 minute"),
        ("", '<time datetime="2023-07-03T00:00:00Z">3 juli 2023</time>', "00:00 day"),
        ("2023-07-03T14:05:00+01:00", "<p>3 juli 2023, 14:05</p>", "14:05 minute"),
        ("2023-07-03T00:00:00+02:00", "<p>3 juli 2023, 14:05</p>", "14:05 minute"),
        ("2023-07-03T00:00:00Z", "<p>3 juli 2023</p>", "00:00 day"),
        # These stay as they are stated.
        ("", '<time datetime="2023-07-03T12:05:00Z">3 juli 2023, 14:05</time>', "14:05 second"),
        (
            "",
            '<time datetime="2023-07-03T14:05:30+02:00">3 juli 2023, 14:05</time>',
            "14:05 second",
        ),
        ("", '<time datetime="2023-07-03T14:05:00Z">3 juli 2023</time>', "16:05 second"),
        ("", '<time datetime="2023-07-03T14:05:00Z">3 juli 2023, 16:05</time>', "16:05 second"),
        ("2023-07-03T00:00:00+02:00", "<p>3 juli 2023</p>", "00:00 second"),
        ("2023-07-03T14:05:00+02:00", "<p>3 juli 2023, 14:05</p>", "14:05 second"),
        ("2023-07-03T09:30:00+02:00", "<p>3 juli 2023, 14:05</p>", "09:30 second"),
    ],
)
def test_a_clock_that_is_shown_mends_an_offset_that_is_none(
    head: str, line: str, expected: str
) -> None:
    found = read(article(line), STATED.format(head) if head else "")
    shown = f"{local(found.date_published)} {found.date_published_precision}"
    assert shown == f"2023-07-03 {expected}"


def test_a_page_in_english_shows_any_clock() -> None:
    line = '<time datetime="2023-07-03T14:05:00Z">3 July 2023, 14:05</time>'
    assert local(read(article(line), language="en").date_published) == "2023-07-03 16:05"


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_day_in_the_writer_s_zone_moves_no_stated_moment(language: str) -> None:
    line = (
        '<time datetime="2010-06-14T20:16:55-07:00">8:16 pm</time>'
        "<div>Posted on <b>June 14, 2010</b></div>"
    )
    assert local(read(article(line), language=language).date_published) == "2010-06-15 05:16"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>gisteren, 16:40</p>", "2024-04-30 16:40"),
        ('<p class="meta">Gisteren 16:40 uur</p>', "2024-04-30 16:40"),
        ("<p>eergisteren 16:40</p>", "2024-04-29 16:40"),
        ("<p>16:40</p>", None),
        ("<p>om 16:40 uur</p>", None),
        ("<p>Aanvang 16:40</p>", None),
    ],
)
def test_a_clock_has_a_day_beside_it(line: str, expected: str | None) -> None:
    assert local(read(article(line)).date_published) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>12 mei 1990 - 3 februari 2024</p>", None),
        ("<p>12-05-1990 – 03-02-2024</p>", None),
        ("<p>12 mei 1991 † 3 februari 2024</p><p>5 februari 2024</p>", "2024-02-05 00:00"),
        ("<p>3 februari 2024 - 5 februari 2024</p>", "2024-02-03 00:00"),
        ("<p>3 februari 2024 | sinds 1990</p>", "2024-02-03 00:00"),
        ("<p>Jaargang 1990-2024 | 3 februari 2024</p>", "2024-02-03 00:00"),
    ],
)
def test_a_life_is_no_publication(line: str, expected: str | None) -> None:
    assert local(read(article(line)).date_published) == expected


def test_another_zone_s_clock_in_winter_stays_as_it_is_stated() -> None:
    line = '<abbr class="published" title="2023-01-03T14:05:00+02:00">3-1-2023 om 14:05</abbr>'
    assert local(read(article(line)).date_published) == "2023-01-03 13:05"
