"""Traps: calendars, filters and listings without end are left when page after page of one shape
brings nothing.
"""

import re
from collections import OrderedDict
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

from storage.records import Lease, Visit

REMEMBERED_SHAPES = 2000

_NUMBER = re.compile(r"\d+")


def shape_of(url: str) -> str | None:
    """Return what the addresses of one endless series share: the path with numbers folded, the
    names of the parameters.

    None for an address that cannot be one of a series: it holds neither a number nor a parameter.
    """
    parts = urlsplit(url)
    names = sorted(pair.partition("=")[0] for pair in parts.query.split("&") if pair)
    if not names and not _NUMBER.search(parts.path):
        return None
    return f"{_NUMBER.sub('0', parts.path)}?{'&'.join(names)}"


class TrapWatch:
    """Counts, for each shape of address, the visits in a row that brought neither an article nor an
    address of another shape.
    """

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self._idle: OrderedDict[str, int] = OrderedDict()

    def note(self, url: str, *, is_article: bool, found: Sequence[str]) -> None:
        """Count a visit of *url* on which the new addresses *found* were."""
        shape = shape_of(url)
        if shape is None:
            return
        if is_article or any(shape_of(other) != shape for other in found):
            self._idle.pop(shape, None)
            return
        self._idle[shape] = self._idle.get(shape, 0) + 1
        self._idle.move_to_end(shape)
        if len(self._idle) > REMEMBERED_SHAPES:
            self._idle.popitem(last=False)

    def is_trap(self, url: str) -> bool:
        """Return whether *url* belongs to a series that has brought nothing for too long."""
        shape = shape_of(url)
        return shape is not None and self._idle.get(shape, 0) >= self._patience


def trapped(lease: Lease) -> Visit:
    """Return the visit of a page that is not fetched because it is one of a trap's."""
    detail = "Its series of addresses has brought nothing for too long; it was not fetched."
    return Visit(
        page_id=lease.page_id,
        token=lease.token,
        url=lease.url,
        state="refused",
        outcome="trap",
        detail=detail,
    )


_POST_PLACE = re.compile(r"(?:p|post|pid|msg|reply|comment|c)?[-_]?(\d{1,12})", re.IGNORECASE)
_POST_PARAMETERS = ("p", "post", "pid", "postid", "post_id", "msg", "reply", "cid")


def is_of_post(href: str) -> bool:
    """Return whether a link leads to one post of a page that has an address of its own:
    "/topic/5/?post=333#333", "viewtopic.php?p=12#p12".
    """
    before, _hash, place = href.partition("#")
    number = _POST_PLACE.fullmatch(place)
    named = dict(parse_qsl(before.partition("?")[2]))
    return number is not None and any(named.get(name) == number[1] for name in _POST_PARAMETERS)
