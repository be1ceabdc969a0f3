"""How a name or a text is recognised in pages, links and addresses: by rows of its words,
in every spelling that is usual.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from urllib.parse import unquote_to_bytes

from storage.text_hash import plain_text

TEXT_WORDS = 5
LONGEST_NAME = 6
SHORTEST_NAME = 5
SHORTEST_GLUED = 8  # letters of a name of several words that an address writes as one

_AROUND_USER = "~@0123456789"  # /~molenaar/, /@molenaar, /u/molenaar12.html

Words = tuple[str, ...]

_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^>]*(?:>|\Z)")
_ESCAPE = re.compile(r"[\\%]u([0-9a-fA-F]{4})")
_OCTETS = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_JOINED_NUMBER = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")  # jandewit2
# What Unicode does not take apart, and how German names do without dots.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_DOTTED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_APOSTROPHES = str.maketrans("", "", "'\u2019\u2018`\u00b4")


def distinctive_words(texts: Iterable[str], names: Iterable[str]) -> set[Words]:
    """Return the rows of words by which texts and names are recognised: the first five words, the
    whole name.

    A text of fewer words proves nothing, nor does a name of one short word: "Helemaal mee eens!"
    and "Jan" are anybody's. A name is also known without its accents, and a name of several words
    as one: José Visser is jose-visser and josevisser in addresses, Müller is muller or mueller.
    """
    found = {
        tuple(words[:TEXT_WORDS])
        for text in texts
        if len(words := _WORD.findall(plain_text(text))) >= TEXT_WORDS
    }
    for name in names:
        plain = plain_text(name)
        bare = plain.translate(_APOSTROPHES)
        for spelled in (plain, *map(_unaccented, (plain, bare, bare.translate(_DOTTED)))):
            found |= _spelled(_WORD.findall(spelled)[:LONGEST_NAME])
    return found


def _spelled(words: list[str]) -> set[Words]:
    if len(" ".join(words)) < SHORTEST_NAME:
        return set()
    glued = "".join(words)
    also = {(glued,)} if len(words) > 1 and len(glued) >= SHORTEST_GLUED else set()
    return {tuple(words)} | also


def _unaccented(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _unquoted(address: str) -> str:
    """Return an address with what is percent-encoded written out, also where that was done twice:
    in UTF-8, or else as Windows has it.
    """
    for _ in range(2):
        address = _OCTETS.sub(lambda found: _decoded(unquote_to_bytes(found[0])), address)
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), address)


def _decoded(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def sequences(body: bytes, lengths: Collection[int]) -> Iterator[tuple[int, str]]:
    """Yield every row of as many words as *lengths* has in a page's text, in its source with the
    tags, and in that as addresses spell it: percent-encoded, with _ for a space, without accents.
    """
    source = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), html.unescape(_decoded(body)))
    addressed = _unaccented(plain_text(_unquoted(source).replace("_", " ")))
    unnumbered = _JOINED_NUMBER.sub(" ", addressed.translate(_APOSTROPHES))
    for text in (_TAG.sub(" ", source), source, addressed.translate(_APOSTROPHES), unnumbered):
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
    """Return what finds whether an address names one of *names*: anywhere in it, the last name
    first too, or for a name of one word as a whole part of it. The molenaar of /leden/molenaar/ is
    not the one of /nieuws/de-molenaar-stopt/.
    """
    listed = [(name, _WORD.findall(plain_text(name))) for name in names]
    turned = {
        " ".join(row)
        for _name, words in listed
        for row in ([*words[1:], *words[:1]], [*words[-1:], *words[:-1]])
        if len(words) > 1
    }
    several = finder_of(
        distinctive_words((), (*(name for name, words in listed if len(words) > 1), *turned))
    )
    alone = distinctive_words((), (name for name, words in listed if len(words) == 1))
    single = {row[0] for row in alone}

    def names_it(url: str) -> bool:
        parts = re.split(r"[/?&=#;]+", _unquoted(url))[2:]
        plain = [_unaccented(plain_text(part)) for part in parts]
        users = {user for part in plain for user in (part, part.rpartition(".")[0])}
        is_part = not single.isdisjoint(user.strip(_AROUND_USER) for user in users)
        return is_part or several("/".join(parts))

    return names_it
