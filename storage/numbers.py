"""Numbers as pages, feeds and headers write them: of any length, in any script's digits."""

MOST_DIGITS = 18  # more is no number that anybody counts to, and none that a database takes


def whole_number(value: object) -> int | None:
    """Return the whole number that *value* is or writes out, None when it is none.

    "²" is no number, though Python calls it a digit, nor are five thousand nines.
    """
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip() if isinstance(value, str) or _is_small(value) else ""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def _is_small(value: object) -> bool:
    return isinstance(value, int) and abs(value) < 10**MOST_DIGITS
