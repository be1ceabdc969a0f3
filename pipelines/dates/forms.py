"""The forms of dates and clocks: one table a kind, a line a form, best first."""

import re
from functools import partial

from pipelines.dates.grammar import Form, spelled

_RANGE = ("t/m", "tot", "en", "-", "–")
_CENTURY = ("19", "20")
_QUOTE = ("'", "’", "‘", "`")
# A month's name begins so, spelt right or nearly so.
_MONTH_STARTS = tuple(
    "ja jä fe fé ma mä mr mz ap av ab me ju jl gi lu au ao ag se sp ok oc ot no de dé di en ge".split()
)
_DAY_STARTS = tuple("ma di wo do vr za zo mon tue wed thu fri sat sun".split())

# The commonest form by far: the first full date of a text, and the clock right after it.
COMMON = Form(
    "common",
    r"(?<![\d.,:/'’`€$v-])(?<!€ )(?P<day>\d{1,2})"
    r"(?:(?: ?(?:e|ste|de))?[ .-]{1,2}(?P<word>[a-z]{3,9})\.?[ -]"
    r"|<SLASH>(?P<month>\d{1,2})(?P=sep))<YEAR>(?![-/.]\d)"
    r"(?P<clock>,? (?:om |@ |at |\| |- |• )?(?P<hour>[01]?\d|2[0-3])[:u]<MINUTE>"
    r"(?::<SECOND>)?(?: (?:uur|u))?(?=$| [|•·#-]| \(\d|,|\)))?",
    "30 december 2013 om 10:21",
)
# What may precede it: digits only where a separator or a word that counts follows.
COMMON_BEFORE = re.compile(
    r"(?:\D*\d{1,3}\D*[|•·]|\D*\d{1,3} ?(?:reacties?|comments?|min\b)\W+)?\D*$"
)

# Absolute dates, looked for anywhere, best first at one place.
ABSOLUTE: tuple[Form, ...] = (
    Form(
        "iso",
        r"(?<![\d/.-])<YEAR><SLASH><MONTH>(?P=sep)(?P<day>\d{1,2})(?!\d|[-/.]\d)",
        "2013-12-30",
        6,
    ),
    Form(
        "range",
        r"(?P<named>\b(?:<WEEKDAYS>)\b\.? )?<DAY>(?:<UNTIL><NAMED>|(?P<dash><DASH>)(?(named)<NAMED>))"
        r"(?P<last>\d{1,2}) <WORD> <YEAR>",
        "20 t/m 25 januari 2007",
        6,
        _RANGE,
    ),
    Form(
        "range_months",
        r"<DAY> (?P<word><LETTERS>)\.?<TO>\d{1,2} <LETTERS>\.? <YEAR>",
        "30 mei tot 3 juni 2015",
        6,
        _RANGE,
    ),
    Form("words", r"<DAY><GAP><OF><WORD><GAP><OF><YEAR>", "ma 30 dec. 2013", 5, _CENTURY),
    Form(
        "american",
        r"\b<WORD> ?(?P<day>\d{1,2})(?:<TH>)?,? <YEAR>",
        "Dec 30, 2013",
        5,
        _CENTURY,
    ),
    Form(
        "ctime",
        r"\b<WORD> (?P<day>\d{1,2}) (?P<hour>\d\d):<MINUTE>(?::<SECOND>)?"
        r" (?:(?P<zone>[a-z]{3,4}) )?<YEAR>",
        "Mon Dec 30 10:21:00 2013",
        9,
        (":",),
    ),
    Form(
        "year_first",
        r"(?<![\d/.-])<YEAR>,? <WORD> (?P<day>\d{1,2})(?![\d:.u])",
        "2013 december 30",
        5,
        _CENTURY,
    ),
    Form(
        "glued",
        r"(?<![\d.,:/€-])(?P<day>\d{1,2}) ?(?P<word><LETTERS>)<YEAR>",
        "30dec2013",
        5,
        _CENTURY,
    ),
    Form(
        "digits",
        r"<DIGITS_BEFORE>(?P<day>\d{1,2}) ?<SLASH> ?<MONTH> ?(?P=sep) ?<YEAR>(?!\.\d)",
        "30-12-2013",
        6,
        _CENTURY,
    ),
    Form("short_words", r"<DAY><GAP><WORD><GAP><SHORT_YEAR>", "30 dec '13", 3),
    Form(
        "short_american",
        r"\b<WORD> (?P<day>\d{1,2})(?:<TH>)?,? (?P<year>['’]\d\d)(?!\d)",
        "Dec 30 '13",
        3,
        _QUOTE,
    ),
    Form(
        "short_digits",
        r"(?:^|[|•·,:(–—] ?|\b(?:op|on|date|datum|d\.d\.|oud|<WEEKDAYS>)[:.,]? "
        r"|(?<= )(?=\d\d?[-/.]\d\d?[-/.]\d\d,? \d\d?:\d\d))"
        r"(?P<day>\d{1,2})<SLASH><MONTH>(?P=sep)(?P<year>'?\d\d)(?![\d%]|[-/.]\d)",
        "30-12-13",
        4,
        ("-", "/", "."),
    ),
    Form("path", r"(?<=/)<YEAR>/<MONTH>/(?P<day>\d{1,2})(?=/|$)", "/2013/12/30/", 6, ("/",)),
)

