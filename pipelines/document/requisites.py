"""What a page needs to look as it did: the addresses of its style sheets and pictures.

Portraits beside names are none of these: they show people, and their addresses are often made of
mail addresses.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from pipelines.document.document import Document, Unreadable, open_document
from pipelines.document.media import is_portrait
from storage.records import Page
from storage.urls import is_address, resolve

MOST = 200  # addresses of one page or style sheet
STYLES = "text/css"
# url(...) with or without quotes, and @import "..."; an address is at most as long as one may be.
_IN_STYLES = re.compile(
    r"url\(\s{0,9}(?:\"([^\"\n]{1,2000})\"|'([^'\n]{1,2000})'|([^\s\"'()]{1,2000}))\s{0,9}\)"
    r"|@import\s{1,9}(?:\"([^\"\n]{1,2000})\"|'([^'\n]{1,2000})')",
    re.IGNORECASE,
)
_PICTURE_OF = {"img": "src", "video": "poster", "image": "href", "input": "src"}
_FONT = re.compile(r"\.(?:woff2?|ttf|otf|eot)(?:$|[?#])", re.IGNORECASE)


def requisites_of(page: Page) -> tuple[str, ...]:
    """Return the web addresses that *page*, in HTML or CSS, loads style sheets and pictures from,
    in its order, each once and at most MOST.

    Nothing for what cannot be read; never raises for a page.
    """
    if (page.content_type or "").partition(";")[0].strip().lower() == STYLES:
        styles = page.body.decode("utf-8", "replace")
        named = ((href, page.url) for href in _styled(styles))
    else:
        try:
            document = open_document(page)
        except Unreadable:
            return ()
        named = ((href, _base_of(document)) for href in _in_page(document.tree))
    found: dict[str, None] = {}
    for href, base in named:
        url = (resolve(href, base) or "").partition("#")[0]
        if url != page.url and is_address(url) and not _FONT.search(url):
            found[url] = None
        if len(found) == MOST:
            break
    return tuple(found)


def _base_of(document: Document) -> str:
    """Return the address that a page counts its own from, whosever site it is on."""
    hrefs = (element.get("href") for element in document.tree.iter("base"))
    return next((url for href in hrefs if (url := resolve(href, document.url))), document.url)


def _styled(text: str) -> Iterator[str]:
    """Yield what a style sheet or a style attribute names."""
    for match in _IN_STYLES.finditer(text):
        yield next(group for group in match.groups() if group is not None)


def _in_page(tree: HtmlElement) -> Iterator[str]:
    """Yield what the elements of a page name: style sheets first, without which nothing else looks
    right.
    """
    yield from _sheets(tree)
    for element in tree.iter("style"):
        yield from _styled(element.text or "")
    for element in tree.iter("img", "source", "input", "video", "image", "body", "table", "td"):
        if not is_portrait(element, tree):
            yield from _pictures(element)
    for element in tree.xpath("//*[@style]"):
        yield from _styled(element.get("style") or "")


def _sheets(tree: HtmlElement) -> Iterator[str]:
    """Yield the style sheets that a page links to and uses unasked."""
    for link in tree.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        if "stylesheet" in relations and "alternate" not in relations:
            yield link.get("href") or ""


def _pictures(element: HtmlElement) -> Iterator[str]:
    """Yield the pictures that one element may show, whichever a browser would choose."""
    name = _PICTURE_OF.get(str(element.tag), "background")
    if element.tag != "input" or (element.get("type") or "").lower() == "image":
        yield element.get(name) or ""
    for candidate in (element.get("srcset") or "").split(", "):
        yield candidate.strip().partition(" ")[0].rstrip(",")
