"""The language of an article: the one that its page declares, the one that its text is found to be
in, and which of the two is believed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pipelines.document import Document, meta

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
ENOUGH = 60  # letters; a shorter text may be in any language
LONGEST = 1_500  # letters; more of them make nothing surer
SURE = 0.9
# A text whose first letters are so surely in the language that its page declares is read no
# further: none of 785 pages was found to be in another.
FIRST, CERTAIN = 200, 0.97
NOTHING = "zxx"  # ISO 639: no language, as in a table of figures
# Parts of a language that pages and the identifier name now by themselves, now as the whole.
_WHOLE = {"nb": "no", "nn": "no"}


def read_languages(document: Document, text: str) -> dict[str, Any]:
    """Return an article's fields of language: ``in_language``, ``language_declared`` and
    ``language_found``.

    What the page declares (BCP 47) is believed, unless *text* is found to be in another language
    and the declared one is one that could have been found.
    """
    declared = _declared(document)
    found = find_language(text, declared)
    is_believed = found is None or (declared is not None and _may_be(declared, found))
    return {
        "in_language": declared if is_believed else found,
        "language_declared": declared,
        "language_found": found,
    }


def find_language(text: str, declared: str | None = None) -> str | None:
    """Return the language that *text* surely is in (ISO 639), None where it is short or unsure."""
    identifier = load_identifier() if len(text) >= ENOUGH else None
    if identifier is None:
        return None
    if declared is not None and len(text) > FIRST:
        language, probability = identifier.classify(text[:FIRST])
        if probability >= CERTAIN and language != NOTHING and _is_same(language, declared):
            return str(language)
    language, probability = identifier.classify(text[:LONGEST])
    return None if probability < SURE or language == NOTHING else language


@cache
def load_identifier() -> LanguageIdentifier | None:
    """Return what finds languages, loaded once in a process: half a second and 95 MB; None where
    its temporary file finds no room: a full disk leaves languages open, and no page unread.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  # loads numpy

    try:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError:
        return None


def _declared(document: Document) -> str | None:
    root = document.tree.getroottree().getroot()
    stated = (
        root.get("lang"),
        root.get("xml:lang"),
        meta(document, "og:locale", "language", "content-language", "dc.language"),
    )
    return next(
        (tag.strip().replace("_", "-") for tag in stated if tag and _TAG.fullmatch(tag.strip())),
        None,
    )


def _may_be(declared: str, found: str) -> bool:
    """Return whether a text in the *declared* language may be *found* to be in that one: always
    where the identifier does not know the declared one.
    """
    if _is_same(found, declared):
        return True
    identifier = load_identifier()
    return identifier is None or _base(declared) not in identifier.nb_classes


def _is_same(found: str, declared: str) -> bool:
    language = _base(declared)
    return _WHOLE.get(language, language) == _WHOLE.get(found, found)


def _base(tag: str) -> str:
    return tag.partition("-")[0].lower()
