"""From the captures of one page to what was to be seen of it, capture after capture: pages in,
articles out.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from pipelines.comments import (
    SourceAnswer,
    SourceThread,
    asks_the_same,
    is_wanted,
    join_thread,
    sources_of,
)
from pipelines.content import first_page, merge, own_address, page_number
from pipelines.page_kind import NotAnArticle
from storage.records import Article, StoredCapture, ThreadSource
from storage.urls import BadAddress, canonical, is_comment_page, same_site, variant_key

MOST_PARTS = 500


@dataclass(frozen=True, slots=True)
class Group:
    """One look at a page: its own capture, and the captures of its further pages that the same run
    made, or that lie nearest to it in time.
    """

    main: StoredCapture
    parts: tuple[StoredCapture, ...]

    @property
    def is_unread(self) -> bool:
        """Return whether something in it was imported and not read yet."""
        return self.main.is_unread or any(part.is_unread for part in self.parts)


@dataclass(frozen=True, slots=True)
class SnapshotSighting:
    """What one look at a page showed: an article, or in a word and a sentence why there was none."""

    moment: datetime
    article: Article | None
    outcome: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a look takes its readings from: *read* turns a capture into an article, *find* knows
    the captures of other pages.

    *read* raises NotAnArticle; *read_answer* reads a capture of what a source of comments answers,
    None where it cannot be read; *find* returns the captures of an address, none where the archive
    has none.
    """

    read: Callable[[StoredCapture], Article]
    read_answer: Callable[[StoredCapture, ThreadSource], SourceAnswer | None]
    find: Callable[[str], Sequence[StoredCapture]]


def group_captures(page_url: str, captures: Sequence[StoredCapture]) -> list[Group]:
    """Return the looks at the page *page_url* in the order of time; a capture of a further page
    belongs to the look of its run, the nearest where that has several or none: a run that follows
    at once may lie nearer to the end of the one before than that run's own look.
    """
    own = variant_key(page_url)
    is_own = [capture.url == page_url or _key(capture.url) == own for capture in captures]
    mains = [capture for capture, is_main in zip(captures, is_own, strict=True) if is_main]
    parts: dict[int, list[StoredCapture]] = {place: [] for place in range(len(mains))}
    for capture, is_main in zip(captures, is_own, strict=True):
        if mains and not is_main:
            parts[_look_of(capture, mains)].append(capture)
    return [Group(main, tuple(parts[place])) for place, main in enumerate(mains)]


def _look_of(part: StoredCapture, mains: Sequence[StoredCapture]) -> int:
    """Return which of *mains* a capture of a further page belongs to."""
    same = [place for place, main in enumerate(mains) if main.run_id == part.run_id]
    places = same or range(len(mains))
    return places[_nearest([mains[place] for place in places], part.fetched_at)]


@lru_cache(maxsize=1024)  # a page's captures and links name the same few addresses again and again
def _key(url: str) -> str:
    try:
        return variant_key(canonical(url))
    except BadAddress:
        return ""


def _nearest(captures: Sequence[StoredCapture], moment: datetime) -> int:
    return min(range(len(captures)), key=lambda place: abs(captures[place].fetched_at - moment))


def look(group: Group, sources: Sources) -> SnapshotSighting:
    """Return what *group* shows: the article of its own capture with the text and comments of its
    further pages.
    """
    main = group.main
    if main.is_gone:
        return SnapshotSighting(main.fetched_at, None, "not_found", "There was no such page.")
    try:
        article = sources.read(main)
        _check_is_first(article, sources)
        _check_is_own(article, sources, main.fetched_at)
    except NotAnArticle as refusal:
        return SnapshotSighting(main.fetched_at, None, refusal.reason, str(refusal))
    parts = list(_parts(article, group, sources))
    whole = merge(article, parts) if parts else article
    return SnapshotSighting(main.fetched_at, _completed(whole, group, sources), "article")


def _completed(article: Article, group: Group, sources: Sources) -> Article:
    """Return *article* with what the sources of its comments tell, as far as they were asked for at
    that look.
    """
    for source in sources_of(article) if is_wanted(article) else ():
        if source.is_scripted or same_site(source.url, article.url):
            stated = _answered(source, group, sources)
            if stated.is_answered:
                return join_thread(article, stated)
    return article


