"""One page while it is drawn: it is let come to rest, what shows more of its thread is pressed
until nothing new comes, and it is watched meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from crawler.rendering.page_requests import PageRequests

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

STILL_SECONDS = 1.0  # so long nothing is asked for and nothing is added: the page is at rest
RESTLESS_SECONDS = 10.0  # so long a page may go on adding before it is pressed all the same
ANSWER_SECONDS = 10.0
LOOK_SECONDS = 0.2
MOST_MEMORY = 1_500_000_000  # bytes, of all processes of the page


@dataclass(frozen=True, slots=True)
class RenderBounds:
    """What one page may cost: *seconds*, not counting the pauses between requests, but never more
    than *longest*; so many *presses* of its buttons, *requests*, and bytes of answers.
    """

    seconds: float
    longest: float
    presses: int
    requests: int
    size: int


class DrawnPage:
    """A page that draws what *requests* answer, within *bounds*; *ending* is the word of ENDINGS
    for why it was not drawn to its end.
    """

    def __init__(self, requests: PageRequests, bounds: RenderBounds) -> None:
        self.ending: str | None = None
        self._requests = requests
        self._bounds = bounds
        self._has_crashed = False
        self._began = monotonic()

    async def draw(
        self,
        context: BrowserContext,
        url: str,
        memory: Callable[[], Awaitable[int]],
        pause: Callable[[], float],
    ) -> bytes | None:
        """Return the page at *url* as it is drawn in *context*, None where it cannot be had.

        *memory* measures how much the browser's pages use, *pause* is the seconds between two
        requests.
        """
        page = await self._opened(context)
        drawing = asyncio.ensure_future(self._draw(page, url))
        watching = asyncio.ensure_future(self._watch(memory, pause))
        await asyncio.wait({drawing, watching}, return_when=asyncio.FIRST_COMPLETED)
        is_drawn = drawing.done()
        for task in (drawing, watching):
            task.cancel()
        ended = await asyncio.gather(drawing, watching, return_exceptions=True)
        self.ending = self._reason(ended[0] if is_drawn else ended[1])
        if self.ending in {"memory", "crashed", "stopped"}:
            return None
        drawn = await self._dom(page)
        self.ending = "busy" if drawn is None else self.ending
        return drawn

    def _reason(self, ended: Any) -> str | None:
        if self._has_crashed:
            return "crashed"
        if isinstance(ended, TimeoutError):
            return "busy"
        if isinstance(ended, BaseException):
            return "failed"
        return ended or ("full" if self._requests.is_full else None)

    async def _opened(self, context: BrowserContext) -> Page:
        """Return the one page of *context*; what would open beside it is closed."""
        page = await context.new_page()
        await context.route("**/*", self._requests.answer)
        page.on("crash", self._note_crash)
        page.on("dialog", self._dismiss)
        page.on("download", lambda _download: self._note("download"))
        context.on("page", self._close_popup)
        return page

    def _note(self, word: str) -> None:
        self._requests.met[word] += 1

    def _note_crash(self, _page: Page) -> None:
        self._has_crashed = True

    async def _dismiss(self, dialog: Any) -> None:
        self._note("dialog")
        with suppress(Exception):  # the page that asked may be gone by now
            await dialog.dismiss()

    async def _close_popup(self, popup: Page) -> None:
        self._note("popup")
        with suppress(Exception):  # as above
            await popup.close()

    async def _watch(self, memory: Callable[[], Awaitable[int]], pause: Callable[[], float]) -> str:
        """Return why the page is to end, as soon as it must."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            spent = monotonic() - self._began
            allowed = self._bounds.seconds + self._requests.sent * pause()
            if self._requests.stop is not None:
                return "stopped"
            if self._has_crashed:
                return "crashed"
            if spent > min(allowed, self._bounds.longest):
                return "time"
            if await memory() > MOST_MEMORY:
                return "memory"

    async def _draw(self, page: Page, url: str) -> str | None:
        """Draw the page until nothing new comes; return a word where a bound ended it."""
        await page.goto(url, wait_until="commit", timeout=ANSWER_SECONDS * 1000)
        size = await self._rest(page)
        left = self._bounds.presses
        while left > 0:
            pressed = await self._ask(page, "press", left)
            left -= pressed
            before, size = size, await self._rest(page)
            if not pressed and size <= before:
                return None
        return "presses"

    async def _rest(self, page: Page) -> int:
        """Wait until the page is at rest and return how many elements it has then."""
        began = since = monotonic()
        size = 0
        while True:
            last, size = size, int(await self._ask(page, "size"))
            now = monotonic()
            if self._requests.in_flight or size != last:
                since = now
            if now - since >= STILL_SECONDS:
                return size
            if now - began > RESTLESS_SECONDS and not self._requests.in_flight:
                self._note("restless")
                return size
            await asyncio.sleep(LOOK_SECONDS)

    async def _dom(self, page: Page) -> bytes | None:
        with suppress(Exception):  # a page that does not answer any more has no form
            drawn = await self._ask(page, "dom", self._bounds.size)
            return drawn.encode("utf-8", "replace") if drawn else None
        return None

    async def _ask(self, page: Page, what: str, most: int = 0) -> Any:
        question = page.evaluate(_script(), {"what": what, "most": most})
        return await asyncio.wait_for(question, ANSWER_SECONDS)


@cache
def _script() -> str:
    return Path(__file__).with_name("page.js").read_text(encoding="utf-8")
