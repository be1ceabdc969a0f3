"""A page that a browser drew is a conversion of its answer in the WARC file, found by whoever
reads, checks or erases captures.
"""

from datetime import UTC, datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from storage.records import Exchange
from storage.warc import WarcWriter, find_captures, read_members, rewrite

URL = "https://www.example.nl/nieuws/pont/"
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<ul id=lijst></ul>"
DRAWN = b"<!DOCTYPE html>\n<ul id=lijst><li>Aaltje: Goed stuk</li></ul>"


def written(folder: Path) -> Path:
    """Return a WARC file with an answer, a script's answer, and the page as it was drawn."""
    writer = WarcWriter(folder, software="test", operator="test")
    told = ANSWER.replace(b"<ul id=lijst></ul>", b'{"naam": "Aaltje"}')
    document = Exchange(
        url=URL, fetched_at=NOW, request=b"", response=DRAWN,
        media_type="text/html; charset=utf-8", is_drawn=True,
    )  # fmt: skip
    writer.write(Exchange(url=URL, fetched_at=NOW, request=b"", response=ANSWER))
    writer.write(Exchange(url=f"{URL}r.json", fetched_at=NOW, request=b"", response=told))
    writer.write(document)
    writer.close()
    (file,) = folder.glob("*.warc.gz")
    return file


def test_a_drawn_page_refers_to_its_answer(tmp_path: Path) -> None:
    with written(tmp_path).open("rb") as stream:
        records = [
            (record.rec_type, record.rec_headers, record.content_stream().read())
            for record in ArchiveIterator(stream)
        ]
    assert [kind for kind, _headers, _block in records] == [
        "warcinfo", "response", "response", "conversion",
    ]  # fmt: skip
    (_kind, answer, _body), (_last, drawn, block) = records[1], records[3]
    assert drawn["WARC-Refers-To"] == answer["WARC-Record-ID"]
    assert drawn["WARC-Target-URI"] == answer["WARC-Target-URI"]
    assert drawn["Content-Type"] == "text/html; charset=utf-8"
    assert block == DRAWN


def test_a_name_is_erased_from_a_drawn_page_too(tmp_path: Path) -> None:
    file = written(tmp_path)
    with file.open("rb") as stream:
        found = list(find_captures(stream, lambda capture: b"Aaltje" in capture.body))
    assert [capture.url for capture in found] == [f"{URL}r.json", URL]
    rewritten = rewrite(file, found)
    assert rewritten is not None
    assert b"Aaltje" not in rewritten.new.read_bytes()
    assert len(list(read_members(rewritten.new))) == 2  # the file's own record and the answer
