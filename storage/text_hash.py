"""Texts as they are compared: the same words are the same text, whatever case and white space they
are set in.
"""

import hashlib
import unicodedata


def plain_text(text: str) -> str:
    """Return *text* in lower case, in one Unicode form, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def hash_text(text: str) -> str:
    """Return a short, stable hash of a text's words."""
    return hashlib.sha256(plain_text(text).encode("utf-8", "surrogatepass")).hexdigest()[:24]
