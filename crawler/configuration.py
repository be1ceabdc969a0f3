"""What a user configures: ``knipsel.toml`` in the working folder, overruled by ``KNIPSEL_*`` in the
environment; ``-s NAME=VALUE`` on the command line overrules both.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

FILE_NAME = "knipsel.toml"
# Key in the file -> setting, and what holds where nobody says otherwise.
KEYS: Mapping[str, tuple[str, str]] = {
    "archive": ("KNIPSEL_ARCHIVE", "archive"),
    "database": ("KNIPSEL_DATABASE", ""),
    "contact": ("KNIPSEL_CONTACT", ""),
    "warc": ("KNIPSEL_WARC", ""),
    "reports": ("KNIPSEL_REPORTS", ""),
    "threads": ("KNIPSEL_THREADS", "all"),
    "requisites": ("KNIPSEL_REQUISITES", "off"),
    "browser": ("KNIPSEL_BROWSER", ""),
    "notify": ("KNIPSEL_NOTIFY", ""),
    "log_format": ("KNIPSEL_LOG_FORMAT", "text"),
}
LISTS = ("spiders", "profiles")


class BadConfiguration(ValueError):
    """Raised when knipsel.toml cannot be used; its text gives the reason in one sentence."""


def read_configuration(folder: Path) -> Mapping[str, str | list[str]]:
    """Return what ``knipsel.toml`` in *folder* states, empty where there is no such file.

    Raises BadConfiguration for a file that is no TOML, for a key that nobody reads, and for a value
    of another kind than text (a list of module names for ``spiders`` and ``profiles``).
    """
    file = folder / FILE_NAME
    try:
        stated = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadConfiguration(f"{FILE_NAME} cannot be read: {error}.") from error
    for key, value in stated.items():
        if key not in KEYS and key not in LISTS:
            known = ", ".join((*KEYS, *LISTS))
            raise BadConfiguration(f"{FILE_NAME} states {key!r}; it may state {known}.")
        wanted = list if key in LISTS else str
        if not isinstance(value, wanted):
            kind = "a list of module names" if key in LISTS else "a text"
            raise BadConfiguration(f"{FILE_NAME}: {key} must be {kind}.")
    return stated


def given(
    stated: Mapping[str, str | list[str]], environment: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Return every setting of KEYS: from *environment*, else *stated* in the file, else its
    default.
    """
    return {
        setting: environment.get(setting) or str(stated.get(key) or default)
        for key, (setting, default) in KEYS.items()
    }


def modules(stated: Mapping[str, str | list[str]], key: str) -> list[str]:
    """Return the modules that the file names under *key*, one of LISTS."""
    return [str(name) for name in stated.get(key, ())]
