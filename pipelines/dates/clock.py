"""The time of day in a Dutch text: "10:21", "20.30 uur", "10u21", "kwart over drie 's middags",
with the zone that it names.
"""

import re
from dataclasses import dataclass
from datetime import UTC, time, timedelta, timezone

from pipelines.dates.grammar import CLOCK_BEFORE, CLOCKS, WORD_CLOCK
from pipelines.dates.words import DAYPARTS, NUMBERS, ZONES

LONGEST_LEAD = 24


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, as exact as its text, and the offset that the text names."""

    clock: time
    precision: str
    offset: timezone | None = None


def clock_after(text: str) -> Clock | None:
    """Return the clock with which *text* begins."""
    if not text or text.isspace():
        return None
    if any(map(str.isdigit, text[:LONGEST_LEAD])):
        for form in CLOCKS:
            match = form.pattern.match(text)
            if match:
                return clock_of(match.groupdict())
    match = WORD_CLOCK.pattern.match(text) if WORD_CLOCK.may_be_in(text, 0) else None
    return (
        _word_clock(match)
        if match and (match["minutes"] or match["halfhour"] or "uur" in match[0])
        else None
    )


def clock_before(text: str) -> Clock | None:
    """Return the clock with which *text* ends."""
    match = CLOCK_BEFORE.pattern.search(text) if any(map(str.isdigit, text)) else None
    return clock_of(match.groupdict()) if match else None


def clock_of(parts: dict[str, str | None]) -> Clock | None:
    """Return the clock that the groups of a match name; None for an hour that no day has."""
    hour, minute, second = (
        int(parts["hour"] or 0),
        int(parts.get("minute") or 0),
        int(parts.get("second") or 0),
    )
    if parts.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if parts["half"] == "p" else 0)
    hour = in_daypart(hour, parts.get("part"))
    if hour > 23:
        return None
    precision = "second" if parts.get("second") else "minute" if parts.get("minute") else "hour"
    return Clock(
        time(hour, minute, second), precision, _named_offset(parts.get("zone"), parts.get("offset"))
    )


def _word_clock(match: "re.Match[str]") -> Clock | None:
    word = match["hourword"]
    hour = NUMBERS.get(word) or (int(word) if word.isdigit() else 0)
    if not 1 <= hour <= 12:
        return None
    minutes = 60 * hour - (30 if match["halfhour"] else 0)
    if match["minutes"]:
        step = (
            15
            if match["minutes"] == "kwart"
            else NUMBERS.get(match["minutes"]) or int(match["minutes"])
        )
        minutes += step if match["side"] == "over" else -step
    hour = in_daypart(minutes // 60 % 24, match["part"])
    return Clock(
        time(hour, minutes % 60), "minute" if match["minutes"] or match["halfhour"] else "hour"
    )


def in_daypart(hour: int, part: str | None) -> int:
    """Return the hour of the day that an *hour* on the clock is in a part of it, such as "avond" or
    "ochtends".
    """
    return hour + 12 if hour in DAYPARTS.get(part or "", ()) else hour


def _named_offset(zone: str | None, offset: str | None) -> timezone | None:
    if offset and (zone in {None, "utc", "gmt", "z"}):
        return _offset(offset)
    return timezone(timedelta(minutes=ZONES[zone])) if zone in ZONES else None


def _offset(text: str) -> timezone:
    """Return the offset that "+01:00", "-0530" or "Z" names."""
    if text in {"Z", "z"}:
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    total = min(60 * hours + minutes, 14 * 60)
    return timezone(timedelta(minutes=-total if text[0] == "-" else total))
