"""The names of commenters, taken out of what strangers wrote: originals and cut blocks name them in
every spelling that pages use.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lxml import etree, html

LONGEST_NAME = 8  # words; of a longer name its beginning is looked for
SHORTEST_GLUED = 6  # letters of a name of several words that pages write as one

_WORD = re.compile(r"[^\W_]+")
# What shows how a page was laid out and cannot name anybody.
KEPT_ATTRIBUTES = frozenset({"style", "lang", "dir", "colspan", "rowspan", "width", "height"})


@dataclass(frozen=True, slots=True)
class _Token:
    piece: int
    start: int
    end: int
    word: str


def _folded(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class HiddenNames:
    """Replaces the names of an archive's commenters by what *shown* makes of each."""

    def __init__(self, names: Iterable[str], shown: Callable[[str], str | None]) -> None:
        self._names: dict[tuple[str, ...], str] = {}
        self._single: dict[str, set[str]] = {}
        self._shown = shown
        for name in names:
            words = _WORD.findall(name)[:LONGEST_NAME]
            folded = tuple(_folded(word) for word in words)
            if len(words) == 1:
                self._single.setdefault(folded[0], set()).add(words[0])
            if words:
                self._names[folded] = name
            if len(words) > 1 and len(glued := "".join(folded)) >= SHORTEST_GLUED:
                self._names.setdefault((glued,), name)

    def hide(self, text: str) -> str:
        """Return *text* without the names."""
        return self.hide_in([text])[0]

    def hide_in(self, pieces: Sequence[str]) -> list[str]:
        """Return the texts of a page, in its order, without the names; a name may go on from one to
        the next.
        """
        tokens = [
            _Token(number, found.start(), found.end(), found[0])
            for number, piece in enumerate(pieces)
            for found in _WORD.finditer(piece)
        ]
        folded = [_folded(token.word) for token in tokens]
        changed: dict[int, list[tuple[_Token, str]]] = {}
        at = 0
        while at < len(tokens):
            length = self._length_at(tokens, folded, at)
            if length:
                name = self._names[tuple(folded[at : at + length])]
                for step, token in enumerate(tokens[at : at + length]):
                    word = "" if step else self._shown(name) or ""
                    changed.setdefault(token.piece, []).append((token, word))
            at += length or 1
        return [_replaced(piece, changed.get(number, ())) for number, piece in enumerate(pieces)]

    def _length_at(self, tokens: Sequence[_Token], folded: Sequence[str], at: int) -> int:
        """Return how many words of a name begin at a place, 0 where none does."""
        for length in range(min(LONGEST_NAME, len(tokens) - at), 1, -1):
            if tuple(folded[at : at + length]) in self._names:
                return length
        if (folded[at],) not in self._names:
            return 0
        # "Molen" is a commenter and a mill: a name of one word counts as it is written.
        written = self._single.get(folded[at])
        return int(written is None or tokens[at].word in written)

    def hide_in_tree(self, tree: html.HtmlElement) -> None:
        """Take the names out of a page, and with them the scripts and attributes that hold them in
        forms of their own.
        """
        for element in list(tree.iter("script", "style", "template", etree.Comment)):
            if element.getparent() is not None:
                element.drop_tree()
        elements = [element for element in tree.iter() if isinstance(element.tag, str)]
        for element in elements:
            for attribute in set(element.attrib) - KEPT_ATTRIBUTES:
                del element.attrib[attribute]
        places: list[tuple[html.HtmlElement, str]] = []
        _collect(tree, places)
        texts = self.hide_in([getattr(element, kind) for element, kind in places])
        for (element, kind), text in zip(places, texts, strict=True):
            setattr(element, kind, text)


def _collect(tree: html.HtmlElement, places: list[tuple[html.HtmlElement, str]]) -> None:
    """Note where the texts of a page are, in the order in which they are read."""
    waiting: list[tuple[html.HtmlElement, str]] = [(tree, "text")]
    while waiting:
        element, kind = waiting.pop()
        if getattr(element, kind):
            places.append((element, kind))
        if kind == "text":
            for child in reversed(element):
                waiting += [(child, "tail"), (child, "text")]


def _replaced(piece: str, changes: Iterable[tuple[_Token, str]]) -> str:
    for token, word in reversed(list(changes)):
        piece = piece[: token.start] + word + piece[token.end :]
    return piece
