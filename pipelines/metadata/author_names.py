"""The names in a byline: without the words around them, each with the role and the organisation
that the line gives it.
"""

import re
from dataclasses import replace

from storage.records import Author

LONGEST_NAME = 60
LONGEST_ROLE = 80
_PARTICLE = r"(?:van|de|der|den|het|ten|ter|te|'t|op|in|el|al|von|du|da|di|le|la)"
FULL_NAME = re.compile(
    rf"[A-ZÀ-Þ][\w.'’-]*(?:\s(?:{_PARTICLE}|[A-ZÀ-Þ][\w.'’-]*|\([A-ZÀ-Þ]\w+\))){{0,4}}\s[A-ZÀ-Þ][\w'’-]+"
)
# What opens the names of places, which stand beside dates, too.
_OPENS_A_PLACE = re.compile(
    r"(?:Den?|Het|'t|Sint|St\.?|San|Santa|Los|Las|New|Nieuwe?|Oude?|Bad|Saint|El|Le|La)\s"
)
_GOES_ON_AS_A_PLACE = re.compile(r"\s(?:op\s(?=[A-ZÀ-Þ])|aan\s|bij\s)")  # "Bergen op Zoom"
# What is written beside dates with capitals, and is nobody.
_NOBODY = re.compile(
    r"\b(?:comments?|reacties?|reageer|filed|under|posted|published|geplaatst|gepubliceerd|read|lees"
    r"|more|meer|share|deel|print|tags?|categor\w+|rubriek|nieuws|news|blog|home|archie\w+|leave|geen"
    r"|permalink|views?|edit|bewerk\w*|page|pagina|update\w*|follow|volg)\b",
    re.IGNORECASE,
)
# Words of the surroundings in nl, en, de, fr and es.
BY = r"door|auteur(?:s|\(s\))?|recensent|by|tekst|von|autor(?:in|es|a)?|par|por|text|words|authors?"
GENRE = r"(?:gast)?(?:column|blog|bijdrage)|opinie|essay|recensie|reportage|analyse|verslag"
OF = (
    r"(?:een\s)?(?:gast(?:column|blog|bijdrage)|column)\s+van"  # "Recensie van" goes on with a book
)
WRITTEN = (
    r"geschreven|geplaatst|gepost|ingediend|ingezonden|gemaakt|gepubliceerd|toegevoegd|bericht|artikel|interview"
    r"|(?:(?:foto['’]?s?|beeld)\s(?:en|&)\s)?tekst(?:\s?(?:en|&|\+|/)\s?(?:foto(?:['’]?s|grafie)?|beeld|video|interview|illustraties?))?|written|posted|published|submitted|added|reported|story"
    r"|geschrieben|verfasst|veröffentlicht|erstellt|ein beitrag|beitrag|text(?:\sund\s\w+)?|article|publié|rédigé|écrit|propos recueillis|escrito|publicado"
)
# Behind these and a colon stands when or where it was, not by whom.
PLACED = (
    r"geplaatst|gepost|gepubliceerd|toegevoegd|bericht|artikel|posted|published|added|article|publi"
)
_ROLES = (
    r"(?:[a-zé]{2,14}-?)?\s?(?:redact(?:eur|rice)|verslag(?:gever|geefster)|correspondent|medewerker|columnist|journalist"
    r"|editor|reporter|writer|contributor|korrespondent|redakteur|mitarbeiter|rédact(?:eur|rice)|envoyé|corresponsal|redactor|(?-i:chef(?=\s[a-z])))(?:e|in|a)?"
)
_BY = re.compile(
    rf"^\W*(?:(?:(?:{WRITTEN}|{BY}|redactie)\s*:?\s+)+(?:{BY})?|(?:{BY}|{WRITTEN}|van)\s*:)\s*:?\s*",
    re.IGNORECASE,
)
# What a site puts behind a name: links to more or to a mailbox, when it was, for whom it was.
_AFTER = re.compile(
    r"(?:^|(?<![\s|•·(–—,-])[\s|•·(–—,-])[\s|•·(–—,-]*+(?:(?:lees |bekijk |toon )?(?:meer|alle|andere) (?:\w+ )?(?:van|door|over)\b.*|(?:more|all|other) (?:\w+ )?(?:from|by|about)\b.*|bekijk (?:profiel|alle)\b.*"
    r"|view (?:profile|all|bio)\b.*|(?:illustrati(?:e|on)s?|foto'?s?|fotografie|beeld|bild(?:er)?|photos?|images?)\b.*|(?:volg|follow)\b.*|(?:e-?mail|mail|contact(?:eer)?)(?:\s.*|en\b.*)?|(?:stuur|send) .*"
    r"|in samenwerking met .*|in collaboration with .*|\((?:tekst|text|woord)\)|(?:geschatte )?leestijd\b.*|reading time\b.*|(?:twitter|x|facebook|instagram|linkedin|mastodon|bluesky|whatsapp|rss)(?:\b.*)?|(?:@\w.*)"
    r"|(?:gisteren|eergisteren|vandaag|zojuist|van(?:morgen|ochtend|middag|avond|nacht)|yesterday|today|just now|gestern|heute|hier|aujourd.hui|ayer|hoy)\b.*"
    r"|(?:(?:ongeveer|about|vor|il y a|hace|over)\s+)?(?:\d+|een|one|an?)\s+(?:se[ck]|min|uur|uren|dag|we[ek]|maand|jaar|ja(?:hr|ren)|hour|day|month|year|stunde|tag|heure|jour|hora|d[ií]a)\w*(?:\s+(?:geleden|ago))?.*"
    r"|(?:laatst )?(?:bijgewerkt|gewijzigd|gepubliceerd|geplaatst|updated|published|posted|aktualisiert|veröffentlicht|publié|actualizado|mis à jour)\b.*"
    r"|(?:ma|di|wo|do|vr|za|zo)[\s,.]+\d.*|(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b[\s,]*(?:\d.*)?|(?:op|on|am|le|el)\s++\S*\s*\d.*|\d{1,2}[-./ ]\S.*)$",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"^(?P<name>.+?)(?<!\s)\s+(?:voor|for|für|pour|para)\s+(?P<house>(?:(?:de|het|the|die|das|la|le|el)\s)?[A-ZÀ-Þ0-9].{1,60})$"
)
# "onze redacteur Jan Smit": what stands before the name is no part of it.
TITLE = (
    rf"(?:(?:van\s+)?(?:onze|de|our|the|unser(?:em|er|e)?|notre|nuestr[oa])\s+)?(?:\w+\s)?{_ROLES}\s+"
    rf"(?-i:(?!(?:{_PARTICLE}|bij)\b)[a-zé]{{3,20}}\s+)?(?:in\s[\w-]+\s+)?(?-i:(?=[A-ZÀ-Þ]|(?:van|von|de|ten|ter)\s))"
)
_TITLE = re.compile(rf"^{TITLE}", re.IGNORECASE)
OUR_ROLE = rf"(?:van|from|von|de)\s+(?:onze|our|unser(?:em|er)?|notre)\s+(?:\w+\s+)?{_ROLES}"
_ROLE = re.compile(
    r"\b(?:(?:hoofd|eind|web|chef|beeld|adjunct|politiek)[- ]?){0,3}(?:redact(?:eur|rice|ie)|verslag(?:gever|geefster)|correspondent|columnist|journalist|fotograaf|medewerker|auteur"
    r"|editor|reporter|writer|contributor|photographer|producer)e?s?$",
    re.IGNORECASE,
)
# "RTV OOST", "ANP", "USA TODAY": a house, where the name before it is not in capitals too.
_HOUSE = re.compile(r"^[A-Z][A-Z0-9.&]*(?:\s[A-Z0-9.&]+)*$")
_DEGREES = re.compile(r"^(?:(?:prof|drs?|mr|ds|ir|ing|em|past|dhr|mw|mevr)\.\s?){1,4}")
_AND = re.compile(r"^(?:en|and|und|et|y|&)\s+", re.IGNORECASE)
# A dash before a particle joins the names of a couple.
_DASH = re.compile(r"(?<!\s)\s+[–—-]\s+(?!(?:van|von|de|den|der|ten|ter|te|'t)\s)")
_COUPLE = re.compile(r"(?<!\s)\s+[–—-]\s+(?=(?:van|von|de|den|der|ten|ter|te|'t)\s)")
_NO_ROLE = re.compile(
    r"^\W*(?:\d+\s)?(?:reacties?|comments?|reageer|delen?|share)\W*$", re.IGNORECASE
)
_AT = re.compile(r"^(?P<role>.{2,60}?)\s+(?:bij|van|@|at)\s+(?P<organisation>[A-Z0-9].{1,60})$")
_SPLIT = re.compile(r"(?<!\s)\s+(?:en|and|und|et|y|&)\s+|(?:(?<!\s)\s+)?[,;/]\s*(?=[A-ZÀ-Þ])")
_NO_NAME = re.compile(
    r"^(?:gast|onze .*|en|of|and|und|nieuws|news|(?-i:maa?|din?|woe?|don?|vrij?|zat?|zon?)\.?|(?:maan|dins|woens|donder|vrij|zater|zon)dag|auteur|author|home|contact|(?:rezept |recipe |recept )?(?:by|von|door|van|par|por|on|am|op|in|vom|at)|lees meer|reacties?|\d+|door|share|volg|meer .*|alle .*|bekijk .*|toon .*|view .*|see all .*|van (?:een|onze|one) .*|posts by.*|berichten van.*|https?:.*|.*@.*)$",
    re.IGNORECASE,
)
_HAS_LETTER = re.compile(r"[^\W\d_]{2}")


