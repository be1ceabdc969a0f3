"""What readers said under one article, whatever system they said it in: our own invention."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

FIRST = datetime(2025, 3, 1, 8, 0, 30, tzinfo=UTC)
ANSWERS = 55  # to the first remark: more than one page of any system's replies
CHAIN = range(60, 68)  # each answers the one before: deeper than any system asks at once
REMOVED, REMOVED_LEAF, PENDING, REJECTED, STAFF = 61, 70, 71, 72, 73
_NAMES = ("Aaltje de Boer", "Foppe", "Geesje & Harm", "İlknur Öz", "J. ter Horst", "Lubbert")
_OPENERS = ("Goed stuk", "Ik zie dat anders", "Bij ons ook", "Jammer <hoor>", "Wél waar")


@dataclass(frozen=True)
class Said:
    """One remark; *parent* is the number of the one that it answers. Its *fate* is "visible",
    "removed" by its writer, "pending" for a moderator, or "rejected" by one.
    """

    number: int
    author: str
    text: str
    moment: datetime
    parent: int | None = None
    ups: int = 0
    downs: int = 0
    fate: str = "visible"
    is_edited: bool = False
    is_staff: bool = False


def conversation(count: int) -> list[Said]:
    """Return so many remarks in the order of their moments."""
    fates = {REMOVED: "removed", REMOVED_LEAF: "removed", PENDING: "pending", REJECTED: "rejected"}
    return [
        Said(
            number=number,
            author=_NAMES[number % len(_NAMES)],
            text=f"{_OPENERS[number % len(_OPENERS)]}: over de pont, nummer {number + 1}.",
            moment=FIRST + timedelta(minutes=7 * number),
            parent=_parent(number),
            ups=number % 4,
            downs=5 if number % 10 == 9 else 0,
            fate=fates.get(number, "visible"),
            is_edited=number % 9 == 1,
            is_staff=number == STAFF,
        )
        for number in range(count)
    ]


def _parent(number: int) -> int | None:
    if 1 <= number <= ANSWERS:
        return 0
    return number - 1 if number in CHAIN[1:] else None


def revised(said: list[Said]) -> list[Said]:
    """Return *said* a day later: one remark is edited, one removed, one has come."""
    late = replace(
        said[-1],
        number=len(said),
        author="Rixt",
        text="Nu pas gelezen, hulde!",
        moment=said[-1].moment + timedelta(days=1),
        parent=2,
        fate="visible",
    )
    edited = replace(said[80], text="Bij nader inzien vind ik het toch mooi.", is_edited=True)
    return [
        *(edited if one.number == 80 else one for one in said if one.number != 90),
        late,
    ]
