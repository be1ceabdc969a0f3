"""Patterns of paths as robots.txt and tdmrep.json have them (RFC 9309, 2.2.2 and 2.2.3)."""

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, unquote_to_bytes

from storage.urls import parts_of

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
# Reserved characters stay as they are written ("%2F" is no "/"), but for the two that are special
# in a pattern: an address holds them literally.
_KEPT = "/?:@!&'()+,;=[]%"


@dataclass(frozen=True, slots=True)
class UrlPattern:
    """A pattern of paths in its parts between wildcards; *length* is how exact it is."""

    parts: tuple[str, ...]
    is_anchored: bool
    length: int

    @classmethod
    def from_text(cls, pattern: str) -> Self:
        """Return the pattern that a site writes: "*" is any text, "$" at its end the end."""
        is_anchored = pattern.endswith("$")
        parts = [_normal(part) for part in re.split(r"\*+", pattern.removesuffix("$"))]
        length = sum(len(part) for part in parts) + len(parts) - 1 + is_anchored
        return cls(tuple(parts), is_anchored, length)

    def matches(self, path: str) -> bool:
        """Return whether a path (as path_of returns it) fits. No pattern takes long: no part is
        tried twice.
        """
        first, *others = self.parts
        if not path.startswith(first):
            return False
        place = len(first)
        if not others:
            return not self.is_anchored or place == len(path)
        last = others.pop()
        for part in others:
            found = path.find(part, place)
            if found < 0:
                return False
            place = found + len(part)
        if self.is_anchored:
            return len(path) - len(last) >= place and path.endswith(last)
        return path.find(last, place) >= 0


def path_of(url: str) -> str:
    """Return path and query of *url* in the form in which patterns are compared."""
    parts = parts_of(url)
    return _normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _normal(text: str) -> str:
    """Return *text* as addresses and patterns are compared: escapes of unreserved
    characters undone, everything that is not of an address escaped, in upper case.
    """
    escaped = quote(text, safe=_KEPT, errors="surrogatepass")
    return _ESCAPE.sub(_unescaped, escaped)


def _unescaped(escape: re.Match[str]) -> str:
    character = unquote_to_bytes(escape[0]).decode("latin-1")
    return character if character in _UNRESERVED else escape[0].upper()
