"""The reading room itself: the archive it shows, whether names are shown, and the overview that it
keeps at hand.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from crawler.reading_room.appearance import KeptRequisites
from crawler.reading_room.hidden_names import HiddenNames
from storage.articles import commenter_names
from storage.database import Archive
from storage.privacy import Pseudonyms
from storage.reporting import Overview, read_overview
from storage.warc import Original

FRESH_SECONDS = 30.0

Found = TypeVar("Found")


class Room:
    """Reads the archive in threads of its own, so that a slow question does not keep others
    waiting.
    """

    def __init__(
        self, archive: Archive, folder: Path, database: Path, pseudonyms: Pseudonyms | None
    ) -> None:
        self.warc = folder / "warc"
        self.database = database
        self._archive = archive
        self._pseudonyms = pseudonyms
        self._overview: Overview | None = None
        self._read_at = 0.0
        self._hidden: HiddenNames | None = None
        self._hidden_at = 0.0
        self._reading: asyncio.Task[Overview] | None = None

    @property
    def names(self) -> bool:
        """Whether commenters' names are shown as they are."""
        return self._pseudonyms is None

    def name(self, author: str | None) -> str | None:
        """Return a commenter's name as it is shown."""
        return author if self._pseudonyms is None else self._pseudonyms.of(author)

    async def ask(self, question: Callable[[Connection], Found]) -> Found:
        """Return what *question* finds in the archive."""

        def answer() -> Found:
            with self._archive.read() as connection:
                return question(connection)

        return await asyncio.to_thread(answer)

    async def hidden_names(self) -> HiddenNames | None:
        """Return what takes commenters' names out of texts, None where they are shown."""
        if self._pseudonyms is None:
            return None
        if self._hidden is None or time.monotonic() - self._hidden_at > FRESH_SECONDS:
            names = await self.ask(commenter_names)
            self._hidden = await asyncio.to_thread(HiddenNames, names, self._pseudonyms.of)
            self._hidden_at = time.monotonic()
        return self._hidden

    async def requisites(self, original: Original) -> KeptRequisites | None:
        """Return what is kept of the style sheets and pictures of a stored page, None where
        commenters' names are hidden: a page without them has lost the attributes that styles name.
        """
        return (
            None
            if self._pseudonyms is not None
            else await self.ask(lambda c: KeptRequisites.read(c, self.warc, original))
        )

    async def overview(self) -> Overview:
        """Return the overview, at most half a minute older than the last visit; only the first
        visitor waits for it.
        """
        if self._overview is None or (
            time.monotonic() - self._read_at > FRESH_SECONDS and self._reading is None
        ):
            self._reading = asyncio.create_task(self._read_overview())
            self._reading.add_done_callback(self._forget_reading)
        return self._overview or await self._read_overview()

    async def _read_overview(self) -> Overview:
        self._overview = await self.ask(read_overview)
        self._read_at = time.monotonic()
        return self._overview

    def _forget_reading(self, task: "asyncio.Task[Overview]") -> None:
        self._reading = None
        task.exception()  # a visitor's own question will meet the same trouble and say it
