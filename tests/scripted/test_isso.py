"""A real Isso under sixty articles: a crawl has every comment that its readers see, and the next
run what came, changed and went since.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.crawling import ask, crawl, knipsel
from tests.scripted.isso_server import Isso, free_port, isso
from tests.scripted.village_site import (
    ARTICLES,
    COMMENTS,
    Kept,
    Remark,
    kept,
    path_of,
    remarks,
    told,
    village,
)

TOOLS = os.environ.get("KNIPSEL_TEST_ISSO")
pytestmark = pytest.mark.skipif(
    not TOOLS,
    reason="Isso needs an environment of its own; set KNIPSEL_TEST_ISSO to its bin folder",
)
HIDDEN = (3, 200, 311)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isso]:
    """Return an Isso whose readers said four hundred things, three of which wait unseen."""
    folder, port = tmp_path_factory.mktemp("isso"), free_port()
    with isso(TOOLS or "", folder, port, "http://127.0.0.1/") as running:
        running.fill(remarks())
        for number in HIDDEN:
            running.hide(running.keys[number])
        yield running


def visible(server: Isso, said: list[Remark]) -> dict[str, Kept]:
    """Return what the archive should have, by Isso's own ids: Isso keeps one level of answers."""
    parents = server.parents()
    hidden = {server.keys[number] for number in HIDDEN}
    return {
        key: told(said, number, parents[key])
        for number, key in enumerate(server.keys)
        if key in parents and not {key, parents[key]} & hidden
    }


def test_every_visible_comment_is_stored_and_changes_are_found(
    server: Isso, tmp_path: Path
) -> None:
    box = (
        f'<script data-isso="{server.url}/" src="{server.url}/js/embed.min.js"></script>'
        '<section id="isso-thread"><noscript>Zet scripts aan.</noscript></section>'
    )
    said = remarks()
    with village(box) as site:
        ended = crawl(site.url, tmp_path)
        assert ended.code == 0, ended.err
        assert kept(tmp_path) == visible(server, said)
        assert len(kept(tmp_path)) >= COMMENTS - 3 * len(HIDDEN)
        systems = ask(tmp_path, "select distinct comment_system, comments_gap_reason from articles")
        assert systems == [{"comment_system": "isso", "comments_gap_reason": None}]

        edited, removed, answered = server.keys[10], server.keys[20], server.keys[-1]
        server.edit(edited, said[10].author, "Bij nader inzien vind ik het *toch* mooi.")
        server.remove(removed)
        late = Remark(
            path_of(7), "Rixt Bouma", "Nu pas gelezen, hulde!", datetime(2025, 4, 1, tzinfo=UTC)
        )
        new = server.say(late)
        again = crawl(site.url, tmp_path, "-a", "refresh=all")
        assert again.code == 0, again.err

    expected = visible(server, [*said, late])
    expected[edited] = replace(expected[edited], text="Bij nader inzien vind ik het toch mooi.")
    expected[removed] = replace(told(said, 20, None), is_gone=True)  # nobody had answered it
    found = kept(tmp_path)
    assert found == expected
    assert {new, answered} <= found.keys()
    versions = ask(
        tmp_path,
        f"select v.text from comment_versions v join comments c on "
        f"c.id = v.comment_id where c.source_id = '{edited}'",
    )
    assert [row["text"] for row in versions] == [said[10].text]

    again = knipsel("reextract", "--dry-run", "-s", f"KNIPSEL_ARCHIVE={tmp_path}")
    assert again.code == 0, again.err
    assert re.search(rf"unchanged {ARTICLES}\b", again.out)
