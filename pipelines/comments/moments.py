"""The moment that a comment's date text means on its page: in the page's language, day and month in the order that the page writes them."""

import re
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from pipelines.dates import EARLIEST, DutchDate
from pipelines.foreign_dates import parse_page_date

_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?![\d/])")
_YEAR_AFTER_SLASH = re.compile(r"/(?:19|20)\d\d(?![\d/])")
_DAY_AND_MONTH = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})$")
_MONTHS = 12


class Reference(NamedTuple):
    """What the dates of a page are read against: the moment of fetching, the page's language, whether the month stands before the day."""

    now: datetime
    language: str | None = None
    month_first: bool = False


def is_month_first(text: str, language: str | None) -> bool:
    """Tell whether a page that says *text* writes "5/13/2014": one of its dates can be read in no other way, and none says otherwise."""
    ends = [found.start() for found in _YEAR_AFTER_SLASH.finditer(text)]
    dates = [match for end in ends if (match := _DAY_AND_MONTH.search(text[max(end - 6, 0) : end])) is not None]
    if any(int(match[1]) > _MONTHS for match in dates):
        return False
    return any(int(match[2]) > _MONTHS for match in dates) or (bool(dates) and (language or "").lower() == "en-us")


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
