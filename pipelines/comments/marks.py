"""The marks that comments leave on a page whatever its template: dates, reply buttons, permalinks, members, "zegt:"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from lxml.html import HtmlElement

from pipelines.comments.dated import MAY_BE_DATE
from pipelines.comments.index import Index
from pipelines.comments.moments import Reference, read_date
from pipelines.comments.wording import OTHER_DATE

LONGEST_LABEL = 40
LONGEST_DATED = 70
LONGEST_TEXT = 200

_REPLY = re.compile(
    r"^\W*(?:beantwoord(?:en)?|reageer(?: op (?:dit|deze) (?:bericht|reactie))?|reageren|antwoord(?:en)?(?: op \w+)?|reply(?: to (?:this )?\w+)?|replies|respond|citeer(?:en)?|quote|multi-?quote|reply with quote|"
    r"zitieren|antworten|répondre|citer|responder|citar|rispondi|svara|svar|odpowiedz|(?:meld|rapporteer|report)(?: \w+){0,3}|permalink|permanente link|log in (?:to reply|om te reageren))\W*$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?:\bzegt|\bschreef|\bschrijft|\breageerde|\bzei|\bsays|\bsaid|\bwrote|\bsagt|\bschrieb|\bdijo|\ba dit|geplaatst door .{2,40}|posted by .{2,40})\b(?:\s+(?:op|on)\b.{0,40})?\s*:?\s*$",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:(?:19|20)\d\d|['’]\d\d)\b|\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|geleden|\bago\b|\bhace \w|il y a \w|\bvor \w+ [a-z]|gister|vandaag|yesterday|today|\d\s?(?:d|h|u|w|m|min|uur)\b|\b\d{1,2}\.? [a-zéä]{3,9}\b|\b[a-z]{3,9}\.? \d{1,2}\b",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(r"#[\w-]*\d+$|[?&](?:p|pid|post|comment|cid)=\d+|replytocom=\d+")
_MEMBER = re.compile(
    r"profile|profiel|/members?[/.]|member\.php|/users?/|/u/|user=|u=\d|/gebruikers?/|/people/|mode=viewprofile|userinfo",
    re.IGNORECASE,
)
_MEMBERS = ("profile", "profiel", "member", "user", "/u/", "u=", "gebruiker", "people")
_NO_PLACE = frozenset({"head", "script", "style", "title", "noscript", "option", "select", "textarea", "link", "meta"})
_ATTRIBUTES = frozenset({"datetime", "data-time", "data-timestamp", "data-utime", "data-date", "date"})

KINDS = ("date", "reply", "says", "permalink", "member")


@dataclass(frozen=True, slots=True)
class Marks:
    """The places, in document order, of the elements that bear each kind of mark."""

    date: list[int] = field(default_factory=list)
    reply: list[int] = field(default_factory=list)
    says: list[int] = field(default_factory=list)
    permalink: list[int] = field(default_factory=list)
    member: list[int] = field(default_factory=list)


def find_marks(index: Index, reference: Reference) -> Marks:
    """Return the marks on a page. Takes linear time."""
    marks = Marks()
    place, every = 0, index.elements
    while place < len(every):
        element = every[place]
        if element.tag in _NO_PLACE:
            place = index.end(element)
            continue
        tail = element.tail
        if tail and 4 < len(tail) < LONGEST_TEXT and not tail.isspace():
            parent = element.getparent()
            if parent is not None:
                _hear(tail, index.place[parent], marks, reference)
        if named := element.keys():
            _look(element, named, place, marks)
        text = element.text
        if text and len(text) < LONGEST_TEXT and not text.isspace():
            _hear(text, place, marks, reference)
        place += 1
    for kind in KINDS:
        places = getattr(marks, kind)
        places[:] = sorted(set(places))
    return marks


def _look(element: HtmlElement, named: Sequence[str], place: int, marks: Marks) -> None:
    """Note what the attributes of *element*, those *named*, say."""
    if element.tag == "a" and (href := element.get("href")):
        if ("#" in href or "=" in href) and _FRAGMENT.search(href):
            marks.permalink.append(place)
        if _is_member(href):
            marks.member.append(place)
    if element.tag == "time" or not _ATTRIBUTES.isdisjoint(named) or ("title" in named and _has_moment(element.get("title"))):
        marks.date.append(place)


@lru_cache(maxsize=4096)  # the pages of a site share their menus
def _is_member(href: str) -> bool:
    return any(map(href.__contains__, _MEMBERS)) and bool(_MEMBER.search(href))


def _hear(text: str, place: int, marks: Marks, reference: Reference) -> None:
    """Note what a text node of the element at *place* says."""
    text = " ".join(text.split())  # the indentation of a template is no part of a line
    kind = _kind(text)
    if kind == "reply":
        marks.reply.append(place)
    elif kind == "says":
        marks.says.append(place)
    elif kind == "date" and read_date(text, reference) is not None:
        marks.date.append(place)


@lru_cache(maxsize=4096)
def _kind(text: str) -> str | None:
    if len(text) < 4:
        return None
    if len(text) <= LONGEST_LABEL and _REPLY.match(text):
        return "reply"
    if len(text) <= LONGEST_DATED and MAY_BE_DATE.search(text) and _DATED.search(text) and not OTHER_DATE.match(text):
        return "date"
    return "says" if len(text) <= LONGEST_DATED and _SAYS.search(text) else None


def _has_moment(title: str | None) -> bool:
    return bool(title and 8 < len(title) <= LONGEST_DATED and sum(map(str.isdigit, title)) >= 6 and _DATED.search(title))
