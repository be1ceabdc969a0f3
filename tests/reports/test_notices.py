"""Notices of runs: given on a fault and on the recovery after it, bounded in time, silent about
what opens the receiver's address, without a commenter's name; a failing one changes no run.
"""

import base64
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.demo import DemoServer
from crawler.reports import BadReceiver, Notices
from storage.crawl import runs, sites
from storage.database import Archive
from tests.crawling import ask, crawl
from tests.patience import at_most
from tests.sample_archive import FIRST, THIRD

RUN = {"site": "dorpsblad.example", "verdict": "degraded", "reasons": ["Een zin."]}
SECRET = "geheim-8f3a"  # noqa: S105  # of a server of our own


class Receiver(BaseHTTPRequestHandler):
    """Answers as the server's *answer* has it, and keeps what it was given."""

    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), json.loads(body)))
        self.server.answer(self)

    def log_message(self, *_given: Any) -> None:
        pass


def answered(status: int, **headers: str) -> Callable[[Receiver], None]:
    def answer(asked: Receiver) -> None:
        asked.send_response(status)
        for name, value in headers.items():
            asked.send_header(name, value)
        asked.end_headers()

    return answer


def dripping(asked: Receiver) -> None:
    for _ in range(200):
        try:
            asked.wfile.write(b"x")
        except OSError:
            return
        time.sleep(0.1)


@contextmanager
def receiver(answer: Callable[[Receiver], None]) -> Iterator[tuple[str, list[Any]]]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.answer, server.got = answer, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}", server.got
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("verdict", "before", "event"),
    [
        ("ok", None, None), ("ok", "ok", None), ("ok", "degraded", "recovered"),
        ("ok", "failed", "recovered"), ("degraded", None, "degraded"),
        ("degraded", "degraded", "degraded"), ("failed", "ok", "failed"),
    ],
)  # fmt: skip
def test_a_fault_and_the_recovery_after_it_are_told(
    verdict: str, before: str | None, event: str | None
) -> None:
    with receiver(answered(204)) as (place, got):
        notices = Notices(f"http://{place}/haak")
        notices.tell(verdict, before, {**RUN, "verdict": verdict})
        assert notices.close() == {"given": 0 if event is None else 1, "failed": 0}
    assert [body["event"] for _path, _headers, body in got] == ([event] if event else [])


def test_the_password_of_the_address_is_sent_as_http_has_it() -> None:
    with receiver(answered(200)) as (place, got):
        notices = Notices(f"http://piet:{SECRET}%40@{place}/haak?token={SECRET}")
        notices.tell("failed", None, RUN)
        assert notices.close()["given"] == 1
        assert notices.place == f"http://{place}"
    ((path, headers, body),) = got
    assert path == f"/haak?token={SECRET}"
    assert base64.b64decode(headers["Authorization"].split()[1]).decode() == f"piet:{SECRET}@"
    assert headers["Content-Type"] == "application/json"
    assert body == {"event": "failed", **RUN}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (answered(500), "status 500"),
        (answered(404), "status 404"),
        (answered(302, Location="http://127.0.0.1:9/"), "status 302"),
        (lambda asked: asked.wfile.write(b"SSH-2.0\r\n\r\n"), "no answer of HTTP"),
        (dripping, "no answer"),
        (lambda _asked: time.sleep(3), "no answer in 0.5 seconds"),
    ],
    ids=["broken", "missing", "moved", "no-http", "dripping", "silent"],
)
def test_a_receiver_that_fails_costs_one_sentence_and_little_time(
    answer: Callable[[Receiver], None], said: str, caplog: pytest.LogCaptureFixture
) -> None:
    with receiver(answer) as (place, _got):
        notices = Notices(f"http://piet:{SECRET}@{place}/{SECRET}", seconds=1)
        began = time.monotonic()
        notices.tell("failed", None, RUN)
        assert notices.close() == {"given": 0, "failed": 1}
        assert time.monotonic() - began < at_most(5)
    (line,) = [record.getMessage() for record in caplog.records]
    assert said in line
    assert f"http://{place}" in line
    assert SECRET not in caplog.text


