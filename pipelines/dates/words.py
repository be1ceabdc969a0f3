"""The words of Dutch dates: months (also as readers from elsewhere write them), weekdays, numbers,
units, dayparts, zones, and the labels that stand around a date.
"""

import re
from functools import lru_cache

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan janv janvier januar jänner enero gennaio", "februari february feb febr février fevrier févr februar febrero febbraio",
            "maart march mrt mar maa mars märz marzo", "april apr avril avr abril aprile",
            "mei may mai mayo maggio", "juni june jun juin junio giugno", "juli july jul juillet juil julio luglio",
            "augustus august aug août aout agosto", "september sep sept septembre septiembre settembre",
            "oktober october okt oct octobre octubre ottobre", "november nov novembre noviembre",
            "december dec décembre decembre déc dezember dez diciembre dicembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "maandag ma maa mon monday", "dinsdag di din tue tues tuesday", "woensdag wo woe wed wednesday",
            "donderdag do don thu thurs thursday", "vrijdag vr vrij vri fri friday", "zaterdag za zat sat saturday",
            "zondag zo zon sun sunday",
        )
    )
    for name in names.split()
}  # fmt: skip

NUMBERS: dict[str, int] = {
    word: number
    for number, words in {
        1: "een één eén 'n 1 a an one", 2: "twee two", 3: "drie three", 4: "vier four", 5: "vijf five", 6: "zes six",
        7: "zeven seven", 8: "acht eight", 9: "negen nine", 10: "tien ten", 11: "elf eleven", 12: "twaalf twelve",
        13: "dertien", 14: "veertien", 15: "vijftien", 16: "zestien", 17: "zeventien", 18: "achttien", 19: "negentien",
        20: "twintig", 30: "dertig", 40: "veertig", 50: "vijftig",
    }.items()
    for word in words.split()
}  # fmt: skip

# Unit -> the spellings it has before "geleden".
UNITS: dict[str, str] = {
    "second": r"sec(?:onde[ns]?|\.|s)?|s|seconds?",
    "minute": r"min(?:uten|uut|uutje|utes?|\.|s)?|m",
    "quarter": r"kwartiere?n?|kwartiertje",
    "hour": r"uur|uren|uurtje|u\.?|hours?|hrs?|h",
    "day": r"dag(?:en|je)?|dgn\.?|dg\.?|d|days?",
    "week": r"we(?:ken|ek)|wkn?\.?|w|weeks?",
    "month": r"maand(?:en|je)?|mnd(?:en)?\.?|mnd|months?|mo",
    "year": r"jaar|jaren|jr\.?|j|years?|yrs?|y",
}

# The spellings that nearly every "3 dagen geleden" has.
PLAIN_UNITS: dict[str, str] = {
    word: unit
    for unit, words in {
        "second": "seconden seconde sec", "minute": "minuten minuut min", "hour": "uur uren", "day": "dagen dag",
        "week": "weken week", "month": "maanden maand", "year": "jaar jaren",
    }.items()
    for word in words.split()
}  # fmt: skip

# Daypart -> the hours on a clock of twelve that lie after noon ("'s avonds om 8" is 20:00).
DAYPARTS: dict[str, range] = {
    "middag": range(7), "middags": range(7), "avond": range(1, 12), "avonds": range(1, 12),
}  # fmt: skip

# Zone name -> minutes east of UTC.
ZONES: dict[str, int] = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "met": 60, "mez": 60, "cest": 120, "mest": 120,
    "mezt": 120, "mesz": 120, "eet": 120, "eest": 180, "est": -300, "edt": -240, "pst": -480, "pdt": -420,
}  # fmt: skip

PUBLISHED = (
    r"gepubliceerd|geplaatst|gepost|geschreven|gemaakt|aangemaakt|toegevoegd|online gezet|ingezonden|verschenen|verscheen"
    r"|publicatiedatum|publicatie|plaatsingsdatum|datum(?: van publicatie)?|datum en tijd|date|posted|published|d\.?d\.?"
    r"|reactie|bericht|nieuws|blog|artikel|archief(?: voor)?|maandarchief(?: voor)?|jaararchief|reageerde|gereageerd"
)
UPDATED = (
    r"bijgewerkt|ge[üu]pdatet|geupdate|gewijzigd|aangepast|bewerkt|herzien|laatste (?:update|wijziging|bewerking|aanpassing)"
    r"|last (?:updated|modified)|updated?|modified|edited|wijziging"
)


@lru_cache(maxsize=4096)
def month(word: str) -> int | None:
    """Return the number of the month that *word* (lower case) names, spelt right or nearly so; None
    when it names none.
    """
    if word in MONTHS:
        return MONTHS[word]
    if len(word) < 5:
        return None
    near = {
        number
        for name, number in MONTHS.items()
        if len(name) >= 5 and _distance(word, name) <= _slips(word)
    }
    return near.pop() if len(near) == 1 else None


def _slips(word: str) -> int:
    return 2 if len(word) >= 7 else 1


def _distance(word: str, name: str) -> int:
    """Return how many letters were added, lost, changed or swapped between two words (optimal
    string alignment).
    """
    if abs(len(word) - len(name)) > 2 or word[0] != name[0]:
        return 3
    rows = [list(range(len(name) + 1))]
    for i, letter in enumerate(word, start=1):
        row = [i]
        for j, other in enumerate(name, start=1):
            cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == name[j - 2] and word[i - 2] == other:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def any_of(words: dict[str, int]) -> str:
    """Return a pattern of all *words*, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
