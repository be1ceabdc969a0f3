"""The gate before the archive: what strangers' pages contain becomes what both databases can hold.

A site may state thirty digits as its number of comments, put a NUL into a name or half a character
into a text. None of it may keep the rest of its page out of the archive.
"""

import re
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

GREATEST = 2**31 - 1  # PostgreSQL's integer
# A year more or less than four digits is no date of a page; the zone must not lead there either.
FIRST_MOMENT = datetime(1000, 1, 2, tzinfo=UTC)
LAST_MOMENT = datetime(9999, 12, 30, tzinfo=UTC)
# PostgreSQL's indexes hold entries of 2,704 bytes, some of three such texts.
LONGEST_NAME_BYTES = 800
INDEXED = frozenset(
    {"name", "role", "organisation", "author", "source_id", "parent_source_id", "keywords"}
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

Record = TypeVar("Record")


def make_storable(record: Record) -> tuple[Record, Counter[str]]:
    """Return a record that either database stores, and how often what had to be mended.

    NUL and lone surrogates become U+FFFD ("characters"); a number or a date beyond all bounds is as
    good as not stated ("numbers", "dates"); names longer than an index takes are cut ("names").
    Records inside it are treated alike; a record that is storable is returned as it is.
    """
    mended: Counter[str] = Counter()
    return _record(record, mended), mended


def storable_text(text: str) -> str:
    """Return *text* with its surrogate pairs joined, and U+FFFD for each lone one and each NUL."""
    if (text.isascii() and "\x00" not in text) or _UNSTORABLE.search(text) is None:
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\x00", _REPLACEMENT)


def _record(record: Any, mended: Counter[str]) -> Any:
    fresh: dict[str, Any] = {}
    for name, may_be_unstated in _fields(record.__class__):
        value = getattr(record, name)
        if value is None:
            continue
        kept = _value(name, value, mended)
        if may_be_unstated and isinstance(value, (int, datetime)):
            kept = _bounded(value, mended)
            fresh |= _undated(record, name) if kept is None else {}
        if kept is not value:
            fresh[name] = kept
    return replace(record, **fresh) if fresh else record


@cache
def _fields(kind: type[Any]) -> tuple[tuple[str, bool], ...]:
    """Return the names of a record's fields, and of each whether it is unstated by default."""
    return tuple((field.name, field.default is None) for field in fields(kind))


def _value(name: str, value: Any, mended: Counter[str]) -> Any:
    if isinstance(value, str):
        return _text(name, value, mended)
    if isinstance(value, tuple):
        parts = tuple(_value(name, part, mended) for part in value)
        same = all(new is old for new, old in zip(parts, value, strict=True))
        return value if same else parts
    return _record(value, mended) if is_dataclass(value) else value


def _text(name: str, text: str, mended: Counter[str]) -> str:
    clean = storable_text(text)
    if clean is not text:
        mended["characters"] += clean.count(_REPLACEMENT) - text.count(_REPLACEMENT)
        text = clean
    if name in INDEXED and len(encoded := text.encode()) > LONGEST_NAME_BYTES:
        mended["names"] += 1
        return encoded[:LONGEST_NAME_BYTES].decode("utf-8", "ignore")
    return text


def _bounded(value: int | datetime, mended: Counter[str]) -> int | datetime | None:
    """Return a number or a moment that a site stated, None where none can be meant."""
    if isinstance(value, datetime):
        if _is_far(value):
            mended["dates"] += 1
            return None
    elif abs(value) > GREATEST:
        mended["numbers"] += 1
        return None
    return value


def _is_far(moment: datetime) -> bool:
    # Compared by hand: Python takes the zone off first, which fails at the ends of time.
    offset = moment.utcoffset() or timedelta(0)
    bare = moment.replace(tzinfo=UTC)
    return not FIRST_MOMENT < bare < LAST_MOMENT or abs(offset) > timedelta(hours=24)


def _undated(record: Any, name: str) -> dict[str, None]:
    """A date that is not kept has neither precision nor source; its text stays."""
    names = (f"{name}_precision", f"{name}_source")
    return {one: None for one in names if hasattr(record, one)}
