"""Replies: which comment answers which, by the strongest evidence that the page gives."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.comments.record.date import short_text
from pipelines.comments.record.fields import Fields
from pipelines.comments.record.record import CommentRecord
from pipelines.comments.record.source_id import source_id
from storage.numbers import whole_number

_PARENT_ATTRIBUTES = tuple(
    "data-parent-id data-parent-comment-id data-parentid data-parent data-reply-to data-in-reply-to".split()
)
_TARGET = re.compile(
    r"#(?:li-|div-)?(?:comment|reactie|reaction|c|r|post|p|bericht|message)?[-_]?(\d+)$",
    re.IGNORECASE,
)
_REPLY_WORDS = re.compile(
    r"in reactie op|in antwoord op|in reply to|als reactie op|antwoord op|reactie op|@|↩|↳",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"^\W*(?:in reactie op|in antwoord op|in reply to|als reactie op|antwoord op|reactie op|als antwoord op|als antwort auf|en réponse à|replying to)\s*:?\s((.{2,60}?)\W*)$",
    re.IGNORECASE,
)
_BEGINNINGS = frozenset({"in ", "als", "ant", "rea", "en ", "rep"})
_REPLY_CLASS = re.compile(
    r"(?:^|[-_])(?:op|reply-?to|replyto|parent|in-reply-to|antwoord-?op)(?:$|[-_\s])", re.IGNORECASE
)
_REPLY_LISTS = re.compile(
    r"(?:^|[-_\s])(?:children|replies|nested|indented|comment-replies|comments-list|subcomments|sub-comments|antwoorden|thread-children|reacties-op)(?:$|[-_\s])",
    re.IGNORECASE,
)
_DEPTH = re.compile(
    r"(?:^|\s)(?:[\w-]*(?:depth|level|niveau|indent|diepte))[-_]?(\d+)(?:\s|$)", re.IGNORECASE
)
_DEPTH_ATTRIBUTES = ("data-depth", "data-level", "data-niveau", "aria-level")
_NUMBERED = re.compile(r"(\D+)(\d{1,2})")
_MENTION = re.compile(r"^@\s?([\w .'’-]{2,40}?)(?:[,:]|\s{2,}|\n|$)")
_MARGIN = re.compile(r"(?:margin|padding)-left\s*:\s*(\d+)(px|em|rem|%)", re.IGNORECASE)


LISTS = 4  # boxes around a record, of which one may be a list of replies


class Parent(NamedTuple):
    """A comment's parent: its place in the thread, or the site's own id where it is on another
    page.
    """

    position: int | None
    source_id: str | None
    how: str


def find_parents(records: Sequence[CommentRecord], fields: Sequence[Fields]) -> list[Parent | None]:
    """Return the parent of each record; a parent always is before its reply or is named by it,
    never in a circle.
    """
    places = {record.first: position for position, record in enumerate(records)}
    ids = [field.source_id for field in fields]
    by_id = {
        identity: position for position, identity in reversed(list(enumerate(ids))) if identity
    }
    parents: list[Parent | None] = []
    last: dict[str, int] = {}
    for position, (record, field) in enumerate(zip(records, fields, strict=True)):
        parent = (
            _by_attribute(record, by_id)
            or _by_nesting(record, places)
            or _by_link(record, by_id, ids[position], _by_name(record, last))
        )
        parents.append(parent or _by_reply_list(record, places))
        last[(field.author or "").casefold()] = position
    if not any(parents):
        parents = by_depth(_depths(records))
    if not any(parents):
        parents = _by_mention(fields)
    kept = without_circles([parent.position if parent is not None else None for parent in parents])
    return [
        parent if place is not None else None for parent, place in zip(parents, kept, strict=True)
    ]


def _by_attribute(record: CommentRecord, by_id: dict[str, int]) -> Parent | None:
    attributes = record.first.keys()
    for name in (one for one in _PARENT_ATTRIBUTES if one in attributes):
        value = re.search(r"\d+", record.first.get(name) or "")
        if value and value[0] != "0":
            return Parent(by_id.get(value[0]), value[0], "attribute")
    return None


def _by_nesting(record: CommentRecord, places: dict[HtmlElement, int]) -> Parent | None:
    for ancestor in record.first.iterancestors():
        if ancestor in places:
            return Parent(places[ancestor], source_id(ancestor), "nesting")
    return None


def _by_link(
    record: CommentRecord, by_id: dict[str, int], own: str | None, named: Parent | None
) -> Parent | None:
    """Return the parent that a link such as "In reactie op Jan" points to, else the one it has
    *named*.
    """
    hidden = (link for box in record.unseen for link in box.iter("a"))
    for link in (*(element for element in record.elements if element.tag == "a"), *hidden):
        number = _target(link)
        if number is None or number == own or not _is_reply(link):
            continue
        if number not in by_id and named is not None:
            return Parent(named.position, number, "name")
        return Parent(by_id.get(number), number, "link")
    return named


def _target(link: HtmlElement) -> str | None:
    """Return the id of the comment that *link* points to, None where it points to none."""
    href = link.get("href") or ""
    found = _TARGET.search(href) if "#" in href and "replytocom" not in href else None
    return str(found[1]) if found else None


def _is_reply(link: HtmlElement) -> bool:
    """Return whether *link*, or the words before it, state that it leads to what is answered."""
    box = link.getparent()
    before = (box.text or "") if box is not None else ""
    around = f"{before} {link.text_content()}"[-120:]
    return bool(_REPLY_WORDS.search(around) or _REPLY_CLASS.search(link.get("class") or ""))


def _by_name(record: CommentRecord, last: dict[str, int]) -> Parent | None:
    """Return the last comment of the one whom "In reactie op Jan" names; *last* shows where each
    author spoke last.
    """
    for element in (*record.elements, *record.unseen):
        text = element.text
        if not text or text.lstrip()[:3].casefold() not in _BEGINNINGS:
            continue
        if match := _ANSWERS.match(short_text(element).rstrip(" :")):
            before = last.get(match[1].casefold(), last.get(match[2].casefold()))
            return None if before is None else Parent(before, None, "name")
    return None


def _by_reply_list(record: CommentRecord, places: dict[HtmlElement, int]) -> Parent | None:
    """Return the record that is right before the list of replies that holds this one: a box
    that a record precedes, or that is named so.
    """
    for ancestor in islice(record.first.iterancestors(), LISTS):
        before = ancestor.getprevious()
        if before in places and not _answers_article(before, ancestor, places):
            return Parent(places[before], source_id(before), "nesting")
        if _REPLY_LISTS.search(ancestor.get("class") or ""):
            inside = before.iter("*") if before is not None else ()
            found = next((inner for inner in inside if inner in places), None)
            return None if found is None else Parent(places[found], source_id(found), "nesting")
    return None


def _answers_article(record: HtmlElement, box: HtmlElement, places: dict[HtmlElement, int]) -> bool:
    """Return whether *box*, right behind *record*, holds all others: they answer the article, or a
    forum's opening post, not a comment.
    """
    last = next(reversed(places))
    return places[record] == 0 and box in last.iterancestors()


def _depth(record: CommentRecord) -> int | None:
    """Return how deep a record is: by an attribute, a class, a margin, or an empty cell or
    picture that pushes it aside.
    """
    first = record.first
    stated = _first_number(map(first.get, _DEPTH_ATTRIBUTES))
    if stated is not None:
        return stated
    match = _DEPTH.search(first.get("class") or "") or _MARGIN.search(first.get("style") or "")
    return whole_number(match[1]) if match else _first_number(map(_indent, record.elements[1:8]))


def _first_number(values: Iterable[str | None]) -> int | None:
    numbers = map(whole_number, values)
    return next((number for number in numbers if number is not None), None)


def _indent(element: HtmlElement) -> str | None:
    """Return how far an element pushes aside what is behind it, None for one that does not."""
    is_spacer = element.tag == "img" and element.get("height") in {"0", "1"}
    return element.get("indent") or (element.get("width") if is_spacer else None)


def _depths(records: Sequence[CommentRecord]) -> list[int | None]:
    """Return how deep each record is, None for one that does not show."""
    depths = [_depth(record) for record in records]
    return depths if any(depths) else _numbered_depths(records)


def _numbered_depths(records: Sequence[CommentRecord]) -> list[int | None]:
    """Return how deep records are by a class of theirs that ends in a number, whatever its word:
    one that all bear, which begins at its least and never rises by more than one.
    """
    found: dict[str, list[int]] = defaultdict(list)
    for record in records:
        for token in dict.fromkeys((record.first.get("class") or "").split()):
            if match := _NUMBERED.fullmatch(token):
                found[match[1]].append(int(match[2]))
    for numbers in found.values():
        if len(numbers) == len(records) and _are_depths(numbers):
            return list(numbers)
    return [None] * len(records)


def _are_depths(numbers: Sequence[int]) -> bool:
    """Return whether *numbers* can be depths: not those of a zebra's stripes."""
    steps = [after - before for before, after in pairwise(numbers)]
    if not steps or numbers[0] != min(numbers) or max(steps) != 1:
        return False
    return min(steps) < 1 and not (max(numbers) - numbers[0] == 1 and all(steps))


