"""Bytes to text, with the charset decided as an archivist decides it.

A byte order mark, then UTF-16 that shows itself, then UTF-8 (a few broken bytes make it nothing
else), then the header's charset, then the page's own meta element, then windows-1252: what browsers
assume for an undeclared western page. Labels are those of the WHATWG Encoding Standard: there
"iso-8859-1" means windows-1252, and what is a codec of Python's only ("rot13") is no charset.
"""

import codecs
import re

import webencodings

BEGINNING = 4096
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF_16 = frozenset({"utf-16-le", "utf-16-be"})
# XML 1.0, appendix F: a document that begins so is UTF-16 without its byte order mark.
_UNMARKED = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_LABEL = re.compile(r"""charset\s*+=\s*+["']?\s*+([-\w:.]{2,40})""", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_META = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*+=\s*+["']?\s*+([-\w:.]{2,40})""",
    re.IGNORECASE,
)
_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_WESTERN = "cp1252"
# Labels that are on pages of any charset, so a page that is UTF-8 is believed before them.
_EVERYWHERE = frozenset({None, "utf-8", _WESTERN, "iso8859-15"})


def decode_body(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Return *body* as text and the name of the charset that was used; what it cannot express
    becomes U+FFFD.
    """
    charset = _charset_of(body, content_type)
    return body.decode(charset, "replace"), charset


def _charset_of(body: bytes, content_type: str | None) -> str:
    """Return the charset of *body* by its byte order mark, by its label, by its first letters, by
    its bytes.
    """
    marked = next((charset for mark, charset in _BOMS if body.startswith(mark)), None)
    if marked is not None:
        return marked
    declared = _declared(body, content_type)
    if declared in _UTF_16 and b"\x00" in body[:BEGINNING]:
        return declared
    begin = body.lstrip()[:BEGINNING]
    unmarked = next((charset for start, charset in _UNMARKED if begin.startswith(start)), None)
    if unmarked is not None:
        return unmarked
    if declared in _UTF_16:
        declared = "utf-8"  # a page whose label could be read as ASCII is not UTF-16 (WHATWG)
    if declared in _EVERYWHERE and _is_utf8(body):
        return "utf-8"
    return _WESTERN if declared in {None, "utf-8"} else declared


def _is_utf8(body: bytes) -> bool:
    """Return whether *body* is UTF-8, but for a few broken bytes (a text cut in mid-letter).

    Letters beyond ASCII are never two to four bytes of the right kind by chance: in a page in
    windows-1252 nearly every one of them is broken.
    """
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        broken = body.decode("utf-8", "replace").count("\ufffd")
        return len(_LETTER.findall(body)) >= broken
    return True


def _declared(body: bytes, content_type: str | None) -> str | None:
    """Return Python's name of the first charset that header or page declare, None without one."""
    header = _LABEL.search(content_type or "")
    meta = _META.search(_COMMENT.sub(b"", body[:BEGINNING]))
    for label in (
        header[1] if header else None,
        meta[1].decode("ascii", "replace") if meta else None,
    ):
        charset = webencodings.lookup(label) if label else None
        if charset is not None and charset.name not in {"replacement", "x-user-defined"}:
            return str(charset.codec_info.name)
    return None
