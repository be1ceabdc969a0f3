"""What a site's feeds and lists of posts state of its articles, and which lists are awaited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crawler.extraction.page_reading import PageReading
from pipelines import learning

MOST_STATED = 100  # entries of feeds and lists of posts
_ENDS = frozenset({"posts", "empty_posts", "bad_posts"})


class FeedEvidence:
    """What feeds and lists of posts state, by address; kept in bounds, whatever a site serves."""

    def __init__(self) -> None:
        self.stated: Mapping[str, learning.StatedEvidence] = {}
        self._awaited: set[str] = set()
        self._heard: set[str] = set()

    @property
    def is_awaited(self) -> bool:
        """Return whether a list of posts is on its way."""
        return bool(self._awaited)

    def take_up(self, stated: Mapping[str, learning.StatedEvidence]) -> None:
        """Take in what is *stated*."""
        self.stated = dict(list(learning.joined(self.stated, stated).items())[:MOST_STATED])

    def note(self, url: str, reading: PageReading) -> None:
        """Take in what came of the page at *url*: what it contains, and which lists of posts it
        names that were not read yet.
        """
        self.take_up(reading.stated)
        if reading.outcome in _ENDS:
            self.know([url])
        named = {candidate.url for candidate in reading.candidates if candidate.kind == "posts"}
        self._awaited |= named - self._heard

    def know(self, urls: Iterable[str]) -> None:
        """Wait no longer for the lists at *urls*: they were read, or cannot be had."""
        self._heard.update(urls)
        self._awaited -= self._heard

    def expect(self) -> None:
        """Wait for the lists that were read once more."""
        self._awaited |= self._heard
        self._heard.clear()

    def give_up(self) -> None:
        """Wait for no list."""
        self.know(self._awaited)
