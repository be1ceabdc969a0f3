"""Capture: what is in the WARC file is what crossed the wire, byte for byte."""

import gzip
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.downloader import is_public
from storage.warc import read_pages
from tests.crawling import ask, crawl

PAGE = (
    b"<html><body><h1>Stuk</h1><article><p>"
    + b"Een zin die lang genoeg is om te blijven. " * 20
    + b"</p></article></body></html>"
)
PACKED = gzip.compress(PAGE, mtime=0)
CHUNKED = (
    b"".join(
        f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (PACKED[:100], PACKED[100:])
    )
    + b"0\r\n\r\n"
)
ANSWERS = {
    b"/": b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nX-Odd-CASE: a\r\nX-Odd-CASE: "
    b"b\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED,
}
LINKED = b"<html><body><a href='/hints/'>a</a> <a href='/lf/'>b</a></body></html>"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
ODD = {
    b"/": PLAIN % (len(LINKED), LINKED),
    b"/hints/": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + PLAIN % (len(PAGE), PAGE),
    b"/lf/": (PLAIN % (len(PAGE), PAGE)).replace(b"\r\n", b"\n"),
}
MISSING = b"HTTP/1.1 404 Weg\r\nContent-Length: 3\r\n\r\nweg"


class RawServer:
    """Answers with bytes that no library has touched."""

    def __init__(self, answers: dict[bytes, bytes]) -> None:
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.asked: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _peer = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            while request := connection.recv(65536):
                self.asked.append(request)
                connection.sendall(self._answers.get(request.split(b" ")[1], MISSING))

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def raw() -> Iterator[RawServer]:
    server = RawServer(ANSWERS)
    yield server
    server.close()


def test_requests_and_answers_are_kept_byte_for_byte(raw: RawServer, tmp_path: Path) -> None:
    assert crawl(f"{raw.url}/", tmp_path).code == 0
    (path,) = (tmp_path / "warc").glob("*.warc.gz")
    kept: dict[str, list[bytes]] = {"request": [], "response": []}
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, no_record_parse=True):
            if record.rec_type in kept:
                kept[record.rec_type].append(record.raw_stream.read())
    assert ANSWERS[b"/"] in kept["response"]
    assert MISSING in kept["response"]
    assert sorted(kept["request"]) == sorted(raw.asked)


def test_a_kept_page_reads_as_the_one_that_was_stored(raw: RawServer, tmp_path: Path) -> None:
    crawl(f"{raw.url}/", tmp_path)
    (path,) = (tmp_path / "warc").glob("*.warc.gz")
    with path.open("rb") as stream:
        bodies = [page.body for page in read_pages(stream)]
    assert bodies == [PAGE]
    (row,) = ask(
        tmp_path, "SELECT warc_file, warc_offset, warc_length FROM fetches WHERE status = 200"
    )
    with (tmp_path / "warc" / row["warc_file"]).open("rb") as stream:
        stream.seek(row["warc_offset"])
        assert gzip.decompress(stream.read(row["warc_length"])).startswith(b"WARC/1.1")


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("127.0.0.1", False),
        ("localhost", False),
        ("10.0.0.7", False),
        ("[::1]", False),
        ("169.254.169.254", False),
        ("8.8.8.8", True),
        ("voorbeeld.nl", True),
    ],
)
def test_private_hosts(host: str, *, public: bool) -> None:
    assert is_public(host) is public


def test_odd_heads_are_kept_so_that_others_read_the_final_answer(tmp_path: Path) -> None:
    server = RawServer(ODD)
    site = server.url
    try:
        crawl(f"{site}/", tmp_path)
    finally:
        server.close()
    (path,) = (tmp_path / "warc").glob("*.warc.gz")
    statuses: dict[str, str] = {}
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            record.content_stream().read()
            if record.rec_type in {"response", "revisit"}:
                url = record.rec_headers.get_header("WARC-Target-URI")
                statuses[url.removeprefix(site)] = record.http_headers.get_statuscode()
    assert {name: statuses[name] for name in ("/hints/", "/lf/")} == {
        "/hints/": "200",
        "/lf/": "200",
    }
