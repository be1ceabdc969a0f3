"""Dutch dates: every form of the grammar, every day of twenty years, and what is never to
happen.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.dates import ABSOLUTE, INCOMPLETE, RELATIVE, parse_date, plausible

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2014, 6, 18, 12, 0, tzinfo=AMSTERDAM)  # a Wednesday
MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december"
).split()
SHORT = ("jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec.").split()
ENGLISH = (
    "January February March April May June July August September October November December"
).split()
WEEKDAYS = ("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag").split()


def read(text: str, now: datetime = NOW) -> tuple[str, str] | None:
    found = parse_date(text, reference=now)
    return (found.moment.strftime("%Y-%m-%d %H:%M:%S"), found.precision) if found else None


@pytest.mark.parametrize("form", [*ABSOLUTE, *INCOMPLETE, *RELATIVE], ids=lambda form: form.name)
def test_every_line_of_the_grammar_reads_its_own_example(form: Any) -> None:
    example = form.example
    assert parse_date(example, reference=NOW) is not None, example


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("30 dec 2013 @ 10:21", "2013-12-30 10:21:00", "minute"),
        ("Door Wil Terpstra op 3 mei 2014 om 9u05 | 11 reacties", "2014-05-03 09:05:00", "minute"),
        ("maandag 30 december 2013, 20.30 uur", "2013-12-30 20:30:00", "minute"),
        ("DINSDAG 17 JUNI", "2014-06-17 00:00:00", "day"),
        ("17 juni om 's avonds", "2014-06-17 00:00:00", "day"),
        ("30 december", "2013-12-30 00:00:00", "day"),
        ("gisteravond om 8 uur", "2014-06-17 20:00:00", "hour"),
        ("gisteren om kwart over drie 's middags", "2014-06-17 15:15:00", "minute"),
        ("half negen", None, None),
        ("3 uur geleden", "2014-06-18 09:00:00", "hour"),
        ("anderhalf uur geleden", "2014-06-18 10:30:00", "minute"),
        ("1 uur en 5 minuten geleden", "2014-06-18 10:55:00", "minute"),
        ("2 weken geleden", "2014-06-04 00:00:00", "day"),
        ("afgelopen dinsdag", "2014-06-17 00:00:00", "day"),
        ("zojuist", "2014-06-18 12:00:00", "minute"),
        ("2013-12-30T10:21:05+02:00", "2013-12-30 09:21:05", "second"),
        ("Mon, 30 Dec 2013 10:21:00 GMT", "2013-12-30 11:21:00", "second"),
        ("1388395260", "2013-12-30 10:21:00", "second"),
        ("Archief voor mei, 2012", "2012-05-01 00:00:00", "month"),
        ("/2013/12/30/een-stuk/", "2013-12-30 00:00:00", "day"),
        ("30\u00a0dec.\u202f2013&nbsp;10:21", "2013-12-30 10:21:00", "minute"),
        ("Laatst bijgewerkt: 2 januari 2014. Geplaatst: 30 december 2013", "2013-12-30 00:00:00",
            "day"),
        ("12/30/2013", None, None),
        ("31 februari 2013", None, None),
        ("© 2009-2024 Dorpsblad", None, None),
        ("prijs 12.50 euro", None, None),
        ("bel 020-1234567", None, None),
        ("hij deed mee in mei", None, None),
        ("versie 2.10.2013", None, None),
        ("", None, None),
    ],
)  # fmt: skip
def test_examples(text: str, moment: str | None, precision: str | None) -> None:
    assert read(text) == (None if moment is None else (moment, precision))


def test_days_of_the_change_of_the_clock() -> None:
    skipped = parse_date("30 maart 2014 om 02:30", reference=NOW)
    doubled = parse_date("27 oktober 2013 om 02:30", reference=NOW)
    assert skipped is not None
    assert doubled is not None
    assert skipped.moment.astimezone(UTC) == datetime(2014, 3, 30, 1, 30, tzinfo=UTC)
    assert doubled.moment.astimezone(UTC) == datetime(2013, 10, 27, 0, 30, tzinfo=UTC)
    after = datetime(2014, 3, 30, 12, 0, tzinfo=AMSTERDAM)
    assert read("gisteren om 14:05", after) == ("2014-03-29 14:05:00", "minute")
    assert read("24 uur geleden", after) == ("2014-03-29 11:00:00", "hour")


def test_a_naive_reference_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        parse_date("gisteren", reference=datetime(2014, 1, 1))  # noqa: DTZ001  # that is the point


def test_what_is_plausible() -> None:
    assert plausible(NOW, NOW)
    assert not plausible(NOW + timedelta(days=3), NOW)
    assert not plausible(datetime(1989, 12, 30, tzinfo=UTC), NOW)


DAYS = st.dates(date(2008, 1, 1), date(2027, 12, 31))
TIMES = st.times().map(lambda clock: clock.replace(second=0, microsecond=0, fold=0))
FORMS = (
    lambda d, t: f"{d.day} {MONTHS[d.month - 1]} {d.year} {t:%H:%M}",
    lambda d, t: (
        f"{WEEKDAYS[d.weekday()]} {d.day} {MONTHS[d.month - 1]} {d.year} om {t.hour}u{t:%M}"
    ),
    lambda d, t: f"{d.day} {SHORT[d.month - 1]} {d.year}, {t.hour}.{t:%M} uur",
    lambda d, t: f"{d.day:02}-{d.month:02}-{d.year} {t:%H:%M}",
    lambda d, t: f"{d.day}/{d.month}/{d.year} - {t:%H:%M}",
    lambda d, t: f"{ENGLISH[d.month - 1]} {d.day}, {d.year} at {t:%H:%M}",
    lambda d, t: f"{d.day} {SHORT[d.month - 1]} '{d.year % 100:02} | {t:%H:%M}",
    lambda d, t: f"{d.isoformat()} {t:%H:%M}",
    lambda d, t: (
        f"Door Anja Smit op {d.day} {MONTHS[d.month - 1].upper()} {d.year} om {t:%H:%M} "
        "uur | 3 reacties"
    ),
    lambda d, t: (
        f"Geplaatst: {WEEKDAYS[d.weekday()][:2]} {d.day} {MONTHS[d.month - 1][:3]} "
        f"{d.year} @ {t:%H:%M}"
    ),
)


@pytest.mark.parametrize("form", FORMS)
@given(day=DAYS, clock=TIMES)
@settings(max_examples=60, deadline=None)
def test_every_format_reads_every_day_and_minute(form: Any, day: date, clock: Any) -> None:
    text = form(day, clock)
    found = parse_date(text, reference=NOW)
    wall = datetime.combine(day, clock, AMSTERDAM).astimezone(UTC)
    assert found is not None, text
    assert found.moment.astimezone(UTC) == wall, text
    assert found.precision == "minute"


@given(st.text(max_size=120))
@settings(max_examples=300, deadline=None)
def test_arbitrary_text_never_raises(text: str) -> None:
    found = parse_date(text, reference=NOW)
    assert found is None or found.moment.tzinfo is not None


WORDS = st.sampled_from(
    "3 11 2013 '13 dec mei maart dinsdag om uur u geleden gisteren vandaag weken "
    "dagen uren half kwart over voor van tot en t/m @ | - / . : , 10:21 "
    "zojuist afgelopen vorige week maand jl door op Jan reacties bijgewerkt 24:00 "
    "31 februari avond 's ochtends am pm +01:00 Z".split()
)


@given(st.lists(WORDS, max_size=9), st.datetimes(datetime(2008, 1, 1), datetime(2027, 12, 31)))  # noqa: DTZ001  # hypothesis wants naive ones
@settings(max_examples=400, deadline=None)
def test_a_heap_of_date_words_never_raises(words: list[str], now: datetime) -> None:
    reference = now.replace(tzinfo=AMSTERDAM).astimezone(UTC)
    found = parse_date(" ".join(words), reference=reference)
    assert found is None or found.precision in {"second", "minute", "hour", "day", "month", "year"}


RELATIVES = st.one_of(
    st.tuples(
        st.integers(1, 99),
        st.sampled_from(["seconden", "minuten", "uur", "dagen", "weken", "maanden", "jaar"]),
    ).map(lambda pair: f"{pair[0]} {pair[1]} geleden"),
    st.sampled_from(
        [
            "zojuist",
            "vandaag",
            "gisteren om 14:05",
            "vandaag om 23:59",
            "afgelopen dinsdag",
            "vorige maand",
            "12:30",
            "eergisteren",
        ]
    ),
    st.tuples(st.integers(1, 28), st.sampled_from(MONTHS)).map(lambda pair: f"{pair[0]} {pair[1]}"),
)


@given(text=RELATIVES, now=st.datetimes(datetime(2008, 1, 1), datetime(2027, 12, 31)))  # noqa: DTZ001  # hypothesis wants naive ones
@settings(max_examples=400, deadline=None)
def test_what_has_no_year_is_never_later_than_the_reading(text: str, now: datetime) -> None:
    reference = now.replace(tzinfo=AMSTERDAM).astimezone(UTC)
    found = parse_date(text, reference=reference)
    assert found is None or found.moment <= reference, text


AROUND = st.tuples(
    st.sampled_from(["", "Geplaatst op ", "Door Jan de Wit op ", "Jan | ", "  ", "Gepubliceerd: "]),
    st.sampled_from(["", " | 11 reacties", " door Jan", "  ", " - Beantwoorden"]),
)


@given(day=DAYS, clock=TIMES, around=AROUND)
@settings(max_examples=200, deadline=None)
def test_furniture_around_a_date_changes_nothing(
    day: date, clock: Any, around: tuple[str, str]
) -> None:
    text = FORMS[0](day, clock)
    bare, dressed = (parse_date(t, reference=NOW) for t in (text, f"{around[0]}{text}{around[1]}"))
    assert bare is not None
    assert dressed is not None
    assert (bare.moment, bare.precision) == (dressed.moment, dressed.precision)
