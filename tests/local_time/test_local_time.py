"""A stated moment as its page shows it: the local value, and the moment that it gives back."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.database import within_days
from storage.local_time import (
    SITE_ZONE,
    is_after,
    is_before,
    local_value,
    moment_of,
    offset_of,
    site_day,
    start_of_day,
    utc_of,
)

PRECISIONS = ("year", "month", "day", "hour", "minute", "second")
ZONES = (SITE_ZONE, UTC, timezone(timedelta(hours=-5)), ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize(
    ("moment", "precision", "value", "utc"),
    [
        (datetime(2013, 1, 1, tzinfo=SITE_ZONE), "day", "2013-01-01", None),
        (datetime(2013, 1, 1, tzinfo=SITE_ZONE), "month", "2013-01", None),
        (datetime(2013, 1, 1, tzinfo=SITE_ZONE), "year", "2013", None),
        (datetime(2013, 1, 1, 0, 5, tzinfo=SITE_ZONE), "minute", "2013-01-01 00:05", "23:05"),
        (datetime(2012, 12, 31, 23, 5, tzinfo=UTC), "minute", "2013-01-01 00:05", "23:05"),
        (datetime(2013, 7, 1, 10, tzinfo=SITE_ZONE), "hour", "2013-07-01 10", "08:00"),
        (
            datetime(2013, 7, 1, 10, 21, 7, tzinfo=SITE_ZONE),
            "second",
            "2013-07-01 10:21:07",
            "08:21",
        ),
        (datetime(2013, 7, 1, 22, tzinfo=ZONES[2]), "minute", "2013-07-01 22:00", "03:00"),
        (datetime(2013, 10, 27, 2, 30, tzinfo=SITE_ZONE), "minute", "2013-10-27 02:30", "00:30"),
        (
            datetime(2013, 10, 27, 2, 30, tzinfo=SITE_ZONE, fold=1),
            "minute",
            "2013-10-27 02:30",
            "01:30",
        ),
        (datetime(2013, 7, 1, 10, tzinfo=SITE_ZONE), None, "2013-07-01 10:00", "08:00"),
    ],
)
def test_a_moment_is_kept_as_exactly_as_it_is_shown(
    moment: datetime, precision: str | None, value: str, utc: str | None
) -> None:
    assert local_value(moment, precision) == value
    kept = utc_of(moment, precision)
    assert (f"{kept:%H:%M}" if kept else None) == utc


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        local_value(datetime(2013, 1, 1), "day")  # noqa: DTZ001  # that is what is refused


moments = st.datetimes(
    datetime(1950, 1, 1),  # noqa: DTZ001  # the zone is drawn
    datetime(2099, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from(ZONES),
)


@given(moments, st.sampled_from(PRECISIONS))
def test_what_is_kept_gives_the_moment_back_as_exactly(moment: datetime, precision: str) -> None:
    value, offset = local_value(moment, precision), offset_of(moment)
    back = moment_of(value, offset, utc_of(moment, precision))
    assert local_value(back, precision) == value
    if precision in {"hour", "minute", "second"}:
        assert back.astimezone(UTC) == moment.astimezone(UTC)
    assert value == local_value(moment, "second")[: len(value)]


@given(moments, moments)
def test_local_values_of_one_zone_sort_by_time(one: datetime, other: datetime) -> None:
    first, second = (moment.astimezone(SITE_ZONE).replace(tzinfo=None) for moment in (one, other))
    values = [local_value(moment, "second") for moment in (one, other)]
    if one.tzinfo in {SITE_ZONE, UTC} and other.tzinfo in {SITE_ZONE, UTC}:
        assert (first.replace(microsecond=0) < second.replace(microsecond=0)) == (
            values[0] < values[1]
        )


@pytest.mark.parametrize(
    ("value", "day", "before", "after"),
    [
        ("2013-01-01", date(2013, 1, 1), False, False),
        ("2012-12-31", date(2013, 1, 1), True, False),
        ("2013-01-02 00:05", date(2013, 1, 1), False, True),
        ("2013-01", date(2013, 1, 15), False, False),
        ("2012-12", date(2013, 1, 1), True, False),
        ("2013", date(2013, 6, 1), False, False),
        ("2014", date(2013, 12, 31), False, True),
    ],
)
def test_a_crawl_leaves_out_only_what_lies_wholly_outside(
    value: str, day: date, before: bool, after: bool
) -> None:
    assert (is_before(value, day), is_after(value, day)) == (before, after)


@pytest.mark.parametrize(
    ("since", "before", "inside"),
    [
        (date(2013, 1, 1), date(2013, 1, 2), {"2013-01-01", "2013-01-01 23:59"}),
        (date(2013, 1, 1), date(2013, 2, 1), {"2013-01", "2013-01-01", "2013-01-01 23:59"}),
        (date(2013, 1, 2), date(2013, 2, 1), set()),
        (
            date(2013, 1, 1),
            date(2014, 1, 1),
            {"2013", "2013-01", "2013-12", "2013-01-01", "2013-01-01 23:59"},
        ),
        (None, date(2013, 1, 1), {"2012-12-31", "2012"}),
        (date(2014, 1, 1), None, {"2014", "2014-01-01 00:00"}),
    ],
)
def test_a_period_holds_what_lies_wholly_in_it(
    since: date | None, before: date | None, inside: set[str]
) -> None:
    values = {
        "2012", "2012-12-31", "2013", "2013-01", "2013-12", "2013-01-01", "2013-01-01 23:59",
        "2014", "2014-01-01 00:00",
    }  # fmt: skip
    conditions, bounds = within_days("x", since, before)
    assert len(conditions) == (since is not None) + 2 * (before is not None)
    held = {
        value
        for value in values
        if value >= bounds.get("since", "")
        and ("before" not in bounds or value < bounds["before"])
        and value not in {bounds.get("before_month"), bounds.get("before_year")}
    }
    assert held == inside


def test_a_day_of_our_own_moments_is_the_site_s() -> None:
    night = datetime(2013, 12, 31, 23, 30, tzinfo=UTC)
    assert site_day(night) == date(2014, 1, 1)
    assert start_of_day(date(2014, 1, 1)) <= night < start_of_day(date(2014, 1, 2))
