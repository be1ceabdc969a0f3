"""Dates without a year, months, years, and clocks without a day: what they leave open is filled in
from the moment of reading.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.dates.absolute import day_in, month_in
from pipelines.dates.clock import CLOCK_ALONE, clock_after, clock_of
from pipelines.dates.forms import INCOMPLETE, REFUSED
from pipelines.dates.grammar import DateText
from pipelines.dates.moments import Reading, at, day_of, zone_named
from pipelines.dates.vocabulary import WEEKDAYS

EARLIEST_YEAR = 1990
# A date falls on a weekday again after 5, 6 or 11 years; a 29th of February comes every fourth or
# eighth.
MOST_YEARS_BACK = 11

Parts = dict[str, str | None]


def read_incomplete(date_text: DateText, now: datetime) -> Reading | None:
    """Return what the first form of INCOMPLETE in *date_text* means."""
    if REFUSED.search(date_text.text):
        return None
    zone = zone_named(str(now.tzinfo))
    for form in INCOMPLETE:
        match = form.search(date_text)
        read = _READERS.get(form.name, _read_part)
        reading = read(match.groupdict(), now, zone) if match else None
        if reading is not None:
            return reading
    return None


def _read_without_year(parts: Parts, now: datetime, zone: ZoneInfo) -> Reading | None:
    """Return the last time that a day and month came by, on the weekday that the text names."""
    number = month_in(parts)
    weekday = WEEKDAYS.get(parts.get("weekday") or "")
    if number is None:
        return None
    clock = clock_after(parts.get("rest") or "")
    for year in range(now.year, now.year - MOST_YEARS_BACK - 1, -1):
        day = day_of(year, number, int(parts["day"] or 0))
        if day is None or weekday not in {None, day.weekday()}:
            continue
        reading = at(day, clock, zone)
        if reading.moment <= now:
            return reading
    return None


def _read_year(parts: Parts, now: datetime, zone: ZoneInfo) -> Reading | None:
    year = int(parts["year"] or 0)
    if not EARLIEST_YEAR <= year <= now.year + 1:
        return None
    return Reading(datetime(year, 1, 1, tzinfo=zone), "year")


def _read_part(parts: Parts, _now: datetime, zone: ZoneInfo) -> Reading | None:
    """Return the day, with its clock, or the month that *parts* name."""
    day = day_in(parts)
    if day is None:
        return None
    if not parts.get("day"):
        return Reading(datetime(day.year, day.month, 1, tzinfo=zone), "month")
    clock = clock_of(parts) if parts.get("hour") else clock_after(parts.get("rest") or "")
    return at(day, clock, zone)


_READERS: dict[str, Callable[[Parts, datetime, ZoneInfo], Reading | None]] = {
    "no_year": _read_without_year,
    "no_year_american": _read_without_year,
    "no_year_digits": _read_without_year,
    "year": _read_year,
}


def read_clock(date_text: DateText, now: datetime) -> Reading | None:
    """Return the most recent moment at which a clock showed the time that is all of *date_text*."""
    match = CLOCK_ALONE.search(date_text)
    if match is None or REFUSED.search(date_text.text):
        return None
    hour = match["hour"] or match["hour2"] or match["hour3"]
    minute = match["minute"] or match["minute2"] or match["minute3"]
    clock = clock_of({"hour": hour, "minute": minute, "second": match["second"]})
    if clock is None:
        return None
    zone = zone_named(str(now.tzinfo))
    today = at(now.date(), clock, zone)
    return today if today.moment <= now else at(now.date() - timedelta(days=1), clock, zone)
