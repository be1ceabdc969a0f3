"""Dutch date texts: the moment a byline, a comment or an archive header means, or nothing. Never
invented.

`pipelines/dates/grammar.py` is the grammar; here its parts become a moment. Conventions: the zone
is Amsterdam's unless the text names one; the day stands before the month; a skipped hour takes the
offset before the change, a doubled one its first pass; without a year it is the most recent past
one; "gisteren" counts calendar days, "3 uur geleden" elapsed time.
"""

import html
import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipelines.dates.clock import Clock, clock_after, clock_before, clock_of
from pipelines.dates.grammar import (
    ABSOLUTE,
    AFTER_UPDATE,
    CLOCK_ALONE,
    COMMON,
    COMMON_BEFORE,
    EPOCH,
    INCOMPLETE,
    REFUSED,
)
from pipelines.dates.relative import RelativeReading, read_relative
from pipelines.dates.words import MONTHS, month

LONGEST = 300
LONGEST_WORDS = 80
FEWEST_DIGITS = min(form.digits for form in ABSOLUTE)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"))
_DASHES = re.compile(r"(?<=\d)[‐‑‒–—](?=\d)")


class DutchDate(NamedTuple):
    """A moment, how precise the text was ("second" to "year"), and the text itself."""

    moment: datetime
    precision: str
    raw: str


def parse_date(text: str, *, reference: datetime, tz: str = "Europe/Amsterdam") -> DutchDate | None:
    """Return the moment that a Dutch date text means, seen from *reference*; None where the text
    states no date.

    *reference* is the aware moment at which the text was read. The moment is the start of the
    interval that the text names, in the zone *tz*. Raises ValueError for a naive *reference*.
    """
    if reference.tzinfo is None:
        raise ValueError("The reference moment has no time zone.")
    if text[4:5] == "-" and (found := _read_iso(text, _zone(tz))) is not None:
        return found
    return _parse(text, reference, tz)


@lru_cache(maxsize=4096)
def _parse(text: str, reference: datetime, tz: str) -> DutchDate | None:
    """Read *text* once: an element, its parent and every reader of the page ask for the same one."""
    zone = _zone(tz)
    raw = text.strip()
    reading = _read(_normal(raw), reference, zone)
    return (
        None
        if reading is None
        else DutchDate(reading.moment.astimezone(zone), reading.precision, raw)
    )


def plausible(moment: datetime, reference: datetime) -> bool:
    """Tell whether *moment* can be a date of publication: from 1990 up to a day after *reference*."""
    return EARLIEST <= moment <= reference + timedelta(days=1)


@lru_cache(maxsize=16)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _normal(text: str) -> str:
    """Return *text* in lower case, with plain spaces and dashes and nothing invisible."""
    plain = html.unescape(text[:LONGEST]) if "&" in text else text[:LONGEST]
    if not plain.isascii():
        plain = _DASHES.sub("-", plain.translate(_INVISIBLE))
    return " ".join(plain.split()).lower()


def _read_iso(text: str, zone: ZoneInfo) -> DutchDate | None:
    """Return the moment of an ISO 8601 text, "2013-12-30T10:21:00+01:00", None for any other."""
    length = len(text)
    if length != 10 and text[13:14] != ":":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.microsecond:
        moment = moment.replace(microsecond=0)
    moment = _localise(moment, zone) if moment.tzinfo is None else moment.astimezone(zone)
    return DutchDate(
        moment, "second" if text[16:17] == ":" else "day" if length == 10 else "minute", text
    )


def _read(text: str, reference: datetime, zone: ZoneInfo) -> RelativeReading | None:
    common = _read_common(text, zone)
    if common is not None:
        return common
    digits = sum(map(str.isdigit, text))
    if not digits and len(text) > LONGEST_WORDS:
        return None
    if EPOCH.fullmatch(text):
        return RelativeReading(datetime.fromtimestamp(int(text[:10]), UTC), "second")
    now = reference.astimezone(zone)
    return (
        (_read_absolute(text, digits, zone) if digits >= FEWEST_DIGITS else None)
        or read_relative(text, digits, now)
        or (_read_rest(text, digits, now) if digits else None)
    )


def _read_rest(text: str, digits: int, now: datetime) -> RelativeReading | None:
    return (
        None
        if REFUSED.search(text)
        else _read_incomplete(text, digits, now) or _read_clock(text, digits, now)
    )


def _read_common(text: str, zone: ZoneInfo) -> RelativeReading | None:
    """Return the moment of the commonest form; None for every text in which another form may come
    before it.
    """
    match = COMMON.pattern.search(text)
    if match is None:
        return None
    day, sep, number, year = match.group("day", "sep", "month", "year")
    month_ = int(number) if sep else MONTHS.get(match["word"])
    start, end = match.span()
    if month_ is None or (start and not _may_stand_before(text[:start], text[end:])):
        return None
    try:
        if match["clock"]:
            hour, minute, second = match.group("hour", "minute", "second")
            naive = datetime(int(year), month_, int(day), int(hour), int(minute), int(second or 0))  # noqa: DTZ001
            return RelativeReading(_localise(naive, zone), "second" if second else "minute")
        return _at(
            date(int(year), month_, int(day)),
            clock_after(text[end:]) or clock_before(text[:start]),
            zone,
        )
    except ValueError:
        return None


