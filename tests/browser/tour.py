"""Makes the screenshots of docs/reading.md from the demo's site and the sample archive: python -m
tests.browser.tour docs/tour
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browsing import article_key, browsing, build

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
NOWHERE = "http://127.0.0.1:9"


def take(browser: Browser, room: str, folder: Path, target: Path) -> list[Path]:
    """Take the tour and return its pictures."""
    market = article_key(folder, "https://dorpskrant.example/markt/")
    stops = (
        ("front", "/", 1000), ("search", "/search?q=molen", 1000),
        ("article", f"/article/{market}", 1000),
        ("phone", f"/article/{market}", 360), ("site", "/site/vakblad.example", 1000),
    )  # fmt: skip
    target.mkdir(parents=True, exist_ok=True)
    made = []
    for name, path, width in stops:
        page = browser.new_page(
            base_url=room, viewport={"width": width, "height": 700}, locale="en"
        )
        page.goto(path)
        made.append(target / f"{name}.png")
        page.screenshot(path=made[-1])
        page.close()
    return made


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder, NOWHERE)
        with browsing(folder) as room, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for picture in take(browser, room, folder, Path(sys.argv[1])):
                print(picture)
            browser.close()
