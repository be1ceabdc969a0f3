"""Dates seen from the moment of reading: "3 uur geleden", "gisteravond om 8", "afgelopen
dinsdag".
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from re import Match

from pipelines.dates.clock import Clock, clock_after, in_daypart
from pipelines.dates.forms import AMOUNTS, PERIODS, RELATIVE
from pipelines.dates.grammar import DateText
from pipelines.dates.moments import SPANS, Reading, day_of, months_back, start_of
from pipelines.dates.vocabulary import NUMBERS, UNITS, WEEKDAYS, month

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
_MONTHS_IN = {"month": 1, "year": 12}
_DAYS_IN = {"day": 1, "week": 7}
_SECONDS_IN = {"second": 1, "minute": 60, "quarter": 900, "hour": 3600}
# Unit -> what an amount of it is exact to, whole and with a half.
_EXACT_TO = {"quarter": ("minute", "minute"), "week": ("day", "day"), "hour": ("hour", "minute")}
_HALVED = {"year": "month"}


def read_relative(date_text: DateText, now: datetime) -> Reading | None:
    """Return the moment of the first relative form in *date_text*; never later than *now*."""
    for form in RELATIVE:
        match = form.search(date_text)
        if match is None:
            continue
        rest = match.groupdict().get("rest") or ""
        reading = _READERS[form.name](match, now, clock_after(rest) if rest.strip() else None)
        if reading is not None:
            return reading if reading.moment <= now else None
    return None


def _read_now(_match: "Match[str]", now: datetime, _clock: Clock | None) -> Reading:
    return Reading(start_of(now, "minute"), "minute")


def _read_ago(match: "Match[str]", now: datetime, _clock: Clock | None) -> Reading | None:
    if match["about"].startswith(("minder dan", "less than")):
        return _read_now(match, now, None)
    parts: list[tuple[str, float]] = []
    for part in AMOUNTS.pattern.finditer(match["parts"]):
        unit = UNITS[part["unit"]]
        amount = _amount(part["amount"])
        if amount is None:
            return _read_now(match, now, None) if unit == "second" else None
        parts.append((unit, amount))
    return _before(now, parts)


def _read_plain_ago(match: "Match[str]", now: datetime, _clock: Clock | None) -> Reading | None:
    unit = UNITS.get(match["unit"])
    return _before(now, [(unit, float(match["amount"]))]) if unit else None


def _before(now: datetime, parts: Sequence[tuple[str, float]]) -> Reading | None:
    """Return the moment that lies *parts*, each a unit and an amount of it, before *now*: calendar
    days, elapsed hours; None for a year that is not read.
    """
    months = sum(int(amount * _MONTHS_IN.get(unit, 0)) for unit, amount in parts)
    days = sum(int(amount * _DAYS_IN.get(unit, 0)) for unit, amount in parts)
    elapsed = sum(amount * _SECONDS_IN.get(unit, 0) for unit, amount in parts)
    day = months_back(now.date(), months)
    if day is None:
        return None
    wall = _on(day - timedelta(days=days), now) if months or days else now
    moment = (wall.astimezone(UTC) - timedelta(seconds=elapsed)).astimezone(now.tzinfo)
    finest = min((_precision(unit, amount) for unit, amount in parts), key=SPANS.index)
    return Reading(start_of(moment if elapsed else wall, finest), finest)


def _precision(unit: str, amount: float) -> str:
    whole, halved = _EXACT_TO.get(unit, (unit, _HALVED.get(unit, unit)))
    return whole if amount == int(amount) else halved


def _amount(text: str) -> float | None:
    """Return the number that *text* states; None for "een paar", which states none."""
    if text.endswith(" en een half"):
        whole = _amount(text.split(maxsplit=1)[0])
        return None if whole is None else whole + 0.5
    if text.isdecimal() or text[-2:] in {",5", ".5"}:
        return float(text.replace(",", "."))
    if text.startswith("anderhal"):
        return 1.5
    if "hal" in text:
        return 0.5
    return float(NUMBERS[text]) if text in NUMBERS else None


def _on(day: date, now: datetime) -> datetime:
    clock = now.timetz().replace(fold=0)
    return datetime.combine(day, clock).astimezone(UTC).astimezone(now.tzinfo)


def _read_day(match: "Match[str]", now: datetime, clock: Clock | None) -> Reading:
    day = now.date() - timedelta(days=_DAYS_BACK[match["dayword"]])
    return _at_clock(day, clock, now, match["daypart"])


def _at_clock(day: date, clock: Clock | None, now: datetime, daypart: str | None = None) -> Reading:
    if clock is None:
        return Reading(datetime.combine(day, time(), now.tzinfo), "day")
    naive = datetime.combine(day, clock.clock.replace(hour=in_daypart(clock.clock.hour, daypart)))
    moment = naive.replace(tzinfo=clock.offset or now.tzinfo).astimezone(UTC).astimezone(now.tzinfo)
    return Reading(moment, clock.precision)


def _read_weekday(match: "Match[str]", now: datetime, clock: Clock | None) -> Reading | None:
    named = match["weekday"]
    if len(named) < 5 and clock is None and not (match["last"] or match["jl"]):
        return None  # "za" or "do" alone is as likely a word or a name
    back = (now.weekday() - WEEKDAYS[named]) % 7 or 7
    return _at_clock(now.date() - timedelta(days=back), clock, now, match["daypart"])


def _read_last_week(match: "Match[str]", now: datetime, clock: Clock | None) -> Reading:
    monday = now.date() - timedelta(days=now.weekday() + 7)
    weekday = WEEKDAYS[match["weekday"] or match["weekday2"]]
    return _at_clock(monday + timedelta(days=weekday), clock, now)


def _read_year_ago(match: "Match[str]", now: datetime, clock: Clock | None) -> Reading | None:
    """Return the day or month of this year or the last that a text such as "30 december vorig jaar"
    names.
    """
    number = month(match["word"])
    if number is None:
        return None
    year = now.year - (match["which"] != "dit")
    named = match.groupdict().get("day")
    if named is None:
        return Reading(datetime(year, number, 1, tzinfo=now.tzinfo), "month")
    day = day_of(year, number, int(named))
    return _at_clock(day, clock, now) if day else None


def _read_period(match: "Match[str]", now: datetime, _clock: Clock | None) -> Reading | None:
    period = PERIODS[match["period"]]
    back = 0 if match["which"] in {"dit", "deze", "this"} else 1
    if period == "week":
        days = 7 * back or now.weekday()
        return Reading(start_of(_on(now.date() - timedelta(days=days), now), "day"), "day")
    day = months_back(now.date(), back * _MONTHS_IN[period])
    return Reading(start_of(_on(day, now), period), period) if day else None


_READERS: dict[str, Callable[["Match[str]", datetime, Clock | None], Reading | None]] = {
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
