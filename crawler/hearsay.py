"""What a site's lists say of its articles in the course of a run, and whether a list with texts is still to come."""

from collections.abc import Mapping

from crawler.reading import Reading
from pipelines.learning.evidence import Evidence, joined

MOST_SAID = 100  # entries of feeds and lists of posts


class Hearsay:
    """What feeds and lists of posts said, by address; held in bounds, whatever a site serves."""

    def __init__(self) -> None:
        self.said: Mapping[str, Evidence] = {}
        self.is_awaited = False
        self._is_heard = False

    def take_up(self, said: Mapping[str, Evidence]) -> None:
        """Take in what is *said*."""
        self.said = dict(list(joined(self.said, said).items())[:MOST_SAID])

    def note(self, reading: Reading) -> None:
        """Take in what came of one page: what it says, and whether it names a list of posts that was not read yet."""
        self.take_up(reading.said)
        if reading.outcome in {"posts", "empty_posts", "bad_posts"}:
            self.is_awaited, self._is_heard = False, True
        elif not self._is_heard and any(candidate.kind == "posts" for candidate in reading.candidates):
            self.is_awaited = True

    def expect(self) -> None:
        """Wait for the list of posts, which is asked for once more."""
        self.is_awaited, self._is_heard = True, False

    def know(self) -> None:
        """Wait for no list of posts: an earlier run has read it, or it cannot be had."""
        self.is_awaited, self._is_heard = False, True
