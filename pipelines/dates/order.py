"""Whether the dates of a page have the day or the month first: decided by all of them together."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from pipelines.dates.absolute import year_of
from pipelines.dates.moments import day_of
from pipelines.dates.vocabulary import WEEKDAYS, any_of

MOST_DATES = 400
FEWEST_TO_SPREAD = 3
CLOSER = 3  # so many times: a thread of a week read in the wrong order is one of half a year
# Two numbers and a year between equal separators, with the weekday before and the clock behind.
_NUMERIC = re.compile(
    rf"(?<![\d/.-])(?:(?<!\w)(?P<weekday>{any_of(WEEKDAYS)})\.?,?\s)?(?<![\d/.-])"
    r"(?P<first>\d{1,2})(?P<sep>[/.-])(?P<second>\d{1,2})(?P=sep)(?P<year>(?:19|20)\d\d|\d\d(?=,?\s\d{1,2}:\d\d))(?!\d|[/-])"
    r"(?P<clock>,?\s(?:at\s)?\d{1,2}:\d\d(?::\d\d)?\s?[ap]\.?m)?",
    re.IGNORECASE,
)
# What each of them holds: quickly found in a page's whole text, which has few.
_CORE = re.compile(r"\d([/.-])\d{1,2}\1\d\d")
AROUND = 60  # characters on either side of the core that can be of a date


class NumericDate(NamedTuple):
    """A date of two numbers and a year: its day under either order, and what else it states."""

    day_first: date | None
    month_first: date | None
    weekday: int | None
    is_english: bool


def is_month_first(texts: Iterable[str], language: str | None, now: datetime) -> bool:
    """Return whether a page that contains *texts* writes "5/13/2014", the month before the day.

    *texts* are pieces of one page, in any order; *language* is the page's (BCP 47, None: unknown),
    *now* the moment at which it was fetched. Of the two orders the one counts that makes fewer
    impossible days, days after *now* and wrong weekdays; where both fit alike, the one that puts
    the dates closer together, and last the custom of the language.
    """
    found = [one for text in texts for one in _numeric_dates(text)][:MOST_DATES]
    if not found:
        return False
    today = now.date()
    faults_of_days = sum(_is_wrong(one.day_first, one, today) for one in found)
    faults_of_months = sum(_is_wrong(one.month_first, one, today) for one in found)
    if faults_of_days != faults_of_months:
        return faults_of_months < faults_of_days
    days = _spread(one.day_first for one in found)
    months = _spread(one.month_first for one in found)
    if max(days, months) > CLOSER * min(days, months) > 0:
        return months < days
    return _is_american(language, found)


def _spread(days: Iterable[date | None]) -> int:
    """Return over how many days the dates of a page lie spread; 0 for fewer than three of them."""
    known = {day for day in days if day is not None}
    return (max(known) - min(known)).days if len(known) >= FEWEST_TO_SPREAD else 0


def _numeric_dates(text: str) -> Iterable[NumericDate]:
    for match in _numeric_matches(text):
        first, second, year = int(match["first"]), int(match["second"]), year_of(match["year"])
        yield NumericDate(
            day_of(year, second, first),
            day_of(year, first, second),
            WEEKDAYS.get((match["weekday"] or "").lower()),
            bool(match["clock"]),
        )


def _numeric_matches(text: str) -> Iterator[re.Match[str]]:
    """Yield the numeric dates in *text*, which are looked for around their cores only."""
    begin = end = 0
    for core in _CORE.finditer(text):
        if core.start() - AROUND > end:
            yield from _NUMERIC.finditer(text, begin, end)
            begin = core.start() - AROUND
        end = core.end() + AROUND
    yield from _NUMERIC.finditer(text, begin, end)


def _is_wrong(day: date | None, stated: NumericDate, today: date) -> bool:
    return day is None or day > today or stated.weekday not in {None, day.weekday()}


def _is_american(language: str | None, found: list[NumericDate]) -> bool:
    spoken = (language or "").lower().replace("_", "-")
    if spoken == "en-us":
        return True
    return spoken in {"", "en"} and all(one.is_english for one in found)
