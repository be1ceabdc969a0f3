"""What the headline of a page says of its kind: that it is a list, or that it is not there."""

import re

# A list is named by its label alone, with a mark after it, or with a word or two: a sentence that
# begins so is news.
_LIST = re.compile(
    r"^(?:categorie(?: archieven)?|category(?: archives)?|tag(?: archieven| archives)?"
    r"|(?:maand|dag|jaar)?archie(?:f|ven)|archives?|auteur|author|label|onderwerp"
    r"|zoekresultaten(?: voor)?|search results(?: for)?|berichten (?:van|door|met|in)"
    r"|(?:de )?(?:laatste|recente|nieuwste|latest|recent|newest)"
    r" (?:reacties|comments|opmerkingen|berichten|posts))"
    r"(?:\s*[:‘“'\"(]|(?:\s+\S+){0,2}\s*$)",
    re.IGNORECASE,
)
# A notice that a page is not there is made of these words, and of no other. It speaks of a page and
# denies it, or makes an excuse, which may be the name of a text as well.
_WORD = re.compile(r"[^\W_]+")
_PAGE = frozenset(
    "pagina webpagina page artikel article bericht nieuwsbericht document url adres".split()
)
_DENIED = frozenset("niet not cannot verwijderd verplaatst verdwenen removed moved deleted".split())
_EXCUSE = frozenset("oeps oops helaas".split())
_AROUND = frozenset(
    (
        "sorry fout foutmelding error http de deze die dit dat het een er geen no the this that"
        " iets ging gaat mis op naar zo te je u we wij you is zijn was werd be been"
        " kan kon kunnen konden kunt worden wordt could can t do does"
        " bestaat bestaan meer langer vinden gevonden zoekt zocht zoek beschikbaar"
        " opgevraagde gevraagde requested find found exist exists longer available"
        " are looking for"
    ).split()
)
_CODE = "404"
_NOT_FOUND = ({"niet", "gevonden"}, {"not", "found"})


def names_list(headline: str) -> bool:
    """Return whether *headline* is that of a list: "Categorie: sport", "Archief 2004"."""
    return bool(_LIST.match(headline.strip()))


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
