"""JSON-LD as sites write it: with comments, marks of CDATA, commas too many, several objects in a
row.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml.html import HtmlElement

JsonObject = dict[str, Any]

LARGEST = 5_000_000
# Keys under which an article's own object may be inside another.
_OPENED = (
    "mainEntity",
    "blogPost",
    "blogPosts",
    "@reverse",
    "mainEntityOfPage",
    "subjectOf",
    "hasPart",
)
_SKIPPED = "\ufeff \t\r\n;,"
_FRAME = re.compile(r"/{0,2}(?:\s{0,9}/\*)?\s{0,9}(?:<!\[CDATA\[|\]\]>|<!--|-->)\s{0,9}(?:\*/)?")
_ASSIGNED = re.compile(r"^(?:(?:var|let|const)\s+)?[\w.$]{1,80}\s*=\s*(?=[{\[])")
# A text, or what has no place in JSON: a comment, a comma before a bracket.
_PIECE = re.compile(
    r'"(?:[^"\\]|\\.)*"|(?P<none>//[^\n]{0,2000}|/\*(?:[^*]|\*(?!/)){0,2000}\*/|,(?=\s*[}\]]))',
    re.DOTALL,
)


def read_json_ld(scripts: Iterable[HtmlElement]) -> Iterator[JsonObject]:
    """Yield the JSON-LD objects in *scripts* in document order, an ``@graph`` flattened."""
    for script in scripts:
        kind = (script.get("type") or "").split(";")[0].strip().lower()
        if kind == "application/ld+json":
            for value in parse_tolerantly(script.text_content()):
                yield from _flat(value)


def parse_tolerantly(text: str) -> list[Any]:
    """Return the JSON values in *text*, whatever is around and between them; an empty list
    where it holds none.
    """
    version = ""
    for version in _versions(text if len(text) <= LARGEST else ""):
        try:
            return [json.loads(version, strict=False)]
        except (ValueError, RecursionError):
            continue
    return _several(version)


def _versions(text: str) -> Iterator[str]:
    """Yield *text*, and it more and more mended."""
    yield text
    mended = _FRAME.sub("", text).strip(_SKIPPED)
    if '"' not in mended and "&quot;" in mended:
        mended = html.unescape(mended)
    yield mended
    mended = _ASSIGNED.sub("", mended)
    yield _PIECE.sub(lambda piece: "" if piece["none"] else piece[0], mended).strip(_SKIPPED)


def _several(text: str) -> list[Any]:
    """Return the values that are one after the other in *text*, up to the first that is broken."""
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    place = 0
    while place < len(text):
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while place < len(text) and text[place] in _SKIPPED:
            place += 1
    return values


def _flat(data: Any) -> Iterator[JsonObject]:
    pending = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(reversed(value))
        elif isinstance(value, dict):
            yield value
            if "@graph" in value:
                pending.append(value["@graph"])


def opened(objects: tuple[JsonObject, ...]) -> Iterator[JsonObject]:
    """Yield *objects*, and after each those that are in it as what its page is about."""
    pending: list[Any] = list(reversed(objects))
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(reversed(value))
        elif isinstance(value, dict) and "@type" in value:
            yield value
            pending.extend(value[key] for key in reversed(_OPENED) if key in value)
        elif isinstance(value, dict):
            pending.extend(reversed([one for one in value.values() if not isinstance(one, str)]))
