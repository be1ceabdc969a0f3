"""Date texts: the moment a byline, a comment or an archive header means, or nothing. Never
invented.

`pipelines/dates/grammar.py` is the grammar; here its parts become a moment. Conventions: the zone
is Amsterdam's unless the text names one; the day comes before the month; a skipped hour takes the
offset before the change, a doubled one its first pass; without a year it is the most recent past
one, on the weekday that is named; "gisteren" counts calendar days, "3 uur geleden" elapsed time.
"""

import html
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipelines.dates.absolute import read_absolute, read_common
from pipelines.dates.forms import EPOCH
from pipelines.dates.grammar import DateText
from pipelines.dates.incomplete import read_clock, read_incomplete
from pipelines.dates.moments import YEARS, Reading, localise, zone_named
from pipelines.dates.relative import read_relative

LONGEST = 300
LONGEST_WORDS = 80
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"))
_DASHES = re.compile(r"(?<=\d)[‐‑‒–—](?=\d)")


class DutchDate(NamedTuple):
    """A moment, how precise the text was ("second" to "year"), and the text itself."""

    moment: datetime
    precision: str
    raw: str


def parse_date(
    text: str,
    *,
    reference: datetime,
    tz: str = "Europe/Amsterdam",
    clock_alone: bool = True,
) -> DutchDate | None:
    """Return the moment that a Dutch or English date text means, seen from *reference*; None where
    the text states no date.

    *reference* is the aware moment at which the text was read. The moment is the start of the
    interval that the text names, in the zone *tz*, and lies in the years 1900 to 2099. A clock
    without a day ("10:21") is today's or yesterday's with *clock_alone*, else no date.
    Raises ValueError for a naive *reference*, nothing for any text.
    """
    if reference.tzinfo is None:
        raise ValueError("The reference moment has no time zone.")
    if text[4:5] == "-" and (found := _read_iso(text, zone_named(tz))) is not None:
        return found
    return _parse(text, reference, tz, clock_alone)


@lru_cache(maxsize=1024)
def _parse(text: str, reference: datetime, tz: str, clock_alone: bool) -> DutchDate | None:
    """Read *text* once: an element, its parent and every reader of the page ask for the same one."""
    zone = zone_named(tz)
    date_text = DateText(plain_text(text))
    reading = _read(date_text, reference, zone)
    if reading is None and clock_alone and reference.year in YEARS:
        reading = read_clock(date_text, reference.astimezone(zone))
    if reading is None or reading.moment.year not in YEARS:
        return None
    return DutchDate(reading.moment.astimezone(zone), reading.precision, text.strip())


def plausible(moment: datetime, reference: datetime) -> bool:
    """Return whether *moment* can be a date of publication: from 1990 up to a day after
    *reference*.
    """
    return moment >= EARLIEST and moment - reference <= timedelta(days=1)


def plain_text(text: str) -> str:
    """Return the first letters of *text* in lower case, with plain spaces and dashes and nothing
    invisible.
    """
    shown = text.strip()[:LONGEST]
    plain = html.unescape(shown) if "&" in shown else shown
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
    if moment.year not in YEARS:
        return None
    moment = moment.replace(microsecond=0)
    moment = localise(moment, zone) if moment.tzinfo is None else moment.astimezone(zone)
    timed = "second" if text[16:17] == ":" else "minute"
    return DutchDate(moment, "day" if length == 10 else timed, text)


def _read(date_text: DateText, reference: datetime, zone: ZoneInfo) -> Reading | None:
    """Return what *date_text*, in Dutch or English words, means seen from *reference*."""
    common = read_common(date_text.text, zone)
    if common is not None:
        return common
    if not date_text.digits and len(date_text.text) > LONGEST_WORDS:
        return None
    if EPOCH.fullmatch(date_text.text):
        return Reading(datetime.fromtimestamp(int(date_text.text[:10]), UTC), "second")
    found = read_absolute(date_text, zone)
    if found is not None or reference.year not in YEARS:
        return found
    now = reference.astimezone(zone)
    return read_relative(date_text, now) or (
        read_incomplete(date_text, now) if date_text.digits else None
    )
