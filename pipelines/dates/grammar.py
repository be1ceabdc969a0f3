"""The grammar of Dutch dates: one table, a line a form, each with an example.

Texts arrive lower-cased with plain spaces. A form is looked for ANYWHERE in the text, or must stand
ALONE: with nothing around it but a label, a name, a separator. Groups carry the parts: day, month
(digits) or word (letters), year, weekday, amounts.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from pipelines.dates.words import NUMBERS, PUBLISHED, UNITS, UPDATED, WEEKDAYS, any_of

_WEEKDAY = rf"(?:(?P<weekday>{any_of(WEEKDAYS)})\b\.?,?\s*(?:de\s+)?)?"
_DAY = r"(?<![\d.,:/'’€$-])(?<!\bnr )(?<!\bnr\. )(?<!\bnummer )(?P<day>\d{1,2})(?:\s?(?:e|ste|de|st|nd|rd|th)\b)?\.?"
_WORD = r"(?P<word>[a-zéûä]{3,12})\b\.?(?!-[a-z])"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_SHORT_YEAR = r"(?P<year>['’‘`]\d\d|\d\d)(?![\d%€]|[:.,]\d|\s?(?:[uh]\d|(?:u|uur|h|am|pm|x|keer|reacties?|comments?|min|jaar|euro)\b))"
_NO_YEAR = r"(?!,?\s*['’]?\d{2,4}\b(?!\s?[:.uh]))(?!.*\b(?:19|20)\d\d\b)"
_GAP = r"\s*[-/.,]?\s*"
_AMOUNT = rf"(?:\d{{1,3}}[.,]5|(?:\d{{1,3}}|{any_of(NUMBERS)}) en een half|\d{{1,4}}|(?:een |'n )?(?:half|halve)|anderhal(?:f|ve)|(?:een |'n )paar|enkele|{any_of(NUMBERS)})"
_UNIT = "|".join(UNITS.values())
_PART = rf"{_AMOUNT}\s*(?:{_UNIT})(?![a-z])"
_DAYPART = r"(?:ochtend|morgen|middag|avond|nacht)"
_CLOCK_AT_START = r"(?:[01]?\d|2[0-4])(?:[:.u]|\s?uur)"

# What may stand before and after a form that has to stand alone.
_LABEL = (
    rf"(?:(?:laatst(?:e keer)?\s+)?(?:{PUBLISHED}|{UPDATED})\s*(?:op|om|on|at)?\s*[:;,|–—•·-]?\s*)"
)
_BYLINE = r"(?:(?:door|by|van):?\s+[^|•·\d]{2,40}?(?:\s+op|[,|•·–—:-])\s+)"
_SAYS = r"(?:[^|•·\d]{2,40}?\s(?:zegt|schreef|schrijft|reageerde|zei|says|said)(?:\s+op)?\s*:?\s+)"
_NAME = r"(?:[^|•·\d]{2,40}?\s*[|•·@–—,:-]\s+)"
_BEFORE = (
    rf"^\W*(?:{_LABEL}|{_BYLINE}|{_SAYS}|{_NAME}|\d+ reacties?\s*[|•·–-]\s*|op\s+|om\s+|sinds\s+)*"
)
_AFTER = r"(?:\s*(?:[|•·–—#(,@-]|in\s|door\s|bron|beantwoord|reageer|reply|antwoord|permalink|citeer|meld|zei|schreef).{0,80}|\W*)$"


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

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.source)

    def may_be_in(self, text: str, digits: int) -> bool:
        """Tell cheaply whether the form can be in *text*, which has so many *digits*."""
        if digits < self.digits:
            return False
        for piece in self.pieces:
            if piece in text:
                return True
        return not self.pieces


def _anywhere(name: str, pattern: str, example: str, digits: int, *pieces: str) -> Form:
    return Form(name, pattern, example, digits, pieces)


def _alone(name: str, pattern: str, example: str, digits: int, *pieces: str) -> Form:
    return Form(
        name,
        rf"{_BEFORE}(?P<core>{pattern})(?P<rest>{_AFTER}|(?=\W*{_CLOCK_AT_START}|\W+(?:om|rond|half|kwart)\b|\W+op\s\d).*$)",
        example,
        digits,
        pieces,
    )


# The commonest form by far: the first full date of a text, and the clock right after it.
COMMON = Form(
    "common",
    r"(?<![\d.,:/'’`€$v-])(?<!€ )(?P<day>\d{1,2})(?:(?: ?(?:e|ste|de))?[ .-]{1,2}(?P<word>[a-z]{3,9})\.?[ -]|(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep))(?P<year>(?:19|20)\d\d)(?!\d|[-/.]\d)"
    r"(?P<clock>,? (?:om |@ |at |\| |- |• )?(?P<hour>[01]?\d|2[0-3])[:u](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?: (?:uur|u))?(?=$| [|•·#-]| \(\d|,|\)))?",
    "30 december 2013 om 10:21",
)
# What may stand before it: digits only where a separator or a word that counts follows.
COMMON_BEFORE = re.compile(
    r"(?:\D*\d{1,3}\D*[|•·]|\D*\d{1,3} ?(?:reacties?|comments?|min\b)\W+)?\D*$"
)

# Absolute dates, looked for anywhere, best first at one place.
ABSOLUTE: tuple[Form, ...] = (
    _anywhere("iso", rf"(?<![\d/.-]){_YEAR}(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})(?!\d|[-/.]\d)", "2013-12-30", 6),
    _anywhere("range", rf"{_DAY}\s*(?:t/m|tot en met|tot|en|[-–])\s*(?:[a-z]{{2,9}}\s)?\d{{1,2}}\s+{_WORD}\s+{_YEAR}", "20 t/m 25 januari 2007", 6, "t/m", "tot", "en", "-", "–"),
    _anywhere("range_months", rf"{_DAY}\s+(?P<word>[a-zé]{{3,9}})\.?\s*(?:t/m|tot en met|tot|en|[-–])\s*(?:[a-z]{{2,9}}\s)?\d{{1,2}}\s+[a-zé]{{3,9}}\.?\s+{_YEAR}", "30 mei tot 3 juni 2015", 6, "t/m", "tot", "en", "-", "–"),
    _anywhere("words", rf"{_DAY}{_GAP}(?:of |de )?{_WORD}{_GAP}(?:de )?{_YEAR}", "ma 30 dec. 2013", 5, "19", "20"),
    _anywhere("american", rf"\b{_WORD}\s?(?P<day>\d{{1,2}})(?:st|nd|rd|th|e)?,?\s+{_YEAR}", "Dec 30, 2013", 5, "19", "20"),
    _anywhere("ctime", rf"\b{_WORD}\s(?P<day>\d{{1,2}})\s(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?\s(?:(?P<zone>[a-z]{{3,4}})\s)?{_YEAR}", "Mon Dec 30 10:21:00 2013", 9, ":"),
    _anywhere("year_first", rf"(?<![\d/.-]){_YEAR},?\s+{_WORD}\s+(?P<day>\d{{1,2}})(?![\d:.u])", "2013 december 30", 5, "19", "20"),
    _anywhere("glued", rf"(?<![\d.,:/€-])(?P<day>\d{{1,2}})\s?(?P<word>[a-zé]{{3,9}}){_YEAR}", "30dec2013", 5, "19", "20"),
    _anywhere("digits", rf"(?<![\d.,/€$-])(?<!v)(?<!v\.)(?P<day>\d{{1,2}})\s?(?P<sep>[-/.])\s?(?P<month>\d{{1,2}})\s?(?P=sep)\s?{_YEAR}", "30-12-2013", 6, "19", "20"),
    _anywhere("short_words", rf"{_DAY}{_GAP}{_WORD}{_GAP}{_SHORT_YEAR}", "30 dec '13", 3),
    _anywhere("short_american", rf"\b{_WORD}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>['’]\d\d)(?!\d)", "Dec 30 '13", 3, "'", "’"),
    _anywhere("short_digits", rf"(?:^|[|•·,:(–—]\s*|\b(?:op|on|date|datum|d\.d\.|oud|{any_of(WEEKDAYS)})[:.,]?\s+|(?<=\s)(?=\d\d?[-/.]\d\d?[-/.]\d\d,?\s\d\d?:\d\d))(?P<day>\d{{1,2}})(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<year>'?\d\d)(?![\d%]|[-/.]\d)", "30-12-13", 4, "-", "/", "."),
    _anywhere("path", r"(?<=/)(?P<year>(?:19|20)\d\d)/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?=/|$)", "/2013/12/30/", 6, "/"),
)  # fmt: skip

# A month's name begins so, spelt right or nearly so.
_MONTH_STARTS = (
    "ja",
    "fe",
    "ma",
    "mr",
    "ap",
    "me",
    "ju",
    "jl",
    "au",
    "ag",
    "se",
    "sp",
    "ok",
    "oc",
    "no",
    "de",
)

# Dates without a year, months and years: the whole text has to be about them.
INCOMPLETE: tuple[Form, ...] = (
    _alone("no_year", rf"{_WEEKDAY}(?:de\s+)?{_DAY}{_GAP}{_WORD}{_NO_YEAR}(?:\s*(?:j\.?l|jongstleden)\b\.?)?", "dinsdag 17 juni", 1, *_MONTH_STARTS),
    _alone("no_year_american", rf"{_WORD}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_NO_YEAR}(?!\s?[:.]\d)", "Dec 30", 1, *_MONTH_STARTS),
    _anywhere("no_year_digits", rf"{_BEFORE}(?:{any_of(WEEKDAYS)})?\.?,?\s?(?P<day>\d{{1,2}})(?P<sep>[-/])(?P<month>\d{{1,2}})(?P<rest>,?\s+(?:om\s|@\s|[|-]\s)?\d{{1,2}}(?:[:u]\d\d\b|\.\d\d\s?uur\b).{{0,80}})$", "30-12 10:21", 5, "-", "/"),
    _alone("month_year", rf"(?:(?:begin|half|medio|midden|eind)\s+)?{_WORD},?\s+(?P<year>(?:19|20)\d\d|'\d\d)(?:\s*\(\d+\))?", "Archief voor mei, 2012", 2),
    _alone("year_month", rf"(?P<year>(?:19|20)\d\d),?\s+{_WORD}(?:\s*\(\d+\))?", "2012 mei", 4, "19", "20"),
    _alone("spaced", r"(?P<day>\d\d) (?P<month>\d\d) (?P<year>(?:19|20)\d\d)", "30 12 2013", 8, "19", "20"),
    # Pivot, a weblog system, writes so beside a comment; without its clock it may be a telephone
    # number.
    _anywhere("spaced_short", rf"{_BEFORE}(?P<day>[0-3]\d) (?P<month>[01]\d) (?P<year>\d\d)(?P<rest> - [0-2]\d:[0-5]\d)\W*$", "30 12 13 - 10:21", 10, " - "),
    _alone("spaced_iso", r"(?P<year>(?:19|20)\d\d) (?P<month>\d\d) (?P<day>\d\d)", "2013 12 30", 8, "19", "20"),
    _alone("iso_month", r"(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])", "2013-12", 6, "-"),
    _alone("month_digits", r"(?P<month>0[1-9]|1[0-2])\s?[-/]\s?(?P<year>(?:19|20)\d\d)", "02-2005", 6, "19", "20"),
    _anywhere("path_month", r"(?:^|https?://[^\s/]+)(?:/[a-z-]+)*/(?P<year>(?:19|20)\d\d)/(?P<month>\d{1,2})(?:/\S*)?$", "/2013/12/", 5, "/"),
    _anywhere("compact", r"^\D{0,3}(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?:[t ]?(?P<hour>[012]\d)(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?(?P<zone>z(?!\w))?)?\D{0,2}$", "20131230", 8, "19", "20"),
    _anywhere("year", r"^(?:(?:jaar)?archief|jaaroverzicht|jaar|anno|in)?[:\s]*(?P<year>(?:19|20)\d\d)(?:\s*\(\d+\))?$", "Jaararchief 2006", 4, "19", "20"),
)  # fmt: skip

# Dates seen from the moment of reading.
RELATIVE: tuple[Form, ...] = (
    _anywhere("plain_ago", r"^(?P<amount>\d{1,3}) (?P<word>[a-z]{3,8}) geleden$", "3 dagen geleden", 1, "geleden"),
    _anywhere("ago", rf"(?<![\w.,-])(?<!à )(?<!\d of )(?<!\d tot )(?P<about>(?:minder|meer) dan |less than |more than |bijna |ongeveer |circa |ca\.? |ruim |about |over |almost )?(?P<parts>{_PART}(?:(?:\s*,\s*|\s+en\s+|\s+and\s+|\s+){_PART}){{0,3}})\s+(?:geleden|terug|ago)\b", "1 uur en 5 minuten geleden", 0, "geleden", "terug", "ago"),
    _alone("now", r"(?:zo ?juist|zo ?net|daarnet|net|nu net|nu(?! in\b)|op dit moment|just now|(?:een|enkele) (?:ogenblik(?:ken)?|moment(?:en)?) geleden)(?: geplaatst| gepubliceerd| bijgewerkt)?", "zojuist", 0, "zo", "net", "nu", "moment", "just", "ogenblik"),
    _alone("day", rf"(?:eerder\s)?(?P<dayword>vandaag|eergisteren|gisteren|gister|today|yesterday)(?:\s?(?:['’]s )?(?P<daypart>{_DAYPART})s?\b)?(?: at\b)?", "gisteren om 14:05", 0, "vandaag", "gist", "today", "yesterday"),
    _alone("daypart", rf"(?P<dayword>van|gister|eergister|deze )(?P<daypart>{_DAYPART}|nacht)", "gisteravond om 20:15", 0, "ochtend", "morgen", "middag", "avond", "nacht"),
    _alone("last_week", rf"(?:vorige|afgelopen|verleden) week (?P<weekday>{any_of(WEEKDAYS)})\b|(?P<weekday2>{any_of(WEEKDAYS)}) (?:vorige|afgelopen|verleden) week\b", "vorige week dinsdag", 0, "week"),
    _alone("weekday", rf"(?P<last>(?:afgelopen|vorige|verleden|jongstleden|last)\s+)?(?P<weekday>{any_of(WEEKDAYS)})(?P<daypart>(?<=dag){_DAYPART})?\b\.?(?P<jl>\s*(?:j\.?l|jongstleden)\b\.?)?", "afgelopen dinsdag", 0, "ma", "di", "wo", "do", "vr", "za", "zo", "mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    _alone("year_ago", rf"(?:{_DAY}\s)?{_WORD}\s(?:van\s)?(?P<which>vorig|dit|afgelopen)\sjaar", "30 december vorig jaar", 0, "jaar"),
    _alone("ago_year", rf"(?P<which>vorig|dit|afgelopen)\sjaar\s{_WORD}", "vorig jaar mei", 0, "jaar"),
    _alone("period", r"(?P<which>vorige?|afgelopen|verleden|deze|dit|last|this)\s+(?P<period>week|maand|jaar|month|year)", "vorige maand", 0, "week", "maand", "jaar", "month", "year"),
)  # fmt: skip

PERIODS = {"week": "week", "maand": "month", "month": "month", "jaar": "year", "year": "year"}

# "about 2 uur": the parts of a relative date, one by one.
AMOUNTS = Form(
    "amounts",
    rf"(?P<amount>{_AMOUNT})\s*(?:"
    + "|".join(f"(?P<{unit}>{words})" for unit, words in UNITS.items())
    + r")(?![a-z])",
    "1 uur",
)
_WEEKDAY_BEFORE = rf"(?:\b(?:{any_of(WEEKDAYS)})\b\.?,?\s*(?:de\s)?)?"
AFTER_UPDATE = re.compile(rf"(?:{UPDATED})\W*(?:op|om|on|at)?\W*{_WEEKDAY_BEFORE}$")

_ZONE = (
    r"(?:\s*\(?(?P<zone>z|utc|gmt|wet|west|bst|cet|cest|met|mest|mezt?|mesz|eet|eest|est|edt|pst|pdt)?(?P<offset>"
    # "20:00-22:00" is a span: a minus makes an offset only without a colon, after seconds or after
    # a zone's name.
    r"\+\d{1,2}(?::?\d\d)?|-\d{4}|(?:(?<=:\d\d:\d\d)|(?<=gmt)|(?<=utc))-\d{1,2}(?::?\d\d)?)?\)?(?![\w-]))?"
)
_HALF = r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
_UUR = r"(?:\s?(?:uur|u|h)\b\.?)?"
_PART_OF_DAY = r"(?:\s*['’]?s?\s?(?P<part>ochtends|morgens|middags|avonds|nachts)\b)?"
_LEAD = r"(?:\s*\(?(?:[a-z]{2,9}dag)\)?)?[\s,;@|•·–—_-]*(?:(?:om|op|at|te|rond|omstreeks|vanaf|van|tussen|tijd:?|à|um|a las)\s+)?[@|]?\s*"

# Clocks as they stand after a date; the first that fits is taken.
CLOCKS: tuple[Form, ...] = tuple(
    Form("clock", _LEAD + form + _HALF + _PART_OF_DAY + _ZONE, example)
    for form, example in (
        (
            rf"t?(?P<hour>[01]?\d|2[0-4])[:](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d)(?:[.,]\d+)?)?(?!\d){_UUR}",
            "10:21:05",
        ),
        (r"(?P<hour>[01]?\d|2[0-4])\s?[uh]\s?(?P<minute>[0-5]\d)\b", "10u21"),
        (
            r"(?P<hour>[01]?\d|2[0-4])\.(?P<minute>[0-5]\d)(?![\d.,])(?:\s?(?:uur|u|h)\b\.?|(?!\s?(?:euro|gb|km|%)))",
            "10.21 uur",
        ),
        (r"(?P<hour>[01]?\d|2[0-4])\suur\s(?P<minute>[0-5]\d)\b", "10 uur 21"),
        (r"(?P<hour>[01]?\d|2[0-4])\s?(?:uur|u|h)\b\.?", "10 uur"),
        (r"(?P<hour>0?[1-9]|1[0-2])(?=\s?[ap]\.?m\b)", "9 pm"),
        (r"(?<=@ )(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\b", "@ 0800"),
    )
)
CLOCK_BEFORE = Form(
    "clock_before",
    r"(?:^|[\s,(|•·–—@-])(?:om\s+)?(?P<hour>[01]?\d|2[0-3])[:.u](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?:\s?(?:uur|u|h|(?P<half>[ap])\.?m\.?))?(?:[\s,|•·–—-]*(?:op\s+)?)"
    + _WEEKDAY_BEFORE
    + "$",
    "om 10:21 op",
)
CLOCK_ALONE = Form(
    "clock_alone",
    rf"{_BEFORE}(?:(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?:\s?(?:uur|u|h)\b\.?)?|(?P<hour2>[01]?\d|2[0-3])[.u](?P<minute2>[0-5]\d)\s?(?:uur\b|u\b)|(?P<hour3>[01]?\d|2[0-3])u(?P<minute3>[0-5]\d))\W*$",
    "10:21 uur",
    3,
    (":", "u", "."),
)

_HOUR_WORD = rf"(?P<hourword>{any_of(NUMBERS)}|\d{{1,2}})"
WORD_CLOCK = Form(
    "word_clock",
    _LEAD
    + rf"(?:(?P<minutes>kwart|vijf|tien|twintig|\d{{1,2}})\s+(?P<side>over|voor)\s+)?(?P<halfhour>half\s+)?{_HOUR_WORD}(?:\s+uur)?"
    + _PART_OF_DAY
    + r"(?=\W|$)",
    "kwart over drie 's middags",
    0,
    ("uur", "kwart", "half", "over", "voor"),
)
EPOCH = re.compile(r"[1-9]\d{9}(?:\d{3})?")
REFUSED = re.compile(
    r"©|\bcopyright\b|\bissn\b|\bisbn\b|\bkvk\b|\biban\b|\bbtw\b|\bfactuur\b|\bversie\b|\bseizoen\b|\bleeftijd\b"
)
