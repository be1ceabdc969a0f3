"""Charsets: what a page is written in, whatever it, its server or its writer say.

The kind: a label is a claim. It may name no charset at all, it may be stale, and a broken byte may
make the right one look wrong. None of that may cost the page its letters.
"""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.document import decode_body

TEXT = "Eén café aan de dijk: “knieën” en reünie"
PAGE = f"<html><head><title>{TEXT}</title></head><body><p>{TEXT}</p></body></html>"


def labelled(label: str) -> str:
    return PAGE.replace("<title>", f'<meta charset="{label}"><title>')


@pytest.mark.parametrize(
    "label",
    "rot13 rot_13 base64 base64_codec hex zlib bz2 quopri uu idna punycode unicode_escape undefined"
    " raw_unicode_escape charmap utf-7 mbcs oem string-escape x-user-defined hz-gb-2312".split(),
)
def test_what_is_no_charset_of_the_web_is_no_label(label: str) -> None:
    for text, content_type in (
        (labelled(label), "text/html"),
        (PAGE, f"text/html; charset={label}"),
    ):
        decoded, charset = decode_body(text.encode(), content_type)
        assert (decoded, charset) == (text, "utf-8")
    western = PAGE.encode("cp1252")
    assert decode_body(western, f"text/html; charset={label}") == (PAGE, "cp1252")


@pytest.mark.parametrize("label", ["utf-16", "UTF-16LE", "utf-16be", "unicode", "ucs-2"])
def test_a_page_that_calls_itself_utf_16_in_ascii_is_utf_8(label: str) -> None:
    page = labelled(label)
    assert decode_body(page.encode(), "text/html") == (page, "utf-8")
    assert decode_body(PAGE.encode(), f"text/html; charset={label}") == (PAGE, "utf-8")


@pytest.mark.parametrize(
    ("body", "content_type", "charset"),
    [
        (codecs.BOM_UTF16_LE + PAGE.encode("utf-16-le"), None, "utf-16"),
        (codecs.BOM_UTF16_BE + PAGE.encode("utf-16-be"), "text/html; charset=utf-8", "utf-16"),
        (PAGE.encode("utf-16-le"), "text/html; charset=utf-16", "utf-16-le"),
        (PAGE.encode("utf-16-be"), "text/html; charset=utf-16be", "utf-16-be"),
        (PAGE.encode("utf-16-le"), "text/html; charset=utf-8", "utf-16-le"),
        (PAGE.encode("utf-16-be"), None, "utf-16-be"),
        (PAGE.encode("utf-8-sig"), "text/html; charset=iso-8859-1", "utf-8-sig"),
        (PAGE.encode(), "text/html; charset=iso-8859-15", "utf-8"),
        (PAGE.encode(), "text/html; charset=us-ascii", "utf-8"),
        (PAGE.encode("cp1252"), "text/html; charset=utf-8", "cp1252"),
        (PAGE.encode("cp1252"), "text/html; charset=latin1", "cp1252"),
    ],
)
def test_the_bytes_tell_what_the_label_hides(
    body: bytes, content_type: str | None, charset: str
) -> None:
    assert decode_body(body, content_type) == (PAGE, charset)


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("iso-8859-15", "€ 3,50"),
        ("iso-8859-2", "Dvořák"),
        ("windows-1251", "Привет"),
        ("koi8-r", "Привет"),
        ("shift_jis", "東京"),
        ("gb2312", "北京"),
        ("macintosh", "café"),
    ],
)
def test_a_charset_of_the_web_is_read_as_the_standard_names_it(label: str, text: str) -> None:
    assert decode_body(text.encode(label), f"text/html; charset={label}")[0] == text


def test_a_label_in_a_comment_is_none() -> None:
    page = f'<!-- <meta charset="koi8-r"> -->{labelled("utf-8")}'
    assert decode_body(page.encode()) == (page, "utf-8")


@pytest.mark.parametrize(
    "content_type", [None, "text/html; charset=iso-8859-1", "text/html; charset=utf-8"]
)
@pytest.mark.parametrize(
    "broken",
    [b"\xc3", b"\xe2\x80", b"\xff", b"\x80", b"caf\xe9", b"\xf0\x9f\x98", b"\xed\xa0\x80"],
)
def test_a_broken_byte_costs_itself_only(broken: bytes, content_type: str | None) -> None:
    body = PAGE.encode().replace(b"<p>", b"<p>" + broken + b" ")
    decoded, charset = decode_body(body, content_type)
    assert charset == "utf-8"
    assert decoded.count(TEXT) == 2
    assert "\ufffd" in decoded


@given(st.binary(max_size=400), st.text(max_size=60))
def test_any_bytes_become_text(body: bytes, content_type: str) -> None:
    for beginning in (b"", b"<meta charset=utf-16>", b'<?xml encoding="rot13"?>', b"\xff\xfe"):
        text, charset = decode_body(beginning + body, content_type)
        assert isinstance(text, str)
        codecs.lookup(charset)


@given(st.sampled_from(["rot13", "utf-8", "²", "\u0130", "x" * 40, "utf-16", "iso-2022-kr"]))
def test_any_label_is_borne(label: str) -> None:
    assert TEXT in decode_body(PAGE.encode(), f"text/html; charset={label}")[0]
