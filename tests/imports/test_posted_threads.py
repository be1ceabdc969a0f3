"""WARC files as browsertrix-crawler writes them (src/util/recorder.ts: an answer's record, then the
request's, which has what was posted): an import gives each thread to the article that it is about,
and reextract reads it again without a network.
"""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.crawling import ask, knipsel
from tests.foreign_captures import answer, record, take
from tests.scripted.conversation import conversation
from tests.scripted.github_hosts import Giscus
from tests.scripted.own_servers import Comentario, Commento, Remark42
from tests.scripted.shared_hosts import Coral
from tests.scripted.stand_in import Asked, StandIn
from tests.scripted.village_site import article_page

MOMENT = datetime(2025, 6, 1, 12, tzinfo=UTC)
SITE, PATH = "http://dorpsblad.example", "/nieuws/pont"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
# What Coral's stream asks first (StreamQuery): its own server knows the query by the id.
STREAM = """query($storyURL: String) { story(url: $storyURL) { id url commentCounts{totalPublished}
  comments(first: 20, orderBy: CREATED_AT_ASC) { edges { node { ...all
    replies(first: 20, orderBy: CREATED_AT_ASC) { edges { node { ...all } cursor }
      pageInfo { endCursor hasNextPage } } } cursor } pageInfo { endCursor hasNextPage } } } }
  fragment all on Comment { __typename id body createdAt status author { id username } parent { id }
    tags { code } actionCounts { reaction { total } } }"""


@dataclass(frozen=True)
class Script:
    """What a system's own script asks: *path*, and what it posts, of which media type."""

    kind: type[StandIn]
    path: str
    body: str = ""
    media_type: str = JSON
    asked_as: str | None = None  # what the server knows the posted text as


SCRIPTS = [
    Script(
        Comentario,
        "/api/embed/comments",
        json.dumps({"host": "dorpsblad.example", "path": PATH}),
    ),
    Script(
        Commento,
        "/api/comment/list",
        json.dumps({"commenterToken": "anonymous", "domain": "dorpsblad.example", "path": PATH}),
        FORM,  # as commento.js has it, though it posts JSON
    ),
    Script(
        Coral,
        "/api/graphql",
        json.dumps({"id": "2f1e", "query": "", "variables": {"storyURL": SITE + PATH}}),
        asked_as=json.dumps({"query": STREAM, "variables": {"storyURL": SITE + PATH}}),
    ),
    Script(
        Remark42,
        "/api/v1/find?url=http%3A%2F%2Fdorpsblad.example%2Fnieuws%2Fpont&sort=-active"
        "&site=dorp&format=tree",
    ),
    Script(
        Giscus,
        "/api/discussions?repo=dorp%2Fblad&term=nieuws%2Fpont&category=Reacties&number=0"
        "&strict=false&last=15&first=15",
    ),
]


def pair(url: str, script: Script, said: bytes, *, is_request_first: bool) -> list[bytes]:
    """Return the records of one exchange."""
    ids = (f"<urn:uuid:{len(script.path):032x}>", f"<urn:uuid:{len(script.path) + 1:032x}>")
    method = "POST" if script.body else "GET"
    request = f"{method} {script.path} HTTP/1.1\r\nContent-Type: {script.media_type}\r\n\r\n"
    head = f"200 OK\r\nContent-Type: {JSON}"
    records = [
        record(url, MOMENT, answer(said, head), WARC_Record_ID=ids[0], WARC_Page_ID="p1"),
        record(
            url,
            MOMENT,
            (request + script.body).encode(),
            "request",
            WARC_Record_ID=ids[1],
            WARC_Concurrent_To=ids[0],
        ),
    ]
    return records[::-1] if is_request_first else records


