from .grammar import ABSOLUTE, INCOMPLETE, RELATIVE
from .languages import Reference, is_month_first, parse_page_date, read_date
from .parse import EARLIEST, DutchDate, parse_date, plausible
from .precision import MOMENT_TOLERANCE, agree, agrees, finer
from .words import MONTHS, NUMBERS, WEEKDAYS, any_of

__all__ = [
    "ABSOLUTE",
    "EARLIEST",
    "INCOMPLETE",
    "MOMENT_TOLERANCE",
    "MONTHS",
    "NUMBERS",
    "RELATIVE",
    "WEEKDAYS",
    "DutchDate",
    "Reference",
    "agree",
    "agrees",
    "any_of",
    "finer",
    "is_month_first",
    "parse_date",
    "parse_page_date",
    "plausible",
    "read_date",
]
