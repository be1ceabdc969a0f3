"""A crawl that is killed while threads are fetched: started again, it has all that a crawl has
which nobody disturbed, each comment once.
"""

import subprocess
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.crawling import ask, crawl, knipsel, start_crawl
from tests.patience import at_most
from tests.scripted.github_hosts import Giscus
from tests.scripted.own_servers import Comentario, Remark42
from tests.scripted.paper import opened
from tests.scripted.shared_hosts import Coral
from tests.scripted.site_software import Discourse, WordPress
from tests.scripted.stand_in import Asked, Instead, StandIn

KINDS = (Coral, Discourse, Giscus, Remark42, Comentario, WordPress)
# Where it dies: the system, what is asked there, the how manieth time, and whether half of the
# answer has gone out by then.
KILLS = [
    ("coral", "/api/graphql", 1, False),
    ("coral", "/api/graphql", 3, True),
    ("discourse", "/embed/comments", 1, True),
    ("discourse", "/t/77/posts.json", 2, False),
    ("giscus", "/api/discussions", 2, True),
    ("remark42", "/api/v1/find", 1, True),
]
TABLES = {
    "articles": "select url, headline, article_body, comments_declared, comments_captured, "
    "comments_gap_reason, comment_system from articles order by url",
    "comments": "select a.url, c.source_id, c.identity, c.position, c.author, c.text, c.status, "
    "c.date_created, c.upvotes, c.downvotes, c.gone_at is null as here, p.source_id as above from "
    "comments c join articles a on a.id = c.article_id left join comments p on p.id = c.parent_id "
    "order by 1, 4, 2",
    "versions": "select count(*) as n from comment_versions",
    "pages": "select url, kind, state, outcome from pages order by url",
}


def dump(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what is kept, without times and keys."""
    return {name: ask(folder, query) for name, query in TABLES.items()}


def deadly(
    stand_in: StandIn, kill: tuple[str, str, int, bool], victim: "list[subprocess.Popen[Any]]"
) -> Callable[[Asked], Instead]:
    """Return what kills the *victim* at its time."""
    _system, path, at, is_half = kill
    count = 0

    def instead(asked: Asked) -> Instead:
        nonlocal count
        count += asked.path == path
        if asked.path != path or count != at:
            return None
        whole = stand_in.answer(asked).body

        def die(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(whole)))
            handler.end_headers()
            handler.wfile.write(whole[: len(whole) // 2] if is_half else b"")
            handler.wfile.flush()
            victim[0].kill()
            victim[0].wait(timeout=at_most(20))

        return die

    return instead


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the archives of a crawl that nobody disturbed, and of one killed at each point."""
    calm, torn = tmp_path_factory.mktemp("calm"), tmp_path_factory.mktemp("torn")
    stand_ins = {kind.system: kind() for kind in KINDS}
    with opened(list(stand_ins.values())) as (paper, _environment):
        ended = crawl(paper.url, calm)
        assert ended.code == 0, ended.err
        codes = []
        for kill in KILLS:
            victim: list[subprocess.Popen[Any]] = []
            stand_in = stand_ins[kill[0]]
            stand_in.instead = deadly(stand_in, kill, victim)
            settings = ("RETRY_AFTER_SECONDS=0.1", "EXTRACTION_WORKERS=1")
            silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            victim.append(start_crawl(paper.url, torn, *settings, **silent))
            codes.append(victim[0].wait(timeout=at_most(120)))
            stand_in.instead = lambda _asked: None
        # What a killed run had already stored is not asked again: its point is never reached.
        assert set(codes) <= {-9, 0}
        assert codes.count(-9) >= len(KILLS) / 2, codes
        last = crawl(paper.url, torn)
        assert last.code == 0, last.err
    return calm, torn


@pytest.mark.parametrize("table", TABLES)
def test_a_killed_crawl_ends_with_what_an_undisturbed_one_has(
    folders: tuple[Path, Path], table: str
) -> None:
    calm, torn = (dump(folder)[table] for folder in folders)
    assert torn == calm
    assert calm


def test_nothing_is_stored_twice_and_the_archive_is_whole(folders: tuple[Path, Path]) -> None:
    twice = "select article_id, source_id from comments group by 1, 2 having count(*) > 1"
    assert ask(folders[1], twice) == []
    verified = knipsel("verify", "-s", f"KNIPSEL_ARCHIVE={folders[1]}")
    assert verified.code == 0, verified.out + verified.err
