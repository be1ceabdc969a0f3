"""Texts cut into sentences and tokens for corpora, by a rule that needs no model.

A token is an address on the web or of mail, a number with its marks (1.250,50), letters with points
(d.w.z.), a word with the hyphens and apostrophes inside it (auto-onderdelen, foto's) or the one
before it ('s, 't), or else a mark, as often as it is repeated (!!!). A sentence ends with a line,
or at . ! ? … before white space and what may begin one, but not behind an initial or a usual
abbreviation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = r"[\w\u0300-\u036f]"
_TOKEN = re.compile(
    rf"""(?:https?://|www\.)[^\s<>"]+
    | [\w.+-]{{1,64}}@\w[\w-]{{0,62}}(?:\.\w[\w-]{{0,62}})+
    | \d+(?:[.,:]\d+)+(?!\w)
    | (?<![\w.])(?:[^\W\d_]\.){{2,}}
    | (?<!\w)['’‘´`](?:s|t|n|m|k|ns)(?!\w)
    | {_WORD}+(?:[-‐'’´`]{_WORD}+)*
    | ([^\w\s])\1*(?:[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[^\w\s])*""",
    re.VERBOSE,
)
_LAST_MARKS = ".,;:!?)]}'’”»…"
_ENDS = frozenset(".!?…")
_CLOSING = frozenset("\"'’”»)]}")
_OPENING = frozenset("\"'‘“„«([{")
_SHORT = frozenset(
    "art bijv blz ca dhr dr drs ds excl gem ing incl ir jl ll max mej mevr min mr mw nr prof resp "
    "sr st vgl vs zgn zr".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token; *is_glued* where no white space is before it."""

    text: str
    is_glued: bool


def sentences(paragraph: str) -> Iterator[list[Token]]:
    """Yield the sentences of *paragraph*, none of them empty."""
    for line in paragraph.splitlines():
        sentence: list[Token] = []
        for token in _tokens(line):
            if _ends(sentence) and not token.is_glued and _may_begin(token.text):
                yield sentence
                sentence = []
            sentence.append(token)
        if sentence:
            yield sentence


def _tokens(line: str) -> Iterator[Token]:
    end = place = 0
    while match := _TOKEN.search(line, place):
        text = match[0]
        if text.startswith(("http://", "https://", "www.")):
            text = text.rstrip(_LAST_MARKS) or text
        yield Token(text, is_glued=0 < match.start() == end)
        end = place = match.start() + len(text)


def _ends(sentence: list[Token]) -> bool:
    """Return whether *sentence* is over, whatever closes it."""
    place = len(sentence)
    while place and sentence[place - 1].text in _CLOSING:
        place -= 1
    if not place or sentence[place - 1].text[0] not in _ENDS:
        return False
    before = sentence[place - 2].text if place > 1 else ""
    is_short = before.lower() in _SHORT or (len(before) == 1 and before.isalpha())
    return not (sentence[place - 1].text == "." and is_short)


def _may_begin(text: str) -> bool:
    return text[0].isupper() or text[0].isdigit() or text[0] in _OPENING
