"""The reading room's words, Dutch and English."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("nl", "en")


@cache
def wording(language: str) -> Mapping[str, str]:
    """Return every word and sentence of the pages in "nl" or "en"."""
    text = (files(__package__) / "wording.toml").read_text(encoding="utf-8")
    place = LANGUAGES.index(language)
    return {key: both[place] for key, both in tomllib.loads(text).items()}


def choose_language(asked: str | None, remembered: str | None, accepted: str) -> str:
    """Return the language that was asked for, else the remembered one, else the browser's first
    that we have, else English.
    """
    for language in (asked, remembered):
        if language in LANGUAGES:
            return str(language)
    for part in accepted.lower().split(","):
        if part.strip()[:2] in LANGUAGES:
            return part.strip()[:2]
    return "en"
