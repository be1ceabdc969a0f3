"""How facts are written for people: moments by their precision, found words marked, texts cut where
they are endless. Pure.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

from crawler.reading_room.plots import PlotBar
from pipelines.document import clean_html
from storage.crawl import BEGINNING
from storage.database import NEVER

LONGEST_TEXT = 5_000  # letters of one comment or block that are shown at once
MOST_MONTHS = 360
_NO_MOMENTS = {f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (BEGINNING, NEVER)}
_MARKED = re.compile(r"\[([^\[\]]+)\]")


def shown_number(number: int, language: str) -> str:
    """Return a number with its thousands apart, as Dutch ("nl") or English has it."""
    return f"{number:,}".replace(",", "." if language == "nl" else ",")


def shown_moment(moment: datetime | None) -> str:
    """Return one of our own moments, in UTC; nothing for one that only stands for "always" or
    "never".
    """
    if moment is None or moment in (BEGINNING, NEVER):
        return ""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def stands_for_none(value: Any) -> bool:
    """Return whether *value*, as a table has it, only stands for "always" or "never"."""
    return isinstance(value, str) and value[:19] in _NO_MOMENTS


def marked_up(markup: str) -> Markup:
    """Return a text's stored HTML as the page shows it, cleaned again: a file may have been changed
    from outside.
    """
    return Markup(clean_html(markup))  # noqa: S704  # cleaned


def marked_parts(snippet: str) -> list[tuple[str, bool]]:
    """Return a snippet in parts, each with whether it was searched for."""
    return [(part, number % 2 == 1) for number, part in enumerate(_MARKED.split(snippet)) if part]


def cut_text(text: str) -> tuple[str, str]:
    """Return the beginning of *text* that is shown at once, and the rest."""
    return text[:LONGEST_TEXT], text[LONGEST_TEXT:]


def month_bars(
    counts: Mapping[str, int], newest: str, missing: Mapping[str, int] | None = None
) -> tuple[list[PlotBar], int]:
    """Return a bar for every month up to *newest* ("YYYY-MM"), 30 years at most, and how many items
    lie outside them, those of which only the year is known among them.

    *missing* are those that belong on top of a month's bar and are not in the archive.
    """
    past = sorted(month for month in counts if month <= newest and len(month) == len(newest))
    if not past:
        return [], sum(counts.values())
    year, month = (int(part) for part in past[-1].split("-"))
    months: list[str] = []
    while len(months) < MOST_MONTHS and (not months or months[-1] > past[0]):
        months.append(f"{year:04d}-{month:02d}")
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    bars = [
        PlotBar(month, counts.get(month, 0), (missing or {}).get(month, 0))
        for month in reversed(months)
    ]
    return bars, sum(counts.values()) - sum(bar.value for bar in bars)
