"""What an import opens, and what it does not: regular files below the folder, of bounded size."""

import gzip
import io
import os
import zipfile
import zlib
from collections import Counter
from pathlib import Path

import pytest

from storage.imports import NoCaptures, NoTable, read_captures
from storage.imports.saved_pages import LARGEST_FILE

URL = "https://dorpsblad.example/stuk/"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>De molen draait.</p>"


def record(url: str = URL, block: bytes = HTTP, **headers: str) -> bytes:
    named = {
        "WARC-Type": "response",
        "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000000>",
        "WARC-Target-URI": url,
        "WARC-Date": "2020-01-02T03:04:05Z",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value != "-")
    return b"WARC/1.0\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n"


def read(path: Path) -> tuple[list[str], Counter[str]]:
    counts: Counter[str] = Counter()
    return [capture.url for capture in read_captures(path, counts)], counts


def saved(folder: Path, name: str) -> Counter[str]:
    (folder / "goed.html").write_bytes(b"<p>goed</p>")
    table = f"file,url,fetched_at\n{name},{URL},2020-01-02\ngoed.html,{URL}2,2020-01-02\n"
    (folder / "pages.csv").write_text(table, encoding="utf-8")
    urls, counts = read(folder)
    assert urls == [f"{URL}2"], "one bad file costs itself only"
    return counts


def test_only_regular_files_below_the_folder_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "map").mkdir(parents=True)
    (tmp_path / "geheim.txt").write_text("geheim", encoding="utf-8")
    (folder / "koppeling.html").symlink_to(tmp_path / "geheim.txt")
    (folder / "elders").symlink_to(tmp_path)
    (folder / "nul").symlink_to("/dev/zero")
    os.mkfifo(folder / "pijp")
    (folder / "bom.gz").write_bytes(gzip.compress(bytes(LARGEST_FILE + 10)))
    with (folder / "groot.html").open("wb") as large:
        large.truncate(LARGEST_FILE + 10)
    (folder / "kapot.gz").write_bytes(b"\x1f\x8b\x08\x00rommel")
    expected = {
        "../geheim.txt": "outside_the_folder", "map/../../geheim.txt": "outside_the_folder",
        "/etc/hostname": "outside_the_folder", str(folder / "goed.html"): "outside_the_folder",
        "koppeling.html": "a_link", "elders/geheim.txt": "a_link", "nul": "a_link",
        "pijp": "no_regular_file", "map": "no_regular_file", "": "outside_the_folder",
        "weg.html": "no_file", "bom.gz": "too_large", "groot.html": "too_large",
        "kapot.gz": "no_file", "a\0b": "outside_the_folder", "a" * 5000: "no_file",
        "a/" * 3000: "no_file", "/proc/self/environ": "outside_the_folder",
    }  # fmt: skip
    for name, reason in expected.items():
        assert saved(folder, name) == {reason: 1}, name


