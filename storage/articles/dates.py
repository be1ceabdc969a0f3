"""The columns of a record's date: as the page shows it, in UTC, and how exactly it is known."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from storage.local_time import local_value, moment_of, offset_of, utc_of

_UNITS = {
    "minute": timedelta(minutes=2),
    "hour": timedelta(hours=2),
    "day": timedelta(days=8),
    "month": timedelta(days=62),
    "year": timedelta(days=732),
}
_NONE = timedelta(0)
HAS_YEAR = re.compile(r"(?:19|20)\d\d|'\d\d|[-./]\d\d\b")


def date_values(record: Any, name: str, old: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the columns of a record's date.

    A relative text ("3 dagen geleden") reads a little differently on each visit; the earliest
    reading is the most precise, so it stays as long as the new one agrees with it. Raises
    ValueError for a moment without a zone.
    """
    moment: datetime | None = getattr(record, name)
    raw, precision = getattr(record, f"{name}_raw"), getattr(record, f"{name}_precision")
    if moment is not None and old is not None and old[f"{name}_raw"] != raw:
        is_relative = not HAS_YEAR.search(raw or "")
        earlier = stored_moment(old, name)
        if is_relative and earlier and abs(earlier - moment) <= _UNITS.get(precision or "", _NONE):
            return {key: old[key] for key in _date_columns(name)}
    source = getattr(record, f"{name}_source")
    clock = _clock(moment, precision)
    return dict(zip(_date_columns(name), (*clock, raw, precision, source), strict=True))


def stored_moment(row: Mapping[Any, Any], name: str) -> datetime | None:
    """Return the aware moment of the date *name* in a row, the first of its day, month or year."""
    if row[name] is None:
        return None
    return moment_of(row[name], row[f"{name}_offset"], row[f"{name}_utc"])


def _clock(
    moment: datetime | None, precision: str | None
) -> tuple[str | None, datetime | None, int | None]:
    if moment is None:
        return None, None, None
    return local_value(moment, precision), utc_of(moment, precision), offset_of(moment)


def _date_columns(name: str) -> tuple[str, ...]:
    parts = ("", "_utc", "_offset", "_raw", "_precision", "_source")
    return tuple(f"{name}{part}" for part in parts)
