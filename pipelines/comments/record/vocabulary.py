"""The words that are around a comment's own: labels of buttons, "zegt:", marks of guests, notes
of edits and removals.
"""

import re
from functools import lru_cache

LONGEST_NAME = 80
LONGEST_MARK = 24

COMMENT_NOUN = (
    r"(?:lezers-?|gebruikers-?)?(?:reacties?|comments?|opmerkingen?|opmerking|antwoord(?:en)?|berichten|bericht|bijdragen?|responses?|repl(?:y|ies)|gedachten?|thoughts?|kommentare?|kommentar|commentaires?|comentarios?|commenti|"
    r"antworten|réponses?|reactions?|posts|mening(?:en)?|inzending(?:en)?)"
)
_REPORT = r"(?:rapporteer(?:en)?|report|meld(?:en)?|flag|markeer)(?: (?:deze?|dit|this|the|als|as|aan|een|misbruik|ongepaste?|ongewenste?|reactie|bericht|comment|post|redactie|abuse|spam|inappropriate|moderator))*"
_LABEL_WORDS = (
    r"beantwoord(?:en)?(?: (?:deze reactie|dit bericht|@?\w+))?|reageer(?: op (?:dit|deze) (?:bericht|reactie))?|reageren|antwoord(?:en)?|reactie|reply(?: to (?:this comment|\w+))?|replies|respond|"
    r"citeer(?:en)?|cite|quote|multiquote|\+ quote|zitieren|citer|citar|antworten|répondre|responder|rispondi|svara|svar|"
    rf"{_REPORT}|(?:ongepast|misbruik)(?: melden)?|flag|melden|signaler|denunciar|"
    r"permalink|permanente link|link(?: naar (?:dit bericht|deze reactie))?|share|deel(?: (?:dit|deze reactie))?|delen|teilen|edit|\(?bewerk(?:en|t)?\)?|wijzig(?:en)?|delete|verwijder(?:en)?|modifier|bearbeiten|"
    r"like|likes|vind ik leuk|leuk|unlike|thanks|thank|eens|oneens|duim omhoog|duim omlaag|upvote|downvote|thumbs? up|thumbs? down|up|down|stem(?: omhoog| omlaag)?|gefällt mir|j'aime|me gusta|"
    r"says|zegt|schreef|op|om|at|on|by|door|log in(?: to reply)?|log in om te (?:reageren|antwoorden)|login|inloggen|aanmelden|beantwoorden annuleren|reageren uitgeschakeld|"
    r"show more|read more|lees meer|lees verder|meer lezen|toon meer|inklappen|uitklappen|verberg|hide|top|omhoog|naar boven|back to top|find|profile|profiel|pm|e-?mail|www|url|website|private message|send private message|"
    r"gelogd|logged|ip gelogd|ip logged|gast|guest|auteur|author|staff|redactie|moderator|admin|new|nieuw|naam|name|datum|date|bericht|message|commentaar|tekst|onderwerp|subject|geplaatst|gepost|posted|post(?: reply)?|solution|op"
)
_LABEL = re.compile(
    rf"^(?:(?:{_LABEL_WORDS}|#?\d++|[+-]\d++|\(\d++\)|[·•|/,»«›‹↩↪↑↓→←▲▼]|[+–—-](?!\d))[\s:.|•·()»\[\]]*+)+$",
    re.IGNORECASE,
)
# Possessive: what is a number or a bar is so once, however many are in a row.
_BUTTON = re.compile(
    rf"^\W*+(?:(?:beantwoord(?:en)?|reageer|reageren|reacties|replies|antwoorden|reply|respond|citeer(?:en)?|quote|zitieren|antworten|répondre|responder|permalink|{_REPORT}|log in to reply|log in om te (?:reageren|antwoorden)|bewerken|edit|delete|vind ik leuk|like|gelogd|logged|\(edit\)|#\d++)[\s:.|•·/»-]*+)+$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?<![\s,])[\s,]*\b(?:zegt|schreef|schrijft|reageerde|reageert|zei|plaatste|antwoordde|says|said|wrote|writes|commented|replied|sagt|sagte|schrieb|schreibt|meint|dijo|dice|escribió|disse|ha detto|a dit|dit|écrit|a écrit|säger|skrev)\b(?:\s+(?:op|on|om|at|am|het volgende|das folgende|this)\b.*|\s*\d.*)?(?:\s*[:….]+)?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = r"(?:\s+#?\d{1,5})?"
_BY = re.compile(
    rf"^\s*(?:(?:geplaatst|geschreven|ingezonden|ingediend|gepost|geschrieben|reactie|antwoord|opmerking|bericht|commentaar|posted|written|submitted|post|comment|reply|naam|name|auteur|author|door|by|from|von|van|par){_NUMBER}(?:\s*(?:door|van|by|from|von|par))?\s*:\s*"
    rf"|(?:(?:geplaatst|geschreven|ingezonden|ingediend|gepost|geschrieben|verfasst|reactie|antwoord|opmerking|bericht|commentaar|posted|written|submitted|post|comment|reply|publié|posté|écrit|enviado|publicado){_NUMBER}\s+)?(?:door|van|by|from|von|par|por|da)\s+)",
    re.IGNORECASE,
)
_NO_VAN = re.compile(r"^\s*(?:van|von|da)\s", re.IGNORECASE)
_ROLES = frozenset(
    "redactie gast guest admin moderator anoniem anonymous auteur author staff".split()
)
_ADDRESS_FIRST = re.compile(r"^https?://\S+\s+(?=\S)")
_MARK = r"gast|guest|gäst|invité|bezoeker|anoniem|niet (?:gecontroleerd|geverifieerd|gecontroleerde gebruiker|ingelogd|geregistreerd)|not verified|nicht überprüft|non vérifié|unregistered|auteur|author|redactie|admin|beheerder|moderator|mod|staff|gast ?auteur|lid|member|abonnee|\d{1,6}"
_GUEST = re.compile(
    rf"(?:(?:(?<!\s)\s+)?[\[(](?:{_MARK})[\])]|(?<!\s)(?:\s+[-–—|•·]|,)\s*(?:{_MARK}))\s*$",
    re.IGNORECASE,
)
_FLOOR = re.compile(
    r"^(?:[(\[]\d{1,5}[)\]]|(?:#|nr\.?|nummer)\s?\d{1,5}(?:[.:)]|\s[|·•/–—-])?|\d{1,5}[.):]?)\s+(?=[^\W\d])",
    re.IGNORECASE,
)
_ON = re.compile(r"(?<!\s)\s+(?:op|on|om|am|le|el|at)\s*$", re.IGNORECASE)
_WITHHELD = re.compile(
    r"^\W*(?:(?:deze|dit|this|the|dieser|ce)\s+)?(?:(?:reactie|commentaar|opmerking|antwoord|bericht|comment|reply|response|post|bijdrage|message|kommentar|beitrag|commentaire|comentario)\s+)?(?:(?:is|werd|was|has been|wurde|a été)\s+)?(?:(?:door|by|von|par|wegens)\s+(?:\S+\s+){1,4})?"
    r"(?:verwijderd|weggehaald|gemodereerd|geweigerd|removed|deleted|verborgen|gelöscht|entfernt|supprimé|\[(?:removed|deleted)\])(?!\s+(?:de|het|een|dit|dat|die|deze|the|a|my|this|that|these|those|mijn|je|jouw|uw)\b).{0,80}$"
    r"|^\W*\[(?:knip|modbreak|verwijderd|removed|deleted)\]\W*$"
    r"|^\W*(?:deze|this)\s+(?:reactie|comment)\s+(?:voldoet niet|wacht op|is awaiting|schendt|violates)\b.{0,100}$",
    re.IGNORECASE | re.DOTALL,
)
PENDING = re.compile(
    r"wacht op (?:goedkeuring|moderatie|beoordeling)|awaiting (?:moderation|approval)|in afwachting van moderatie",
    re.IGNORECASE,
)
_EDITED = (
    r"(?:(?:laatst(?:e)?|last|zuletzt)\s+|voor \d+% )?(?:\w+ )?(?:gewijzigd|bewerkt|aangepast|edited|modified|updated|bearbeitet|geändert|bewerking|wijziging)"
    r"(?:\s+(?:op|door|by|on|at|om|von|am)\b|\s*[:\d]|\s+[^\W\d]{3,9}\.?\s+\d{1,2}\b)"
)
# Tweakers writes "[Reactie gewijzigd door ...]" into the words themselves, so there it stays.
EDIT_NOTE = re.compile(
    rf"^(?!\W*\[(?:reactie |voor \d))\W*{_EDITED}.{{0,140}}$"
    r"|^\W*(?:dit bericht|this post|this message|deze reactie)\s+(?:is|was|has been|werd)\s+(?:\w+ )?(?:gewijzigd|bewerkt|edited|modified|aangepast)\b.{0,160}$",
    re.IGNORECASE | re.DOTALL,
)
EDIT_NOTE_AT_END = re.compile(
    rf"(?:(?<!\s)\s+)?[\[(](?!reactie |voor \d){_EDITED}[^\[\]()]{{0,140}}[\])]\s*$", re.IGNORECASE
)
OTHER_DATE = re.compile(
    r"^\W*(?:joined|join date|member since|registered|registration|registratie(?:datum)?|geregistreerd|lid (?:sinds|geworden)|op \w+ sinds|laatst (?:online|gezien|actief)|last (?:seen|online|visit|edited|active|activity)|laatst (?:bewerkt|gewijzigd|aangepast)|dabei seit|registriert|inscription|inscrit|bewerkt|edited|updated|gewijzigd|modified|this post was)\b",
    re.IGNORECASE,
)
MEMBERSHIP = re.compile(
    r"\b(?:joined|join date|member since|registered|registratie|geregistreerd|lid (?:sinds|geworden)|dabei seit|registriert|inscrit|inscription)\b",
    re.IGNORECASE,
)
_STAFF_MARKS = frozenset(
    "moderator redactie redacteur auteur schrijver author admin administrator beheerder webmaster medewerker staff team editor gastauteur autor modérateur".split()
)
_MARKS = _STAFF_MARKS | frozenset(
    "gast guest gäst invité bezoeker deelnemer participant anoniem unregistered lid member abonnee op topfan nieuw new".split()
)
_AROUND_MARK = " \t\r\n[](){}<>:;,.|•·–—-"
_PINGBACK = re.compile(r"^\W*(?:ping-?back|trackback)s?\b", re.IGNORECASE)


_COUNTED = re.compile(rf"{COMMENT_NOUN}(?:\s*\(?\d+\)?)?", re.IGNORECASE)


@lru_cache(maxsize=1024)
def is_label(text: str) -> bool:
    """Return whether *text* is but a button's: "Beantwoorden", "#12"."""
    return len(text) <= 60 and bool(_LABEL.match(text))


def is_button(text: str) -> bool:
    """Return whether *text* can be nothing but what a reader clicks on."""
    return len(text) <= 60 and bool(_BUTTON.match(text))


def is_mark(text: str) -> bool:
    """Return whether *text* is but what a site writes beside a name: "Gast", "Moderator"."""
    return len(text) <= LONGEST_MARK and _bare(text) in _MARKS


@lru_cache(maxsize=1024)
def is_staff_mark(text: str) -> bool:
    """Return whether *text* is but a mark of the site's own people, or of the article's author."""
    return len(text) <= LONGEST_MARK and _bare(text) in _STAFF_MARKS


def _bare(text: str) -> str:
    return text.strip(_AROUND_MARK).casefold().removeprefix("de ")


def has_staff_mark(name: str) -> bool:
    """Return whether a name is followed by such a mark: "Ria [moderator]"."""
    ending = _GUEST.search(" ".join(name.split()))
    return ending is not None and is_staff_mark(ending[0])


def is_introduction(text: str) -> bool:
    """Return whether *text* is what is between a name and the words: "zegt:", "schreef op"."""
    return bool(_SAYS.match(text))


def is_withheld(text: str) -> bool:
    """Return whether *text* is where a comment was: "Deze reactie is verwijderd door de
    redactie".
    """
    return len(text) <= 200 and bool(_WITHHELD.match(text))


def is_pingback(text: str) -> bool:
    """Return whether *text* begins as a pingback does, or ends in a line that calls it one."""
    last = text.rstrip().rpartition("\n")[2]
    is_label = len(last) <= LONGEST_MARK and bool(_PINGBACK.match(last))
    return is_label or bool(_PINGBACK.match(text[:40]))


def name_by(text: str) -> str | None:
    """Return the name that words such as "Geplaatst door" or "schreef" make one in *text*, None
    where there are no such words.
    """
    line = " ".join(text.split())
    by = _BY.match(line)
    is_stated = (by is not None and not _NO_VAN.match(by[0])) or bool(_SAYS.search(line))
    return name_in(line) if is_stated else None


@lru_cache(maxsize=1024)
def name_in(text: str) -> str | None:
    """Return the name that *text* holds, without "zegt:", "Geplaatst door" and the mark of a guest;
    None when it holds none.
    """
    line = " ".join(text.split())
    if not line or len(line) > 3 * LONGEST_NAME:
        return None
    line = _without_words_around(line)
    if "@" in line and " " not in line and "." in line.rpartition("@")[2]:
        line = line.rpartition("@")[0]  # a mail address is nobody's name
    if not line or len(line) > LONGEST_NAME or _COUNTED.fullmatch(line):
        return None  # "3 reacties" are nobody
    return None if is_label(line) and line.casefold() not in _ROLES else line


def _without_words_around(line: str) -> str:
    line = _SAYS.sub("", line)
    by = _BY.match(line)
    if by and not _NO_VAN.match(by[0]):  # "Van Dijk" is a name, "Reactie van Dijk" is not
        line = line[by.end() :]
    line = _GUEST.sub("", _ADDRESS_FIRST.sub("", _FLOOR.sub("", line)))
    return _GUEST.sub("", _ON.sub("", line).strip(" \t:,;|•·–—»«›-↩"))
