"""Dutch words as PostgreSQL's "dutch" dictionary sees them: stop words, stems, and the forms that
share a stem.
"""

import functools
import re
import unicodedata

import snowballstemmer

# PostgreSQL's dutch.stop: these are in no tsvector, so they are no condition on SQLite either.
STOP_WORDS = frozenset(
    (
        "de en van ik te dat die in een hij het niet zijn is was op aan met als voor "
        "had er maar om hem dan zou of wat mijn men "
        "dit zo door over ze zich bij ook tot je mij uit der daar haar naar heb hoe "
        "heeft hebben deze u want nog zal me zij nu "
        "ge geen omdat iets worden toch al waren veel meer doen toen moet ben zonder "
        "kan hun dus alles onder ja eens hier wie "
        "werd altijd doch wordt wezen kunnen ons zelf tegen na reeds wil kon niets uw "
        "iemand geweest andere"
    ).split()
)
WORD = re.compile(r"\w+")

_ENDINGS = (
    "", "e", "en", "ene", "s", "se", "heid", "heden", "end", "ende", "enden", "ing", "ingen", "ig",
    "ige", "igen", "igheid",
    "lijk", "lijke", "lijken", "lijkheid", "elijk", "elijke", "baar", "bare", "baarheid",
)  # fmt: skip
_SHORT_SYLLABLE = re.compile(r"[^aeiouy]([aeou])[^aeiouy]$")
_stemmer = snowballstemmer.stemmer("dutch_porter")


@functools.lru_cache(maxsize=10_000)
def stem(word: str) -> str:
    """Return the stem of a word in any case."""
    return str(_stemmer.stemWord(unicodedata.normalize("NFC", word).lower()))


@functools.lru_cache(maxsize=1_000)
def forms(word: str) -> tuple[str, ...]:
    """Return *word* and the inflected forms that share its stem, sorted: "kat" also means
    "katten".
    """
    root = stem(word)
    roots = {root, word.lower(), root + root[-1:]}
    if short := _SHORT_SYLLABLE.search(root):
        roots.add(
            root[: short.start(1)] + short[1] + root[short.start(1) :]
        )  # "man" of "manen" is also "maan"
    made = {base + ending for base in roots for ending in _ENDINGS}
    return tuple(sorted({word.lower()} | {form for form in made if stem(form) == root}))
