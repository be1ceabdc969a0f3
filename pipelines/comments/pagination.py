"""Further pages of a thread: the addresses that its own navigation links to."""

import re
from collections.abc import Iterable
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

_COMMENT_PAGE = re.compile(
    r"/comment-page-\d+/?(?:[?#]|$)|[?&](?:cpage|cp|comments?_?page|reactiepagina|reacties?_?page)=\d+", re.IGNORECASE
)
_PAGE = re.compile(r"[?&](?:page|pagina|p|start|offset)=\d+|/(?:page|pagina)/?\d+", re.IGNORECASE)
_ANCHOR = re.compile(r"^(?:comments?|reacties?|respond|discussie|commentaar|reactielijst|reactions)$", re.IGNORECASE)
_PERMALINK = re.compile(r"\d")
_WORDS = re.compile(
    r"(?:oudere|nieuwere|vorige|volgende|meer|older|newer|previous|next)\s+(?:reacties|comments|opmerkingen|berichten)",
    re.IGNORECASE,
)


def comment_pages(tree: HtmlElement, areas: Iterable[HtmlElement], url: str) -> tuple[str, ...]:
    """Return the absolute addresses, without fragment, of further pages of the thread.

    An address such as ``/comment-page-2/`` counts wherever it stands in *tree*, a link "volgende" only inside the thread's *areas*.
    """
    own = urldefrag(url).url
    path = urlsplit(url).path.rstrip("/")
    inside = {link for area in areas for link in area.iter("a", "link")}
    found: dict[str, None] = {}
    for link in tree.iter("a", "link"):
        href = link.get("href")
        if not href or href.startswith("#") or "replytocom" in href or "canonical" in (link.get("rel") or ""):
            continue
        address, fragment = urldefrag(urljoin(url, href))
        if _PERMALINK.search(fragment) or address == own:
            continue  # a comment's own address names the page it stands on, not a further one
        leads_on = _COMMENT_PAGE.search(address) or (link in inside and _leads_on(link, address, fragment))
        if leads_on and _same_article(address, path):
            found[address] = None
    return tuple(found)


def _leads_on(link: HtmlElement, address: str, fragment: str) -> bool:
    relations = (link.get("rel") or "").lower().split()
    words = " ".join(link.text_content().split())
    return bool((_PAGE.search(address) and _ANCHOR.match(fragment)) or {"next", "prev"} & set(relations) or _WORDS.search(words))


def _same_article(address: str, path: str) -> bool:
    other = re.sub(r"/comment-page-\d+/?$", "", urlsplit(address).path).rstrip("/")
    here = re.sub(r"/comment-page-\d+/?$", "", path).rstrip("/")
    other = re.sub(r"/(?:page|pagina)/?\d+$", "", other)
    return other == re.sub(r"/(?:page|pagina)/?\d+$", "", here)
