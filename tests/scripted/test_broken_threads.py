"""Threads whose servers are broken, endless or hostile: each costs itself only, and its article has
a gap that says so.
"""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.crawling import ask, crawl
from tests.scripted.conversation import conversation
from tests.scripted.github_hosts import Giscus
from tests.scripted.own_servers import Comentario, Remark42
from tests.scripted.paper import opened
from tests.scripted.shared_hosts import Coral
from tests.scripted.site_software import Discourse
from tests.scripted.stand_in import Asked, Instead, Reply, StandIn, as_json

MOST = 4  # requests of a thread in these tests
GIGABYTE = 10**9


def redirect(target: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", target)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return respond


def huge(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(GIGABYTE))
    handler.end_headers()
    stream(handler)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Connection", "close")
    handler.end_headers()
    stream(handler)


def stream(handler: BaseHTTPRequestHandler) -> None:
    """Send JSON that does not end, until nobody listens."""
    try:
        handler.wfile.write(b'{"comments": [')
        for _ in range(2000):
            handler.wfile.write(b'{"text": "woord"},' * 4000)
    except OSError:
        handler.close_connection = True


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"comments": [{"comment": {"id": "1", "text": "Half"}}')


HTML = Reply(200, b"<html><title>Onderhoud</title><p>Even geduld</p></html>", "text/html")
ANSWERS: dict[str, Any] = {
    "error": Reply(500, b"kapot"),
    "html": HTML,
    "html_called_json": HTML._replace(kind="application/json"),
    "truncated_json": Reply(200, b'{"comments": [{"comment": {"id": "1", "text"'),
    "cut_off": cut_off,
    "huge": huge,
    "endless": endless,
    "empty": Reply(200, b""),
    "nested": Reply(200, b"[" * 100_000),
    "numbers": Reply(200, b'{"comments": ' + b"9" * 5000 + b"}"),
    "to_private": redirect("http://169.254.169.254/latest/meta-data/"),
    "to_intranet": redirect("http://10.0.0.1/"),
    "to_file": redirect("file:///etc/passwd"),
    "to_itself": redirect("?site=dorp"),
}


def answering(answer: Any) -> StandIn:
    stand_in = Remark42()
    stand_in.instead = lambda _asked: answer
    return stand_in


def persisted_only(_asked: Asked) -> Instead:
    """Coral in production (persistedQuery.ts): none but its own scripts' queries."""
    return as_json({"errors": [{"message": "RAW_QUERY_NOT_AUTHORIZED"}]}, 400)


def same_cursor(coral: Coral) -> Callable[[Asked], Instead]:
    """Return what has the first page's list end where it ended before, again and again."""

    def instead(asked: Asked) -> Instead:
        body = json.loads(asked.body)
        if body["variables"].get("after"):
            body["variables"].pop("after")
        answer = json.loads(coral.answer(_with(asked, body)).body)
        page = answer["data"]["story"]["comments"]["pageInfo"]
        page |= {"hasNextPage": True, "endCursor": "steeds hetzelfde"}
        return as_json(answer)

    return instead


def new_cursors(coral: Coral) -> Callable[[Asked], Instead]:
    """Return what has the same page under ever new cursors."""
    count = iter(range(10_000))
    again = same_cursor(coral)

    def instead(asked: Asked) -> Instead:
        reply = again(asked)
        assert isinstance(reply, Reply)
        return reply._replace(body=reply.body.replace(b"steeds hetzelfde", b"%d" % next(count)))

    return instead


def _with(asked: Asked, body: Any) -> Asked:
    return Asked(asked.method, asked.path, asked.query, asked.lists, json.dumps(body).encode(), {})


def ever_more(asked: Asked) -> Instead:
    """A discussion that has always a hundred more."""
    start = int(asked.query.get("after") or 0)
    nodes = [
        {"id": f"D{n}", "createdAt": "2025-03-01T08:00:00Z", "bodyHTML": f"<p>Nummer {n}</p>",
         "author": {"login": "Foppe"}, "replies": [], "replyCount": 0, "deletedAt": None}
        for n in range(start, start + 100)
    ]  # fmt: skip
    page = {"hasNextPage": True, "endCursor": str(start + 100)}
    return as_json({"discussion": {"comments": nodes, "pageInfo": page, "totalCommentCount": 9**9,
                                   "totalReplyCount": 0}})  # fmt: skip


def coral(instead: Callable[[Coral], Callable[[Asked], Instead]]) -> StandIn:
    stand_in = Coral()
    stand_in.instead = instead(stand_in)
    return stand_in


def made(instead: Callable[[Asked], Instead], kind: type[StandIn]) -> StandIn:
    stand_in = kind()
    stand_in.instead = instead
    return stand_in


def broken_second_page(asked: Asked) -> Instead:
    return Reply(503, b"vol") if asked.path.endswith("posts.json") else None


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, ...]]:
    """Return for each broken thread the gap, the number of comments and the requests."""
    folder: Path = tmp_path_factory.mktemp("broken")
    broken = {name: answering(answer) for name, answer in ANSWERS.items()} | {
        "persisted": made(persisted_only, Coral),
        "same_cursor": coral(same_cursor),
        "new_cursors": coral(new_cursors),
        "ever_more": made(ever_more, Giscus),
        "second_page": made(broken_second_page, Discourse),
        "sound": Comentario(),
    }
    with opened(list(broken.values())) as (paper, environment):
        limits = ("-s", f"PAGES_PER_ARTICLE={MOST}", "-s", "DOWNLOAD_TIMEOUT=20")
        ended = crawl(paper.url, folder, *limits, environment=environment)
    assert ended.code == 1  # the run tells what was not read
    assert "comments on further pages that were not read" in ended.err
    rows = ask(
        folder,
        "select url, comments_gap_reason as gap, article_body as body, "
        "(select count(*) from comments c where c.article_id = a.id) as n from articles a",
    )
    by_path = {"/" + row["url"].split("/", 3)[3]: row for row in rows}
    assert len(rows) == len(broken)
    assert all(row["body"].startswith("In het dorp") for row in rows)
    assert ask(folder, "select verdict from runs") == [{"verdict": "degraded"}]
    return {
        name: (by_path[one.path]["gap"], by_path[one.path]["n"], len(one.asked) - 1)
        for name, one in broken.items()
    }


@pytest.mark.parametrize("name", [*ANSWERS, "persisted"])
def test_what_is_no_thread_leaves_the_gap(name: str, found: dict[str, tuple[Any, ...]]) -> None:
    gap, comments, requests = found[name]
    assert (gap, comments) == ("widget", 0)
    assert requests <= MOST


@pytest.mark.parametrize(
    ("name", "most_requests"),
    [("same_cursor", 2 + MOST), ("new_cursors", 2 + MOST), ("ever_more", MOST), ("second_page", 5)],
)
def test_what_was_had_is_kept_and_the_rest_is_a_gap(
    name: str, most_requests: int, found: dict[str, tuple[Any, ...]]
) -> None:
    gap, comments, requests = found[name]
    assert gap == "pagination"
    assert comments > 0
    assert requests <= most_requests


def test_the_thread_beside_them_is_whole(found: dict[str, tuple[Any, ...]]) -> None:
    shown = [one for one in conversation(130) if one.fate in {"visible", "removed"}]
    assert found["sound"] == (None, len(shown), 1)
