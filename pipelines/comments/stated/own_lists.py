"""Which lists in a page's state are the page's own comments: not those of the pages that it leads
to, which may be in the same state.
"""

import re
from collections.abc import Iterator, Sequence, Set
from functools import cached_property
from typing import Any, NamedTuple

from pipelines.comments.stated.json_ld import first
from pipelines.comments.stated.states import DEEPEST, parsed
from pipelines.comments.stated.vocabulary import IDS, is_comment, is_gone, node_of
from pipelines.document import JsonObject, PageNames, stated_text

_KEY = re.compile(
    r"comment|reactie|reageer|repl(?:y|ies)|response|post_stream|antwoord", re.IGNORECASE
)
_OTHERS = re.compile(  # keys of what is on any page of a site
    r"latest|recent|laatste|nieuwste|related|gerelateerd|sidebar|most_?read|meest_?gelezen|popula|trending",
    re.IGNORECASE,
)
_TITLES = ("title", "headline", "titel")
_ADDRESSES = ("url", "permalink", "canonicalUrl", "canonical_url", "link")
_NAMING = frozenset((*_TITLES, *_ADDRESSES, "slug"))
_PAGE = re.compile(r"article|artikel|post|story|page|topic", re.IGNORECASE)
_PAGE_ID = re.compile(r"(?:article|artikel|post|story|page|topic)_?id", re.IGNORECASE)


class _Value(NamedTuple):
    """A value in a state: whether a key over it speaks of comments, whether it is another page's."""

    value: Any
    speaks: bool = False
    is_others: bool = False
    depth: int = 0


class _Own:
    """What the page's own objects in *data* have: the *kinds* of their numbers, and their *values*.
    Worked out once, and only for a state whose comments bear a page's number.
    """

    def __init__(self, data: Any, names: PageNames) -> None:
        self._data, self._names = data, names

    @cached_property
    def _objects(self) -> list[JsonObject]:
        return [*_own_objects(self._data, self._names)]

    @cached_property
    def kinds(self) -> Set[type]:
        return {type(first(one, IDS)) for one in self._objects}

    @cached_property
    def values(self) -> Set[str | float]:
        held = (value for one in self._objects for value in one.values())
        return {value for value in held if isinstance(value, str | int | float)}


def own_lists(data: Any, names: PageNames) -> Iterator[list[JsonObject]]:
    """Yield the lists of comment-like objects in *data* under a key that speaks of comments, but for
    those of other pages than the one that is called *names*.
    """
    pending, own = [_Value(data)], _Own(data, names)
    while pending:
        held = pending.pop()
        if held.depth > DEEPEST:
            continue
        is_list = held.speaks and isinstance(held.value, list)
        things = _comments_in(held.value) if is_list else []
        if not things:
            pending += _inside(held, names)
        elif not (held.is_others or _name_other_page(things, own, names)):
            yield things


def _comments_in(values: list[Any]) -> list[JsonObject]:
    """Return the objects in a list where all of them are like comments, else none."""
    things = [node_of(thing) for thing in values if isinstance(thing, dict)]
    are_all = all(is_comment(thing) or is_gone(thing) for thing in things)
    return things if are_all and any(map(is_comment, things)) else []


def _inside(held: _Value, names: PageNames) -> Iterator[_Value]:
    """Yield what a value holds."""
    value, speaks, is_others, depth = held
    if isinstance(value, dict):
        yield from _of_object(held, names)
    elif isinstance(value, list):
        yield from (_Value(inner, speaks, is_others, depth + 1) for inner in value)
    elif isinstance(value, str) and not speaks and value[:1] == "{" and "post_stream" in value:
        # Discourse keeps JSON in JSON.
        yield from (_Value(inner, depth=depth + 1) for inner in parsed(value))


def _of_object(held: _Value, names: PageNames) -> Iterator[_Value]:
    """Yield what an object holds, which may be another page, or this one."""
    told = _told(held.value, names)
    is_own = bool(told) and all(told)
    is_others = not is_own and (held.is_others or _is_against(told))
    for key, inner in held.value.items():
        speaks = held.speaks or bool(_KEY.search(key))
        is_elsewhere = is_others or (not is_own and bool(_OTHERS.search(key)))
        yield _Value(inner, speaks, is_elsewhere, held.depth + 1)


def _told(thing: JsonObject, names: PageNames) -> list[bool]:
    """Return whether its address, and whether its title, is the page's, as far as an object has
    these.
    """
    if _NAMING.isdisjoint(thing):  # as most objects of a large state
        return []
    stated = (_has_address(thing, names), names.has_title(stated_text(first(thing, _TITLES))))
    return [one for one in stated if one is not None]


def _is_against(told: Sequence[bool]) -> bool:
    """Return whether address and title say so: a part of a page may have a title of its own."""
    return len(told) > 1 and not any(told)


def _has_address(thing: JsonObject, names: PageNames) -> bool | None:
    """Return whether the address of an object is the page's, or its slug or its number in that."""
    slug = thing.get("slug")
    parts = [one for one in (slug, first(thing, IDS)) if isinstance(one, str | int)]
    if any(names.has_in_address(str(part)) for part in parts):
        return True
    stated = (thing[key] for key in _ADDRESSES if isinstance(thing.get(key), str))
    found = names.has_address(stated)
    return False if found is None and isinstance(slug, str) else found


def _name_other_page(things: Sequence[JsonObject], own: "_Own", names: PageNames) -> bool:
    """Return whether comments name a page that they are on, and another than this one."""
    inner = [v for one in things for k, v in one.items() if _PAGE.fullmatch(k)]
    told = [_told(page, names) for page in inner if isinstance(page, dict)]
    return any(one and not any(one) for one in told) or _have_other_number(things, own)


def _have_other_number(things: Sequence[JsonObject], own: "_Own") -> bool:
    """Return whether comments all bear the number of one page, which is none that the page's own
    object has, but is like the one that it has.
    """
    numbers = {v for one in things for k, v in one.items() if _is_page_number(k, v, one)}
    if len(numbers) != 1 or len(things) < 2:
        return False
    (number,) = numbers
    return type(number) in own.kinds and number not in own.values


def _is_page_number(key: str, value: Any, thing: JsonObject) -> bool:
    return (
        isinstance(value, str | int)
        and bool(_PAGE_ID.fullmatch(key))
        and value != first(thing, IDS)
    )


def _own_objects(data: Any, names: PageNames) -> Iterator[JsonObject]:
    """Yield the objects in *data* that have the page's title, or its address, and no other."""
    pending, met = [data], set[int]()
    while pending:
        value = pending.pop()
        if not isinstance(value, dict | list) or id(value) in met:
            continue
        met.add(id(value))  # a state may hold an object in many places
        if isinstance(value, list):
            pending += value
            continue
        told = _told(value, names)
        if told and all(told):
            yield value
        pending += value.values()
