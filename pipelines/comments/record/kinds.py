"""What the words in an element's names promise, by kind: evidence whose weight is fitted (see
rules/score.py), never a verdict.
"""

import re
from functools import lru_cache

KINDS: dict[str, str] = {
    "author": "author auteur autor user username usr name naam nom nick nickname poster fn vcard by byline from commenter commentator creator screenname persona profile member who cite",
    "date": "date datum time tijd ago when published timestamp postdate fecha zeit dt created datetime meta commentmetadata posted submitted info geplaatst permalink",
    "text": "content body text tekst postbody description bericht inner bbwrapper copy txt commenttext commentbody message msg entry contents said",
    "reply": "reply antwoord beantwoord respond reageer quote cite action actions tools button report vote votes like likes share edit link links permalink karma rating score thumb",
    "record": "comment reactie reaction response answer opmerking bericht post message msg reply kommentar commentaire comentario commento item",
    "review": "review product beoordeling rating testimonial event agenda vacature job faq recipe ingredient download attachment timeline liveblog",
    "list": "comments commentlist reacties reactions discussion discussie thread replies responses kommentare commentaires comentarios respuestas opmerkingen topic posts berichten commentarea usercomments forum viewtopic guestbook gastenboek",
    "aside": "widget sidebar recent related latest laatste teaser footer nav menu header popular archive archives blogroll tag tags category carousel breadcrumb trending gerelateerd pagination toc newsletter gallery slide promo portfolio team",
}
FLAGS = {kind: 1 << number for number, kind in enumerate(KINDS)}
_STEMS = (
    ("comment", "record"),
    ("reacti", "record"),
    ("auth", "author"),
    ("user", "author"),
    ("date", "date"),
    ("time", "date"),
    ("text", "text"),
    ("body", "text"),
    ("content", "text"),
)
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_OF_WORD: dict[str, int] = {}
for _kind, _words in KINDS.items():
    for _word in _words.split():
        _OF_WORD[_word] = _OF_WORD.get(_word, 0) | FLAGS[_kind]


@lru_cache(maxsize=1024)
def kinds_in(name: str) -> int:
    """Return the flags of the kinds that the words of a class token or an id speak of."""
    flags = 0
    low = name.lower()
    for part in (*(part.lower() for part in _PARTS.findall(name)), low):
        flags |= _OF_WORD.get(part, 0)
        if part.endswith(("s", "n")):
            flags |= _OF_WORD.get(part[:-1], 0)
    if flags:
        return flags
    return sum({FLAGS[kind] for stem, kind in _STEMS if stem in low})