def by_depth(depths: Sequence[int | None]) -> list[Parent | None]:
    """Return for each record the last one before it that is less deep."""
    parents: list[Parent | None] = []
    above: list[tuple[int, int]] = []
    for position, depth in enumerate(depths):
        if depth is None:
            parents.append(None)
            continue
        while above and above[-1][0] >= depth:
            above.pop()
        parents.append(Parent(above[-1][1], None, "depth") if above else None)
        above.append((depth, position))
    return parents


def _by_mention(fields: Sequence[Fields]) -> list[Parent | None]:
    """Return for each comment the last one of whom it addresses with "@Naam": a guess, and marked
    as one.
    """
    parents: list[Parent | None] = []
    last: dict[str, int] = {}
    for position, field in enumerate(fields):
        match = _MENTION.match(field.text)
        before = last.get(match[1].strip().casefold()) if match else None
        parents.append(None if before is None else Parent(before, None, "guess"))
        last[(field.author or "").casefold()] = position
    return parents


def without_circles(parents: Sequence[int | None]) -> list[int | None]:
    """Return the places of *parents* with every circle cut; each record is walked over once."""
    cut = list(parents)
    sound: set[int] = set()
    for position in range(len(cut)):
        path: dict[int, None] = {}
        place: int | None = position
        while place is not None and place not in sound:
            path[place] = None
            place = cut[place]
            if place in path:
                cut[next(reversed(path))] = None
                place = None
        sound.update(path)
    return cut
