"""Bytes to text, with the charset decided as an archivist decides it.

A byte order mark, then strictly valid UTF-8, then the header's charset, then the page's own meta
element, then windows-1252: what browsers assume for an undeclared western page, and what
"iso-8859-1" means to them (WHATWG Encoding Standard).
"""

import codecs
import re

BEGINNING = 4096
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LABEL = re.compile(r"""charset\s*=\s*["']?\s*([-\w:.]{2,40})""", re.IGNORECASE)
_META = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([-\w:.]{2,40})""",
    re.IGNORECASE,
)
_WESTERN = frozenset({"iso8859-1", "ascii", "cp1252", "iso8859-15"})


def decode_body(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Return *body* as text and the name of the charset that was used; what it cannot say becomes
    U+FFFD.
    """
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body.decode(charset, "replace"), charset
    declared = _declared(body, content_type)
    if declared is None or declared == "utf-8" or declared in _WESTERN:
        # Valid UTF-8 with letters beyond ASCII is never windows-1252 by chance, whatever a stale
        # label says.
        try:
            return body.decode("utf-8"), "utf-8"
        except UnicodeDecodeError as error:
            if declared == "utf-8" and _is_nearly_utf8(body, error):
                return body.decode("utf-8", "replace"), "utf-8"
    if declared is None or declared == "utf-8" or declared in _WESTERN:
        declared = "cp1252"
    return body.decode(declared, "replace"), declared


def _is_nearly_utf8(body: bytes, error: UnicodeDecodeError) -> bool:
    """Tell whether a page labelled UTF-8 is so but for a few broken bytes (a text cut in
    mid-letter).
    """
    good = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]", body))
    bad = body[error.start :].decode("utf-8", "replace").count("\ufffd")
    return good > 3 * bad


def _declared(body: bytes, content_type: str | None) -> str | None:
    header = _LABEL.search(content_type or "")
    meta = _META.search(body[:BEGINNING])
    for label in (
        header[1] if header else None,
        meta[1].decode("ascii", "replace") if meta else None,
    ):
        try:
            name = codecs.lookup(label).name if label else None
        except LookupError:
            continue
        if name:
            return name
    return None
