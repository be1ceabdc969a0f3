"""Date texts as bylines, comments and archive headers have them, each with what it means on 25
November 2026 at noon.

`date_texts.tsv` was written by hand: text, the moment's local ISO form (as far as it is known) or
NONE, and the precision.
"""

import csv
import random
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipelines.dates import parse_date

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=AMSTERDAM)  # a Wednesday
with (Path(__file__).parent / "date_texts.tsv").open(encoding="utf-8", newline="") as lines:
    ROWS = [
        tuple(row.values()) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    ]
DATES = [row for row in ROWS if row[1] != "NONE"]


def read(text: str) -> tuple[str, str] | None:
    found = parse_date(text, reference=NOW)
    return (found.moment.astimezone(AMSTERDAM).isoformat(), found.precision) if found else None


@pytest.mark.parametrize(("text", "means", "precision"), ROWS)
def test_a_text_means_what_a_reader_would_say(text: str, means: str, precision: str) -> None:
    found = read(text)
    if means == "NONE":
        assert found is None
    else:
        assert found is not None
        assert found[0].startswith(means)
        assert found[1] == precision


def mutations(text: str, chance: random.Random) -> list[str]:
    """Return *text* as other templates would print it: case, spaces, dashes and invisible
    characters, nothing of its meaning.
    """
    spaces = ["\u00a0", "\u202f", "  ", "\n", "\t", " \u200b"]
    return [
        text.upper() if not {"T", "Z", "&"} & set(text) else text,
        f"\n  {text}\t",
        text.replace(" ", chance.choice(spaces)),
        "".join(
            chance.choice(spaces) if letter == " " and chance.random() < 0.5 else letter
            for letter in text
        ),
        text.replace(" ", "&nbsp;"),
        f"\u200e{text}\u00ad",
    ]


@pytest.mark.parametrize(("text", "means", "precision"), DATES)
def test_how_a_text_is_printed_changes_nothing(text: str, means: str, precision: str) -> None:
    for changed in mutations(text, random.Random(text)):  # noqa: S311  # a choice that is the same in every run
        found = read(changed)
        assert found is not None, changed
        assert found[0].startswith(means), changed
        assert found[1] == precision, changed


RELATIVE = [
    text
    for text, *_rest in DATES
    if any(word in text for word in ("geleden", "gister", "andaag", "ago", "afgelopen", "jl."))
]


@pytest.mark.parametrize("text", RELATIVE)
def test_a_damaged_relative_text_is_read_or_refused_and_never_later_than_its_reading(
    text: str,
) -> None:
    chance = random.Random(text)  # noqa: S311  # a choice that is the same in every run
    for _ in range(20):
        place = chance.randrange(len(text))
        damaged = text[:place] + chance.choice(["", "x", " ", "-", "."]) + text[place + 1 :]
        found = parse_date(damaged, reference=NOW)
        assert found is None or found.moment <= NOW, damaged
