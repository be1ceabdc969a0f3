"""The moment that a comment's date text means on its page: in the page's language, day and month in
the order that the page writes them.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipelines.dates.parse import EARLIEST, DutchDate, parse_date

OWN_LANGUAGES = frozenset("nl fy en fr de es it".split())
LONGEST = 60
_MONTH_NAMED = re.compile(r"\d\s*\.?\s*(?:de\s+)?[^\W\d_]{3,}|[^\W\d_]{3,}\.?\s+\d", re.UNICODE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CLOCK = re.compile(r"(?<![\d:.])\d{1,2}[:.]\d\d(?![\d.])")


def parse_page_date(
    text: str, *, language: str | None, reference: datetime, tz: str = "Europe/Amsterdam"
) -> DutchDate | None:
    """Return what *text* means on a page in *language* (BCP 47, None: unknown): by the Dutch
    grammar, else by dateparser.

    dateparser is asked only in a language that the grammar does not speak, and only for day, month
    by name and year. Raises ValueError for a naive *reference*.
    """
    found = parse_date(text, reference=reference, tz=tz)
    spoken = (language or "nl").partition("-")[0].lower()
    if found is not None or spoken in OWN_LANGUAGES or len(text) > LONGEST:
        return found
    if not (_YEAR.search(text) and _MONTH_NAMED.search(text)):
        return None
    return _ask_dateparser(text, spoken, ZoneInfo(tz))


def _ask_dateparser(text: str, language: str, zone: ZoneInfo) -> DutchDate | None:
    import dateparser  # noqa: PLC0415  # costs 70 ms, and Dutch pages never need it

    settings = {
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "DATE_ORDER": "DMY",
    }
    try:
        moment = dateparser.parse(text, languages=[language], settings=settings)
    except ValueError:
        return None  # a language that dateparser does not know either
    if moment is None:
        return None
    local = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    if _CLOCK.search(text):
        return DutchDate(local.replace(second=0, microsecond=0), "minute", text)
    return DutchDate(local.replace(hour=0, minute=0, second=0, microsecond=0), "day", text)


_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?![\d/])")
_YEAR_AFTER_SLASH = re.compile(r"/(?:19|20)\d\d(?![\d/])")
_DAY_AND_MONTH = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})$")
_MONTHS = 12


class Reference(NamedTuple):
    """What the dates of a page are read against: the moment of fetching, the page's language,
    whether the month stands before the day.
    """

    now: datetime
    language: str | None = None
    month_first: bool = False


def is_month_first(text: str, language: str | None) -> bool:
    """Tell whether a page that says *text* writes "5/13/2014": one of its dates can be read in no
    other way, and none says otherwise.
    """
    ends = [found.start() for found in _YEAR_AFTER_SLASH.finditer(text)]
    dates = [
        match
        for end in ends
        if (match := _DAY_AND_MONTH.search(text[max(end - 6, 0) : end])) is not None
    ]
    if any(int(match[1]) > _MONTHS for match in dates):
        return False
    return any(int(match[2]) > _MONTHS for match in dates) or (
        bool(dates) and (language or "").lower() == "en-us"
    )


# "Hace 28 minutos", "il y a 3 jours", "vor einer Stunde": read as the Dutch "28 minuten geleden".
_AGO = re.compile(
    r"\b(?:hace|il y a|vor|há)\s+(?P<amount>\d{1,3}|una?|une?|eine[mr]?)\s+(?:(?P<minuten>minut\w*)|(?P<uur>horas?|heures?|stunden?)|(?P<dagen>días?|dias?|jours?|tag(?:en?)?)"
    r"|(?P<weken>semanas?|semaines?|wochen?)|(?P<maanden>mes(?:es)?|mois|monat(?:en?)?)|(?P<jaar>años?|ans?|jahr(?:en?)?))\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def read_date(text: str, reference: Reference) -> DutchDate | None:
    """Return the moment that *text* means on its page, None where it states no date."""
    turned = _SLASHED.sub(r"\2/\1/\3", text) if reference.month_first else text
    if ago := _AGO.search(turned):
        amount = ago["amount"] if ago["amount"].isdigit() else "1"
        turned = f"{amount} {ago.lastgroup} geleden"
    found = parse_page_date(turned, language=reference.language, reference=reference.now)
    if found is None or found.moment < EARLIEST:
        return None
    return found if turned == text else DutchDate(found.moment, found.precision, text)
