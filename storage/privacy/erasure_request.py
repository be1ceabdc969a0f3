"""What is asked to be erased, and the plan of what falls under it."""

from dataclasses import dataclass, field
from pathlib import Path

from storage.warc import ErasableCapture


class NothingToErase(Exception):
    """Raised when an erasure cannot be carried out; its text gives the reason."""


class NothingFound(NothingToErase):
    """Raised when the archive holds nothing of what is to be erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRequest:
    """Whose or what is to be forgotten: exactly one of a commenter's name, a comment's key, an
    address, a site's host; *reports* is a folder of reports that may name it.
    """

    author: str | None = None
    comment: int | None = None
    url: str | None = None
    site: str | None = None
    reports: Path | None = None


@dataclass(slots=True)
class Plan:
    """What an erasure takes away: keys of rows, captures, and the tombstones that it sets."""

    request: ErasureRequest
    comments: set[int] = field(default_factory=set)
    author_names: set[str] = field(default_factory=set)
    pages: set[int] = field(default_factory=set)
    sites: set[int] = field(default_factory=set)
    origins: set[str] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    emptied_pages: set[int] = field(default_factory=set)
    words: set[tuple[str, ...]] = field(default_factory=set)
    tombstones: set[tuple[str, str]] = field(default_factory=set)
    captures: dict[Path, list[ErasableCapture]] = field(default_factory=dict)
    copies: list[Path] = field(default_factory=list)
    mentions: int = 0
