"""The edges of an article's text: what its first lines repeat of the page's head, and the idle
lines that it ends with.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pipelines.comments import is_thread_heading, read_count, read_signature
from pipelines.dates import Reference
from pipelines.document import Document, is_form_heading
from storage.records import Author

# "door", and two to five words of which first and last are names.
_BYLINE = re.compile(
    r"(?:[Dd]oor|[Tt]ekst|[Bb]y)(?:\s*:)?\s+[A-ZÀ-Þ][\w.'’-]*(?:\s+[\w.'’-]+){0,3}\s+[A-ZÀ-Þ][\w'’-]*"
)
_DATE = r"(?:[a-z]{2,9}dag,?\s)?\d{1,2}[-/. ]\s?(?:\d{1,2}|[a-z]{3,9}\.?)[-/. ]\s?(?:19|20)?\d\d(?:\W{1,4}(?:om\s)?\d{1,2}[:.u]\d\d(?:\suur)?)?"
_DATE_LINE = re.compile(
    rf"\W*(?:(?:geplaatst|gepubliceerd|datum)\W*(?:op\s)?)?{_DATE}(?:\W{{1,4}}door\s.{{2,30}})?\W*",
    re.IGNORECASE,
)
_SIGNED_DATE = re.compile(rf"{_BYLINE.pattern}(?:\s?[,|•·–-]|\sop)\s(?i:{_DATE})\W*")
_TAIL_LINE = re.compile(
    r"\W*(?:(?:ga )?terug(?: naar .{2,30})?|(?:naar )?(?:boven|top)|print(?:en)?(?: dit (?:artikel|bericht))?|afdrukken|doorsturen|stuur door|mail dit (?:artikel|bericht)|home|reageer|reageren|delen|vorige|volgende)\W*",
    re.IGNORECASE,
)
_READING_TIME = re.compile(
    r"\W*(?:(?:geschatte )?leestijd|reading time|lesezeit|temps de lecture|tiempo de lectura)\b.{0,30}"
    r"|\W*\d{1,3} min(?:uten|utes|uti|utos)?\.? (?:leestijd|lezen|read|lesezeit|de lecture|de lectura)\W*",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\W*\d{1,5}\s+(?:reacties?|comments?|replies|kommentare?|commentaires?|réponses|comentarios?)\W*",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"\W*(?:©|copyright\b|\(c\)\s).{0,100}", re.IGNORECASE)
LONGEST_HEAD_LINE = 100
LONGEST_BYLINE = 160
MOST_BESIDE = 4  # words of a byline beside names and dates: section, "Tekst:", "bijgewerkt"
MOST_OF_A_PLACE = 1  # words before a date: of two they may be a person's
_WITH_CLOCK = frozenset({"minute", "second"})
_WORD = re.compile(r"\w+")
MOST_HEAD_LINES = 3
LONGEST_HEADING = 60
_ENDS = (".", "?", "!", "…", "”", "’", '"')


def without_head(text: str, headline: str | None) -> str:
    """Return *text* without what it repeats of the page's head at its beginning: the headline, the
    line with date and author under it.

    A date with which a text begins that does not repeat its headline is the text's own.
    """
    lines = text.split("\n")
    place = _after_headline(lines, headline) if headline else 0
    repeats = place > 0
    while (
        place < len(lines)
        and len(lines[place]) <= LONGEST_HEAD_LINE
        and _is_head_line(lines[place], repeats=repeats)
    ):
        place += 1
    return "\n".join(lines[place:]).lstrip() if place < len(lines) else text


def _bears(line: str, headline: str) -> bool:
    """Tell whether a line is the headline, or that with a kicker before it or a byline after it."""
    if line == headline:
        return True
    is_end = line.startswith(headline) or line.endswith(headline)
    return is_end and len(line) <= 2 * len(headline)


@dataclass(frozen=True, slots=True)
class Signed:
    """Who wrote an article, its dates as the page writes them and the moments that they are, and
    what dates are read against.
    """

    names: Sequence[str]
    raws: Sequence[str]
    moments: Collection[datetime]
    reference: Reference

    @classmethod
    def of(
        cls,
        document: Document,
        authors: Iterable[Author],
        raws: Sequence[str],
        moments: Collection[datetime],
    ) -> Self:
        """Return what signs the article of *document*."""
        reference = Reference(document.fetched_at, document.language)
        return cls([author.name for author in authors], raws, moments, reference)


def without_byline(text: str, signed: Signed) -> str:
    """Return *text* without the line near its beginning that says by whom it is, and that which
    says when it was published, at its beginning or at its end. A name within a sentence stays, and
    so does a date of another moment, or one of several: a diary's, a programme's.
    """
    lines = text.split("\n")
    shown = [place for place, line in enumerate(lines) if line.strip()]
    first = shown[:-1][:MOST_HEAD_LINES]  # a text may end with its writer's name
    named = [place for place in first if _is_byline(lines[place], signed)]
    dated = [place for place in first if _is_of_its_moment(lines[place], signed, MOST_OF_A_PLACE)]
    ended = [place for place in shown[-1:] if _is_of_its_moment(lines[place], signed, 0)]
    dates = dated[:1] + ended
    are_all = dates and sum(_is_date(lines[place], signed.reference) for place in shown) <= len(
        dates
    )
    idle = set(named[:1] + dates if are_all else named[:1])
    return "\n".join(_without(lines, idle)).rstrip()


def _without(lines: Sequence[str], idle: Collection[int]) -> Iterator[str]:
    """Yield *lines* without those at the places *idle* and the empty ones behind these."""
    for place, line in enumerate(lines):
        if place not in idle and (line.strip() or place - 1 not in idle):
            yield line


def _is_byline(line: str, signed: Signed) -> bool:
    if len(line) > LONGEST_BYLINE:
        return False
    rest = line
    for part in sorted({*signed.names, *signed.raws}, key=len, reverse=True):
        rest = rest.replace(part, " ")
    beside = [word for word in _WORD.findall(rest) if not any(map(str.isdigit, word))]
    most = 1 if line.rstrip().endswith(_ENDS) else MOST_BESIDE
    return len(beside) <= most and any(_has_name(line, name) for name in signed.names)


def _has_name(line: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line) is not None


def _is_date(line: str, reference: Reference) -> bool:
    """Tell whether a line states but a date."""
    found = read_signature(line.strip(), reference) if len(line) <= LONGEST_BYLINE else None
    return found is not None and found.author is None


def _is_of_its_moment(line: str, signed: Signed, most: int) -> bool:
    """Tell whether a line is but a date of the article's, behind *most* words of a place: the same
    day and, where it has a clock, the same minute.
    """
    if len(line) > LONGEST_BYLINE or line.rstrip().endswith(_ENDS):
        return False
    shown = line.strip()
    dated = read_signature(shown, signed.reference) if any(map(str.isdigit, line)) else None
    if dated is None or (dated.author is not None and not _is_place(dated.author, shown, most)):
        return False
    if shown in signed.raws:
        return True
    moment = dated.date.moment
    if dated.date.precision in _WITH_CLOCK:
        return any(moment.replace(second=0) == one.replace(second=0) for one in signed.moments)
    return moment.date() in {one.date() for one in signed.moments}


def _is_place(name: str, line: str, most: int) -> bool:
    """Tell whether a *line* begins with a *name* of *most* words and a comma."""
    return len(name.split()) <= most and line.startswith(f"{name},")


def _after_headline(lines: list[str], headline: str) -> int:
    """Return the place after the line that repeats the headline, at most a few short lines from the
    beginning; else 0.
    """
    wanted = _folded(headline)
    stated = 0
    for place, line in enumerate(lines):
        if _bears(_folded(line), wanted):
            return place + 1
        stated += bool(line.strip())
        if stated > MOST_HEAD_LINES or len(line) > LONGEST_HEAD_LINE:
            break
    return 0


def _is_head_line(line: str, *, repeats: bool) -> bool:
    if any(form.fullmatch(line) for form in (_BYLINE, _SIGNED_DATE, _READING_TIME, _COUNT)):
        return True
    return repeats and (not line.strip() or bool(_DATE_LINE.fullmatch(line)))


def without_tail(text: str) -> str:
    """Return *text* without the links that its container ends with, such as "Terug" or "Print dit
    artikel".
    """
    return without_last(text, lambda line: bool(_TAIL_LINE.fullmatch(line)))


def without_rights(text: str) -> str:
    """Return *text*, gathered from a whole page, without the line that states whose the page is."""
    return without_last(text, lambda line: bool(_RIGHTS.fullmatch(line)))


def without_last(text: str, is_idle: Callable[[str], bool]) -> str:
    """Return *text* without the last lines that are empty or idle; of one line all is kept."""
    lines = text.rstrip().split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or is_idle(lines[-1])):
        lines.pop()
    return "\n".join(lines)


def without_thread_heading(text: str) -> str:
    """Return *text* without the last lines that are over a thread or its form and are no
    sentences: where nothing has a name the text goes on to there.
    """
    return without_last(text, _is_over_thread)


def _is_over_thread(line: str) -> bool:
    if len(line) > LONGEST_HEADING or line.rstrip().endswith(_ENDS):
        return False
    return is_thread_heading(line) or is_form_heading(line) or read_count(line) is not None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
