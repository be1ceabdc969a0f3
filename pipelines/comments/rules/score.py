"""What makes repeated records a thread: repetition itself is none, so each group is weighed by what
only comments show.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines.comments.declared import form_beside, heading_over
from pipelines.comments.page import View
from pipelines.comments.record import Fields, Roots, Template, is_label, read_fields, zones_of
from pipelines.comments.rules.columns import author_slot
from pipelines.comments.rules.features import Marks, are_teasers, is_forum, is_forum_address, recur
from pipelines.comments.rules.reader import lead_to_several_pages
from pipelines.document import Index

LEAST = 3.4
COUNTED = 3.0  # what a heading with the very number of records is worth
SAMPLE = 30
LONGEST_DATE = 40

_HINT = re.compile(
    r"comment|reactie|reageer|reaction|respons|opmerking|antwoord|answer|kommentar|commentaire|comentario|commenti|discuss|replies|repl(?:y|ies)|guestbook|gastenboek",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"post|message|bericht|thread|topic|forum|msg|board|beitrag|bijdrage", re.IGNORECASE
)
_OTHER = re.compile(
    r"teaser|product|review|rating|beoordeling|event|agenda|related|gerelateerd|recent|latest|laatste|widget|nav(?:bar|igation)?(?:$|[-_])|menu|gallery|slide|carousel|promo|vacature|job|faq|ingredient|recipe|testimonial|news-?(?:item|list)|nieuws-?(?:item|lijst)|portfolio|member-?list|team|popular|archive|archief|tag-?cloud|download|attachment|timeline|liveblog|live-?update",
    re.IGNORECASE,
)
_DATE_ALONE = re.compile(
    r"\W*(?:\w{2,9}\W+)?\d{1,2}\W+(?:\w{3,9}|\d{1,2})\W+(?:\d\d){1,2}(?:\W+(?:om\W+)?\d{1,2}[:.]\d\d)?\W*"
)
_FINE = frozenset({"minute", "second"})


@dataclass(frozen=True, slots=True)
class ThreadEvidence:
    """A group of records and the page that they stand on."""

    records: Sequence[Roots]
    view: View
    marks: Marks


@dataclass(frozen=True, slots=True)
class Shares:
    """Of a group's records: the shares with each mark, and of text that is in links."""

    reply: float
    says: float
    permalink: float
    member: float
    linked: float
    form: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a group stands: its shares, what its names and what the heading over it are worth,
    whether on a forum.
    """

    shares: Shares
    named: float
    heading: float
    forum: bool


def is_page_worth(view: View) -> bool:
    """Tell whether a page shows anything of comments at all: a name, a forum's address, or a word."""
    if is_forum_address(view.document.url):
        return True
    if any(map(_hints, view.index.classes)) or any(map(_hints, view.index.by_id)):
        return True
    text = view.text.lower()
    return any(word in text for word in _PAGE_WORDS)


_PAGE_WORDS = ("reactie", "beantwoord", "reageer", "reager", "respons", "reply", "replies", "comment", "kommentar", "antwort", "répond", "coment", "respond", " zegt", "schreef", " says", "wrote", "citeer", "quote", "forum", "discussi", "gastenboek", "guestbook", "mening", "praat mee", "wat vind", "koment", "odpow", "svar", "коммент", "yorum")  # fmt: skip


@lru_cache(maxsize=8192)
def _hints(name: str) -> bool:
    return bool(_HINT.search(name) or _WEAK.search(name))


def weigh(evidence: ThreadEvidence) -> float | None:
    """Return how well a group shows itself to be a thread, None when it does not."""
    index = evidence.view.index
    records = [roots for roots in evidence.records if not _hold_headline(roots, index)]
    if (
        len(records) < 2
        or len(records) < 0.6 * len(evidence.records)
        or recur(records, evidence.view.recurring)
    ):
        return None
    shares, named = _shares(evidence, records), _named(records)
    if shares.linked > 0.6 or named is None:
        return None
    first = index.place[records[0][0]]
    heading, forum = (
        heading_over(evidence.view, first, len(records)),
        is_forum(index, evidence.view.document.url),
    )
    if heading is None or not (
        named >= 1.5 or shares.reply >= 0.4 or heading or shares.says >= 0.4 or shares.form or forum
    ):
        return None
    reference = evidence.view.reference
    zones = zones_of(index, records[:SAMPLE])
    template = Template(
        index, evidence.view.document.url, reference, author_slot(zones, evidence.view)
    )
    fields = [read_fields(zone, template) for zone in zones]
    if _are_of_a_list(evidence, records, fields) or not _are_sane(fields, shares, named, heading):
        return None
    return _points(evidence, len(records), fields, Standing(shares, named, heading, forum=forum))


def _hold_headline(roots: Roots, index: Index) -> bool:
    return any(root.tag == "h1" or index.holds_headline(root) for root in roots)


