"""The line that signs a record: a name and a date, and nothing else."""

import re
from functools import lru_cache
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.comments.record.vocabulary import MEMBERSHIP, OTHER_DATE, is_label, name_by, name_in
from pipelines.dates import MONTHS, WEEKDAYS, DutchDate, Reference, any_of, read_date

LONGEST = 130
LONGEST_NAME = 50
MOST_WORDS = 6

_WEEKDAY = rf"(?:\b(?:{any_of(WEEKDAYS)}|\w{{2,10}}dag)\b\.?,?\s+)?"
_MONTH = rf"(?:{any_of(MONTHS)})\b\.?"
_CLOCK = r"(?:\d{1,2}\s?[:.hu]\s?\d\d(?::\d\d)?(?:\s*(?:uur|uhr|u|h|[ap]\.?m\.?)(?!\w))?)"
_DAY = (
    rf"(?:{_WEEKDAY}\d{{1,2}}(?:\s?(?:e|ste|de|st|nd|rd|th)\b)?\.?[\s-](?:de\s)?(?:[^\W\d_]{{3,12}}\.?,?[\s-]+(?:de\s)?(?:19|20)\d\d|{_MONTH}(?:,?\s*['’]?\d\d\b(?![:.]))?)"
    rf"|{_WEEKDAY}{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d"
    rf"|(?<!\d){_WEEKDAY}\d{{1,2}}([-/.])\d{{1,2}}\1(?:(?:19|20)\d\d|\d\d)|(?<!\d)(?:19|20)\d\d-\d\d-\d\d|(?<!\d )\b\d\d \d\d \d\d(?= - \d\d:\d\d)"
    r"|\b(?:(?:minder dan |ongeveer |about )?(?:\d{1,3}|een|één|an?|half|anderhalf)\s+\w{1,9}(?:(?:,| en| and)? \d{1,2} \w{1,9})?\s+(?:geleden|ago)|eergisteren|gisteren|vandaag|yesterday|today|zojuist|zonet|just now)\b)"
)
_DATED = re.compile(
    rf"(?:{_CLOCK}(?:\s*[,|·•@–-])?\s*(?:op\s+|on\s+)?)?{_DAY}(?:(?:\s*[,;|·•@–(-]\s*|\s+)?(?:t\s?|om\s+|at\s+|@\s*|à\s+|um\s+)?{_CLOCK}\)?)?",
    re.IGNORECASE,
)
_JOINTS = " \t\r\n,;:|/·•@–—()[]{}-"
_NO_NAME_END = frozenset("!?…:")
_ABOUT_DATES = re.compile(
    r"(?:datum|date|op|on|le|am|il|el|geplaatst|gepubliceerd|gepost|gereageerd|posted|published|added|toegevoegd|ingezonden|verstuurd|tijd|time|bewerkt|edited|updated|uur|am|pm|[ecmp][ds]t|gmt|utc|bst|ce?s?t|met|mest|hkt)(?:\s+(?:op|om|on|at|le))?",
    re.IGNORECASE,
)
PARTICLES = frozenset(
    "van der den de het ten ter te in 't op uit von zu du la le di da dos el al bin ibn of en and".split()
)


class Signature(NamedTuple):
    """The name and the date in a line; *is_stated* states that words such as "door" or "schreef"
    make the name one.
    """

    author: str | None
    date: DutchDate
    is_stated: bool


@lru_cache(maxsize=1024)
def read_signature(line: str, reference: Reference) -> Signature | None:
    """Return who signed with *line* and when; None where it states more than that, or holds no
    date.
    """
    parted = _parted(line)
    date = read_date(parted.date, reference) if parted is not None else None
    if parted is None or date is None:
        return None
    return Signature(parted.author, _whole(date, line), parted.is_stated)


def signed_in(element: HtmlElement) -> str | None:
    """Return the name that is written beside a date in the text of *element* itself, None where it
    states more than that, or holds elements of which one may be the name.
    """
    if any(inner.tag != "br" for inner in element):
        return None
    line = " ".join(element.text_content().split())
    parted = _parted(line) if len(line) <= LONGEST else None
    return None if parted is None else parted.author


class _Parted(NamedTuple):
    """A line of a date and no more than a name: what is written as dates are, the name where there
    is one, and whether words such as "door" state it.
    """

    date: str
    author: str | None
    is_stated: bool


@lru_cache(maxsize=1024)
def _parted(line: str) -> _Parted | None:
    """Return the parts of *line*, None where it states more than a date and a name."""
    if not 5 < len(line) <= LONGEST or OTHER_DATE.match(line) or MEMBERSHIP.search(line):
        return None
    match = max(_DATED.finditer(line), key=lambda found: len(found[0]), default=None)
    if match is None:
        return None
    before, after = line[: match.start()], line[match.end() :]
    side = before if _is_empty(after) else after if _is_empty(before) else None
    if side is None:
        return None
    date = match[0].strip(_JOINTS)
    if _is_empty(side):
        return _Parted(date, None, is_stated=False)
    stated = name_by(side)
    name = name_alone(stated or side)
    return None if name is None else _Parted(date, name, is_stated=stated is not None)


def _whole(date: DutchDate, line: str) -> DutchDate:
    return DutchDate(date.moment, date.precision, line.strip())


def _is_empty(text: str) -> bool:
    """Return whether *text* names nobody: nothing, or but the words that are around dates and
    names.
    """
    plain = text.strip(_JOINTS)
    return (
        not plain
        or is_label(plain)
        or _ABOUT_DATES.fullmatch(plain) is not None
        or name_in(plain) is None
    )


def name_alone(text: str) -> str | None:
    """Return the name that is all of *text*, None where it is more like a sentence."""
    bare = text.strip(_JOINTS)
    name = name_in(f"{bare})" if bare.count("(") > bare.count(")") else bare)
    if name is None or len(name) > LONGEST_NAME or not name[0].isalnum():
        return None
    return name if any(map(str.isalpha, name)) and not _is_sentence(name) else None


def _is_sentence(name: str) -> bool:
    """Return whether what may be a *name* ends or runs on as a sentence does."""
    words = [word for word in name.split() if word.casefold() not in PARTICLES]
    if not words or name[-1] in _NO_NAME_END or len(words) > MOST_WORDS:
        return True
    if name[-1] == "." and len(words[-1].strip(".")) > 2:
        return True
    return len(words) > 2 and sum(word[0].islower() for word in words) > 1
