"""Several pages of one article become one record: its text in order, its thread whole, each comment
once.
"""

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urldefrag, urljoin

from lxml.html import HtmlElement

from pipelines.comments import ThreadCount, gap_reason
from pipelines.content.page_numbers import page_number, stems_of
from pipelines.document import Document
from storage.numbers import whole_number
from storage.records import Article, Comment
from storage.urls import is_comment_page, variant_key

MOST_PAGES = 60
_BOX = re.compile(
    r"(?:^|[-_\s])(?:page-?links|post-page-numbers|pagination|paginering|pages|pager|pagelink|multipage|wp-pagenavi|article-pages|page-nav)(?:$|[-_\s])",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"^\W*(?:volgende|vorige|next|previous)?\s*(?:pagina|blz\.?|page|deel)?\s*\d*\W*$",
    re.IGNORECASE,
)


def find_body_pages(document: Document, skip: Container[HtmlElement]) -> tuple[str, ...]:
    """Return the absolute addresses of the other pages of the article on the page of *document*;
    links inside *skip* (its comments) do not count.
    """
    own = urldefrag(document.url).url
    stems = stems_of(own)
    name = next(iter(stems)).partition("?")[0].rpartition("/")[2]
    found: dict[str, None] = {}
    for link in document.tree.iter("a"):
        href = link.get("href") or ""
        if not _may_be_page(href, name) or not _is_page_link(link):
            continue
        address = _address(document.url, href)
        if address is None or address == own or not _are_numbered(stems, stems_of(address)):
            continue
        if not any(a in skip for a in link.iterancestors()):
            found[address] = None
    return tuple(found)


def _may_be_page(href: str, name: str) -> bool:
    """Tell whether *href* may lead to a page of the article whose address ends in *name*."""
    if not href or href.startswith("#"):
        return False
    return name in href or not href.startswith(("/", "http"))


def _address(base: str, href: str) -> str | None:
    """Return where *href* leads without its fragment, None where it is no address."""
    try:
        return urldefrag(urljoin(base, href)).url
    except ValueError:
        return None


def _are_numbered(one: Mapping[str, int | None], other: Mapping[str, int | None]) -> bool:
    """Tell whether two addresses, by their stems, are pages of one article."""
    return any(
        (number is not None or one[stem] is not None) and 1 <= (number or 1) <= MOST_PAGES
        for stem, number in other.items()
        if stem in one
    )


def _is_page_link(link: HtmlElement) -> bool:
    words = " ".join(link.text_content().split())
    if not _WORDS.match(words):
        return False
    near = [link, *list(link.iterancestors())[:3]]
    return any(_is_box(e.get("class"), e.get("id")) for e in near) or "next" in (
        link.get("rel") or ""
    )


@lru_cache(maxsize=1024)
def _is_box(classes: str | None, identity: str | None) -> bool:
    return bool(_BOX.search(f"{classes or ''} {identity or ''}"))


_COMMENT_PAGE = re.compile(
    r"/comment-page-(\d+)|[?&](?:cpage|cp|comments?_?page|reacties?_?page|reactiepagina|page|pagina)=(\d+)",
    re.IGNORECASE,
)


def merge(first: Article, opened: Sequence[Article]) -> Article:
    """Return *first* with the text and the comments of its further pages, those *opened* that are.

    A comment counts once however many pages show it; the same words posted twice stay two comments.
    Parents are linked across pages.
    """
    parts = [page for page in opened if is_part(first, page)]
    strangers = {variant_key(page.url) for page in opened if not is_part(first, page)}
    others = (url for url in first.comment_pages if variant_key(url) not in strangers)
    first = replace(first, comment_pages=tuple(others))
    threads = _in_page_order(first, parts)
    pages = _text_pages(first, parts)
    texts: dict[str, Article] = {}
    for page in pages:
        texts.setdefault(page.article_body, page)
    comments = _link(_merged_comments(threads))
    declared = max(
        (a.comments_declared for a in (first, *parts) if a.comments_declared is not None),
        default=None,
    )
    pingbacks = sum(article.pingbacks for article in threads)
    return replace(
        first,
        article_body="\n\n".join(texts),
        article_html="".join(page.article_html for page in texts.values()),
        links=tuple(link for page in texts.values() for link in page.links),
        removed_blocks=tuple(
            dict.fromkeys(block for page in pages for block in page.removed_blocks)
        ),
        comments=comments,
        comments_declared=declared,
        pingbacks=pingbacks,
        comments_gap_reason=gap_reason(
            ThreadCount.of(comments, declared, pingbacks),
            frozenset({"pagination"} if _is_open(first, parts) else ()),
        ),
        comment_pages=(),
        body_pages=(),
    )


