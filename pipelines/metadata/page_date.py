"""One candidate for the date of an article, as a page or what is around it states it."""

import re
from dataclasses import dataclass

from pipelines.dates import DutchDate

# Two digits are a year behind a day and a month; behind one number they are the minutes of a clock.
YEAR = re.compile(r"(?:19|20)\d\d|\d[./-]\d{1,2}[./-]\d\d\b")


@dataclass(frozen=True, slots=True)
class PageDate:
    """One candidate: its source, its text and its moment; *raw* is kept also where the moment
    cannot be used. *is_stated* marks one that an attribute states, with its year, *is_called* one that
    its line calls that of publication.
    """

    source: str
    raw: str
    date: DutchDate | None
    is_stated: bool = False
    is_called: bool = False

    @property
    def names_year(self) -> bool:
        """Whether its year is written, not taken from the time of the visit."""
        return self.is_stated or YEAR.search(self.raw) is not None
