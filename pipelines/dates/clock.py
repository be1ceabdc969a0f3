"""The time of day in a text: "10:21", "20.30 uur", "10u21", "kwart over drie 's middags", with the
zone that it names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta, timezone
from re import Match

from pipelines.dates.grammar import DateText, Form
from pipelines.dates.vocabulary import DAYPARTS, NUMBERS, ZONES

_AFTER_CLOCK = "<HALF><PART_OF_DAY><ZONE>"
# Clocks that follow a date; the first that fits is taken.
CLOCKS: tuple[Form, ...] = tuple(
    Form("clock", f"<LEAD>{source}{_AFTER_CLOCK}", example)
    for source, example in (
        (r"t?<HOUR>:<MINUTE>(?:[:.]<SECOND>(?:[.,]\d+)?)?(?!\d)<UUR>", "10:21:05"),
        (r"<HOUR> ?[uh] ?<MINUTE>\b", "10u21"),
        (
            r"<HOUR>\.<MINUTE>(?![\d.,])(?: ?(?:uur|u|h)\b\.?|(?! ?(?:euro|gb|km|%)))",
            "10.21 uur",
        ),
        (r"<HOUR> uur <MINUTE>\b", "10 uur 21"),
        (r"<HOUR> ?(?:uur|u|h)\b\.?", "10 uur"),
        (r"(?P<hour>0?[1-9]|1[0-2])(?= ?[ap]\.?m\b)", "9 pm"),
        (r"(?<=@ )(?P<hour>[01]\d|2[0-3])<MINUTE>\b", "@ 0800"),
    )
)
CLOCK_BEFORE = Form(
    "clock_before",
    r"(?:^|[ ,(|•·–—@-])(?:om )?(?P<hour>[01]?\d|2[0-3])[:.u]<MINUTE>(?::<SECOND>)?"
    r"(?: ?(?:uur|u|h|(?P<half>[ap])\.?m\.?))?[ ,|•·–—-]*(?:op )?<WEEKDAY_BEFORE>$",
    "om 10:21 op",
)
CLOCK_ALONE = Form(
    "clock_alone",
    r"(?:(?P<hour>[01]?\d|2[0-3]):<MINUTE>(?::<SECOND>)?<UUR>"
    r"|(?P<hour2>[01]?\d|2[0-3])[.u](?P<minute2>[0-5]\d) ?(?:uur\b|u\b)"
    r"|(?P<hour3>[01]?\d|2[0-3])u(?P<minute3>[0-5]\d))(?=\W*$)",
    "10:21 uur",
    3,
    (":", "u", "."),
    alone=True,
)
WORD_CLOCK = Form(
    "word_clock",
    r"<LEAD>(?:(?P<minutes>kwart|vijf|tien|twintig|\d{1,2}) (?P<side>over|voor) )?"
    r"(?P<halfhour>half )?(?P<hourword><NUMBERS>|\d{1,2})(?: uur)?<PART_OF_DAY>(?=\W|$)",
    "kwart over drie 's middags",
    0,
    ("uur", "kwart", "half", "over", "voor"),
)
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
    date_text = DateText(text)
    if any(map(str.isdecimal, text[:LONGEST_LEAD])):
        for form in CLOCKS:
            match = form.pattern.match(text)
            if match:
                return clock_of(match.groupdict())
    match = WORD_CLOCK.pattern.match(text) if WORD_CLOCK.may_be_in(date_text) else None
    return _word_clock(match) if match else None


def clock_before(text: str) -> Clock | None:
    """Return the clock with which *text* ends."""
    match = CLOCK_BEFORE.pattern.search(text) if any(map(str.isdecimal, text)) else None
    return clock_of(match.groupdict()) if match else None


def clock_of(parts: Mapping[str, str | None]) -> Clock | None:
    """Return the clock that the groups of a match name; None for an hour that no day has."""
    hour = _hour_of_day(int(parts["hour"] or 0), parts.get("half"))
    hour = in_daypart(hour, parts.get("part"))
    if not 0 <= hour <= 23:
        return None
    minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
    precision = "second" if parts.get("second") else "minute" if parts.get("minute") else "hour"
    offset = _named_offset(parts.get("zone"), parts.get("offset"))
    return Clock(time(hour, minute, second), precision, offset)


def _hour_of_day(hour: int, half: str | None) -> int:
    """Return the hour that "9" before "am" or "pm" is; -1 for an hour that no such clock has."""
    if not half:
        return hour
    return hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else -1


def _word_clock(match: "Match[str]") -> Clock | None:
    """Return the clock that words name; a number alone is none."""
    minutes_stated, is_half = match["minutes"], match["halfhour"]
    hour = _number(match["hourword"])
    if not 1 <= hour <= 12 or not (minutes_stated or is_half or "uur" in match[0]):
        return None
    minutes = 60 * hour - (30 if is_half else 0)
    if minutes_stated:
        step = 15 if minutes_stated == "kwart" else _number(minutes_stated)
        minutes += step if match["side"] == "over" else -step
    clock = time(in_daypart(minutes // 60 % 24, match["part"]), minutes % 60)
    return Clock(clock, "minute" if minutes_stated or is_half else "hour")


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else NUMBERS[word]


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
    """Return the offset that "+01:00" or "-0530" names, at most fourteen hours."""
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    total = min(60 * hours + minutes, 14 * 60)
    return timezone(timedelta(minutes=-total if text[0] == "-" else total))
