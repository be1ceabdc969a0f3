"""Texts as XML holds them: what it forbids becomes a space, what it means is escaped."""

import re
from xml.sax.saxutils import escape

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_QUOTE = {'"': "&quot;"}


def allowed(text: str) -> str:
    """Return *text* without the signs that XML cannot hold."""
    return _FORBIDDEN.sub(" ", text)


def content(text: str) -> str:
    """Return *text* as an element's content."""
    return escape(allowed(text))


def attribute(value: object) -> str:
    """Return *value* as an attribute in double quotes, in one line; None is empty."""
    text = "" if value is None else " ".join(allowed(str(value)).split())
    return f'"{escape(text, _QUOTE)}"'
