"""The words of dates, one vocabulary a language: months, weekdays, numbers, units, and what comes
around a date.

The grammar speaks Dutch and English. A text in another language is first put into its words
(`pipelines/dates/translation.py`), so a new language is a new vocabulary here and nothing else.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The date words of one language, in lower case.

    Spellings of one thing are parted by spaces, in *phrases* by commas. *months* begin with
    January, *weekdays* with Monday; *ago* precedes an amount ("vor 3 Tagen"), *ago_after*
    behind it ("3 días atrás"); *phrases* are what the grammar calls by a Dutch word. The words in
    *common* mean something else in other languages: they count on pages of this language only.
    """

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    numbers: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, str] = field(default_factory=dict)
    ago: str = ""
    ago_after: str = ""
    common: frozenset[str] = frozenset()


DUTCH = Vocabulary(
    months=(
        "januari jan jannewaris", "februari febr feb febrewaris", "maart mrt mar maa", "april apr",
        "mei maaie", "juni jun juny", "juli jul", "augustus aug", "september sept sep", "oktober okt", "november nov",
        "december dec",
    ),
    weekdays=(
        "maandag maa ma", "dinsdag din di", "woensdag woe wo", "donderdag don do",
        "vrijdag vrij vri vr", "zaterdag zat za", "zondag zon zo",
    ),
    numbers={
        1: "een één eén 'n 1", 2: "twee", 3: "drie", 4: "vier", 5: "vijf", 6: "zes", 7: "zeven",
        8: "acht", 9: "negen", 10: "tien", 11: "elf", 12: "twaalf", 13: "dertien", 14: "veertien",
        15: "vijftien", 16: "zestien", 17: "zeventien", 18: "achttien", 19: "negentien",
        20: "twintig", 30: "dertig", 40: "veertig", 50: "vijftig",
    },
    units={
        "second": "seconden seconde secondes sec s",
        "minute": "minuten minuut minuutje minute min m",
        "quarter": "kwartiertje kwartieren kwartier",
        "hour": "uurtje uren uur u",
        "day": "dagen dagje dag dgn dg d",
        "week": "weken week wkn wk w",
        "month": "maanden maandje maand mnden mnd",
        "year": "jaren jaar jr j",
    },
)  # fmt: skip
ENGLISH = Vocabulary(
    months=(
        "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
        "august aug", "september sept sep", "october oct", "november nov", "december dec",
    ),
    weekdays=(
        "monday mon", "tuesday tues tue", "wednesday wed", "thursday thurs thu", "friday fri",
        "saturday sat", "sunday sun",
    ),
    numbers={
        1: "a an one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven",
        8: "eight", 9: "nine", 10: "ten", 11: "eleven", 12: "twelve",
    },
    units={
        "second": "seconds second secs",
        "minute": "minutes mins",
        "hour": "hours hour hrs hr h",
        "day": "days day",
        "week": "weeks",
        "month": "months month mo",
        "year": "years year yrs yr y",
    },
)  # fmt: skip
GERMAN = Vocabulary(
    months=(
        "januar jänner jan", "februar feber feb", "märz maerz mär mrz", "april apr", "mai",
        "juni jun", "juli jul", "august aug", "september sept sep", "oktober okt", "november nov",
        "dezember dez",
    ),
    weekdays=(
        "montag mo", "dienstag di", "mittwoch mi", "donnerstag do", "freitag fr",
        "samstag sonnabend sa", "sonntag so",
    ),
    numbers={
        1: "einem einer einen eine ein", 2: "zwei", 3: "drei", 4: "vier", 5: "fünf", 6: "sechs",
        7: "sieben", 8: "acht", 9: "neun", 10: "zehn", 11: "elf", 12: "zwölf",
    },
    units={
        "second": "sekunden sekunde sek",
        "minute": "minuten minute min",
        "hour": "stunden stunde std",
        "day": "tagen tage tag",
        "week": "wochen woche wo",
        "month": "monaten monate monat mon",
        "year": "jahren jahre jahr",
    },
    phrases={
        "vandaag": "heute", "gisteren": "gestern", "eergisteren": "vorgestern",
        "gisteravond": "gestern abend", "zojuist": "gerade eben,soeben,eben gerade,gerade",
        "vorige week": "letzte woche,vorige woche", "vorige maand": "letzten monat,letzter monat",
        "vorig jaar": "letztes jahr,letzten jahres", "afgelopen": "letzten,letzter,vergangenen",
        "om": "um,gegen", "uur": "uhr", "op": "am,vom,den", "door": "von", "en": "und",
        "ongeveer": "etwa,rund,circa,ungefähr", "bijna": "fast", "meer dan": "mehr als,über",
        "gepubliceerd": "veröffentlicht,publiziert,erstellt,geschrieben,verfasst,eingestellt",
        "bijgewerkt": "aktualisiert,zuletzt geändert,zuletzt bearbeitet,geändert,bearbeitet,stand",
        "een half uur": "einer halben stunde,eine halbe stunde",
        "schreef": "schrieb", "zegt": "sagt,sagte", "antwoord": "antworten",
        "reacties": "kommentare",
    },
    ago="vor",
    ago_after="her",
    common=frozenset("her mo di mi do fr sa so mon am den stand von und acht vier elf min wo".split()),
)  # fmt: skip
FRENCH = Vocabulary(
    months=(
        "janvier janv jan", "février fevrier févr févr fév fev", "mars", "avril avr", "mai",
        "juin", "juillet juil", "août aout", "septembre sept sep", "octobre oct",
        "novembre nov", "décembre decembre déc dec",
    ),
    weekdays=(
        "lundi lun", "mardi mar", "mercredi mer", "jeudi jeu", "vendredi ven", "samedi sam",
        "dimanche dim",
    ),
    numbers={
        1: "une un", 2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six", 7: "sept",
        8: "huit", 9: "neuf", 10: "dix", 11: "onze", 12: "douze",
    },
    units={
        "second": "secondes seconde sec",
        "minute": "minutes minute min mn",
        "quarter": "quarts quart",
        "hour": "heures heure h",
        "day": "jours jour j",
        "week": "semaines semaine sem",
        "month": "mois",
        "year": "années année ans an",
    },
    phrases={
        "vandaag": "aujourd'hui,aujourd’hui", "gisteren": "hier", "eergisteren": "avant-hier",
        "gisteravond": "hier soir", "zojuist": "à l'instant,à l’instant,maintenant",
        "vorige week": "la semaine dernière,semaine dernière,la semaine passée",
        "vorige maand": "le mois dernier,mois dernier", "jongstleden": "dernier,dernière",
        "vorig jaar": "l'année dernière,l’année dernière,l'an dernier,l’an dernier",
        "om": "à,vers", "op": "le", "door": "par", "en": "et",
        "ongeveer": "environ", "bijna": "presque", "meer dan": "plus de", "minder dan": "moins de",
        "gepubliceerd": "publiée,publié,posté,écrit,rédigé,mis en ligne,posted,date de publication",
        "bijgewerkt": "mis à jour,mise à jour,modifié,modifiée,dernière modification",
        "een half uur": "une demi-heure,une demi heure",
        "zegt": "dit,a dit", "schreef": "a écrit", "antwoord": "répondre",
        "reacties": "commentaires",
    },
    ago="il y a",
    ago_after="plus tôt",
    common=frozenset("mar mer sam hier an a et le dit dernier sept six à par min h j".split()),
)  # fmt: skip
SPANISH = Vocabulary(
    months=(
        "enero ene", "febrero febr feb", "marzo mzo", "abril abr", "mayo", "junio jun",
        "julio jul", "agosto", "septiembre setiembre sept sep", "octubre oct",
        "noviembre nov", "diciembre dic",
    ),
    weekdays=(
        "lunes lun", "martes mar", "miércoles miercoles mié mie", "jueves jue", "viernes vie",
        "sábado sabado sáb sab", "domingo dom",
    ),
    numbers={
        1: "una uno un", 2: "dos", 3: "tres", 4: "cuatro", 5: "cinco", 6: "seis", 7: "siete",
        8: "ocho", 9: "nueve", 10: "diez", 11: "once", 12: "doce",
    },
    units={
        "second": "segundos segundo seg",
        "minute": "minutos minuto min",
        "hour": "horas hora h",
        "day": "días dias día dia d",
        "week": "semanas semana sem",
        "month": "meses mes",
        "year": "años año anos ano",
    },
    phrases={
        "vandaag": "hoy", "gisteren": "ayer", "eergisteren": "anteayer,antes de ayer",
        "gisteravond": "ayer por la noche,anoche",
        "zojuist": "ahora mismo,justo ahora,hace un momento,hace instantes",
        "vorige week": "la semana pasada,semana pasada", "vorige maand": "el mes pasado,mes pasado",
        "vorig jaar": "el año pasado,año pasado", "jongstleden": "pasado",
        "om": "a las,a la", "op": "el", "door": "por", "en": "y", "am": "a. m.", "pm": "p. m.",
        "ongeveer": "aproximadamente", "bijna": "casi", "meer dan": "más de",
        "minder dan": "menos de", "een half uur": "media hora", "augustus": "ago",
        "september": "set",
        "gepubliceerd": "publicado,publicada,escrito,enviado,fecha de publicación",
        "bijgewerkt": "actualizado,actualizada,última actualización,modificado,editado",
        "zegt": "dice,dijo", "schreef": "escribió", "antwoord": "responder",
        "reacties": "comentarios",
    },
    ago="hace",
    ago_after="atrás",
    common=frozenset("mar sam sab dom el y once ago set dos un por dice min".split()),
)  # fmt: skip
ITALIAN_MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
    "ottobre", "novembre", "dicembre",
)  # fmt: skip

