"""Plain lines that readers signed: "Jan (3 mei 2014)", or his name and under it the date, over what
he wrote, or under it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.comments.record import (
    PARTICLES,
    Fields,
    Signature,
    is_withheld,
    name_alone,
    read_signature,
)
from pipelines.dates import Reference
from storage.contacts import without_addresses

FINE = frozenset({"minute", "second"})


class _Signed(NamedTuple):
    """The lines, *begin* to *end*, that name an author and a date."""

    begin: int
    end: int
    signature: Signature


def signed_comments(lines: Sequence[str], reference: Reference) -> list[Fields]:
    """Return the comments that signed lines part from each other, in *lines* of a passage."""
    signed = []
    for place, line in enumerate(lines):
        found = read_signature(line, reference)
        if found is not None and found.author is not None:
            signed.append(_Signed(place, place + 1, found))
    return _parted(lines, signed)


def comments_under_names(lines: Sequence[str], reference: Reference) -> list[Fields]:
    """Return the comments in *lines* of a passage of which each has a name and under it a time, both
    alone in their lines; nothing where one time has no name, or all the same, as a label.
    """
    signed = []
    for place, line in enumerate(lines):
        found = read_signature(line, reference)
        if found is None or found.author is not None:
            continue
        begin = next((at for at in range(place - 1, -1, -1) if lines[at]), None)
        name = None if begin is None else _name_over(lines, begin)
        if begin is None or name is None or found.date.precision not in FINE:
            return []
        signed.append(_Signed(begin, place + 1, found._replace(author=name)))
    is_varied = len({one.signature.author for one in signed}) > 1
    return _parted(lines, signed) if is_varied else []


def _name_over(lines: Sequence[str], place: int) -> str | None:
    """Return the name that is alone in a block at *place*, each of its words as names are written,
    None where it is more like a title.
    """
    if place and lines[place - 1]:
        return None
    name = name_alone(lines[place])
    words = (name or "").split()
    is_title = len(words) > 1 and not all(word[0].isupper() or word in PARTICLES for word in words)
    return None if is_title else name


def _parted(lines: Sequence[str], signed: Sequence[_Signed]) -> list[Fields]:
    """Return a comment for each of *signed*, what is behind it or before it; nothing where it is
    not known which.
    """
    are_below = _are_below(lines, signed) if signed else None
    if are_below is None:
        return []
    begins, ends = [one.begin for one in signed], [one.end for one in signed]
    starts, stops = ([0, *ends[:-1]], begins) if are_below else (ends, [*begins[1:], len(lines)])
    parts = zip(signed, starts, stops, strict=True)
    return [_field("\n".join(lines[start:stop]), one.signature) for one, start, stop in parts]


def _are_below(lines: Sequence[str], signed: Sequence[_Signed]) -> bool | None:
    """Return whether signatures stand below what they sign: words are only before the first, or, at
    both ends, in the lines next to them; None where that does not tell.
    """
    before, behind = any(lines[: signed[0].begin]), any(lines[signed[-1].end :])
    if not (before and behind):
        return before
    above = [one.begin > 0 and bool(lines[one.begin - 1]) for one in signed]
    below = [one.end < len(lines) and bool(lines[one.end]) for one in signed]
    if all(above) and not any(below[:-1]):
        return True
    return False if all(below) and not any(above[1:]) else None


def _field(text: str, signed: Signature) -> Fields:
    words = "\n\n".join(part.strip() for part in text.strip().split("\n\n") if part.strip())
    return Fields(
        author=without_addresses(signed.author or ""),
        author_url=None,
        is_staff=False,
        date=signed.date,
        date_source="text",
        text=without_addresses(words),
        status="withheld" if is_withheld(words) else "visible",
        source_id=None,
        url=None,
        upvotes=None,
        downvotes=None,
    )
