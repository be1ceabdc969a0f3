"""Further pages of one article: the addresses that its own page links lead to."""

import re
from collections.abc import Container
from functools import lru_cache
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

from pipelines.document import Document

MOST_PAGES = 60
_TAIL = re.compile(r"/(?:(?:page|pagina|deel)[-/])?(\d{1,2})/?$", re.IGNORECASE)
_PARAMETERS = frozenset({"page", "pagina", "blz", "deel", "seite"})
_BOX = re.compile(
    r"(?:^|[-_\s])(?:page-?links|post-page-numbers|pagination|paginering|pages|pager|pagelink|multipage|wp-pagenavi|article-pages|page-nav)(?:$|[-_\s])",
    re.IGNORECASE,
)
_WORDS = re.compile(r"^\W*(?:volgende|vorige|next|previous)?\s*(?:pagina|blz\.?|page|deel)?\s*\d*\W*$", re.IGNORECASE)


def find_body_pages(document: Document, skip: Container[HtmlElement]) -> tuple[str, ...]:
    """Return the absolute addresses of the other pages of the article on the page of *document*; links inside *skip* (its comments) do not count."""
    url = document.url
    own = urldefrag(url).url
    stem, _number = _stem(own)
    name = stem.partition("?")[0].rpartition("/")[2] if "/" in stem else ""
    found: dict[str, None] = {}
    for link in document.tree.iter("a"):
        href = link.get("href")
        if not href or href.startswith("#") or (name not in href and href.startswith(("/", "http"))) or not _is_page_link(link):
            continue
        try:
            address = urldefrag(urljoin(url, href)).url
        except ValueError:
            continue
        other, number = _stem(address)
        if other != stem or address == own or (number is None and _number is None) or not 1 <= (number or 1) <= MOST_PAGES:
            continue
        if not any(a in skip for a in link.iterancestors()):
            found[address] = None
    return tuple(found)


def page_number(url: str) -> int:
    """Return which page of its article *url* is; the article's own address is the first."""
    return _stem(url)[1] or 1


def _stem(url: str) -> tuple[str, int | None]:
    """Return the address without its page number, and the number."""
    parts = urlsplit(url)
    path, number = parts.path, None
    match = _TAIL.search(path)
    if match and path.count("/") > 1 and not re.search(r"/(?:19|20)\d\d/\d\d?/?$", path):
        path, number = path[: match.start()], int(match[1])
    kept = []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name.lower() in _PARAMETERS and value.isdigit():
            number = int(value)
        else:
            kept.append(f"{name}={value}")
    return f"{parts.netloc}{path.rstrip('/')}?{'&'.join(kept)}", number


def _is_page_link(link: HtmlElement) -> bool:
    words = " ".join(link.text_content().split())
    if not _WORDS.match(words):
        return False
    near = [link, *list(link.iterancestors())[:3]]
    return any(_is_box(e.get("class"), e.get("id")) for e in near) or "next" in (link.get("rel") or "")


@lru_cache(maxsize=4096)
def _is_box(classes: str | None, identity: str | None) -> bool:
    return bool(_BOX.search(f"{classes or ''} {identity or ''}"))