def is_part(first: Article, part: Article) -> bool:
    """Return whether *part*, to which a pager beside the thread of *first* leads, is of it: what
    shows another headline is another article, whose number is in its address.
    """
    key = variant_key(part.url)
    if key not in map(variant_key, first.comment_pages) or key in map(
        variant_key, first.body_pages
    ):
        return True
    return is_comment_page(part.url) or first.headline.casefold() in part.headline.casefold()


def _is_open(first: Article, parts: Sequence[Article]) -> bool:
    """Tell whether a page of the thread that was linked is not among *parts*, or shows none of it."""
    read = {article.url.rstrip("/") for article in (first, *parts)}
    linked = {url.rstrip("/") for article in (first, *parts) for url in article.comment_pages}
    threads = _only_threads(first, parts)
    is_mute = any(variant_key(one.url) in threads and not one.comments for one in parts)
    return is_mute or bool(linked - read)


def _comment_page(url: str) -> int | None:
    match = _COMMENT_PAGE.search(url)
    return whole_number(match[1] or match[2]) if match else None


def _in_page_order(first: Article, parts: Sequence[Article]) -> list[Article]:
    """Return the pages of the thread in their order; the article's own address takes the number
    that no other has.
    """
    linked = _only_threads(first, parts)
    whole = next((part for part in parts if _shows_all(part, (first, *parts))), None)
    if whole is not None:
        return [whole]
    addresses = [article.url for article in (first, *parts)]
    numbers = [_thread_page(part.url, linked, addresses) for part in parts]
    numbered = {n: part for n, part in zip(numbers, parts, strict=True) if n is not None}
    if not numbered or len(numbered) < len(parts) - numbers.count(None):
        return [first, *parts]
    own = _comment_page(first.url) or next(
        n for n in range(1, len(numbered) + 2) if n not in numbered
    )
    pages = {**numbered, own: first} if own not in numbered else numbered
    others = [part for part, number in zip(parts, numbers, strict=True) if number is None]
    return [pages[number] for number in sorted(pages)] + others


def _shows_all(part: Article, pages: Sequence[Article]) -> bool:
    """Return whether *part* shows the words of each comment on all *pages*, and more."""
    own = Counter(one.text for one in part.comments)
    others = (Counter(one.text for one in page.comments) for page in pages if page is not part)
    return all(other < own for other in others)


def _thread_page(url: str, linked: Container[str], addresses: Sequence[str]) -> int | None:
    """Return which page of the thread *url* is; None where nothing says that it is one of its."""
    number = _comment_page(url)
    is_linked = number is None and variant_key(url) in linked
    return page_number(url, addresses) if is_linked else number


def _only_threads(first: Article, parts: Sequence[Article]) -> frozenset[str]:
    """Return the keys of the addresses that lead to further comments, and to none of the text."""
    whole = (first, *parts)
    linked = {variant_key(url) for article in whole for url in article.comment_pages}
    return frozenset(linked - {variant_key(url) for one in whole for url in one.body_pages})


def _merged_comments(pages: Sequence[Article]) -> list[Comment]:
    found: dict[tuple[str, ...], Comment] = {}
    for page in pages:
        keys = list(_keys(page.comments))
        for comment, key in zip(page.comments, keys, strict=True):
            if key in found:
                continue
            parent = comment.parent_position
            source = comment.parent_source_id or (
                page.comments[parent].source_id if parent is not None else None
            )
            place = (
                list(found).index(keys[parent])
                if parent is not None and source is None and keys[parent] in found
                else None
            )
            found[key] = replace(comment, parent_position=place, parent_source_id=source)
    return list(found.values())


def _keys(comments: Sequence[Comment]) -> Iterator[tuple[str, ...]]:
    """Yield what makes each comment the same on every page that shows it."""
    met: Counter[tuple[str, ...]] = Counter()
    for comment in comments:
        key: tuple[str, ...] = (comment.source_id or "",)
        if not comment.source_id:
            key = (comment.author or "", comment.date_created_raw or "", comment.text)
        met[key] += 1
        yield (*key, str(met[key]))


def _link(comments: list[Comment]) -> tuple[Comment, ...]:
    places = {
        comment.source_id: place
        for place, comment in reversed(list(enumerate(comments)))
        if comment.source_id
    }
    linked = []
    for place, comment in enumerate(comments):
        parent = (
            places.get(comment.parent_source_id, comment.parent_position)
            if comment.parent_source_id
            else comment.parent_position
        )
        linked.append(replace(comment, parent_position=None if parent == place else parent))
    return tuple(linked)


def _text_pages(first: Article, parts: Sequence[Article]) -> list[Article]:
    """Return the pages of the article's text in order; comment pages show the first page's text
    again and are none.
    """
    linked = _only_threads(first, parts)
    addresses = [article.url for article in (first, *parts)]
    pages = {page_number(first.url, addresses): first}
    for part in parts:
        number = page_number(part.url, addresses)
        if variant_key(part.url) not in linked and (_comment_page(part.url) is None or number != 1):
            pages.setdefault(number, part)
    return [pages[number] for number in sorted(pages)]
