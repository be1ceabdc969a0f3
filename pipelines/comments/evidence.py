"""What makes repeated records a thread: repetition itself is none, so each group is weighed by what only comments show."""

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from pipelines.comments.counts import read_count
from pipelines.comments.fields import Fields, Template, read_fields
from pipelines.comments.index import Index
from pipelines.comments.marks import Marks
from pipelines.comments.reading import lead_to_several_pages
from pipelines.comments.slots import author_slot
from pipelines.comments.wording import is_label
from pipelines.comments.zone import Roots, zones_of
from pipelines.document import Document

LEAST = 3.4
MOST_TEASERS = 0.4
LONGEST_NAME = 4  # words
SAMPLE = 30
REACH = 80  # elements before the first record among which its heading stands

_HINT = re.compile(
    r"comment|reactie|reageer|reaction|respons|opmerking|antwoord|answer|kommentar|commentaire|comentario|commenti|discuss|replies|repl(?:y|ies)|guestbook|gastenboek",
    re.IGNORECASE,
)
_WEAK = re.compile(r"post|message|bericht|thread|topic|forum|msg|board|beitrag|bijdrage", re.IGNORECASE)
_OTHER = re.compile(
    r"teaser|card|product|review|rating|beoordeling|event|agenda|related|gerelateerd|recent|latest|laatste|widget|nav(?:bar|igation)?(?:$|[-_])|menu|share|result|gallery|slide|carousel|promo|vacature|job|faq|ingredient|recipe|testimonial|news-?(?:item|list)|nieuws-?(?:item|lijst)|portfolio|member-?list|team|popular|archive|archief|tag-?cloud|download|attachment|timeline|liveblog|live-?update",
    re.IGNORECASE,
)
_FORUM = re.compile(
    r"forum|thread|topic|viewtopic|showthread|discussion|discussie|[?&/]t[=/]\d|/t/|board|communit|/questions?/", re.IGNORECASE
)
_HEADING = re.compile(
    r"^\W*(?:\d+\s+)?(?:(?:lezers-?)?reacties?|comments?|kommentare?|commentaires?|comentarios?|commenti|commentaar|discussie|discussion|opmerkingen|gastenboek|guestbook|responses?|replies|reader comments|wat vindt u|reageer(?:\s.{0,40})?|antworten|réponses?|respuestas)\b.{0,60}$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"^\W*(?:(?:de |the |onze )?(?:laatste|recente(?:ste)?|nieuwste|recent|latest|newest|meest recente?|neueste|derniers?)\b|lees ook|lees verder|meer (?:over|nieuws|artikelen)|gerelateerd|verwant|related|more (?:from|news|stories)|populair|meest gelezen|agenda|evenementen|vacatures|nieuws\b|beoordelingen|reviews?\b|klantbeoordelingen|ervaringen|in het kort|tijdlijn|liveblog)",
    re.IGNORECASE,
)
_TITLES = frozenset({"h2", "h3", "h4", "h5", "h6", "strong", "b", "legend", "summary", "caption", "dt"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A group of records and the page that they stand on."""

    records: Sequence[Roots]
    index: Index
    document: Document
    marks: Marks


@dataclass(frozen=True, slots=True)
class Shares:
    """Of a group's records: the shares with each mark, and of text that is in links."""

    reply: float
    says: float
    permalink: float
    member: float
    linked: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a group stands: its shares, what its names and what the heading over it are worth, whether on a forum."""

    shares: Shares
    named: float
    heading: float
    forum: bool


def is_page_worth(index: Index, document: Document) -> bool:
    """Tell whether a page shows anything of comments at all: a name, a forum's address, or a word."""
    if _FORUM.search(document.url):
        return True
    if any(_hints(name) for name in index.by_class) or any(_hints(name) for name in index.by_id):
        return True
    text = document.tree.text_content().lower()
    return any(word in text for word in _PAGE_WORDS)


_PAGE_WORDS = ("reactie", "beantwoord", "reageer", "reply", "replies", "comment", "kommentar", "antwort", "répond", "coment", "respond", " zegt", "schreef", " says", "wrote", "citeer", "quote", "forum")  # fmt: skip


@lru_cache(maxsize=8192)
def _hints(name: str) -> bool:
    return bool(_HINT.search(name) or _WEAK.search(name))


def weigh(evidence: Evidence) -> float | None:
    """Return how well a group shows itself to be a thread, None when it does not."""
    records = [roots for roots in evidence.records if not _hold_headline(roots)]
    if len(records) < 2 or len(records) < 0.6 * len(evidence.records):
        return None
    shares, named = _shares(evidence, records), _named(records)
    if shares.linked > 0.6 or named is None:
        return None
    heading, forum = _heading(evidence, records), is_forum(evidence.index, evidence.document.url)
    if heading is None or not (named >= 1.5 or shares.reply >= 0.4 or heading or shares.says >= 0.4 or forum):
        return None
    now = evidence.document.fetched_at
    zones = zones_of(evidence.index, records[:SAMPLE])
    template = Template(evidence.index, evidence.document.url, now, author_slot(zones, now))
    fields = [read_fields(zone, template) for zone in zones]
    if _are_of_a_list(evidence, records, fields) or not _are_sane(fields, shares, named):
        return None
    return _points(evidence, len(records), fields, Standing(shares, named, heading, forum=forum))


def _hold_headline(roots: Roots) -> bool:
    return any(root.tag == "h1" or root.find(".//h1") is not None for root in roots)


def _are_of_a_list(evidence: Evidence, records: Sequence[Roots], fields: Sequence[Fields]) -> bool:
    """Tell whether records are teasers, or excerpts of what was said on other pages."""
    teasers = sum(_is_teaser(roots, field.author, evidence.document.url) for roots, field in zip(records, fields, strict=False))
    return teasers > MOST_TEASERS * len(fields) or lead_to_several_pages(fields) or _are_excerpts(fields)


def _points(evidence: Evidence, number: int, fields: Sequence[Fields], standing: Standing) -> float | None:
    """Return what the marks of a thread are worth together, None when they are too few, or none of them is of people who talk."""
    shares, named, heading, forum = standing.shares, standing.named, standing.heading, standing.forum
    share = _page_share(evidence, fields, number)
    is_topic = forum and (shares.member >= 0.4 or shares.permalink >= 0.4 or share > 0.3)
    if not (named >= 1.5 or shares.reply >= 0.4 or heading or shares.says >= 0.4 or is_topic):
        return None
    points = named + heading + (1.0 if forum else 0.0) + (0.6 if number >= 5 else 0.0) + (1.0 if share > 0.5 else 0.0)
    points += _marked(shares) + _attributed(fields)
    return points + 0.6 * math.log2(number) + 1.5 * min(1.0, share) if points >= LEAST else None


def _shares(evidence: Evidence, records: Sequence[Roots]) -> Shares:
    index, marks, number = evidence.index, evidence.marks, len(records)
    counts = {
        kind: sum(any(_has(places, index.place[root], index.end(root)) for root in roots) for roots in records) / number
        for kind, places in (
            ("reply", marks.reply),
            ("says", marks.says),
            ("permalink", marks.permalink),
            ("member", marks.member),
        )
    }
    sample = records[:SAMPLE]
    total = sum(len(root.text_content()) for roots in sample for root in roots)
    linked = sum(len(link.text_content()) for roots in sample for root in roots for link in root.iter("a"))
    return Shares(**counts, linked=linked / max(total, 1))


def _has(places: Sequence[int], start: int, end: int) -> bool:
    found = bisect_left(places, start)
    return found < len(places) and places[found] < end


def _is_teaser(roots: Roots, author: str | None, url: str) -> bool:
    """Tell whether a record has a heading that leads to another page than its author's, or is a link as a whole."""
    headings = [heading for root in roots for heading in root.iter(*_HEADINGS)]
    return roots[0].tag == "a" or any(_leads_elsewhere(heading, author, url) for heading in headings)


def _leads_elsewhere(heading: HtmlElement, author: str | None, url: str) -> bool:
    link = next(heading.iter("a"), None)
    around = heading.getparent()
    link = around if link is None and around is not None and around.tag == "a" else link
    href = link.get("href") if link is not None else None
    if not href or href.startswith(("#", "javascript:")) or _FORUM.search(url):
        return False
    words = link.text_content().split() if link is not None else []
    if author and len(words) <= LONGEST_NAME and author in " ".join(words):
        return False
    try:
        there = urlsplit(urljoin(url, href))
    except ValueError:
        return False
    return there.path.rstrip("/") != urlsplit(url).path.rstrip("/") and not re.search(r"\d$", there.fragment)


def _named(records: Sequence[Roots]) -> float | None:
    """Return what the names of a record and of the boxes around it are worth; None when they say that it is something else."""
    record = records[len(records) // 2][0]
    own = f"{record.get('class') or ''} {record.get('id') or ''} {record.get('itemtype') or ''}"
    if _HINT.search(own) and not re.search(r"review|product", own, re.IGNORECASE):
        return 2.0
    if _OTHER.search(own):
        return None
    worth = 0.5 if _WEAK.search(own) else 0.0
    for level, box in enumerate(record.iterancestors()):
        if level == 6 or box.tag == "body":
            break
        names = f"{box.get('class') or ''} {box.get('id') or ''}"
        if _HINT.search(names):
            return 1.5
        if level < 3 and _OTHER.search(names):
            return None
        worth = max(worth, 0.5 if _WEAK.search(names) else 0.0)
    return worth


def _are_sane(fields: Sequence[Fields], shares: Shares, named: float) -> bool:
    """Tell whether records read as comments do: words of their own, of several people, signed or dated."""
    number = len(fields)
    real = [f.text for f in fields if len(f.text) > 8 and not is_label(f.text)]
    if len(real) < 0.6 * number or len(set(real)) < 0.7 * len(real) or sum(map(len, real)) < 15 * number:
        return False
    if max(map(len, real)) > 0.75 * sum(map(len, real)) and named < 1.5 and shares.reply < 0.4:
        return False
    signed = sum(f.author is not None for f in fields)
    attributed = sum(f.author is not None or f.date is not None for f in fields)
    return attributed >= 0.6 * number and (signed >= 0.5 * number or shares.reply >= 0.4 or named >= 1.5)


def _heading(evidence: Evidence, records: Sequence[Roots]) -> float | None:
    """Return what stands over the first record: 2 for its very number of comments, 1.5 for another, 1 for "Reacties", 0 for nothing.

    None when the nearest heading names another list: "Laatste reacties", "Lees ook".
    """
    first = evidence.index.place[records[0][0]]
    for place in range(first - 1, max(first - REACH, -1), -1):
        element = evidence.index.elements[place]
        if len(element) > 4 or element.tag in {"script", "style", "option", "a"}:
            continue
        text = element.text_content()
        if not 4 < len(text) < 120:
            continue
        line = " ".join(text.split())
        if element.tag in _TITLES and _ELSEWHERE.match(line):
            return None
        count = read_count(line)
        if count:
            return 2.0 if count == len(records) else 1.5
        if element.tag not in {"label", "button", "input"} and _HEADING.match(line):
            return 1.0
    return 0.0


def is_forum(index: Index, url: str) -> bool:
    """Tell whether a page's address, or its body's class, says that it is a forum's."""
    body = next((e for e in index.elements[:80] if e.tag == "body"), None)
    return bool(_FORUM.search(url)) or (
        body is not None and bool(_FORUM.search(f"{body.get('class') or ''} {body.get('id') or ''}"))
    )


def _are_excerpts(fields: Sequence[Fields]) -> bool:
    """Tell whether most texts are cut off, as those in a list of what was said elsewhere."""
    cut = sum(field.text.rstrip("] )").endswith(("…", "...")) for field in fields)
    return len(fields) > 2 and cut > 0.5 * len(fields)


def _page_share(evidence: Evidence, fields: Sequence[Fields], number: int) -> float:
    said = sum(len(field.text) for field in fields) * number / len(fields)
    return said / max(len(" ".join(evidence.document.tree.text_content().split())), 1)


def _marked(shares: Shares) -> float:
    points = 1.5 if shares.reply >= 0.4 else 0.8 if shares.reply >= 0.1 else 0.0
    points += 1.5 if shares.says >= 0.4 else 0.0
    points += 0.8 if shares.permalink >= 0.6 else 0.0
    return points + (1.0 if shares.member >= 0.6 else 0.0)


def _attributed(fields: Sequence[Fields]) -> float:
    number = len(fields)
    authors = [field.author for field in fields if field.author]
    dated = sum(field.date is not None for field in fields)
    return (0.7 if len(authors) >= 0.6 * number and len(set(authors)) > 1 else 0.0) + (1.0 if dated >= 0.8 * number else 0.0)
