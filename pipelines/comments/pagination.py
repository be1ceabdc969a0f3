"""Further pages of a thread: the addresses that its own navigation links to."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

_COMMENT_PAGE = re.compile(
    r"/comment-page-\d+/?(?:[?#]|$)|[?&](?:cpage|cp|comments?_?page|reactiepagina|reacties?_?page)=\d+",
    re.IGNORECASE,
)
NEAR, LONGEST_PAGER = 3, 200  # boxes beside a thread, and letters of one that holds a pager
LONGEST_NUMBER = 3  # digits of a page's number
_PAGE = re.compile(r"[?&](?:page|pagina|p|start|offset)=\d+|/(?:page|pagina)/?\d+", re.IGNORECASE)
_ANCHOR = re.compile(
    r"^(?:comments?|reacties?|respond|discussie|commentaar|reactielijst|reactions)$", re.IGNORECASE
)
_PERMALINK = re.compile(r"\d")
_ARTICLE = re.compile(r"(?:/comment-page-\d+|/(?:page|pagina)/?\d+)/?$")
_WORDS = re.compile(
    r"(?:oudere|nieuwere|vorige|volgende|meer|older|newer|previous|next)\s+(?:reacties|comments|opmerkingen|berichten)",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"[?&;](?:page|pagina|pg|seite)=0*(?:[2-9]|[1-9]\d+)\b|[?&;](?:start|offset|st)=0*[1-9]"
    r"|/(?:page|pagina|seite|p)[-/]?0*(?:[2-9]|[1-9]\d+)/?(?:[?#]|$)|-(?:p|page)0*(?:[2-9]|[1-9]\d+)(?:\.html?)?/?(?:[?#]|$)",
    re.IGNORECASE,
)


def is_later_page(url: str) -> bool:
    """Return whether an address states that it is not a thread's first page."""
    return bool(_LATER.search(url))


def comment_pages(tree: HtmlElement, areas: Iterable[HtmlElement], url: str) -> tuple[str, ...]:
    """Return the absolute addresses, without fragment, of further pages of the thread.

    An address such as ``/comment-page-2/`` counts wherever it is in *tree*, a link "volgende" or
    with a page's number only in the thread's *areas*, or in a short line right beside one.
    """
    own = urldefrag(url).url
    path = urlsplit(url).path.rstrip("/")
    article = _ARTICLE.sub("", path)
    inside = {
        link for area in areas for box in _with_pagers(area) for link in box.iter("a", "link")
    }
    found: dict[str, None] = {}
    for link in tree.iter("a", "link"):
        href = link.get("href") or ""
        if not _is_way_on(link, href, article, is_inside=link in inside):
            continue
        address = _page_address(url, href)
        if address is not None and address != own and _same_article(address, path):
            found[address] = None
    return tuple(found)


def _with_pagers(area: HtmlElement) -> Iterator[HtmlElement]:
    """Yield *area* and the short lines beside it and beside the box around it: a pager may be one."""
    yield area
    for box in (area, *islice(area.iterancestors(), 1)):
        for preceding in (True, False):
            near = islice(box.itersiblings("*", preceding=preceding), NEAR)
            yield from (one for one in near if len(one.text_content()) <= LONGEST_PAGER)


def _is_way_on(link: HtmlElement, href: str, article: str, *, is_inside: bool) -> bool:
    """Return whether *link* is one to another page of the thread under the path *article*."""
    if not href or "replytocom" in href:
        return False
    is_page = _is_comment_page(href)
    if not (is_page or is_inside) or not _may_lead_on(href, article):
        return False
    return (is_page or _leads_on(link, href)) and "canonical" not in (link.get("rel") or "")


def _page_address(url: str, href: str) -> str | None:
    """Return the absolute address of the page that *href* leads to, None where it is none, or a
    comment's own: that names the page the comment is on, not a further one.
    """
    try:
        address, fragment = urldefrag(urljoin(url, href))
    except ValueError:
        return None
    return None if _PERMALINK.search(fragment) else address


def may_go_on(tree: HtmlElement, areas: Iterable[HtmlElement]) -> bool:
    """Return whether the thread in *areas* may have further pages: a quick look, which spares most
    pages the search for their addresses.
    """
    hrefs = (link.get("href") for link in tree.iter("a", "link"))
    if any(href and _is_comment_page(href) and not _is_of_comment(href) for href in hrefs):
        return True
    links = ((link, link.get("href")) for area in areas for link in area.iter("a", "link"))
    return any(href and not _is_of_comment(href) and _leads_on(link, href) for link, href in links)


def _is_of_comment(href: str) -> bool:
    """Return whether *href* is a comment's own address, or the form to answer it."""
    return (
        "#" in href and bool(_PERMALINK.search(href.rpartition("#")[2]))
    ) or "replytocom" in href


def _may_lead_on(href: str, article: str) -> bool:
    """Return cheaply whether *href* can be another page of the thread under the path *article*:
    most links of a page are not.
    """
    if href.startswith(("#", "mailto:", "javascript:")) or (
        href[-1:].isdigit() and "#" in href[-24:]
    ):
        return False
    return not href.startswith("http") or article in href


def _is_comment_page(href: str) -> bool:
    return ("=" in href or "-page-" in href) and bool(_COMMENT_PAGE.search(href))


def _leads_on(link: HtmlElement, href: str) -> bool:
    relations = (link.get("rel") or "").lower().split()
    is_page = bool(_PAGE.search(href) and _ANCHOR.match(href.partition("#")[2]))
    return (
        is_page
        or _is_numbered(link, href)
        or bool({"next", "prev"} & set(relations))
        or bool(_WORDS.search(" ".join(link.text_content().split())))
    )


def _is_numbered(link: HtmlElement, href: str) -> bool:
    """Return whether a link shows a page's number and its query states that number, by whatever
    parameter: "?blad=2" as "2".
    """
    if "=" not in href:
        return False
    shown = link.text_content().strip(" \t\r\n[]().«»")
    query = href.partition("#")[0].partition("?")[2]
    values = (one.partition("=")[2] for one in query.replace(";", "&").split("&"))
    return shown.isdecimal() and len(shown) <= LONGEST_NUMBER and shown in values


def _same_article(address: str, path: str) -> bool:
    other = re.sub(r"/comment-page-\d+/?$", "", urlsplit(address).path).rstrip("/")
    here = re.sub(r"/comment-page-\d+/?$", "", path).rstrip("/")
    other = re.sub(r"/(?:page|pagina)/?\d+$", "", other)
    return other == re.sub(r"/(?:page|pagina)/?\d+$", "", here)
