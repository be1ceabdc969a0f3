"""Nightly windows: between which hours of the Dutch day a site may be fetched. Pure."""

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")


class BadHours(ValueError):
    """Raised when a text is no window of hours; its text is what to write."""


def read_hours(text: str) -> tuple[time, time]:
    """Return begin and end of a window such as "22:00-06:00"; raise BadHours for anything else."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise BadHours(f"{text!r} is no window of hours: say 22:00-06:00")
    numbers = [int(part) for part in found.groups()]
    return time(numbers[0], numbers[1]), time(numbers[2], numbers[3])


def is_open(hours: str | None, now: datetime) -> bool:
    """Return whether the moment *now* lies within *hours*, by the clock in Amsterdam; without a
    window it always does.
    """
    if hours is None:
        return True
    begin, end = read_hours(hours)
    clock = now.astimezone(ZONE).time()
    return begin <= clock < end if begin <= end else clock >= begin or clock < end
