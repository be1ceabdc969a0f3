"""How like two texts are; apart, so that who only compares need not know pages."""

import re
from collections import Counter

_WORDS = re.compile(r"\w+")


def word_f1(found: str, wanted: str) -> float:
    """Return how much two texts have the same words, 0 to 1."""
    one, other = Counter(_WORDS.findall(found.lower())), Counter(_WORDS.findall(wanted.lower()))
    total = sum(one.values()) + sum(other.values())
    return 2 * sum((one & other).values()) / total if total else 1.0
