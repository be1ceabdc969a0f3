"""The lines of a record that state who wrote it and when, or something of its writer: what no
element states by its name, and what is not part of the words.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.comments.record.signature import name_alone, read_signature
from pipelines.comments.record.vocabulary import MEMBERSHIP, name_by, name_in
from pipelines.dates import DutchDate, Reference, read_date

FIRST, LAST = 4, 2  # lines at either end of a record that may state its author or date
LONGEST = 60

_LABELLED = re.compile(
    r"^\W*(?:(?P<author>naam|name|auteur|author|afzender|van|door|from|by)|(?P<date>datum|date|geplaatst(?: op)?|posted(?: on)?|tijd|verstuurd|toegevoegd)"
    r"|(?P<other>e-?mail(?:adres)?|website|homepage|url|woonplaats|plaats|locatie|leeftijd|ip(?:-adres)?))\s*:\s*(?P<stated>.*)$",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"^\W*(?:(?:berichten|posts|messages|reacties|punten|karma|reputatie|topics|beiträge)(?:\s*:)?\s*[\d.,]++|(?:locatie|woonplaats|location|rang|rank|status)\s*:\s*+.{0,40})\W*$",
    re.IGNORECASE,
)

Place = tuple[int, int]  # block and line


class LineFacts(NamedTuple):
    """The blocks of a record without the lines that state something of it, and the author and the
    date that only such lines state.
    """

    blocks: list[str]
    author: str | None
    date: DutchDate | None


class _Line(NamedTuple):
    author: str | None = None
    date: DutchDate | None = None


def facts_of_lines(
    blocks: Sequence[str], author: str | None, reference: Reference, *, is_dated: bool
) -> LineFacts:
    """Return what the lines at both ends of *blocks* state of a record whose *author* is known or
    not, and whose date *is_dated* or not.
    """
    ends = _Ends(blocks, author, is_dated=is_dated)
    ends.read(reference)
    return LineFacts(ends.left(), ends.author, ends.date)


class _Ends:
    """The lines of a record while those at its ends are read: which are taken out, and what they
    stated so far.
    """

    def __init__(self, blocks: Sequence[str], author: str | None, *, is_dated: bool) -> None:
        self.author = author
        self.date: DutchDate | None = None
        self._is_dated = is_dated
        self._blocks = [block.split("\n") for block in blocks]
        places = [(n, line) for n, lines in enumerate(self._blocks) for line in range(len(lines))]
        first = places[:FIRST]
        self._ends = [*first, *(place for place in places[-LAST:] if place not in first)]
        self._gone: set[Place] = set()

    def read(self, reference: Reference) -> None:
        """Take out each line that states something of the record which is not known yet."""
        for place in self._ends:
            found = _read(self._line(place), reference)
            if found is not None and self._adds(found):
                self._take(place, found)

    def left(self) -> list[str]:
        """Return the blocks without the lines that were taken out."""
        left = [
            [line for number, line in enumerate(lines) if (block, number) not in self._gone]
            for block, lines in enumerate(self._blocks)
        ]
        return ["\n".join(lines).strip() for lines in left]

    def _line(self, place: Place) -> str:
        return self._blocks[place[0]][place[1]].strip()

    def _adds(self, found: _Line) -> bool:
        """Return whether a line states what is not known yet: a second date, or a second name, is
        part of the words.
        """
        if found.date is not None:
            is_known = self._is_dated or self.date is not None
            return not is_known or found.author not in (None, self.author)
        return found.author is None or self.author is None

    def _take(self, place: Place, found: _Line) -> None:
        self._gone.add(place)
        if found.date is not None and found.author is None:
            self.author = self._name_beside(place) or self.author
        self.author = self.author or found.author
        if not self._is_dated:
            self.date = self.date or found.date

    def _name_beside(self, place: Place) -> str | None:
        """Return the name that is all of the line before or after that at *place* in its block; no
        other than the author's where that is known.
        """
        near = ((place[0], number) for number in (place[1] - 1, place[1] + 1))
        beside = next((one for one in near if one in self._ends and one not in self._gone), None)
        name = name_alone(self._line(beside)) if beside is not None else None
        if beside is None or name is None or self.author not in (None, name):
            return None
        self._gone.add(beside)
        return name


def _read(line: str, reference: Reference) -> _Line | None:
    """Return what *line* states of its record, None where it is part of the words."""
    if not line or len(line) > 2 * LONGEST:
        return None
    is_short = len(line) <= LONGEST
    if _PROFILE.match(line) or (is_short and MEMBERSHIP.match(line)):
        return _Line()
    labelled = _LABELLED.match(line)
    if labelled:
        return _read_labelled(labelled, reference)
    signed = read_signature(line, reference)
    if signed is not None:
        return _Line(signed.author, signed.date)
    name = name_by(line) if is_short else None
    return _Line(author=name) if name and len(name.split()) <= 4 else None


def _read_labelled(labelled: "re.Match[str]", reference: Reference) -> _Line | None:
    stated = labelled["stated"].strip()
    is_short = len(stated) <= LONGEST
    if labelled["author"]:
        name = name_in(stated)
        return _Line(author=name) if name and is_short else None
    if labelled["date"]:
        date = read_date(stated, reference)
        return None if date is None else _Line(date=date)
    return _Line() if is_short else None
