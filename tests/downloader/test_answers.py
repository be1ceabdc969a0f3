"""Answers as servers give them: what their heads and encodings say, and what they really hold.

The kind: a header is a claim of the server's. It may lie, be missing, be cut or be in another
charset; the answer behind it is read all the same, and no header raises anything unexpected.
"""

import gzip
import sys
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawler.downloader import Stop, is_public, location, retry_after
from storage.warc import final_answer, parse_answer, unpack_body

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = "<html><body><p>Eén brug is open.</p></body></html>".encode() * 20
JSON = b'{"brug": "open"}' * 20
LIMIT = 100_000


def gz(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


@pytest.mark.parametrize("body", [PAGE, JSON, b"", b"Brug open", b"\xef\xbb\xbf<html>"])
@pytest.mark.parametrize("name", ["gzip", "x-gzip", "br", "deflate", "zstd", "gzip, br", "snappy"])
def test_an_answer_that_only_calls_itself_compressed_is_read(body: bytes, name: str) -> None:
    assert unpack_body(body, name, LIMIT) == (body, None)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (gz(PAGE), "gzip"),
        (gz(PAGE), ""),
        (gz(PAGE), "identity"),
        (gz(PAGE), "br"),
        (gz(PAGE[:50]) + gz(PAGE[50:]), "gzip"),
        (gz(PAGE) + b"<!-- gemaakt in 0,1 s -->", "gzip"),
        (gz(PAGE) + b"\x00" * 30, "gzip"),
        (gz(gz(PAGE)), "gzip"),
        (gz(gz(gz(PAGE))), "gzip, gzip, gzip"),
        (brotli.compress(PAGE), "br"),
        (brotli.compress(gz(PAGE)), "gzip, br"),
        (zlib.compress(PAGE), "deflate"),
        (zlib.compress(PAGE)[2:-4], "deflate"),
        (zstd.compress(PAGE), "zstd"),
        (zstd.compress(PAGE), ""),
    ],
)
def test_encodings_are_undone_whatever_the_header_says(body: bytes, name: str) -> None:
    unpacked, problem = unpack_body(body, name, LIMIT)
    assert unpacked == PAGE
    assert problem in {None, "broken_encoding"} if name == "deflate" else problem is None


@pytest.mark.parametrize("cut", [8, 12, 40])
def test_what_there_is_of_a_cut_or_broken_answer_is_kept_and_told(cut: int) -> None:
    long = b"".join(b"<p>regel %d</p>" % number for number in range(2000))
    for body in (gz(long)[:-cut], gz(long)[:-cut] + b"\xff" * cut):
        unpacked, problem = unpack_body(body, "gzip", LIMIT)
        assert problem == "broken_encoding"
        assert unpacked[: len(long) * 9 // 10] == long[: len(long) * 9 // 10]


@pytest.mark.parametrize("pack", [gz, brotli.compress, zstd.compress, zlib.compress])
def test_a_bomb_is_unpacked_to_the_limit_and_no_further(pack: "type[bytes]") -> None:
    name = {brotli.compress: "br", zlib.compress: "deflate"}.get(pack, "")
    unpacked, problem = unpack_body(pack(bytes(50_000_000)), name, LIMIT)
    assert (len(unpacked), problem) == (LIMIT, "too_large")


@given(st.binary(max_size=300), st.text(max_size=20))
def test_no_body_breaks_the_reader(body: bytes, name: str) -> None:
    for begin in (b"", b"\x1f\x8b", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"x\x9c"):
        for names in (name, "br", "deflate", "gzip, br, deflate"):
            unpacked, _problem = unpack_body(begin + body, names, LIMIT)
            assert len(unpacked) <= LIMIT


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


@pytest.mark.parametrize(
    "interim",
    [
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 102 Processing\r\n\r\n" * 3,
        b"HTTP/1.1 103 Early Hints\nLink: </a.css>\n\n",
        b"HTTP/1.0 199 Nog even\r\nA: b\r\n\r\n",
    ],
)
def test_what_comes_before_the_answer_is_not_the_answer(interim: bytes) -> None:
    assert final_answer(interim + HEAD + PAGE) == HEAD + PAGE
    answer = parse_answer(interim + HEAD + PAGE)
    assert (answer.status, answer.body) == (200, PAGE)


def test_an_interim_answer_alone_stays_what_it_is() -> None:
    assert parse_answer(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n").status == 101


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_heads_end_where_their_lines_do(end: bytes) -> None:
    message = (HEAD.replace(b"\r\n", end)) + b"<p>a</p>\r\n\r\n<p>b</p>"
    answer = parse_answer(message)
    assert answer.body == b"<p>a</p>\r\n\r\n<p>b</p>"
    assert answer.headers["content-type"] == "text/html"


def redirect(target: bytes, status: int = 302) -> Response:
    return Response("http://a.example/oud/", status=status, headers={"Location": target})


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("/nieuws/één-brug".encode(), "/nieuws/%C3%A9%C3%A9n-brug"),
        (b"/nieuws/%C3%A9%C3%A9n-brug", "/nieuws/%C3%A9%C3%A9n-brug"),
        ("/nieuws/%C3%A9én".encode(), "/nieuws/%C3%A9%C3%A9n"),
        (b"/caf\xe9", "/caf%E9"),
        ("?zoek=ruïne".encode(), "/oud/?zoek=ru%C3%AFne"),
        (b"/een brug", "/een%20brug"),
        (b"  /brug  ", "/brug"),
        (b"../brug", "/brug"),
        (b"/" + b"a" * 900, "/" + "a" * 900),
        ("/" + "é" * 300, "/" + "%C3%A9" * 300),
        ("http://a.example/🌉".encode(), "/%F0%9F%8C%89"),
    ],
)
def test_a_redirect_leads_where_its_bytes_say(target: bytes | str, address: str) -> None:
    named = target.encode() if isinstance(target, str) else target
    assert location(redirect(named)) == f"http://a.example{address}"