def test_nobody_listens(caplog: pytest.LogCaptureFixture) -> None:
    notices = Notices(f"http://127.0.0.1:1/{SECRET}")
    notices.tell("failed", None, RUN)
    assert notices.close()["failed"] == 1
    assert "refused" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "receiver",
    [
        f"ftp://piet:{SECRET}@blad.example/", f"http:///{SECRET}", f"{SECRET}",
        f"http://piet:{SECRET}@blad.example:poort/", f"https://blad.example/{SECRET} x",
        f"-oQ{SECRET}@blad.example", f"{SECRET}@", f"http://[{SECRET}/",
    ],
)  # fmt: skip
def test_a_receiver_that_is_none_is_refused_without_being_repeated(receiver: str) -> None:
    with pytest.raises(BadReceiver) as refused:
        Notices(receiver)
    assert SECRET not in str(refused.value)


def sendmail(folder: Path, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "sendmail"
    file.write_text(f"#!/bin/sh\n{program}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_a_mail_address_gets_the_sentence_and_the_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sendmail(tmp_path, f'echo "$@" > {tmp_path}/words; cat > {tmp_path}/mail', monkeypatch)
    notices = Notices("wacht@blad.example", seconds=at_most(10))
    notices.tell("ok", "failed", {**RUN, "verdict": "ok"})
    assert notices.close() == {"given": 1, "failed": 0}
    assert (tmp_path / "words").read_text() == "-i wacht@blad.example\n"
    mail = (tmp_path / "mail").read_text()
    assert "Subject: Knipsel: dorpsblad.example: recovered" in mail
    assert "Een zin." in mail


@pytest.mark.parametrize(
    ("program", "said"),
    [("cat >/dev/null; exit 75", "code 75"), ("exec sleep 5", "did not end in 0.5 seconds")],
)
def test_a_sendmail_that_fails_is_one_sentence(
    program: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sendmail(tmp_path, program, monkeypatch)
    notices = Notices("wacht@blad.example", seconds=1)
    notices.tell("failed", None, RUN)
    assert notices.close() == {"given": 0, "failed": 1}
    assert [said in record.getMessage() for record in caplog.records] == [True]
    assert caplog.records[0].levelno == logging.WARNING


def test_the_run_before_is_the_site_s_newest_that_ended(archive: Archive) -> None:
    with archive.begin() as connection:
        here, there = (
            sites.register_site(connection, f"https://{name}.example/") for name in ("een", "twee")
        )
        ended = [(here, {}, "degraded"), (there, {}, "ok"), (here, {"command": "import"}, "ok")]
        for site_id, arguments, verdict in ended:
            run_id = runs.begin_run(connection, site_id, arguments, FIRST)
            runs.end_run(connection, run_id, runs.Ending({}, verdict, ()), THIRD)
        runs.begin_run(connection, here, {}, FIRST)  # was cut off
        newest = runs.begin_run(connection, here, {}, FIRST)
        assert runs.verdict_before(connection, newest) == "degraded"
        assert runs.verdict_before(connection, 1) is None


def test_a_crawl_tells_of_a_site_that_fails_and_of_its_recovery(tmp_path: Path) -> None:
    with receiver(answered(200)) as (place, got):
        told = {"KNIPSEL_NOTIFY": f"http://{place}/{SECRET}"}
        with DemoServer() as server:
            site = f"{server.url}/"
            (tmp_path / "optout.txt").write_text("127.0.0.1\n")
            failed = crawl(site, tmp_path, "--json", environment=told)
            (tmp_path / "optout.txt").unlink()
            assert crawl(site, tmp_path, "-a", "limit=3", environment=told).code == 0
    assert failed.code == 2
    result = json.loads(failed.out)
    assert result["notices"] == {"given": 1, "failed": 0}
    first, second = (body for _path, _headers, body in got)
    assert (first["event"], second["event"]) == ("failed", "recovered")
    (run,) = result["runs"]
    assert {name: first[name] for name in run} == run
    assert second["articles"] == 3
    names = {row["author"] for row in ask(tmp_path, "SELECT author FROM comments")} - {None}
    assert names
    assert not any(name in json.dumps(second, ensure_ascii=False) for name in names)
    assert SECRET not in failed.err + failed.out


def test_a_notice_that_fails_changes_no_run(tmp_path: Path) -> None:
    told = {"KNIPSEL_NOTIFY": f"http://127.0.0.1:1/{SECRET}"}
    (tmp_path / "optout.txt").write_text("127.0.0.1\n")
    with DemoServer() as server:
        ended = crawl(f"{server.url}/", tmp_path, "--json", environment=told)
    assert ended.code == 2
    assert json.loads(ended.out)["notices"] == {"given": 0, "failed": 1}
    assert "The notice to http://127.0.0.1:1 was not given" in ended.err
    assert SECRET not in ended.err + ended.out
