"""How alike two texts are, and which element of a page holds a text."""

import re
from collections import Counter

from lxml.html import HtmlElement

from pipelines.block_text import block_text

LEAST_LIKENESS = 0.9
_WORDS = re.compile(r"\w+")


def word_f1(found: str, wanted: str) -> float:
    """Return how much two texts have the same words, 0 to 1."""
    one, other = Counter(_WORDS.findall(found.lower())), Counter(_WORDS.findall(wanted.lower()))
    total = sum(one.values()) + sum(other.values())
    return 2 * sum((one & other).values()) / total if total else 1.0


def find_holder(tree: HtmlElement, wanted: str, threaded: set[HtmlElement]) -> HtmlElement | None:
    """Return the smallest element whose words are most like those of the text *wanted*; None when none is like it."""
    length = len(wanted)
    best, likeness = None, LEAST_LIKENESS
    for element in tree.iter("div", "section", "article", "main", "td"):
        if element in threaded or not 0.8 * length <= len(element.text_content()) <= 4 * length + 400:
            continue
        found = word_f1(block_text(element, threaded), wanted)
        if found >= likeness:
            best, likeness = element, found
    return best
