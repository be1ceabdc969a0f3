"""Full dates on pages in languages that the Dutch grammar does not speak; dateparser reads them, under guard.

Dutch and English, and the months of French, German, Spanish and Italian, are pipelines.dates' own. On what that grammar refuses in these languages
dateparser added wrong dates only, so it is asked nothing there.
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from pipelines.dates import DutchDate, parse_date

OWN_LANGUAGES = frozenset("nl fy en fr de es it".split())
LONGEST = 60
_MONTH_NAMED = re.compile(r"\d\s*\.?\s*(?:de\s+)?[^\W\d_]{3,}|[^\W\d_]{3,}\.?\s+\d", re.UNICODE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CLOCK = re.compile(r"(?<![\d:.])\d{1,2}[:.]\d\d(?![\d.])")


def parse_page_date(text: str, *, language: str | None, reference: datetime, tz: str = "Europe/Amsterdam") -> DutchDate | None:
    """Return what *text* means on a page in *language* (BCP 47, None: unknown): by the Dutch grammar, else by dateparser.

    dateparser is asked only in a language that the grammar does not speak, and only for day, month by name and year. Raises ValueError for a
    naive *reference*.
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

    settings = {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"], "DATE_ORDER": "DMY"}
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