SPOKEN = {"nl": DUTCH, "en": ENGLISH}
TRANSLATED = {"de": GERMAN, "fr": FRENCH, "es": SPANISH}


def _ranks(*tables: Iterable[str]) -> dict[str, int]:
    """Return the place in its table of each word; of a word in two tables the first counts."""
    places: dict[str, int] = {}
    for table in tables:
        for place, words in enumerate(table):
            for word in words.split():
                places.setdefault(word, place)
    return places


_ALL = (*SPOKEN.values(), *TRANSLATED.values())
MONTHS: dict[str, int] = {
    word: place + 1 for word, place in _ranks(*(one.months for one in _ALL), ITALIAN_MONTHS).items()
}
WEEKDAYS: dict[str, int] = _ranks(*(one.weekdays for one in SPOKEN.values()))
NUMBERS: dict[str, int] = {
    word: number
    for one in SPOKEN.values()
    for number, words in one.numbers.items()
    for word in words.split()
}
# Spelling -> unit, of all that may precede "geleden" or "ago".
UNITS: dict[str, str] = {
    word: unit
    for one in SPOKEN.values()
    for unit, words in one.units.items()
    for word in words.split()
}

# Daypart -> the hours on a clock of twelve that lie after noon ("'s avonds om 8" is 20:00).
DAYPARTS: dict[str, range] = {
    "middag": range(7), "middags": range(7), "avond": range(1, 12), "avonds": range(1, 12),
}  # fmt: skip

# Zone name -> minutes east of UTC.
ZONES: dict[str, int] = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "met": 60, "mez": 60,
    "cest": 120, "mest": 120, "mezt": 120, "mesz": 120, "eet": 120, "eest": 180, "est": -300,
    "edt": -240, "pst": -480, "pdt": -420,
}  # fmt: skip


@lru_cache(maxsize=1024)
def month(word: str) -> int | None:
    """Return the number of the month that *word* (lower case) names, spelt right or nearly so; None
    when it names none.
    """
    if word in MONTHS:
        return MONTHS[word]
    if not 5 <= len(word) <= 14:
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


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of all *words*, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