_WEAK = re.compile(
    r"(?:wordpress|site|web)?admin(?:istrator)?|(?:de |onze |der |die |la )?(?:\w+ )?(?:redactie|redaktion|rédaction|redacción|editorial|staff|team)|editors?|webmaster|redact\w+|gast",
    re.IGNORECASE,
)  # fmt: skip


def is_weak_name(name: str) -> bool:
    """Tell whether *name* is that of a post rather than of a person: "Redactie", "admin"."""
    return bool(_WEAK.fullmatch(name.strip()))


def key_of_name(name: str) -> str:
    """Return the letters and digits of *name*, to compare names of sites with names of authors."""
    return "".join(sign for sign in name.lower() if sign.isalnum())


def is_name(name: str) -> bool:
    """Tell whether *name* can be that of somebody."""
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


def is_person(name: str) -> bool:
    """Tell whether *name* is set as a person's, and none of a place or of a button."""
    if FULL_NAME.fullmatch(name) is None or _OPENS_A_PLACE.match(name):
        return False
    return not _GOES_ON_AS_A_PLACE.search(name) and not _NOBODY.search(name)


def is_set_as_name(name: str) -> bool:
    """Tell whether each word of *name* has a capital, is a degree before them, or a particle between
    two that have one.
    """
    bare = _DEGREES.sub("", name)
    return bool(FULL_NAME.fullmatch(_COUPLE.sub(" ", bare))) or (
        " " not in bare and bare[:1].isupper()
    )