def _are_of_a_list(
    evidence: ThreadEvidence, records: Sequence[Roots], fields: Sequence[Fields]
) -> bool:
    """Tell whether records are teasers, or excerpts of what was said on other pages."""
    authors = [field.author for field in fields]
    teasers = are_teasers(records[: len(fields)], authors, evidence.view.document.url)
    return teasers or lead_to_several_pages(fields) or _are_excerpts(fields)


def _points(
    evidence: ThreadEvidence, number: int, fields: Sequence[Fields], standing: Standing
) -> float | None:
    """Return what the marks of a thread are worth together, None when they are too few, or none of
    them is of people who talk.
    """
    shares, named, heading, forum = (
        standing.shares,
        standing.named,
        standing.heading,
        standing.forum,
    )
    share = _page_share(evidence, fields, number)
    is_topic = forum and (shares.member >= 0.4 or shares.permalink >= 0.4 or share > 0.3)
    if not (
        named >= 1.5
        or shares.reply >= 0.4
        or heading
        or shares.says >= 0.4
        or shares.form
        or is_topic
    ):
        return None
    points = (
        named
        + heading
        + (1.0 if forum else 0.0)
        + (0.6 if number >= 5 else 0.0)
        + (1.0 if share > 0.5 else 0.0)
    )
    points += _marked(shares) + _attributed(fields) + shares.form
    return points + 0.6 * math.log2(number) + 1.5 * min(1.0, share) if points >= LEAST else None


def _shares(evidence: ThreadEvidence, records: Sequence[Roots]) -> Shares:
    index, marks, number = evidence.view.index, evidence.marks, len(records)
    counts = {
        kind: sum(
            any(_has(places, index.place[root], index.end(root)) for root in roots)
            for roots in records
        )
        / number
        for kind, places in (
            ("reply", marks.reply),
            ("says", marks.says),
            ("permalink", marks.permalink),
            ("member", marks.member),
        )
    }
    sample = records[:SAMPLE]
    total = sum(len(root.text_content()) for roots in sample for root in roots)
    linked = sum(
        len(link.text_content()) for roots in sample for root in roots for link in root.iter("a")
    )
    return Shares(
        **counts,
        linked=linked / max(total, 1),
        form=form_beside(evidence.view, index.place[records[0][0]], index.end(records[-1][-1])),
    )


def _has(places: Sequence[int], start: int, end: int) -> bool:
    found = bisect_left(places, start)
    return found < len(places) and places[found] < end


@lru_cache(maxsize=1024)
def _is_date(text: str) -> bool:
    return len(text) < LONGEST_DATE and _DATE_ALONE.fullmatch(text) is not None


def _named(records: Sequence[Roots]) -> float | None:
    """Return what the names of a record and of the boxes around it are worth; None when they say
    that it is something else.
    """
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


def _are_sane(fields: Sequence[Fields], shares: Shares, named: float, heading: float) -> bool:
    """Tell whether records read as comments do: words of their own, of several people, signed or
    dated.
    """
    number = len(fields)
    real = [
        f.text for f in fields if len(f.text) > 8 and not is_label(f.text) and not _is_date(f.text)
    ]
    if (
        len(real) < 0.6 * number
        or len(set(real)) < 0.7 * len(real)
        or sum(map(len, real)) < 15 * number
    ):
        return False
    if (
        max(map(len, real)) > 0.75 * sum(map(len, real))
        and max(named, heading) < 1.5
        and shares.reply < 0.4
    ):
        return False
    signed = sum(f.author is not None for f in fields)
    attributed = sum(f.author is not None or f.date is not None for f in fields)
    return attributed >= 0.6 * number and (
        signed >= 0.5 * number or shares.reply >= 0.4 or named >= 1.5 or heading >= COUNTED
    )


def _are_excerpts(fields: Sequence[Fields]) -> bool:
    """Tell whether most texts are cut off, as those in a list of what was said elsewhere."""
    cut = sum(field.text.rstrip("] )").endswith(("…", "...")) for field in fields)
    return len(fields) > 2 and cut > 0.5 * len(fields)


def _page_share(evidence: ThreadEvidence, fields: Sequence[Fields], number: int) -> float:
    said = sum(len(field.text) for field in fields) * number / len(fields)
    return said / max(evidence.view.length, 1)


def _marked(shares: Shares) -> float:
    points = 1.5 if shares.reply >= 0.4 else 0.8 if shares.reply >= 0.1 else 0.0
    points += 1.5 if shares.says >= 0.4 else 0.0
    points += 0.8 if shares.permalink >= 0.6 else 0.0
    return points + (1.0 if shares.member >= 0.6 else 0.0)


def _attributed(fields: Sequence[Fields]) -> float:
    number = len(fields)
    authors = [field.author for field in fields if field.author]
    dates = [field.date for field in fields if field.date]
    points = 0.7 if len(authors) >= 0.6 * number and len(set(authors)) > 1 else 0.0
    points += 1.0 if len(dates) >= 0.8 * number else 0.0
    return points + (0.5 if sum(date.precision in _FINE for date in dates) >= 0.8 * number else 0.0)