_alone = partial(Form, alone=True)

# Dates without a year, months and years: the whole text has to be about them.
INCOMPLETE: tuple[Form, ...] = (
    _alone(
        "no_year",
        r"<WEEKDAY>(?:de )?<DAY><GAP><OF><WORD><NO_YEAR>(?: ?(?:j\.?l|jongstleden)\b\.?)?",
        "dinsdag 17 juni",
        1,
        _MONTH_STARTS,
    ),
    _alone(
        "no_year_american",
        r"<WEEKDAY><WORD> (?P<day>\d{1,2})(?:<TH>)?<NO_YEAR>(?! ?[:.]\d)",
        "Dec 30",
        1,
        _MONTH_STARTS,
    ),
    _alone(
        "no_year_digits",
        r"<WEEKDAY>(?P<day>\d{1,2})(?P<sep>[-/])(?P<month>\d{1,2})"
        r"(?=,? (?:om |@ |[|-] )?\d{1,2}(?:[:u]\d\d\b|\.\d\d ?uur\b))",
        "30-12 10:21",
        5,
        ("-", "/"),
    ),
    _alone(
        "month_year",
        r"(?:(?:begin|half|medio|midden|eind) )?<WORD>,? <OF>(?P<year><YEAR4>|'\d\d)"
        r"(?: ?\(\d+\))?",
        "Archief voor mei, 2012",
        2,
    ),
    _alone("year_month", r"(?P<year><YEAR4>),? <WORD>(?: ?\(\d+\))?", "2012 mei", 4, _CENTURY),
    _alone("spaced", r"(?P<day>\d\d) (?P<month>\d\d) (?P<year><YEAR4>)", "30 12 2013", 8, _CENTURY),
    # Pivot, a weblog system, writes so beside a comment; without its clock it may be a telephone
    # number.
    _alone(
        "spaced_short",
        r"(?P<day>[0-3]\d) (?P<month>[01]\d) (?P<year>\d\d)(?= - [0-2]\d:[0-5]\d\W*$)",
        "30 12 13 - 10:21",
        10,
        (" - ",),
    ),
    _alone(
        "spaced_iso", r"(?P<year><YEAR4>) (?P<month>\d\d) (?P<day>\d\d)", "2013 12 30", 8, _CENTURY
    ),
    _alone("iso_month", r"(?P<year><YEAR4>)-(?P<month>0[1-9]|1[0-2])", "2013-12", 6, ("-",)),
    _alone(
        "month_digits",
        r"(?P<month>0[1-9]|1[0-2]) ?[-/] ?(?P<year><YEAR4>)",
        "02-2005",
        6,
        _CENTURY,
    ),
    Form(
        "path_month",
        r"(?:^|https?://[^ /]+)(?:/[a-z-]+)*/<YEAR>/<MONTH>(?:/\S*)?$",
        "/2013/12/",
        5,
        ("/",),
    ),
    Form(
        "compact",
        r"^\D{0,3}(?P<year><YEAR4>)(?P<month>[01]\d)(?P<day>[0-3]\d)"
        r"(?:[t ]?(?P<hour>[012]\d)<MINUTE><SECOND>?(?P<zone>z(?!\w))?)?\D{0,2}$",
        "20131230",
        8,
        _CENTURY,
    ),
    Form(
        "year",
        r"^(?:(?:jaar)?archief|jaaroverzicht|jaar|anno|in)?[: ]*<YEAR>(?: ?\(\d+\))?$",
        "Jaararchief 2006",
        4,
        _CENTURY,
    ),
)

_LAST = r"(?:vorige|afgelopen|verleden)"

