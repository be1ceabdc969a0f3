"""Pseudonyms of commenters: the same name is the same pseudonym within one archive, and no other
archive's.
"""

import functools
import hashlib
import hmac
import os
import secrets
from base64 import b32encode
from pathlib import Path
from typing import Self

from storage.database import ArchiveUnavailable
from storage.text_hash import plain_text

KEY_FILE = "pseudonyms.key"
NAMES_AT_HAND = 100_000


class Pseudonyms:
    """Gives names their pseudonyms under a secret key, without which they cannot be
    computed again.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._given = functools.lru_cache(NAMES_AT_HAND)(self._make)

    def __reduce__(self) -> tuple[type[Self], tuple[bytes]]:
        """Travel to another process as the key alone."""
        return type(self), (self._key,)

    def of(self, name: str | None) -> str | None:
        """Return the pseudonym of *name*; white space and case do not make another person
        of one.
        """
        return None if name is None else self._given(name)

    def _make(self, name: str) -> str:
        digest = hmac.digest(
            self._key, plain_text(name).encode("utf-8", "surrogatepass"), hashlib.sha256
        )
        return "lezer-" + b32encode(digest[:10]).decode("ascii").lower()


def open_pseudonyms(folder: Path) -> Pseudonyms:
    """Return the pseudonyms of the archive in *folder*, whose key file is made when it is missing.

    Whoever has the key knows who wrote what: it is readable by its owner only, and is never part
    of an export. Raises ArchiveUnavailable when the key can be neither read nor made.
    """
    path = folder / KEY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32) + "\n")
        return Pseudonyms(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except (OSError, ValueError) as error:
        raise ArchiveUnavailable(
            f"The key of the pseudonyms, {path}, cannot be read: {error}."
        ) from error
