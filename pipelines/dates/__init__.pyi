from .forms import ABSOLUTE, INCOMPLETE, RELATIVE
from .grammar import Form
from .languages import (
    FOREIGN_DATE_WORDS,
    Reference,
    load_dateparser,
    parse_page_date,
    read_date,
)
from .order import is_month_first
from .parse import EARLIEST, DutchDate, parse_date, plausible
from .precision import (
    MOMENT_TOLERANCE,
    agree,
    agrees,
    finer,
    is_clock_of_home,
    misstates,
    shows_utc,
    states_utc,
)
from .vocabulary import MONTHS, NUMBERS, WEEKDAYS, any_of

__all__ = [
    "ABSOLUTE",
    "EARLIEST",
    "FOREIGN_DATE_WORDS",
    "INCOMPLETE",
    "MOMENT_TOLERANCE",
    "MONTHS",
    "NUMBERS",
    "RELATIVE",
    "WEEKDAYS",
    "DutchDate",
    "Form",
    "Reference",
    "agree",
    "agrees",
    "any_of",
    "finer",
    "is_clock_of_home",
    "is_month_first",
    "load_dateparser",
    "misstates",
    "parse_date",
    "parse_page_date",
    "plausible",
    "read_date",
    "shows_utc",
    "states_utc",
]
