"""What a site writes over a page that is not there: words of such notices, and no other word."""

import re

_WORD = re.compile(r"[^\W_]+")
_PAGE = frozenset(
    "pagina webpagina page artikel article bericht nieuwsbericht document url adres".split()
)
_DENIED = frozenset("niet not cannot verwijderd verplaatst verdwenen removed moved deleted".split())
_EXCUSE = frozenset("oeps oops helaas".split())
_AROUND = frozenset(
    (
        "sorry fout foutmelding error http geen no de deze die dit dat het een er iets ging gaat mis op naar je u we wij the this that you we"
        " is zijn werd kan kon kunnen konden kunt worden wordt bestaat bestaan meer langer vinden gevonden"
        " zoekt zocht zoek opgevraagde gevraagde opzoekt beschikbaar zo te"
        " was be could can t been found find does exist exists longer available are looking for requested"
    ).split()
)
_CODE = "404"
_NOT_FOUND = ({"niet", "gevonden"}, {"not", "found"})


def _words(headline: str) -> frozenset[str]:
    """Return the words of *headline*; none where it has others than a notice has."""
    words = frozenset(_WORD.findall(headline.lower()))
    return words if words <= _PAGE | _DENIED | _EXCUSE | _AROUND | {_CODE} else frozenset()


def says_missing(headline: str) -> bool:
    """Return whether *headline* says that a page is not there: "Deze pagina bestaat niet"."""
    words = _words(headline)
    return _CODE in words or not (words.isdisjoint(_PAGE) or words.isdisjoint(_DENIED))


def may_say_missing(headline: str) -> bool:
    """Return whether *headline* may be that of a page that is not there, or of a text: "Helaas",
    "Niet gevonden".
    """
    words = _words(headline)
    return not words.isdisjoint(_EXCUSE) or any(map(words.issuperset, _NOT_FOUND))
