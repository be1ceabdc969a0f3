"""The moment that a date text means on its page: in the page's language, day and month in the order
that the page writes them.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipelines.dates.moments import YEARS, zone_named
from pipelines.dates.parse import EARLIEST, DutchDate, parse_date, plain_text
from pipelines.dates.translation import translations
from pipelines.dates.vocabulary import SPOKEN, TRANSLATED

HOME_ZONE = "Europe/Amsterdam"
LONGEST_FOREIGN = 60
OWN_LANGUAGES = frozenset({*SPOKEN, *TRANSLATED, "fy", "it"})
_BESIDE = ("om", "uur", "op", "door", "en", "gepubliceerd", "bijgewerkt", "reacties")
# Months, weekdays and what stands beside them, of the languages that are translated.
FOREIGN_DATE_WORDS = frozenset(
    word
    for one in TRANSLATED.values()
    for listed in (
        *(names.split() for names in (*one.months, *one.weekdays)),
        *(one.phrases.get(dutch, "").split(",") for dutch in _BESIDE),
    )
    for word in listed
    if word
)
# What a page without a language is taken to be written in, by the letters of its dates.
_SCRIPTS = (
    (re.compile(r"[а-яё]", re.IGNORECASE), "ru"),
    (re.compile(r"[α-ω]", re.IGNORECASE), "el"),
)
_MONTH_NAMED = re.compile(r"\d\s?\.?\s?(?:de )?[^\W\d_]{3}|(?<![^\W\d_])[^\W\d_]{3,}+\.?\s\d")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CLOCK = re.compile(r"(?<![\d:.])\d{1,2}[:.]\d\d(?![\d.])")
_NUMERIC = re.compile(
    r"(?<![\d/.-])(?P<first>\d{1,2})(?P<sep>[/.-])(?P<second>\d{1,2})(?P=sep)"
    r"(?=(?:(?:19|20)\d\d|\d\d)(?![\d/-]))"
)
_TURNED = r"\g<second>\g<sep>\g<first>\g<sep>"
# "3 wk." beside a name: how old a comment is, without "geleden". A number of minutes is as likely
# the time that reading takes, a word written out ("3 dagen") is any duration.
_AGE = re.compile(r"(?P<amount>\d{1,3})\s?(?P<unit>wkn?|w|dgn?|d|mnd|mo|jr|yr|y|u|h)\.?")


class Reference(NamedTuple):
    """What the dates of a page are read against: the moment of fetching, the page's language,
    whether the month comes before the day.
    """

    now: datetime
    language: str | None = None
    month_first: bool = False


@lru_cache(maxsize=1024)
def read_date(text: str, reference: Reference) -> DutchDate | None:
    """Return the moment that *text* means on its page, None where it states no date.

    Raises ValueError where the moment of *reference* is naive.
    """
    turned = _NUMERIC.sub(_TURNED, text) if reference.month_first else text
    if age := _AGE.fullmatch(plain_text(turned)):
        turned = f"{age['amount']} {age['unit']} geleden"
    found = parse_page_date(turned, language=reference.language, reference=reference.now)
    if found is None or found.moment < EARLIEST:
        return None
    return DutchDate(found.moment, found.precision, text)


def parse_page_date(
    text: str, *, language: str | None, reference: datetime, tz: str = HOME_ZONE
) -> DutchDate | None:
    """Return what *text* means on a page in *language* (BCP 47, None: unknown): by the grammar, its
    words translated where they are German, French or Spanish, else by dateparser. A clock without a
    day is no date.

    dateparser is asked only in a language that has no vocabulary here, and only for day, month by
    name and year. Raises ValueError for a naive *reference*.
    """
    spoken = (language or _written_in(text)).partition("-")[0].lower()
    plain = plain_text(text)
    for put in translations(plain, spoken):
        dutch = text if put == plain else put
        found = parse_date(dutch, reference=reference, tz=tz, clock_alone=False)
        if found is not None:
            return DutchDate(found.moment, found.precision, text.strip())
    if spoken in OWN_LANGUAGES or len(text) > LONGEST_FOREIGN:
        return None
    if not (_YEAR.search(text) and _MONTH_NAMED.search(text)):
        return None
    return _ask_dateparser(text, spoken, zone_named(tz))


def load_dateparser() -> None:
    """Load dateparser with its patterns, once in a process: 0.15 s that no page need pay."""
    _ask_dateparser("3 maja 2019", "pl", zone_named(HOME_ZONE))


def _written_in(text: str) -> str:
    if text.isascii():
        return "nl"
    return next((language for letters, language in _SCRIPTS if letters.search(text)), "nl")


def _ask_dateparser(text: str, language: str, zone: ZoneInfo) -> DutchDate | None:
    import dateparser  # noqa: PLC0415  # costs 70 ms, and most pages never need it

    settings = {
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "DATE_ORDER": "DMY",
    }
    try:
        moment = dateparser.parse(text, languages=[language], settings=settings)
    except ValueError:
        return None  # a language that dateparser does not know either
    if moment is None or moment.year not in YEARS:
        return None
    local = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    if _CLOCK.search(text):
        return DutchDate(local.replace(second=0, microsecond=0), "minute", text)
    return DutchDate(local.replace(hour=0, minute=0, second=0, microsecond=0), "day", text)
