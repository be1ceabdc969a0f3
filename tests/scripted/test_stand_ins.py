"""One paper whose articles each have another system's thread: a crawl over HTTP has all that its
readers see and nothing that they do not, and the next run what came, changed and went since.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.crawling import ask, crawl, knipsel
from tests.scripted.conversation import revised
from tests.scripted.elsewhere import SETTING
from tests.scripted.github_hosts import Giscus, Utterances
from tests.scripted.own_servers import Comentario, Commento, Remark42
from tests.scripted.paper import opened
from tests.scripted.shared_hosts import Coral, Disqus
from tests.scripted.site_software import Discourse, WordPress
from tests.scripted.stand_in import Row, StandIn

KINDS = (Coral, Disqus, Discourse, Remark42, Comentario, Commento, Giscus, Utterances, WordPress)
SYSTEMS = [kind.system for kind in KINDS]


@dataclass(frozen=True)
class Crawled:
    """What the archive has of each system's thread, by the system's ids, and of its article."""

    threads: dict[str, dict[str, Row]]
    gone: dict[str, set[str]]
    articles: dict[str, dict[str, Any]]
    expected: dict[str, dict[str, Row]]
    declared: dict[str, int | None]


def crawled(folder: Path, stand_ins: list[StandIn]) -> Crawled:
    """Return what the archive in *folder* has."""
    rows = ask(
        folder,
        "select c.*, a.url as page, p.source_id as above from comments c join articles a "
        "on a.id = c.article_id left join comments p on p.id = c.parent_id",
    )
    articles = {
        "/" + row["url"].split("/", 3)[3]: row
        for row in ask(
            folder,
            "select url, comment_system, comments_declared as declared, "
            "comments_gap_reason as gap from articles",
        )
    }
    return Crawled(
        threads={one.system: _thread(rows, one) for one in stand_ins},
        gone={
            one.system: {
                row["source_id"] for row in rows if row["page"] == one.page and row["gone_at"]
            }
            for one in stand_ins
        },
        articles={one.system: articles[one.path] for one in stand_ins},
        expected={one.system: one.expected() for one in stand_ins},
        declared={one.system: one.declared() for one in stand_ins},
    )


def _thread(rows: list[dict[str, Any]], stand_in: StandIn) -> dict[str, Row]:
    own = [row for row in rows if row["page"] == stand_in.page and not row["gone_at"]]
    return {
        row["source_id"]: Row(
            author=row["author"],
            text=row["text"],
            moment=str(row["date_created"]).replace("T", " ")[:19],
            parent=row["above"],
            status=row["status"],
            ups=row["upvotes"],
            downs=row["downvotes"],
            is_staff=bool(row["author_is_staff"]),
        )
        for row in own
    }


@dataclass(frozen=True)
class Runs:
    """Two runs on the paper, with what the archive had after each."""

    first: Crawled
    second: Crawled
    folder: Path
    stand_ins: list[StandIn]


@pytest.mark.parametrize("how", ["off", "same-host", "robots"])
def test_who_may_not_be_asked_is_not(how: str, tmp_path: Path) -> None:
    stand_ins: list[StandIn] = [kind() for kind in KINDS]
    for one in stand_ins:
        one.robots = "User-agent: *\nDisallow: /\n" if how == "robots" else one.robots
    mode = ("-s", f"KNIPSEL_THREADS={'all' if how == 'robots' else how}")
    with opened(stand_ins) as (paper, environment):
        ended = crawl(paper.url, tmp_path, "-s", SETTING, *mode, environment=environment)
        assert ended.code == 0, ended.err
        found = crawled(tmp_path, stand_ins)
    for one in stand_ins:
        is_own = one.system == "wordpress"  # the site's own second source is no other's thread
        assert {asked.path for asked in one.asked} - {"/robots.txt"} == set()
        gap = None if is_own else "widget"
        assert (found.articles[one.system]["gap"], bool(found.threads[one.system])) == (gap, is_own)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    folder = tmp_path_factory.mktemp("paper")
    stand_ins: list[StandIn] = [kind() for kind in KINDS]
    with opened(stand_ins) as (paper, environment):
        ended = crawl(paper.url, folder, "-s", SETTING, environment=environment)
        assert ended.code == 0, ended.err
        first = crawled(folder, stand_ins)
        for one in stand_ins:
            one.said = revised(one.said)
        again = crawl(
            paper.url, folder, "-s", SETTING, "-a", "refresh=all", environment=environment
        )
        assert again.code == 0, again.err
        yield Runs(first, crawled(folder, stand_ins), folder, stand_ins)


@pytest.mark.parametrize("system", SYSTEMS)
def test_all_that_readers_see_is_stored_and_nothing_else(runs: Runs, system: str) -> None:
    assert runs.first.threads[system] == runs.first.expected[system]
    article = runs.first.articles[system]
    assert article["declared"] == runs.first.declared[system]
    assert article["comment_system"] == system


@pytest.mark.parametrize("system", SYSTEMS)
def test_only_what_a_system_does_not_return_is_a_gap(runs: Runs, system: str) -> None:
    gap = runs.first.articles[system]["gap"]
    assert gap == "pagination" if system == "disqus" else gap in {None, "withheld"}


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_next_run_finds_what_came_changed_and_went(runs: Runs, system: str) -> None:
    assert runs.second.threads[system] == runs.second.expected[system]
    before, now = runs.first.expected[system], runs.second.expected[system]
    assert runs.second.gone[system] == (before.keys() - now.keys())


def test_reextract_reads_all_of_it_from_the_captures(runs: Runs) -> None:
    again = knipsel("reextract", "--dry-run", "-s", f"KNIPSEL_ARCHIVE={runs.folder}")
    assert again.code == 0, again.err
    assert re.search(rf"unchanged {len(SYSTEMS)}\b", again.out), again.out


def test_no_system_is_asked_for_more_than_its_thread(runs: Runs) -> None:
    for stand_in in runs.stand_ins:
        private = {"Cookie", "Referer", "Authorization"}
        assert not any(private & asked.headers.keys() for asked in stand_in.asked)
        paths = [asked.path for asked in stand_in.asked]
        assert stand_in.system == "wordpress" or "/robots.txt" in paths
