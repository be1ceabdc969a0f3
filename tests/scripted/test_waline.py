"""A real Waline under sixty articles, one of whose threads has more than one page: a crawl has
every comment that its readers see, and the next run what came, changed and went since.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.crawling import ask, crawl
from tests.scripted.isso_server import free_port
from tests.scripted.village_site import Kept, Remark, kept, path_of, remarks, told, village
from tests.scripted.waline_server import Waline, waline

TOOLS = os.environ.get("KNIPSEL_TEST_WALINE")
pytestmark = pytest.mark.skipif(
    not TOOLS,
    reason="Waline needs Node.js; set KNIPSEL_TEST_WALINE to where npm put @waline/vercel",
)
HIDDEN = (3, 397, 398)


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Waline]:
    """Return a Waline whose readers said four hundred things, three of which wait unseen."""
    with waline(TOOLS or "", tmp_path_factory.mktemp("waline"), free_port()) as running:
        running.fill(remarks())
        for number in HIDDEN:
            running.hide(running.keys[number])
        yield running


def visible(server: Waline, said: list[Remark]) -> dict[str, Kept]:
    """Return what the archive should have, by Waline's own ids."""
    return {
        key: told(said, number, None if one.parent is None else server.keys[one.parent])
        for number, (key, one) in enumerate(zip(server.keys, said, strict=True))
        if number not in HIDDEN
    }


def test_every_visible_comment_is_stored_and_changes_are_found(
    server: Waline, tmp_path: Path
) -> None:
    box = (
        '<div id="waline"></div><script type="module">import { init } from '
        "'https://unpkg.example/@waline/client/waline.js';\n"
        f"init({{ el: '#waline', serverURL: '{server.url}', lang: 'nl' }});</script>"
    )
    said = remarks()
    with village(box) as site:
        ended = crawl(site.url, tmp_path)
        assert ended.code == 0, ended.err
        assert kept(tmp_path) == visible(server, said)
        systems = ask(tmp_path, "select distinct comment_system from articles")
        assert systems == [{"comment_system": "waline"}]
        pages = ask(
            tmp_path, "select count(*) as n from fetches where url like '%/api/comment%page=2%'"
        )
        assert pages == [{"n": 1}]

        edited, removed = server.keys[10], server.keys[20]
        server.edit(edited, "Bij nader inzien vind ik het **toch** mooi.")
        server.remove(removed)
        late = Remark(
            path_of(7), "Rixt Bouma", "Nu pas gelezen, hulde!", datetime(2025, 4, 1, tzinfo=UTC)
        )
        server.say(late)
        again = crawl(site.url, tmp_path, "-a", "refresh=all")
        assert again.code == 0, again.err

    expected = visible(server, [*said, late])
    expected[edited] = replace(expected[edited], text="Bij nader inzien vind ik het toch mooi.")
    expected[removed] = replace(told(said, 20, None), is_gone=True)
    assert kept(tmp_path) == expected