def _may_stand_before(before: str, after: str) -> bool:
    """Tell whether the first full date stands between *before* and *after*, and is not that of an
    update where another follows.
    """
    if not COMMON_BEFORE.match(before) or REFUSED.search(before):
        return False
    return not AFTER_UPDATE.search(before) or ("19" not in after and "20" not in after)


def _read_absolute(text: str, digits: int, zone: ZoneInfo) -> RelativeReading | None:
    """Return the first full date in *text*; one that is labelled as an update only when there is no
    other.
    """
    found = _full_dates(text, digits)
    if not found:
        return None
    updates = [bool(AFTER_UPDATE.search(text[:start])) for start, _end, _day, _clock in found]
    for wanted in (False, True):
        for (start, end, day, clock), is_update in zip(found, updates, strict=True):
            if is_update is wanted and not REFUSED.search(text[:start]):
                return _at(
                    day, clock or clock_after(text[end:]) or clock_before(text[:start]), zone
                )
    return None


def _full_dates(text: str, digits: int) -> list[tuple[int, int, date, "Clock | None"]]:
    """Return where each full date of *text* begins and ends, in order; of two that overlap, the
    form named first stays.
    """
    found: list[tuple[int, int, date, Clock | None]] = []
    for form in ABSOLUTE:
        for match in form.pattern.finditer(text) if form.may_be_in(text, digits) else ():
            day = _date(match)
            taken = any(
                start < match.end() and match.start() < end for start, end, _day, _clock in found
            )
            if day is not None and not taken:
                clock = clock_of(match.groupdict()) if form.name == "ctime" else None
                found.append((match.start(), match.end(), day, clock))
    return sorted(found, key=lambda one: one[0])


def _date(match: "re.Match[str]") -> date | None:
    parts = match.groupdict()
    number = int(parts["month"]) if parts.get("month") else month(parts["word"])
    if number is None:
        return None
    try:
        return date(_year(parts["year"]), number, int(parts.get("day") or 1))
    except ValueError:
        return None


def _year(text: str) -> int:
    digits = text.strip("'’‘`")
    if len(digits) == 4:
        return int(digits)
    return int(digits) + (1900 if int(digits) >= 69 else 2000)


def _localise(naive: datetime, zone: ZoneInfo) -> datetime:
    """Return a wall time as a moment: first pass of a doubled hour, old offset in a skipped one."""
    moment = naive.replace(tzinfo=zone)
    return (
        moment.astimezone(UTC).astimezone(zone)
        if naive.hour < 4 and naive.month in {3, 4, 9, 10, 11}
        else moment
    )


def _at(day: date, clock: Clock | None, zone: ZoneInfo) -> RelativeReading:
    if clock is None:
        return RelativeReading(_localise(datetime.combine(day, time()), zone), "day")
    naive = datetime.combine(day, clock.clock)
    moment = naive.replace(tzinfo=clock.offset) if clock.offset else _localise(naive, zone)
    return RelativeReading(moment, clock.precision)


def _read_incomplete(text: str, digits: int, now: datetime) -> RelativeReading | None:
    zone = _zone(str(now.tzinfo))
    for form in INCOMPLETE:
        match = form.pattern.search(text) if form.may_be_in(text, digits) else None
        reading = _complete(form.name, match, now, zone) if match else None
        if reading is not None:
            return reading
    return None


def _complete(
    name: str, match: "re.Match[str]", now: datetime, zone: ZoneInfo
) -> RelativeReading | None:
    parts = match.groupdict()
    if name.startswith("no_year"):
        return _most_recent(parts, now, zone)
    if name == "year":
        year = int(parts["year"])
        return (
            RelativeReading(datetime(year, 1, 1, tzinfo=zone), "year")
            if EARLIEST.year <= year <= now.year + 1
            else None
        )
    day = _date(match)
    if day is None:
        return None
    if parts.get("day"):
        clock = clock_of(parts) if parts.get("hour") else clock_after(parts.get("rest") or "")
        return _at(day, clock, zone)
    return RelativeReading(datetime(day.year, day.month, 1, tzinfo=zone), "month")


def _most_recent(parts: dict[str, str], now: datetime, zone: ZoneInfo) -> RelativeReading | None:
    """Return the last time that a day and month without a year came by."""
    number = int(parts["month"]) if parts.get("month") else month(parts["word"])
    if number is None:
        return None
    clock = clock_after(parts.get("rest") or "")
    for year in range(now.year, now.year - 9, -1):  # 29 February comes every fourth or eighth year
        try:
            reading = _at(date(year, number, int(parts["day"])), clock, zone)
        except ValueError:
            continue
        if reading.moment <= now:
            return reading
    return None


def _read_clock(text: str, digits: int, now: datetime) -> RelativeReading | None:
    """Return the most recent moment at which a clock showed the time that is all of *text*."""
    match = CLOCK_ALONE.pattern.match(text) if CLOCK_ALONE.may_be_in(text, digits) else None
    if match is None:
        return None
    parts = match.groupdict()
    hour = parts["hour"] or parts["hour2"] or parts["hour3"]
    minute = parts["minute"] or parts["minute2"] or parts["minute3"]
    clock = clock_of({"hour": hour, "minute": minute, "second": parts["second"]})
    if clock is None:
        return None
    zone = _zone(str(now.tzinfo))
    today = _at(now.date(), clock, zone)
    return today if today.moment <= now else _at(now.date() - timedelta(days=1), clock, zone)