# Dates seen from the moment of reading.
RELATIVE: tuple[Form, ...] = (
    Form(
        "plain_ago",
        r"^(?P<amount>\d{1,3}) (?P<unit>[a-z]{3,8}) geleden$",
        "3 dagen geleden",
        1,
        ("geleden",),
    ),
    Form(
        "ago",
        r"(?<![\w.,-])(?<!à )(?<!\d of )(?<!\d tot )(?P<about><ABOUT>)"
        r"(?P<parts><PART>(?:(?: ?, ?|,? en |,? and | )<PART>){0,3})"
        r" (?:geleden|terug|ago)\b",
        "1 uur en 5 minuten geleden",
        0,
        ("geleden", "terug", "ago"),
    ),
    _alone(
        "now",
        r"(?:zo ?juist|zo ?net|daarnet|net|nu net|nu(?! in\b)|op dit moment|just now"
        r"|(?:een|enkele) (?:ogenblik(?:ken)?|moment(?:en)?) geleden)"
        r"(?: geplaatst| gepubliceerd| bijgewerkt)?",
        "zojuist",
        0,
        ("zo", "net", "nu", "moment", "just", "ogenblik"),
    ),
    _alone(
        "day",
        r"(?:eerder )?(?P<dayword>vandaag|eergisteren|gisteren|gister|today|yesterday)"
        r"(?: ?(?:['’]s )?(?P<daypart><DAYPART>)s?\b)?(?: at\b)?",
        "gisteren om 14:05",
        0,
        ("vandaag", "gist", "today", "yesterday"),
    ),
    _alone(
        "daypart",
        r"(?P<dayword>van|gister|eergister|deze )(?P<daypart><DAYPART>)",
        "gisteravond om 20:15",
        0,
        ("ochtend", "morgen", "middag", "avond", "nacht"),
    ),
    _alone(
        "last_week",
        rf"{_LAST} week (?P<weekday><WEEKDAYS>)\b|(?P<weekday2><WEEKDAYS>) {_LAST} week\b",
        "vorige week dinsdag",
        0,
        ("week",),
    ),
    _alone(
        "weekday",
        r"(?P<last>(?:afgelopen|vorige|verleden|jongstleden|last) )?(?P<weekday><WEEKDAYS>)"
        r"(?P<daypart>(?<=dag)<DAYPART>)?\b\.?(?P<jl> ?(?:j\.?l|jongstleden)\b\.?)?"
        r"(?!,? (?:\d{1,2}(?: ?<TH>)?\.? <OF>(?:<MONTHS>)|(?:<MONTHS>)\.? \d)\b)",
        "afgelopen dinsdag",
        0,
        _DAY_STARTS,
    ),
    _alone(
        "year_ago",
        r"(?:<DAY> )?<WORD> (?:van )?(?P<which>vorig|dit|afgelopen) jaar",
        "30 december vorig jaar",
        0,
        ("jaar",),
    ),
    _alone(
        "ago_year",
        r"(?P<which>vorig|dit|afgelopen) jaar <WORD>",
        "vorig jaar mei",
        0,
        ("jaar",),
    ),
    _alone(
        "period",
        r"(?P<which>vorige?|afgelopen|verleden|deze|dit|last|this) "
        r"(?P<period>week|maand|jaar|month|year)",
        "vorige maand",
        0,
        ("week", "maand", "jaar", "month", "year"),
    ),
)

PERIODS = {"week": "week", "maand": "month", "month": "month", "jaar": "year", "year": "year"}

# "about 2 uur": the parts of a relative date, one by one.
AMOUNTS = Form("amounts", r"(?P<amount><AMOUNT>) ?(?P<unit><UNITS>)(?![a-z])", "1 uur")

# What a span's first day follows; behind another word it is a number of something: "Week 6 - ".
SPAN_BEGINS = re.compile(
    spelled(r"(?:^|[^\w .] ?|\b(?:<WEEKDAYS>|<PUBLISHED>|op|om|van|vanaf|tussen|data)\b\.?,? ?)$")
)
EPOCH = re.compile(r"[1-9]\d{9}(?:\d{3})?")
AFTER_UPDATE = re.compile(spelled(r"(?:<UPDATED>)\W*(?:op|om|on|at)?\W*<WEEKDAY_BEFORE>$"))
# Words before which a number is no date, and before which only a dotted one is none.
REFUSED = re.compile(
    r"©|\bcopyright\b|\bissn\b|\bisbn\b|\bkvk\b|\biban\b|\bbtw\b|\bfactuur\b|\bversie\b"
    r"|\bseizoen\b|\bleeftijd\b"
)
NUMBERED = re.compile(
    r"\b(?:v|version|versión|wersja|build|release|firmware|ip|ip[- ]ad+ress?e?|ios|android|php"
    r"|python|java|node|wordpress|drupal|joomla|firefox|chrome|linux|windows)\W{0,3}$"
)
