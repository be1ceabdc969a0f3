"""How a name or a text is recognised in pages, links and addresses: by rows of its words,
in every spelling that is usual.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from urllib.parse import unquote

from storage.text_hash import plain_text

TEXT_WORDS = 5
LONGEST_NAME = 6
SHORTEST_NAME = 5
SHORTEST_GLUED = 8  # letters of a name of several words that an address writes as one

Words = tuple[str, ...]

_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^>]*>")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_APOSTROPHES = str.maketrans("", "", "'\u2019\u2018`\u00b4")


def distinctive_words(texts: Iterable[str], names: Iterable[str]) -> set[Words]:
    """Return the rows of words by which texts and names are recognised: the first five words, the
    whole name.

    A text of fewer words proves nothing, nor does a name of one short word: "Helemaal mee eens!"
    and "Jan" are anybody's. A name is also known without its accents, and a name of several words
    as one: José Vis is jose-vis and josevis in addresses.
    """
    found = {
        tuple(words[:TEXT_WORDS])
        for text in texts
        if len(words := _WORD.findall(plain_text(text))) >= TEXT_WORDS
    }
    for name in names:
        plain = plain_text(name)
        for spelled in (plain, _unaccented(plain), _unaccented(plain.translate(_APOSTROPHES))):
            found |= _spelled(_WORD.findall(spelled)[:LONGEST_NAME])
    return found


def _spelled(words: list[str]) -> set[Words]:
    if len(" ".join(words)) < SHORTEST_NAME:
        return set()
    glued = "".join(words)
    also = {(glued,)} if len(words) > 1 and len(glued) >= SHORTEST_GLUED else set()
    return {tuple(words)} | also


def _unaccented(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def sequences(body: bytes, lengths: Collection[int]) -> Iterator[tuple[int, str]]:
    """Yield every row of as many words as *lengths* has in a page's text, in its source with the
    tags, and in that as addresses spell it: percent-encoded, with _ for a space, without accents.
    """
    try:
        source = body.decode("utf-8")
    except UnicodeDecodeError:
        source = body.decode("cp1252", "replace")
    source = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), html.unescape(source))
    addressed = unquote(unquote(source)).replace("_", " ")
    unaccented = _unaccented(plain_text(addressed))
    for text in (_TAG.sub(" ", source), source, unaccented.translate(_APOSTROPHES)):
        words = _WORD.findall(plain_text(text))
        for count in lengths:
            for start in range(len(words) - count + 1):
                yield count, " ".join(words[start : start + count])


def finder_of(words: Collection[Words]) -> Callable[[str | bytes], bool]:
    """Return what finds whether a text or a page holds one of *words*."""
    lengths, stated = {len(row) for row in words}, {" ".join(row) for row in words}

    def finds(text: str | bytes) -> bool:
        body = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
        return bool(stated) and any(row in stated for _count, row in sequences(body, lengths))

    return finds


def address_finder(names: Iterable[str]) -> Callable[[str], bool]:
    """Return what finds whether an address names one of *names*: anywhere in it, or for a name of
    one word as a whole part of it. The molenaar of /leden/molenaar/ is not the one of
    /nieuws/de-molenaar-stopt/.
    """
    listed = [(name, len(_WORD.findall(plain_text(name)))) for name in names]
    several = finder_of(distinctive_words((), (name for name, count in listed if count > 1)))
    alone = distinctive_words((), (name for name, count in listed if count == 1))
    single = {row[0] for row in alone}

    def names_it(url: str) -> bool:
        parts = re.split(r"[/?&=#;]+", unquote(unquote(url)))[2:]
        is_part = not single.isdisjoint(_unaccented(plain_text(part)) for part in parts)
        return is_part or several("/".join(parts))

    return names_it
