"""What single lines of a record tell beside its words: who signed, "Naam: Jan", "Berichten: 212"; and the words without them."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.comments.moments import Reference, read_date
from pipelines.comments.signature import name_alone, read_signature
from pipelines.comments.wording import MEMBERSHIP, name_by, name_in
from pipelines.dates import DutchDate

FIRST, LAST = 4, 2  # lines at either end of a record that may tell of it
LONGEST = 60

_LABELLED = re.compile(
    r"^\W*(?:(?P<author>naam|name|auteur|author|afzender|van|door|from|by)|(?P<date>datum|date|geplaatst(?: op)?|posted(?: on)?|tijd|verstuurd|toegevoegd)"
    r"|(?P<other>e-?mail(?:adres)?|website|homepage|url|woonplaats|plaats|locatie|leeftijd|ip(?:-adres)?))\s*:\s*(?P<said>.*)$",
    re.IGNORECASE,
)
WORDS_LABEL = re.compile(r"^\W{0,3}(?:reactie|bericht|commentaar|message|comment|kommentar|commentaire)\s*:\s+", re.IGNORECASE)
_PROFILE = re.compile(
    r"^\W*(?:(?:berichten|posts|messages|reacties|punten|karma|reputatie|topics|beiträge)\s*:?\s*[\d.,]+|(?:locatie|woonplaats|location|rang|rank|status)\s*:\s*.{0,40})\W*$",
    re.IGNORECASE,
)


class Told(NamedTuple):
    """The words of a record, in blocks, and the author and the date that only its lines told."""

    blocks: list[str]
    author: str | None = None
    date: DutchDate | None = None


def told_by_lines(blocks: Sequence[str], author: str | None, reference: Reference, *, is_dated: bool) -> Told:
    """Return what the lines of *blocks* tell of a record whose *author* is known or not, and whose date *is_dated* or not."""
    held = [block.split("\n") for block in blocks]
    places = [(block, number) for block, lines in enumerate(held) for number in range(len(lines))]
    ends = [*places[:FIRST], *(place for place in places[-LAST:] if place not in places[:FIRST])]
    date: DutchDate | None = None
    gone: set[tuple[int, int]] = set()
    for place in ends:
        found = _read(held[place[0]][place[1]].strip(), reference)
        if found is None or not _tells_more(found, author, is_dated=is_dated or date is not None):
            continue
        gone.add(place)
        if found.date is not None and found.author is None and author is None:
            beside = next((near for near in _beside(place, held) if near in ends and near not in gone), None)
            author = name_alone(held[beside[0]][beside[1]]) if beside is not None else None
            gone |= {beside} if beside is not None and author is not None else set()
        author, date = author or found.author, date or (None if is_dated else found.date)
    left = [
        "\n".join(line for number, line in enumerate(lines) if (block, number) not in gone) for block, lines in enumerate(held)
    ]
    return Told([block.strip() for block in left], author, date)


def _beside(place: tuple[int, int], held: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Yield the places of the lines right before and right after that at *place* in its block."""
    block, number = place
    yield from ((block, near) for near in (number - 1, number + 1) if 0 <= near < len(held[block]))


class _Line(NamedTuple):
    author: str | None = None
    date: DutchDate | None = None


def _tells_more(found: _Line, author: str | None, *, is_dated: bool) -> bool:
    """Tell whether a line tells what is not known yet: a second date, or a second name, is part of the words."""
    if found.date is not None:
        return not is_dated or found.author not in (None, author)
    return found.author is None or author is None


def _read(line: str, reference: Reference) -> _Line | None:
    """Return what *line* tells of its record, None where it is part of the words."""
    if not line or len(line) > 2 * LONGEST:
        return None
    if _PROFILE.match(line) or (len(line) <= LONGEST and MEMBERSHIP.match(line)):
        return _Line()
    labelled = _LABELLED.match(line)
    if labelled:
        said = labelled["said"].strip()
        if labelled["author"]:
            name = name_in(said)
            return _Line(author=name) if name and len(said) <= LONGEST else None
        return _Line(date=read_date(said, reference)) if labelled["date"] else _Line() if len(said) <= LONGEST else None
    signed = read_signature(line, reference)
    if signed is not None:
        return _Line(signed.author, signed.date)
    name = name_by(line) if len(line) <= LONGEST else None
    return _Line(author=name) if name and len(name.split()) <= 4 else None
