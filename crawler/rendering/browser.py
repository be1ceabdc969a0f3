"""The user's own Chromium, started when the first page is drawn, and without a network of its own:
what its pages ask for is fetched by the crawl (crawler.rendering.page_requests).
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from storage.extras import how_to_install

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession, Playwright

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Should a request ever pass the interception, it ends at a proxy that is not there.
NOWHERE = "http://127.0.0.1:1"
FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
    "--autoplay-policy=user-gesture-required",
    "--disable-gpu --disable-quic --mute-audio",
)
START_SECONDS = 30.0
END_SECONDS = 5.0
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class BrowserMissing(Exception):
    """Raised when no page can be drawn here; its text gives the reason and what to do."""


def find_browser(named: str) -> str:
    """Return the path of the Chromium that draws pages: the one that is *named*, else the first of
    the usual names on the path. Raises BrowserMissing, also without the library that drives it.
    """
    if find_spec("playwright") is None:
        raise BrowserMissing(f"Drawing pages needs its library: {how_to_install('browser')}")
    found = next(filter(None, map(shutil.which, (named,) if named else CHROMIUMS)), None)
    if found is None and named:
        raise BrowserMissing(f"KNIPSEL_BROWSER names {named}, which is no program here.")
    if found is None:
        raise BrowserMissing(
            "Drawing pages needs Chromium: install it (Debian: apt-get install chromium), or name"
            " yours in KNIPSEL_BROWSER."
        )
    return found


class Chromium:
    """A browser whose pages know neither each other nor an earlier one's cookies."""

    def __init__(self, program: str, user_agent: str) -> None:
        self._program = program
        self._user_agent = user_agent
        self._driver: Playwright | None = None
        self._browser: Browser | None = None
        self._session: CDPSession | None = None

    async def start(self) -> "Browser":
        """Return the browser, started where it does not run. Raises BrowserMissing."""
        from playwright.async_api import Error, async_playwright  # noqa: PLC0415  # only who draws

        if self._browser is not None and self._browser.is_connected():
            return self._browser
        await self.close()
        self._driver = await async_playwright().start()
        try:
            self._browser = await self._driver.chromium.launch(
                executable_path=self._program,
                args=[flag for line in FLAGS for flag in _words(line)],
                chromium_sandbox=os.geteuid() != 0,  # root has none
                proxy={"server": NOWHERE},
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=START_SECONDS * 1000,
            )
        except Error as error:
            reason = error.message.strip().splitlines()[0]
            raise BrowserMissing(f"{self._program} cannot be started: {reason}") from error
        self._session = await self._browser.new_browser_cdp_session()
        return self._browser

    @asynccontextmanager
    async def context(self) -> AsyncIterator["BrowserContext"]:
        """Give the ground of one page; what cannot be closed afterwards takes the browser along.

        Raises BrowserMissing.
        """
        browser = await self.start()
        context = await browser.new_context(
            user_agent=self._user_agent,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            service_workers="block",
            accept_downloads=False,
            viewport={"width": 1280, "height": 900},
        )
        try:
            yield context
        finally:
            if not await _ends(context.close()):
                await self.close()

    async def memory(self) -> int:
        """Return how many bytes of memory the processes of pages use."""
        if self._session is None:
            return 0
        listed = await self._session.send("SystemInfo.getProcessInfo")
        pages = (one["id"] for one in listed["processInfo"] if one["type"] == "renderer")
        return sum(map(_resident_bytes, pages))

    async def close(self) -> None:
        """End the browser; more than once is as once."""
        browser, driver = self._browser, self._driver
        self._browser = self._driver = self._session = None
        if browser is not None:
            await _ends(browser.close())
        if driver is not None:
            await _ends(driver.stop())


def _words(line: str) -> list[str]:
    return [line] if "MAP" in line else line.split()


def _resident_bytes(process: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        fields = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()
        return int(fields[1]) * _PAGE_BYTES
    return 0  # it ended meanwhile


async def _ends(ending: Awaitable[None]) -> bool:
    """Return whether something ended in time."""
    with suppress(Exception):  # what does not end by itself is ended with what it is in
        await asyncio.wait_for(ending, END_SECONDS)
        return True
    return False
