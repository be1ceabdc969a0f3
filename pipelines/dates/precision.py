"""How exact a date is, and whether two dates can mean the same moment."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.dates.moments import SPANS, start_of
from pipelines.dates.parse import DutchDate


def agree(one: DutchDate, other: DutchDate) -> bool:
    """Return whether two dates are equal, to the coarser of their precisions and on its clock: a
    day is a local day.
    """
    coarse = max((one, other), key=lambda date: SPANS.index(date.precision))
    a, b = (
        one.moment.astimezone(coarse.moment.tzinfo),
        other.moment.astimezone(coarse.moment.tzinfo),
    )
    fields = [("year", 5), ("month", 4), ("day", 3), ("hour", 2), ("minute", 1), ("second", 0)]
    return all(
        getattr(a, name) == getattr(b, name)
        for name, rank in fields
        if rank >= SPANS.index(coarse.precision)
    )


def finer(one: DutchDate, other: DutchDate) -> bool:
    """Return whether *one* is usefully more precise than *other*: to the minute there is nothing to
    gain.
    """
    return SPANS.index(one.precision) < min(SPANS.index(other.precision), 2)


def states_utc(moment: datetime, raw: str | None) -> bool:
    """Return whether *moment*, written *raw*, is stated in UTC."""
    return not moment.utcoffset() or bool(raw and _IN_UTC.search(raw))


def shows_utc(stated: datetime, shown: datetime) -> bool:
    """Return whether the clock of a page, by which *shown* was read in the site's zone, shows the
    moment *stated* in UTC: "15:58Z" beside "15:58".
    """
    clock = stated.astimezone(UTC).replace(tzinfo=None, second=0, microsecond=0)
    return clock == shown.replace(tzinfo=None, second=0, microsecond=0)


def misstates(stated: DutchDate, shown: DutchDate) -> bool:
    """Return whether *stated* writes the day and clock that a page shows in its own zone, or that
    day with the midnight of a date without a clock, but means another minute than *shown*.
    """
    written = _WRITTEN.match(stated.raw)
    if written is None or written["day"] != f"{shown.moment:%Y-%m-%d}":
        return False
    if start_of(stated.moment, "minute") == start_of(shown.moment, "minute"):
        return False
    is_exact = shown.precision in {"minute", "second"} and not written["summer"]
    return written["clock"] == "00:00" or (is_exact and written["clock"] == f"{shown.moment:%H:%M}")


def is_clock_of_home(language: str | None) -> bool:
    """Return whether pages in *language* show the clock that is read here as their own."""
    return (language or "nl").lower().startswith(("nl", "fy", "de", "fr", "es", "it"))


# With the offsets that are written for a clock in Amsterdam without a look at the season; that of
# summer says so only of a day: in winter it is another zone's.
_WRITTEN = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<clock>\d\d:\d\d)(?::\d\d(?:\.\d{1,9})?)?"
    r"(?:Z|\+0[01]:?00|(?P<summer>\+02:?00))?$"
)
_IN_UTC = re.compile(r"(?:\dZ|[+-]00:?00|GMT|UTC)\s*$")
_HOME = ZoneInfo("Europe/Amsterdam")


MOMENT_TOLERANCE = {
    "second": timedelta(minutes=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
}


def agrees(shown: datetime | None, precision: str | None, stated: datetime) -> bool:
    """Return whether a date of that *precision*, which may be a month or a year, can be the moment
    *stated*.
    """
    if shown is None:
        return False
    if precision in MOMENT_TOLERANCE:
        return abs(shown - stated) <= MOMENT_TOLERANCE[precision]
    parts = {"day": 3, "month": 2, "year": 1}.get(precision or "", 0)
    return (
        parts > 0
        and shown.astimezone(_HOME).timetuple()[:parts]
        == stated.astimezone(_HOME).timetuple()[:parts]
    )
