"""A date text in German, French or Spanish, put into the Dutch words that the grammar knows:
"vor 3 Tagen" becomes "3 dagen geleden", "hier à 14:02" "gisteren om 14:02".
"""

import re
from collections.abc import Iterator
from functools import cached_property

from pipelines.dates.grammar import spelled
from pipelines.dates.vocabulary import DUTCH, ENGLISH, TRANSLATED, Vocabulary, any_of

SHORTEST_MARK = 3
LONGEST_ABBREVIATION = 4


def translations(text: str, language: str) -> Iterator[str]:
    """Yield the plain *text* as the grammar may read it, likeliest first: in the page's *language*
    where that is one to translate, unchanged, then in each language that it has a word of.
    """
    own = _TRANSLATORS.get(language)
    if own is not None and (put := own.translate(text)) != text:
        yield put
    yield text
    for translator in _TRANSLATORS.values():
        if translator is not own and translator.speaks(text):
            yield translator.translate(text)


class Translator:
    """What puts date texts of one language into Dutch words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    @cached_property
    def words(self) -> dict[str, str]:
        """Each word or phrase with what it is in Dutch, units and numbers apart."""
        phrases = {
            phrase: dutch
            for dutch, foreign in self._vocabulary.phrases.items()
            for phrase in foreign.split(",")
        }
        return phrases | {
            word: dutch.split(maxsplit=1)[0]
            for dutch, foreign in zip(DUTCH.weekdays, self._vocabulary.weekdays, strict=True)
            for word in foreign.split()
        }

    @cached_property
    def _units(self) -> dict[str, str]:
        return {
            word: DUTCH.units[unit].split(maxsplit=1)[0]
            for unit, foreign in self._vocabulary.units.items()
            for word in foreign.split()
        }

    @cached_property
    def _numbers(self) -> dict[str, str]:
        return {
            word: str(number)
            for number, foreign in self._vocabulary.numbers.items()
            for word in foreign.split()
        }

    @cached_property
    def _word(self) -> re.Pattern[str]:
        """A word of the language; a short weekday counts before a number only."""
        short = {
            word
            for foreign in self._vocabulary.weekdays
            for word in foreign.split()
            if len(word) <= LONGEST_ABBREVIATION
        }
        long = self.words.keys() - short
        return re.compile(
            rf"(?<![\w-])(?:{any_of(long)}|(?:{any_of(short)})(?=\.?,?\s?\d))(?![\w-])"
        )

    @cached_property
    def _amount(self) -> re.Pattern[str]:
        amounts, units = self._pieces
        return re.compile(rf"(?P<amount>{amounts})\s?(?P<unit>{units})(?!\w)")

    @cached_property
    def _ago(self) -> re.Pattern[str]:
        amounts, units = self._pieces
        part = rf"(?:{amounts}\s?{units}(?!\w)|een half uur)"
        joint = r"(?:\s*,\s*|\.?\s+en\s+|\s+)"
        about = spelled("(?P<about><ABOUT>)")
        before = rf"(?<!\w){re.escape(self._vocabulary.ago)}\s+"
        after = rf"\s+{re.escape(self._vocabulary.ago_after)}(?!\w)"
        parts = rf"{part}(?:{joint}{part}){{0,3}}"
        return re.compile(
            rf"{before}{about}(?P<parts>{parts})|(?<![\w.,-])(?P<parts_before>{parts}){after}"
        )

    @property
    def _pieces(self) -> tuple[str, str]:
        return rf"(?:\d{{1,4}}|{any_of(self._numbers)})", rf"(?:{any_of(self._units)})"

    @cached_property
    def _marks(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w-])(?:{any_of(self.words_of_its_own)})(?![\w-])")

    @cached_property
    def words_of_its_own(self) -> frozenset[str]:
        """The words that show this language from every other one of which there is a vocabulary."""
        others = frozenset[str]().union(
            *(
                _all_words(other)
                for other in (DUTCH, ENGLISH, *TRANSLATED.values())
                if other is not self._vocabulary
            )
        )
        own = {word for word in _all_words(self._vocabulary) if len(word) >= SHORTEST_MARK}
        return frozenset(own - others - self._vocabulary.common)

    def speaks(self, text: str) -> bool:
        """Return whether *text* has a word that only this language has."""
        return self._marks.search(text) is not None

    def translate(self, text: str) -> str:
        """Return *text* with its date words in Dutch."""
        put = self._word.sub(lambda found: self.words[found[0]], text)
        return self._ago.sub(self._put_ago, put)

    def _put_ago(self, found: "re.Match[str]") -> str:
        parts = self._amount.sub(
            lambda part: (
                f"{self._numbers.get(part['amount'], part['amount'])} {self._units[part['unit']]}"
            ),
            found["parts"] or found["parts_before"],
        )
        return f"{found['about'] or ''}{parts} geleden"


def _all_words(vocabulary: Vocabulary) -> frozenset[str]:
    phrases = ",".join(vocabulary.phrases.values()).split(",")
    listed = (*vocabulary.months, *vocabulary.weekdays, *vocabulary.units.values())
    words = {word for phrase in listed for word in phrase.split()}
    return frozenset(words.union(phrases, [vocabulary.ago, vocabulary.ago_after]) - {""})


_TRANSLATORS = {language: Translator(vocabulary) for language, vocabulary in TRANSLATED.items()}
