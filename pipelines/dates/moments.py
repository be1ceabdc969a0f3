"""From the parts of a date to a moment: the zone, the hours that a clock skips or shows twice, the
start of what a text names, the years that dates are read in.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipelines.dates.clock import Clock

YEARS = range(1900, 2100)
MAY_CHANGE = frozenset({3, 4, 9, 10, 11})  # months in which clocks are changed, at night
SPANS = ("second", "minute", "hour", "day", "month", "year")


class Reading(NamedTuple):
    """A moment and how precise its text was."""

    moment: datetime
    precision: str


@lru_cache(maxsize=16)
def zone_named(name: str) -> ZoneInfo:
    """Return the zone that the IANA database calls so."""
    return ZoneInfo(name)


def localise(naive: datetime, zone: ZoneInfo) -> datetime:
    """Return a wall time as a moment: first pass of a doubled hour, old offset in a skipped one."""
    moment = naive.replace(tzinfo=zone)
    if naive.hour < 4 and naive.month in MAY_CHANGE:
        return moment.astimezone(UTC).astimezone(zone)
    return moment


def at(day: date, clock: Clock | None, zone: ZoneInfo) -> Reading:
    """Return the moment at which *clock* showed its time on *day*; without a clock the day."""
    if clock is None:
        return Reading(localise(datetime.combine(day, time()), zone), "day")
    naive = datetime.combine(day, clock.clock)
    moment = naive.replace(tzinfo=clock.offset) if clock.offset else localise(naive, zone)
    return Reading(moment, clock.precision)


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the day of the calendar, None where there is none such or its year is not read."""
    if year not in YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def months_back(day: date, months: int) -> date | None:
    """Return the day *months* before, the last of its month where that is shorter; None for a year
    that is not read.
    """
    total = 12 * day.year + day.month - 1 - months
    year, number = total // 12, total % 12 + 1
    if year not in YEARS:
        return None
    last = date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def start_of(moment: datetime, precision: str) -> datetime:
    """Return the start of the second, minute ... year in which *moment* lies."""
    coarser = SPANS.index(precision)
    fresh = {"second": 0, "minute": 0, "hour": 0, "day": 1, "month": 1}
    fields = {name: fresh[name] for name in SPANS[:coarser]}
    return moment.replace(microsecond=0, **fields)  # type: ignore[arg-type]  # each field is an int
