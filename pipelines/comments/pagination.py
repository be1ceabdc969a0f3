"""Further pages of a thread: the addresses that its own navigation links to."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

from pipelines.comments.declared import read_count
from pipelines.comments.page import speaks
from storage.numbers import whole_number
from storage.urls import parts_of, resolve

_COMMENT_PAGE = re.compile(
    r"/comment-page-\d+/?(?:[?#]|$)|[?&](?:cpage|cp|comments?_?page|reactiepagina|reacties?_?page)=\d+",
    re.IGNORECASE,
)
NEAR, LONGEST_PAGER = 3, 200  # boxes beside a thread, and letters of one that holds a pager
LONGEST_NUMBER = 3  # digits of a page's number
LONGEST_WORDS = 40  # letters of a link to another page
_PAGE = re.compile(r"[?&](?:page|pagina|p|start|offset)=\d+|/(?:page|pagina)/?\d+", re.IGNORECASE)
_ANCHOR = re.compile(
    r"^(?:comments?|reacties?|respond|discussie|commentaar|reactielijst|reactions)$", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_ARTICLE = re.compile(r"(?:/comment-page-\d+|/(?:page|pagina)/?\d+)/?$")
_WORDS = re.compile(
    r"(?:oudere|nieuwere|vorige|volgende|meer|older|newer|previous|next)\s+(?:reacties|comments|opmerkingen|berichten)",
    re.IGNORECASE,
)
_ONWARD = re.compile(
    r"\W*(?:oudere?|nieuwere?|vorige|volgende|meer|verdere?|eerdere?|latere?|eerste|laatste|toon|lees"
    r"|older|newer|previous|prev|next|more|earlier|later|first|last)\b|[\s«»‹›←→<>]+$",
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

    An address such as ``/comment-page-2/`` counts wherever it is in *tree*, and so does one that
    turns a page of this address and says of what: "volgende meningen", or ``?p=2#talk`` where the
    thread has that name. A link "volgende" or with a page's number counts only in the thread's
    *areas*, or in a short line right beside one.
    """
    own = urldefrag(url).url
    path = urlsplit(url).path.rstrip("/")
    article = _ARTICLE.sub("", path)
    inside = {
        link for area in areas for box in _with_pagers(area) for link in box.iter("a", "link")
    }
    turner = _Turner(tree, url)
    found: dict[str, None] = {}
    for link in tree.iter("a", "link"):
        href = link.get("href") or ""
        is_inside = link in inside
        is_way_on = _is_way_on(link, href, article, is_inside=is_inside)
        is_turned = turner.turns(link, href, is_inside=is_inside)
        if not is_way_on and not is_turned:
            continue
        address = _page_address(url, href)
        if address is not None and address != own and (is_turned or _same_article(address, path)):
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


@dataclass(frozen=True)
class _Turner:
    """The page at *url*, whose links may turn the pages of its thread."""

    tree: HtmlElement
    url: str

    @cached_property
    def parts(self) -> frozenset[str]:
        """The names of the elements of the page that do not hold its headline."""
        around = {box for headline in self.tree.iter("h1") for box in headline.iterancestors()}
        others = (element for element in self.tree.iter("*") if element not in around)
        return frozenset(
            name for one in others for name in (one.get("id"), one.get("name")) if name
        )

    def turns(self, link: HtmlElement, href: str, *, is_inside: bool) -> bool:
        """Return whether *link* leads to this very address with one number changed in its query,
        and says so; outside of the thread it must speak of comments, or lead to a part of the page.
        A link that counts comments may lead to all of them: "Toon alle 12 reacties".
        """
        if link.tag != "a" or _is_of_comment(href):
            return False
        if _may_turn(link, href) and self._is_other_page(href):
            return is_inside or speaks(_shown(link)) or href.partition("#")[2] in self.parts
        return bool(linked_count(link)) and self._leads_to_all(href)

    def _is_other_page(self, href: str) -> bool:
        """Return whether *href* is this address but for one number in the query."""
        changed = self._changed(href)
        return len(changed) == 1 and all(whole_number(value) is not None for value in changed[0])

    def _leads_to_all(self, href: str) -> bool:
        """Return whether *href* is this address with one word more in its query, or a page right
        below it.
        """
        changed = self._changed(href)
        own, other = parts_of(self.url), parts_of(resolve(href, self.url) or "")
        below, _slash, name = other.path.rstrip("/").rpartition("/")
        is_below = own.netloc == other.netloc and below == own.path.rstrip("/") != "" != name
        added = [values[0] for values in changed if len(values) == 1]
        return is_below or (len(changed) == len(added) == 1 and whole_number(added[0]) is None)

    def _changed(self, href: str) -> list[list[str]]:
        """Return the values here and there of each parameter by which *href* is not this address;
        none where another part differs.
        """
        own, other = parts_of(self.url), parts_of(resolve(href, self.url) or "")
        if (own.netloc, own.path) != (other.netloc, other.path):
            return []
        here, there = dict(parse_qsl(own.query)), dict(parse_qsl(other.query))
        names = (name for name in here | there if here.get(name) != there.get(name))
        return [[one[name] for one in (here, there) if name in one] for name in names]


def linked_count(link: HtmlElement) -> int | None:
    """Return how many comments *link* counts, or what is right behind it: "Lees de 4 reacties",
    "De brug (4 reacties)"; None where neither does.
    """
    lines = (text[:LONGEST_WORDS] for text in _counting(link) if text and _DIGIT.search(text))
    return next((count for line in lines if (count := read_count(line)) is not None), None)


def _counting(link: HtmlElement) -> Iterator[str | None]:
    """Yield the words of *link* and those right behind it, each only when it is asked for."""
    words = link.text_content()
    yield " ".join(words.split()) if _DIGIT.search(words) else None
    yield link.tail
    behind = link.getnext()
    if behind is not None and behind.tag != "a" and not len(behind):
        yield behind.text


def _may_turn(link: HtmlElement, href: str) -> bool:
    """Return whether *link* has a query and states a direction, or a page's number."""
    if "=" not in href:
        return False
    words = _shown(link)
    number = words.strip("[]()")
    is_number = number.isdecimal() and len(number) <= LONGEST_NUMBER
    return is_number or (len(words) <= LONGEST_WORDS and bool(_ONWARD.match(words)))


def _shown(link: HtmlElement) -> str:
    return " ".join(link.text_content().split())


def _page_address(url: str, href: str) -> str | None:
    """Return the absolute address of the page that *href* leads to, None where it is none, or a
    comment's own: that names the page the comment is on, not a further one.
    """
    try:
        address, fragment = urldefrag(urljoin(url, href))
    except ValueError:
        return None
    return None if _DIGIT.search(fragment) else address


def may_go_on(tree: HtmlElement, areas: Iterable[HtmlElement]) -> bool:
    """Return whether the thread in *areas* may have further pages: a quick look, which spares most
    pages the search for their addresses.
    """
    for link in tree.iter("a", "link"):
        href = link.get("href") or ""
        if not _is_of_comment(href) and (
            _may_turn(link, href) or _is_comment_page(href) or linked_count(link)
        ):
            return True
    links = ((link, link.get("href")) for area in areas for link in area.iter("a", "link"))
    return any(href and not _is_of_comment(href) and _leads_on(link, href) for link, href in links)


def _is_of_comment(href: str) -> bool:
    """Return whether *href* is a comment's own address, or the form to answer it."""
    return ("#" in href and bool(_DIGIT.search(href.rpartition("#")[2]))) or "replytocom" in href


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
