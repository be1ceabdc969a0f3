"""Plain lines that readers signed: "Jan (3 mei 2014)", or his name and under it the date, over what
he wrote, or under it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.comments.record import Fields, Signature, is_withheld, name_in, read_signature
from pipelines.dates import Reference
from storage.contacts import without_addresses

LONGEST_NAME = 50
LONGEST_INITIAL = 3  # letters with the stop behind them


class _Signed(NamedTuple):
    """The lines, *begin* to *end*, that name an author and a date."""

    begin: int
    end: int
    signature: Signature


def signed_comments(
    lines: Sequence[str], reference: Reference, *, with_names_above: bool = False
) -> list[Fields]:
    """Return the comments that signed lines part from each other, in *lines* of a passage;
    *with_names_above*: a date alone is signed by the name alone in the line above it, too.
    """
    signed = [
        one for one in _signatures(lines, reference) if with_names_above or one.end - one.begin == 1
    ]
    if not signed or (with_names_above and len({one.signature.author for one in signed}) == 1):
        return []  # what is over each date alike is a label
    spans = zip(_spans(lines, signed), signed, strict=True)
    return [_field("\n".join(lines[begin:end]), one.signature) for (begin, end), one in spans]


def _signatures(lines: Sequence[str], reference: Reference) -> Iterator[_Signed]:
    """Yield the lines that name an author and a date, or a name alone and a date alone under it."""
    above = 0  # behind the line of words above
    for place, line in enumerate(lines):
        found = read_signature(line, reference)
        if found is not None and found.author is not None:
            yield _Signed(place, place + 1, found)
        elif found is not None and above and (name := _name_alone(lines[above - 1])):
            yield _Signed(above - 1, place + 1, found._replace(author=name))
        above = place + 1 if line else above


def _name_alone(line: str) -> str | None:
    """Return the name that is all of *line*, None where it is none."""
    name = name_in(line) if len(line) <= LONGEST_NAME else None
    is_sentence = line.endswith(("!", "?")) or (
        line.endswith(".") and len(line.rsplit(maxsplit=1)[-1]) > LONGEST_INITIAL
    )
    return name if name and any(map(str.isalpha, name)) and not is_sentence else None


def _spans(lines: Sequence[str], signed: Sequence[_Signed]) -> list[tuple[int, int]]:
    """Return begin and end of each comment's lines: after its signature where the first line is
    one, else before it.
    """
    begins, ends = [one.begin for one in signed], [one.end for one in signed]
    if any(lines[: begins[0]]):
        return list(zip([0, *ends[:-1]], begins, strict=True))
    return list(zip(ends, [*begins[1:], len(lines)], strict=True))


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
