"""Dates seen from the moment of reading: "3 uur geleden", "gisteravond om 8", "afgelopen dinsdag"."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from pipelines.dates.clock import Clock, clock_after, in_daypart
from pipelines.dates.grammar import AMOUNTS, PERIODS, RELATIVE
from pipelines.dates.words import NUMBERS, PLAIN_UNITS, WEEKDAYS, month

_FINEST = ("second", "minute", "hour", "day", "month", "year")
_DAYS_BACK = {
    "vandaag": 0,
    "today": 0,
    "van": 0,
    "deze ": 0,
    "gisteren": 1,
    "yesterday": 1,
    "gister": 1,
    "eergisteren": 2,
    "eergister": 2,
}


class RelativeReading(NamedTuple):
    """A moment and how precise its text was."""

    moment: datetime
    precision: str


def read_relative(text: str, digits: int, now: datetime) -> RelativeReading | None:
    """Return the moment of the first relative form in *text*, which has so many *digits*; never
    later than *now*.
    """
    for form in RELATIVE:
        match = form.pattern.search(text) if form.may_be_in(text, digits) else None
        if match is None:
            continue
        rest = match.groupdict().get("rest") or ""
        reading = _READERS[form.name](match, now, clock_after(rest) if rest.strip() else None)
        if reading is not None:
            return reading if reading.moment <= now else None
    return None


def _read_now(_match: "re.Match[str]", now: datetime, _clock: Clock | None) -> RelativeReading:
    return RelativeReading(now.replace(second=0, microsecond=0), "minute")


def _read_ago(
    match: "re.Match[str]", now: datetime, _clock: Clock | None
) -> RelativeReading | None:
    if (match["about"] or "").startswith(("minder dan", "less than")):
        return _read_now(match, now, None)
    parts: list[tuple[str, float]] = []
    for part in AMOUNTS.pattern.finditer(match["parts"]):
        unit = next(name for name, value in part.groupdict().items() if value and name != "amount")
        amount = _amount(part["amount"])
        if amount is None:
            return _read_now(match, now, None) if unit == "second" else None
        parts.append((unit, amount))
    return _before(now, parts)


def _read_plain_ago(
    match: "re.Match[str]", now: datetime, _clock: Clock | None
) -> RelativeReading | None:
    unit = PLAIN_UNITS.get(match["word"])
    return _before(now, [(unit, float(match["amount"]))]) if unit else None


def _before(now: datetime, parts: Sequence[tuple[str, float]]) -> RelativeReading:
    """Return the moment that lies *parts*, each a unit and an amount of it, before *now*: calendar
    days, elapsed hours.
    """
    months, days, elapsed, units = 0, 0, 0.0, set[str]()
    for unit, amount in parts:
        months += {"month": int(amount), "year": round(12 * amount)}.get(unit, 0)
        days += {"day": int(amount), "week": round(7 * amount)}.get(unit, 0)
        elapsed += amount * {"second": 1, "minute": 60, "quarter": 900, "hour": 3600}.get(unit, 0)
        units.add(_precision(unit, amount))
    finest = min(units, key=_FINEST.index)
    wall = (
        _on(_months_back(now.date(), months) - timedelta(days=days), now) if months or days else now
    )
    moment = (
        (wall.astimezone(UTC) - timedelta(seconds=elapsed)).astimezone(now.tzinfo)
        if elapsed
        else wall
    )
    return RelativeReading(_floor(moment, finest), finest)


def _precision(unit: str, amount: float) -> str:
    whole = {"quarter": "minute", "week": "day"}.get(unit, unit)
    if amount == int(amount):
        return whole
    return {"hour": "minute", "year": "month"}.get(whole, whole)


def _amount(text: str) -> float | None:
    """Return the number that *text* says; None for "een paar", which says none."""
    if text.isdigit():
        return float(text)
    if text.endswith(" en een half"):
        whole = text.split(maxsplit=1)[0]
        return (float(whole) if whole.isdigit() else float(NUMBERS[whole])) + 0.5
    if text[-2:] in {",5", ".5"}:
        return float(text.replace(",", "."))
    if text.startswith("anderhal"):
        return 1.5
    if "hal" in text:
        return 0.5
    return float(NUMBERS[text]) if text in NUMBERS else None


def _months_back(day: date, months: int) -> date:
    if not months:
        return day
    total = 12 * day.year + day.month - 1 - months
    year, number = total // 12, total % 12 + 1
    last = (
        (date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)).day
        if year < 9999
        else 28
    )
    return date(max(year, 1), number, min(day.day, last))


def _on(day: date, now: datetime) -> datetime:
    return (
        datetime.combine(day, now.timetz().replace(fold=0)).astimezone(UTC).astimezone(now.tzinfo)
    )


_FLOORS: dict[str, dict[str, int]] = {
    "second": {},
    "minute": {"second": 0},
    "hour": {"second": 0, "minute": 0},
    "day": {"second": 0, "minute": 0, "hour": 0},
    "month": {"second": 0, "minute": 0, "hour": 0, "day": 1},
    "year": {"second": 0, "minute": 0, "hour": 0, "day": 1, "month": 1},
}


def _floor(moment: datetime, precision: str) -> datetime:
    return moment.replace(microsecond=0, **_FLOORS[precision])  # type: ignore[arg-type]  # each field is an int


def _read_day(match: "re.Match[str]", now: datetime, clock: Clock | None) -> RelativeReading:
    day = now.date() - timedelta(days=_DAYS_BACK[match["dayword"]])
    return _at_clock(day, clock, now, match["daypart"])


def _at_clock(
    day: date, clock: Clock | None, now: datetime, daypart: str | None = None
) -> RelativeReading:
    if clock is None:
        return RelativeReading(datetime.combine(day, time(), now.tzinfo), "day")
    naive = datetime.combine(day, clock.clock.replace(hour=in_daypart(clock.clock.hour, daypart)))
    moment = naive.replace(tzinfo=clock.offset or now.tzinfo).astimezone(UTC).astimezone(now.tzinfo)
    return RelativeReading(moment, clock.precision)


def _read_weekday(
    match: "re.Match[str]", now: datetime, clock: Clock | None
) -> RelativeReading | None:
    named = match["weekday"]
    if len(named) < 5 and clock is None and not (match["last"] or match["jl"]):
        return None  # "za" or "do" alone is as likely a word or a name
    back = (now.weekday() - WEEKDAYS[named]) % 7 or 7
    return _at_clock(now.date() - timedelta(days=back), clock, now, match["daypart"])


def _read_last_week(match: "re.Match[str]", now: datetime, clock: Clock | None) -> RelativeReading:
    monday = now.date() - timedelta(days=now.weekday() + 7)
    return _at_clock(
        monday + timedelta(days=WEEKDAYS[match["weekday"] or match["weekday2"]]), clock, now
    )


def _read_year_ago(
    match: "re.Match[str]", now: datetime, clock: Clock | None
) -> RelativeReading | None:
    """Return the day or month of this year or the last that a text such as "30 december vorig jaar"
    names.
    """
    number = month(match["word"])
    if number is None:
        return None
    year = now.year - (match["which"] != "dit")
    day = match.groupdict().get("day")
    if day is None:
        return RelativeReading(datetime(year, number, 1, tzinfo=now.tzinfo), "month")
    try:
        return _at_clock(date(year, number, int(day)), clock, now)
    except ValueError:
        return None


def _read_period(match: "re.Match[str]", now: datetime, _clock: Clock | None) -> RelativeReading:
    period = PERIODS[match["period"]]
    back = 0 if match["which"] in {"dit", "deze", "this"} else 1
    if period == "week":
        return RelativeReading(
            _floor(_on(now.date() - timedelta(days=7 * back or now.weekday()), now), "day"), "day"
        )
    months = back * (12 if period == "year" else 1)
    return RelativeReading(_floor(_on(_months_back(now.date(), months), now), period), period)


_READERS: dict[str, Callable[["re.Match[str]", datetime, Clock | None], RelativeReading | None]] = {
    "plain_ago": _read_plain_ago,
    "ago": _read_ago,
    "now": _read_now,
    "day": _read_day,
    "daypart": _read_day,
    "last_week": _read_last_week,
    "weekday": _read_weekday,
    "year_ago": _read_year_ago,
    "ago_year": _read_year_ago,
    "period": _read_period,
}
