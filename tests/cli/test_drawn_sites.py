"""Sites that a browser draws, where there is none: one clear sentence, and nothing is crawled."""

import json
from pathlib import Path

from storage import crawl as stored
from storage import database
from tests.crawling import ask, knipsel
from tests.local_site import LocalSite

NOWHERE = "KNIPSEL_BROWSER=/nergens/chromium"
SITE = "https://www.example.nl/"


def says_why(text: str) -> bool:
    """Return whether *text* names what is missing: the library, or the browser."""
    words = " ".join(text.split())
    is_library = "Drawing pages needs its library:" in words and "playwright" in words
    return is_library or "KNIPSEL_BROWSER names /nergens/chromium, which is no program" in words


def test_no_site_is_drawn_where_no_browser_is(tmp_path: Path) -> None:
    archive = ("-s", f"KNIPSEL_ARCHIVE={tmp_path}")
    added = knipsel("sites", "add", SITE, "--unchecked", "--render", *archive, "-s", NOWHERE)
    assert added.code == 2
    assert says_why(added.err)
    assert json.loads(knipsel("sites", "--json", *archive).out) == {"sites": []}
    assert knipsel("sites", "add", SITE, "--unchecked", *archive).code == 0
    changed = knipsel("sites", "set", SITE, "--render", *archive, "-s", NOWHERE)
    assert changed.code == 2
    assert says_why(changed.err)
    (row,) = json.loads(knipsel("sites", "--json", *archive).out)["sites"]
    assert row["render"] is False


def test_set_wants_something_to_set(tmp_path: Path) -> None:
    archive = ("-s", f"KNIPSEL_ARCHIVE={tmp_path}")
    assert knipsel("sites", "add", SITE, "--unchecked", *archive).code == 0
    changed = knipsel("sites", "set", SITE, *archive)
    assert changed.code == 2
    assert "--render, or --no-render" in changed.err
    unknown = knipsel("sites", "set", "https://elders.example/", "--no-render", *archive)
    assert unknown.code == 2
    assert "There is no site elders.example" in unknown.err


def test_a_crawl_without_its_browser_asks_for_nothing(tmp_path: Path) -> None:
    with LocalSite({}) as site:
        knipsel("sites", "add", site.url, "--unchecked", "-s", f"KNIPSEL_ARCHIVE={tmp_path}")
        archive = database.Archive.open(database.default_database(tmp_path))
        with archive.begin() as connection:
            site_id = stored.sites.find_site(connection, site.url).site_id
            stored.sites.set_render(connection, site_id, render=True)
        archive.close()
        for more in ((), ("-a", f"site={site.url}")):
            ended = knipsel(
                "crawl", "articles", *more, "-s", f"KNIPSEL_ARCHIVE={tmp_path}", "-s", NOWHERE
            )
            assert ended.code == 2
            assert says_why(ended.err)
        assert site.asked == []
    assert ask(tmp_path, "select locked_by from sites") == [{"locked_by": None}]
    assert ask(tmp_path, "select id from runs") == []
