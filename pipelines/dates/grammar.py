"""The grammar of dates: tables of forms, each with an example, built from named pieces.

Texts arrive lower-cased with single plain spaces, in Dutch or English words. A form is looked for
anywhere in the text, or must be alone: with nothing around it but a label, a name, a separator.
Groups carry the parts: day, month (digits) or word (letters), year, weekday, amounts. `<PIECE>` in
a pattern is the pattern of that piece.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipelines.dates.vocabulary import MONTHS, NUMBERS, UNITS, WEEKDAYS, ZONES, any_of

_PUBLISHED = (
    "gepubliceerd|geplaatst|gepost|geschreven|gemaakt|aangemaakt|toegevoegd|online gezet"
    "|ingezonden|verschenen|verscheen|publicatiedatum|publicatie|plaatsingsdatum"
    "|datum(?: van publicatie)?|datum en tijd|date|posted|published|d\\.?d\\.?|reactie|bericht"
    "|nieuws|blog|artikel|archief(?: voor)?|maandarchief(?: voor)?|jaararchief|reageerde"
    "|gereageerd"
)
_UPDATED = (
    "bijgewerkt|ge[üu]pdatet|geupdate|gewijzigd|aangepast|bewerkt|herzien"
    "|laatste (?:update|wijziging|bewerking|aanpassing)|last (?:updated|modified)|updated?"
    "|modified|edited|wijziging"
)

# The pieces of which the forms are made; a piece may use those above it.
_PIECES: dict[str, str] = {
    "WEEKDAYS": any_of(WEEKDAYS),
    "NUMBERS": any_of(NUMBERS),
    "UNITS": any_of(UNITS),
    "PUBLISHED": _PUBLISHED,
    "UPDATED": _UPDATED,
    "MONTHS": any_of(MONTHS),
    "WEEKDAY": r"(?:(?P<weekday><WEEKDAYS>)\b\.?,? ?(?:de )?)?",
    "TH": r"(?:er|e|ste|de|st|nd|rd|th|º)",
    "FREE": r"(?<![\d.,:/'’€$-])(?<!\bnr )(?<!\bnr\. )(?<!\bnummer )",
    "DAY": r"<FREE>(?P<day>\d{1,2})(?: ?<TH>\b)?\.?",
    "WORD": r"(?P<word>[a-zéûäç]{3,14})\b\.?(?!-[a-z])",
    "LETTERS": r"[a-zé]{3,9}",
    "YEAR4": r"(?:19|20)\d\d",
    "YEAR": r"(?P<year><YEAR4>)(?!\d)",
    "AFTER_SHORT_YEAR": r"[\d%€]|[:.,]\d| ?(?:[uh]\d|(?:u|uur|h|am|pm|x|keer|reacties?|comments?"
    r"|min|jaar|euro)\b)",
    "SHORT_YEAR": r"(?P<year>['’‘`]\d\d|\d\d)(?!<AFTER_SHORT_YEAR>)",
    "NO_YEAR": r"(?!,? ?['’]?\d{2,}\b(?! ?[:.uh]))(?!.*\b<YEAR4>\b)",
    "GAP": r" ?[-/.,]? ?",
    "OF": r"(?:of |del? )?",
    "UNTIL": r" ?(?:t/m|tot en met|tot|en) ?",
    "DASH": r" ?[-–] ?",
    "NAMED": r"(?:[a-z]{2,9} )?",
    "TO": r"(?:<UNTIL>|<DASH>)<NAMED>",
    "SLASH": r"(?P<sep>[-/.])",
    "MONTH": r"(?P<month>\d{1,2})",
    "DIGITS_BEFORE": r"(?<![\d.,/€$-])(?<!v)(?<!v\.)",
    "HALF_WORD": r"(?:\d{1,3}|<NUMBERS>) en een half",
    "AMOUNT": r"(?:\d{1,3}[.,]5|<HALF_WORD>|\d{1,4}|(?:een |'n )?(?:half|halve)|anderhal(?:f|ve)"
    r"|(?:een |'n )paar|enkele|<NUMBERS>)",
    "UNIT": r"(?:<UNITS>)(?![a-z])\.?",
    "PART": r"<AMOUNT> ?<UNIT>",
    "ABOUT": r"(?:(?:minder|meer) dan |less than |more than |bijna |ongeveer |circa |ca\.? |ruim "
    r"|about |over |almost )?",
    "DAYPART": r"(?:ochtend|morgen|middag|avond|nacht)",
    "HOUR": r"(?P<hour>[01]?\d|2[0-4])",
    "MINUTE": r"(?P<minute>[0-5]\d)",
    "SECOND": r"(?P<second>[0-5]\d)",
    "UUR": r"(?: ?(?:uur|u|h)\b\.?)?",
    "PART_OF_DAY": r"(?: ?['’]?s? ?(?P<part>ochtends|morgens|middags|avonds|nachts)\b)?",
    "HALF": r"(?: ?(?P<half>[ap])\.?m\b\.?)?",
    "AT": r"(?:om|op|at|te|rond|omstreeks|vanaf|van|tussen|tijd:?|à|um|a las)",
    "LEAD": r"(?: ?\(?[a-z]{2,9}dag\)?)?[ ,;@|•·–—_-]*(?:<AT> )?[@|]? ?",
    # "20:00-22:00" is a span: a minus makes an offset only without a colon, after seconds or after
    # a zone's name.
    "OFFSET": r"(?P<offset>\+\d{1,2}(?::?\d\d)?|-\d{4}"
    r"|(?:(?<=:\d\d:\d\d)|(?<=gmt)|(?<=utc))-\d{1,2}(?::?\d\d)?)?",
    "ZONE": rf"(?: ?\(?(?P<zone>{any_of(ZONES)})?<OFFSET>\)?(?![\w-]))?",
    "WEEKDAY_BEFORE": r"(?:\b(?:<WEEKDAYS>)\b\.?,? ?(?:de )?)?",
    "CLOCK_AT_START": r"(?:[01]?\d|2[0-4])(?: ?[:.uh] ?\d| ?(?:uur|[uh])\b)",
}

# What may precede a form that has to be alone, piece by piece.
_NAME = r"[^|•·\d]{1,40}?"
_BEFORE = (
    r"(?:laatst(?:e keer)? )?(?:<PUBLISHED>|<UPDATED>) ?(?:op|om|on|at)? ?[:;,|–—•·-]? ?",
    rf"(?:door|by|van):? {_NAME}(?: op|[,|•·–—:-]) ",
    rf"{_NAME} (?:zegt|schreef|schrijft|reageerde|zei|says|said)(?: op)? ?:? ",
    rf"{_NAME} ?[|•·@–—,:-] ",
    r"\d+ reacties? ?[|•·–-] ?",
    r"(?:op|om|sinds) ",
)
# What may follow it: a separator, words of the surroundings, or a clock.
_AFTER = (
    r"(?P<rest>(?: ?(?:[|•·–—#(,@-]|in |door |bron|beantwoord|reageer|reply|antwoord|permalink"
    r"|citeer|meld|zei|schreef).{0,80}|\W*)$"
    r"|(?=\W*<CLOCK_AT_START>|\W+(?:om|rond|half|kwart)\b|\W+op \d).*$)"
)


def spelled(pattern: str) -> str:
    """Return *pattern* with the pieces that it names in place."""
    while named := _PIECE.search(pattern):
        pattern = f"{pattern[: named.start()]}{_PIECES[named[1]]}{pattern[named.end() :]}"
    return pattern


_PIECE = re.compile(r"<([A-Z][A-Z_0-9]*)>")
_NO_WORD = re.compile(r"\W*")


@lru_cache(maxsize=1)
def _steps() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(spelled(source)) for source in _BEFORE)


class DateText:
    """A text in which dates are looked for: lower-case, with single plain spaces."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.digits = sum(map(str.isdecimal, text))

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where a form may begin that has to be alone: at the text's first letter, and behind
        each label, name or separator that leads on from there.
        """
        reached = [_NO_WORD.match(self.text).end()]  # type: ignore[union-attr]  # fits any text
        for start in reached:
            for step in _steps():
                match = step.match(self.text, start)
                if match and match.end() not in reached:
                    reached.append(match.end())
        return tuple(sorted(reached))


@dataclass(frozen=True)
class Form:
    """One line of the grammar: its name, its pattern, what it looks like, and when it is worth a
    look.

    A text holds the form only if it has at least *digits* digits and one of *pieces* (none: any
    text). The pattern is compiled when it is first needed: a program that reads one kind of date
    pays for one.
    """

    name: str
    source: str
    example: str
    digits: int = 0
    pieces: tuple[str, ...] = ()
    alone: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern."""
        source = f"(?P<core>{self.source}){_AFTER}" if self.alone else self.source
        return re.compile(spelled(source))

    def may_be_in(self, date_text: DateText) -> bool:
        """Return cheaply whether the form can be in *date_text*."""
        if date_text.digits < self.digits:
            return False
        for piece in self.pieces:
            if piece in date_text.text:
                return True
        return not self.pieces

    def search(self, date_text: DateText) -> "re.Match[str] | None":
        """Return the first place of the form in *date_text*, None where it has none."""
        if not self.may_be_in(date_text):
            return None
        if not self.alone:
            return self.pattern.search(date_text.text)
        found = (self.pattern.match(date_text.text, start) for start in date_text.starts)
        return next((match for match in found if match is not None), None)
