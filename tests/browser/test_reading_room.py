"""The reading room in a real Chromium: read, searched, sorted, downloaded, by mouse, keyboard and
phone; strangers' texts stay texts.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.browser.tour import CHROMIUM, FLAGS, take
from tests.browser.trap import Trap
from tests.browsing import HOSTILE_PAGE, LONG_THREAD, WORD, article_key, browsing, build
from tests.crawling import ROOT, ask

SCREENSHOTS = Path(os.environ.get("KNIPSEL_SCREENSHOTS", ROOT / "build" / "screenshots"))


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    made = Trap()
    yield made
    made.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, trap: Trap) -> Path:
    made = tmp_path_factory.mktemp("room")
    build(made, trap.url)
    return made


@pytest.fixture(scope="module")
def room(folder: Path) -> Iterator[str]:
    with browsing(folder, "--names") as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no chromium is installed; apt-get install chromium")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, room: str) -> Iterator[Page]:
    """A page that fails the test when anything is asked of another address than the reading
    room's.
    """
    context = browser.new_context(base_url=room, locale="nl-NL", accept_downloads=True)
    elsewhere: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(room):
            elsewhere.append(request.url)

    context.on("requestfinished", note)
    opened = context.new_page()
    yield opened
    context.close()
    assert elsewhere == []


def shoot(page: Page, name: str) -> None:
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def test_an_article_is_found_opened_and_its_original_looked_at(page: Page) -> None:
    page.goto("/")
    shoot(page, "front")
    page.get_by_role("searchbox").fill("balkon")
    page.get_by_role("button", name="Zoeken").click()
    shoot(page, "search")
    page.locator(".hits a").first.click()
    headline = page.locator("h1").inner_text()
    assert "balkon" in headline.lower()
    shoot(page, "article")
    page.locator(".facts a", has_text="gelezen").click()
    shoot(page, "original")
    assert headline in page.frame_locator("iframe").locator("h1").all_inner_texts()


def test_a_thread_of_two_hundred_comments_unfolds(page: Page, folder: Path) -> None:
    page.goto(f"/article/{article_key(folder, LONG_THREAD)}")
    comments = page.locator(".comment")
    assert comments.count() == 200
    assert not page.get_by_text("Reactie nummer 4", exact=True).is_visible()
    page.get_by_role("button", name="Alles uitklappen").click()
    assert all(comment.is_visible() for comment in comments.all())
    assert page.locator(".mark.gone").count() == 1
    shoot(page, "thread")


def test_a_link_to_a_folded_comment_opens_its_place(page: Page, folder: Path) -> None:
    page.goto(f"/article/{article_key(folder, LONG_THREAD)}")
    key = page.locator(".comment", has_text="Reactie nummer 199").last.get_attribute("id")
    page.goto(f"/article/{article_key(folder, LONG_THREAD)}#{key}")
    assert page.get_by_text("Reactie nummer 199", exact=True).is_visible()


def test_a_vanished_comment_and_what_changed_are_seen(page: Page, folder: Path) -> None:
    page.goto(f"/article/{article_key(folder, 'https://dorpskrant.example/markt/')}")
    assert (
        page.locator(".mark.gone")
        .inner_text()
        .startswith("verdwenen, voor het eerst gemist op 2024-06-05")
    )
    page.get_by_text("Wat er veranderde").click()
    assert page.locator("ins").first.is_visible()
    shoot(page, "history")


def test_a_table_sorts_by_keyboard_and_downloads(page: Page, folder: Path) -> None:
    page.goto("/?lang=en")
    heading = page.locator("#sites th", has_text="articles").get_by_role("button")
    heading.focus()
    page.keyboard.press("Enter")
    counts = [
        int(text) for text in page.locator("#sites tbody tr td:nth-child(2)").all_inner_texts()
    ]
    assert counts == sorted(counts)
    page.keyboard.press("Enter")
    assert page.locator("#sites th[aria-sort=descending]").count() == 1
    with page.expect_download() as download:
        page.get_by_role("link", name="As CSV").first.click()
    lines = Path(download.value.path()).read_text().splitlines()
    (sites,) = ask(folder, "SELECT COUNT(DISTINCT site_id) AS n FROM articles")
    assert len(lines) == sites["n"] + 1


def test_the_keyboard_alone_reaches_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_no_page_has_a_serious_fault_or_is_wider_than_the_screen(
    browser: Browser, room: str, folder: Path, scheme: str, width: int
) -> None:
    market, hostile = (
        article_key(folder, url) for url in ("https://dorpskrant.example/markt/", HOSTILE_PAGE)
    )
    context = browser.new_context(
        base_url=room, color_scheme=scheme, viewport={"width": width, "height": 800}
    )  # type: ignore[arg-type]
    page = context.new_page()
    for name, path in (
        ("front", "/"), ("search", "/search?q=molen"), ("market", f"/article/{market}"),
        ("hostile", f"/article/{hostile}"),
        ("site", "/site/dorpskrant.example"), ("commenter", "/commenter?name=Kees"),
        ("missing", "/article/999999"),
    ):  # fmt: skip
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        serious = [
            (one["id"], one["nodes"][0]["html"][:200])
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]
        assert serious == [], path
        if name != "hostile":
            shoot(page, f"{name}-{scheme}-{width}")
    context.close()


def test_hostile_texts_are_text_and_the_page_stays_whole(
    page: Page, folder: Path, trap: Trap
) -> None:
    key = article_key(folder, HOSTILE_PAGE)
    before = trap.connections
    for path in (
        f"/article/{key}",
        f"/search?q={WORD}",
        "/search?q=gekaapt&in=comments",
        "/commenter?name=Diep%201",
        "/archive/comments",
        "/site/vijand.example",
    ):
        page.goto(path)
        page.wait_for_load_state("load")
        assert page.title() != "gekaapt"
        assert page.locator("script:not([src])").filter(has_text="gekaapt").count() == 0
    page.goto(f"/article/{key}")
    assert page.locator(".comment").count() == 310
    assert page.locator("main .stranger", has_text="<svg onload=").count() >= 1
    assert page.locator("main svg, main iframe, main img, main style, main script").count() == 0
    assert page.locator("footer, main").first.is_visible()
    page.screenshot(path=SCREENSHOTS / "hostile.png")
    assert trap.connections == before


def test_a_hostile_original_can_neither_run_load_nor_lead_away(
    page: Page, folder: Path, trap: Trap
) -> None:
    (fetch,) = ask(folder, "SELECT id FROM fetches WHERE url LIKE 'https://vijand.example/%'")
    before = trap.connections
    page.goto(f"/original/{fetch['id']}")
    frame = page.frame_locator("iframe")
    frame.get_by_text("De kop van het origineel").wait_for()
    for link in ("#away", "#inside", "#send"):
        if frame.locator(link).count():
            frame.locator(link).click(no_wait_after=True)
            page.wait_for_timeout(300)
    assert page.url.endswith(f"/original/{fetch['id']}")
    page.goto(f"/original/{fetch['id']}/page")
    page.wait_for_timeout(500)
    assert page.url.endswith("/page")
    assert trap.connections == before


def test_the_tour_s_pictures_can_be_made_anew(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    with browsing(folder) as url:
        made = take(browser, url, folder, tmp_path)
    shown = re.findall(
        r"\]\(tour/([^)]+)\)", (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    )
    assert [picture.name for picture in made] == shown
    assert all(picture.stat().st_size > 5_000 for picture in made)
