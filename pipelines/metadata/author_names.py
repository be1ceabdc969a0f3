"""The names in a byline: without the words around them, each with the role and the organisation
that the line gives it.
"""

import re
from dataclasses import replace

from storage.records import Author

LONGEST_NAME = 60
LONGEST_ROLE = 80
_BY = re.compile(
    r"^\W*(?:(?:geschreven|geplaatst|gepost|tekst|door|auteur|by|written by|posted by|par|author|redactie|van)\s*:?\s+)+(?:door|by)?\s*:?\s*",
    re.IGNORECASE,
)
# What a site puts behind a name: links to more, the day of the week with which a date begins.
_AFTER = re.compile(
    r"\s*[|•·(–—-]*\s*(?:(?:lees |bekijk |toon )?(?:meer|alle|andere) (?:\w+ )?(?:van|door|over)\b.*|(?:more|all|other) (?:\w+ )?(?:from|by|about)\b.*|bekijk (?:profiel|alle)\b.*"
    r"|view (?:profile|all|bio)\b.*|(?:volg|follow)\b.*|(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\s*$",
    re.IGNORECASE,
)
# "onze redacteur Jan Smit": what stands before the name is no part of it.
_TITLE = re.compile(
    r"^(?:(?:onze|de)\s+)?(?:\w+\s)?(?:hoofd|eind)?(?:redacteur|verslag(?:gever|geefster)|correspondent|medewerker|columnist|journalist)e?\s+(?=[A-ZÀ-Þ])",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:(?:hoofd|eind|web|chef|beeld|adjunct|politiek)[- ]?)*(?:redact(?:eur|rice|ie)|verslag(?:gever|geefster)|correspondent|columnist|journalist|fotograaf|medewerker|auteur"
    r"|editor|reporter|writer|contributor|photographer|producer)e?s?$",
    re.IGNORECASE,
)
# "RTV OOST", "ANP", "USA TODAY": a house, where the name before it is not in capitals too.
_HOUSE = re.compile(r"^[A-Z][A-Z0-9.&]*(?:\s[A-Z0-9.&]+)*$")
_AND = re.compile(r"^(?:en|and|&)\s+", re.IGNORECASE)
_DASH = re.compile(r"\s+[–—-]\s+")
_NO_ROLE = re.compile(
    r"^\W*(?:\d+\s)?(?:reacties?|comments?|reageer|delen?|share)\W*$", re.IGNORECASE
)
_AT = re.compile(r"^(?P<role>.{2,60}?)\s+(?:bij|van|@|at)\s+(?P<organisation>[A-Z0-9].{1,60})$")
_SPLIT = re.compile(r"\s+(?:en|and|&)\s+|\s*[,;/]\s*(?=[A-ZÀ-Þ])")
_NO_NAME = re.compile(
    r"^(?:admin(?:istrator)?|redactie|editor|webmaster|gast|auteur|author|home|contact|lees meer|reacties?|\d+|door|share|volg|meer .*|alle .*|bekijk .*|toon .*|view .*|see all .*|posts by.*|berichten van.*|https?:.*|.*@.*)$",
    re.IGNORECASE,
)
_HAS_LETTER = re.compile(r"[^\W\d_]{2}")


def is_name(name: str) -> bool:
    plain = name.strip()
    if (
        not _HAS_LETTER.search(plain)
        or len(plain) > LONGEST_NAME
        or _NO_NAME.match(plain)
        or len(plain.split()) > 7
    ):
        return False
    digits = sum(map(str.isdigit, plain))
    return digits == 0 or (digits <= 4 and " " not in plain)


def without_labels(line: str) -> str:
    """Return *line* without "Door", "onze redacteur" before a name and without "Meer van deze
    auteur" or a weekday after it.
    """
    head = _BY.sub("", " ".join(line.split())).strip(" ,:|•·–—-")
    return _TITLE.sub("", _AFTER.sub("", head)).strip(" ,:|•·–—-")


def signed(line: str) -> list[Author]:
    """Return the authors whom a line names, as "Jan Smit, verslaggever", "Jan Smit en Piet de Boer"
    or "Els Bos, ANP".
    """
    head, *rest = _DASH.split(without_labels(line), maxsplit=1)
    names, beside = _parted(head)
    authors = [Author(name=name) for name in map(without_labels, names) if is_name(name)]
    told = [*beside, *rest]
    if not told or not authors:
        return authors
    is_house = bool(_HOUSE.match(told[0])) and not authors[-1].name.isupper()
    role, organisation = (None, told[0]) if is_house else role_lines(told[:2])
    return [*authors[:-1], replace(authors[-1], role=role, organisation=organisation)]


def _parted(head: str) -> tuple[list[str], list[str]]:
    """Return the names in a line, and what stands behind them: role or house. "Jan en Piet de Boer"
    may be one name.
    """
    parts = [part for part in (_AND.sub("", part).strip() for part in _SPLIT.split(head)) if part]
    beside: list[str] = []
    while len(parts) > 1 and (
        _ROLE.search(parts[-1]) or (_HOUSE.match(parts[-1]) and not parts[0].isupper())
    ):
        beside.insert(0, parts.pop())
    if len(parts) > 1 and all(" " in part for part in parts):
        return parts, beside
    name, _, after = (part.strip() for part in head.partition(","))
    if after and " " in name:
        return [name], [part.strip() for part in after.split(",")]
    return ([head], []) if len(parts) != 1 else (parts, beside)


def role_lines(lines: list[str]) -> tuple[str | None, str | None]:
    short = [
        line
        for line in lines
        if 2 < len(line) <= LONGEST_ROLE
        and _HAS_LETTER.search(line)
        and not _NO_ROLE.match(line)
        and not line.endswith((".", ":"))
        and not any(map(str.isdigit, line))
    ]
    if len(short) != len(lines[: len(short)]) or not short or len(lines) > 3:
        return None, None
    match = _AT.match(short[0])
    if match:
        return match["role"], match["organisation"]
    return short[0], short[1] if len(short) > 1 else None
