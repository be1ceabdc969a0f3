"""The page's thread and the site's second source become one: by id, then by author and text;
nothing dropped, nothing doubled.
"""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Sequence, Set
from dataclasses import replace

from pipelines.comments.model import ThreadCount, gap_reason, order_of
from pipelines.comments.record import without_circles
from pipelines.comments.source_thread import SourceThread
from pipelines.dates import shows_utc, states_utc
from storage.local_time import PAGE_CLOCK
from storage.records import Article, Comment

Key = tuple[str, str]
MANY_WORDS = 25  # characters that two readers hardly ever write alike

_WORD = re.compile(r"\w+")
_EXACTNESS = {"second": 6, "minute": 5, "hour": 4, "day": 3, "month": 2, "year": 1}


def join_source(article: Article, source: Sequence[Comment]) -> Article:
    """Return *article* whose comments have what *source* states of them, followed by those that
    only *source* has.

    A page's words, order and parents stay; a date gives way to a more exact one. Comments of equal
    words are matched one to one.
    """
    found = matches(article.comments, source)
    by_place = {place: number for number, place in found.items()}
    known = [
        _with(comment, source[by_place[place]]) if place in by_place else comment
        for place, comment in enumerate(article.comments)
    ]
    added = [comment for number, comment in enumerate(source) if number not in found]
    comments = _linked([*known, *added])
    signs = frozenset({article.comments_gap_reason} if article.comments_gap_reason else ())
    declared = article.comments_declared
    if declared is not None and len(comments) >= declared:
        signs = frozenset()
    counted = ThreadCount.of(comments, declared, article.pingbacks)
    reason = gap_reason(counted, signs - {"unknown", "pingbacks", "surplus"})
    return replace(article, comments=comments, comments_gap_reason=reason)


def join_thread(article: Article, stated: SourceThread) -> Article:
    """Return *article* with what its sources *stated*: of a thread that a script draws they are the
    only record, also on how many comments there are and whether these are all.
    """
    if not stated.source.is_scripted:
        return join_source(article, stated.comments) if stated.comments else article
    if not stated.is_answered:
        return article
    declared = article.comments_declared if stated.declared is None else stated.declared
    joined = join_source(replace(article, comments_declared=declared), stated.comments)
    signs = frozenset() if stated.is_whole else frozenset({"widget", "pagination"})
    counted = ThreadCount.of(joined.comments, declared, article.pingbacks)
    return replace(
        joined,
        comment_system=stated.source.system,
        comment_order=order_of(joined.comments),
        comments_gap_reason=gap_reason(counted, signs),
    )


def matches(page: Sequence[Comment], source: Sequence[Comment]) -> dict[int, int]:
    """Return which place of *page* each comment of *source* is, by its number; every place at most
    once.

    By id, then by author and words, then by words alone where they are many and nobody else on
    either side states the same.
    """
    places = _places_by_id(page)
    found = {n: places[one.source_id] for n, one in enumerate(source) if one.source_id in places}
    # Where a page has ids of its own making, such as floors, they name nothing in the source.
    are_shared = bool(found)
    taken = set(found.values())
    waiting: dict[Key, deque[int]] = defaultdict(deque)
    for place, comment in enumerate(page):
        if place not in taken and not (are_shared and comment.source_id):
            waiting[_key(comment)].append(place)
    for number, comment in enumerate(source):
        if number not in found and waiting[_key(comment)]:
            found[number] = waiting[_key(comment)].popleft()
    left = {place for places_left in waiting.values() for place in places_left}
    by_words = _each_once(page, left)
    others = _each_once(source, set(range(len(source))) - found.keys())
    return found | {others[words]: by_words[words] for words in others.keys() & by_words.keys()}


def _places_by_id(comments: Sequence[Comment]) -> dict[str | None, int]:
    """Return the first place of each id that the site gives a comment."""
    return {
        comment.source_id: place
        for place, comment in reversed(list(enumerate(comments)))
        if comment.source_id
    }


def _each_once(comments: Sequence[Comment], among: Set[int]) -> dict[str, int]:
    """Return by their words the places *among* these at which many words are that no other of
    them has.
    """
    stated = [(_key(comments[place])[1], place) for place in sorted(among)]
    counted = Counter(words for words, _place in stated)
    return {
        words: place for words, place in stated if counted[words] == 1 and len(words) >= MANY_WORDS
    }


def _key(comment: Comment) -> Key:
    return " ".join(_WORD.findall((comment.author or "").casefold())), " ".join(
        _WORD.findall(comment.text.casefold())
    )


def _with(comment: Comment, other: Comment) -> Comment:
    """Return *comment* with what only *other* states, and the more exact of their dates."""
    dated = _on_page_s_clock(other, comment) if _exactness(other) > _exactness(comment) else comment
    parent = comment if _knows_parent(comment) or other.parent_source_id is None else other
    return replace(
        comment,
        author=comment.author or other.author,
        author_url=comment.author_url or other.author_url,
        source_id=other.source_id or comment.source_id,
        url=comment.url or other.url,
        date_created=dated.date_created,
        date_created_raw=dated.date_created_raw,
        date_created_precision=dated.date_created_precision,
        date_created_source=dated.date_created_source,
        parent_position=parent.parent_position,
        parent_source_id=parent.parent_source_id,
        parent_how=parent.parent_how,
    )


def _on_page_s_clock(other: Comment, comment: Comment) -> Comment:
    """Return *other* by the clock that the page shows with *comment*, where it calls that one UTC."""
    stated, shown = other.date_created, comment.date_created
    if stated is None or shown is None or comment.date_created_precision != "minute":
        return other
    if not states_utc(stated, other.date_created_raw) or not shows_utc(stated, shown):
        return other
    return replace(other, date_created=stated.astimezone(PAGE_CLOCK))


def _exactness(comment: Comment) -> int:
    return _EXACTNESS.get(comment.date_created_precision or "", 0)


def _knows_parent(comment: Comment) -> bool:
    has_parent = comment.parent_position is not None or comment.parent_source_id is not None
    return has_parent and comment.parent_how not in {"guess", "name"}


def _linked(comments: Sequence[Comment]) -> tuple[Comment, ...]:
    """Return *comments* with the place of each parent that is named by id, circles left out."""
    places = _places_by_id(comments)
    parents = [
        comment.parent_position
        if comment.parent_source_id is None
        else places.get(comment.parent_source_id, comment.parent_position)
        for comment in comments
    ]
    return tuple(
        replace(comment, parent_position=parent)
        for comment, parent in zip(comments, without_circles(parents), strict=True)
    )
