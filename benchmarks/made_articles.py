"""Articles of realistic length with their comments, made by chance: article *n* is always the same.

They fill the archives in which make_archive.py and storing_cost.py measure.
"""

import itertools
import random
from datetime import UTC, datetime, timedelta

from storage.records import Article, Author, Comment

SITES = 20
START = datetime(2005, 1, 3, 8, 0, tzinfo=UTC)
LONG_THREAD = 5000
COMMON = (
    "de het een en van in is dat op te met voor niet zijn er aan ook als maar om "
    "dan bij nog uit naar wordt door over ze hij "
    "was wel of geen worden deze die heeft dit tot kan jaar meer mensen veel al "
    "hebben moet zo zich onder tegen goed nieuwe waar "
    "marketing passie gemeente trein fiets water school winkel bedrijf lezers "
    "reactie markt kunst muziek huis straat bomen molen"
).split()
SYLLABLES = [consonant + vowel for consonant in "bdfghklmnprstvwz" for vowel in "aeo"]
ENDINGS = ["", "en", "ing", "er", "s", "lijk", "heid", "je"]


def vocabulary(size: int) -> list[str]:
    """Return *size* words, commonest first: real ones, then ones that only look Dutch."""
    chance = random.Random(20131230)  # noqa: S311  # text for measurements, no secret
    made = dict.fromkeys(COMMON)
    while len(made) < size:
        stem = "".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3, 4)))) + chance.choice(
            "klmnprst"
        )
        made[stem + chance.choice(ENDINGS)] = None
    return list(made)


class Writer:
    """Writes texts, names and dates; article *n* is the same whenever it is written."""

    def __init__(self) -> None:
        self._words = vocabulary(60_000)
        self._weights = list(
            itertools.accumulate(1 / (rank + 3) for rank in range(len(self._words)))
        )
        self._names = [
            f"{first}{number}"
            for number in range(12_000)
            for first in ("Anja", "Bram", "Cor", "Dien", "Evert")
        ]
        self._name_weights = list(
            itertools.accumulate(1 / (rank + 20) for rank in range(len(self._names)))
        )

    def prose(self, chance: random.Random, words: int, paragraph: int = 60) -> str:
        """Return about *words* words in sentences and paragraphs."""
        drawn = chance.choices(self._words, cum_weights=self._weights, k=words)
        sentences = [
            " ".join(drawn[start : start + 12]).capitalize() + "." for start in range(0, words, 12)
        ]
        step = paragraph // 12
        return "\n\n".join(
            " ".join(sentences[start : start + step]) for start in range(0, len(sentences), step)
        )

    def article(self, number: int) -> Article:
        """Return article *number* with its comments, three on average; the first has 5,000."""
        chance = random.Random(number)  # noqa: S311  # text for measurements, no secret
        published = START + timedelta(minutes=(number * 7919) % (20 * 365 * 24 * 60))
        count = LONG_THREAD if number == 0 else chance.choice((0, 0, 0, 1, 2, 3, 4, 6, 11))
        thread = tuple(self._comment(chance, published, position) for position in range(count))
        return Article(
            url=f"https://www.site{number % SITES}.example/{published:%Y/%m}/{number}/",
            headline=self.prose(chance, 7).rstrip("."),
            article_body=self.prose(chance, min(3000, int(chance.lognormvariate(5.6, 0.6)))),
            authors=(Author(name=f"Redacteur {chance.randrange(400)}"),),
            keywords=tuple(dict.fromkeys(chance.choices(self._words[60:2060], k=2))),
            article_section=chance.choice(("Nieuws", "Cultuur", "Sport", "Opinie")),
            in_language="nl",
            date_published=published,
            date_published_raw=f"{published:%d-%m-%Y %H:%M}",
            date_published_precision="minute",
            date_published_source="time",
            comments=thread,
            comments_declared=count + (1 if number % 40 == 1 else 0),
            comments_gap_reason="unknown" if number % 40 == 1 else None,
            method="benchmark",
        )

    def _comment(self, chance: random.Random, published: datetime, position: int) -> Comment:
        written = published + timedelta(minutes=5 + chance.randrange(3000))
        short = chance.random() < 0.03
        return Comment(
            text="Helemaal mee eens!"
            if short
            else self.prose(chance, max(3, int(chance.lognormvariate(3.4, 0.8)))),
            author=chance.choices(self._names, cum_weights=self._name_weights)[0],
            date_created=written,
            date_created_raw=f"{written:%d-%m-%Y %H:%M}",
            date_created_precision="minute",
            date_created_source="time",
            source_id=str(position),
            parent_position=chance.randrange(position)
            if position and chance.random() < 0.4
            else None,
            parent_how="nesting",
            method="benchmark",
        )
