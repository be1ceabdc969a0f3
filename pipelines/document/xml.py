"""XML as sites write it, read without altering a value: what is broken costs itself only.

A bare "&", an HTML entity, a warning before the document, letters that XML does not know, a cut
end: sitemaps and feeds are full of them, and a parser that recovers drops a letter of an address
without a word. So the text is mended first, in the few ways that are certain, and parsed then.
"""

import re
from html.entities import html5

from lxml import etree

from pipelines.document.decode import decode_body
from storage.urls import resolve

_ROOTS = "urlset|sitemapindex|rss|rdf|feed|channel|url|sitemap|item|entry"
_START = re.compile(
    rf"<\?xml[\s?]|<!DOCTYPE|<!--|<(?:[\w.-]{{1,40}}:)?(?:{_ROOTS})[\s>]", re.IGNORECASE
)
# An entry without the list around it, which a warning or a cut took away.
_LONE_ENTRY = re.compile(r"\s*<(url|sitemap|item|entry)[\s>]", re.IGNORECASE)
_LISTS = {"url": "urlset", "sitemap": "sitemapindex", "item": "rss", "entry": "feed"}
_FIRST_ELEMENT = re.compile(r"<[A-Za-z_]")
_HTML_TYPE = re.compile(r"<!doctype\s+html[^<>\[]{0,500}>", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml[^>]{0,300}\?>", re.IGNORECASE)
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_AMPERSAND = re.compile(r"&(?:#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|([a-zA-Z][a-zA-Z0-9]{1,31};))?")
_KNOWN_TO_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


class BadXml(ValueError):
    """Raised when an answer is no XML, or XML that may not be read; its text states why."""


def xml_text(body: bytes) -> str:
    """Return *body* as text; where it is XML, from its first tag on."""
    text = decode_body(body)[0].lstrip("\ufeff")
    start = _START.search(text)
    return text[start.start() :] if start else text


def parse_xml(text: str) -> etree._Element:
    """Return the root of the XML in *text*, which may end too soon. Raises BadXml for what is none,
    and for XML that declares entities.
    """
    first = _FIRST_ELEMENT.search(text)
    if first is None:
        raise BadXml("It is no XML.")
    if "<!ENTITY" in text[: first.start()]:
        raise BadXml("It declares entities.")
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(_mended(text).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise BadXml(f"It is no XML: {error}.") from error
    if root is None:
        raise BadXml("It is no XML.")
    return root


def _mended(text: str) -> str:
    """Return *text* with every "&" that begins no entity written out, without what XML forbids, and
    without a value that is cut off at its end.
    """
    whole = NO_CHARACTER.sub("", _HTML_TYPE.sub("", _DECLARATION.sub("", text), count=1))
    whole = whole[: whole.rfind(">") + 1]
    lone = _LONE_ENTRY.match(whole)
    if lone:
        whole = f"<{_LISTS[lone[1].lower()]}>{whole}"
    return "".join(
        part if part.startswith("<![CDATA[") else _AMPERSAND.sub(_entity, part)
        for part in _CDATA.split(whole)
    )


def _entity(found: re.Match[str]) -> str:
    """Return an entity that XML knows as it is, one that only HTML knows as its letters, and any
    other "&" as the letter that was meant.
    """
    decimal, hexadecimal, name = found.groups()
    if decimal or hexadecimal:
        number = int(decimal) if decimal else int(hexadecimal, 16)
        letter = chr(number) if number < 0x110000 else "\ufffd"
        return "\ufffd" if NO_CHARACTER.match(letter) else found[0]
    if name in _KNOWN_TO_XML:
        return found[0]
    letters = html5.get(name or "", "&")
    return letters if not set(letters) & set("&<>") else f"&amp;{found[0][1:]}"


def local_name(element: etree._Element) -> str:
    """Return an element's name in lower case, without its namespace or a prefix that has none."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def base_of(element: etree._Element, url: str) -> str:
    """Return from where the addresses in *element* are counted: ``xml:base``, as nested as it is."""
    base = url
    for outer in reversed([element, *element.iterancestors()]):
        base = resolve(outer.get(_BASE), base) or base
    return base
