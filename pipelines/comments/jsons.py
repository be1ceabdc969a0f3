"""Values of JSON as a comment's fields: HTML to plain text, a moment from text or epoch, a name from a text or an object."""

import html
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from pipelines.block_text import block_text
from pipelines.dates import DutchDate, parse_date, plausible
from pipelines.document import JsonObject

_EPOCH = (946_684_800, 4_102_444_800)  # the years 2000 to 2100, in seconds


def plain_text(value: Any) -> str:
    """Return a JSON text, which may be HTML, as plain text; an empty one where *value* is none."""
    if not isinstance(value, str):
        return ""
    if "<" not in value:
        return html.unescape(value).strip()
    try:
        return block_text(lxml_html.fragment_fromstring(value, create_parent="div"))
    except (etree.ParserError, ValueError):
        return ""


def stated_date(value: Any, now: datetime) -> DutchDate | None:
    """Return the moment that a JSON value states: a date text, or seconds or milliseconds since 1970."""
    if isinstance(value, str) and not value.isdigit():
        date = parse_date(value, reference=now)
        return date if date is not None and plausible(date.moment, now) else None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        number = float(value)
        seconds = number / 1000 if number > _EPOCH[1] else number
        if _EPOCH[0] <= seconds < _EPOCH[1]:
            return DutchDate(datetime.fromtimestamp(seconds, UTC), "second", str(value))
    return None


def name_of(value: Any) -> str | None:
    """Return the name in a text, an object with a name, or a list of such."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = first(
            value, ("name", "displayName", "display_name", "username", "userName", "nickname", "naam", "login", "title")
        )
    name = html.unescape(value).strip() if isinstance(value, str) else ""
    return name or None


def first(thing: JsonObject, names: Iterable[str]) -> Any:
    """Return the first value under one of *names* that is not empty, None when there is none."""
    return next((thing[name] for name in names if thing.get(name) not in (None, "", [], {})), None)
