"""WARC files: valid for warcio, rolled over, deduplicated, whole after a kill and on a full
disk.
"""

import gzip
import os
import resource
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from storage.database import ArchiveUnavailable
from storage.records import Exchange
from storage.warc import WarcWriter, read_pages
from tests.crawling import ROOT

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def exchange(number: int, body: bytes | None = None) -> Exchange:
    body = os.urandom(600) if body is None else body
    return Exchange(
        url=f"http://voorbeeld.nl/{number}",
        fetched_at=WHEN,
        request=b"GET / HTTP/1.1\r\nHost: voorbeeld.nl\r\n\r\n",
        response=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body,
        ip_address="192.0.2.1",
    )


def writer(folder: Path, **more: int) -> WarcWriter:
    return WarcWriter(folder, "Knipsel/test", "test@example.org", **more)


def records(folder: Path) -> list[tuple[str, str]]:
    found = []
    for path in sorted(folder.iterdir()):
        with path.open("rb") as stream:
            found += [
                (record.rec_type, record.rec_headers["WARC-Target-URI"] or "")
                for record in ArchiveIterator(stream)
            ]
    return found


def is_valid(path: Path) -> bool:
    arguments = type("Arguments", (), {"inputs": [str(path)], "verbose": False})()
    return Checker(arguments).process_all() in (0, None)


def test_answers_requests_and_a_warcinfo_that_warcio_accepts(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    place = warc.write(exchange(1))
    warc.close()
    assert records(tmp_path) == [
        ("warcinfo", ""),
        ("response", "http://voorbeeld.nl/1"),
        ("request", "http://voorbeeld.nl/1"),
    ]
    (path,) = tmp_path.iterdir()
    assert is_valid(path)
    with path.open("rb") as stream:
        stream.seek(place.offset)
        record = next(iter(ArchiveIterator(stream)))
        assert record.rec_headers["WARC-Record-ID"] == place.record_id
        assert record.rec_headers["WARC-Payload-Digest"] == place.payload_digest
        assert record.rec_headers["WARC-IP-Address"] == "192.0.2.1"


def test_an_identical_payload_becomes_a_revisit_that_names_the_first(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    first, second = (warc.write(exchange(number, b"x" * 500)) for number in (1, 2))
    warc.close()
    kinds = [kind for kind, _url in records(tmp_path)]
    assert kinds == ["warcinfo", "response", "request", "revisit", "request"]
    assert first.payload_digest == second.payload_digest
    with next(tmp_path.iterdir()).open("rb") as stream:
        revisit = next(record for record in ArchiveIterator(stream) if record.rec_type == "revisit")
    assert revisit.rec_headers["WARC-Refers-To"] == first.record_id
    assert revisit.rec_headers["WARC-Refers-To-Target-URI"] == "http://voorbeeld.nl/1"


def test_a_file_that_is_full_is_followed_by_a_new_one(tmp_path: Path) -> None:
    warc = writer(tmp_path, max_bytes=3000)
    for number in range(6):
        warc.write(exchange(number))
    warc.close()
    paths = sorted(tmp_path.iterdir())
    assert len(paths) > 2
    assert all(path.stat().st_size <= 3000 and is_valid(path) for path in paths)
    assert sum(kind == "response" for kind, _url in records(tmp_path)) == 6


def test_pages_are_read_back_as_they_were(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    warc.write(exchange(1, "<p>Één</p>".encode() * 40))
    warc.close()
    with next(tmp_path.iterdir()).open("rb") as stream:
        (page,) = read_pages(stream)
    assert page.url == "http://voorbeeld.nl/1"
    assert page.body == "<p>Één</p>".encode() * 40
    assert (page.fetched_at, page.content_type) == (WHEN, "text/html")


def test_pages_that_crossed_the_wire_chunked_and_compressed_are_read_back_one_after_the_other(
    tmp_path: Path,
) -> None:
    warc = writer(tmp_path)
    for number in range(3):
        packed = gzip.compress(f"<p>Bericht {number}</p>".encode() * 40)
        framed = b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (
            20,
            packed[:20],
            len(packed) - 20,
            packed[20:],
        )
        head = (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: "
            b"chunked\r\nContent-Encoding: gzip\r\n\r\n"
        )
        warc.write(replace(exchange(number), response=head + framed))
    warc.close()
    with next(tmp_path.iterdir()).open("rb") as stream:
        assert [page.body for page in read_pages(stream)] == [
            f"<p>Bericht {number}</p>".encode() * 40 for number in range(3)
        ]


KILLED = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[2]]
from tests.warc.test_warc import exchange, writer
warc = writer(Path(sys.argv[1]))
for number in range(100_000):
    warc.write(exchange(number))
    print(number, flush=True)
"""


def test_a_killed_writer_leaves_every_record_but_the_last_readable(tmp_path: Path) -> None:
    root = str(ROOT)
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path), root], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    written = [line for _number, line in zip(range(40), process.stdout, strict=False)]
    process.send_signal(signal.SIGKILL)
    written += list(process.stdout)
    process.wait()
    process.stdout.close()
    (path,) = tmp_path.iterdir()
    assert path.name.endswith(".warc.gz.open")
    with path.open("rb") as stream:
        pages = [page.url for page in read_pages(stream)]
    assert len(pages) >= len(written) >= 40


def write_many(warc: WarcWriter) -> None:
    for number in range(2, 20):
        warc.write(exchange(number))


def test_a_full_disk_is_said_and_leaves_a_valid_file(tmp_path: Path) -> None:

    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    warc = writer(tmp_path)
    warc.write(exchange(1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, old[1]))
    try:
        with pytest.raises(ArchiveUnavailable, match="takes no more"):
            write_many(warc)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, before)
    warc.close()
    (path,) = tmp_path.iterdir()
    assert is_valid(path)
    assert len(records(tmp_path)) >= 3


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "dicht").write_text("een bestand")
    with pytest.raises(ArchiveUnavailable, match="No WARC file can be made"):
        writer(tmp_path / "dicht").write(exchange(1))
