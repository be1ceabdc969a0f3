"""A page opened for reading: decoded once, parsed once, shared by every reader."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

from lxml import etree, html
from lxml.html import HtmlElement

from pipelines.document.decode import decode_body
from pipelines.document.json_ld import JsonObject, read_json_ld
from pipelines.document.trace import Trace
from storage.records import Page
from storage.urls import resolve, same_site

QUICK_SECONDS = 5
LEAST_PAGE_FORM = 500
DEEPEST = 150  # levels; of 600 pages of real sites none has 50
PAGE_FORM_SHARE = 0.6
HEADED_FORM_SHARE = 0.3
# lxml.html asks a Python function for the class of each element, to give forms their methods; here
# one class does for all.
_CLASSES = etree.ElementDefaultClassLookup(
    element=html.HtmlElement,
    comment=html.HtmlComment,
    pi=html.HtmlProcessingInstruction,
    entity=html.HtmlEntity,
)
_DEEP = etree.XPath("/*" * DEEPEST)
# What is read of a page's elements when it is opened, in one walk over its tree.
_OPENED = ("title", "meta", "link", "script", "base", "form", "noscript")
_REFRESH = re.compile(
    r"""\s*(?P<seconds>\d{1,3}(?:\.\d+)?)\s*[;,]\s*(?:url\s*=\s*)?["']?(?P<url>[^"'\s]+)""",
    re.IGNORECASE,
)
_ENDS = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
# Without a flag for letters of either case, which would have each place of a page looked at.
_SOFT_HYPHEN = re.compile("&(?:[sS][hH][yY]|#173|#[xX]0*[aA][dD]);")
# The parser compares each attribute of an element with all before it: so many are read of one tag.
MOST_ATTRIBUTES = 1000
_ATTRIBUTE = r"""[\s/]++[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>=]++))?+"""
_SPACES = bytes.maketrans(b"\a\v\f\x1c\x1d", b"     ")  # what stands between words
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\a\v\f\x1c\x1d")
_NONCHARACTERS = ("\ufffe", "\uffff")
_CONTROL_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|6553[45])(?!\d)|x0*(?:[0-8bcef]|1[\da-f]|fff[ef])(?![\da-f]));?",
    re.IGNORECASE,
)
_CROWDED = re.compile(
    rf"(<[a-zA-Z][^\s\"'<>/]*+(?:{_ATTRIBUTE}){{{MOST_ATTRIBUTES}}})(?:{_ATTRIBUTE})++"
)
# As PHP writes them into a page; the words may hold links to its manual.
_SERVER_ERROR = re.compile(
    r"<br />\s*+<b>(?:Warning|Notice|Deprecated|Strict Standards|(?:Recoverable f|F)atal error"
    r"|Parse error)</b>:(?:[^<]|<a\s[^<>]*>[^<]*</a>)*+<b>[^<]*</b>\s*+on line\s*+<b>\d*</b>(?:<br />)?"
)
_BEGINNING = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


class Unreadable(ValueError):
    """Raised when a page holds nothing that can be read as a document; its text states why."""


@dataclass(frozen=True, slots=True)
class Document:
    """One page's tree and what it states for machines: JSON-LD objects in document order (an
    ``@graph`` is flattened), its *title*, its
    *links* (``link`` elements), its *metas*: the contents of its meta elements by name, property or
    itemprop in lower case.

    Readers share *tree* and must leave it as they found it; who has to change it works on a copy.
    In *trace* they note what they considered, in *known* what is worked out once.
    """

    page: Page
    tree: HtmlElement
    charset: str
    json_ld: tuple[JsonObject, ...]
    title: str | None
    links: tuple[HtmlElement, ...]
    metas: Mapping[str, tuple[str, ...]]
    trace: Trace = field(default_factory=Trace, repr=False, compare=False)
    _held: list[HtmlElement] = field(default_factory=list, repr=False, compare=False)
    known: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def url(self) -> str:
        """The address the page was fetched from."""
        return self.page.url

    @property
    def language(self) -> str | None:
        """The language that the page's root declares, None when it declares none."""
        root = self.tree.getroottree().getroot()
        return root.get("lang") or root.get("xml:lang")

    @property
    def canonical(self) -> str | None:
        """The address that the page states as its own, None where it states none."""
        stated = (one.get("href") for one in self.links if _is_canonical(one.get("rel") or ""))
        return resolve(next(filter(None, stated), None), self.url)

    @property
    def fetched_at(self) -> datetime:
        """The moment from which "gisteren" counts."""
        return self.page.fetched_at

    def hold(self) -> None:
        """Keep the Python object of each element: lxml makes one anew whenever nobody holds the
        last one, and most readers ask for all.
        """
        if not self._held:
            self._held.extend(self.tree.iter())


def _is_canonical(relations: str) -> bool:
    return "anonical" in relations and "canonical" in relations.lower().split()


