"""Which page of its article an address is: numbers in paths and in queries."""

import re
from collections.abc import Iterable, Sequence, Set
from urllib.parse import parse_qsl

from storage.numbers import whole_number
from storage.records import Article
from storage.urls import parts_of

_TAIL = re.compile(r"/(?:(?:page|pagina|deel)[-/])?(\d{1,2})/?$", re.IGNORECASE)
_MONTH = re.compile(r"/(?:19|20)\d\d/\d\d?/?$")
PAGE_PARAMETERS = frozenset({"page", "pagina", "blz", "deel", "seite"})


def page_number(url: str, others: Sequence[str] = ()) -> int:
    """Return which page of its article *url* is; the article's own address is the first.

    A number may stand in an address's path or its query: *others*, addresses of the article's other
    pages, show which is the page's.
    """
    named = _page_parameters(url, others)
    own = stems_of(url, named)
    shared = (
        own[stem]
        for other in others
        if other != url
        for stem in stems_of(other, named)
        if stem in own
    )
    return next(shared, next(iter(own.values()))) or 1


def first_page(article: Article) -> str | None:
    """Return the address of the article's first page where *article* is a later one that links to
    it, else None.
    """
    pages = (*article.body_pages, *article.comment_pages)
    if page_number(article.url, pages) == 1:
        return None
    named = _page_parameters(article.url, pages)
    own = stems_of(article.url, named).keys()
    # What is below an article, as its comments may be, is no page before it, though it has a number.
    alike = (url for url in pages if not own.isdisjoint(stems_of(url, named)))
    return next((url for url in alike if page_number(url, (article.url,)) == 1), None)


def own_address(article: Article) -> str | None:
    """Return the address that *article* has for its own: the one it states, or else, where it was
    read at one that numbers it page 1, the address without the number. None where it has no other.

    A page that links to one before it is no first page, whatever its number: some systems count
    from 0.
    """
    if article.canonical_url is not None:
        return article.canonical_url
    others = (*article.body_pages, *article.comment_pages)
    named = _page_parameters(article.url, others)
    stem, number = next(iter(stems_of(article.url, named).items()))
    pages = (stems_of(url, named).get(stem, 1) for url in others)
    if number != 1 or any((page or 0) < 1 for page in pages):
        return None
    parts = parts_of(article.url)
    kept = [one for one in parts.query.split("&") if one.partition("=")[0].lower() not in named]
    path = parts.path if len(kept) <= parts.query.count("&") else _TAIL.sub("/", parts.path)
    return parts._replace(path=path, query="&".join(kept)).geturl()


def _page_parameters(url: str, others: Iterable[str]) -> Set[str]:
    """Return the parameters that number an article's pages: those known for it, and those by whose
    number alone *url* differs from one of *others*, its other pages.
    """
    own = parts_of(url)
    stated = dict(parse_qsl(own.query))
    named = set(PAGE_PARAMETERS)
    for parts in map(parts_of, others):
        theirs = dict(parse_qsl(parts.query))
        changed = {key for key in stated | theirs if stated.get(key) != theirs.get(key)}
        values = [one for key in changed for one in (stated.get(key), theirs.get(key)) if one]
        is_numbered = len(changed) == 1 and all(whole_number(one) is not None for one in values)
        if is_numbered and (parts.netloc, parts.path) == (own.netloc, own.path):
            named |= {key.lower() for key in changed}
    return named


def stems_of(url: str, named: Set[str] = PAGE_PARAMETERS) -> dict[str, int | None]:
    """Return the address without its page number, and the number, for each way to read it: by its
    query, by the end of its path, as one without a number.
    """
    parts = parts_of(url)
    path, kept, found = parts.path.rstrip("/"), [], None
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        number = whole_number(value) if name.lower() in named else None
        found = number if number is not None else found
        kept += [] if number is not None else [f"{name}={value}"]
    query = "&".join(kept)
    whole = {f"{parts.netloc}{path}?{query}": found}
    match = _TAIL.search(parts.path) if found is None else None
    if match is None or parts.path.count("/") < 2 or _MONTH.search(parts.path):
        return whole
    return {
        f"{parts.netloc}{parts.path[: match.start()].rstrip('/')}?{query}": int(match[1])
    } | whole