def fetched(script: Script, stand_in: StandIn, *, is_request_first: bool = False) -> list[bytes]:
    """Return the records of all that a browser fetched for the page: itself, its thread, and what
    counts its visitors.
    """
    stand_in.site, stand_in.path, stand_in.said = SITE, PATH, conversation(8)
    parts = urlsplit(script.path)
    lists = parse_qs(parts.query)
    asked = Asked(
        "POST" if script.body else "GET",
        parts.path,
        {name: values[-1] for name, values in lists.items()},
        lists,
        (script.asked_as or script.body).encode(),
        {"Content-Type": script.media_type},
    )
    said = stand_in.answer(asked)
    assert said.status == 200
    counted = Script(script.kind, "/hit", json.dumps({"page": SITE + PATH, "n": 1}))
    page = answer(article_page(0, stand_in.box()).encode())
    return [
        record(SITE + PATH, MOMENT, page),
        *pair("https://tel.example/hit", counted, b'{"ok": true}', is_request_first=False),
        *pair(stand_in.url + script.path, script, said.body, is_request_first=is_request_first),
        record(f"urn:pageinfo:{SITE}{PATH}", MOMENT, b'{"urls": {}}', "resource"),
    ]


def written(path: Path, records: list[bytes]) -> Path:
    path.write_bytes(b"".join(gzip.compress(one) for one in records))
    return path


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.kind.system)
@pytest.mark.parametrize("is_request_first", [False, True])
def test_a_browsers_capture_of_a_thread_is_the_articles(
    script: Script, is_request_first: bool, tmp_path: Path
) -> None:
    with script.kind() as stand_in:
        records = fetched(script, stand_in, is_request_first=is_request_first)
        imported = take(tmp_path, written(tmp_path / "vreemd.warc.gz", records))
        expected = stand_in.expected()
    assert imported.taken == 2, imported.left_out
    assert imported.left_out["posted"] == 1
    query = (
        "select c.source_id, c.author, c.text, c.status, c.upvotes, c.downvotes, p.source_id as "
        "above from comments c left join comments p on p.id = c.parent_id order by c.position"
    )
    rows = {row["source_id"]: tuple(row.values())[1:] for row in ask(tmp_path, query)}
    assert rows == {
        key: (row.author, row.text, row.status, row.ups, row.downs, row.parent)
        for key, row in expected.items()
    }
    articles = ask(tmp_path, "select comment_system, comments_gap_reason as gap from articles")
    assert articles == [{"comment_system": script.kind.system, "gap": None}]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.kind.system)
def test_reextract_and_verify_know_what_was_imported(script: Script, tmp_path: Path) -> None:
    with script.kind() as stand_in:
        take(tmp_path, written(tmp_path / "vreemd.warc.gz", fetched(script, stand_in)))
    place = ("-s", f"KNIPSEL_ARCHIVE={tmp_path}")
    again = knipsel("reextract", "--dry-run", *place)
    assert (again.code, "unchanged 1" in again.out) == (0, True), again.out + again.err
    verified = knipsel("verify", *place)
    assert verified.code == 0, verified.out + verified.err


def unread(body: Any) -> bytes:
    return b"\xff" if body is None else json.dumps(body).encode()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: {**body, "path": "/elders"},
        lambda body: {"host": body["host"]},
        lambda _body: None,
        lambda _body: [1, "twee", None],
        lambda body: {**body, "vulling": "x" * 50_000},
    ],
)
def test_what_was_posted_for_another_page_or_is_unreadable_is_counted(
    spoil: Callable[[Any], Any], tmp_path: Path
) -> None:
    whole = SCRIPTS[0]
    with whole.kind() as stand_in:
        url, spoilt = stand_in.url + whole.path, unread(spoil(json.loads(whole.body)))
        head = b"POST /api/embed/comments HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"
        other = record(url, MOMENT, head + spoilt, "request")
        records = [other if b"POST /api/embed" in one else one for one in fetched(whole, stand_in)]
        imported = take(tmp_path, written(tmp_path / "vreemd.warc.gz", records))
    assert imported.taken == 1
    left = imported.left_out
    assert left["posted"] + left["thread_without_page"] == 2
    assert ask(tmp_path, "select comments_gap_reason as gap from articles") == [{"gap": "widget"}]