def open_document(page: Page) -> Document:
    """Return *page* decoded and parsed.

    Raises Unreadable when the body is empty, holds no element or is nested too deep.
    """
    text, charset = decode_body(page.body, page.content_type)
    # The parser refuses an XML declaration in decoded text, and drops all that is after a first
    # </html>.
    text = _ENDS.sub("", _XML_DECLARATION.sub("", text, count=1))
    text = _from_beginning(_SERVER_ERROR.sub("", text))
    # Where a word may be parted is no part of it: whoever looks for the whole word is to find it,
    # in articles and comments alike.
    text = _CROWDED.sub(r"\1", _SOFT_HYPHEN.sub("", text.replace("\xad", "")))
    source = _without_controls(text)
    if not source.strip():
        raise Unreadable("The body is empty.")
    # In UTF-8, whatever the page is written in: the parser would convert Python's own string once
    # more.
    parser = html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    parser.set_element_class_lookup(_CLASSES)
    try:
        tree = html.document_fromstring(source, parser=parser)
    except (ValueError, etree.ParserError) as error:
        raise Unreadable(f"The body cannot be parsed: {error}.") from error
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise Unreadable("The elements are nested deeper than 2,048.")
    _flatten(tree)
    named: dict[str, list[HtmlElement]] = {tag: [] for tag in _OPENED}
    for element in tree.iter(*_OPENED):
        named[str(element.tag)].append(element)
    _open_page_forms(tree, named["form"] + named["noscript"])
    _count_from_base(tree, page.url, named["base"])
    title = _title(named["title"])
    return Document(
        page=page,
        tree=tree,
        charset=charset,
        json_ld=tuple(read_json_ld(named["script"])),
        title=None if title is None else " ".join(unescape(title.text_content()).split()) or None,
        links=tuple(named["link"]),
        metas=_metas(named["meta"]),
    )


def _without_controls(text: str) -> bytes:
    """Return *text* in UTF-8, without the characters that no XML may hold, which no reader could
    write into a tree, and with spaces for references to them.
    """
    source = text.encode("utf-8", "replace").translate(_SPACES, _CONTROLS)
    for noncharacter in _NONCHARACTERS:
        if noncharacter in text:
            source = source.replace(noncharacter.encode(), b"")
    return _CONTROL_REFERENCE.sub(b" ", source)  # a space: what is left must not become another


def _from_beginning(text: str) -> str:
    """Return a page with whatever its server wrote before its beginning after its end: the parser
    would take the page's head for a part of its body, and lose what is stated there.
    """
    found = _BEGINNING.search(text)
    before = text[: found.start()] if found else ""
    is_open = before.count("<!--") != before.count("-->") or "<script" in before.lower()
    return text if not before.strip() or is_open else text[len(before) :] + before


def _title(found: Iterable[HtmlElement]) -> HtmlElement | None:
    """Return the page's first title, as browsers do wherever it stands; those in drawings are none."""
    titles = (one for one in found if next(one.iterancestors("svg"), None) is None)
    return next(titles, None)


def _count_from_base(tree: HtmlElement, url: str, bases: Iterable[HtmlElement]) -> None:
    """Write out the links that a page counts from its base element, where that is of its site:
    every reader counts from the page's own address.
    """
    stated = (element.get("href") for element in bases)
    base = next((found for href in stated if (found := resolve(href, url))), url)
    if base == url or not same_site(base, url):
        return
    for element in tree.iter("a", "area", "link"):
        href = (element.get("href") or "").strip()
        address = resolve(href, base) if href and not href.startswith("#") else None
        if address is not None:
            element.set("href", address)


def _metas(elements: Iterable[HtmlElement]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in elements:
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.lower(), []).append(unescape(content))
    return {name: tuple(contents) for name, contents in found.items()}


def _flatten(tree: HtmlElement) -> None:
    """Make siblings of elements that are nested deeper than any page needs, as browsers do from 512
    levels on: who reads each level with all that it holds would take n times as long.
    """
    behind: dict[HtmlElement, list[str]] = {}  # what is behind an element that held others
    for deep in _DEEP(tree):
        place = 0
        while place < len(deep):
            outer, inner = deep[place], list(deep[place])
            tails = behind.pop(outer, [])
            tails.append(outer.tail or "")
            outer.tail = None if inner else "".join(reversed(tails))
            if inner:
                behind[inner[-1]] = tails
            for element in reversed(inner):
                outer.addnext(element)
            place += 1


def _open_page_forms(tree: HtmlElement, forms: Iterable[HtmlElement]) -> None:
    """Make the form that ASP.NET lays around a whole page a plain block, or the noscript that is
    left open there: inside it is the page, not what a reader fills in or does without.
    """
    large = [(form, size) for form in forms if (size := _length(form)) >= LEAST_PAGE_FORM]
    whole = _length(tree) if large else 0
    for form, size in large:
        is_headed = form.tag == "form" and form.find(".//h1") is not None
        share = HEADED_FORM_SHARE if is_headed else PAGE_FORM_SHARE
        if size >= share * whole:
            form.tag = "div"


def _length(element: HtmlElement) -> int:
    return len(" ".join(element.text_content().split()))


def refresh_target(document: Document) -> str | None:
    """Return the address to which a page sends its reader at once by a meta element, None when it
    stays.
    """
    for element in document.tree.iter("meta"):
        if (element.get("http-equiv") or "").lower() == "refresh":
            match = _REFRESH.match(element.get("content") or "")
            if match and float(match["seconds"]) <= QUICK_SECONDS:
                return resolve(match["url"], document.url)
    return None