@pytest.mark.parametrize("target", [b"", b"   "])
def test_a_redirect_to_nowhere_is_none(target: bytes) -> None:
    assert location(redirect(target)) is None
    assert location(redirect(b"/brug", status=200)) is None


@pytest.mark.parametrize(
    "target", [b"http://[::1", b"http://[", b"//x:99999999/", b"http://a:b/", b"http://]/"]
)
def test_a_redirect_to_what_is_no_address_stops_its_page_only(target: bytes) -> None:
    with pytest.raises(Stop) as stopped:
        location(redirect(target))
    assert stopped.value.outcome == "bad_address"


@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
)
def test_any_location_is_an_address_or_a_stop(target: bytes) -> None:
    for begin in (b"", b"http://", b"//", b"http://[", b"/"):
        try:
            address = location(redirect(begin + target))
        except Stop:
            continue
        assert address is None or address.isascii()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("9" * 5000, 604800.0),
        ("²", None),
        ("½", None),
        ("-5", None),
        ("1e3", None),
        ("gauw", None),
        ("", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", 604800.0),
        ("Fri, 31 Dec 0000 23:59:59 GMT", 0.0),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 -0000", None),
    ],
)
def test_a_rest_is_seconds_or_a_date_or_nothing(value: str, seconds: float | None) -> None:
    answer = Response("http://a.example/", headers={"Retry-After": value.encode("latin-1")})
    assert retry_after(answer) == seconds


@given(st.binary(max_size=60))
def test_any_rest_is_borne(value: bytes) -> None:
    wait = retry_after(Response("http://a.example/", headers={"Retry-After": value}))
    assert wait is None or 0 <= wait <= 604800


@pytest.mark.parametrize(
    "host",
    "127.0.0.1 0.0.0.0 [::1] [::] 10.0.0.1 169.254.169.254 100.64.0.1 192.168.1.1 "
    "224.0.0.1 [fe80::1] [fe80::1%25eth0]"
    " [fd00::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [64:ff9b::7f00:1] [::127.0.0.1] "
    "[2002:7f00:1::] localhost LOCALHOST. 255.255.255.255".split(),
)
def test_hosts_that_are_not_everyones(host: str) -> None:
    assert not is_public(host)


@pytest.mark.parametrize(
    "host",
    "8.8.8.8 [2001:4860:4860::8888] voorbeeld.example [64:ff9b::808:808] [64:ff9b:1::808:808]"
    " [2a00::5efe:808:808] [2a00::1:5efe:10.0.0.1]".split(),
)
def test_hosts_that_are_everyones(host: str) -> None:
    assert is_public(host)
