"""The columns of a record's date: the moment in UTC, its zone, and how exactly it is known."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_UNITS = {
    "minute": timedelta(minutes=2),
    "hour": timedelta(hours=2),
    "day": timedelta(days=8),
    "month": timedelta(days=62),
    "year": timedelta(days=732),
}
HAS_YEAR = re.compile(r"(?:19|20)\d\d|'\d\d|[-./]\d\d\b")


def date_values(record: Any, name: str, old: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the columns of a record's date.

    A relative text ("3 dagen geleden") reads a little differently on each visit; the earliest
    reading is the most precise, so it stays as long as the new one agrees with it.
    """
    moment: datetime | None = getattr(record, name)
    raw, precision = getattr(record, f"{name}_raw"), getattr(record, f"{name}_precision")
    if old is not None and moment is not None and old[name] is not None:
        unit = _UNITS.get(precision or "", timedelta(0))
        is_relative = old[f"{name}_raw"] != raw and not HAS_YEAR.search(raw or "")
        if is_relative and abs(old[name] - moment) <= unit:
            return {key: old[key] for key in _date_columns(name)}
    source = getattr(record, f"{name}_source")
    utc, minutes = _utc_and_offset(moment)
    return dict(zip(_date_columns(name), (utc, minutes, raw, precision, source), strict=True))


def _utc_and_offset(moment: datetime | None) -> tuple[datetime | None, int | None]:
    """Return a moment in UTC and its zone's offset in minutes. Raises ValueError without a zone."""
    if moment is None:
        return None, None
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("A moment without a time zone is not stored.")
    return moment.astimezone(UTC), int(offset.total_seconds() // 60)


def _date_columns(name: str) -> tuple[str, ...]:
    return (name, f"{name}_offset", f"{name}_raw", f"{name}_precision", f"{name}_source")
