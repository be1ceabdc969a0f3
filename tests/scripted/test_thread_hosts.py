"""A thread on a host of its own: asked within that host's rules, kept as it came, and no reason to
end a run on the site.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.crawling import ask, crawl, knipsel
from tests.local_site import LocalSite, Route
from tests.scripted.golden_threads import COMENTARIO
from tests.scripted.village_site import article_page

PATH = "/nieuws/pont/"
ANSWER = json.dumps(next(iter(COMENTARIO.answers.values()))).encode()
JSON = {"Content-Type": "application/json"}
ROBOTS = (404, {}, b"")


def paper(talk: LocalSite) -> LocalSite:
    """Return a paper of one article, whose thread Comentario draws from *talk*."""
    box = (
        f'<script defer src="{talk.url}/comentario.js"></script>'
        "<comentario-comments></comentario-comments>"
    )
    home = f'<html lang=nl><title>Blad</title><a href="{PATH}">Bericht 1 uit het dorp</a></html>'
    return LocalSite({"/": home, PATH: article_page(0, box)})


def talking(robots: Route = ROBOTS, answer: Route = (200, JSON, ANSWER)) -> LocalSite:
    return LocalSite({"/robots.txt": robots, "/api/embed/comments": answer})


def thread(folder: Path) -> dict[str, Any]:
    (row,) = ask(
        folder,
        "select comments_captured, comments_gap_reason, comment_system, "
        "(select count(*) from comments) as n from articles",
    )
    return row


def test_what_is_posted_and_answered_is_kept_and_read_again(tmp_path: Path) -> None:
    with talking() as talk, paper(talk) as site:
        assert crawl(site.url, tmp_path).code == 0
        host = site.url.removeprefix("http://")
    assert thread(tmp_path) == {
        "comments_captured": 2, "comments_gap_reason": None, "comment_system": "comentario", "n": 3,
    }  # fmt: skip
    (posted,) = [headers for path, headers in talk.asked if path.startswith("/api/")]
    assert posted["Content-Type"] == "application/json"
    assert not {"Cookie", "Referer", "Authorization"} & posted.keys()
    assert talk.paths()[0] == "/robots.txt"
    assert requests_in(tmp_path) == [
        (f"{talk.url}/api/embed/comments", {"host": host, "path": PATH})
    ]
    again = knipsel("reextract", "--dry-run", "-s", f"KNIPSEL_ARCHIVE={tmp_path}")
    assert again.code == 0
    assert re.search(r"unchanged 1\b", again.out)
    verified = knipsel("verify", "-s", f"KNIPSEL_ARCHIVE={tmp_path}")
    assert verified.code == 0, verified.out


def requests_in(folder: Path) -> list[tuple[str, dict[str, str]]]:
    """Return where what was posted, as the request records of the WARC files hold it."""
    found = []
    for file in (folder / "warc").glob("*.warc.gz"):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "request" and record.http_headers.protocol == "POST":
                    body = json.loads(record.content_stream().read())
                    found.append((record.rec_headers["WARC-Target-URI"], body))
    return found


@pytest.mark.parametrize(
    ("robots", "asked"),
    [
        ((200, {}, b"User-agent: *\nDisallow: /api/\n"), 0),  # its word counts, not the site's
        ((503, {}, b""), 0),  # RFC 9309: no answer closes that host, and that host only
        ((200, {}, b"User-agent: *\nDisallow: /admin/\n"), 1),
    ],
)
def test_the_threads_host_has_its_own_robots(robots: Route, asked: int, tmp_path: Path) -> None:
    with talking(robots) as talk, paper(talk) as site:
        ended = crawl(site.url, tmp_path)
    assert ended.code == 0, ended.err
    assert len([path for path in talk.paths() if path.startswith("/api/")]) == asked
    reason = None if asked else "widget"
    assert thread(tmp_path)["comments_gap_reason"] == reason
    assert ask(tmp_path, "select verdict from runs") == [{"verdict": "ok"}]


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}, b"kapot"),
        (429, {"Retry-After": "3600"}, b""),
        (403, JSON, b'{"message": "nee"}'),
        (200, JSON, b'{"comments": "geen"}'),
        (302, {"Location": "http://127.0.0.1:1/elders"}, b""),
    ],
)
def test_an_answer_that_is_none_costs_the_thread_only(answer: Route, tmp_path: Path) -> None:
    with talking(answer=answer) as talk, paper(talk) as site:
        ended = crawl(site.url, tmp_path)
    assert ended.code == 0, ended.err
    assert thread(tmp_path) == {
        "comments_captured": 0, "comments_gap_reason": "widget",
        "comment_system": "comentario", "n": 0,
    }  # fmt: skip
    assert "/elders" not in "".join(site.paths())


@pytest.mark.parametrize("threads", ["off", "same-host"])
def test_a_run_may_leave_other_hosts_alone(threads: str, tmp_path: Path) -> None:
    with talking() as talk, paper(talk) as site:
        assert crawl(site.url, tmp_path, "-s", f"KNIPSEL_THREADS={threads}").code == 0
    assert talk.asked == []
    assert thread(tmp_path)["comments_gap_reason"] == "widget"


def test_a_setting_that_is_none_is_refused(tmp_path: Path) -> None:
    ended = crawl("http://127.0.0.1:9/", tmp_path, "-s", "KNIPSEL_THREADS=some")
    assert ended.code != 0
    assert "KNIPSEL_THREADS=some is not known: say off, same-host or all" in ended.err + ended.out


def test_who_opted_out_is_not_asked(tmp_path: Path) -> None:
    with talking() as talk, paper(talk) as site:
        (tmp_path / "optout.txt").write_text(f"{talk.url}/*\n")
        assert crawl(site.url, tmp_path).code == 0
    assert talk.asked == []
    outcomes = ask(tmp_path, "select outcome from fetches where url like '%/api/embed%'")
    assert outcomes == [{"outcome": "opted_out"}]


def test_a_removed_comment_and_a_silent_server_are_two_things(tmp_path: Path) -> None:
    """What one run has, the next loses only where the server says so."""
    with talking() as talk, paper(talk) as site:
        assert crawl(site.url, tmp_path).code == 0
        talk.routes["/api/embed/comments"] = (500, {}, b"")
        assert crawl(site.url, tmp_path, "-a", "refresh=all").code == 0
        gone = "select count(*) as n from comments where gone_at is not null"
        assert ask(tmp_path, gone) == [{"n": 0}]
        fewer = json.loads(ANSWER)
        del fewer["comments"][1]
        talk.routes["/api/embed/comments"] = (200, JSON, json.dumps(fewer).encode())
        assert crawl(site.url, tmp_path, "-a", "refresh=all").code == 0
        assert ask(tmp_path, gone) == [{"n": 1}]
