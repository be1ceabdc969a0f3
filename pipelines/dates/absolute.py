"""Full dates: a day, a month and a year, anywhere in a text."""

from datetime import date, datetime, time
from re import Match
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipelines.dates.clock import Clock, clock_after, clock_before, clock_of
from pipelines.dates.forms import (
    ABSOLUTE,
    AFTER_UPDATE,
    COMMON,
    COMMON_BEFORE,
    NUMBERED,
    REFUSED,
    SPAN_BEGINS,
)
from pipelines.dates.grammar import DateText, Form
from pipelines.dates.moments import Reading, at, day_of, localise
from pipelines.dates.vocabulary import MONTHS, month

FEWEST_DIGITS = min(form.digits for form in ABSOLUTE)
FIRST_SHORT_YEAR = 69  # "68" is 2068, "69" is 1969, as POSIX has it
_DIGITS_ONLY = frozenset({"digits", "short_digits"})


def read_common(text: str, zone: ZoneInfo) -> Reading | None:
    """Return the moment of the commonest form; None for every text in which another form may come
    before it.
    """
    match = COMMON.pattern.search(text)
    if match is None:
        return None
    number = int(match["month"]) if match["sep"] else MONTHS.get(match["word"], 0)
    day = day_of(int(match["year"]), number, int(match["day"]))
    before, after = text[: match.start()], text[match.end() :]
    if day is None or not _may_stand_between(before, after, in_digits=bool(match["sep"])):
        return None
    if not match["clock"]:
        return at(day, clock_after(after) or clock_before(before), zone)
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    naive = datetime.combine(day, time(hour, minute, second))
    return Reading(localise(naive, zone), "second" if match["second"] else "minute")


def _may_stand_between(before: str, after: str, *, in_digits: bool) -> bool:
    """Return whether the first full date is between *before* and *after*, is no number of a
    version, and is not that of an update where another follows.
    """
    if not before:
        return True
    if not COMMON_BEFORE.match(before) or REFUSED.search(before):
        return False
    if in_digits and NUMBERED.search(before):
        return False
    return not AFTER_UPDATE.search(before) or ("19" not in after and "20" not in after)


class FullDate(NamedTuple):
    """Where a full date begins and ends in its text, and what it means."""

    start: int
    end: int
    day: date
    clock: Clock | None


def read_absolute(date_text: DateText, zone: ZoneInfo) -> Reading | None:
    """Return the first full date in *date_text*; one that is labelled as an update only when there
    is no other.
    """
    if date_text.digits < FEWEST_DIGITS:
        return None
    text = date_text.text
    found = [one for one in _full_dates(date_text) if not REFUSED.search(text[: one.start])]
    published = (one for one in found if not AFTER_UPDATE.search(text[: one.start]))
    chosen = next(published, found[0] if found else None)
    if chosen is None:
        return None
    clock = chosen.clock or clock_after(text[chosen.end :]) or clock_before(text[: chosen.start])
    return at(chosen.day, clock, zone)


def _full_dates(date_text: DateText) -> list[FullDate]:
    """Return each full date of *date_text*, in order; of two that overlap, the form named first
    stays.
    """
    found: list[FullDate] = []
    for form in ABSOLUTE:
        for match in form.pattern.finditer(date_text.text) if form.may_be_in(date_text) else ():
            start, end = match.span()
            day = _day_in(form, match)
            if day is not None and all(end <= one.start or one.end <= start for one in found):
                clock = clock_of(match.groupdict()) if form.name == "ctime" else None
                found.append(FullDate(start, end, day, clock))
    return sorted(found)


def _day_in(form: Form, match: "Match[str]") -> date | None:
    if form.name in _DIGITS_ONLY and NUMBERED.search(match.string[: match.start("day")]):
        return None
    if form.name == "range" and not _is_span(match):
        return None
    return day_in(match.groupdict())


def _is_span(match: "Match[str]") -> bool:
    """Tell whether the two numbers before a month are days of it in order, and the first counts
    nothing else: "Week 6 - donderdag 8 februari", "Kerkblad 4 - 8 februari".
    """
    if int(match["day"]) >= int(match["last"]):
        return False
    return not match["dash"] or bool(SPAN_BEGINS.search(match.string[: match.start("day")]))


def month_in(parts: dict[str, str | None]) -> int | None:
    """Return the month that the groups of a match name, by a number or a word."""
    number = parts.get("month")
    return int(number) if number else month(parts["word"] or "")


def day_in(parts: dict[str, str | None]) -> date | None:
    """Return the day that the groups of a match name; the first of the month where they name none."""
    number = month_in(parts)
    if number is None:
        return None
    return day_of(year_of(parts["year"] or ""), number, int(parts.get("day") or 1))


def year_of(text: str) -> int:
    """Return the year that four digits name, or two, with or without an apostrophe."""
    digits = text.strip("'’‘`")
    if len(digits) == 4:
        return int(digits)
    return int(digits) + (1900 if int(digits) >= FIRST_SHORT_YEAR else 2000)
