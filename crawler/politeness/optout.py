"""The opt-out list: hosts and addresses that are never fetched, whoever asks. A file of lines, read
anew when it changes.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

FILE_NAME = "optout.txt"


class OptOut:
    """The rules of a file; without the file nothing is opted out.

    A line is a host ("example.nl": that host and all below it) or a pattern of addresses
    ("https://example.nl/prive/*", "*/profiel/*"). Empty lines and what follows a "#" do not count.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: float | None = None
        self._hosts: frozenset[str] = frozenset()
        self._patterns: tuple[re.Pattern[str], ...] = ()

    def covers(self, url: str) -> bool:
        """Return whether *url* must not be fetched."""
        self._refresh()
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        labels = host.split(".")
        if any(".".join(labels[start:]) in self._hosts for start in range(len(labels))):
            return True
        return any(pattern.fullmatch(url) for pattern in self._patterns)

    def _refresh(self) -> None:
        try:
            changed_at = self._path.stat().st_mtime
        except FileNotFoundError:
            changed_at = None
        if changed_at == self._read_at:
            return
        lines = (
            self._path.read_text(encoding="utf-8").splitlines() if changed_at is not None else []
        )
        rules = [rule for line in lines if (rule := line.partition("#")[0].strip())]
        self._hosts = frozenset(
            rule.lower().removeprefix("www.") for rule in rules if not set(rule) & set("/*")
        )
        patterns = [rule for rule in rules if set(rule) & set("/*")]
        self._patterns = tuple(
            re.compile(".*".join(re.escape(part) for part in rule.split("*"))) for rule in patterns
        )
        self._read_at = changed_at