def _answered(source: ThreadSource, group: Group, sources: Sources) -> SourceThread:
    """Return what *source*, and those that go on where it ends, told nearest to the look."""
    stated = SourceThread(source)
    for _part_of_thread in range(MOST_PARTS):
        asked = stated.next_source()
        if asked is None:
            break
        captures = _answers(asked, group)
        nearest = _nearest(captures, group.main.fetched_at) if captures else None
        stated.take(None if nearest is None else sources.read_answer(captures[nearest], asked))
    return stated


def _answers(source: ThreadSource, group: Group) -> list[StoredCapture]:
    """Return the captures of what *source* asks, whoever asked it."""
    wanted = _key(source.address)
    own = [one for one in group.parts if not one.is_gone and _key(one.url) == wanted]
    if own or not source.is_scripted:
        return own
    return [one for one in group.parts if not one.is_gone and asks_the_same(one.url, source)]


def _check_is_first(article: Article, sources: Sources) -> None:
    """Raise NotAnArticle for a further page of an article whose first page is in the archive."""
    first = first_page(article)
    if first is not None and sources.find(first):
        raise NotAnArticle("article_page", f"This is a further page of the article at {first}.")


def _check_is_own(article: Article, sources: Sources, moment: datetime) -> None:
    """Raise NotAnArticle where the address that the article calls its own is another page's that
    shows the same article.
    """
    named = own_address(article)
    if not named or not _may_be_other(named, article.url):
        return
    captures = _of_page(sources.find(named), _key(named))
    try:
        other = sources.read(captures[_nearest(captures, moment)]) if captures else None
    except NotAnArticle:
        return
    if other is not None and other.headline == article.headline:
        raise NotAnArticle("variant", f"This is another address of the article at {named}.")


def _may_be_other(named: str, url: str) -> bool:
    """Return whether *named* can be the first page of the article at *url* under another address."""
    if not same_site(named, url) or urlsplit(named).path in {"", "/"}:
        return False
    if _key(named) in {_key(url), ""}:
        return False
    return not is_comment_page(named) and page_number(named, (url,)) <= 1


def _of_page(captures: Iterable[StoredCapture], key: str) -> list[StoredCapture]:
    """Return those of *captures* that show the page of this key."""
    return [one for one in captures if not one.is_gone and _key(one.url) == key]


def _parts(first: Article, group: Group, sources: Sources) -> Iterator[Article]:
    """Yield the further pages of *first* that were captured, each once, as its pages and theirs
    link to them.
    """
    seen = {_key(first.url)}
    waiting = deque((*first.body_pages, *first.comment_pages))
    while waiting and len(seen) <= MOST_PARTS:
        url = waiting.popleft()
        key = _key(url)
        if key in seen or not same_site(url, first.url):
            continue
        seen.add(key)
        part = _part(url, group, sources)
        if part is not None:
            yield part
            waiting.extend((*part.body_pages, *part.comment_pages))


def _part(url: str, group: Group, sources: Sources) -> Article | None:
    """Return what the capture of *url* shows that is nearest to the look, None where none shows an
    article.
    """
    key = _key(url)
    at_hand = [one for one in group.parts if _key(one.url) == key]
    captures = _of_page(at_hand or sources.find(url), key)
    try:
        moment = group.main.fetched_at
        return sources.read(captures[_nearest(captures, moment)]) if captures else None
    except NotAnArticle:
        return None


def page_of(url: str) -> str:
    """Return the address of the page to which a canonical *url* belongs: a comment page's is its
    article's.
    """
    if not is_comment_page(url):
        return url
    parts = urlsplit(url)
    path = parts.path
    head, found, _number = path.rstrip("/").rpartition("/comment-page-")
    if found:
        path = f"{head}/" if path.endswith("/") else head
    pairs = [
        pair
        for pair in parts.query.split("&")
        if pair and pair.partition("=")[0] not in {"cpage", "cp"}
    ]
    return urlunsplit((parts.scheme, parts.netloc, path, "&".join(pairs), ""))


def spellings(url: str) -> tuple[str, ...]:
    """Return the addresses under which the page *url* may be known: http and https, with and
    without "www." and a last slash.
    """
    parts = urlsplit(url)
    bare = parts.netloc.removeprefix("www.")
    paths = {parts.path, parts.path.rstrip("/") or "/", parts.path.rstrip("/") + "/"}
    hosts = [f"{scheme}://{www}{bare}" for scheme in ("https", "http") for www in ("", "www.")]
    query = f"?{parts.query}" if parts.query else ""
    return tuple(f"{host}{path}{query}" for host in hosts for path in sorted(paths))