@pytest.mark.parametrize(
    ("table", "words"),
    [(b"\0" * 2_000_000, "longer than"), (b"file,url,fetched_at\n" + b"x" * 2_000_000, "longer"),
     (b'"' + b"x\n" * 90_000, "field larger"), (b"", "no column")],
)  # fmt: skip
def test_a_table_that_is_none_is_said_and_bounded(table: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "pages.csv").write_bytes(table)
    with pytest.raises(NoTable, match=words):
        read(tmp_path)


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "99991231", "\u00b2"]
)
def test_a_moment_that_is_none_costs_its_row(moment: str, tmp_path: Path) -> None:
    (tmp_path / "goed.html").write_bytes(b"<p>goed</p>")
    rows = f"goed.html,{URL},{moment}\ngoed.html,{URL}2,2020-01-02\n"
    (tmp_path / "pages.csv").write_text(f"file,url,fetched_at\n{rows}", encoding="utf-8")
    urls, counts = read(tmp_path)
    assert f"{URL}2" in urls
    assert counts == ({"no_moment": 1} if len(urls) == 1 else {})


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/null", "pijp"])
def test_a_device_or_a_pipe_is_no_file_of_captures(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pijp")
    with pytest.raises(NoCaptures, match="no regular file"):
        read(tmp_path / name)


def package(**entries: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in entries.items():
            file.writestr(name.replace("_", "."), body)
    return made.getvalue()


def test_a_package_in_a_package_is_not_opened_and_a_bad_entry_costs_itself(tmp_path: Path) -> None:
    good = gzip.compress(record())
    path = tmp_path / "a.wacz"
    path.write_bytes(package(a_warc=package(b_warc=good), c_warc_gz=good, d_warc=b"rommel"))
    assert read(path) == ([URL], {"unreadable_file": 2})
    wrong_sum = zlib.crc32(record()).to_bytes(4, "little"), bytes(4)
    path.write_bytes(package(a_warc=record(), b_warc=record(f"{URL}2/")).replace(*wrong_sum))
    assert read(path) == ([f"{URL}2/"], {"unreadable_file": 1})
    nested = good
    for _ in range(200):
        nested = package(a_warc=nested)
    path.write_bytes(nested)
    assert read(path) == ([], {"unreadable_file": 1})


GOOD = gzip.compress(record(f"{URL}goed/"))
BROKEN = bytearray(gzip.compress(record(block=HTTP + os.urandom(900))))
BROKEN[120:160] = bytes(40)
DAMAGED = {
    "a damaged member": bytes(BROKEN),
    "a member that ends early": gzip.compress(record(block=HTTP + os.urandom(900)))[:300],
    "rubbish between": b"rommel" * 50,
    "zeros between": bytes(1_000),
    "no length": gzip.compress(record(Content_Length="-")),
    "a length in words": gzip.compress(record(Content_Length="veel")),
    "a length too long": gzip.compress(record(Content_Length="99999")),
    "another version": gzip.compress(record().replace(b"WARC/1.0", b"WRAC/1.0")),
    "an endless head": gzip.compress(record(X="a" * 300_000)),
    "only a header": b"\x1f\x8b\x08",
}


@pytest.mark.parametrize("fault", DAMAGED)
def test_behind_a_damaged_place_reading_goes_on(fault: str, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(GOOD + DAMAGED[fault] + GOOD)
    urls, _counts = read(path)
    assert urls.count(f"{URL}goed/") == 2, fault


def _flipped(place: int) -> bytes:
    member = bytearray(gzip.compress(record(block=HTTP + os.urandom(900))))
    member[place] ^= 255
    return bytes(member)


FIRST = {
    **{name: DAMAGED[name] for name in DAMAGED if DAMAGED[name][:2] == b"\x1f\x8b"},
    **{f"a byte changed at {place}": _flipped(place) for place in (3, 10, 12, 40, 120)},
}


@pytest.mark.parametrize("fault", FIRST)
def test_a_file_that_is_damaged_where_it_begins_is_read_behind_that(
    fault: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(FIRST[fault] + GOOD)
    urls, counts = read(path)
    assert urls[-1] == f"{URL}goed/", fault
    assert len(urls) + sum(counts.values()) >= 2, "what is damaged is counted"
    path.write_bytes(b"\x1f\x8b\x08\x00" + os.urandom(400))
    with pytest.raises(NoCaptures, match="no compressed WARC"):
        read(path)


@pytest.mark.parametrize(
    "spell", [str.lower, str.upper, str.title, str.swapcase, lambda name: f"{name} "]
)
@pytest.mark.parametrize("ending", [b"\r\n", b"\n"])
def test_header_names_and_line_ends_are_as_they_come(
    spell: object, ending: bytes, tmp_path: Path
) -> None:
    lines = record().split(b"\r\n\r\n", 1)
    head = b"\r\n".join(
        [
            lines[0].split(b"\r\n")[0],
            *(
                spell(line.decode().partition(":")[0]).encode() + b":" + line.partition(b":")[2]  # type: ignore[operator]
                for line in lines[0].split(b"\r\n")[1:]
            ),
        ]
    )
    path = tmp_path / "a.warc"
    path.write_bytes(head.replace(b"\r\n", ending) + ending * 2 + lines[1] + record(f"{URL}2"))
    assert read(path) == ([URL, f"{URL}2"], {})


@pytest.mark.parametrize(
    "content_type",
    ["text/html", "text/html; charset=utf-8", "TEXT/HTML", "application/xhtml+xml", "text/html;"],
)
def test_resource_and_metadata_records_that_are_pages_are_read(
    content_type: str, tmp_path: Path
) -> None:
    page = b"<p>De molen draait.</p>"
    path = tmp_path / "a.warc"
    path.write_bytes(
        record(WARC_Type="resource", Content_Type=content_type, block=page)
        + record(f"{URL}2", WARC_Type="metadata", Content_Type="text/html", block=page)
        + record(WARC_Type="metadata", Content_Type="application/warc-fields", block=b"via: x")
        + record(WARC_Type="request", block=b"GET / HTTP/1.1\r\n\r\n")
    )
    assert read(path) == ([URL, f"{URL}2"], {})


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PACKED = gzip.compress(b"<p>De molen draait en draait.</p>" * 30)
DEFLATED = zlib.compress(b"<p>De molen draait en draait.</p>" * 30)
CUT = {
    "said so": (HTTP, {"WARC_Truncated": "length"}),
    "shorter than its length": (ANSWER + b"Content-Length: 500\r\n\r\n<p>De molen", {}),
    "gzip that ends early": (ANSWER + b"Content-Encoding: gzip\r\n\r\n" + PACKED[:-20], {}),
    "said so, by the clock": (HTTP, {"WARC_Truncated": "time"}),
    "said so, in small letters": (HTTP, {"warc_truncated": "disconnect"}),
    "deflate that ends early": (
        ANSWER + b"Content-Encoding: deflate\r\n\r\n" + DEFLATED[:-12],
        {},
    ),
    "no last chunk": (ANSWER + b"Transfer-Encoding: chunked\r\n\r\n9\r\n<p>De mol\r\n", {}),
}  # fmt: skip
WHOLE = {
    "exact length": ANSWER + b"Content-Length: 12\r\n\r\n<p>Molen</p>",
    "unpacked by the crawler": ANSWER
    + b"Content-Encoding: gzip\r\nContent-Length: 999\r\n\r\n<p>Molen</p>",
    "chunks to the end": ANSWER + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<p>De\r\n0\r\n\r\n",
    "unchunked by the crawler": ANSWER + b"Transfer-Encoding: chunked\r\n\r\n<p>Molen</p>",
    "longer than its length": ANSWER + b"Content-Length: 2\r\n\r\n<p>Molen</p>",
}  # fmt: skip


@pytest.mark.parametrize("how", CUT)
def test_an_answer_that_was_cut_off_is_a_partial_look(how: str, tmp_path: Path) -> None:
    block, headers = CUT[how]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(record(block=block, **headers)) + GOOD)
    counts: Counter[str] = Counter()
    found = [capture.is_partial for capture in read_captures(path, counts)]
    assert found == [True, False]
    assert counts["partial"] == 1


@pytest.mark.parametrize("how", WHOLE)
def test_an_answer_that_was_kept_otherwise_is_whole(how: str, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(record(block=WHOLE[how])))
    assert [capture.is_partial for capture in read_captures(path, Counter())] == [False]
