"""How many readers liked a comment, and how many did not, where its page shows it."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from pipelines.comments.dated import short_text
from pipelines.comments.names import names_of
from pipelines.comments.zone import Zone

_COUNT = re.compile(r"^\W*?([+-]?\s?\d{1,6})(?!\s*[.,:/%-]\s*\d)(?:\s+\w+){0,3}\W*$")
_ATTRIBUTES = (
    ("data-upvotes", 1),
    ("data-likes", 1),
    ("data-score", 1),
    ("data-votes", 1),
    ("data-downvotes", -1),
    ("data-dislikes", -1),
)


def read_votes(zone: Zone) -> tuple[int | None, int | None]:
    """Return the votes for and against the record in *zone*, each None where it shows none.

    A score, which is a difference, counts as votes for when positive and as votes against when negative.
    """
    found: dict[int, int] = {}
    for name, side in _ATTRIBUTES:
        value = zone.record.get(name)
        if value and value.lstrip("-").isdigit():
            found.setdefault(side, int(value))
    for element, side in _counters(zone):
        count = _count(element)
        if count is not None:
            found.setdefault(-1 if count < 0 else side, abs(count))
    return found.get(1), found.get(-1)


def _counters(zone: Zone) -> Iterator[tuple[HtmlElement, int]]:
    for element, said in zip(zone.elements, zone.names, strict=True):
        if said.vote:
            yield element, said.vote
    for hidden in zone.unseen:
        for element in hidden.iter("*") if len(hidden) < 20 else ():
            side = names_of(element).vote
            if side:
                yield element, side


def _count(element: HtmlElement) -> int | None:
    match = _COUNT.match(short_text(element))
    return int(match[1].replace(" ", "")) if match else None
