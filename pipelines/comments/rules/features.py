"""The marks that comments leave on a page whatever its template: dates, reply buttons, permalinks,
members, "zegt:".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.comments.record import MAY_BE_DATE, OTHER_DATE, Roots, is_member_link
from pipelines.dates import Reference, read_date
from pipelines.document import Index, leaf_blocks
from pipelines.page_kind import leads_elsewhere, link_of, target

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
_NO_PLACE = frozenset(
    {"head", "script", "style", "title", "noscript", "option", "select", "textarea", "link", "meta"}
)
_ATTRIBUTES = frozenset(
    {"datetime", "data-time", "data-timestamp", "data-utime", "data-date", "date"}
)

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
    if (
        element.tag == "time"
        or not _ATTRIBUTES.isdisjoint(named)
        or ("title" in named and _has_moment(element.get("title")))
    ):
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
    if (
        len(text) <= LONGEST_DATED
        and MAY_BE_DATE.search(text)
        and _DATED.search(text)
        and not OTHER_DATE.match(text)
    ):
        return "date"
    return "says" if len(text) <= LONGEST_DATED and _SAYS.search(text) else None


def _has_moment(title: str | None) -> bool:
    return bool(
        title
        and 8 < len(title) <= LONGEST_DATED
        and sum(map(str.isdigit, title)) >= 6
        and _DATED.search(title)
    )


MOST = 0.5
SAMPLE = 10


def recur(records: Sequence[Roots], recurring: frozenset[str]) -> bool:
    """Tell whether most of *records* say what other pages of the site say too; *recurring* are
    fingerprints of these pages' blocks.
    """
    if not recurring:
        return False
    sample = records[:SAMPLE]
    return sum(_recurs(roots, recurring) for roots in sample) > MOST * len(sample)


def _recurs(roots: Roots, recurring: frozenset[str]) -> bool:
    blocks = [block for root in roots for block in leaf_blocks(root)]
    known = sum(len(block.text) for block in blocks if block.fingerprint in recurring)
    return known > MOST * sum(len(block.text) for block in blocks)


MOST_TEASERS = 0.4
HEADLINE = 3  # words
LINK_SHARE = 0.4  # of a teaser's words that its link takes
LONGEST_NAME = 4  # words

_FORUM = re.compile(
    r"forum|thread|topic|viewtopic|showthread|discussion|discussie|[?&/]t[=/]\d|/t/|board|communit|/questions?/",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    r"(?:^|\s)(?:type-post|hentry)(?:\s|$)"
)  # an article's own class, in WordPress and Blogger
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")


def is_teaser(roots: Roots, author: str | None, url: str) -> bool:
    """Tell whether a record has a heading that leads to another page than its author's, or is a
    link as a whole.
    """
    if roots[0].tag == "a":
        return True
    links = [
        link
        for root in roots
        for heading in root.iter(*_HEADINGS)
        if (link := link_of(heading)) is not None
    ]
    if links and _ENTRY.search(roots[0].get("class") or ""):
        return True
    length = sum(len(root.text_content()) for root in roots)
    links += [
        link
        for root in roots
        for link in root.iter("a")
        if len(link.text_content()) > LINK_SHARE * length
    ]
    links += _first_link(roots[0])
    return any(_leads_away(link, author, url) for link in links)


def are_teasers(records: Sequence[Roots], authors: Sequence[str | None], url: str) -> bool:
    """Tell whether most of *records* are teasers; *authors* are who signed each."""
    found = sum(
        is_teaser(roots, author, url) for roots, author in zip(records, authors, strict=True)
    )
    return found > MOST_TEASERS * len(records)


def _first_link(root: HtmlElement) -> list[HtmlElement]:
    """Return the link that a record begins with, if it is as long as a headline."""
    link = next(root.iter("a"), None)
    words = link.text_content().split() if link is not None else []
    is_first = (
        len(words) >= HEADLINE
        and root.text_content().split(None, len(words))[: len(words)] == words
    )
    return [link] if link is not None and is_first else []


def _leads_away(link: HtmlElement, author: str | None, url: str) -> bool:
    """Tell whether *link* leads to another article of the site: neither to its author nor to a
    place on the page.
    """
    if _FORUM.search(url) or not leads_elsewhere(link.get("href"), url):
        return False
    words = link.text_content().split()
    if author is None or len(words) > LONGEST_NAME or author not in " ".join(words):
        return True
    there, here = target(link.get("href") or "", url), urlsplit(url)
    is_of_author = (
        there is None
        or there.netloc != here.netloc
        or is_member_link(link)
        or not _are_beside(there.path, here.path)
    )
    return not is_of_author


def leads_to_article(link: HtmlElement, url: str) -> bool:
    """Tell whether *link* leads to another page in the part of the site that the article at *url*
    stands in.
    """
    there, here = target(link.get("href") or "", url), urlsplit(url)
    is_beside = (
        there is not None and there.netloc == here.netloc and _are_beside(there.path, here.path)
    )
    return is_beside and _leads_away(link, None, url)


def _are_beside(there: str, here: str) -> bool:
    """Tell whether two paths stand in one part of the site, as two articles do."""
    return (
        bool(there.strip("/"))
        and there.strip("/").partition("/")[0] == here.strip("/").partition("/")[0]
    )


def is_forum_address(url: str) -> bool:
    """Tell whether a page's address says that it is a forum's."""
    return bool(_FORUM.search(url))


def is_forum(index: Index, url: str) -> bool:
    """Tell whether a page's address, or its body's class, says that it is a forum's."""
    body = next((e for e in index.elements[:80] if e.tag == "body"), None)
    return bool(_FORUM.search(url)) or (
        body is not None
        and bool(_FORUM.search(f"{body.get('class') or ''} {body.get('id') or ''}"))
    )