def without_labels(line: str) -> str:
    """Return *line* without "Door", "onze redacteur" before a name and without "E-mail de auteur",
    "Meer van deze auteur" or a date after it.
    """
    head = _BY.sub("", " ".join(line.split())).strip(" ,:|•·–—-")
    return _TITLE.sub("", _AFTER.sub("", _TITLE.sub("", head))).strip(" ,:|•·–—-")


def signed(line: str) -> list[Author]:
    """Return the authors whom a line names, as "Jan Smit, verslaggever", "Jan Smit en Piet de
    Boer", "Els Bos, ANP", "ANP/Els Bos" or "Els Bos voor Dorpsblad".
    """
    head, *rest = _DASH.split(without_labels(line), maxsplit=1)
    made_for = _FOR.match(head)
    if made_for:
        head, rest = made_for["name"], [made_for["house"], *rest]
    names, beside = _parted(head)
    authors = [Author(name=name) for name in map(without_labels, names) if is_name(name)]
    stated = [*beside, *rest]
    if not stated or not authors:
        return authors
    is_house = made_for or (_HOUSE.match(stated[0]) and not authors[-1].name.isupper())
    role, organisation = (None, stated[0]) if is_house else role_lines(stated[:2])
    return [*authors[:-1], replace(authors[-1], role=role, organisation=organisation)]


def _parted(head: str) -> tuple[list[str], list[str]]:
    """Return the names in a line, and what is behind them: role or house. "Jan en Piet de Boer"
    may be one name.
    """
    head = _without_place(head)
    parts, beside = _pieces(head), list[str]()
    while len(parts) > 1 and _is_beside(parts[-1], parts[0]):
        beside.insert(0, parts.pop())
    if len(parts) > 1 and all(" " in part for part in parts):
        return parts, beside
    if len(parts) > 1 and _HOUSE.match(parts[0]) and " " in parts[1]:
        return parts[1:], [parts[0], *beside]  # the house comes first: "ANP/Jan Smit"
    name, _, after = (part.strip() for part in head.partition(","))
    if after and " " in name:
        return [name], [part.strip() for part in after.split(",")]
    return ([head], []) if len(parts) != 1 else (parts, beside)


def _pieces(head: str) -> list[str]:
    """Return the parts of a line, between its commas and its words for "and"."""
    return [part for part in (_AND.sub("", part).strip() for part in _SPLIT.split(head)) if part]


def _without_place(head: str) -> str:
    """Return a line without the place or the house that it ends with behind a comma, which is no
    second name: "Jan Smit, Den Haag", "Els Bos, De Vechtbode".
    """
    names, _, last = head.rpartition(", ")
    is_place = " " in names and _OPENS_A_PLACE.match(last) and len(_pieces(last)) == 1
    return _without_place(names) if is_place else head


def _is_beside(part: str, name: str) -> bool:
    """Tell whether *part* of a line is the role or the house of who is named before it."""
    return bool(_ROLE.search(part) or (_HOUSE.match(part) and not name.isupper()))


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
